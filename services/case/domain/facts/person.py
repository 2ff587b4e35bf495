"""What is known of the debtor, and how the debtor was contacted."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Struct

from shared.kernel.section import FACTS, ID


class ContactAttempted(Struct, frozen=True, kw_only=True):
    """Somebody tried to reach the debtor, whatever came of it. Recorded always.

    `breach` names the holds in force that forbade it where no `permit` covered it.
    """

    attempt_ref: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    on: Annotated[date, FACTS]
    channel: Annotated[str, FACTS]
    outcome: Annotated[str, FACTS]
    actor_kind: Annotated[str, FACTS]
    permit: Annotated[str | None, FACTS]
    breach: Annotated[tuple[str, ...], FACTS]


class CircumstanceRecorded(Struct, frozen=True, kw_only=True):
    """What is known of why the debtor fell behind, can pay or wants to, from `source`."""

    circumstance: Annotated[str, FACTS]
    topic: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    value: Annotated[str, ID]
    source: Annotated[str, ID]
