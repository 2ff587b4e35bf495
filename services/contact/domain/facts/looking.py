"""That somebody saw a number or address in clear, and for what. Recorded before it is shown.

Who looked stands in the section of the staff as `by`, and under the same technical name in the envelope.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class PointRevealed(Struct, frozen=True, kw_only=True):
    """A number or address was shown in clear, for a purpose of the list, until the time `until` (excluded).

    On the stream of the subject whose it is. `person` None: it is recorded as the debtor's.
    """

    at: Annotated[datetime, FACTS]
    point: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    purpose: Annotated[str, FACTS]
    until: Annotated[datetime, FACTS]
    by: Annotated[str, STAFF]


class RevealCounted(Struct, frozen=True, kw_only=True):
    """The same look, on the stream of who looked: the hour's limit is counted there, over all subjects."""

    at: Annotated[datetime, FACTS]
    subject: Annotated[str, FACTS]
    point: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class PointRevealRefused(Struct, frozen=True, kw_only=True):
    """Somebody wanted to see more numbers than the `limit` of an hour. Once an hour is recorded, on its own stream.

    `subject` and `point` are those of the first look that was refused.
    """

    at: Annotated[datetime, FACTS]
    subject: Annotated[str, FACTS]
    point: Annotated[str, FACTS]
    purpose: Annotated[str, FACTS]
    limit: Annotated[int, FACTS]
    by: Annotated[str, STAFF]


EVENTS: tuple[type[Struct], ...] = (PointRevealed, RevealCounted, PointRevealRefused)
LookingEvent: TypeAlias = PointRevealed
"""What of these a subject's stream holds."""
