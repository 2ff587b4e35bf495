"""`quittance book`: what is pending over all cases, and what became of it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from services.main.arguments import day, moment
from services.main.console import Console
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from datetime import date, datetime

    import sqlalchemy as sa

    from services.case.projections.promise_book import PromiseRow
    from services.case.wiring import CaseService
    from shared.eventstore.projection.view import View

    Question = Callable[[sa.Connection, int, date], list[Any]]

app = group(
    "book", "Books over all cases: promises, plans, approvals, complaints, disputes, placements, referrals."
)

T = TypeVar("T")
LIMIT_DEFAULT, LIMIT_MAX = 50, 499
Status = Annotated[
    str | None, typer.Option("--status", metavar="WORD", help="Only those that stand like this.")
]
DueFrom = Annotated[str | None, typer.Option("--due-from", metavar="DATE", help="Due on this day or later.")]
DueUntil = Annotated[str | None, typer.Option("--due-until", metavar="DATE", help="Due before this day.")]
OfCase = Annotated[str | None, typer.Option("--case", metavar="ID", help="Only those of one case.")]
Overdue = Annotated[
    bool, typer.Option("--overdue", help="Only those whose day has passed without an answer.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX, help="Rows shown.")]


def _one_of(option: str, word: str | None, allowed: Sequence[str]) -> str | None:
    """The word in capitals. Raises WrongUsage unless it is one of these."""
    if word is None or word.upper() in allowed:
        return word.upper() if word else None
    raise WrongUsage(
        en=f"{option} takes one of {', '.join(allowed)}", zh=f"{option} 可取：{'、'.join(allowed)}"
    )


def _day(text: str | None, option: str) -> "date | None":
    return None if text is None else day(text, option=option)


def _ask(session: Session, view: "View", question: "Question", limit: int) -> "tuple[list[Any], date]":
    """The rows, one more than shown where there are more, and the tenant's today."""

    async def work(case: "CaseService") -> "tuple[list[Any], date]":
        today = case.decisions.today
        rows = await case.projections.ask(lambda connection: question(connection, limit + 1, today), view)
        return rows, today

    return session.with_case(work)


def _show(
    console: Console,
    shown: list[dict[str, Any]],
    limit: int,
    *,
    headings: str,
    row: Callable[[dict[str, Any]], Sequence[Any]],
) -> None:
    """The document, or a table for a person."""
    more = len(shown) > limit
    if more:
        console.note(
            f"there are more than {limit}; --limit shows up to {LIMIT_MAX}",
            f"超过 {limit} 条；可用 --limit 显示至多 {LIMIT_MAX} 条",
        )
    if console.as_json:
        console.answer(shown[:limit])
    elif not shown:
        console.tell("nothing to show", "没有符合条件的记录")
    else:
        console.table(headings.split(), [row(said) for said in shown[:limit]])


def _money(said: dict[str, str] | None) -> str:
    return "–" if said is None else f"{said['amount']} {said['currency']}"


def _word(console: Console, code: str | None) -> str:
    from services.case.projections.book_words import word

    return "–" if code is None else word(code, chinese=console.chinese)


