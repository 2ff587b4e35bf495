"""`quittance allocate`: share cases out among the staff by rule."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.team_arguments import members_of
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.case.application.staffing.allocation_desk import Done, Plan, Wanted
    from services.case.domain.facts.allocation import Shared
    from services.case.domain.staffing.rules import Rules
    from services.case.wiring import CaseService

Queue = Annotated[
    str | None,
    typer.Option("--queue", metavar="NAME", help="Cases of one queue; of all that are worked."),
]
Team = Annotated[str | None, typer.Option("--team", metavar="TEAM", help="Among one team; among all staff.")]
RuleName = Annotated[
    str | None,
    typer.Option(
        "--rule",
        metavar="NAME",
        help="By which rule  [default: the first, even-count]",
        show_default=False,
    ),
]
RulesFile = Annotated[
    Path | None, typer.Option("--rules", metavar="FILE", help="Rules of your own, a TOML file.")
]
Seed = Annotated[
    str | None,
    typer.Option(
        "--seed",
        metavar="TEXT",
        help="What ties are drawn by  [default: the run's id]",
        show_default=False,
    ),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=20_000, help="Cases looked at, best rank first.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would become of each case; record nothing.")
]
ACTOR = "cli"
SHOWN = 20
_WORDS: dict[str, tuple[str, str]] = {
    "GIVEN": ("given", "分派"),
    "KEPT": ("kept", "保留"),
    "LEFT": ("left over", "未分"),
    "REFUSED": ("refused", "拒绝"),
    "EVEN_COUNT": ("evenly by number", "按件数均分"),
    "EVEN_AMOUNT": ("evenly by amount", "按金额均分"),
    "LAST_COLLECTOR": ("had the debtor before", "原催收员"),
    "WITH_HOLDER": ("stays where it is", "维持原分派"),
    "RETAINED": ("retained", "留案"),
    "NOBODY_ELSE": ("nobody else can take it", "无他人可接"),
    "ROTATION": ("its time with one collector is up", "到期轮转"),
    "RESHUFFLED": ("dealt out anew", "重新分派"),
    "HOLDER_GONE": ("its collector has left", "原催收员离职"),
    "HOLDER_AWAY": ("its collector is away", "原催收员休假"),
    "HOLDER_UNSKILLED": ("its collector lacks the skill", "原催收员技能不符"),
    "HOLDER_ELSEWHERE": ("its collector is in no team asked about", "原催收员不在本组"),
    "NOBODY": ("nobody is there to take it", "无人可分"),
    "NO_SKILL": ("nobody has the skill", "无人具备技能"),
    "ON_LEAVE": ("all who have the skill are away", "具备技能者均休假"),
    "CAP_REACHED": ("all who have the skill are full", "已达案件上限"),
    "CLOSED": ("closed", "已结案"),
    "ON_HOLD": ("on hold", "暂停催收"),
    "AGENCY": ("with an agency", "委外中"),
    "LEGAL": ("with the legal service", "法务处理中"),
    "UNKNOWN": ("no such case", "无此案件"),
}
"""What becomes of a case and why, in words."""


def declare(app: typer.Typer) -> None:
    """Add the command."""

    @command(
        app,
        "allocate",
        "quittance allocate --dry-run",
        "quittance allocate --queue M1 --team SHANGHAI_A",
        "quittance allocate --team SHANGHAI_A --rule rotate-monthly --seed 2026-12 --json",
        "quittance allocate --rules our-rules.toml --rule by-branch",
    )
    def allocate(
        queue: Queue = None,
        team: Team = None,
        rule: RuleName = None,
        rules: RulesFile = None,
        seed: Seed = None,
        limit: Limit = 20_000,
        dry_run: DryRun = False,
        store: Store = None,
        json: Json = False,
    ) -> None:
        """Share cases out among the staff by rule, within skills, caps and leave.

        Whoever has a case keeps it unless the rule says otherwise, so a run again gives nothing again. Cut off, the
        next run goes on with it. What nobody can take is left over, and said why.
        """
        from services.case.application.staffing.allocation_desk import Wanted

        _checked(queue, team, seed)
        session = Session.begin(store=store, as_json=json)
        wanted = Wanted(queue=queue, team=team, limit=limit)
        plan, done, names = session.with_case(
            lambda case: _work(case, wanted, _rules(case, rules), rule, seed=seed, dry_run=dry_run)
        )
        _tell(session, plan, done, names, dry_run=dry_run)


def _checked(queue: str | None, team: str | None, seed: str | None) -> None:
    from services.case.projections.work_queue import WORKED

    if queue is not None and queue not in WORKED:
        raise WrongUsage(en=f"queues are: {', '.join(WORKED)}", zh=f"队列有：{'、'.join(WORKED)}")
    if team is not None and not re.fullmatch(r"[A-Z][A-Z0-9_]{0,39}", team):
        raise WrongUsage(
            en="--team takes a code in capitals, such as SHANGHAI_A",
            zh="--team 应为大写代码，例如 SHANGHAI_A",
        )
    if seed is not None and not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", seed):
        raise WrongUsage(
            en="--seed takes up to 40 letters, digits and ._-",
            zh="--seed 仅限字母、数字和 ._-，最多 40 个字符",
        )


def _rules(case: "CaseService", file: Path | None) -> "Rules":
    from services.case.adapters.staffing.rules_file import load

    return case.staffing.rules if file is None else load(file)


async def _work(
    case: "CaseService",
    wanted: "Wanted",
    rules: "Rules",
    rule: str | None,
    *,
    seed: str | None,
    dry_run: bool,
) -> "tuple[Plan, Done | None, dict[str, str]]":
    from services.case.projections.staffing import directory
    from shared.kernel.ids import new_token

    if wanted.team is not None:
        await members_of(case, wanted.team)
    desk, terms = case.staffing.allocations, rules.named(rule)
    run = desk.run_id(ACTOR, new_token())
    if dry_run:
        plan, done = await desk.plan(wanted, terms, run=run, seed=seed), None
    else:
        plan, done = await desk.allocate(wanted, terms, run=run, seed=seed, actor=ACTOR)
    today = case.decisions.today
    members = await case.ask(lambda connection: directory.members(connection, today))
    return plan, done, {one.staff: one.staff_ref for one in members}


def _tell(
    session: Session, plan: "Plan", done: "Done | None", names: dict[str, str], *, dry_run: bool
) -> None:
    console = session.console
    if console.as_json:
        console.answer(_document(plan, done, names, dry_run=dry_run))
        return
    counts: dict[tuple[str, str], int] = {}
    for one in plan.shares:
        counts[one.outcome, one.reason] = counts.get((one.outcome, one.reason), 0) + 1
    order = list(_WORDS)

    def word(code: str) -> str:
        return console.pick(*_WORDS[code])

    if not counts:
        console.tell("there is nothing to share out", "没有需要分派的案件")
        return
    rows = sorted(counts.items(), key=lambda item: (order.index(item[0][0]), order.index(item[0][1])))
    console.table(
        console.pick("cases outcome why", "案件数 结果 原因").split(),
        [(f"{count:,}", word(outcome), word(reason)) for (outcome, reason), count in rows],
        right=(0,),
    )
    got: dict[str, int] = {}
    for one in plan.shares:
        if one.outcome == "GIVEN":
            got[str(one.to)] = got.get(str(one.to), 0) + 1
    if got:
        console.table(
            console.pick("collector given", "催收员 分派").split(),
            [
                (names.get(staff, staff), count)
                for staff, count in sorted(got.items(), key=lambda item: -item[1])[:SHOWN]
            ],
            right=(1,),
        )
    if dry_run:
        console.tell(
            "nothing was recorded; leave --dry-run out to do it", "未作任何记录；去掉 --dry-run 即执行"
        )
    elif done is not None:
        console.tell(
            f"run {plan.run}: {done.given:,} cases are with their collectors, {len(done.refused):,} had moved on",
            f"批次 {plan.run}：已分派 {done.given:,} 案，{len(done.refused):,} 案已先行变动",
        )


def _document(plan: "Plan", done: "Done | None", names: dict[str, str], *, dry_run: bool) -> dict[str, Any]:
    def item(one: "Shared") -> dict[str, Any]:
        return {
            "case": one.seen.case,
            "outcome": one.outcome,
            "reason": one.reason,
            "collector": None if one.to is None else names.get(one.to),
        }

    begun = plan.events[-1]
    return {
        "dry_run": dry_run,
        "run": plan.run if done is not None else None,
        "seed": getattr(begun, "seed", None),
        **plan.counts,
        "carried_out": None if done is None else done.given,
        "overtaken": [] if done is None else [{"case": case, "code": code} for case, code in done.refused],
        "items": [item(one) for one in plan.shares],
    }
