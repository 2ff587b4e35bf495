"""Holds: intervals in which collecting stops. Those of one kind placed by hand never overlap or enclose each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.case.domain import events as e
from services.case.domain.case_commands import LiftHold, PlaceHold
from services.case.domain.case_facts import CaseFacts
from services.case.domain.policy import LifePolicy
from shared.kernel.period import Period
from shared.kernel.refusal import Refused

KINDS = (
    "DISPUTE", "HARDSHIP", "PLAN", "MORATORIUM", "BANKRUPTCY", "DECEASED", "INCAPABLE", "ATTORNEY", "CEASE",
    "COMPLAINT", "FRAUD", "SYSTEM", "GRACE",
)  # fmt: skip
GRACE, GRACE_STAGE = "GRACE", "M1"


class HoldOverlaps(Refused):
    """A hold of this kind already covers a part of the interval.

    Two answers to one question (until when?) cannot both be right. Lift the other one, or place the days that are
    not covered.
    """

    code = "hold-overlaps"
    title_en = "A hold of this kind already covers a part of the interval"
    title_zh = "同类冻结的期间相互重叠"


class HoldKindUnknown(Refused):
    """The kind is none of the closed list of holds. Send one that is."""

    code = "hold-kind-unknown"
    title_en = "The kind of hold is not known"
    title_zh = "冻结类型无法识别"


class GraceRefused(Refused):
    """Grace is for a debtor of good will who has just fallen behind: some days, once in a case, in its first stage.

    Context: why (NOT_OFFERED, NOT_IN_M1, LENGTH, GIVEN_BEFORE), days_max. Good will is recorded first, as the debtor's
    WILLINGNESS with where it is known from (GOOD_WILL_NOT_RECORDED).
    """

    code = "grace-refused"
    title_en = "Days of grace cannot be given here"
    title_zh = "不符合给予宽限期的条件"


class HoldUnknown(Refused):
    """The case has no hold of that reference that was placed by hand.

    A hold that a plan, a relief or a dispute brought ends with what brought it.
    """

    code = "hold-unknown"
    title_en = "The case has no such hold"
    title_zh = "该案件没有这项冻结"


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold: from `from_` up to, not including, `until` (None: no end yet). `source`: what brought it, or empty."""

    kind: str
    from_: date
    until: date | None
    stops_interest: bool
    source: str

    def covers(self, day: date) -> bool:
        """Is the hold in force on a day?"""
        return self.from_ <= day and (self.until is None or day < self.until)

    @property
    def period(self) -> Period | None:
        """Its days; None where it was lifted before it began."""
        end = self.until or date.max
        return Period(self.from_, end) if self.from_ < end else None


def placed(facts: CaseFacts) -> dict[str, HoldView]:
    """Every hold placed by hand, as long as it lasts."""
    found = {}
    for fact in facts.all(e.HoldPlaced):
        lifted = facts.one(e.HoldLifted, fact.hold)
        ends = [day for day in (fact.until, lifted.on if lifted else None) if day is not None]
        found[fact.hold] = HoldView(fact.kind, fact.on, min(ends, default=None), fact.stops_interest, "")
    return found


def stops(holds: Iterable[HoldView]) -> tuple[Period, ...]:
    """The days on which no penalty interest accrues."""
    return tuple(period for one in holds if one.stops_interest and (period := one.period))


def place(facts: CaseFacts, ask: PlaceHold, *, stage: str, policy: LifePolicy) -> tuple[e.CaseEvent, ...]:
    """Stop collecting. Raises HoldKindUnknown, EmptyPeriod, GraceRefused, HoldOverlaps."""
    if facts.one(e.HoldPlaced, ask.ref):
        return ()
    if ask.kind not in KINDS:
        raise HoldKindUnknown
    wanted = Period(ask.on, ask.until or date.max)
    if ask.kind == GRACE:
        _grace(facts, wanted, stage=stage, policy=policy)
    for view in placed(facts).values():
        if view.kind == ask.kind and view.period and view.period.overlaps(wanted):
            raise HoldOverlaps
    return (
        e.HoldPlaced(
            hold=ask.ref,
            kind=ask.kind,
            on=ask.on,
            until=ask.until,
            reason=ask.reason,
            stops_interest=ask.stops_interest,
            source="",
        ),
    )


def _grace(facts: CaseFacts, wanted: Period, *, stage: str, policy: LifePolicy) -> None:
    """1 to 3 days for a debtor in M1 who is known to be willing (domain.md, feature 21). Raises GraceRefused."""
    willing = any(
        one.topic == "WILLINGNESS" and one.on <= wanted.from_ for one in facts.all(e.CircumstanceRecorded)
    )
    given = any(one.kind == GRACE for one in facts.all(e.HoldPlaced))
    for refused, why in (
        (not policy.grace_days_max, "NOT_OFFERED"),
        (stage != GRACE_STAGE, "NOT_IN_M1"),
        (wanted.days > policy.grace_days_max, "LENGTH"),
        (given, "GIVEN_BEFORE"),
        (not willing, "GOOD_WILL_NOT_RECORDED"),
    ):
        if refused:
            raise GraceRefused(why=why, days_max=policy.grace_days_max)


def lift(facts: CaseFacts, ask: LiftHold) -> tuple[e.CaseEvent, ...]:
    """Go on collecting. Raises HoldUnknown."""
    if facts.one(e.HoldPlaced, ask.hold) is None:
        raise HoldUnknown
    if facts.one(e.HoldLifted, ask.hold):
        return ()
    return (e.HoldLifted(hold=ask.hold, on=ask.on, reason=ask.reason),)
