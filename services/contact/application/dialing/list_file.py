"""A dial list as a table: what its hash is taken of, and the rows of the dialer's file."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from services.contact.domain.facts.dialing import DialLine, DialListMade

COLUMNS = ("list", "line", "number", "permit", "valid_until", "subject", "case", "situation", "task")


def content_hash(name: str, lines: Sequence[DialLine]) -> str:
    """The SHA-256 (hex) of the rows without their numbers, as JSON, one a line."""
    digest = sha256()
    for line in lines:
        digest.update(json.dumps(_row(name, line, ""), ensure_ascii=True).encode() + b"\n")
    return digest.hexdigest()


def rows(made: DialListMade, numbers: Sequence[str | None]) -> Iterator[tuple[str, ...]]:
    """The rows of the file; a line whose number was forgotten is left out."""
    for line, number in zip(made.lines, numbers, strict=True):
        if number is not None:
            yield _row(made.list, line, number)


def _row(name: str, line: DialLine, number: str) -> tuple[str, ...]:
    told = (
        name, str(line.line), number, line.permit, _instant(line.until), line.subject, line.case,
        line.situation, line.task,
    )  # fmt: skip
    return tuple(one or "" for one in told)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
