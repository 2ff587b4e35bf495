"""Strategies on the command line: checked, tried, published by two people, and what they make of cases."""

from importlib import resources
from pathlib import Path

import pytest

from services.case.adapters.treatment.strategy_file import SHIPPED
from tests.kit.command import Command, command_in
from tests.kit.importing import SAMPLE


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    command = command_in(tmp_path)
    assert command("import", "statements", SAMPLE).code == 0
    return command


def file(folder: Path, version: str, begins: str, *swaps: tuple[str, str]) -> Path:
    text = (resources.files("services.case.adapters.treatment") / SHIPPED).read_text(encoding="utf-8")
    for old, new in (('"cn-retail-treatment/1"', f'"{version}"'), ("2026-11-01", begins), *swaps):
        text = text.replace(old, new)
    path = folder / f"{version.replace('/', '-')}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_checked_and_every_fault_named(quittance: Command, tmp_path: Path) -> None:
    good = file(tmp_path, "bank/1", "2027-01-01")
    assert quittance.json("strategy", "check", good)["version"] == "bank/1"
    bad = file(
        tmp_path, "bank/2", "2027-01-01", ('stage = ["M3"]', 'stage = "M3"'), ('"STAGE_CHANGE"', '"SOON"')
    )
    done = quittance("strategy", "check", bad)
    assert done.code == 1
    assert "adopt: NOT_ONE_OF" in done.err
    assert "rules/6/when/stage: NOT_A_LIST" in done.err
    assert quittance("strategy", "check", tmp_path).code == 1
    assert quittance("strategy", "check", tmp_path / "nothing.toml").code == 1


def test_two_people_publish_and_the_first_alone_waits(quittance: Command, tmp_path: Path) -> None:
    mine = file(tmp_path, "bank/1", "2027-01-01")
    first = quittance("strategy", "publish", mine, "--by", "user:anna", "--json")
    assert (first.code, first.answer["status"]) == (4, "PROPOSED")
    assert quittance("strategy", "publish", mine, "--by", "user:anna").code == 4
    second = quittance("strategy", "publish", mine, "--by", "user:ben", "--json")
    assert (second.code, second.answer["status"]) == (0, "PUBLISHED"), second.err
    assert quittance("strategy", "publish", mine, "--by", "user:ben").code == 0, "nothing to add"
    changed = file(tmp_path, "bank/1", "2027-02-01")
    assert quittance("strategy", "publish", changed, "--by", "user:anna").code == 1
    early = file(tmp_path, "bank/2", "2026-12-31")
    assert quittance("strategy", "publish", early, "--by", "user:anna").code == 1
    assert quittance("strategy", "publish", mine, "--by", "anna").code == 2
    listed = quittance.json("strategy", "ls")
    assert {one["version"]: one["status"] for one in listed["items"]} == {
        "cn-retail-treatment/1": "SHIPPED",
        "bank/1": "PUBLISHED",
    }
    assert quittance.json("strategy", "show", "bank/1")["document"]["default"] == "WATCH"
    later = file(tmp_path, "bank/3", "2028-01-01")
    assert quittance("strategy", "publish", later, "--by", "user:anna").code == 4
    assert quittance("strategy", "reject", "bank/3", "--by", "user:anna", "--reason", "NO").code == 1
    assert quittance("strategy", "reject", "bank/3", "--by", "user:ben", "--reason", "NO").code == 0


def test_segments_are_undecided_until_the_sweep_and_then_reported(quittance: Command) -> None:
    before = quittance.json("report", "segments", "--as-of", "2005-09-30")
    assert before["open"] == before["undecided"] > 0
    cases = quittance.json("report", "cases")
    swept = quittance.json("sweep")
    assert swept[0]["cases"] == cases["open"]
    after = quittance.json("report", "segments", "--as-of", swept[0]["as_of"])
    assert (after["open"], after["undecided"]) == (cases["open"], 0)
    assert sum(one["cases"] for one in after["items"]) == cases["open"]
    assert after["steps_due"]
    assert quittance.json("sweep")[0]["events"] == 0, "nothing is said twice"
    assert quittance.json("report", "cases") == cases, "segments change no figure"


def test_a_strategy_is_tried_against_the_one_in_force_and_differences_are_told(
    quittance: Command, tmp_path: Path
) -> None:
    day = quittance.json("sweep")[0]["as_of"]
    same = quittance("strategy", "try", file(tmp_path, "bank/1", "2027-01-01"), "--as-of", day, "--json")
    assert (same.code, same.answer["different"]) == (0, 0)
    always = ("broken_promises = { at_least = 1 }", "broken_promises = { at_least = 0 }")
    firmer = file(tmp_path, "bank/2", "2027-01-01", always)
    tried = quittance("strategy", "try", firmer, "--as-of", day, "--json")
    assert tried.code == 3, tried.err
    moves = {(one["from"], one["to"]): one["cases"] for one in tried.answer["moves"]}
    assert moves["M2-STANDARD", "M2-FIRM"] > 0
    assert sum(n for (was, then), n in moves.items() if was != then) == tried.answer["different"]
    assert quittance.json("strategy", "ls")["items"][0]["status"] == "SHIPPED", "trying records nothing"


def test_a_case_tells_its_segment_its_steps_and_why_in_both_languages(quittance: Command) -> None:
    quittance("sweep")
    name = quittance.json("queue", "list", "M2")[0]["id"]
    told = quittance.json("strategy", "case", name)
    assert told["same"] is True
    assert told["now"]["rule"] == told["decided"]["rule"]
    english, chinese = (
        quittance("strategy", "case", name),
        quittance("strategy", "case", name, QUITTANCE_LANG="zh-CN"),
    )
    assert "by rule" in english.out
    assert "归入" in chinese.out
    assert quittance("strategy", "case", "nobody").code == 1


def test_the_early_warning_list_and_how_past_lists_turned_out(quittance: Command) -> None:
    """The sample's own months: the figures are those of real accounts."""
    listed = quittance.json("report", "early-warning", "--as-of", "2005-08-31")
    assert listed["accounts"] == 500
    assert 0 < listed["listed"] < listed["watched"] < 500
    points = [one["points"] for one in listed["items"]]
    assert points == sorted(points, reverse=True)
    assert all(sum(sign["points"] for sign in one["signs"]) == one["points"] for one in listed["items"])
    past = quittance.json("report", "early-warning", "--backtest", "2005-05-31", "2005-07-31")
    assert past["days"] == ["2005-05-31", "2005-06-30", "2005-07-31"]
    for one in past["horizons"]:
        assert one["accounts"] + one["unknown"] > one["fell"] >= one["hits"]
        assert float(one["lift"]) > 1, "whoever is on the list falls behind more often than others"
    assert quittance("report", "early-warning").code == 2
    assert quittance("report", "early-warning", "--backtest", "2005-07-31", "2005-05-31").code == 2
    assert "信号" in quittance("report", "early-warning", "--as-of", "2005-08-31", QUITTANCE_LANG="zh-CN").out
