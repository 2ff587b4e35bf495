"""Cursors: what goes in comes out for the same filters and lanes, and nothing else is taken for one."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http import cursor
from shared.http.problems import Problem

FILTERS = {"stage": "M1", "status": None}
PIN = (12, 0)
KINDS = (int, str)


def _refused(text: str, **other: Any) -> bool:
    asked: dict[str, Any] = {"filters": FILTERS, "kinds": KINDS, "lanes": len(PIN)} | other
    with pytest.raises(Problem) as refused:
        cursor.decode(text, **asked)
    return refused.value.kind.code == "bad-cursor"


@given(st.text(max_size=60), st.integers(-(2**60), 2**60), st.lists(st.integers(0, 2**62), max_size=256))
def test_a_cursor_gives_back_its_key_and_its_pin(name: str, rank: int, pin: list[int]) -> None:
    made = cursor.encode((rank, name), filters=FILTERS, pin=pin)
    found = cursor.decode(made, filters=FILTERS, kinds=KINDS, lanes=len(pin))
    assert found == cursor.Place((rank, name), tuple(pin))


def test_it_belongs_to_one_list() -> None:
    made = cursor.encode((1, "a"), filters=FILTERS, pin=PIN)
    assert _refused(made, filters={**FILTERS, "stage": "M2"})
    assert _refused(made, kinds=(int,))
    assert _refused(made, kinds=(str, str))
    assert _refused(made, lanes=1)
    assert _refused(made, lanes=3)


@pytest.mark.parametrize(
    "pin", [None, "12", 12, [12], [-1, 0], [True, 0], [1.0, 0], ["1", 0], [2**63, 0], [[1], 0]]
)
def test_what_is_no_pin_is_refused(pin: object) -> None:
    [mark, _, *key] = json.loads(_opened(cursor.encode((1, "a"), filters=FILTERS, pin=PIN)))
    assert _refused(_closed([mark, pin, *key]))
    assert _refused(_closed([mark, *key])), "the form of a cursor before there were pins"


def _opened(made: str) -> bytes:
    return urlsafe_b64decode(made + "=" * (-len(made) % 4))


def _closed(said: list[object]) -> str:
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@given(st.text(max_size=200))
def test_any_other_text_is_refused_and_nothing_worse(text: str) -> None:
    assert _refused(text)
