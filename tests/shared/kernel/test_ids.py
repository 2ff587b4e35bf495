"""Derived ids: HMAC by the book, UUIDs of version 8, and nothing that can be guessed or confirmed without the key."""

import hmac
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import ids

KEY = b"\x01" * 32


def by_the_book(key: bytes, *parts: str) -> bytes:
    framed = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.digest(key, framed, "sha256")


@given(st.binary(min_size=1, max_size=64), st.lists(st.text(), max_size=4))
def test_an_index_is_hmac_sha_256(key: bytes, parts: list[str]) -> None:
    assert ids.lookup(key, *parts) == by_the_book(key, *parts)


def test_a_key_that_hmac_would_hash_first_is_refused() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        ids.lookup(b"k" * 65, "x")


def test_parts_cannot_be_shifted_into_each_other() -> None:
    assert ids.derive(KEY, "ab", "c") != ids.derive(KEY, "a", "bc")


@given(st.integers(0, ids.SLOTS - 1))
def test_a_derived_id_is_version_8_and_ends_in_its_slot(slot: int) -> None:
    made = ids.derive(KEY, "case", "A-1", slot=slot)
    assert (made.version, made.variant, made.bytes[-1]) == (8, RFC_4122, slot)


def test_another_key_makes_another_id() -> None:
    assert ids.derive(KEY, "a") != ids.derive(b"\x02" * 32, "a")


def test_a_commands_events_have_ids_of_their_own_and_always_the_same() -> None:
    command = UUID(int=7)
    made = [ids.event_id(command, n) for n in range(50)]
    assert len(set(made)) == 50
    assert made == [ids.event_id(command, n) for n in range(50)]


def test_people_are_drawn_not_derived() -> None:
    assert ids.new_subject() != ids.new_subject()
    assert ids.new_subject().version == 4
