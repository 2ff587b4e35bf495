"""Sealed sections: what the commitment and the box are bound to."""

import hashlib
import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventstore import sections
from shared.eventstore.sections import BoxBroken, Frame

KEY = AESGCM(b"\x07" * 32)
EVENT_ID = bytes(range(16))
EVENT = "00010203-0405-0607-0809-0a0b0c0d0e0f"
PLACE = {"kid": 1, "tenant": "default", "event": EVENT, "name": "facts"}


def sealed(plaintext: bytes = b'{"a":1}') -> tuple[bytes, bytes]:
    return sections.seal(
        plaintext, drawn=os.urandom(sections.DRAWN_BYTES), key=KEY, event_id=EVENT_ID, **PLACE
    )


def test_a_box_opens_to_salt_and_plaintext_and_meets_its_commitment() -> None:
    commitment, box = sealed()
    salted = sections.open_box(box, key=KEY, **PLACE)
    assert salted[sections.SALT_BYTES :] == b'{"a":1}'
    by_hand = hashlib.sha256(b"quittance-sec/1\n" + EVENT_ID + b"\x00\x05facts" + salted).digest()
    assert commitment == by_hand == sections.commitment(EVENT_ID, "facts", salted)


def test_equal_contents_neither_commit_nor_seal_alike() -> None:
    assert not set(sealed()) & set(sealed())


@pytest.mark.parametrize("changed", [{"kid": 2}, {"tenant": "other"}, {"event": EVENT[::-1]}, {"name": "id"}])
def test_a_box_moved_elsewhere_does_not_open(changed: dict[str, object]) -> None:
    with pytest.raises(BoxBroken):
        sections.open_box(sealed()[1], key=KEY, **{**PLACE, **changed})  # type: ignore[arg-type]


def test_no_flipped_bit_opens() -> None:
    box = sealed()[1]
    for at in range(len(box)):
        flipped = box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :]
        with pytest.raises(BoxBroken):
            sections.open_box(flipped, key=KEY, **PLACE)


def test_a_short_box_is_broken_not_a_crash() -> None:
    with pytest.raises(BoxBroken):
        sections.open_box(b"short", key=KEY, **PLACE)


def test_frames_come_back_and_rubbish_does_not() -> None:
    frames = [Frame("facts", b"s" * 16, 1, b"box"), Frame("id", b"s" * 16, 2, b"")]
    assert sections.unframe(sections.frame(frames)) == frames
    with pytest.raises(BoxBroken):
        sections.unframe(b"\xff\xff")
