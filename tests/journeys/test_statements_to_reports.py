"""Lines go in; cases open, age, cure and close; every report equals plain counting over the file."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.journeys import plain_counting as plain
from tests.kit.command import Command, command_in
from tests.kit.importing import SAMPLE, counted, row, rows_of, write

MONTHS = plain.months(SAMPLE)


@pytest.mark.parametrize("day", MONTHS)
def test_buckets_equal_plain_counting_at_every_month_end(imported: Command, day: str) -> None:
    assert imported.json("report", "buckets", "--as-of", day) == plain.buckets(SAMPLE, day)


@pytest.mark.parametrize(("from_", "to"), [*pairwise(MONTHS), (MONTHS[0], MONTHS[-1])])
def test_roll_rates_equal_plain_counting_between_month_ends(imported: Command, from_: str, to: str) -> None:
    said = imported.json("report", "roll-rates", "--from", from_, "--to", to)
    assert said == plain.roll_rates(SAMPLE, from_, to)


def test_a_day_between_two_month_ends_shows_the_earlier_one(imported: Command) -> None:
    assert imported.json("report", "buckets", "--as-of", "2005-09-15") == plain.buckets(SAMPLE, "2005-08-31")


def test_before_the_first_statement_there_is_nothing(imported: Command) -> None:
    assert imported.json("report", "buckets", "--as-of", "2005-01-31") == []


def test_cases_equal_plain_counting(imported: Command) -> None:
    assert imported.json("report", "cases") == plain.cases(SAMPLE)


def test_an_import_answers_with_exactly_its_fields_and_a_second_one_adds_nothing(quittance: Command) -> None:
    first = quittance.json("import", "statements", SAMPLE)
    count = counted(rows_of(SAMPLE))
    seconds = first.pop("seconds")
    assert seconds > 0
    assert first == {
        "lines": 3000, "imported": 3000, "unchanged": 0, "rejected": 0, "cases_opened": count.opened,
        "cases_cured": count.cured, "payments": count.payments,
        "payments_amount": f"{count.paid // 100}.{count.paid % 100:02d}", "events": count.events,
    }  # fmt: skip
    again = quittance.json("import", "statements", SAMPLE)
    assert (again["imported"], again["unchanged"], again["events"]) == (0, 3000, 0)
    assert again["payments_amount"] == "0.00"


def test_an_import_tells_its_progress_on_standard_error_alone(quittance: Command) -> None:
    done = quittance("import", "statements", SAMPLE, "--json")
    assert len(done.out.splitlines()) == 1
    assert "lines/s" in done.err
    assert "left" in done.err


def test_rejected_lines_are_named_and_the_rest_is_taken_in(quittance: Command) -> None:
    rows = [row("A-1"), row("A-2", currency="ZZZ"), row("A-3", balance="1,5"), row("A-4", months=2)]
    file = write(quittance.folder / "june.csv", rows)
    done = quittance("import", "statements", file, "--json")
    assert done.code == 1
    assert (done.answer["imported"], done.answer["rejected"]) == (2, 2)
    rejects = (quittance.folder / "june.rejects.csv").read_text().splitlines()
    assert rejects[0] == "line,reason,field"
    assert [line.split(",")[:2] for line in rejects[1:]] == [["3", "unknown-currency"], ["4", "malformed"]]


def test_a_changed_line_is_a_conflict_and_an_older_one_is_out_of_order(quittance: Command) -> None:
    assert (
        quittance("import", "statements", write(quittance.folder / "a.csv", [row("A-1", "2005-05-31")])).code
        == 0
    )
    changed = [row("A-1", "2005-05-31", balance="7"), row("A-1", "2005-04-30")]
    done = quittance("import", "statements", write(quittance.folder / "b.csv", changed), "--rejects", "r.csv")
    assert done.code == 1
    said = (quittance.folder / "r.csv").read_text()
    assert "2,conflict" in said
    assert "3,out-of-order" in said
    assert "A-1" not in said, "a rejects file names lines, not people"


def test_every_report_comes_back_from_the_ledger_alone(quittance: Command) -> None:
    import sqlite3
    from contextlib import closing

    assert quittance("import", "statements", SAMPLE).code == 0
    before = [quittance.json(*question) for question in _QUESTIONS]
    with closing(sqlite3.connect(quittance.folder / ".quittance/case.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        kept = {"ledger_lane", "ledger_event", "ledger_command", "subject_map", "data_key", "alembic_version"}
        for name in set(names) - kept:
            if not name.startswith("sqlite_"):
                connection.execute(f"DROP TABLE {name}")
        connection.commit()
    rebuilt = quittance.json("projection", "rebuild", "--all")
    assert rebuilt["parked"] == 0
    assert [quittance.json(*question) for question in _QUESTIONS] == before


_QUESTIONS = (
    ("report", "cases"),
    ("report", "buckets", "--as-of", "2005-09-30"),
    ("report", "roll-rates", "--from", "2005-08-31", "--to", "2005-09-30"),
    ("queue", "list"),
    ("queue", "list", "M2", "--limit", "500"),
    ("audit", "list", "--limit", "50"),
)


def test_the_same_on_postgresql(tmp_path: Path, pg_dsn: str) -> None:
    quittance = command_in(tmp_path, QUITTANCE_STORE=pg_dsn)
    first = quittance.json("import", "statements", SAMPLE)
    assert first["events"] == counted(rows_of(SAMPLE)).events
    assert quittance.json("import", "statements", SAMPLE)["events"] == 0
    for day in MONTHS:
        assert quittance.json("report", "buckets", "--as-of", day) == plain.buckets(SAMPLE, day)
    assert quittance.json("report", "cases") == plain.cases(SAMPLE)
    verified = quittance.json("audit", "verify")
    on_record = first["events"] + 2 * 2  # each of the two runs has its beginning and its end
    assert (verified["lanes"], verified["checked"], verified["found"]) == (8, on_record, 0)
    assert len(quittance("events", "export").out.splitlines()) == on_record
    assert quittance.json("queue", "next", "M2")["queue"] == "M2"
    last = quittance("events", "tail", "-n", "3", "--json").out.splitlines()
    assert len(json.loads(last[-1])["feedposition"].split(".")) == 8
    assert pg_dsn not in quittance("doctor").out, "an address may hold a password"