@command(
    app,
    "promises",
    "quittance book promises --status active --due-until 2026-12-01",
    "quittance book promises --case case-6f1c0d1e-0000-8000-8000-000000000001 --json",
    "quittance book promises --known-at 2026-11-22T09:00:00+08:00",
)
def promises(
    status: Status = None,
    due_from: DueFrom = None,
    due_until: DueUntil = None,
    case: OfCase = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="T", help="What we knew then: a date or a time.")
    ] = None,
    limit: Limit = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Promises to pay by the day they are due: what was promised, and what became of it."""
    from services.case.projections import promise_book

    session = Session.begin(store=store, as_json=json)
    wanted = _one_of("--status", status, promise_book.STATUSES)
    first, last = _day(due_from, "--due-from"), _day(due_until, "--due-until")

    async def work(service: "CaseService") -> "list[PromiseRow]":
        known: datetime | None = moment(known_at, option="--known-at", zone=service.zone)
        return await service.projections.ask(
            lambda connection: promise_book.page(
                connection, limit=limit + 1, status=wanted, due_from=first, due_until=last, case_id=case,
                known_at=known,
            ),
            promise_book.VIEW,
        )  # fmt: skip

    rows, console = session.with_case(work), session.console
    _show(
        console,
        [row.as_json() for row in rows],
        limit,
        headings=console.pick("due amount status received case promise", "到期日 金额 状态 到账 案件 承诺"),
        row=lambda said: (
            said["due"], _money(said["amount"]), _word(console, said["status"]), _money(said["appropriated"]),
            said["case"], said["id"],
        ),
    )  # fmt: skip


@command(
    app,
    "plans",
    "quittance book plans --status open --due-until 2026-12-31",
    "quittance book plans --plan-status breached --json",
)
def plans(
    status: Status = None,
    plan_status: Annotated[
        str | None,
        typer.Option("--plan-status", metavar="WORD", help="Only those of plans that stand like this."),
    ] = None,
    due_from: DueFrom = None,
    due_until: DueUntil = None,
    case: OfCase = None,
    limit: Limit = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """The plan calendar: instalments by the day they are due, with how their plan stands."""
    from services.case.projections import plan_calendar

    session = Session.begin(store=store, as_json=json)
    wanted = _one_of("--status", status, plan_calendar.STATUSES)
    of_plans = _one_of("--plan-status", plan_status, plan_calendar.PLAN_STATUSES)
    first, last = _day(due_from, "--due-from"), _day(due_until, "--due-until")

    def question(connection: "sa.Connection", rows: int, _: "date") -> list[Any]:
        return plan_calendar.page(
            connection, limit=rows, status=wanted, plan_status=of_plans, due_from=first, due_until=last,
            case_id=case,
        )  # fmt: skip

    found, _ = _ask(session, plan_calendar.VIEW, question, limit)
    console = session.console
    _show(
        console,
        [row.as_json() for row in found],
        limit,
        headings=console.pick(
            "due amount status plan cure-by case number plan-id",
            "到期日 金额 状态 计划状态 补救期限 案件 期次 计划",
        ),
        row=lambda said: (
            said["due"], _money(said["amount"]), _word(console, said["status"]),
            _word(console, said["plan_status"]), said["cure_by"] or "–", said["case"], said["number"], said["plan"],
        ),
    )  # fmt: skip


@command(
    app,
    "approvals",
    "quittance book approvals --status waiting",
    "quittance book approvals --kind write_off --json",
)
def approvals(
    status: Status = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="WORD", help="SETTLEMENT, WAIVER, WRITE_OFF, RETENTION or ASSISTANCE."
        ),
    ] = None,
    case: OfCase = None,
    limit: Limit = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """What waits for a second person, the oldest first, and who decided the rest."""
    from services.case.projections import approvals as book

    session = Session.begin(store=store, as_json=json)
    wanted, one_kind = _one_of("--status", status, book.STATUSES), _one_of("--kind", kind, book.KINDS)

    def question(connection: "sa.Connection", rows: int, _: "date") -> list[Any]:
        return book.page(connection, limit=rows, status=wanted, kind=one_kind, case_id=case)

    found, today = _ask(session, book.VIEW, question, limit)
    console = session.console
    _show(
        console,
        [row.as_json(by=None, today=today) for row in found],
        limit,
        headings=console.pick(
            "since kind given-up status proposed-by decided-by case id",
            "提出日 种类 减让 状态 提出人 审批人 案件 编号",
        ),
        row=lambda said: (
            said["proposed_on"], _word(console, said["kind"]), _money(said["given_up"]),
            _word(console, said["status"]), said["proposed_by"] or "–", said["decided_by"] or "–", said["case"],
            said["id"],
        ),
    )  # fmt: skip


@command(
    app, "complaints", "quittance book complaints --overdue", "quittance book complaints --status open --json"
)
def complaints(
    status: Status = None,
    overdue: Overdue = False,
    case: OfCase = None,
    limit: Limit = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Complaints by the day an answer is due, with what was found."""
    from services.case.projections import complaint_book

    session = Session.begin(store=store, as_json=json)
    wanted = _one_of("--status", status, complaint_book.STATUSES)

    def question(connection: "sa.Connection", rows: int, today: "date") -> list[Any]:
        late = today if overdue else None
        return complaint_book.complaints(connection, limit=rows, status=wanted, overdue_on=late, case_id=case)

    found, today = _ask(session, complaint_book.VIEW, question, limit)
    console = session.console
    _show(
        console,
        [row.as_json(today=today) for row in found],
        limit,
        headings=console.pick(
            "answer-by about status overdue finding case id", "答复期限 事由 状态 逾期 结论 案件 编号"
        ),
        row=lambda said: (
            said["answer_by"], _word(console, said["kind"]), _word(console, said["status"]),
            _late(console, said), _word(console, said["finding"]), said["case"], said["id"],
        ),
    )  # fmt: skip


