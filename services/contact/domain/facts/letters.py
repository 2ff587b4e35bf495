"""What was handed to the printer: batches of letters, each letter in one of them, on a stream of the tenant's own."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class LetterListed(Struct, frozen=True, kw_only=True):
    """A letter of a batch: its place from 1, the number on its sheet, the key of its message, the PDF's SHA-256 (hex).

    `postal`: STANDARD, REGISTERED, REGISTERED_WITH_RECEIPT.
    """

    place: int
    letter: str
    key: str
    sha256: str
    pages: int
    postal: str


class LetterBatchMade(Struct, frozen=True, kw_only=True):
    """These letters went to the printer together, as batch `batch` (from 1, without gaps).

    `manifest`: the SHA-256 (hex) of the manifest.json that goes with them; it can be made again from this event.
    """

    batch: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]
    letters: Annotated[tuple[LetterListed, ...], FACTS]
    manifest: Annotated[str, FACTS]
    made_by: Annotated[str, STAFF]


class LetterBatchWrittenAgain(Struct, frozen=True, kw_only=True):
    """Somebody had the files of a batch written once more; on record before they are."""

    batch: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]
    written_by: Annotated[str, STAFF]


LetterEvent: TypeAlias = LetterBatchMade | LetterBatchWrittenAgain
EVENTS: tuple[type[Struct], ...] = (LetterBatchMade, LetterBatchWrittenAgain)
