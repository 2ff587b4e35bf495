"""`quittance queue`: which case to work next."""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.console import Console
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.team_arguments import members_of
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.case.projections.handing_out import HandedOut
    from services.case.projections.queue_row import QueueRow
    from services.case.projections.treatment.segments import StepRow
    from services.case.wiring import CaseService

app = group("queue", "Work queues: open cases by stage, in the order the policy gives them.")

COLLECTOR_DEFAULT = "user:local"
WHO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}")
QueueName = Annotated[str, typer.Argument(metavar="NAME", help="M1, M2, M3, M4+ or nothing-owed.")]
Collector = Annotated[
    str, typer.Option("--collector", metavar="WHO", help="Whose case it is, such as user:5b0e.")
]


def _known(name: str) -> str:
    from services.case.projections.work_queue import QUEUES

    if name not in QUEUES:
        raise WrongUsage(en=f"queues are: {', '.join(QUEUES)}", zh=f"队列有：{'、'.join(QUEUES)}")
    return name


@command(
    app,
    "list",
    "quittance queue list",
    "quittance queue list M2 --limit 5",
    "quittance queue list --team SHANGHAI_A",
    "quittance queue list M2 --json",
)
def list_(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Which queue; all of them with their sizes if left out."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="Cases shown.")] = 20,
    team: Annotated[
        str | None, typer.Option("--team", metavar="TEAM", help="Only cases that a team has.")
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """The queues and how many cases wait in each; or the head of one, with why each case stands there."""
    session = Session.begin(store=store, as_json=json)
    if name is None:
        _sizes(session, team)
    else:
        _head(session, _known(name), limit, team)


def _sizes(session: Session, team: str | None) -> None:
    from services.case.projections import work_queue

    async def work(case: "CaseService") -> dict[str, int]:
        of = await _of(case, team)
        return await case.projections.ask(
            lambda connection: work_queue.sizes(connection, of=of), work_queue.VIEW
        )

    sizes, console = session.with_case(work), session.console
    if console.as_json:
        console.answer([{"queue": name, "cases": cases} for name, cases in sizes.items()])
        return
    console.table(
        console.pick("queue cases", "队列 案件").split(),
        [(n, f"{c:,}") for n, c in sizes.items()],
        right=(1,),
    )
    console.tell("next: quittance queue list M2", "下一步：quittance queue list M2")


def _head(session: Session, name: str, limit: int, team: str | None) -> None:
    from services.case.projections import work_queue

    async def work(case: "CaseService") -> "tuple[list[QueueRow], dict[str, list[StepRow]]]":
        of = await _of(case, team)
        rows = await case.projections.ask(
            lambda connection: work_queue.top(connection, name, limit=limit, of=of), work_queue.VIEW
        )
        return rows, await _due(case, [row.case_id for row in rows])

    (rows, due), console = session.with_case(work), session.console
    language = session.settings.language
    if console.as_json:
        console.answer(
            [row.as_json() | {"why": _why(row, due.get(row.case_id, []), language)} for row in rows]
        )
        return
    if not rows:
        console.tell("nothing waits in this queue", "该队列没有待办案件")
        return
    print_queue(console, rows, language, due)
    console.tell(f"next: quittance queue next {name}", f"下一步：quittance queue next {name}")


async def _of(case: "CaseService", team: str | None) -> list[str] | None:
    """The collectors of a team today; None where no team is asked about. Raises WrongUsage."""
    return None if team is None else [one.staff_ref for one in await members_of(case, team)]


def print_queue(
    console: Console, rows: "list[QueueRow]", language: str, due: "dict[str, list[StepRow]]"
) -> None:
    """The head of a queue for a person; `due`: steps of the strategy that are due, by case."""
    headings = console.pick("rank case why", "排序分 案件 原因").split()
    table = [(row.rank, row.case_id, _why(row, due.get(row.case_id, []), language)) for row in rows]
    console.table(headings, table, right=(0,))


async def _due(case: "CaseService", cases: list[str]) -> "dict[str, list[StepRow]]":
    from services.case.projections.treatment import segments

    return await case.projections.ask(lambda connection: segments.due_of(connection, cases), segments.VIEW)


def _why(row: "QueueRow", steps: "list[StepRow]", language: str) -> str:
    """Why it stands where it stands, and what the strategy asks for."""
    parts = [row.why(language), *(one.words(language) for one in steps)]
    return ("；" if language.startswith("zh") else "; ").join(parts)


@command(app, "next", "quittance queue next M2", "quittance queue next M2 --collector user:5b0e --json")
def next_(
    name: QueueName,
    collector: Collector = COLLECTOR_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Take the top case that nobody holds, for five minutes; asked again, the same collector gets the same case."""
    session, queue = Session.begin(store=store, as_json=json), _known(name)
    require_collector(collector)

    async def work(case: "CaseService") -> "tuple[HandedOut | None, list[StepRow]]":
        taken = await _take(case, queue, collector)
        steps = {} if taken is None else await _due(case, [taken[1].case_id])
        return taken, next(iter(steps.values()), [])

    (taken, steps), console = session.with_case(work), session.console
    if taken is None:
        if json:
            console.answer(None)
        console.tell(
            "no case is free in this queue: none waits, others hold them, or by the staff directory they are others'",
            "该队列没有可领取的案件：没有待办、由他人持有，或按人员名录不属于该催收员",
        )
        return
    lease, row = taken
    said: dict[str, Any] = row.as_json() | {
        "why": _why(row, steps, session.settings.language),
        "collector": lease.collector,
        "held_until": lease.until.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    if json:
        console.answer(said)
        return
    console.say(f"{row.case_id}  {said['why']}")
    console.tell(
        f"held until {said['held_until']} for {lease.collector}. next: quittance case show {row.case_id}",
        f"由 {lease.collector} 持有至 {said['held_until']}。下一步：quittance case show {row.case_id}",
    )
    console.tell(
        f"then: quittance queue done {row.case_id}, or: quittance queue skip {row.case_id} --reason CODE",
        f"然后：quittance queue done {row.case_id}，或：quittance queue skip {row.case_id} --reason 原因代码",
    )


def require_collector(who: str) -> None:
    """Raises WrongUsage for what is no staff id: it is written into the ledger, so it must not be a name."""
    if not WHO.fullmatch(who):
        raise WrongUsage(
            en="--collector takes a user's id such as user:5b0e: letters, digits and ._:@-, 100 at most, no names",
            zh="--collector 应为用户编号，例如 user:5b0e：仅限字母、数字和 ._:@-，最多 100 个字符，不要填写姓名",
        )


async def _take(case: "CaseService", queue: str, collector: str) -> "HandedOut | None":
    """Hand out a case, with its row."""
    from services.case.projections import handing_out, work_queue
    from services.case.projections.staffing import assisting, directory
    from shared.kernel.ids import new_token

    for view in (work_queue.VIEW, directory.VIEW, assisting.VIEW):
        await case.projections.catch_up(view)
    now, lease = case.clock.now(), new_token()
    return await case.change(
        lambda connection: handing_out.hand_out(
            connection, queue=queue, collector=collector, now=now, lease=lease, today=case.decisions.today
        )
    )
