"""Old bytes load: every version of every event ever stored decodes with the production registry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import pytest

from shared.eventstore.port import Malformed, UnknownType
from shared.eventstore.registry import Registry
from shared.kernel.section import FACTS, ID
from tests.golden import stored
from tests.golden.samples import SAMPLES
from tests.golden.write import write_missing

FILES = sorted(stored.EVENTS.glob("*.json"))
NAME = "case.LetterSeen/v1"


class LetterSeen(msgspec.Struct, frozen=True, kw_only=True):
    debtor: Annotated[str, ID]
    pages: Annotated[int, FACTS]


class LetterSeenRenamed(msgspec.Struct, frozen=True, kw_only=True):
    debtor: Annotated[str, ID]
    sheets: Annotated[int, FACTS]


class LetterSeenWidened(msgspec.Struct, frozen=True, kw_only=True):
    debtor: Annotated[str, ID]
    pages: Annotated[int, FACTS]
    stamped: Annotated[bool, FACTS] = False


class LetterSeenSecond(msgspec.Struct, frozen=True, kw_only=True):
    debtor: Annotated[str, ID]
    pages: Annotated[int, FACTS]
    by: Annotated[str, FACTS]


def test_every_stored_name_has_its_golden_file() -> None:
    """If this fails: add a sample to tests/golden/samples.py, run `python -m tests.golden.write`, commit the file."""
    assert {name: stored.missing(registry) for name, registry in stored.registries().items()} == {
        name: [] for name in stored.registries()
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_old_bytes_load_and_say_what_they_said(path: Path) -> None:
    golden = stored.read(path)
    assert stored.path_of(golden.stored_name) == path
    service = golden.stored_name.partition(".")[0]
    stored.check(golden, registry=stored.registries()[service])


def test_a_new_type_without_a_file_is_missed(tmp_path: Path) -> None:
    assert stored.missing(Registry({NAME: LetterSeen}), folder=tmp_path) == [NAME]


@pytest.mark.parametrize("shape", [LetterSeenRenamed, LetterSeenWidened])
def test_a_stored_shape_that_was_edited_is_reported(shape: type[msgspec.Struct]) -> None:
    golden = stored.seal(LetterSeen(debtor="D-1", pages=3), registry=Registry({NAME: LetterSeen}))
    with pytest.raises((Malformed, stored.Changed)):
        stored.check(golden, registry=Registry({NAME: shape}))


def test_a_type_taken_out_of_the_registry_is_reported() -> None:
    golden = stored.seal(LetterSeen(debtor="D-1", pages=3), registry=Registry({NAME: LetterSeen}))
    with pytest.raises(UnknownType):
        stored.check(golden, registry=Registry({"case.Other/v1": LetterSeenSecond}))


def test_a_file_whose_bytes_were_edited_is_reported() -> None:
    registry = Registry({NAME: LetterSeen})
    golden = stored.seal(LetterSeen(debtor="D-1", pages=3), registry=registry)
    other = stored.seal(LetterSeen(debtor="D-1", pages=4), registry=registry)
    with pytest.raises(stored.Changed, match="commits to"):
        stored.check(msgspec.structs.replace(golden, body=other.body, keys=other.keys), registry=registry)


def test_an_old_version_loads_as_the_present_one() -> None:
    golden = stored.seal(LetterSeen(debtor="D-1", pages=3), registry=Registry({NAME: LetterSeen}))
    present = Registry(
        {NAME: LetterSeen, "case.LetterSeen/v2": LetterSeenSecond},
        {NAME: lambda old: LetterSeenSecond(debtor=old.debtor, pages=old.pages, by="unknown")},
    )
    assert stored.check(golden, registry=present) == LetterSeenSecond(debtor="D-1", pages=3, by="unknown")


def test_a_golden_file_is_never_overwritten(tmp_path: Path) -> None:
    registry = stored.registries()["case"]
    assert set(write_missing(registry, folder=tmp_path)) <= set(SAMPLES)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert before
    assert write_missing(registry, folder=tmp_path) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
