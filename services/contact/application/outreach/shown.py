"""Outreach and its strategies as documents: how HTTP and the command line show them."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.contact.application.outreach.desk import Loaded, today
from services.contact.application.outreach.strategies import Version
from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach import steps
from services.contact.domain.outreach.steps import Occurrence
from services.contact.domain.outreach.strategy import StrategyBook

TAKEN, SKIPPED, DUE, WAITING, PLANNED = "TAKEN", "SKIPPED", "DUE", "WAITING", "PLANNED"
STATUSES = (TAKEN, SKIPPED, DUE, WAITING, PLANNED)


def instant(at: datetime) -> str:
    """RFC 3339, UTC."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def whole(loaded: Loaded, book: StrategyBook, now: datetime) -> dict[str, Any]:
    """How outreach about a case stands, what was done, what is next and why not."""
    state = loaded.state
    day = today(book, now)
    standing = state.heard.standing(day)
    done = [_answered(one) for one in state.done]
    waiting = [_next(one) for one in steps.next_steps(state, book, now)]
    planned = [_step(one, PLANNED) for one in steps.planned(state, book, now)]
    due = steps.look_at(state, book, now)
    return {
        "id": loaded.id, "about": state.about, "subject": state.subject, "version": loaded.version,
        "state": standing.state, "because": list(standing.because),
        "until": standing.until.isoformat() if standing.until else None,
        "stage": state.heard.stage(day), "steps": [*done, *waiting, *planned],
        "dial_tasks": [{"id": task, "until": instant(until)} for task, until in sorted(state.tasks.items())],
        "look_at": None if due is None else instant(due),
    }  # fmt: skip


def _answered(one: f.StepTaken | f.StepSkipped) -> dict[str, Any]:
    taken = isinstance(one, f.StepTaken)
    told = {
        "status": TAKEN if taken else SKIPPED, "at": instant(one.at), "permit": one.permit,
        "message": getattr(one, "message", None), "task": getattr(one, "task", None),
        "reason": getattr(one, "reason", None), "rules": list(getattr(one, "rules", ())),
        "channel": getattr(one, "channel", None), "opens": None, "ends": None,
    }  # fmt: skip
    return _named(one.of) | told


def _next(one: steps.Next) -> dict[str, Any]:
    said = _step(one.occurrence, WAITING if one.act == steps.WAIT else DUE)
    at = None if one.until is None else instant(one.until)
    return said | {"reason": one.reason, "at": at}


def _step(one: Occurrence, status: str) -> dict[str, Any]:
    return _named(one.of) | {
        "status": status, "at": None, "permit": None, "message": None, "task": None, "reason": None, "rules": [],
        "channel": one.step.channel, "opens": instant(one.opens), "ends": instant(one.ends),
    }  # fmt: skip


def _named(of: f.StepNamed) -> dict[str, Any]:
    return {
        "step": of.step, "time": of.time, "scope": of.scope, "anchor": of.anchor.isoformat(),
        "strategy": of.strategy,
    }  # fmt: skip


def strategy_id(version: str) -> str:
    """How a version is called in an address: `cn-retail-outreach-2`."""
    return version.replace("/", "-")


def version_of(strategy: str) -> str:
    """The version that an id of an address, or a version as it is, stands for."""
    if "/" in strategy:
        return strategy
    pack, dash, number = strategy.rpartition("-")
    return f"{pack}/{number}" if dash else strategy


def strategy_summary(one: Version) -> dict[str, Any]:
    """A version in a list."""
    strategy = one.strategy
    return {
        "id": strategy_id(strategy.version.id),
        "version": strategy.version.id,
        "status": one.status,
        "effective_from": strategy.version.effective_from.isoformat(),
        "content": strategy.content,
        "steps": _count(strategy.written.stages) + len(strategy.written.promised),
        "proposed_at": instant(one.proposed_at) if one.proposed_at else None,
        "decided_at": instant(one.decided_at) if one.decided_at else None,
    }


def _count(stages: tuple[Any, ...]) -> int:
    return sum(len(stage.steps) for stage in stages)


def strategy_whole(one: Version) -> dict[str, Any]:
    """A version with all it says."""
    return strategy_summary(one) | {"document": json.loads(one.strategy.document)}


def in_force(book: StrategyBook, day: date) -> str | None:
    """The version in force on a day."""
    found = book.for_day(day)
    return None if found is None else found.version.id


WORDS: Mapping[str, tuple[str, str]] = {
    "NEW": ("not begun", "未开始"),
    "RUNNING": ("running", "进行中"),
    "SOFTENED": ("softened by a promise", "因承诺缓催"),
    "PAUSED": ("paused", "已暂停"),
    "ENDED": ("ended", "已结束"),
    TAKEN: ("taken", "已执行"),
    SKIPPED: ("skipped", "已跳过"),
    DUE: ("due", "到期"),
    WAITING: ("waits", "等待"),
    PLANNED: ("planned", "计划中"),
    steps.CASE_ENDED: ("the case is over", "案件已结束"),
    steps.STAGE_LEFT: ("the stage was left", "已离开该阶段"),
    steps.NOT_DUE_ANY_MORE: ("what it was about is over", "所涉事项已了结"),
    steps.NOT_TAKEN: ("its time ran out", "已过时限"),
    steps.PROMISE_OPEN: ("a promise is open", "承诺履行中"),
    steps.HAS_PAID: ("the debtor has paid since", "债务人已还款"),
    steps.HAS_PROMISED: ("the debtor has promised since", "债务人已作承诺"),
    steps.OUT_OF_HOURS: ("outside its hours", "不在时段内"),
    steps.REFUSED: ("refused by rules", "被规则拒绝"),
    steps.NO_POINT: ("no number or address", "没有可用的联系方式"),
    steps.NO_CONSENT: ("no consent on record", "没有同意记录"),
    steps.NO_TEMPLATE: ("no text in force", "没有生效的文本"),
    steps.NO_VALUES: ("something the text says is not known", "文本所需内容未知"),
    steps.CASE_OPEN: ("the account is in a case", "账户已入案"),
    "PLAN": ("a plan is in force", "分期履行中"),
    "DISPUTE": ("a dispute is open", "争议处理中"),
    "RELIEF": ("relief is granted", "宽限期内"),
    "MODE_AGENCY": ("with an agency", "委外中"),
    "MODE_LEGAL": ("with the legal service", "法务处理中"),
}
"""What states, statuses and reasons mean, in English and Chinese; a hold's kind stands after HOLD_."""


def words(code: str, *, chinese: bool) -> str:
    """What a code means; the code itself where there are no words for it."""
    if code.startswith("HOLD"):
        return ("冻结" if chinese else "a hold") + (f" {code[5:]}" if len(code) > 5 else "")
    return WORDS.get(code, (code, code))[chinese]
