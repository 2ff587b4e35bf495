"""Outreach about one case: what the case service said of it, and what became of every step of the strategy.

On `outreach-<uuid of the case>`, the same lane as the case and the debtor's subject. What starts, softens, pauses and
ends outreach follows from the set of `CaseHeard`, whatever order they came in (domain/outreach/standing.py).
"""

from datetime import date, datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, STAFF


class CaseHeard(Struct, frozen=True, kw_only=True):
    """The case service said something that bears on outreach; the same `version` again is the same fact.

    `about`: the case's stream, or an account's where no case is open yet (kind DUE). `version`: of the event in that
    stream; `event` names it. `kind` is one of standing.KINDS: OPENED (also reopened), STAGE (`stage`), ARREARS, CLOSED
    (`cause`), PAID, MODE (`cause`: INTERNAL, AGENCY, LEGAL), and of a `thing` (`prm_…`, `hld_…`): PROMISE and DUE
    (`until`: the day it falls due), PLAN, HOLD (`cause`: its kind), DISPUTE, RELIEF (`until`: the first day after it,
    None: open), OVER (the thing has ended), AGAIN (it had not ended after all). `on`: the day it holds from.
    `amount`: promised, due or, of OPENED (in all) and ARREARS (of the account `thing`), in arrears; `until` of these is
    the day on which the oldest of it fell due.
    """

    about: Annotated[str, FACTS]
    subject: Annotated[str, FACTS]
    version: Annotated[int, FACTS]
    kind: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    thing: Annotated[str | None, FACTS]
    until: Annotated[date | None, FACTS]
    stage: Annotated[str | None, FACTS]
    cause: Annotated[str | None, FACTS]
    event: Annotated[str, FACTS]
    heard_at: Annotated[datetime, FACTS]
    amount: Annotated[Money | None, FACTS] = None


class OutreachStarted(Struct, frozen=True, kw_only=True):
    """From now on steps are taken; `stage` the case's stage then."""

    at: Annotated[datetime, FACTS]
    stage: Annotated[str | None, FACTS]


class OutreachSoftened(Struct, frozen=True, kw_only=True):
    """Because of these things (promises) nothing but a reminder before they fall due is sent, `until` that day."""

    at: Annotated[datetime, FACTS]
    because: Annotated[tuple[str, ...], FACTS]
    until: Annotated[date, FACTS]


class OutreachPaused(Struct, frozen=True, kw_only=True):
    """No step is taken: `reasons` are PLAN, HOLD_…, DISPUTE, RELIEF, MODE_AGENCY, MODE_LEGAL."""

    at: Annotated[datetime, FACTS]
    reasons: Annotated[tuple[str, ...], FACTS]


class OutreachResumed(Struct, frozen=True, kw_only=True):
    """What softened or paused it is over."""

    at: Annotated[datetime, FACTS]


class OutreachEnded(Struct, frozen=True, kw_only=True):
    """The case is over, for `reason` as the case service names it; a case that is reopened starts again."""

    at: Annotated[datetime, FACTS]
    reason: Annotated[str, FACTS]


class StepNamed(Struct, frozen=True, kw_only=True):
    """Which step, once and for all: `step` of `strategy`, its `time` (from 1), in `scope` from day `anchor` on.

    `scope` is the stage, or the thing that falls due; `anchor` the day the stage was entered, or the thing is due.
    """

    step: str
    time: int
    scope: str
    anchor: date
    strategy: str


class StepTaken(Struct, frozen=True, kw_only=True):
    """A step was taken: a message queued under a permit, or a dial task raised."""

    of: Annotated[StepNamed, FACTS]
    at: Annotated[datetime, FACTS]
    channel: Annotated[str, FACTS]
    permit: Annotated[str | None, FACTS]
    message: Annotated[str | None, FACTS]
    task: Annotated[str | None, FACTS]


class StepSkipped(Struct, frozen=True, kw_only=True):
    """A step is not taken and will not be: for one of steps.REASONS; REFUSED names the `rules` and the permit."""

    of: Annotated[StepNamed, FACTS]
    at: Annotated[datetime, FACTS]
    reason: Annotated[str, FACTS]
    rules: Annotated[tuple[str, ...], FACTS]
    permit: Annotated[str | None, FACTS]


class StepDeferred(Struct, frozen=True, kw_only=True):
    """A step is due and waits until `until` for `reason`; `rules` and `permit` where the decision said so."""

    of: Annotated[StepNamed, FACTS]
    at: Annotated[datetime, FACTS]
    reason: Annotated[str, FACTS]
    rules: Annotated[tuple[str, ...], FACTS]
    permit: Annotated[str | None, FACTS]
    until: Annotated[datetime, FACTS]


class DialTaskRaised(Struct, frozen=True, kw_only=True):
    """Somebody is to call: the dial list of the moment takes it from `at` to `until` (exclusive), and asks the permit.

    `situation` names the script. The task is `dtk_…`; `about` the case.
    """

    task: Annotated[str, FACTS]
    about: Annotated[str, FACTS]
    subject: Annotated[str, FACTS]
    situation: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    until: Annotated[datetime, FACTS]


class DialTaskEnded(Struct, frozen=True, kw_only=True):
    """Nobody needs to call any more: PAUSED, SOFTENED, ENDED (outreach), OVER (its time), CALLED."""

    task: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    reason: Annotated[str, FACTS]


class OutreachStrategyProposed(Struct, frozen=True, kw_only=True):
    """Somebody proposed an outreach strategy: `document` is all of it as canonical JSON, `content` its SHA-256 in hex.

    It decides nothing until a second person publishes it.
    """

    strategy: Annotated[str, FACTS]
    content: Annotated[str, FACTS]
    effective_from: Annotated[date, FACTS]
    at: Annotated[datetime, FACTS]
    document: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class OutreachStrategyPublished(Struct, frozen=True, kw_only=True):
    """A second person published the strategy of that content: it is in force from `effective_from` on."""

    strategy: Annotated[str, FACTS]
    content: Annotated[str, FACTS]
    effective_from: Annotated[date, FACTS]
    at: Annotated[datetime, FACTS]
    by: Annotated[str, STAFF]


class OutreachStrategyRejected(Struct, frozen=True, kw_only=True):
    """A second person rejected the strategy of that content."""

    strategy: Annotated[str, FACTS]
    content: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


OutreachEvent: TypeAlias = (
    CaseHeard
    | OutreachStarted
    | OutreachSoftened
    | OutreachPaused
    | OutreachResumed
    | OutreachEnded
    | StepTaken
    | StepSkipped
    | StepDeferred
    | DialTaskRaised
    | DialTaskEnded
)
"""On the outreach stream of a case."""
OutreachStrategyEvent: TypeAlias = (
    OutreachStrategyProposed | OutreachStrategyPublished | OutreachStrategyRejected
)
"""On the tenant's stream of outreach strategies."""
EVENTS: tuple[type[Struct], ...] = (
    CaseHeard, OutreachStarted, OutreachSoftened, OutreachPaused, OutreachResumed, OutreachEnded, StepTaken,
    StepSkipped, StepDeferred, DialTaskRaised, DialTaskEnded, OutreachStrategyProposed, OutreachStrategyPublished,
    OutreachStrategyRejected,
)  # fmt: skip
