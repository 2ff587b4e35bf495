"""Sections of a payload: committed to in the leaf, sealed in the body.

    commitment = SHA-256("quittance-sec/1\\n" || event id (16) || u16be(len(name)) || name || salt (32) || plaintext)
    box        = nonce (12) || AES-256-GCM(key, nonce, salt || plaintext, "quittance-enc/1|tenant|event|name|kid")

(audit-trail.md 4.3.) The commitment is to the plaintext, because AES-GCM does not commit to its key; the salt lies
inside the box, so that destroying the key leaves a hash of 256 unknown bits. A body frames its boxes as
MessagePack: [[name, subject, kid, box], ...]. A section that was erased has no frame.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SALT_BYTES = 32
NONCE_BYTES = 12
DRAWN_BYTES = NONCE_BYTES + SALT_BYTES
SUBJECT_BYTES = 16
_NAMED = re.compile("[a-z_]+(:[a-z_]+)?")


class Frame(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One sealed section: `subject` is 16 raw bytes, `kid` the number of the data key."""

    name: str
    subject: Annotated[bytes, msgspec.Meta(min_length=SUBJECT_BYTES, max_length=SUBJECT_BYTES)]
    kid: int
    box: bytes


class BoxBroken(Exception):
    """The box does not open under its key: the bytes or the place they stand in were altered."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Frame]).decode


def frame(frames: list[Frame]) -> bytes:
    """The body's bytes."""
    return _encode(frames)


def unframe(body: bytes) -> list[Frame]:
    """The body's frames; BoxBroken if the bytes are no body."""
    try:
        frames = _decode(body)
    except (msgspec.MsgspecError, ValueError) as problem:
        raise BoxBroken("the body is not a list of frames") from problem
    for one in frames:
        if not _named(one.name):
            raise BoxBroken("a frame names no section")
    return frames


@lru_cache(maxsize=256)
def _named(name: str) -> bool:
    return _NAMED.fullmatch(name) is not None


def commitment(event_id: bytes, name: str, salted: bytes) -> bytes:
    """32 bytes; `salted` is salt || plaintext."""
    raw = name.encode()
    return hashlib.sha256(
        b"quittance-sec/1\n" + event_id + len(raw).to_bytes(2, "big") + raw + salted
    ).digest()


def _bound_to(tenant: str, event: str, name: str, kid: int) -> bytes:
    return f"quittance-enc/1|{tenant}|{event}|{name}|{kid}".encode()


def seal(
    plaintext: bytes,
    *,
    drawn: bytes,
    key: AESGCM,
    kid: int,
    tenant: str,
    event: str,
    event_id: bytes,
    name: str,
) -> tuple[bytes, bytes]:
    """(commitment, box). `event` is the text of `event_id`; `drawn` is DRAWN_BYTES of randomness for this box alone."""
    nonce, salted = drawn[:NONCE_BYTES], drawn[NONCE_BYTES:] + plaintext
    box = nonce + key.encrypt(nonce, salted, _bound_to(tenant, event, name, kid))
    return commitment(event_id, name, salted), box


def open_all(frames: Iterable[tuple[Frame, AESGCM | None]], *, tenant: str, event: str) -> dict[str, bytes]:
    """name -> plaintext of one event's frames that come with a key; BoxBroken as in `open_box`."""
    bound = f"quittance-enc/1|{tenant}|{event}|"
    opened = {}
    try:
        for one, key in frames:
            if key is not None:
                box = one.box
                salted = key.decrypt(
                    box[:NONCE_BYTES], box[NONCE_BYTES:], f"{bound}{one.name}|{one.kid}".encode()
                )
                opened[one.name] = salted[SALT_BYTES:]
    except (InvalidTag, ValueError) as problem:
        raise BoxBroken("the box does not open") from problem
    return opened


def open_box(box: bytes, *, key: AESGCM, kid: int, tenant: str, event: str, name: str) -> bytes:
    """salt || plaintext; BoxBroken if anything the box is bound to differs."""
    try:
        return key.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _bound_to(tenant, event, name, kid))
    except (InvalidTag, ValueError) as problem:
        raise BoxBroken("the box does not open") from problem
