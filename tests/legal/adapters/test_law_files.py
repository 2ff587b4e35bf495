"""A law pack that is in doubt does not decide; a file of cases that is none is told by number only."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from services.legal.adapters.clock_cases import ClockCasesUnusable, answers
from services.legal.adapters.law_files import (
    PACKAGE,
    PINS,
    SHIPPED,
    LawUnusable,
    canonical_hash,
    load_law,
    pins_of,
    shipped,
)

TEXT = (files(PACKAGE) / "us.regf.toml").read_text(encoding="utf-8")
GOOD = (
    '{"id":"1","pack":"us.regf","clock":"retention_records","as_of":"2026-11-22",'
    '"facts":[{"kind":"last_collection_activity","on":"2026-03-31"}]}'
)


def test_the_shipped_packs_are_pinned() -> None:
    assert tuple(shipped()) == SHIPPED
    assert json.loads((files(PACKAGE) / PINS).read_text()) == pins_of()


@pytest.mark.parametrize(
    ("was", "becomes", "flaw"),
    [
        ("years = 3", "years = 3, decades = 1", "decades"),
        ('kind = "term"', 'kind = "feeling"', "feeling"),
        ('name = "retention_recording"', 'name = "retention_records"', "named twice"),
        (
            "length = [{ from = 2021-11-30, years = 3 }]",
            "length = [{ from = 2021-11-30, years = 3 }, { from = 2020-01-01, years = 2 }]",
            "overlap",
        ),
        ("length = [{ from = 2021-11-30, years = 3 }]", "length = []", "length"),
        ("version = ", "version ", "not TOML"),
    ],
)
def test_a_flawed_pack_does_not_load(was: str, becomes: str, flaw: str) -> None:
    assert was in TEXT
    with pytest.raises(LawUnusable) as refused:
        load_law("us.regf", TEXT.replace(was, becomes), pinned=None)
    assert flaw in str(refused.value.context["flaw"])


def test_a_changed_pack_does_not_load_under_its_old_pin() -> None:
    pin = canonical_hash(tomllib.loads(TEXT))
    assert load_law("us.regf", TEXT + "# a remark\n", pinned=pin)
    with pytest.raises(LawUnusable):
        load_law("us.regf", TEXT.replace("years = 3", "years = 2"), pinned=pin)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("no", None),
        ("{}", None),
        ("[1]", 1),
        (f"[{GOOD}, {GOOD.replace('us.regf', 'xx.law')}]", 2),
        (f"[{GOOD.replace('retention_records', 'hourglass')}]", 1),
        (f"[{GOOD.replace('2026-03-31', 'soon')}]", 1),
        (f"[{GOOD.replace('2026-11-22', '2026-13-22')}]", 1),
    ],
)
def test_what_holds_no_cases_is_refused(tmp_path: Path, text: str, number: int | None) -> None:
    file = tmp_path / "cases.json"
    file.write_text(text)
    with pytest.raises(ClockCasesUnusable) as refused:
        list(answers(file, shipped()))
    assert refused.value.context == {"number": number}


def test_the_chain_names_fact_effect_and_article(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(f"[{GOOD}]")
    [said] = answers(file, shipped(), why=True)
    assert (said["state"], said["expires_on"]) == ("RUNNING", "2029-03-31")
    assert said["chain"] == [
        {
            "fact": None,
            "kind": "last_collection_activity",
            "on": "2026-03-31",
            "effect": "START",
            "article": "1006.100(a)",
            "raw_on": "2029-03-31",
        }
    ]
    file.write_text("[]")
    assert list(answers(file, shipped())) == []
