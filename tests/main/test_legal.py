"""`quittance legal clocks`: answers a file of deadlines; needs no store."""

from pathlib import Path

import pytest

from tests.kit.command import Command, command_in

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/how-to/examples/clock-cases.json"


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    return command_in(tmp_path)


def test_the_answer_is_one_document_with_and_without_json(quittance: Command) -> None:
    wanted = [
        {"id": "restarted-then-sued", "state": "IN_PROCEDURE", "raw_on": None, "expires_on": None},
        {
            "id": "guarantee-does-not-restart",
            "state": "EXPIRED",
            "raw_on": "2026-02-28",
            "expires_on": "2026-02-28",
        },
    ]
    for more in ([], ["--json"]):
        done = quittance("legal", "clocks", "--cases", EXAMPLE, *more)
        assert (done.code, done.answer) == (0, wanted)


def test_why_names_what_each_fact_did(quittance: Command) -> None:
    chain = quittance("legal", "clocks", "--cases", EXAMPLE, "--why").answer[0]["chain"]
    assert [link["effect"] for link in chain] == ["START", "RESTART", "HELD"]
    assert chain[1]["article"].startswith("民法典 195")


def test_a_file_that_holds_no_cases_is_told_without_its_content(quittance: Command, tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text('[{"id": "13800001111"}]')
    done = quittance("legal", "clocks", "--cases", file)
    assert done.code == 1
    assert "number: 1" in done.err
    assert "13800001111" not in done.err + done.out
