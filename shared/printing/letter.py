"""A letter as a PDF that can be kept as evidence: PDF/A-2b, fonts inside, and the same bytes for the same words.

Nothing of the machine gets in: the fonts come from a package, the system's are ignored, and the only date is the
letter's own. Words go to the typesetter as data, so that none of them can be read as its markup.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import sha256
from importlib.resources import files
from threading import Lock

import typst
from pylopdf_fonts_zh_cn import serif_path

LAYOUT = "letter.typ"
CHARS_MAX = 40_000
"""Of all the words of a letter together."""
PAGES_MAX = 20
_PAGES = re.compile(rb"<xmpTPg:NPages>([0-9]+)</xmpTPg:NPages>")


class NotPrintable(ValueError):
    """A letter that cannot be set as it is. `cause` is a code; the words themselves are never repeated.

    CHARACTER_UNKNOWN: a character the font has no sign for, or one that is no sign at all (control, direction).
    ADDRESS_TOO_LONG: address or return line do not fit the window. TOO_LONG: more words or pages than a letter has, or
    a letterhead or references that would not keep clear of the window.
    ADDRESS_MISSING: nobody to send it to.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says. `recipient` are the lines behind the window, `return_line` the small one above them.

    `sender`: the letterhead, its name first. `references`: (label, value) beside the address, outside the window.
    `rows`: (label, amount or the like) below the text. `body`: paragraphs; a line break inside one is kept.
    """

    language: str
    on: date
    sender: tuple[str, ...]
    return_line: str
    recipient: tuple[str, ...] = field(repr=False)
    title: str = field(repr=False)
    body: tuple[str, ...] = field(repr=False)
    references: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    rows: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    signature: tuple[str, ...] = ()
    footer: str = ""

    def words(self) -> Iterator[str]:
        """Every text of it."""
        yield from (self.return_line, self.title, self.footer)
        for lines in (self.sender, self.recipient, self.body, self.signature):
            yield from lines
        for pairs in (self.references, self.rows):
            for pair in pairs:
                yield from pair


@dataclass(frozen=True, slots=True)
class Printed:
    """The PDF, its SHA-256 in hex, and how many pages it has."""

    pdf: bytes = field(repr=False)
    sha256: str
    pages: int


class Press:
    """Sets letters, one after another; safe to use from several threads. Opening one reads the fonts once."""

    def __init__(self) -> None:
        self._layout = files(__package__).joinpath(LAYOUT).read_bytes()
        self._typesetter = typst.Compiler(font_paths=[str(serif_path().parent)], ignore_system_fonts=True)
        self._one_at_a_time = Lock()

    def set(self, letter: Letter) -> Printed:
        """The letter as PDF/A-2b. Raises NotPrintable."""
        told = json.dumps(_told(letter), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        try:
            with self._one_at_a_time:
                pdf = self._typesetter.compile(
                    input=self._layout,
                    format="pdf",
                    sys_inputs={"letter": told},
                    pdf_standards="a-2b",
                    timestamp=datetime.combine(letter.on, time(), UTC),
                )
        except typst.TypstError as problem:
            raise NotPrintable(_cause(str(problem))) from None
        assert isinstance(pdf, bytes), "one document, in memory"
        pages = pages_of(pdf)
        if pages > PAGES_MAX:
            raise NotPrintable("TOO_LONG")
        return Printed(pdf, sha256(pdf).hexdigest(), pages)


def pages_of(pdf: bytes) -> int:
    """How many pages a letter set here has. Raises ValueError for bytes that are no such letter."""
    counted = _PAGES.search(pdf)
    if counted is None:
        raise ValueError("these bytes are not a letter that was set here")
    return int(counted[1])


def _told(letter: Letter) -> dict[str, object]:
    """The letter as JSON values, in one Unicode form. Raises NotPrintable for words that no font can show."""
    if not any(line.strip() for line in letter.recipient):
        raise NotPrintable("ADDRESS_MISSING")
    if sum(map(len, letter.words())) > CHARS_MAX:
        raise NotPrintable("TOO_LONG")
    for word in letter.words():
        if any(unicodedata.category(c)[0] == "C" for c in word if c != "\n"):
            raise NotPrintable("CHARACTER_UNKNOWN")
    return {
        "language": letter.language,
        "on": [letter.on.year, letter.on.month, letter.on.day],
        "sender": _lines(letter.sender) or [""],
        "return_line": _form(letter.return_line),
        "recipient": _lines(letter.recipient),
        "title": _form(letter.title),
        "body": _lines(letter.body),
        "references": [_lines(pair) for pair in letter.references],
        "rows": [_lines(pair) for pair in letter.rows],
        "signature": _lines(letter.signature),
        "footer": _form(letter.footer),
    }


def _form(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _lines(texts: tuple[str, ...]) -> list[str]:
    return [_form(text) for text in texts]


def _cause(problem: str) -> str:
    """The typesetter's complaint as a code. It quotes the words, so it is never passed on."""
    if "could not be displayed" in problem:
        return "CHARACTER_UNKNOWN"
    if "does-not-fit" in problem:
        return "ADDRESS_TOO_LONG"
    if "too-long" in problem:
        return "TOO_LONG"
    raise AssertionError("the layout itself is wrong")
