"""Opaque page cursors: where the last page ended and the position the first page was read at, bound to the filters.

The position is the pin: whoever pages goes on reading the list as it was when it was begun. What came later is not
slipped in between the pages; it is in the next list.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.http.problems import Problem

CURSOR_CHARS_MAX = 8_000
"""Room for the positions of 256 lanes."""
_MARK_CHARS = 8
_FORM = "pinned/1|"
"""Goes into the mark: a cursor of an earlier form belongs to no list any more."""

Scalar = str | int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go on: behind the row with this sort `key`, in the list as it was at `pin` (one position a lane)."""

    key: tuple[Scalar, ...]
    pin: tuple[int, ...]


def _mark(filters: Mapping[str, Scalar]) -> str:
    said = _FORM + json.dumps(dict(filters), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:_MARK_CHARS]


def encode(key: Sequence[Scalar], *, filters: Mapping[str, Scalar], pin: Sequence[int]) -> str:
    """A cursor behind the row with this sort key, for a list read at `pin`."""
    raw = json.dumps([_mark(filters), list(pin), *key], separators=(",", ":")).encode()
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decode(cursor: str, *, filters: Mapping[str, Scalar], kinds: Sequence[type], lanes: int) -> Place:
    """What `encode` was given; the key's parts are of these types, the pin has `lanes` positions.

    Raises: Problem `bad-cursor` for anything that `encode` did not make for these very filters and lanes.
    """
    if len(cursor) > CURSOR_CHARS_MAX:
        raise Problem("bad-cursor")
    try:
        mark, pin, *key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise Problem("bad-cursor") from None
    if mark != _mark(filters) or [type(part) for part in key] != list(kinds) or not _is_pin(pin, lanes):
        raise Problem("bad-cursor")
    return Place(tuple(key), tuple(pin))


def _is_pin(pin: object, lanes: int) -> bool:
    """Whole numbers from 0 that a database holds, one a lane."""
    if not isinstance(pin, list) or len(pin) != lanes:
        return False
    return all(type(position) is int and 0 <= position < 2**63 for position in pin)
