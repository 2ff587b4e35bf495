"""The staff directory on the command line: a list taken in, once; moved, away, gone; in both languages."""

import shlex
from pathlib import Path

import pytest

from tests.house.test_readme import SAMPLE as STATEMENTS
from tests.house.test_readme import typed
from tests.kit.command import Command, command_in

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "services/main/sample/staff.csv"


@pytest.fixture(scope="module")
def quittance(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return command_in(tmp_path_factory.mktemp("staff"))


def test_a_list_is_taken_in_once_and_its_changes_after(quittance: Command, tmp_path: Path) -> None:
    first = quittance.json("staff", "import", SAMPLE)
    assert first == {"lines": 5, "registered": 5, "changed": 0, "unchanged": 0, "rejected": 0, "events": 5}
    again = quittance.json("staff", "import", SAMPLE)
    assert (again["unchanged"], again["events"]) == (5, 0)
    changed = tmp_path / "changed.csv"
    changed.write_text(
        "staff_ref,team,role,stages,languages,cap,on,leave_from,leave_until\n"
        "user:5b0e,SHANGHAI_B,COLLECTOR,M1;M2;M3,zh-CN,60,2026-01-01,2026-02-01,2026-02-05\n"
        "陈某,SHANGHAI_B,COLLECTOR,,,,,,\n"
        "user:0a0b,SHANGHAI_B,COLLECTOR,M9,,,,,\n"
    )
    third = quittance("staff", "import", changed, "--json")
    assert third.code == 1
    assert (third.answer["changed"], third.answer["rejected"], third.answer["events"]) == (1, 2, 2)
    rejects = (tmp_path / "changed.rejects.csv").read_text()
    assert rejects == "line,reason,field\n3,malformed,staff_ref\n4,malformed,stages\n"
    twice = quittance("staff", "import", changed, "--json")
    assert (twice.answer["unchanged"], twice.answer["events"]) == (1, 0)
    teams = {on: quittance.json("staff", "teams", "--on", on) for on in ("2025-12-31", "2026-02-01")}
    assert [(one["team"], one["members"], one["there"]) for one in teams["2025-12-31"]] == [
        ("SHANGHAI_A", 3, 3),
        ("SHANGHAI_B", 2, 2),
    ]
    assert [(one["team"], one["members"], one["there"]) for one in teams["2026-02-01"]] == [
        ("SHANGHAI_A", 2, 2),
        ("SHANGHAI_B", 3, 2),
    ]


def test_somebody_moves_is_away_and_leaves(quittance: Command) -> None:
    who = "user:6c1f"
    assert quittance.json("staff", "move", who, "--team", "BEIJING", "--on", "2026-03-01")["events"] == [
        "TeamChanged"
    ]
    assert quittance.json("staff", "move", who, "--team", "BEIJING", "--on", "2026-03-01")["events"] == []
    away = ("staff", "leave", who, "--from", "2026-04-01", "--until", "2026-04-03")
    assert quittance.json(*away)["events"] == ["LeaveTaken"]
    assert quittance.json(*away)["events"] == []
    assert quittance.json("staff", "left", who, "--on", "2026-05-01")["events"] == ["StaffLeft"]
    seen = {
        on: next(one for one in quittance.json("staff", "list", "--on", on) if one["staff_ref"] == who)
        for on in ("2026-04-02", "2026-04-03", "2026-05-01")
    }
    assert [(one["team"], one["away"], one["active"]) for one in seen.values()] == [
        ("BEIJING", True, True), ("BEIJING", False, True), ("BEIJING", False, False),
    ]  # fmt: skip
    chinese = quittance("staff", "list", "--on", "2026-05-01", QUITTANCE_LANG="zh-CN")
    assert "离职" in chinese.out


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("staff", "import", "/nowhere.csv"), 1),
        (("staff", "leave", "user:6c1f", "--from", "2026-04-03", "--until", "2026-04-03"), 1),
        (("staff", "leave", "user:6c1f", "--from", "soon", "--until", "2026-04-03"), 2),
        (("staff", "leave", "Chén Mǒu", "--from", "2026-04-01", "--until", "2026-04-03"), 2),
        (("staff", "left", "user:nobody"), 1),
        (("staff", "move", "user:6c1f", "--team", "team a"), 2),
    ],
)
def test_what_makes_no_sense_ends_with_a_line_that_says_so(
    quittance: Command, line: tuple[str, ...], code: int
) -> None:
    for language in ("en", "zh-CN"):
        done = quittance(*line, QUITTANCE_LANG=language)
        assert (done.code, done.out) == (code, "")
        assert done.err.startswith("quittance: ")
        assert "Chén" not in done.err


