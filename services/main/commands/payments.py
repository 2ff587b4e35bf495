"""`quittance payments`: what sources reported and no rule placed, and what a person says of it."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.console import Console
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.case.application.payments import Placed
    from services.case.wiring import CaseService

app = group("payments", "Payments and returns that sources reported: the pool, and matching by hand.")

ACTOR = "cli"
LIMIT_DEFAULT, LIMIT_MAX = 50, 499
Source = Annotated[
    str | None, typer.Option("--source", metavar="WORD", help="Only what this source reported.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX, help="Rows shown.")]
PaymentId = Annotated[str, typer.Argument(metavar="ID", help="`payment-…`, as the list shows it.")]


@app.callback()
def _payments() -> None:
    """Payments and returns that sources reported."""


@command(
    app,
    "unmatched",
    "quittance payments unmatched",
    "quittance payments unmatched --source ICBC --limit 200 --json",
)
def unmatched(
    source: Source = None, limit: Limit = LIMIT_DEFAULT, store: Store = None, json: Json = False
) -> None:
    """The pool: payments that belong to no case yet, and why, oldest first."""
    from services.case.projections import payments as pool

    session = Session.begin(store=store, as_json=json)

    async def work(case: "CaseService") -> list[dict[str, Any]]:
        rows = await case.projections.ask(
            lambda c: pool.page(c, status=pool.UNMATCHED, source=source, limit=limit + 1), pool.VIEW
        )
        said = await case.payments.entered([row.entry for row in rows])
        return [
            _line(row.entry, row.source, row.left_minor, row.currency, row.value_on, row.reason)
            | {"source_ref": _ref(said.get(row.entry), "source_ref")}
            for row in rows
        ]

    _show(session, session.with_case(work), limit)


@command(
    app,
    "returns",
    "quittance payments returns",
    "quittance payments returns --all --json",
)
def returns(
    all_: Annotated[bool, typer.Option("--all", help="Those too whose payment is known.")] = False,
    source: Source = None,
    limit: Limit = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Returns of banks that wait, because the payment that went back is not known, and why, oldest first."""
    from services.case.projections.bank import returns as view

    session = Session.begin(store=store, as_json=json)

    async def work(case: "CaseService") -> list[dict[str, Any]]:
        status = None if all_ else view.WAITING
        rows = await case.projections.ask(
            lambda c: view.page(c, status=status, source=source, limit=limit + 1), view.VIEW
        )
        said = await case.money_in.returns.entered([row.entry for row in rows])
        return [
            _line(row.entry, row.source, row.amount_minor, row.currency, row.value_on, row.reason)
            | {
                "source_ref": _ref(said.get(row.entry), "source_ref"),
                "status": row.status,
                "code": row.code,
                "payment": row.payment,
            }
            for row in rows
        ]

    _show(session, session.with_case(work), limit)


