"""`quittance staff`: who works here, in which team, on what, and when they are there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day, moment
from services.main.commands.queue import require_collector
from services.main.file_arguments import Rejects, rejects_path
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import Exit, WrongUsage

if TYPE_CHECKING:
    from datetime import date

    from services.case.application.staffing.staff_import import StaffImported
    from services.case.domain.staffing.directory import StaffCommand
    from services.case.domain.staffing.member import Member
    from services.case.wiring import CaseService

app = group("staff", "The staff directory: teams, skills, caps and leave.")

ACTOR = "cli"
Who = Annotated[str, typer.Argument(metavar="WHO", help="Their id, as cases are given to it: user:5b0e.")]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="As of this day  [default: today]", show_default=False),
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="T", help="What we knew then: a date or a time.")
]


@command(
    app,
    "import",
    "quittance staff import staff.csv",
    "quittance staff import staff.csv --rejects no.csv --json",
)
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV: staff_ref, team; name, role, stages, products, languages, cap, on, left_on, leave_from, …",
        ),
    ],
    rejects: Rejects = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Take a staff list in: who is new is registered, who is known is changed to what the list says.

    The same list again adds nothing. Exit code 1 if a line was rejected; all others are taken in.
    """
    from services.case.adapters.rejects_file import RejectsFile
    from services.case.adapters.staffing.staff_file import StaffFile
    from services.case.application.staffing.staff_import import import_staff

    session = Session.begin(store=store, as_json=json)
    console = session.console
    to = rejects_path(file, rejects, en="staff list", zh="人员清单")

    async def work(case: "CaseService") -> "StaffImported":
        with RejectsFile(to) as sink:
            today = case.decisions.today
            return await import_staff(StaffFile(file), desk=case.staffing.staff, today=today, rejects=sink)

    done = session.with_case(work, provision=True)
    if console.as_json:
        console.answer(done.to_json())
    console.tell(
        f"{done.lines:,} lines: {done.registered:,} registered, {done.changed:,} changed, {done.unchanged:,} as they "
        f"were, {done.rejected:,} rejected",
        f"{done.lines:,} 行：新登记 {done.registered:,}，变更 {done.changed:,}，无变化 {done.unchanged:,}，"
        f"拒收 {done.rejected:,}",
    )
    console.tell("next: quittance staff list", "下一步：quittance staff list")
    if done.rejected:
        console.note(f"rejected lines and reasons: {to}", f"拒收的行及原因见：{to}")
        raise typer.Exit(Exit.FAILED)


@command(
    app,
    "list",
    "quittance staff list",
    "quittance staff list --team SHANGHAI_M1 --on 2026-12-01",
    "quittance staff list --known-at 2026-11-22T09:00:00+08:00 --json",
)
def list_(
    team: Annotated[str | None, typer.Option("--team", metavar="TEAM", help="Those of one team.")] = None,
    on: On = None,
    known_at: KnownAt = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Who works here as of a day: team, role, skills, cap and leave. Names stay sealed."""
    from services.case.api.staffing.directory import shown

    session = Session.begin(store=store, as_json=json)
    members, asked = _members(session, on, known_at, team)
    console = session.console
    rows = [shown(one, on=asked) for one in members]
    for row in rows:
        del row["links"]
    if console.as_json:
        console.answer(rows)
        return
    if not rows:
        console.tell(
            "nobody is in the directory; see: quittance staff import",
            "名录为空；参见：quittance staff import",
        )
        return
    console.table(
        console.pick("who team role stages cap there", "编号 组 岗位 阶段 上限 在岗").split(),
        [
            (
                row["staff_ref"], row["team"], row["role"], " ".join(row["stages"]) or "–",
                "–" if row["cap"] is None else row["cap"], _there(session, row),
            )
            for row in rows
        ],
    )  # fmt: skip


def _there(session: Session, row: dict[str, Any]) -> str:
    pick = session.console.pick
    if not row["active"]:
        return pick("left", "离职")
    return pick("on leave", "休假") if row["away"] else pick("yes", "是")


def _members(
    session: Session, on: str | None, known_at: str | None, team: str | None
) -> "tuple[list[Member], date]":
    from services.case.projections.staffing import directory

    wanted = None if on is None else day(on, option="--on")

    async def work(case: "CaseService") -> "tuple[list[Member], date]":
        asked = wanted or case.decisions.today
        known = moment(known_at, option="--known-at", zone=case.zone)
        found = await case.projections.ask(
            lambda connection: directory.members(connection, asked, known_at=known, team=team), directory.VIEW
        )
        return found, asked

    return session.with_case(work)


@command(app, "teams", "quittance staff teams", "quittance staff teams --on 2026-12-01 --json")
def teams(on: On = None, known_at: KnownAt = None, store: Store = None, json: Json = False) -> None:
    """The teams as of a day: how many work in each, and how many cases they can hold."""
    from services.case.api.staffing.directory import team_rows

    session = Session.begin(store=store, as_json=json)
    members, asked = _members(session, on, known_at, None)
    rows, console = team_rows(members, on=asked), session.console
    if console.as_json:
        console.answer(rows)
        return
    console.table(
        console.pick("team members there cap", "组 人数 在岗 案件上限").split(),
        [
            (row["team"], row["members"], row["there"], "–" if row["cap"] is None else row["cap"])
            for row in rows
        ],
        right=(1, 2, 3),
    )


@command(
    app,
    "leave",
    "quittance staff leave user:5b0e --from 2026-12-24 --until 2027-01-02",
    "quittance staff leave user:5b0e --from 2026-12-01 --until 2026-12-03 --kind SICK --json",
)
def leave(
    who: Who,
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day away.")],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The first day back.")],
    kind: Annotated[
        str, typer.Option("--kind", metavar="CODE", help="HOLIDAY, SICK, TRAINING, PARENTAL or OTHER.")
    ] = "HOLIDAY",
    store: Store = None,
    json: Json = False,
) -> None:
    """Record days away: who is away is handed no case and allocated none."""
    from services.case.domain.staffing.directory import TakeLeave
    from services.case.domain.staffing.member import LEAVES

    if kind not in LEAVES:
        raise WrongUsage(en=f"--kind is one of: {', '.join(LEAVES)}", zh=f"--kind 应为：{'、'.join(LEAVES)}")
    first, back = day(from_, option="--from"), day(until, option="--until")

    def ask(case: "CaseService", staff: str) -> "StaffCommand":
        named = case.staffing.staff.leave_id(staff, ACTOR, f"{first}|{back}")
        return TakeLeave(leave=named, on=first, until=back, kind=kind)

    _do(who, ask, store=store, as_json=json)


@command(app, "move", "quittance staff move user:5b0e --team SHANGHAI_M2 --on 2026-12-01")
def move(
    who: Who,
    team: Annotated[str, typer.Option("--team", metavar="TEAM", help="The team, by your code.")],
    on: On = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Record that somebody is in another team from a day on."""
    import re

    from services.case.domain.staffing.directory import ChangeStaff

    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,39}", team):
        raise WrongUsage(
            en="--team takes a code in capitals, such as SHANGHAI_M2",
            zh="--team 应为大写代码，例如 SHANGHAI_M2",
        )
    wanted = None if on is None else day(on, option="--on")
    _do(
        who,
        lambda case, _: ChangeStaff(on=wanted or case.decisions.today, team=team),
        store=store,
        as_json=json,
    )


