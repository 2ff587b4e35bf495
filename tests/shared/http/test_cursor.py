"""Cursors: what goes in comes out for the same filters, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http import cursor
from shared.http.problems import Problem

FILTERS = {"stage": "M1", "status": None}


@given(st.text(max_size=60), st.integers(-(2**60), 2**60))
def test_a_cursor_gives_back_its_key(name: str, rank: int) -> None:
    made = cursor.encode((rank, name), filters=FILTERS)
    assert cursor.decode(made, filters=FILTERS, kinds=(int, str)) == (rank, name)


def test_other_filters_refuse_it() -> None:
    made = cursor.encode((1, "a"), filters=FILTERS)
    with pytest.raises(Problem):
        cursor.decode(made, filters={**FILTERS, "stage": "M2"}, kinds=(int, str))


def test_a_key_of_another_shape_is_refused() -> None:
    made = cursor.encode(("a",), filters=FILTERS)
    with pytest.raises(Problem):
        cursor.decode(made, filters=FILTERS, kinds=(int,))


@given(st.text(max_size=200))
def test_any_other_text_is_refused_and_nothing_worse(text: str) -> None:
    with pytest.raises(Problem) as refused:
        cursor.decode(text, filters=FILTERS, kinds=(int, str))
    assert refused.value.kind.code == "bad-cursor"
