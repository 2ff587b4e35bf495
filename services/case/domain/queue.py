"""Where a case stands and in which order cases are worked: values of a policy, not code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.kernel import money
from shared.kernel.money import Money

NOTHING_OWED = "nothing-owed"
"""The queue of cases that are behind in months while no money is owed: a question for the lender, not for a call."""
PROMISED = "promised"
"""The debtor's word is out, a promise or a settlement whose day has not come: nobody calls."""
ON_HOLD = "on-hold"
"""A hold stops collecting of the whole debt: a dispute, a relief, a plan, a complaint, a death …"""
AGENCY, LEGAL = "agency", "legal"
"""The queues of cases that others collect."""
APART = (PROMISED, ON_HOLD, AGENCY, LEGAL)
"""Queues nobody is handed a case from: each case in them waits for what its row says."""
INTERNAL_MODE, AGENCY_MODE, LEGAL_MODE = "INTERNAL", "AGENCY", "LEGAL"
MODE_OF = {AGENCY: AGENCY_MODE, LEGAL: LEGAL_MODE}
"""The handling mode of a queue; every other is the lender's own."""


class SkipRule(NamedTuple):
    """How long a case skipped for a reason is passed by, and whether by everybody or by that collector alone."""

    minutes: int
    everybody: bool


SKIPS: Mapping[str, SkipRule] = {
    "DEBTOR_ASKED_LATER": SkipRule(240, everybody=True),
    "NO_CONTACT_DATA": SkipRule(1_440, everybody=True),
    "WAITING_FOR_PAPERS": SkipRule(2_880, everybody=True),
    "OUTSIDE_HOURS": SkipRule(720, everybody=True),
    "SYSTEM_TROUBLE": SkipRule(30, everybody=True),
    "OTHER_LANGUAGE": SkipRule(43_200, everybody=False),
    "NEEDS_SPECIALIST": SkipRule(1_440, everybody=False),
    "CONFLICT_OF_INTEREST": SkipRule(525_600, everybody=False),
}
"""The closed list of reasons for which a case may be skipped, with the retail policy's times."""


class RankParts(NamedTuple):
    """What a rank is made of; their sum is the rank. Each is a whole number of points."""

    stage: int
    days: int
    arrears: int
    promises: int = 0
    contact: int = 0


@dataclass(frozen=True, slots=True)
class QueueOrder:
    """Weights of a case's place in its queue; all are whole numbers.

    priority = stage_weight[stage] + per_day x days past due (at most `days_max`) + per_thousand x whole thousands
    of arrears in major units (at most `thousands_max`) + per_broken_promise x promises that were broken (at most
    `broken_promises_max`) + `unreached`, where the debtor was tried and never spoken to. Higher comes first; equals
    stand by their case id.

    `working_holds`: kinds of hold in which collecting goes on. `skips`: for which reasons a case may be skipped, and
    how long it is then passed by; `rest_minutes`: how long one that was worked is not offered to anybody.
    """

    stage_weight: Mapping[str, int]
    per_day: int
    days_max: int
    per_thousand: int
    thousands_max: int
    per_broken_promise: int = 0
    broken_promises_max: int = 0
    unreached: int = 0
    working_holds: frozenset[str] = frozenset()
    skips: Mapping[str, SkipRule] = field(default_factory=lambda: SKIPS)
    rest_minutes: int = 720

    def parts(
        self,
        *,
        stage: str,
        days_past_due: int,
        arrears: Money,
        broken_promises: int = 0,
        never_reached: bool = False,
    ) -> RankParts:
        """The parts of a case's rank. A stage without a weight weighs nothing."""
        thousands = max(arrears.minor, 0) // (1000 * money.scale(arrears.currency))
        return RankParts(
            self.stage_weight.get(stage, 0),
            self.per_day * min(days_past_due, self.days_max),
            self.per_thousand * min(thousands, self.thousands_max),
            self.per_broken_promise * min(broken_promises, self.broken_promises_max),
            self.unreached if never_reached else 0,
        )

    def priority(self, *, stage: str, days_past_due: int, arrears: Money) -> int:
        """The rank of a case of which nothing else is known: the higher, the sooner."""
        return sum(self.parts(stage=stage, days_past_due=days_past_due, arrears=arrears))


def queue_of(
    *, stage: str, arrears: Money, mode: str = INTERNAL_MODE, on_hold: bool = False, promised: bool = False
) -> str:
    """The queue an open case stands in.

    Order: who may collect, a hold, the debtor's word, nothing owed, the stage; the first that applies.
    """
    if mode == LEGAL_MODE:
        return LEGAL
    if mode == AGENCY_MODE:
        return AGENCY
    if on_hold:
        return ON_HOLD
    if promised:
        return PROMISED
    return stage if arrears.minor > 0 else NOTHING_OWED
