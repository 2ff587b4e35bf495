"""What the case service is told of our contacts, so that it need not put it together itself."""

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from shared.kernel.section import FACTS


class AttemptTold(Struct, frozen=True, kw_only=True):
    """All that is known of a contact of ours as of `at`; a later `revision` (from 1) replaces what an earlier said.

    Told once something came of it: a call's outcome (outcomes.OUTCOMES), or of a message SENT, DELIVERED or
    UNDELIVERED. `cases`: the one it was about, or, where it named none, all that were open. `rules`: what it broke by
    what is known. `retracted`: there was no such contact after all.
    """

    attempt: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]
    began_at: Annotated[datetime, FACTS]
    cases: Annotated[tuple[str, ...], FACTS]
    channel: Annotated[str, FACTS]
    role: Annotated[str, FACTS]
    collector_role: Annotated[str, FACTS]
    outcome: Annotated[str, FACTS]
    permit: Annotated[str | None, FACTS]
    rules: Annotated[tuple[str, ...], FACTS]
    retracted: Annotated[bool, FACTS]
