"""A mapping spoilt in any way is read or refused; it never breaks the reader."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.case.adapters.book.delivery import open_book
from services.case.adapters.book.mapping import BookUnusable, MappingUnusable
from tests.case.adapters.book.layouts import MAP_A, MAP_B, layout_a, layout_b

JUNK: tuple[Any, ...] = (
    0, -1, 1.5, True, "", "x", [], {}, ["a"], {"a": 1}, [[1]], "%Y", "\x00", "{x}", "PHONE", "customers", "loan",
    "../x", "GUARANTOR", "fen", "percent", 10**30, [{}], ["%Y%m%d"],
)  # fmt: skip
KEYS = (
    "constants", "columns", "made", "codes", "op", "only_with", "dates", "unit", "optional", "footer_rows", "x",
    "as_of", "until_is_last_day", "rates",
)  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("books")
    return layout_a(place / "a")[0], layout_b(place / "b")[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.randoms(use_true_random=False))
def test_a_spoilt_mapping_is_read_or_refused(
    draw: Random, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    text, folder = draw.choice([(MAP_A, folders[0]), (MAP_B, folders[1])])
    found = tomllib.loads(text)
    for _ in range(draw.randint(1, 3)):
        _spoil(found, draw)
    path = tmp_path / "MAP.toml"
    path.write_text(
        "\n".join(f"{_toml(key)} = {_toml(value)}" for key, value in found.items()), encoding="utf-8"
    )
    try:
        with open_book(folder, path) as book:
            for each in (book.parties(), book.accounts(), book.rejects()):
                for _ in each:
                    pass
    except (MappingUnusable, BookUnusable):
        pass  # refused with a code, which is what may happen


def _spoil(found: Any, draw: Random) -> None:
    """Replace, remove, add or repeat one thing in it."""
    *within, last = draw.choice([path for path in _paths(found) if path])
    for key in within:
        found = found[key]
    match draw.randrange(4):
        case 0:
            found[last] = copy.deepcopy(draw.choice(JUNK))
        case 1:
            del found[last]
        case 2 if isinstance(found, dict):
            found[draw.choice(KEYS)] = copy.deepcopy(draw.choice(JUNK))
        case _ if isinstance(found, list):
            found.append(copy.deepcopy(draw.choice([*found, "x"])))
        case _:
            found[draw.choice(list(found))] = copy.deepcopy(found[last])


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _paths(one, (*path, key))


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\x00", "\\u0000")
            return f'"{escaped}"'
        case dict():
            return "{ " + ", ".join(f"{_toml(key)} = {_toml(one)}" for key, one in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case int() | float():
            return repr(value)
    return str(value.isoformat())
