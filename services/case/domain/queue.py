"""In which order overdue cases are worked: values of a policy, not code."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.kernel import money
from shared.kernel.money import Money

NOTHING_OWED = "nothing-owed"
"""The queue of cases that are behind in months while no money is owed: a question for the lender, not for a call."""


@dataclass(frozen=True, slots=True)
class QueueOrder:
    """Weights of a case's place in its queue; all are whole numbers.

    priority = stage_weight[stage] + per_day x days past due (at most `days_max`) + per_thousand x whole thousands
    of arrears in major units (at most `thousands_max`). Higher comes first; equals stand by their case id.
    """

    stage_weight: Mapping[str, int]
    per_day: int
    days_max: int
    per_thousand: int
    thousands_max: int

    def priority(self, *, stage: str, days_past_due: int, arrears: Money) -> int:
        """A case's place: the higher, the sooner. A stage without a weight weighs nothing."""
        thousands = max(arrears.minor, 0) // (1000 * money.scale(arrears.currency))
        return (
            self.stage_weight.get(stage, 0)
            + self.per_day * min(days_past_due, self.days_max)
            + self.per_thousand * min(thousands, self.thousands_max)
        )


def queue_of(*, stage: str, arrears: Money) -> str:
    """The queue an open case stands in: its stage, or `nothing-owed`."""
    return stage if arrears.minor > 0 else NOTHING_OWED