@command(
    app, "left", "quittance staff left user:5b0e", "quittance staff left user:5b0e --on 2026-12-01 --json"
)
def left(who: Who, on: On = None, store: Store = None, json: Json = False) -> None:
    """Record that somebody works no more; their open cases are to be allocated anew."""
    from services.case.domain.staffing.directory import LeaveService

    wanted = None if on is None else day(on, option="--on")
    _do(
        who,
        lambda case, _: LeaveService(on=wanted or case.decisions.today, reason="LEFT"),
        store=store,
        as_json=json,
    )


@command(app, "leavers", "quittance staff leavers", "quittance staff leavers --limit 500 --json")
def leavers(
    limit: Annotated[int, typer.Option("--limit", min=1, max=5_000, help="Cases shown.")] = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """Open cases whose collector has left, or is in no directory: to be shared out anew."""
    from services.case.projections import work_queue
    from services.case.projections.staffing import directory, floor

    session = Session.begin(store=store, as_json=json)

    async def work(case: "CaseService") -> list[dict[str, Any]]:
        today = case.decisions.today
        await case.projections.catch_up(work_queue.VIEW)
        rows = await case.projections.ask(
            lambda connection: floor.to_share_out_anew(connection, today, limit=limit), directory.VIEW
        )
        return [
            {"case": row.case_id, "queue": row.queue, "collector": row.assignee, "why": why}
            for row, why in rows
        ]

    rows, console = session.with_case(work), session.console
    if console.as_json:
        console.answer(rows)
    elif rows:
        console.table(
            console.pick("collector queue case why", "催收员 队列 案件 原因").split(),
            [(row["collector"], row["queue"], row["case"], _gone(session, row["why"])) for row in rows],
        )
        console.tell("next: quittance allocate", "下一步：quittance allocate")
    else:
        console.tell("every case has somebody who works here", "所有案件均由在职人员持有")


def _gone(session: Session, why: str) -> str:
    pick = session.console.pick
    return pick("left", "离职") if why == "LEFT" else pick("in no directory", "不在名录")


def _do(who: str, ask: Any, *, store: str | None, as_json: bool) -> None:
    """Carry a command out on somebody's record, and say what was recorded. Raises StaffUnknown."""
    from services.case.domain.facts.staff import StaffLeft
    from services.case.projections import queue_lease

    session = Session.begin(store=store, as_json=as_json)
    require_collector(who)

    async def work(case: "CaseService") -> list[str]:
        desk = case.staffing.staff
        staff = desk.staff_id(who)
        events = await desk.do(staff, ask(case, staff), actor=ACTOR)
        left_by_now = any(isinstance(one, StaffLeft) and one.on <= case.decisions.today for one in events)
        if left_by_now:
            await case.change(lambda connection: queue_lease.drop_all(connection, collector=who))
        return [type(event).__name__ for event in events]

    told, console = session.with_case(work), session.console
    if console.as_json:
        console.answer({"staff_ref": who, "events": told})
    if told:
        console.tell(f"{who}: recorded ({', '.join(told)})", f"{who}：已记录（{'、'.join(told)}）")
    else:
        console.tell(f"{who}: that was on record already", f"{who}：此前已有记录")
