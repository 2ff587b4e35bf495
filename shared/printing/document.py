"""A document of record as a PDF: PDF/A-2b, fonts inside, tables over pages, the same bytes for the same words.

Beside letter.py, which sets letters for window envelopes. Words go to the typesetter as data.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import sha256
from importlib.resources import files
from threading import Lock

import typst
from pylopdf_fonts_zh_cn import serif_path

from shared.printing.letter import NotPrintable, Printed, pages_of

LAYOUT = "document.typ"
ROWS_MAX = 2_000
"""Of all tables of a document together: more would take the typesetter's memory. Whoever has more sets volumes."""
NO_SIGN = "〓"
"""Stands for a character that the font has no sign for."""
_DRAWN = ((0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2026), (0x3000, 0x303F), (0x4E00, 0x9FA5), (0xFF01, 0xFF5E))
"""Ranges of which the font has every sign that is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Paragraphs, then a table: `columns` their headings, `widths` their shares of the width, `rows` as many cells."""

    title: str = ""
    paragraphs: tuple[str, ...] = field(default=(), repr=False)
    columns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    rows: Sequence[tuple[str, ...]] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is set. `about`: (label, value) under the title; `wide`: across the sheet; `footer`: on each page."""

    language: str
    on: date
    title: str
    author: str
    about: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    sections: tuple[Section, ...] = field(default=(), repr=False)
    footer: str = ""
    wide: bool = False


class DocumentPress:
    """Sets documents, one after another; safe to use from several threads. Opening one reads the fonts once."""

    def __init__(self) -> None:
        self._layout = files(__package__).joinpath(LAYOUT).read_bytes()
        self._typesetter = typst.Compiler(font_paths=[str(serif_path().parent)], ignore_system_fonts=True)
        self._one_at_a_time = Lock()

    def set(self, document: Document) -> Printed:
        """The document as PDF/A-2b; a character without a sign is shown as 〓. Raises NotPrintable: TOO_LONG."""
        if sum(len(section.rows) for section in document.sections) > ROWS_MAX:
            raise NotPrintable("TOO_LONG")
        try:
            return self._compiled(document, strict=False)
        except typst.TypstError as problem:
            if "could not be displayed" not in str(problem):
                raise AssertionError("the layout itself is wrong") from None
        return self._compiled(document, strict=True)

    def _compiled(self, document: Document, *, strict: bool) -> Printed:
        told = json.dumps(
            _told(document, strict=strict), ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        with self._one_at_a_time:
            pdf = self._typesetter.compile(
                input=self._layout,
                format="pdf",
                sys_inputs={"document": told},
                pdf_standards="a-2b",
                timestamp=datetime.combine(document.on, time(), UTC),
            )
        assert isinstance(pdf, bytes), "one document, in memory"
        return Printed(pdf, sha256(pdf).hexdigest(), pages_of(pdf))


def _told(document: Document, *, strict: bool) -> dict[str, object]:
    def form(text: str) -> str:
        return _form(text, strict=strict)

    return {
        "language": document.language,
        "on": [document.on.year, document.on.month, document.on.day],
        "title": form(document.title),
        "author": form(document.author),
        "about": [[form(label), form(value)] for label, value in document.about],
        "footer": form(document.footer),
        "wide": document.wide,
        "sections": [
            {
                "title": form(one.title),
                "paragraphs": [form(text) for text in one.paragraphs],
                "columns": [form(text) for text in one.columns],
                "widths": list(one.widths),
                "rows": [[form(cell) for cell in row] for row in one.rows],
            }
            for one in document.sections
        ],
    }


def _form(text: str, *, strict: bool) -> str:
    """In one Unicode form; what is no sign at all (control, direction) is a blank. `strict`: only what is drawn."""
    normal = unicodedata.normalize("NFC", text)
    shown = "".join(" " if unicodedata.category(c)[0] == "C" and c != "\n" else c for c in normal)
    if not strict:
        return shown
    return "".join(c if c == "\n" or _drawn(ord(c)) else NO_SIGN for c in shown)


def _drawn(code: int) -> bool:
    return any(first <= code <= last for first, last in _DRAWN)
