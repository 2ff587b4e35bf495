"""One case on two clocks, the queues, and the events behind them, as the command shows them."""

import json

from tests.kit.command import Command
from tests.kit.importing import SAMPLE, rows_of

ACCOUNT = "TWC-000059"
LINES = [line for line in rows_of(SAMPLE) if line["account_ref"] == ACCOUNT]


def test_a_case_is_shown_as_it_stood_at_every_month_end(imported: Command) -> None:
    seen = 0
    for line in LINES:
        done = imported("case", "show", ACCOUNT, "--as-of", line["as_of"], "--json")
        if done.code:
            assert not seen, "a case that was there stays there"
            assert int(line["months_past_due"]) == 0
            continue
        seen += 1
        assert done.answer["as_of"] == line["as_of"]
        assert done.answer["days_past_due"] == 30 * int(line["months_past_due"])
        assert done.answer["lifecycle"] == ("open" if int(line["months_past_due"]) else "closed")
    assert seen >= 3


def test_what_was_known_before_the_import_is_nothing(imported: Command) -> None:
    done = imported("case", "show", ACCOUNT, "--known-at", "2005-12-31")
    assert done.code == 1
    assert "no such case" in done.err
    assert ACCOUNT not in done.err


def test_account_and_case_id_show_the_same_case(imported: Command) -> None:
    by_account = imported.json("case", "show", ACCOUNT)
    assert imported.json("case", "show", by_account["id"]) == by_account
    assert by_account["timeline"][0]["type"] == "case.CaseOpened/v1"
    assert len(by_account["timeline"]) == by_account["version"]


def test_an_older_episode_is_found_by_its_time(imported: Command) -> None:
    newest = imported.json("case", "show", "TWC-000671")
    assert newest["episode"] == 2
    first = imported.json("case", "show", "TWC-000671", "--as-of", "2005-08-31")
    assert (first["episode"], first["lifecycle"], first["reason"]) == (1, "closed", "CURED")


def test_the_timeline_speaks_chinese(imported: Command) -> None:
    done = imported("case", "show", ACCOUNT, QUITTANCE_LANG="zh-CN")
    assert "开立案件" in done.out


def test_queues_hold_every_open_case_once(imported: Command) -> None:
    sizes = {row["queue"]: row["cases"] for row in imported.json("queue", "list")}
    assert sum(sizes.values()) == imported.json("report", "cases")["open"]
    listed = imported.json("queue", "list", "M2", "--limit", "500")
    assert len(listed) == sizes["M2"]
    assert [row["rank"] for row in listed] == sorted((row["rank"] for row in listed), reverse=True)
    for row in listed:
        assert row["rank"] == sum(row["rank_parts"].values())


def test_two_collectors_are_given_two_cases_and_one_who_asks_again_the_same(imported: Command) -> None:
    first = imported.json("queue", "next", "M1", "--collector", "user:a")
    second = imported.json("queue", "next", "M1", "--collector", "user:b")
    again = imported.json("queue", "next", "M1", "--collector", "user:a")
    assert first["id"] == again["id"] != second["id"]


def test_an_empty_queue_answers_null(quittance: Command) -> None:
    from tests.kit.importing import row, write

    assert quittance("import", "statements", write(quittance.folder / "a.csv", [row()])).code == 0
    assert quittance.json("queue", "next", "M3") is None


def test_export_is_every_event_once_and_goes_on_where_it_ended(imported: Command) -> None:
    events = [json.loads(line) for line in imported("events", "export").out.splitlines()]
    assert [int(event["feedposition"]) for event in events] == list(range(1, len(events) + 1))
    assert len({event["id"] for event in events}) == len(events)
    out = imported.folder / "rest.ndjson"
    said = imported.json("events", "export", "--after", "4000", "--out", out)
    assert said == {"events": len(events) - 4000, "file": str(out), "after": str(len(events))}
    assert [json.loads(line) for line in out.read_text().splitlines()] == events[4000:]


def test_events_hold_facts_and_no_reference_of_a_debtor(imported: Command) -> None:
    exported = imported("events", "export").out
    assert "TWC-" not in exported
    assert '"balance":{"amount":"' in exported


def test_tail_shows_the_last_events_of_a_kind(imported: Command) -> None:
    lines = imported("events", "tail", "-n", "5", "--type", "CaseOpened", "--json").out.splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["quittance.case.CaseOpened.v1"] * 5
    assert imported("events", "tail", "-n", "0").out == ""


def test_an_event_is_shown_by_position_and_by_id(imported: Command) -> None:
    by_position = imported.json("events", "show", "17")
    assert imported.json("events", "show", by_position["event_id"]) == by_position
    assert json.loads(by_position["leaf"])["ver"] == by_position["version"]
    assert imported("events", "show", "999999").code == 1


def test_the_audit_trail_shows_people_the_lenders_day(imported: Command) -> None:
    lines = imported("audit", "list", "--debtor", ACCOUNT).out.splitlines()
    assert "2005-04-30" in lines[0], "the statement's own day, not the day it is in Greenwich then"


def test_the_audit_trail_holds_every_event_and_filters(imported: Command) -> None:
    everything = imported.json("audit", "list")
    exported = len(imported("events", "export").out.splitlines())
    assert len(everything) == exported
    case = imported.json("case", "show", ACCOUNT)
    of_case = imported.json("audit", "list", "--case", ACCOUNT)
    assert [record["version"] for record in of_case] == list(range(1, case["version"] + 1))
    of_debtor = imported.json("audit", "list", "--debtor", ACCOUNT)
    assert len(of_debtor) == len(of_case) + len(LINES)
    opened = imported.json("audit", "list", "--type", "CaseOpened")
    assert {record["type"] for record in opened} == {"case.CaseOpened/v1"}
    assert imported.json("audit", "list", "--actor", "user:nobody") == []
    assert imported.json("audit", "list", "--until", "2005-12-31") == []
    assert imported.json("audit", "list", "--debtor", "nobody") == []
    august = imported.json(
        "audit", "list", "--effective-from", "2005-08-01", "--effective-until", "2005-09-01"
    )
    first, end = "2005-07-31T16:00:00.000000Z", "2005-08-31T16:00:00.000000Z"
    assert august == [one for one in everything if first <= one["effective_at"] < end]
    assert 0 < len(august) < len(everything)
    assert imported.json("audit", "list", "--known-at", "2005-12-31") == []
    known = everything[len(everything) // 2]["recorded_at"]
    then = imported.json("audit", "list", "--known-at", known)
    assert then == [one for one in everything if one["recorded_at"] <= known]
    assert imported("audit", "list", "--effective-from", "yesterday").code == 2
    assert all(record["caused_by"] for record in of_case), (
        "the line is the cause of what followed for the case"
    )