@pytest.mark.parametrize("page", ["keep-the-staff-directory.md", "share-out-cases.md"])
def test_what_the_pages_tell_to_type_runs(tmp_path: Path, page: str) -> None:
    quittance = command_in(tmp_path)
    assert quittance("import", "statements", STATEMENTS, "--rejects", tmp_path / "r.csv").code == 0
    lines = typed((ROOT / "docs/how-to" / page).read_text())
    assert len(lines) >= 5
    for line in lines:
        words = [str(ROOT / word) if word.startswith("services/") else word for word in shlex.split(line)[1:]]
        done = quittance(*words)
        assert done.code == 0, (line, done.err)


def test_cases_are_shared_out_and_again_nothing_changes(tmp_path: Path) -> None:
    quittance = command_in(tmp_path)
    assert quittance("import", "statements", STATEMENTS, "--rejects", tmp_path / "r.csv").code == 0
    nobody = quittance.json("allocate")
    assert (nobody["run"], nobody["given"]) == (None, 0)
    assert {one["reason"] for one in nobody["items"]} == {"NOBODY"}
    quittance.json("staff", "import", SAMPLE)
    dry = quittance.json("allocate", "--dry-run", "--seed", "s")
    assert (dry["dry_run"], dry["run"]) == (True, None)
    done = quittance.json("allocate", "--seed", "s")
    assert (done["given"], done["items"]) == (dry["given"], dry["items"])
    assert (done["carried_out"], done["overtaken"]) == (done["given"], [])
    again = quittance.json("allocate")
    assert (again["run"], again["given"], again["kept"]) == (None, 0, done["given"])
    got = {one["collector"] for one in done["items"] if one["collector"]}
    for team, members in (
        ("SHANGHAI_A", {"user:5b0e", "user:6c1f"}),
        ("SHANGHAI_B", {"user:7d20", "user:8e31"}),
    ):
        sizes = {one["queue"]: one["cases"] for one in quittance.json("queue", "list", "--team", team)}
        assert sum(sizes.values()) == sum(one["collector"] in members for one in done["items"])
    for mistyped in (("queue", "list", "--team", "NOPE"), ("allocate", "--team", "NOPE", "--dry-run")):
        told = quittance(*mistyped)
        assert told.code == 2
        assert "quittance staff teams" in told.err
    assert got == {"user:5b0e", "user:6c1f", "user:7d20", "user:8e31"}
    handed = quittance.json("queue", "next", "M2", "--collector", "user:5b0e")
    assert handed["assignee"] == "user:5b0e"
    assert quittance.json("queue", "next", "M1", "--collector", "user:stranger") is None
    assert quittance.json("staff", "leavers") == []
    quittance.json("staff", "left", "user:8e31")
    gone = quittance.json("staff", "leavers")
    assert {(one["collector"], one["why"]) for one in gone} == {("user:8e31", "LEFT")}
    assert len(gone) == sum(one["collector"] == "user:8e31" for one in done["items"])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("allocate", "--queue", "promised"), 2),
        (("allocate", "--team", "team a"), 2),
        (("allocate", "--seed", "a b"), 2),
        (("allocate", "--rule", "by-mood"), 1),
        (("allocate", "--rules", "/nowhere.toml"), 1),
        (("allocate", "--rules", SAMPLE), 1),
    ],
)
def test_a_sharing_out_that_makes_no_sense(quittance: Command, line: tuple[str, ...], code: int) -> None:
    for language in ("en", "zh-CN"):
        done = quittance(*line, QUITTANCE_LANG=language)
        assert (done.code, done.out) == (code, "")
        assert done.err.startswith("quittance: ")
