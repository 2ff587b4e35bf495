"""`quittance legal matters`, `show`, `diary`, `at-risk`, `costs`: how matters stand, what falls due, what expires."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from services.main.arguments import day as day_of
from services.main.commands.legal import app as app
from services.main.commands.legal_limitation import case_of
from services.main.commands.legal_words import Said
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    import sqlalchemy as sa

    from services.legal.wiring import LegalService

T = TypeVar("T")
LIMIT_MAX = 200
_ASIDE = ("legal.MatterTold",)
"""What the other services were told of a step is no news to whoever reads the step."""
DIARY_DAYS = 31
NOTHING = "–"
STATUSES = ("open", "closed")
WITHIN = (180, 90, 30)
BY = ("matter", "firm")
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help="At the end of that day: YYYY-MM-DD  [default: today]"),
]
OfCase = Annotated[
    str | None,
    typer.Option("--case", metavar="CASE", help="Only of this case: `case-…`, or a reference."),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX, help="Lines shown.")]


@command(
    app,
    "matters",
    "quittance legal matters --status open",
    "quittance legal matters --kind SUIT --due-before 2026-12-31 --json",
)
def matters(
    case: OfCase = None,
    status: Annotated[str | None, typer.Option("--status", metavar="open|closed", help="Only these.")] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="With a track of this kind: LETTER, SUIT, ARBITRATION …"),
    ] = None,
    step: Annotated[
        str | None, typer.Option("--step", metavar="STATUS", help="With a track that stands at this status.")
    ] = None,
    firm: Annotated[str | None, typer.Option("--firm", metavar="CODE", help="That this firm has.")] = None,
    due_before: Annotated[
        str | None,
        typer.Option("--due-before", metavar="DAY", help="With something to do before that day, or over."),
    ] = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """The matter board: every matter with its tracks, its firm, its age and what falls due next; oldest first."""
    session = Session.begin(store=store, as_json=json)
    _one_of("--status", status, STATUSES)
    on, before = _day(as_of, "--as-of"), _day(due_before, "--due-before")
    named = _case(session, case)

    def asked(legal: "LegalService", connection: "sa.Connection", today: date) -> list[Any]:
        from services.legal.projections.matters.board import BoardFilter, board

        wanted = BoardFilter(
            case=named, status=status and status.upper(), kind=kind, step=step, firm=firm, due_before=before
        )
        return board(connection, wanted, legal.ground, as_of=today, limit=limit)

    rows = [one.as_json() for one in _asked(session, asked, on)]
    say = Said(session.console)
    _list(
        session.console, rows, "matter case standing firm days next overdue",
        "事项 案件 状态 律所 天数 下一期限 已逾期",
        lambda row: (
            row["id"], row["case"] or NOTHING, say.standing(row), row["firm"] or NOTHING, row["age_days"],
            say.due(row["next_deadline"]), row["overdue"],
        ),
        right=(4, 6),
    )  # fmt: skip


@command(
    app,
    "show",
    "quittance legal show matter-6f1c0d1e-0000-8000-8000-000000000001",
    "quittance legal show TWC-000059 --json",
)
def show(
    matter: Annotated[
        str, typer.Argument(metavar="MATTER", help="`matter-…`, or a case: its newest matter.")
    ],
    as_of: AsOf = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """One matter: how each track stands, what falls due, and what happened, in words; oldest first."""
    session = Session.begin(store=store, as_json=json)
    on, language = _day(as_of, "--as-of"), session.console.pick("en", "zh-CN")
    named = None if matter.startswith("matter-") else _case(session, matter)

    def asked(
        legal: "LegalService", connection: "sa.Connection", today: date
    ) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
        from services.legal.domain.refusals import MatterUnknown
        from services.legal.projections import timeline
        from services.legal.projections.matters import board

        known = [] if named is None else board.of_case(connection, named)
        wanted = matter if named is None else known[-1].thing if known else ""
        found = board.one(connection, wanted, legal.ground, as_of=today)
        if found is None:
            raise MatterUnknown
        due = board.due_of(connection, [found.row], legal.ground, today)[wanted]
        told = [entry.as_json(language) for entry in timeline.entries(connection, wanted)]
        return found.as_json(), [board.due_json(one) for one in due], told

    shown, due, told = _asked(session, asked, on)
    if session.console.as_json:
        session.console.answer({**shown, "deadlines": due, "timeline": told})
        return
    _page(session.console, shown, due, told)


@command(
    app,
    "diary",
    "quittance legal diary",
    "quittance legal diary --from 2026-12-01 --until 2027-01-01 --whose OURS --json",
)
def diary(
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="From that day on  [default: today]")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Before that day  [default: 31 days later]")
    ] = None,
    whose: Annotated[
        str | None,
        typer.Option("--whose", metavar="SIDE", help="Where OURS, THEIRS, COURT or ANYBODY has to act."),
    ] = None,
    met: Annotated[bool, typer.Option("--met", help="Also what was done.")] = False,
    case: OfCase = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """The court diary: hearings and every deadline that falls due, derived by the law pack, by day."""
    session = Session.begin(store=store, as_json=json)
    on, first, end = _day(as_of, "--as-of"), _day(from_, "--from"), _day(until, "--until")
    named = _case(session, case)

    def asked(legal: "LegalService", connection: "sa.Connection", today: date) -> list[Any]:
        from services.legal.domain.deadlines.deadline import WHOSE
        from services.legal.projections.matters import diary as view

        _one_of("--whose", whose, WHOSE)
        begins = first or legal.acts.today
        ends = end or begins + timedelta(days=DIARY_DAYS)
        _span(begins, ends, view.SPAN_DAYS_MAX)
        return view.diary(
            connection, legal.ground, from_=begins, until=ends, as_of=today, met=met, whose=whose, case=named,
            limit=limit,
        )  # fmt: skip

    rows = [one.as_json() for one in _asked(session, asked, on)]
    say = Said(session.console)
    _list(
        session.console, rows, "day what who state track matter article", "日期 事项 行为方 状态 程序 法务事项 依据",
        lambda row: (
            row["day"], say.deadline(row["name"]), say.code(row["whose"]), say.state(row), say.track(row["track_kind"]),
            row["matter"], row["article"] or NOTHING,
        ),
    )  # fmt: skip


@command(
    app,
    "at-risk",
    "quittance legal at-risk",
    "quittance legal at-risk --within 30 --as-of 2026-11-22 --json",
)
def at_risk(
    within: Annotated[
        int, typer.Option("--within", metavar="180|90|30", help="Days, the last included.")
    ] = WITHIN[0],
    case: OfCase = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """Limitation at risk: what expires soon, how much that is, against whom, and the weakest proof it stands on."""
    session = Session.begin(store=store, as_json=json)
    _one_of("--within", str(within), [str(days) for days in WITHIN])
    on, named = _day(as_of, "--as-of"), _case(session, case)

    def asked(
        legal: "LegalService", connection: "sa.Connection", today: date
    ) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
        from services.legal.projections.limitation import risks

        found = risks.at_risk(connection, legal.ground, within_days=within, as_of=today, case=named)
        sums = [one.as_json() for one in risks.totals(found, within_days=within)]
        return today.isoformat(), sums, [one.as_json() for one in found[:limit]]

    today, totals, rows = _asked(session, asked, on)
    console, say = session.console, Said(session.console)
    if console.as_json:
        console.answer({"as_of": today, "totals": totals, "items": rows})
        return
    for one in totals if rows else ():
        console.say(say.total(one))
    _list(
        console, rows, "day left debt who period owed weakest", "末日 剩余天数 债务 相对人 期间 欠款 最薄弱凭证",
        lambda row: (
            say.last_day(row), row["days_left"], row["debt"], say.who(row), say.code(row["period"]),
            say.money(row["owed"]), say.weakest(row["weakest"]),
        ),
        right=(1, 5),
    )  # fmt: skip


@command(
    app,
    "costs",
    "quittance legal costs",
    "quittance legal costs --by firm --as-of 2026-11-30 --json",
)
def costs(
    by: Annotated[str, typer.Option("--by", metavar="matter|firm", help="Summed by which.")] = BY[0],
    case: OfCase = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """What matters cost, by matter or by firm, and who bears it; what was taken back is left out."""
    session = Session.begin(store=store, as_json=json)
    _one_of("--by", by, BY)
    on, named = _day(as_of, "--as-of"), _case(session, case)

    def asked(legal: "LegalService", connection: "sa.Connection", today: date) -> list[Any]:
        from services.legal.projections.matters import costs as view

        return view.costs(connection, by=by, as_of=today, case=named, limit=limit)

    rows = [one.as_json(by) for one in _asked(session, asked, on)]
    say = Said(session.console)
    _list(
        session.console, rows, f"{by} costs total lender debtor other-side",
        f"{'事项' if by == 'matter' else '律所'} 笔数 合计 出借方 债务人 对方",
        lambda row: (
            row[by] or say.code("NO_FIRM"), row["costs"], *(say.money(row[name]) for name in (
                "total", "lender", "debtor", "other_side",
            )),
        ),
        right=(1, 2, 3, 4, 5),
    )  # fmt: skip


def _asked(
    session: Session, question: "Callable[[LegalService, sa.Connection, date], T]", as_of: date | None
) -> T:
    """Ask the views, brought up to date, as of a day (None: today)."""

    async def work(legal: "LegalService") -> T:
        views = legal.projections.named(["legal.matters", "legal.timeline", "legal.limitation"])
        today = as_of or legal.acts.today
        return await legal.projections.ask(lambda connection: question(legal, connection, today), *views)

    return session.with_legal(work)


def _list(
    console: Console,
    rows: list[dict[str, Any]],
    en: str,
    zh: str,
    line: Callable[[dict[str, Any]], Sequence[Any]],
    *,
    right: Sequence[int] = (),
) -> None:
    """Show rows as a table, or as one JSON document."""
    if console.as_json:
        console.answer(rows)
    elif not rows:
        console.tell("nothing to show", "没有符合条件的记录")
    else:
        console.table(console.pick(en, zh).split(), [tuple(map(str, line(row))) for row in rows], right=right)


def _page(
    console: Console, shown: dict[str, Any], due: list[dict[str, Any]], told: list[dict[str, Any]]
) -> None:
    say = Said(console)
    console.say(f"{shown['id']}  {shown['case'] or NOTHING}")
    console.say(f"  {say.standing(shown)}")
    for track in shown["tracks"]:
        console.say(f"  {track['id']}  {say.of_track(track)}, {track['last_on']}")
    if due:
        console.say()
        console.table(
            console.pick("day what who state article", "日期 事项 行为方 状态 依据").split(),
            [
                (
                    one["day"],
                    say.deadline(one["name"]),
                    say.code(one["whose"]),
                    say.state(one),
                    one["article"] or NOTHING,
                )
                for one in due
            ],
        )
    console.say()
    for entry in told:
        if entry["type"] not in _ASIDE:
            console.say(f"  {entry['version']:>3}  {entry['title']}{console.pick(': ', '：')}{entry['text']}")


def _case(session: Session, named: str | None) -> str | None:
    return named if named is None or named.startswith("case-") else case_of(session, named)


def _day(text: str | None, option: str) -> date | None:
    return None if text is None else day_of(text, option=option)


def _one_of(option: str, value: str | None, allowed: Sequence[str]) -> None:
    if value is not None and value not in allowed:
        raise WrongUsage(
            en=f"{option} takes: {', '.join(allowed)}", zh=f"{option} 可用：{'、'.join(allowed)}"
        )


def _span(first: date, end: date, days_max: int) -> None:
    if not first < end or (end - first).days > days_max:
        raise WrongUsage(
            en=f"--until is a day after --from, at most {days_max} days later",
            zh=f"--until 应晚于 --from，且不超过 {days_max} 天",
        )
