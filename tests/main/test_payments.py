"""`quittance import payments` and `quittance payments` as their users run them, on the bundled samples."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.kit.command import Command, command_in
from tests.kit.importing import SAMPLE

PAYMENTS = SAMPLE.parent / "payments"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A store with the sample of statements, and the payments beside it."""
    folder = tmp_path_factory.mktemp("payments")
    for file in PAYMENTS.iterdir():
        shutil.copy(file, folder)
    quittance = command_in(folder)
    assert quittance("import", "statements", SAMPLE).code == 0
    return quittance


def test_a_statement_a_notification_and_a_list(imported: Command) -> None:
    """What is matched, what waits, what went back; all of it once."""
    said = imported.json("import", "payments", "statement.xml", "--mapping", "bank.toml")
    assert (said["imported"], said["matched"], said["unmatched"], said["amount"]) == (3, 2, 1, "8010.00")
    assert said["ignored_by"] == {"fee": 1, "pending": 1}
    assert said["warnings"] == []
    said = imported.json("import", "payments", "notification.xml", "--mapping", "bank.toml")
    assert (said["returned"], said["returned_amount"]) == (1, "3913.00")
    said = imported.json("import", "payments", "payments.csv", "--mapping", "payments.toml")
    assert (said["imported"], said["matched"], said["returned"], said["rejected"]) == (3, 2, 1, 0)
    for file, mapping in (("statement.xml", "bank.toml"), ("payments.csv", "payments.toml")):
        assert imported.json("import", "payments", file, "--mapping", mapping)["events"] == 0
    [waits] = imported.json("payments", "unmatched")
    assert (waits["source_ref"], waits["reason"]) == ("BR20051012-0003", "NO_CASE")
    assert imported.json("payments", "returns") == []
    assert len(imported.json("payments", "returns", "--all")) == 2
    done = imported("payments", "match", waits["id"], "--case", "TWC-000001")
    assert (done.code, done.out) == (0, f"{waits['id']}: matched\n")
    assert imported("payments", "unmatched").out == "nothing to show\n"
    done = imported("payments", "unmatch", waits["id"], "--reason", "WRONG_DEBTOR", QUITTANCE_LANG="zh-CN")
    assert (done.code, done.out) == (0, f"{waits['id']}：待匹配\n")
    assert [run["kind"] for run in imported.json("import", "runs")].count("payments") == 5


def test_what_waits_is_asked_about_again(tmp_path: Path) -> None:
    """Payments that came before their cases; once is enough."""
    quittance = command_in(tmp_path)
    for file in ("notification.xml", "statement.xml"):
        quittance("import", "payments", PAYMENTS / file, "--mapping", PAYMENTS / "bank.toml")
    assert quittance("import", "statements", SAMPLE).code == 0
    assert quittance.json("payments", "rematch") == {
        "matched": 1,
        "unmatched": 1,
        "returned": 0,
        "waiting": 0,
    }
    done = quittance("payments", "rematch", QUITTANCE_LANG="zh-CN")
    assert done.out == "还款：新匹配 0 笔，待匹配 1 笔；退回：新匹配 0 笔，待匹配 0 笔\n"


def test_a_check_writes_nothing(imported: Command, tmp_path: Path) -> None:
    """It needs no store; what is wrong is listed by row and field."""
    quittance = command_in(tmp_path)
    done = quittance(
        "import", "payments", PAYMENTS / "payments.csv", "--mapping", PAYMENTS / "payments.toml", "--check"
    )
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("3 rows: 2 payments")
    broken = tmp_path / "broken.csv"
    broken.write_bytes((PAYMENTS / "payments.csv").read_bytes().replace(b"2005", b"205", 1))
    done = quittance("import", "payments", broken, "--mapping", PAYMENTS / "payments.toml", "--check")
    assert done.code == 1
    assert "row 2: bad-date (value_on)" in done.out
    assert not (tmp_path / ".quittance").exists()


def test_rejected_rows_are_listed_and_the_others_are_taken_in(tmp_path: Path) -> None:
    """Exit code 1; row, reason and field, and no value."""
    quittance = command_in(tmp_path)
    text = (PAYMENTS / "payments.csv").read_bytes().decode("gb18030").splitlines()
    text[2:2] = [
        text[1].replace("K-0001", "K-0009").replace("1,600", "1,6"),
        text[1].replace("1,600", "1,601"),
    ]
    (tmp_path / "list.csv").write_bytes("\n".join(text).encode("gb18030"))
    done = quittance("import", "payments", "list.csv", "--mapping", PAYMENTS / "payments.toml", "--json")
    assert done.code == 1
    assert (done.answer["imported"], done.answer["rejected"]) == (3, 2)
    assert (tmp_path / "list.rejects.csv").read_text().splitlines() == [
        "line,reason,field",
        "3,bad-amount,amount",
        "4,duplicate-source-ref,source_ref",
    ]


@pytest.mark.parametrize(
    ("file", "mapping", "code", "said"),
    [
        ("payments.csv", None, 1, "no-xml-and-no-columns-in-the-mapping"),
        ("payments.csv", "bank.toml", 1, "no-xml-and-no-columns-in-the-mapping"),
        ("statement.xml", "statement.xml", 1, "The mapping"),
        ("bank.toml", None, 1, "no-xml-and-no-columns-in-the-mapping"),
        ("missing.xml", None, 1, "there is no file"),
        (".", None, 1, "is a folder"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(
    imported: Command, file: str, mapping: str | None, code: int, said: str
) -> None:
    done = imported("import", "payments", file, *(("--mapping", mapping) if mapping else ()))
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) == 1


def test_an_empty_file_is_none(imported: Command) -> None:
    (imported.folder / "empty.xml").write_text("")
    assert imported("import", "payments", "empty.xml").code == 1
    (imported.folder / "empty.csv").write_text("")
    done = imported("import", "payments", "empty.csv", "--mapping", "payments.toml")
    assert done.code == 1
    assert "no-header" in done.err


def test_a_list_is_told_with_its_currency(tmp_path: Path) -> None:
    """An amount never stands without one, whether or not there are several."""
    quittance = command_in(tmp_path)
    (tmp_path / "list.csv").write_text("no,day,amount\n1,2026-01-05,54.21\n")
    (tmp_path / "map.toml").write_text(
        'format = "quittance-payments/1"\nsource = "COUNTER"\nchannel = "CASH"\n'
        '[columns]\nsource_ref = "no"\nvalue_on = "day"\namount = "amount"\n[constants]\ncurrency = "CNY"\n'
    )
    done = quittance("import", "payments", "list.csv", "--mapping", "map.toml")
    assert done.code == 0, done.err
    assert "54.21 CNY came in: 0 payments matched, 1 wait" in done.out
