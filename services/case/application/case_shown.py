"""A case on two clocks as one document: how HTTP and the command line show it."""

from dataclasses import fields, is_dataclass
from typing import Any

from services.case.application.asked_as_of import CaseAsOf
from services.case.application.sheet import Sheet
from services.case.domain import attempts, mode, plan
from services.case.domain import events as e
from services.case.domain.case_facts import day_of
from shared.kernel import money, parts
from shared.kernel.parts import Parts
from shared.messaging.published import instant, wire

THINGS = (
    "promises", "plans", "holds", "reliefs", "disputes", "complaints", "settlements", "waivers", "placements",
    "referrals", "retentions", "assistances",
)  # fmt: skip
"""What is agreed or raised in a case, by kind; of the holds only those in force."""
_PRIVATE = frozenset({"cause", "by", "collector"})
"""Fields of standings that name a person or say something private; they are not shown with them."""


def document(seen: CaseAsOf) -> dict[str, Any]:
    """Everything that is known of the case and was so as of the day."""
    picture, sums = seen.picture, seen.picture.balance
    facts = seen.facts.until(seen.as_of)
    allocated = mode.allocated(facts)
    reports = [report.day for report in sums.reports.values()]
    return (
        {
            "id": seen.case_id,
            "debtor_ref": seen.debtor_ref,
            "episode": seen.episode,
            "lifecycle": "closed" if seen.reason else "open",
            "stage": picture.stage,
            "days_past_due": picture.days_past_due,
            "arrears": money.to_json(picture.arrears),
            "paid": money.to_json(sums.received),
            "payments": len(sums.allocations),
            "debts": list(picture.debts),
            "as_of": max(reports).isoformat() if reports else None,
            "opened_on": seen.opened_on.isoformat(),
            "closed_on": seen.closed_on.isoformat() if seen.closed_on else None,
            "reason": seen.reason,
            "version": seen.version,
            "asked": {
                "as_of": seen.as_of.isoformat(),
                "known_at": instant(seen.known_at) if seen.known_at else None,
            },
            "mode": picture.mode,
            "cured": picture.cured,
            "keeps_open": sorted(picture.guards),
            "owed": split(picture.owed),
            "owed_by_account": {name: split(owed) for name, owed in sorted(sums.by_account.items())},
            "overpaid": money.to_json(picture.overpaid),
            "collector": wire(allocated.collector) if allocated else None,
            "circumstances": [_circumstance(one) for one in facts.all(e.CircumstanceRecorded)],
            "contact": _contact(attempts.known(facts)),
        }
        | standings(seen)
        | {"plan_offers": _offers(seen)}
    )


def forgotten(sheet: Sheet) -> dict[str, Any]:
    """A case whose facts were erased: that it was there, and nothing of what was in it."""
    asked = {"as_of": None, "known_at": None}
    empty: dict[str, Any] = {
        "asked": asked, "mode": None, "cured": None, "keeps_open": [], "owed": None, "owed_by_account": {},
        "overpaid": None, "collector": None, "circumstances": [], "contact": {"attempts": 0, "last": None},
    }  # fmt: skip
    return sheet.as_json() | empty | {name: {} for name in (*THINGS, "plan_offers")}


def standings(seen: CaseAsOf) -> dict[str, dict[str, Any]]:
    """How everything agreed or raised stands, by kind and id."""
    return {name: {ref: _thing(one) for ref, one in getattr(seen.picture, name).items()} for name in THINGS}


def _offers(seen: CaseAsOf) -> dict[str, Any]:
    """Plans that were offered and not signed, by id."""
    facts = seen.facts.until(seen.as_of)
    found = {one.plan: plan.offered(facts, one.plan, as_of=seen.as_of) for one in facts.all(e.PlanOffered)}
    return {ref: _thing(offer) for ref, offer in found.items() if offer is not None}


def split(amount: Parts) -> dict[str, dict[str, str]]:
    """An amount by what it is for, and its total."""
    named = dict(zip(parts.NAMES, amount.minors, strict=True))
    shown = {name: money.to_json(money.Money(minor, amount.currency)) for name, minor in named.items()}
    return shown | {"total": money.to_json(amount.total)}


def _circumstance(one: e.CircumstanceRecorded) -> dict[str, Any]:
    """Why the debtor fell behind, can pay or wants to; value and source are None once erased."""
    return {
        "id": one.circumstance, "topic": one.topic, "on": one.on.isoformat(),
        "value": wire(one.value), "source": wire(one.source),
    }  # fmt: skip


def _contact(tried: list[e.ContactAttempted]) -> dict[str, Any]:
    last = max(tried, key=lambda one: (one.at, one.attempt_ref), default=None)
    if last is None:
        return {"attempts": 0, "last": None}
    said = {"on": day_of(last).isoformat(), "channel": last.channel, "outcome": last.outcome}
    return {"attempts": len(tried), "last": said | {"breach": list(last.breach)}}


def _thing(view: Any) -> dict[str, Any]:
    """A standing's fields as JSON has them; `from_` is shown as `from`."""
    named = [field.name for field in fields(view) if field.name not in _PRIVATE]
    return {name.rstrip("_"): _value(getattr(view, name)) for name in named}


def _value(value: Any) -> Any:
    if isinstance(value, Parts):
        return split(value)
    if is_dataclass(value):
        return _thing(value)
    return [_value(item) for item in value] if isinstance(value, tuple | frozenset) else wire(value)
