"""A message as a letter: its text becomes paragraphs below the letterhead, its address stands behind the window."""

import unicodedata
from datetime import date
from hashlib import sha256

from services.contact.adapters.letters.letterhead import Letterhead
from services.contact.application.channel_port import Outgoing
from shared.printing.letter import Letter

NUMBER_DIGITS = 16


def number_of(key: str) -> str:
    """The number on a letter's sheet and of its file: it says nothing of anybody, and is the same for the same key."""
    return sha256(key.encode()).hexdigest()[:NUMBER_DIGITS].upper()


def sheet(message: Outgoing, letterhead: Letterhead, *, on: date) -> Letter:
    """The letter, dated `on`. An empty line in the text parts paragraphs; a single line break is kept."""
    head = letterhead.of(message.language)
    return Letter(
        language=message.language,
        on=on,
        sender=head.sender,
        return_line=head.return_line,
        recipient=_recipient(message),
        title=_one_line(message.subject_line or "") or head.title,
        body=_paragraphs(message.text),
        references=((head.number, number_of(message.key)), (head.date, on.isoformat())),
        signature=head.signature,
        footer=head.footer,
    )


def _recipient(message: Outgoing) -> tuple[str, ...]:
    """The lines behind the window: the name, unless the address begins with it, and the address."""
    lines = tuple(_one_line(line) for line in message.address.splitlines() if line.strip())
    name = _one_line(message.addressee or "")
    return lines if not lines or not name or lines[0].startswith(name) else (name, *lines)


def _one_line(text: str) -> str:
    """A subject line: whatever would break it is a space."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def _paragraphs(text: str) -> tuple[str, ...]:
    lines = "\n".join(line.replace("\t", " ").strip() for line in text.splitlines())
    return tuple(part.strip("\n") for part in lines.split("\n\n") if part.strip())
