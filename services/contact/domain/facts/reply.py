"""Messages from people to us. The contact itself is an attempt with direction `in` (AttemptStarted); this is its text.

The text is somebody's own words: it lies with their contact data and can be forgotten, and no rule reads it again.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.contact.domain.facts.sections import PERSON_CONTACT
from shared.kernel.section import FACTS, STAFF


class ReplyReceived(Struct, frozen=True, kw_only=True):
    """The text of a message to us. `meaning`: STOP (no more messages to this point), or OTHER: a person reads it."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    person: Annotated[str | None, FACTS]
    point: Annotated[str, FACTS]
    meaning: Annotated[str, FACTS]
    text: Annotated[str, PERSON_CONTACT]


class ReplyRead(Struct, frozen=True, kw_only=True):
    """Somebody of ours was shown the text; on record before it is shown."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    reader: Annotated[str, STAFF]


ReplyEvent: TypeAlias = ReplyReceived | ReplyRead
