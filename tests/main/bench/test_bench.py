"""Every benchmark runs, on tiny sizes, and answers in the agreed shape. Never how fast: this machine is shared."""

import json
from pathlib import Path

import pytest

from services.main import bench
from services.main.bench.figures import Ask, Figure, Goal, over_rounds
from services.main.bench.table import GOALS, TABLES

KEYS = ["bench", "case", "value", "unit", "base", "ratio"]
CONTACT = {"contact.decide", "contact.permit", "contact.race"}
WITHOUT_BASE = {"queue.next", "loss", "http.latency", "dossier.read", "legal.limitation"} | CONTACT
WITHOUT_GOAL = {"import.payments", "http.latency", "dossier.read", "legal.limitation"} | CONTACT


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.rows[0])
@pytest.mark.timeout(240)
def test_a_quick_round_answers_every_row(
    table: bench.Table, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "bench.jsonl"
    name = table.rows[0]
    assert set(table.rows) - GOALS.keys() <= WITHOUT_GOAL
    assert bench.run(name, out, quick=True) == 0
    printed = capsys.readouterr().out.splitlines()
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert name in {line["bench"] for line in lines}
    assert len(printed) == 1 + len(lines)
    for line in lines:
        assert list(line) == KEYS
        assert line["value"] >= 0
        assert (line["base"] is None) == (line["bench"] in WITHOUT_BASE)
        assert (line["ratio"] is None) == (line["base"] is None)


def test_a_name_that_is_none_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("append.group") == 2
    assert "append.group256" in capsys.readouterr().err


def test_a_ratio_is_taken_inside_its_round() -> None:
    rounds = [{"ours": 10.0, "base": 5.0}, {"ours": 100.0, "base": 400.0}, {"ours": 30.0, "base": 30.0}]
    [figure] = over_rounds(lambda n: rounds[n], [Ask("b", "c", "ours", "base")], rounds=3, unit="events/s")
    assert figure == Figure("b", "c", 30.0, "events/s", 30.0, 1.0)


def test_a_goal_is_of_the_ratio_or_an_upper_bound_of_the_value() -> None:
    assert Goal(0.35, 0.75).met_by(Figure("b", "c", 1, "events/s", 2, 0.35))
    assert not Goal(0.35, 0.75).met_by(Figure("b", "c", 1, "events/s", 2, 0.34))
    assert Goal(20, 5, of_value=True).met_by(Figure("b", "c", 20, "ms"))
    assert not Goal(20, 5, of_value=True).met_by(Figure("b", "c", 21, "ms"))


def test_json_alone_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("append.sqlite256", quick=True, as_json=True) == 0
    said = capsys.readouterr()
    [figure] = json.loads(said.out)
    assert list(figure) == KEYS
    assert "append.sqlite256" in said.err
