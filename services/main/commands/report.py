"""`quittance report`: buckets, roll rates and cases, from views that are brought up to the head first."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from services.main.arguments import day, moment
from services.main.console import Console
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from services.case.wiring import CaseService
    from shared.eventstore.projection.view import View

T = TypeVar("T")
_SUMS = {
    "arrears": ("in arrears", "拖欠"),
    "received": ("received", "收到还款"),
    "returned": ("bounced", "退回"),
    "refunded": ("refunded", "退款"),
    "cleared": ("cleared", "净到账"),
    "charged": ("charged", "计收费用"),
    "waived": ("waived", "减免"),
    "adjusted": ("adjusted by disputes", "异议调整"),
    "written_off": ("written off", "放弃债权"),
}
KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", metavar="T", help="What we knew then: a date or a time. All unless given."),
]
app = group("report", "What the portfolio looks like. Views are brought up to date before they answer.")


@command(
    app,
    "buckets",
    "quittance report buckets --as-of 2005-09-30",
    "quittance report buckets --as-of 2005-09-30 --json",
    "quittance report buckets --as-of 2005-09-30 --known-at 2026-11-22T09:00:00+08:00",
)
def buckets(
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="A month end, YYYY-MM-DD.")],
    known_at: KnownAt = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Accounts and balances by bucket: every account at its latest statement not after the date.

    With --known-at statements and corrections that were recorded later do not count.
    """
    from services.case.projections import account_months

    session, on = Session.begin(store=store, as_json=json), day(as_of, option="--as-of")

    found = _asked(
        session,
        lambda connection, known: account_months.buckets(connection, as_of=on, known_at=known),
        account_months.VIEW,
        known_at,
    )
    rows, console = [row.as_json() for row in found], session.console
    if json:
        console.answer(rows)
    elif not rows:
        _nothing(console)
    else:
        headings = console.pick("bucket accounts balance currency", "档位 户数 余额 币种").split()
        table = [(row["bucket"], f"{row['accounts']:,}", row["balance"], row["currency"]) for row in rows]
        console.table(headings, table, right=(1, 2))
        console.tell(
            f"next: quittance report roll-rates --from DATE --to {on}",
            f"下一步：quittance report roll-rates --from 日期 --to {on}",
        )


@command(
    app,
    "roll-rates",
    "quittance report roll-rates --from 2005-08-31 --to 2005-09-30",
    "quittance report roll-rates --from 2005-08-31 --to 2005-09-30 --json",
)
def roll_rates(
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="The earlier month end.")],
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="The later month end.")],
    known_at: KnownAt = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """How accounts rolled from bucket to bucket between two dates, with the balance at the first.

    With --known-at statements and corrections that were recorded later do not count.
    """
    from services.case.projections import account_months

    session = Session.begin(store=store, as_json=json)
    first, last = day(from_, option="--from"), day(to, option="--to")
    if last < first:
        raise WrongUsage(en="--to must not be before --from", zh="--to 不能早于 --from")

    found = _asked(
        session,
        lambda connection, known: account_months.roll_rates(connection, from_=first, to=last, known_at=known),
        account_months.VIEW,
        known_at,
    )
    rows, console = [row.as_json() for row in found], session.console
    if json:
        console.answer(rows)
    elif not rows:
        _nothing(console)
    else:
        _roll_table(console, rows)


def _roll_table(console: Console, rows: list[dict[str, Any]]) -> None:
    """The pairs, and which share of its bucket each pair is."""
    total: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row["from"], row["currency"])
        total[key] = total.get(key, 0) + row["accounts"]
    headings = console.pick(
        "from to accounts share balance currency", "原档位 现档位 户数 占比 期初余额 币种"
    ).split()
    table = [
        (
            row["from"],
            row["to"],
            f"{row['accounts']:,}",
            f"{100 * row['accounts'] / total[row['from'], row['currency']]:.1f} %",
            row["balance"],
            row["currency"],
        )
        for row in rows
    ]
    console.table(headings, table, right=(2, 3, 4))


@command(
    app,
    "money",
    "quittance report money --as-of 2005-09-30",
    "quittance report money --as-of 2005-09-30 --known-at 2026-11-22T09:00:00+08:00 --json",
    "quittance report money --as-of 2005-09-30 --case TWC-000059",
)
def money(
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day asked about, to its end.")],
    known_at: KnownAt = None,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="ID", help="A case id or a reference; all cases unless given."),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """What came in, went back, was charged, waived or written off, and what is in arrears, by currency.

    Sums over the facts of all cases that were effective by the day and, with --known-at, recorded by then: an earlier
    answer never changes. Of a reference the newest case is meant.
    """
    from services.case.projections import balances

    session, on = Session.begin(store=store, as_json=json), day(as_of, option="--as-of")
    case_id = None if case is None else session.with_case(lambda it: _case_of(it, case), views=False)
    found = _asked(
        session,
        lambda connection, known: balances.totals(connection, as_of=on, known_at=known, case_id=case_id),
        balances.VIEW,
        known_at,
    )
    rows, console = [row.as_json() for row in found], session.console
    if json:
        console.answer(rows)
    elif not rows:
        console.tell("nothing was known of any case by then", "截至当时尚无任何案件记录")
    else:
        headings = console.pick("sum amount currency", "项目 金额 币种").split()
        table = [
            (console.pick(*_SUMS[name]), row[name], row["currency"])
            for row in rows
            for name in balances.SHOWN
        ]
        console.table(headings, table, right=(1,))


async def _case_of(case: "CaseService", name: str) -> str:
    return (await case.cases.sheet(name)).case_id


@command(app, "cases", "quittance report cases", "quittance report cases --json")
def cases(store: Store = None, json: Json = False) -> None:
    """How many cases are open and closed, by stage and by reason."""
    from services.case.projections import case_list

    session = Session.begin(store=store, as_json=json)

    counts, console = (
        _asked(session, lambda connection, _known: case_list.counts(connection), case_list.VIEW),
        session.console,
    )
    if json:
        console.answer(
            {
                "open": counts.open,
                "closed": counts.closed,
                "by_reason": counts.by_reason,
                "by_stage": counts.by_stage,
            }
        )
        return
    opened, closed = console.pick("open", "未结"), console.pick("closed", "已结")
    rows = [(opened, stage, f"{n:,}") for stage, n in counts.by_stage.items()]
    rows += [(closed, reason, f"{n:,}") for reason, n in counts.by_reason.items()]
    console.table(console.pick("cases by number", "案件 分类 数量").split(), rows, right=(2,))
    console.tell(
        f"{counts.open:,} open, {counts.closed:,} closed. next: quittance queue list",
        f"未结 {counts.open:,}，已结 {counts.closed:,}。下一步：quittance queue list",
    )


def _asked(
    session: Session,
    question: "Callable[[Connection, datetime | None], T]",
    view: "View",
    known_at: str | None = None,
) -> T:
    """The view's answer, up to the head; says on standard error if it had to leave streams out."""

    async def work(case: "CaseService") -> tuple[T, int]:
        known = moment(known_at, option="--known-at", zone=case.zone)
        found = await case.projections.ask(lambda connection: question(connection, known), view)
        return found, len(await case.projections.parked(view))

    answer, parked = session.with_case(work)
    if parked:
        session.console.note(
            f"not complete: {parked} streams could not be applied; see `quittance parked ls`",
            f"结果不完整：有 {parked} 条流无法处理；请查看 `quittance parked ls`",
        )
    return answer


def _nothing(console: Console) -> None:
    console.tell("no account had been reported by then", "截至该日尚无账户报送")
