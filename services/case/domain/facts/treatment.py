"""Which strategy was published, which segment a case was put into, and what became of each step."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID, STAFF


class StrategyProposed(Struct, frozen=True, kw_only=True):
    """Somebody proposed a treatment strategy: `document` is all of it as canonical JSON, `content` its SHA-256 in hex.

    It decides nothing until a second person publishes it.
    """

    strategy: Annotated[str, FACTS]
    content: Annotated[str, FACTS]
    effective_from: Annotated[date, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class StrategyPublished(Struct, frozen=True, kw_only=True):
    """A second person published the strategy of that content: it is in force from `effective_from` on."""

    strategy: Annotated[str, FACTS]
    content: Annotated[str, FACTS]
    effective_from: Annotated[date, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class StrategyRejected(Struct, frozen=True, kw_only=True):
    """A second person rejected the strategy of that content."""

    strategy: Annotated[str, FACTS]
    content: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class SegmentDecided(Struct, frozen=True, kw_only=True):
    """As of `as_of` the case is in `segment`, by `rule` of `strategy`; the other fields are what the rule looked at.

    `arm` is CHAMPION or CHALLENGER; `draw`, 0 to 9,999, follows from the strategy's seed and the case's id, so others
    can draw it again. `reached` is NONE, TRIED or RIGHT_PARTY. What is known of the debtor's reason, ability and
    willingness can be forgotten like all that is known of a person. Unknown is None.
    """

    as_of: Annotated[date, FACTS]
    segment: Annotated[str, FACTS]
    rule: Annotated[str, FACTS]
    strategy: Annotated[str, FACTS]
    arm: Annotated[str, FACTS]
    draw: Annotated[int, FACTS]
    stage: Annotated[str, FACTS]
    days_past_due: Annotated[int, FACTS]
    arrears: Annotated[Money, FACTS]
    products: Annotated[tuple[str, ...], FACTS]
    broken_promises: Annotated[int, FACTS]
    reached: Annotated[str, FACTS]
    episode: Annotated[int, FACTS]
    first_payment_default: Annotated[bool | None, FACTS]
    reason: Annotated[str | None, ID]
    ability: Annotated[str | None, ID]
    willingness: Annotated[str | None, ID]


class StrategyPinned(Struct, frozen=True, kw_only=True):
    """From `as_of` on the case goes by this version's steps for its segment and stage; `visit` counts from 1.

    `stage_from` is the day the stage was entered, `because` FIRST, STAGE, SEGMENT, VERSION, ARM, or ANCHOR where only
    `stage_from` proved to be another day (the visit then stays the same).
    """

    as_of: Annotated[date, FACTS]
    visit: Annotated[int, FACTS]
    strategy: Annotated[str, FACTS]
    segment: Annotated[str, FACTS]
    arm: Annotated[str, FACTS]
    stage: Annotated[str, FACTS]
    stage_from: Annotated[date, FACTS]
    because: Annotated[str, FACTS]


class StrategyStepDue(Struct, frozen=True, kw_only=True):
    """A step is to be taken: planned for `planned`, due from `as_of` to `until`, both included.

    `step` is `<visit>.<name>`. `act` is one of the closed list; `template` names what is sent, `who` takes it.
    """

    step: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    planned: Annotated[date, FACTS]
    until: Annotated[date, FACTS]
    act: Annotated[str, FACTS]
    channel: Annotated[str | None, FACTS]
    template: Annotated[str | None, FACTS]
    who: Annotated[str, FACTS]


class StrategyStepTaken(Struct, frozen=True, kw_only=True):
    """A step was taken on `as_of`: `because` names the attempt, offer or placement that was it.

    `because` is None where a person says so, and `by` then says who.
    """

    step: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[str | None, FACTS]
    by: Annotated[str | None, STAFF]


class StrategyStepSkipped(Struct, frozen=True, kw_only=True):
    """A step is not taken, for `reason`; `planned` is the day it was planned for, None where its stage never came.

    `act` says what it would have been; `by` is who skipped it, None where the rules did.
    """

    step: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    planned: Annotated[date | None, FACTS]
    act: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str | None, STAFF]


class StrategyStepWithdrawn(Struct, frozen=True, kw_only=True):
    """What was said to be due was not, as facts told later show."""

    step: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    planned: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


StrategyEvent: TypeAlias = StrategyProposed | StrategyPublished | StrategyRejected
"""On the tenant's stream of strategies, not on a case's."""
TreatmentEvent: TypeAlias = (
    SegmentDecided
    | StrategyPinned
    | StrategyStepDue
    | StrategyStepTaken
    | StrategyStepSkipped
    | StrategyStepWithdrawn
)
