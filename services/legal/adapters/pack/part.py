"""A part of a pack: once as JSON, once as a document to read, or as several where it is long."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shared.kernel.clock import zone
from shared.printing.document import Document, Section

VOLUME_ROWS = 200
"""Rows of one document: a long part is set in volumes, so that its length does not take the typesetter's memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`name` as in its file names; `data` is the JSON. The table is shown behind the paragraphs."""

    name: str
    title: str
    data: Any = field(repr=False)
    paragraphs: tuple[str, ...] = field(default=(), repr=False)
    columns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    rows: Sequence[tuple[str, ...]] = field(default=(), repr=False)
    before: tuple[Section, ...] = field(default=(), repr=False)
    wide: bool = False

    def volumes(self, look: "Look") -> Iterator[tuple[str, Document]]:
        """(file name without its end, document): one, or as many as its rows need."""
        parts = [self.rows[at : at + VOLUME_ROWS] for at in range(0, len(self.rows), VOLUME_ROWS)] or [()]
        for number, rows in enumerate(parts, start=1):
            first = number == 1
            table = Section(
                paragraphs=self.paragraphs if first else (),
                columns=self.columns,
                widths=self.widths,
                rows=rows,
            )
            title = self.title if len(parts) == 1 else f"{self.title} ({number}/{len(parts)})"
            name = self.name if len(parts) == 1 else f"{self.name}-{number:03}"
            yield name, look.document(title, (*(self.before if first else ()), table), wide=self.wide)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What all documents of a pack share."""

    language: str
    on: date
    author: str
    about: tuple[tuple[str, str], ...]
    footer: str

    def document(self, title: str, sections: tuple[Section, ...], *, wide: bool = False) -> Document:
        """A document of the pack."""
        return Document(
            language=self.language, on=self.on, title=title, author=self.author, about=self.about,
            sections=sections, footer=self.footer, wide=wide,
        )  # fmt: skip


def as_json(data: Any) -> bytes:
    """The same bytes for the same data."""
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def local(at: str | datetime | None, zone_name: str) -> str:
    """An instant as a clock on the wall showed it; a dash where there is none."""
    if at is None:
        return "–"
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(zone(zone_name)).strftime("%Y-%m-%d %H:%M")


def text(value: Any) -> str:
    """A value as a cell shows it."""
    if value is None or value in ("", [], ()):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(map(text, value))
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    return str(value)