@command(
    app,
    "match",
    "quittance payments match payment-6f1c0d1e-0000-8000-8000-000000000005 --case D-1001",
    "quittance payments match payment-6f1c0d1e-0000-8000-8000-000000000005 --json",
)
def match(
    payment: PaymentId,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="CASE", help="`case-…`, or the debtor's reference: the newest case."),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Say which case a payment is for; without --case the rule is asked again."""

    async def work(service: "CaseService") -> "Placed":
        case_id = None if case is None else (await service.cases.sheet(case)).case_id
        return await service.money_in.by_hand.match(payment, case_id=case_id, account=None, actor=ACTOR)

    _decided(Session.begin(store=store, as_json=json), work)


@command(
    app,
    "rematch",
    "quittance payments rematch",
    "quittance payments rematch --source ICBC --json",
)
def rematch(source: Source = None, store: Store = None, json: Json = False) -> None:
    """Ask the rule again about all that waits, payments and returns: for instance after a book opened new cases."""
    session = Session.begin(store=store, as_json=json)

    async def work(case: "CaseService") -> dict[str, int]:
        from services.case.domain.bank.returns import OriginalNotFound
        from services.case.domain.entry import NoMatchFound
        from services.case.projections import payments as pool
        from services.case.projections.bank import returns as view

        await case.projections.catch_up()
        told = {"matched": 0, "unmatched": 0, "returned": 0, "waiting": 0}
        for name in await _all(case, partial(pool.page, status=pool.UNMATCHED, source=source)):
            try:
                await case.money_in.by_hand.match(name, case_id=None, account=None, actor=ACTOR)
                told["matched"] += 1
            except NoMatchFound:
                told["unmatched"] += 1
        for name in await _all(case, partial(view.page, status=view.WAITING, source=source)):
            try:
                await case.money_in.by_hand.match_return(name, payment=None, actor=ACTOR)
                told["returned"] += 1
            except OriginalNotFound:
                told["waiting"] += 1
        return told

    told = session.with_case(work)
    if session.console.as_json:
        session.console.answer(told)
    session.console.tell(
        f"{told['matched']:,} payments matched, {told['unmatched']:,} wait; {told['returned']:,} returns matched, "
        f"{told['waiting']:,} wait",
        f"还款：新匹配 {told['matched']:,} 笔，待匹配 {told['unmatched']:,} 笔；退回：新匹配 {told['returned']:,} 笔，"
        f"待匹配 {told['waiting']:,} 笔",
    )


async def _all(case: "CaseService", page: "Callable[..., list[Any]]") -> list[str]:
    """The ids of all rows of a list, as it stands."""
    found: list[str] = []
    after = None
    while rows := await case.ask(partial(page, after=after, limit=LIMIT_MAX)):
        found += [row.entry for row in rows]
        after = rows[-1].cursor
    return found


@command(
    app,
    "unmatch",
    "quittance payments unmatch payment-6f1c0d1e-0000-8000-8000-000000000005 --reason WRONG_DEBTOR",
)
def unmatch(
    payment: PaymentId,
    reason: Annotated[
        str, typer.Option("--reason", metavar="WORD", help="Why the match was wrong: A-Z, 0-9, _.")
    ],
    store: Store = None,
    json: Json = False,
) -> None:
    """A payment was put on the wrong case: the case never had the money, and it may be matched again."""
    word = _word(reason)

    async def work(service: "CaseService") -> "Placed":
        return await service.money_in.by_hand.unmatch(payment, reason=word, actor=ACTOR)

    _decided(Session.begin(store=store, as_json=json), work)


@command(
    app,
    "match-return",
    "quittance payments match-return return-6f1c0d1e-0000-8000-8000-000000000006",
    "quittance payments match-return return-6f1c0d1e-0000-8000-8000-000000000006 "
    "--payment payment-6f1c0d1e-0000-8000-8000-000000000005",
)
def match_return(
    return_: Annotated[str, typer.Argument(metavar="ID", help="`return-…`, as the list shows it.")],
    payment: Annotated[
        str | None, typer.Option("--payment", metavar="ID", help="The payment that went back: `payment-…`.")
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Say which payment went back; without --payment the rule is asked again."""

    async def work(service: "CaseService") -> "Placed":
        return await service.money_in.by_hand.match_return(return_, payment=payment, actor=ACTOR)

    _decided(Session.begin(store=store, as_json=json), work)


def _word(text: str) -> str:
    """A code of ours. Raises WrongUsage."""
    import re

    from services.main.usage import WrongUsage

    if not re.fullmatch("[A-Z][A-Z0-9_]{0,39}", text):
        raise WrongUsage(
            en="--reason takes a code of A-Z, 0-9 and _", zh="--reason 应为由 A-Z、0-9 和 _ 组成的代码"
        )
    return text


def _decided(session: Session, work: Any) -> None:
    """Carry it out and say how the thing stands. Raises Stopped where there is none of that id."""
    from services.case.application.bank.returning import ReturnUnknown
    from services.case.application.payments import EntryUnknown

    try:
        placed = session.with_case(work)
    except (EntryUnknown, ReturnUnknown):
        raise Stopped(
            en="there is no payment or return of that id; `quittance payments unmatched` lists them",
            zh="没有该编号的还款或退回；可用 `quittance payments unmatched` 查看",
        ) from None
    said = placed.refs
    if session.console.as_json:
        session.console.answer({name: said.get(name) for name in ("id", "status", "reason", "payment")})
        return
    words = {"matched": "已匹配", "unmatched": "待匹配", "waiting": "待匹配", "returned": "已退回"}
    session.console.tell(f"{said['id']}: {said['status']}", f"{said['id']}：{words[said['status']]}")


def _line(
    name: str, source: str, minor: int, currency: str, on: object, reason: str | None
) -> dict[str, Any]:
    from shared.kernel import money
    from shared.kernel.money import Money

    amount = money.to_json(Money(minor, currency))
    return {"id": name, "source": source, "amount": amount, "value_on": str(on), "reason": reason}


def _ref(said: object, name: str) -> str | None:
    """A reference; None where there is none, or it was erased."""
    value = getattr(said, name, None)
    return value if isinstance(value, str) else None


def _show(session: Session, lines: list[dict[str, Any]], limit: int) -> None:
    console: Console = session.console
    if len(lines) > limit:
        console.note(
            f"there are more than {limit}; --limit shows up to {LIMIT_MAX}",
            f"超过 {limit} 条；可用 --limit 显示至多 {LIMIT_MAX} 条",
        )
    if console.as_json:
        console.answer(lines[:limit])
    elif not lines:
        console.tell("nothing to show", "没有符合条件的记录")
    else:
        rows = [
            (
                one["id"],
                one["source"],
                one["source_ref"] or "–",
                f"{one['amount']['amount']} {one['amount']['currency']}",
                one["value_on"],
                one["reason"] or one.get("payment") or "–",
            )
            for one in lines[:limit]
        ]
        console.table(["id", "source", "source_ref", "amount", "value_on", "reason"], rows, right=(3,))
