"""A case's segment, strategy and steps on both clocks as one document: what was decided, on what, and why."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.case.application.asked_as_of import CaseAsOf
from services.case.domain.facts import treatment as t
from services.case.domain.judge import judge
from services.case.domain.judged import NOTHING_JUDGED, STEP, Judged
from services.case.domain.policy import CasePolicy
from services.case.domain.state import ClosedCase, NoCase, OpenCase
from services.case.domain.treatment import said
from services.case.domain.treatment.condition import Inputs, unmet
from services.case.domain.treatment.strategy import Choice, Strategy
from services.case.domain.treatment.treat import decided, planned_steps
from services.case.domain.treatment.treating import Treating
from shared.eventstore.registry import Erased
from shared.kernel import money
from shared.messaging.published import instant, wire

PLANNED = "PLANNED"
_OF_A_STEP = (t.StrategyStepDue, t.StrategyStepTaken, t.StrategyStepSkipped, t.StrategyStepWithdrawn)
INPUTS = (
    "stage", "days_past_due", "arrears", "products", "broken_promises", "reached", "episode",
    "first_payment_default", "reason", "ability", "willingness",
)  # fmt: skip


def document(seen: CaseAsOf, treating: Treating, policy: CasePolicy) -> dict[str, Any]:
    """What the record says of the case's treatment by the day, and what its rules say of that day now."""
    record = record_of(seen)
    decision, pin = said.segment_said(record), said.pin_said(record)
    now = _now(seen, treating, policy)
    return {
        "id": seen.case_id,
        "as_of": seen.as_of.isoformat(),
        "known_at": instant(seen.known_at) if seen.known_at else None,
        "version": seen.version,
        "decided": None if decision is None else _decided(decision),
        "pinned": None if pin is None else _pinned(pin),
        "now": now,
        "same": None if now is None or decision is None else _same(decision, now),
        "steps": _steps(seen, record, treating),
    }


def record_of(seen: CaseAsOf) -> Judged:
    """What was said of the treatment for the day or an earlier one."""
    judged = NOTHING_JUDGED
    for one in seen.history:
        event = one.event
        if (
            not isinstance(event, Erased)
            and isinstance(event, t.TreatmentEvent)
            and event.as_of <= seen.as_of
        ):
            judged = judged.with_(event)
    return judged


def _decided(event: t.SegmentDecided) -> dict[str, Any]:
    inputs = {name: wire(getattr(event, name)) for name in INPUTS}
    inputs |= {"arrears": money.to_json(event.arrears), "products": list(event.products)}
    return {
        "segment": event.segment, "rule": event.rule, "strategy": event.strategy, "arm": event.arm,
        "draw": event.draw, "as_of": event.as_of.isoformat(), "inputs": inputs,
    }  # fmt: skip


def _pinned(event: t.StrategyPinned) -> dict[str, Any]:
    return {
        "strategy": event.strategy, "segment": event.segment, "arm": event.arm, "stage": event.stage,
        "visit": event.visit, "as_of": event.as_of.isoformat(), "stage_from": event.stage_from.isoformat(),
        "because": event.because,
    }  # fmt: skip


def _now(seen: CaseAsOf, treating: Treating, policy: CasePolicy) -> dict[str, Any] | None:
    """What the version that counts says of the facts as they are known: the rule that holds, and those before it."""
    case = seen.state.was if isinstance(seen.state, ClosedCase) else seen.state
    if case is None or isinstance(case, NoCase) or seen.reason is not None:
        return None
    found = decided(case, judge(seen.facts, seen.as_of, policy), policy, treating)
    if found is None:
        return None
    version, choice, inputs = found
    return {
        "segment": choice.segment, "rule": choice.rule, "strategy": choice.strategy, "arm": choice.arm,
        "draw": choice.draw, "inputs": inputs_shown(inputs), "passed_over": _passed_over(version, choice, inputs),
    }  # fmt: skip


def inputs_shown(inputs: Inputs) -> dict[str, Any]:
    """What rules look at, as JSON has it."""
    shown = {name: wire(getattr(inputs, name)) for name in INPUTS}
    return shown | {"arrears": money.to_json(inputs.arrears), "products": list(inputs.products)}


def _passed_over(version: Strategy, choice: Choice, inputs: Inputs) -> list[dict[str, Any]]:
    """The rules before the one that holds, each with what of it does not."""
    found = []
    for rule in version.rules:
        if rule.name == choice.rule:
            break
        found.append({"rule": rule.name, "not_met": list(unmet(rule.when, inputs))})
    return found


def _same(decision: t.SegmentDecided, now: dict[str, Any]) -> bool:
    return (decision.segment, decision.rule, decision.strategy, decision.arm) == (
        now["segment"], now["rule"], now["strategy"], now["arm"],
    )  # fmt: skip


def _steps(seen: CaseAsOf, record: Judged, treating: Treating) -> list[dict[str, Any]]:
    """Every step on record, in order, and those the case has still to come to."""
    known: dict[str, list[Any]] = {}
    for one in seen.history:
        event = one.event
        if isinstance(event, _OF_A_STEP) and event.as_of <= seen.as_of:
            known.setdefault(event.step, []).append(event)
    shown = [_step(ref, events) for ref, events in known.items()]
    pin = said.pin_said(record)
    version = None if pin is None else treating.book.named(pin.strategy)
    case = seen.state if isinstance(seen.state, OpenCase) else None
    if pin is not None and version is not None and case is not None and seen.reason is None:
        for step, planned in planned_steps(pin, version, case):
            ref = said.step_ref(pin.visit, step.name)
            if record.of(STEP, ref) is None:
                shown.append(
                    _shown(ref, PLANNED, planned=planned, act=step.act, channel=step.channel,
                           template=step.template, who=step.who)
                )  # fmt: skip
    return shown


def _step(ref: str, events: Sequence[Any]) -> dict[str, Any]:
    """A step by all that was said of it; what it was due with stays known."""
    last = events[-1]
    due = next((one for one in reversed(events) if isinstance(one, t.StrategyStepDue)), None)
    more: dict[str, Any] = {"on": last.as_of.isoformat()}
    for name in ("reason", "because", "planned", "act"):
        if hasattr(last, name):
            more[name] = getattr(last, name)
    if due is not None:
        more |= {
            name: getattr(due, name) for name in ("channel", "template", "who", "until", "act", "planned")
        }
        more["due"] = due.as_of
    return _shown(ref, str(said.status_of(last)), **more)


def _shown(ref: str, status: str, **told: Any) -> dict[str, Any]:
    names = ("act", "channel", "template", "who", "planned", "due", "until", "on", "reason", "because")
    values = {name: told.get(name) for name in names}
    days = {name: value.isoformat() for name, value in values.items() if isinstance(value, date)}
    return {"step": ref, "status": status} | values | days
