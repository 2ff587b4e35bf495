"""That somebody looked at personal data, and for what. Recorded before the data is shown.

`party` and `case` are stream ids, which say nothing without the index key. Who looked stands in the section of the
staff as `by`, and under the same technical name in the envelope.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class PersonalDataSearched(Struct, frozen=True, kw_only=True):
    """A person was looked for by a phone number, a name or the like: `kind` says by what, `found` how many it fits.

    What was looked for is kept as its blind index only, which nobody can turn back without the index key.
    """

    kind: Annotated[str, FACTS]
    purpose: Annotated[str, FACTS]
    found: Annotated[int, FACTS]
    index: Annotated[str, STAFF]
    by: Annotated[str, STAFF]


class PersonalDataShown(Struct, frozen=True, kw_only=True):
    """Masked data of a party was shown: `fields` of it, on the `way` of a SEARCH, by the PARTY's or the CASE's page."""

    party: Annotated[str, FACTS]
    fields: Annotated[tuple[str, ...], FACTS]
    purpose: Annotated[str, FACTS]
    case: Annotated[str | None, FACTS]
    way: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class PersonalDataRevealed(Struct, frozen=True, kw_only=True):
    """Data of a party was shown in clear: `fields` of it, for a purpose, until the time `until` (excluded)."""

    party: Annotated[str, FACTS]
    fields: Annotated[tuple[str, ...], FACTS]
    purpose: Annotated[str, FACTS]
    case: Annotated[str | None, FACTS]
    until: Annotated[datetime, FACTS]
    by: Annotated[str, STAFF]


class PersonalDataRefused(Struct, frozen=True, kw_only=True):
    """Somebody wanted to look more often than the policy allows: `limit` times an hour. Once an hour is recorded.

    `what` is SEARCH or REVEAL; `party` is whom a reveal was about.
    """

    what: Annotated[str, FACTS]
    limit: Annotated[int, FACTS]
    purpose: Annotated[str, FACTS]
    party: Annotated[str | None, FACTS]
    by: Annotated[str, STAFF]


class AccessLogRead(Struct, frozen=True, kw_only=True):
    """Somebody asked who looked at whom. The bounds that were given; None where any will do."""

    party: Annotated[str | None, FACTS]
    case: Annotated[str | None, FACTS]
    purpose: Annotated[str | None, FACTS]
    recorded_from: Annotated[datetime | None, FACTS]
    recorded_until: Annotated[datetime | None, FACTS]
    staff: Annotated[str | None, STAFF]
    by: Annotated[str, STAFF]


AccessEvent: TypeAlias = (
    PersonalDataSearched | PersonalDataShown | PersonalDataRevealed | PersonalDataRefused | AccessLogRead
)
