"""An evidence pack of a case, on the stream `pack-…` in the case's lane: who wanted it and why, what it hashes to.

Nothing of what a pack says is stored: the pack itself lies nowhere for longer than it takes to fetch it.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class EvidencePackAsked(Struct, frozen=True, kw_only=True):
    """Somebody wants the evidence of a case as of the end of a day: on record before any personal data is read.

    `reason` is a code (SUIT, ARBITRATION, ENFORCEMENT, REGULATOR …).
    """

    pack: Annotated[str, FACTS]
    case: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    language: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class EvidencePackMade(Struct, frozen=True, kw_only=True):
    """The pack was made: `manifest` and `zip_sha256` in hex, `files` the number of files the manifest lists.

    `gaps`: parts that are missing, each with why (`contacts:service-not-answering`); the manifest says so too.
    """

    pack: Annotated[str, FACTS]
    manifest: Annotated[str, FACTS]
    zip_sha256: Annotated[str, FACTS]
    size: Annotated[int, FACTS]
    files: Annotated[int, FACTS]
    gaps: Annotated[tuple[str, ...], FACTS]
    on: Annotated[date, FACTS]


class EvidencePackFailed(Struct, frozen=True, kw_only=True):
    """It could not be made: `reason` is the code of why."""

    pack: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class EvidencePackFetched(Struct, frozen=True, kw_only=True):
    """Somebody took the pack with this `manifest` away: on record before the first byte is sent."""

    pack: Annotated[str, FACTS]
    manifest: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


PackEvent: TypeAlias = EvidencePackAsked | EvidencePackMade | EvidencePackFailed | EvidencePackFetched
EVENTS: tuple[type[Struct], ...] = (
    EvidencePackAsked, EvidencePackMade, EvidencePackFailed, EvidencePackFetched,
)  # fmt: skip
