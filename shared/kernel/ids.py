"""Identifiers: drawn at random for people, derived for everything that must be found again.

The one module that may draw random identifiers. All derived ids are HMAC-SHA-256 under a tenant's index key,
so that nobody without the key can guess or confirm one; they are written as UUIDs of version 8 (RFC 9562,
5.8).
"""

import hashlib
import secrets
import uuid
from functools import lru_cache

SLOTS = 256
"""Number of values of a slot: a tenant may have at most this many shards."""


def new_subject() -> uuid.UUID:
    """A random identity for one person within one tenant; never derived from anything about them."""
    return uuid.uuid4()


def new_token() -> str:
    """A short random token for things that live only for minutes (a lease's owner, a request's id)."""
    return secrets.token_hex(8)


def _digest(key: bytes, parts: tuple[str, ...]) -> bytes:
    raws = [part.encode() for part in parts]
    inner, outer = _pads(key)
    inner, outer = inner.copy(), outer.copy()
    inner.update(b"".join([len(raw).to_bytes(4, "big") + raw for raw in raws]))
    outer.update(inner.digest())
    return outer.digest()


@lru_cache(maxsize=16)
def _pads(key: bytes) -> "tuple[hashlib._Hash, hashlib._Hash]":
    """HMAC's two hashes with the key taken in (RFC 2104, 2; keys of 32 bytes here, 64 at most).

    `hmac.digest` gives up the interpreter's lock on every call, which costs more than the hash beside a busy thread.
    """
    if len(key) > 64:
        raise ValueError("an index key is 64 bytes at most")
    block = key.ljust(64, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in block)), hashlib.sha256(bytes(b ^ 0x5C for b in block))


def _octets8(raw: bytes) -> bytes:
    octets = bytearray(raw[:16])
    octets[6] = (octets[6] & 0x0F) | 0x80
    octets[8] = (octets[8] & 0x3F) | 0x80
    return bytes(octets)


def as_uuid8(raw: bytes) -> uuid.UUID:
    """The first 16 bytes of `raw` with version 8 and the RFC variant set."""
    return uuid.UUID(bytes=_octets8(raw))


def derive(key: bytes, *parts: str, slot: int | None = None) -> uuid.UUID:
    """The id of the thing whose natural key is `parts`; with `slot` (0..255) its last byte says where it
    lives.
    """
    raw = _digest(key, parts)[:16]
    return as_uuid8(raw if slot is None else raw[:15] + bytes((slot,)))


def lookup(key: bytes, *parts: str) -> bytes:
    """A 32-byte blind index of `parts`: equal inputs meet, nothing can be read from it without the key."""
    return _digest(key, parts)


def slot_of(key: bytes, debtor_ref: str) -> int:
    """0..255: the same for everything that concerns one debtor, so that it shares a lane."""
    return _digest(key, ("slot", debtor_ref))[0]


def event_id(command_id: uuid.UUID, ordinal: int) -> uuid.UUID:
    """The id of a command's `ordinal`-th event (from 0): a command sent again makes the same ids."""
    return uuid.UUID(bytes=event_octets(command_id.bytes, ordinal))


def event_octets(command_id: bytes, ordinal: int) -> bytes:
    """`event_id` from and to 16 raw bytes: the append path makes no UUID objects."""
    return _octets8(hashlib.sha256(command_id + ordinal.to_bytes(4, "big")).digest())
