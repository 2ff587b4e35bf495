"""What goes to the printer with a batch: a list of its letters, as JSON and as CSV; made from the event alone."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from services.contact.domain.facts.letters import LetterBatchMade, LetterListed

COLUMNS = ("place", "letter", "key", "sha256", "pages", "postal", "file")


def file_of(letter: LetterListed) -> str:
    """The name of a letter's file in a batch."""
    return f"{letter.place:04d}-{letter.letter}.pdf"


def as_json(batch: int, at: datetime, letters: Sequence[LetterListed]) -> bytes:
    """manifest.json: the same bytes for the same batch."""
    told = {
        "batch": batch,
        "at": at.isoformat(),
        "letters": [dict(zip(COLUMNS, _row(one), strict=True)) for one in letters],
    }
    return (json.dumps(told, indent=2, ensure_ascii=True) + "\n").encode()


def as_csv(made: LetterBatchMade) -> bytes:
    """manifest.csv: a header and a line a letter."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows(_row(one) for one in made.letters)
    return written.getvalue().encode()


def hash_of(batch: int, at: datetime, letters: Sequence[LetterListed]) -> str:
    """The SHA-256 (hex) of manifest.json."""
    return sha256(as_json(batch, at, letters)).hexdigest()


def _row(one: LetterListed) -> tuple[int | str, ...]:
    return (one.place, one.letter, one.key, one.sha256, one.pages, one.postal, file_of(one))