@command(app, "disputes", "quittance book disputes --overdue", "quittance book disputes --status open --json")
def disputes(
    status: Status = None,
    overdue: Overdue = False,
    case: OfCase = None,
    limit: Limit = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Disputes by the day a decision is due."""
    from services.case.projections import complaint_book

    session = Session.begin(store=store, as_json=json)
    wanted = _one_of("--status", status, complaint_book.DISPUTE_STATUSES)

    def question(connection: "sa.Connection", rows: int, today: "date") -> list[Any]:
        late = today if overdue else None
        return complaint_book.disputes(connection, limit=rows, status=wanted, overdue_on=late, case_id=case)

    found, today = _ask(session, complaint_book.VIEW, question, limit)
    console = session.console
    _show(
        console,
        [row.as_json(today=today) for row in found],
        limit,
        headings=console.pick(
            "answer-by about amount status overdue case id", "答复期限 范围 金额 状态 逾期 案件 编号"
        ),
        row=lambda said: (
            said["answer_by"], _word(console, said["scope"]), _money(said["amount"]),
            _word(console, said["status"]), _late(console, said), said["case"], said["id"],
        ),
    )  # fmt: skip


def _late(console: Console, said: dict[str, Any]) -> str:
    return console.pick("yes", "是") if said["overdue"] else console.pick("no", "否")


@command(app, "placements", "quittance book placements --status live", "quittance book placements --json")
def placements(
    status: Status = None,
    agency: Annotated[
        str | None, typer.Option("--agency", metavar="REF", help="Only those with one agency.")
    ] = None,
    case: OfCase = None,
    limit: Limit = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Cases with agencies, by the day the placement's term ends."""
    from services.case.projections import placement_book

    session = Session.begin(store=store, as_json=json)
    wanted = _one_of("--status", status, placement_book.STATUSES)

    def question(connection: "sa.Connection", rows: int, _: "date") -> list[Any]:
        return placement_book.placements(connection, limit=rows, status=wanted, agency=agency, case_id=case)

    found, _ = _ask(session, placement_book.VIEW, question, limit)
    console = session.console
    _show(
        console,
        [row.as_json() for row in found],
        limit,
        headings=console.pick("from until agency status case id", "起 止 机构 状态 案件 编号"),
        row=lambda said: (
            said["placed_on"], said["until"], said["agency"], _word(console, said["status"]), said["case"],
            said["id"],
        ),
    )  # fmt: skip


@command(app, "referrals", "quittance book referrals --status live", "quittance book referrals --json")
def referrals(
    status: Status = None,
    case: OfCase = None,
    limit: Limit = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Cases with the legal service, the oldest first."""
    from services.case.projections import placement_book

    session = Session.begin(store=store, as_json=json)
    wanted = _one_of("--status", status, placement_book.REFERRAL_STATUSES)

    def question(connection: "sa.Connection", rows: int, _: "date") -> list[Any]:
        return placement_book.referrals(connection, limit=rows, status=wanted, case_id=case)

    found, _ = _ask(session, placement_book.VIEW, question, limit)
    console = session.console
    _show(
        console,
        [row.as_json() for row in found],
        limit,
        headings=console.pick("since owed status outcome case id", "移交日 欠款 状态 结果 案件 编号"),
        row=lambda said: (
            said["referred_on"], _money(said["owed"]), _word(console, said["status"]), said["outcome"] or "–",
            said["case"], said["id"],
        ),
    )  # fmt: skip
