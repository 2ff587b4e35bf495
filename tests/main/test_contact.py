"""`quittance contact`: answers a file of cases, lists packs, checks one of yours; needs no store and makes none."""

import json
from pathlib import Path

import pytest

from tests.kit.command import Command, command_in

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/how-to/examples/contact-cases.json"


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    return command_in(tmp_path)


def test_the_answer_is_one_document_with_and_without_json(quittance: Command) -> None:
    wanted = [
        {
            "id": "late-evening",
            "outcome": "defer",
            "rules": ["CN-GBT45251-HOURS"],
            "warnings": [],
            "until": "2026-03-03T08:00:00+08:00",
        },
        {
            "id": "ask-a-colleague-to-pay",
            "outcome": "deny",
            "rules": ["CN-GBT45251-CONTACTS"],
            "warnings": [],
            "until": None,
        },
    ]
    for more in ([], ["--json"]):
        done = quittance("contact", "decide", "--cases", str(EXAMPLE), *more)
        assert (done.code, json.loads(done.out)) == (0, wanted)


def test_why_speaks_the_readers_language(quittance: Command) -> None:
    said = [
        json.loads(quittance("contact", "decide", "--cases", str(EXAMPLE), "--why", QUITTANCE_LANG=tag).out)
        for tag in ("en", "zh-CN")
    ]
    messages = [one[0]["why"][0]["message"] for one in said]
    assert "22:00" in messages[0]
    assert "债务人" in messages[1]
    assert said[0][0]["packs"][0]["provisional"] is True


def test_nothing_is_stored(quittance: Command, tmp_path: Path) -> None:
    quittance("contact", "decide", "--cases", str(EXAMPLE))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_holds_no_cases_is_told_without_its_content(quittance: Command, tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text('[{"id": "13800001111"}]')
    done = quittance("contact", "decide", "--cases", str(file))
    assert done.code == 1
    assert "number: 1" in done.err
    assert "13800001111" not in done.err + done.out
    assert quittance("contact", "decide", "--cases", str(tmp_path / "none.json")).code == 1


def test_the_packs_are_listed_and_one_of_yours_is_checked(quittance: Command, tmp_path: Path) -> None:
    listed = json.loads(quittance("contact", "packs", "--json").out)
    assert [pack["id"] for pack in listed][-1] == "house"
    assert all(len(pack["hash"]) == 64 and pack["cases"] for pack in listed)
    mine = tmp_path / "house.mine.toml"
    mine.write_text("[pack]\n")
    done = quittance("contact", "packs", "--check", str(mine))
    assert done.code == 1
    assert "Traceback" not in done.err
