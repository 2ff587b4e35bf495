"""That somebody looked into the audit trail, and for what."""

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from shared.kernel.section import FACTS, ID, STAFF


class AuditSearched(Struct, frozen=True, kw_only=True):
    """The audit trail was searched; the search reads what was recorded up to `heads`, one position a lane, in order.

    `debtor`: ANY, ONE or NOBODY (a reference that stands for nobody we know). `subject` is the random uuid of that one,
    never the reference. The other bounds are the searcher's affair and sealed as such; ranges begin with `…_from` and
    end before `…_until`. The event is about the debtor who was looked for, so it is found when that debtor is.
    """

    heads: Annotated[tuple[int, ...], FACTS]
    debtor: Annotated[str, FACTS]
    subject: Annotated[str | None, ID]
    stream: Annotated[str | None, STAFF]
    actor: Annotated[str | None, STAFF]
    type: Annotated[str | None, STAFF]
    recorded_from: Annotated[datetime | None, STAFF]
    recorded_until: Annotated[datetime | None, STAFF]
    effective_from: Annotated[datetime | None, STAFF]
    effective_until: Annotated[datetime | None, STAFF]
