"""A document that goes out with a message as it is: a lawyer's letter, signed and sealed elsewhere, byte for byte.

It lies in the debtor's stream beside the message, under the keys of whoever it is for, cut into parts that an event can
hold; with those keys it is forgotten.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.contact.domain.facts.message import DocumentEnclosed
from shared.kernel.refusal import Refused

PDF = "application/pdf"
CHANNELS = ("letter", "email")
DOCUMENT_BYTES_MAX = 512 * 1024
"""A command that is stored holds at most 1 MiB, and a document grows by a third on its way."""
PART_BYTES = 128 * 1024
PAGES_MAX = 40
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}\.pdf")
_PAGES = re.compile(rb"<xmpTPg:NPages>([0-9]{1,4})</xmpTPg:NPages>")


class DocumentUnfit(Refused):
    """The document cannot go out as it is. Context: `flaw`: what is wrong with it.

    CHANNEL: only letters and e-mails carry one. MEDIA_TYPE: only PDF is taken. NAME: a plain file name that ends in
    `.pdf`. SIZE: it is empty or larger than `bytes_max`. HASH: the content is not the one that was announced. CONTENT:
    it is no PDF that says of itself how many pages it has (XMP), or has too many.
    """

    code = "document-unfit"
    title_en = "The document cannot be sent as it is"
    title_zh = "该文件无法按原样发送"


class DocumentErased(LookupError):
    """Its content was forgotten with the rest of what was known of the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`sha256` in hex, as announced by whoever sends it."""

    name: str
    media_type: str
    sha256: str
    content: bytes = field(repr=False)


def require_fit(document: Document, channel: str) -> None:
    """May it go out by this channel? Raises DocumentUnfit."""
    flaw = next(iter(_flaws(document, channel)), None)
    if flaw is not None:
        raise DocumentUnfit(flaw=flaw, bytes_max=DOCUMENT_BYTES_MAX)


def _flaws(document: Document, channel: str) -> Sequence[str]:
    size = len(document.content)
    pages = _PAGES.search(document.content)
    return [
        code
        for code, wrong in (
            ("CHANNEL", channel not in CHANNELS),
            ("MEDIA_TYPE", document.media_type != PDF),
            ("NAME", not NAME.fullmatch(document.name)),
            ("SIZE", not 0 < size <= DOCUMENT_BYTES_MAX),
            ("HASH", hashlib.sha256(document.content).hexdigest() != document.sha256),
            ("CONTENT", not document.content.startswith(b"%PDF-") or pages is None),
            ("CONTENT", pages is not None and not 1 <= int(pages[1]) <= PAGES_MAX),
        )
        if wrong
    ]


def enclosing(
    document: Document, message: str, person: str | None, at: datetime
) -> tuple[DocumentEnclosed, ...]:
    """The events that hold it, in the order of its parts."""
    cut = range(0, len(document.content), PART_BYTES)
    return tuple(
        DocumentEnclosed(
            message=message, at=at, person=person, name=document.name, media_type=document.media_type,
            sha256=document.sha256, size=len(document.content), part=number, parts=len(cut),
            content=document.content[begin : begin + PART_BYTES],
        )
        for number, begin in enumerate(cut, start=1)
    )  # fmt: skip


def whole(parts: Sequence[DocumentEnclosed]) -> Document | None:
    """The document again; None where the message has none. Raises DocumentErased."""
    if not parts:
        return None
    held: list[object] = [one.content for one in sorted(parts, key=lambda one: one.part)]
    known = [one for one in held if isinstance(one, bytes)]
    if len(known) != parts[0].parts:
        raise DocumentErased
    first = parts[0]
    return Document(
        name=first.name, media_type=first.media_type, sha256=first.sha256, content=b"".join(known)
    )
