"""Messages from people to us. The contact itself is an attempt with direction `in` (AttemptStarted); this is its text.

The text is somebody's own words: it lies with their contact data and can be forgotten, and no rule reads it again.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.contact.domain.facts.sections import PERSON_CONTACT
from shared.kernel.section import FACTS


class ReplyReceived(Struct, frozen=True, kw_only=True):
    """The text of an incoming message. `meaning`: STOP (no more messages to this point), or OTHER: a person reads it."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    person: Annotated[str | None, FACTS]
    point: Annotated[str, FACTS]
    meaning: Annotated[str, FACTS]
    text: Annotated[str, PERSON_CONTACT]


ReplyEvent: TypeAlias = ReplyReceived
EVENTS: tuple[type[Struct], ...] = (ReplyReceived,)
