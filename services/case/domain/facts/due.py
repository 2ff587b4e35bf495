"""What fell due and was not done: for those who listen."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS

FIRST_CONTACT, RELIEF_REVIEW = "FIRST_CONTACT", "RELIEF_REVIEW"
DISPUTE_ANSWER, COMPLAINT_ANSWER = "DISPUTE_ANSWER", "COMPLAINT_ANSWER"


class FirstContactFellDue(Struct, frozen=True, kw_only=True):
    """By the end of `as_of` nobody had tried to reach the debtor of a case that was opened on `opened_on`."""

    as_of: Annotated[date, FACTS]
    opened_on: Annotated[date, FACTS]


class ReliefReviewFellDue(Struct, frozen=True, kw_only=True):
    """A relief that still runs is to be looked at again: its `number`-th review (from 1) is due on `as_of`."""

    relief: Annotated[str, FACTS]
    number: Annotated[int, FACTS]
    as_of: Annotated[date, FACTS]


class DisputeAnswerFellDue(Struct, frozen=True, kw_only=True):
    """By the end of `as_of`, the day by which it was to be answered, a dispute was not decided."""

    dispute: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]


class ComplaintAnswerFellDue(Struct, frozen=True, kw_only=True):
    """By the end of `as_of`, the day by which it was to be answered, a complaint had no answer."""

    complaint: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]


class FellDueRetracted(Struct, frozen=True, kw_only=True):
    """What was said to have fallen due on `due_on` had not, as facts told later show.

    `what` is one of the names above; `subject` is the thing's reference, empty for the case, and `number` tells the
    reviews of one relief apart (0 for everything else).
    """

    what: Annotated[str, FACTS]
    subject: Annotated[str, FACTS]
    number: Annotated[int, FACTS]
    due_on: Annotated[date, FACTS]
    as_of: Annotated[date, FACTS]


DueEvent: TypeAlias = (
    FirstContactFellDue
    | ReliefReviewFellDue
    | DisputeAnswerFellDue
    | ComplaintAnswerFellDue
    | FellDueRetracted
)
