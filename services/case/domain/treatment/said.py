"""What the record says of a case's treatment: its last segment, the strategy it goes by, and each of its steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.case.domain.facts import treatment as t
from services.case.domain.judged import STEP, Judged

DUE, TAKEN, SKIPPED, WITHDRAWN = "DUE", "TAKEN", "SKIPPED", "WITHDRAWN"
STATUSES = (DUE, TAKEN, SKIPPED, WITHDRAWN)
SEGMENT_CHANGED, STAGE_LEFT, STAGE_JUMPED, CASE_ENDED = (
    "SEGMENT_CHANGED", "STAGE_LEFT", "STAGE_JUMPED", "CASE_ENDED",
)  # fmt: skip
BEFORE_PINNED, NOT_TAKEN, NEVER_DUE, ANCHOR_MOVED = "BEFORE_PINNED", "NOT_TAKEN", "NEVER_DUE", "ANCHOR_MOVED"
SKIP_REASONS = ("NOT_NEEDED", "DEBTOR_ASKED", "CONTACT_UNSUITABLE", "DONE_OTHERWISE", "SUPERVISOR_DECIDED")
"""The closed list of reasons for which a person may skip a step."""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that is due and of which nothing else was said."""

    ref: str
    said: t.StrategyStepDue


def step_ref(visit: int, name: str) -> str:
    """How a step of a visit is called."""
    return f"{visit}.{name}"


def segment_said(judged: Judged) -> t.SegmentDecided | None:
    """The last decision on the case's segment."""
    found: t.SegmentDecided | None = judged.of("segment")
    return found


def pin_said(judged: Judged) -> t.StrategyPinned | None:
    """What the case goes by."""
    found: t.StrategyPinned | None = judged.of("pin")
    return found


def last_visit(judged: Judged) -> int:
    """The number of the newest visit, that of a stage that was jumped over included; 0 before the first."""
    pin = pin_said(judged)
    numbers = [int(str(subject[1]).partition(".")[0]) for subject in judged.said if subject[0] == STEP]
    return max([*numbers, 0 if pin is None else pin.visit])


def step_said(judged: Judged, ref: str) -> Any:
    """The last event about a step."""
    return judged.of(STEP, ref)


def status_of(event: Any) -> str | None:
    """How a step stands by the last event about it."""
    match event:
        case t.StrategyStepDue():
            return DUE
        case t.StrategyStepTaken():
            return TAKEN
        case t.StrategyStepSkipped():
            return SKIPPED
        case t.StrategyStepWithdrawn():
            return WITHDRAWN
    return None


def open_steps(judged: Judged) -> Iterator[OpenStep]:
    """The steps that are due, in the order in which they were said to be."""
    for subject, event in judged.said.items():
        if subject[0] == STEP and isinstance(event, t.StrategyStepDue):
            yield OpenStep(str(subject[1]), event)


def due_until(judged: Judged, day: date) -> tuple[OpenStep, ...]:
    """Those of them that are due on or before a day."""
    return tuple(one for one in open_steps(judged) if one.said.as_of <= day)
