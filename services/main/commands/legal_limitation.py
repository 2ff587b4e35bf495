"""`quittance legal limitation`: until when the debts of a case can be enforced, against whom, and on which proofs."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day as day_of
from services.main.arguments import moment
from services.main.commands.legal import app as app
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session

if TYPE_CHECKING:
    from services.legal.wiring import LegalService

EFFECTS = {
    "START": ("it begins", "起算"),
    "RESTART": ("it begins anew", "中断，重新计算"),
    "HELD": ("it stands still", "程序进行中"),
    "RUNS_AGAIN": ("it begins anew", "程序终结，重新计算"),
    "SUSPENDS": ("it may be suspended", "发生障碍"),
    "RESUMES": ("six months from here", "障碍消除后六个月"),
    "WAIVES": ("the plea is given up", "放弃时效抗辩，重新计算"),
    "TOO_LATE": ("too late, nothing changes", "已逾期，不影响"),
    "UNDONE": ("counts for nothing", "不计入"),
}
PERIODS = {
    "LIMITATION": ("limitation", "诉讼时效"),
    "GUARANTEE": ("guarantee period", "保证期间"),
    "GUARANTEE_LIMITATION": ("limitation of the guarantee", "保证债务诉讼时效"),
    "TITLE": ("time to apply for enforcement", "申请执行时效"),
}
KEPT = ("used in time", "已在期间内主张")
CALLED_ON = ("kept: what they owe goes on", "已在期间内主张，保证债务继续")


@command(
    app,
    "limitation",
    "quittance legal limitation case-6f1c0d1e-0000-8000-8000-000000000001",
    "quittance legal limitation TWC-000059 --as-of 2026-11-22 --json",
)
def limitation(
    case: Annotated[
        str,
        typer.Argument(
            metavar="CASE",
            help="`case-…`; where the case service keeps its ledger in the same store, also a reference it knows.",
        ),
    ],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DAY", help="At the end of that day: YYYY-MM-DD  [default: today]"),
    ] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="T", help="What we knew then: a date or a time.")
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Until when each debt of a case can be enforced, against whom, and on which proofs that rests.

    One entry for each debt and each person who owes or guarantees it: its state, its last day, every fact that moved it
    with its article and evidence, and the weakest proof. Exit code 0 whatever the states. Nothing is stored.
    """
    from services.legal.application.limitation.shown import shown

    session = Session.begin(store=store, as_json=json)
    on = None if as_of is None else day_of(as_of, option="--as-of")
    named = case if case.startswith("case-") else case_of(session, case)

    async def work(legal: "LegalService") -> dict[str, Any]:
        known = moment(known_at, option="--known-at", zone=legal.zone)
        found = await legal.limitation.case(named, as_of=on, known_at=known)
        return shown(found, chinese=session.console.chinese)

    told, console = session.with_legal(work, views=False), session.console
    if console.as_json:
        console.answer(told)
        return
    law = f"{told['law']['id']} {told['law']['version']}"
    console.tell(
        f"{told['case']} at the end of {told['as_of']}, by {law}",
        f"{told['case']} 截至 {told['as_of']}，依据 {law}",
    )
    if not told["claims"]:
        console.tell("no debt is in it", "案件内没有债务")
    for one in told["claims"]:
        _claim(console, one)
    gone = [one for one in told["proofs"] if one["retracted"]]
    for one in gone:
        console.tell(
            f"retracted {one['retracted']['on']}: {one['id']} {_word(console, one['kind'])}, {one['on']}",
            f"{one['retracted']['on']} 撤销：{one['id']} {_word(console, one['kind'])}，{one['on']}",
        )


def case_of(session: Session, name: str) -> str:
    """The case that an account's or debtor's reference names now. Raises Stopped, CaseUnknown."""

    async def work(case: Any) -> str:
        seen = await case.clocks.named(name, as_of=case.decisions.today, or_later=True)
        return str(seen.case_id)

    return session.with_case(work, views=False)


def _claim(console: Console, one: dict[str, Any]) -> None:
    """One debt against one person in words."""
    who = _word(console, one["role"]) + (f" {one['person']}" if one["person"] else "")
    period = console.pick(*PERIODS[one["period"]])
    console.say()
    console.say(f"{one['debt']} · {who} · {period}: {_state(console, one)}{_end(console, one)}")
    rows = [
        (
            link["on"], _word(console, link["kind"]), _effect(console, one, link["effect"]), link["article"],
            _evidence(console, link["evidence"]), link["proof"] or "",
        )
        for link in one["chain"]
    ]  # fmt: skip
    if rows:
        heads = ("day", "what", "effect", "article", "evidence", "proof")
        heads_zh = ("日期", "事实", "效力", "依据", "证据", "证明编号")
        console.table([console.pick(en, zh) for en, zh in zip(heads, heads_zh, strict=True)], rows)
    if one["weakest"] is not None:
        _weakest(console, one["weakest"])


def _state(console: Console, one: dict[str, Any]) -> str:
    """A period whose last day only cannot be rolled yet runs, or is over."""
    if one["state"] == "KEPT":
        return console.pick(*KEPT)
    if one["state"] == "CALENDAR_MISSING":
        return _word(console, "EXPIRED" if one["over"] else "RUNNING")
    return _word(console, one["state"])


def _effect(console: Console, one: dict[str, Any], effect: str) -> str:
    kept = one["period"] == "GUARANTEE" and effect == "HELD"
    return console.pick(*(CALLED_ON if kept else EFFECTS[effect]))


def _end(console: Console, one: dict[str, Any]) -> str:
    if one["expires_on"]:
        return console.pick(f", last day {one['expires_on']}", f"，末日 {one['expires_on']}")
    if one["raw_on"]:
        return console.pick(
            f", last day {_unrolled(console, one['raw_on'])}", f"，末日 {_unrolled(console, one['raw_on'])}"
        )
    if one["begins_on"]:
        return console.pick(f", begins {one['begins_on']}", f"，自 {one['begins_on']} 起")
    return ""


def _unrolled(console: Console, raw_on: str) -> str:
    from services.legal.projections.words import saying

    return saying.unrolled(raw_on, console.pick("en", "zh-CN"))


def _weakest(console: Console, one: dict[str, Any]) -> None:
    last = one["without"]["expires_on"] or one["without"]["raw_on"] or console.pick("never begun", "未起算")
    better = (
        console.pick(f"; better: {one['advice']}", f"；建议补强：{one['advice']}") if one["advice"] else ""
    )
    console.tell(
        f"weakest: {one['proof']} ({_word(console, one['kind'])}, {one['on']}; "
        f"{_evidence(console, one['evidence'])}); without it the last day is {last}{better}",
        f"最薄弱：{one['proof']}（{_word(console, one['kind'])}，{one['on']}；"
        f"{_evidence(console, one['evidence'])}）；如不成立，末日为 {last}{better}",
    )


def _word(console: Console, code: str) -> str:
    from services.legal.projections.words import saying

    return saying.code(code, console.pick("en", "zh-CN"))


def _evidence(console: Console, grade: str | None) -> str:
    from shared.kernel.evidence import GRADES

    if grade is None:
        return ""
    return console.pick(*GRADES[grade]) if grade in GRADES else grade
