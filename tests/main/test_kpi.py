"""`report kpi`, `report targets` and `import costs` as they are typed: both languages, JSON, files, refusals."""

import json
from pathlib import Path

import polars as pl
import pytest

from services.case.domain.figures.catalogue import KPIS
from tests.kit.command import Command, command_in
from tests.kit.importing import SAMPLE

COSTS = "source_ref,kind,amount,currency,on,case,team\nA-1,LEGAL,50.00,TWD,2005-09-10,,\nA-2,BRIBE,1,TWD,2005-09-10,,\n"
END = ("--as-of", "2005-09-30")


@pytest.fixture(scope="module")
def quittance(tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = command_in(tmp_path_factory.mktemp("kpi"))
    assert command("import", "statements", SAMPLE).code == 0
    return command


@pytest.mark.parametrize("name", ["roll", "days", "contact"])
def test_a_figure_is_told_as_a_table_and_as_json(quittance: Command, name: str) -> None:
    told = quittance("report", "kpi", name, *END)
    assert (told.code, told.out.splitlines()[0].startswith(KPIS[name].title_en)) == (0, True)
    said = quittance.json("report", "kpi", name, *END)
    assert said["formula"]["zh-CN"] == KPIS[name].formula_zh
    things = quittance.json("report", "kpi", name, *END, "--drill")
    assert {one["measure"] for one in things["items"]} <= set(KPIS[name].by_code)


def test_it_speaks_chinese(tmp_path: Path) -> None:
    chinese = command_in(tmp_path, QUITTANCE_LANG="zh-CN")
    assert chinese("import", "statements", SAMPLE).code == 0
    told = chinese("report", "kpi", "overdue", *END)
    assert told.out.startswith("逾期率与风险贷款率，2005-09-01 至 2005-09-30")
    assert "没有该名称的指标" in chinese("report", "kpi", "roi", *END).err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("roi", *END), 1, "No figure has this name"),
        (("roll", *END, "--by", "channel"), 1, "Break it down by one that is known"),
        (("roll", *END, "--by", "moon"), 2, "--by takes one of"),
        (("roll", *END, "--from", "2005-10-01"), 2, "the period must begin before it ends"),
        (("roll", *END, "--to", "2005-10-01"), 2, "the period must begin before it ends"),
        (("roll", "--as-of", "yesterday"), 2, "--as-of takes a date"),
        (("cure", *END, "--within-days", "-1"), 2, "0 to 366"),
        (("roll", *END, "--drill", "--measure", "moon"), 2, "--measure takes one of"),
        (("roll", *END, "--and-known-at", "2100-01-01", "--drill"), 2, "--and-known-at compares"),
        (("roll", *END, "--known-at", "2100-01-02", "--and-known-at", "2100-01-01"), 2, "must not be before"),
        (("roll", *END, "--csv", "/nowhere/at/all.csv"), 1, "there is no file at"),
    ],
)
def test_what_means_nothing_is_refused_in_one_line(
    quittance: Command, arguments: tuple[str, ...], code: int, said: str
) -> None:
    told = quittance("report", "kpi", *arguments)
    assert (told.code, said in told.err) == (code, True), told.err
    assert "Traceback" not in told.err


def test_files_hold_what_the_answer_says(quittance: Command, tmp_path: Path) -> None:
    files = ("--csv", tmp_path / "o.csv", "--parquet", tmp_path / "o.parquet")
    said = quittance.json("report", "kpi", "overdue", *END, *files)
    frame = pl.read_parquet(tmp_path / "o.parquet")
    assert frame.height == len(said["items"])
    assert [str(value) for value in frame["value"]] == [one["value"] for one in said["items"]]
    assert pl.read_csv(tmp_path / "o.csv").columns == frame.columns
    drilled = quittance.json("report", "kpi", "overdue", *END, "--drill", "--measure", "balance", *files)
    assert pl.read_parquet(tmp_path / "o.parquet").height == len(drilled["items"])


def test_as_known_and_as_corrected_stand_side_by_side(quittance: Command) -> None:
    asked = ("report", "kpi", "recovery", *END, "--known-at", "2005-12-31", "--and-known-at", "2100-01-01")
    said = quittance.json(*asked)
    assert said["changes_in_all"] > len(said["changes"]) - 1 > 0
    assert {"before", "after", "difference"} <= set(said["items"][0])
    assert "difference" in quittance(*asked).out


def test_costs_are_taken_in_once_and_counted(quittance: Command, tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_text(COSTS)
    first = quittance("import", "costs", file, "--source", "COURT", "--json")
    assert first.code == 1, "a line was rejected"
    assert json.loads(first.out)["booked"] == 1
    assert (tmp_path / "costs.rejects.csv").read_text() == "line,reason,field\n3,malformed,kind\n"
    again = json.loads(quittance("import", "costs", file, "--source", "COURT", "--json").out)
    assert (again["booked"], again["unchanged"], again["rejected"]) == (0, 1, 1)
    said = quittance.json("report", "kpi", "cost", *END)
    [kind] = [one for one in said["items"] if one["measure"] == "by_kind"]
    assert (kind["cell"], kind["numerator"]) == ("LEGAL", {"amount": "50.00", "currency": "TWD"})
    for arguments, told in (
        ((file, "--source", "court"), "a code in capitals"),
        ((tmp_path / "none.csv", "--source", "COURT"), "there is no file"),
        ((tmp_path, "--source", "COURT"), "is a folder"),
        ((SAMPLE, "--source", "COURT", "--rejects", tmp_path / "r.csv"), "not the header of a cost file"),
    ):
        refused = quittance("import", "costs", *arguments)
        assert refused.code in (1, 2)
        assert told in refused.err


def test_targets_of_a_year_without_a_calendar_are_said_to_have_none(quittance: Command) -> None:
    told = quittance("report", "targets", "--month", "2005-09")
    assert (told.code, "2005" in told.err, "no targets are set" in told.out) == (0, True, True)
    said = quittance.json("report", "targets", "--month", "2026-03", "--as-of", "2026-03-16")
    assert (said["working_days"], said["working_days_over"], said["items"]) == (22, 11, [])
    assert quittance("report", "targets", "--month", "2026-3").code == 2
