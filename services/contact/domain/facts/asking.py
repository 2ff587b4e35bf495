"""The answer to "may we?": a permit with its reservation, or a refusal with every rule that failed.

Both are facts a regulator may ask about, so both are stored (DESIGN.md 1.7; surfaces.md 2.6).
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class Proposed(Struct, frozen=True, kw_only=True):
    """The contact somebody wanted to make, pseudonymous. Meanings as in asked.Proposal; `case` it is about."""

    at: datetime
    channel: str
    role: str
    collector_role: str
    person: str | None = None
    point: str | None = None
    case: str | None = None
    debts: tuple[str, ...] = ()
    creditor: str | None = None
    agency: str | None = None
    purpose: str | None = None
    place: str | None = None
    content: tuple[str, ...] = ()
    staff: int | None = None
    reply: bool = False
    override: str | None = None
    exception: str | None = None
    workplace: bool = False


class Failed(Struct, frozen=True, kw_only=True):
    """A rule that stood against it, with the ids of the events it counted."""

    rule: str
    waits: bool
    counted: tuple[str, ...] = ()
    observed: int | None = None
    limit: int | None = None


class PackNamed(Struct, frozen=True, kw_only=True):
    """A pack that took part, by version and content hash."""

    id: str
    version: str
    hash: str
    provisional: bool


class ContactPermitted(Struct, frozen=True, kw_only=True):
    """The contact may be made until `valid_until` (exclusive): until then the permit holds a slot in every cap.

    `inputs`: how many events of the stream were looked at, so that it can be decided again and compared.
    """

    permit: Annotated[str, FACTS]
    proposed: Annotated[Proposed, FACTS]
    valid_until: Annotated[datetime, FACTS]
    warnings: Annotated[tuple[str, ...], FACTS]
    obligations: Annotated[tuple[str, ...], FACTS]
    packs: Annotated[tuple[PackNamed, ...], FACTS]
    zones: Annotated[tuple[str, ...], FACTS]
    inputs: Annotated[int, FACTS]
    asked_by: Annotated[str, STAFF]


class ContactRefused(Struct, frozen=True, kw_only=True):
    """The contact may not be made: every rule that failed. `until`: when a deferred one may be, None: never as asked.

    `permit` names the decision like one that was allowed. `at_dispatch`: the permit it refuses to honour at sending.
    """

    permit: Annotated[str, FACTS]
    proposed: Annotated[Proposed, FACTS]
    outcome: Annotated[str, FACTS]
    failed: Annotated[tuple[Failed, ...], FACTS]
    warnings: Annotated[tuple[str, ...], FACTS]
    until: Annotated[datetime | None, FACTS]
    packs: Annotated[tuple[PackNamed, ...], FACTS]
    zones: Annotated[tuple[str, ...], FACTS]
    inputs: Annotated[int, FACTS]
    at_dispatch: Annotated[str | None, FACTS]
    asked_by: Annotated[str, STAFF]


AskingEvent: TypeAlias = ContactPermitted | ContactRefused
