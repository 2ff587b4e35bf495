"""What collecting costs, and what a team is to bring in: facts that only figures need, on streams of their own."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID, STAFF


class CostBooked(Struct, frozen=True, kw_only=True):
    """Collecting has cost `amount` (above zero) on `on`: for one case, for one team, or for all where neither is named.

    `kind` is one of cost.KINDS. `source` and `source_ref` are its natural key: the same pair is booked once.
    """

    source: Annotated[str, FACTS]
    source_ref: Annotated[str, ID]
    kind: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    on: Annotated[date, FACTS]
    case: Annotated[str | None, FACTS]
    team: Annotated[str | None, FACTS]


class CostReversed(Struct, frozen=True, kw_only=True):
    """The cost was booked wrongly: from `on` (its own day unless told later) all of it counts no more."""

    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    reason: Annotated[str, FACTS]


class TargetSet(Struct, frozen=True, kw_only=True):
    """What a team is to recover in a month, cleared; `revision` counts from 0, the newest one counts.

    `month` is the month's first day. `on` is the day on which it was set.
    """

    team: Annotated[str, FACTS]
    month: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    revision: Annotated[int, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


CostEvent: TypeAlias = CostBooked | CostReversed
FigureEvent: TypeAlias = CostBooked | CostReversed | TargetSet
