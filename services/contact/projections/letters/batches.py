"""Which batches of letters went to the printer, and which letter is in which?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts.letters import LetterBatchMade
from services.contact.projections.ledger_pages import PAGE_MAX, instant, stored
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

STREAM = "letters"
_META = sa.MetaData()
BATCHES = sa.Table(
    "contact_letter_batch_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("batch", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("letters", sa.Integer, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("manifest", sa.Text, nullable=False),
    sa.Index("contact_letter_batch_v1_batch", "batch"),
)
LETTERS = sa.Table(
    "contact_letter_v1",
    _META,
    sa.Column("letter", sa.Text, primary_key=True),
    sa.Column("batch", sa.Integer, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("postal", sa.Text, nullable=False),
    sa.Index("contact_letter_v1_batch", "batch", "place"),
)
Seen: TypeAlias = Recorded[LetterBatchMade | Erased]


class BatchRow(NamedTuple):
    """A batch. `manifest`: SHA-256 of its manifest.json."""

    thing: str
    lane: int
    made_at: int
    batch: int
    at: datetime
    letters: int
    pages: int
    manifest: str

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "batch": self.batch,
            "at": instant(self.at),
            "letters": self.letters,
            "pages": self.pages,
            "manifest": self.manifest,
        }


class LetterRow(NamedTuple):
    """A letter of a batch. `message` is the message it was."""

    letter: str
    batch: int
    place: int
    message: str
    sha256: str
    pages: int
    postal: str

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "place": self.place,
            "letter": self.letter,
            "message": self.message,
            "sha256": self.sha256,
            "pages": self.pages,
            "postal": self.postal,
        }


def wants(seen: Seen) -> Iterable[tuple[str, str]]:
    """Nothing: a batch is said once."""
    return ()


def apply(seen: Seen, rows: Working) -> None:
    """The batch and its letters."""
    event = seen.event
    if isinstance(event, Erased):
        return
    pages = sum(one.pages for one in event.letters)
    row = (
        str(event.batch), seen.lane, seen.position, event.batch, event.at, len(event.letters), pages, event.manifest,
    )  # fmt: skip
    rows.put(BATCHES, str(event.batch), row)
    for one in event.letters:
        said = (one.letter, event.batch, one.place, one.key, one.sha256, one.pages, one.postal)
        rows.put(LETTERS, one.letter, said)


VIEW = View(
    name="contact.letter_batches",
    version=1,
    tables=(BATCHES, LETTERS),
    apply=apply,
    wants=wants,
    streams=(STREAM,),
    types=stored(LetterBatchMade),
)


def page(
    connection: sa.Connection, *, after: int | None = None, limit: int = 50, pin: Pin | None = None
) -> list[BatchRow]:
    """Batches, the newest first."""
    query = sa.select(BATCHES).where(*within(pin, lane=BATCHES.c.lane, position=BATCHES.c.made_at))
    if after is not None:
        query = query.where(BATCHES.c.batch < after)
    query = query.order_by(BATCHES.c.batch.desc()).limit(min(limit, PAGE_MAX))
    return [BatchRow(*row) for row in connection.execute(query)]


def one(connection: sa.Connection, batch: int) -> tuple[BatchRow, list[LetterRow]] | None:
    """A batch and its letters by place, None where there is none."""
    found = connection.execute(sa.select(BATCHES).where(BATCHES.c.batch == batch)).first()
    if found is None:
        return None
    query = sa.select(LETTERS).where(LETTERS.c.batch == batch).order_by(LETTERS.c.place)
    return BatchRow(*found), [LetterRow(*row) for row in connection.execute(query)]


def message_of(connection: sa.Connection, letter: str) -> str | None:
    """The message of a letter, by the number on its sheet; None for one that never went to the printer."""
    found = connection.execute(sa.select(LETTERS.c.message).where(LETTERS.c.letter == letter)).scalar()
    return None if found is None else str(found)
