"""History by the command line: checked, taken in, and again, in both languages; rejected rows by reason."""

from __future__ import annotations

from tests.kit.command import Command
from tests.kit.past import MAPPING, WHOLE, delivery, mapping


def test_history_is_checked_taken_in_and_taken_in_again(quittance: Command) -> None:
    past, how = delivery(quittance.folder), mapping(quittance.folder)
    checked = quittance.json("import", "history", past, "--mapping", how, "--check")
    assert (checked["rows"], checked["added"], checked["rejected"], checked["rejects"]) == (15, 15, 0, [])
    assert quittance.json("import", "runs") == [], "a check is no run"
    done = quittance.json("import", "history", past, "--mapping", how)
    assert (done["added"], done["cases_opened"], done["rejected"]) == (15, 2, 0)
    assert done["by_entity"] == {
        "attempts": 3, "cases": 2, "holds": 1, "payments": 3, "placements": 1, "plan_instalments": 2, "plans": 1,
        "promises": 2,
    }  # fmt: skip
    again = quittance.json("import", "history", past, "--mapping", how)
    assert (again["added"], again["unchanged"], again["events"]) == (0, 15, 0)
    runs = quittance.json("import", "runs", "--kind", "history")
    assert [(run["status"], run["counts"]["added"]) for run in runs] == [("DONE", 15), ("DONE", 0)]
    assert runs[0]["content"] == runs[1]["content"]
    assert quittance.json("report", "cases") | {"by_stage": {}} == {
        "open": 1, "closed": 1, "by_reason": {"CURED": 1}, "by_stage": {},
    }  # fmt: skip
    [broken] = quittance.json("book", "promises", "--status", "broken")
    assert (broken["due"], broken["judged_on"]) == ("2026-05-30", "2026-06-02")
    shown = quittance("case", "show", broken["case"], QUITTANCE_LANG="zh-CN").out
    assert "上线前记录" in shown
    assert "来源 OLD_SYSTEM" in shown
    assert quittance.json("audit", "verify")["found"] == 0


def test_rejected_rows_are_listed_and_the_rest_is_taken_in(quittance: Command) -> None:
    rows = {**WHOLE, "calls": (*WHOLE["calls"], "C-9,CANARY-K,2026-02-03 10:15:00,02")}
    past, how = delivery(quittance.folder, rows), mapping(quittance.folder)
    done = quittance("import", "history", past, "--mapping", how, QUITTANCE_LANG="zh-CN")
    assert done.code == 1
    assert "拒收 1" in done.out
    listed = (quittance.folder / "past.rejects.csv").read_text()
    assert listed.splitlines()[1] == "calls.csv,5,attempts,no-case,debtor_ref"
    checked = quittance("import", "history", past, "--mapping", how, "--check", QUITTANCE_LANG="zh-CN")
    assert checked.code == 1
    assert "该债务人没有案件" in checked.out
    assert "CANARY" not in listed + done.out + done.err + checked.out


def test_nothing_to_take_in_and_what_cannot_be_read(quittance: Command) -> None:
    how = mapping(quittance.folder)
    empty = delivery(quittance.folder, {}, name="empty")
    assert quittance.json("import", "history", empty, "--mapping", how)["rows"] == 0
    assert quittance("import", "history", quittance.folder / "none", "--mapping", how).code == 1
    assert quittance("import", "history", empty, "--mapping", quittance.folder / "none.toml").code == 1
    wrong = quittance("import", "history", empty, "--mapping", mapping(quittance.folder, MAPPING + "x = 1"))
    assert wrong.code == 1
    assert "Traceback" not in wrong.err
    assert quittance("import", "history", empty).code == 2
    assert quittance("import", "runs", "--status", "asleep").code == 2
