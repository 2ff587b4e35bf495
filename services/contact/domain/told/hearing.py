"""What an event of the case service means for outreach: one CaseHeard, or nothing.

A plan and a dispute are told by their own events, so the holds that follow from them are not heard a second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.contact.domain.facts.outreach import CaseHeard
from services.contact.domain.outreach import standing as s
from services.contact.domain.told.said import Said
from shared.kernel import money
from shared.kernel.currency import DIGITS
from shared.kernel.money import Money

_OWN_WORD = frozenset({"PLAN", "DISPUTE"})


@dataclass(frozen=True, slots=True)
class _Means:
    """The kind, and which field names the thing, the last day, the stage, the cause and the amount."""

    kind: str
    thing: str | None = None
    until: str | None = None
    stage: str | None = None
    cause: str | None = None
    amount: str | None = None
    where: Callable[[Said], bool] = lambda said: True


def _by_hand_or_alone(said: Said) -> bool:
    return not (said.data.get("source") and said.data.get("kind") in _OWN_WORD)


def _ahead(said: Said) -> bool:
    """Is the instalment still to come, by the day of the book that tells it?"""
    due = said.day("due")
    return due is not None and due >= said.on


MEANS: dict[str, _Means] = {
    "CaseOpened": _Means(s.OPENED, amount="arrears"),
    "ArrearsReported": _Means(s.ARREARS, "account", amount="arrears"),
    "ArrearsCorrected": _Means(s.ARREARS, "account", amount="arrears"),
    "CaseReopened": _Means(s.OPENED),
    "StageEntered": _Means(s.STAGE, stage="stage"),
    "CaseClosed": _Means(s.CLOSED, cause="reason"),
    "PaymentReceived": _Means(s.PAID),
    "HandlingModeChanged": _Means(s.MODE, cause="mode"),
    "PromiseToPay": _Means(s.PROMISE, "promise", "due", amount="amount"),
    "PromiseAmended": _Means(s.PROMISE, "promise", "due", amount="amount"),
    "PromiseKept": _Means(s.OVER, "promise"),
    "PromisePartlyKept": _Means(s.OVER, "promise"),
    "PromiseBroken": _Means(s.OVER, "promise"),
    "PromiseCancelled": _Means(s.OVER, "promise"),
    "PromiseReopened": _Means(s.AGAIN, "promise"),
    "PlanAgreed": _Means(s.PLAN, "plan"),
    "PlanTerminated": _Means(s.OVER, "plan"),
    "PlanDefaulted": _Means(s.OVER, "plan"),
    "PlanCompleted": _Means(s.OVER, "plan"),
    "PlanReplaced": _Means(s.OVER, "plan"),
    "PlanReopened": _Means(s.AGAIN, "plan"),
    "HoldPlaced": _Means(s.HOLD, "hold", "until", cause="kind", where=_by_hand_or_alone),
    "HoldLifted": _Means(s.OVER, "hold"),
    "HoldExpired": _Means(s.OVER, "hold"),
    "ReliefGranted": _Means(s.RELIEF, "relief", "until"),
    "ReliefExtended": _Means(s.RELIEF, "relief", "until"),
    "ReliefEnded": _Means(s.OVER, "relief"),
    "DisputeRaised": _Means(s.DISPUTE, "dispute"),
    "DisputeReopened": _Means(s.DISPUTE, "dispute"),
    "DisputeUpheld": _Means(s.OVER, "dispute"),
    "DisputePartlyUpheld": _Means(s.OVER, "dispute"),
    "DisputeRejected": _Means(s.OVER, "dispute"),
    "DisputeFoundDuplicate": _Means(s.OVER, "dispute"),
    "DisputeWithdrawn": _Means(s.OVER, "dispute"),
    "InstalmentScheduled": _Means(s.DUE, "instalment", "due", amount="amounts", where=_ahead),
    "InstalmentWithdrawn": _Means(s.OVER, "instalment"),
}
"""Everything that bears on outreach; what is not here is not heard."""
BOOKED = "AccountBooked"
"""It says whose account it is; until anything falls due nothing else is to be known of it."""


def heard(said: Said, *, subject: str, now: datetime) -> CaseHeard | None:
    """What it means, None where it does not bear on outreach. Raises KeyError, ValueError for what cannot be read."""
    if said.name == BOOKED:
        means = _Means(s.MODE)
    elif (known := MEANS.get(said.name)) is None or not known.where(said):
        return None
    else:
        means = known
    paid = said.name == "InstalmentScheduled" and said.data.get("paid_on") is not None
    return CaseHeard(
        about=said.about,
        subject=subject,
        version=said.version,
        kind=s.OVER if paid else means.kind,
        on=said.on,
        thing=None if means.thing is None else said.data[means.thing],
        until=_overdue_since(said) if means.until is None else said.day(means.until),
        stage=None if means.stage is None else said.data[means.stage],
        cause=s.INTERNAL
        if said.name == BOOKED
        else (None if means.cause is None else said.data[means.cause]),
        event=said.event,
        heard_at=now,
        amount=None if means.amount is None else _amount(said.data[means.amount]),
    )


def _overdue_since(said: Said) -> date | None:
    """The day on which the oldest of the arrears fell due, of an event that counts the days since."""
    days = said.data.get("days_past_due")
    return said.on - timedelta(days=days) if isinstance(days, int) and said.name != "StageEntered" else None


def _amount(told: Any) -> Money:
    """An amount, or one by what it is for, whose parts are summed. Raises KeyError, ValueError."""
    if "amount" in told:
        return money.from_json(told)
    if told["currency"] not in DIGITS:
        raise ValueError("currency")
    return Money(
        sum(int(told[part]) for part in ("costs", "interest", "penalty", "principal")), told["currency"]
    )
