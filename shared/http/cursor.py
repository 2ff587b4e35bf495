"""Opaque page cursors: where the last page ended, bound to the filters it was asked with."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence

from shared.http.problems import Problem

CURSOR_CHARS_MAX = 1_000
_MARK_CHARS = 8

Scalar = str | int | None


def _mark(filters: Mapping[str, Scalar]) -> str:
    return hashlib.sha256(json.dumps(dict(filters), sort_keys=True).encode()).hexdigest()[:_MARK_CHARS]


def encode(key: Sequence[Scalar], *, filters: Mapping[str, Scalar]) -> str:
    """A cursor after the row with this sort key."""
    raw = json.dumps([_mark(filters), *key], separators=(",", ":")).encode()
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decode(cursor: str, *, filters: Mapping[str, Scalar], kinds: Sequence[type]) -> tuple[Scalar, ...]:
    """The sort key that `encode` was given; its parts are of these types.

    Raises: Problem `bad-cursor` for anything that `encode` did not make for these very filters.
    """
    if len(cursor) > CURSOR_CHARS_MAX:
        raise Problem("bad-cursor")
    try:
        mark, *key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise Problem("bad-cursor") from None
    if mark != _mark(filters) or [type(part) for part in key] != list(kinds):
        raise Problem("bad-cursor")
    return tuple(key)
