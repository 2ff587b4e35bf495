"""Contacts over HTTP: always taken, judged, corrected late, and listed as they were known."""

from datetime import datetime, timedelta

import httpx
import pytest

from shared.kernel.clock import SystemClock
from tests.contact.api.asked import NAMED, NOON, Asked, refused

NIGHT = NOON + timedelta(hours=11)


@pytest.fixture
def one(http: httpx.Client) -> Asked:
    return Asked(http).described()


def _rules(answer: dict[str, object]) -> list[str]:
    breach = answer["breach"]
    assert isinstance(breach, list)
    return [one["rule"] for one in breach]


def test_a_call_under_its_permit_broke_nothing_and_spends_it(one: Asked) -> None:
    one.done("/preferences", kind="agreement", agreement="agreed_hours")
    permit = one.permit(exception="agreed_hours")
    at = datetime.fromisoformat(permit["evaluated_at"]) + timedelta(milliseconds=1)
    said = one.called(at, "ring_no_answer", permit=permit["token"])
    assert said["breach"] == []
    assert one.get(f"/v1/contact-permits/{permit['id']}")["spent_by"] == said["id"]
    second = one.called(at + timedelta(milliseconds=1), "busy", permit=permit["token"])
    assert "NO-PERMIT" in _rules(second)


def test_a_call_at_night_without_a_permit_is_on_record_with_all_that_it_broke(one: Asked) -> None:
    said = one.called(NIGHT)
    assert {"NO-PERMIT", "CN-GBT45251-HOURS"} <= set(_rules(said))
    assert all(reason["message"] for reason in said["breach"])
    [listed] = one.get("/v1/contact-breaches", subject=one.subject)["items"]
    assert listed["attempt"] == said["id"]
    assert set(listed["rules"]) == set(_rules(said))
    assert [one["rule"] for one in listed["reasons"]] == listed["rules"]


def test_their_calls_and_replies_break_nothing(one: Asked) -> None:
    said = one.called(NIGHT, direction="in")
    assert said["breach"] == []
    [shown] = one.get("/v1/contact-attempts", subject=one.subject, direction="in")["items"]
    assert (shown["id"], shown["outcome"]) == (said["id"], "conversation")


def test_one_report_is_one_attempt_however_often_it_comes(one: Asked) -> None:
    first = one.called(NOON, source_ref="CDR-same")
    sent = {"subject": one.subject, "channel": "voice", "contact_point": one.point, "content": NAMED}
    again = one.post(
        "/v1/contact-attempts", source="DIALER", source_ref="CDR-same", at=NOON.isoformat(),
        outcome={"outcome": "conversation"}, **sent,
    )  # fmt: skip
    assert (again.status_code, again.json()["id"], again.json()["events"]) == (200, first["id"], [])
    other = one.post(
        "/v1/contact-attempts", source="DIALER", source_ref="CDR-same", at=NIGHT.isoformat(), **sent
    )
    assert refused(other) == (409, "attempt-already-reported")


def test_a_late_outcome_turns_an_earlier_call_into_a_breach_and_is_known_since_then(one: Asked) -> None:
    for minutes in (0, 10, 20):
        one.called(NOON + timedelta(minutes=minutes))
    fourth = one.called(NOON + timedelta(minutes=30), "busy")
    assert "CN-GBT45251-CALLS" in _rules(fourth)
    third = one.get("/v1/contact-attempts", subject=one.subject)["items"][1]
    before = SystemClock().now().isoformat().replace("+00:00", "Z")
    said = one.done(f"/v1/contact-attempts/{third['id']}/outcomes", outcome="busy")
    assert [one["attempt"] for one in said["breaches_found"]] == [fourth["id"]]
    now = one.get("/v1/contact-breaches", subject=one.subject, rule="CN-GBT45251-CALLS")["items"]
    then = one.get("/v1/contact-breaches", subject=one.subject, rule="CN-GBT45251-CALLS", known_at=before)[
        "items"
    ]
    assert ([one["attempt"] for one in now], [one["attempt"] for one in then]) == ([], [fourth["id"]])


def test_a_number_that_was_anothers_takes_its_calls_out_of_the_counts(one: Asked) -> None:
    for minutes in (0, 10, 20, 30):
        one.called(NOON + timedelta(minutes=minutes))
    said = one.done(
        "/contact-points/corrections", kind="misdirected", contact_point=one.point, source="DIALER"
    )
    found = one.get("/v1/contact-breaches", subject=one.subject, rule="CN-GBT45251-CALLS")["items"]
    assert found == []
    assert said["id"] == one.point


def test_outcomes_recordings_and_retractions_are_shown(one: Asked) -> None:
    attempt = one.called(NOON, None)["id"]
    one.done(
        f"/v1/contact-attempts/{attempt}/outcomes", outcome="conversation", seconds=60, identity="VERIFIED"
    )
    one.done(f"/v1/contact-attempts/{attempt}/recordings", uri="s3://r/1.opus", sha256="9f" * 32)
    shown = one.get(f"/v1/contact-attempts/{attempt}")
    assert (shown["outcome"], shown["reached"], shown["identity"], shown["recordings"]) == (
        "conversation", "RIGHT_PARTY", "VERIFIED", 1,
    )  # fmt: skip
    one.done(f"/v1/contact-attempts/{attempt}/retractions", reason="REPORTED_TWICE")
    assert one.get(f"/v1/contact-attempts/{attempt}")["retracted"] == "REPORTED_TWICE"
    late = one.post(f"/v1/contact-attempts/{attempt}/outcomes", outcome="busy")
    assert refused(late) == (409, "attempt-retracted")


def test_an_outcome_outside_the_list_and_an_attempt_nobody_reported_are_refused(one: Asked) -> None:
    attempt = one.called(NOON, None)["id"]
    assert refused(one.post(f"/v1/contact-attempts/{attempt}/outcomes", outcome="chat")) == (422, "invalid")
    nobody = f"{attempt[:-16]}{'0' * 16}"
    assert refused(one.post(f"/v1/contact-attempts/{nobody}/outcomes", outcome="busy")) == (
        404,
        "attempt-unknown",
    )


def test_the_register_lists_and_counts_refusals_and_pages_hold_still(one: Asked) -> None:
    ids = [one.permit(content=[])["id"] for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = one.get(
            "/v1/contact-refusals", subject=one.subject, limit="2", **({"cursor": cursor} if cursor else {})
        )
        seen += [item["id"] for item in page["items"]]
        cursor = page["page"]["next"]
        if cursor is None:
            break
        one.permit(content=[])
    assert seen[:5] == ids[::-1] or sorted(seen) == sorted(ids)
    assert one.get("/v1/contact-refusals", subject=one.subject, rule="CN-CBA2026-IDENT")["items"]
    assert one.get("/v1/contact-refusals", subject=one.subject, rule="NO-SUCH")["items"] == []
    counts = one.get("/v1/contact-refusal-counts")["items"]
    assert sum(item["refusals"] for item in counts if item["rule"] == "CN-CBA2026-IDENT") >= 5


def test_the_grid_shows_seven_days_with_reasons_caps_and_counts(one: Asked) -> None:
    one.called(NOON)
    one.done("/preferences", kind="channel", channel="sms")
    grid = one.get("/contactability")
    assert (grid["subject"], grid["days"], grid["zones"]) == (one.subject, 7, ["Asia/Shanghai"])
    by = {entry["channel"]: entry for entry in grid["channels"]}
    voice = by["voice"]
    assert voice["contact_point"] == one.point
    assert voice["slots"][0]["open"] == voice["open_now"]
    assert any(slot["rules"] == ["CN-GBT45251-HOURS"] for slot in voice["slots"])
    assert set(grid["reasons"]) == {
        rule for entry in grid["channels"] for slot in entry["slots"] for rule in slot["rules"]
    }
    only = one.get("/contactability", channel="letter")
    assert [entry["channel"] for entry in only["channels"]] == ["letter"]


def test_an_empty_outbox_and_its_channels_are_an_answer(one: Asked) -> None:
    assert one.get("/v1/messages", subject=one.subject)["items"] == []
    assert "providers" in one.get("/v1/channel-health")
    assert refused(one.http.get("/v1/messages/cat_1")) == (404, "not-found")
    assert refused(one.http.get("/v1/contact-attempts/cat_1")) == (404, "not-found")


def test_a_case_nobody_told_of_is_not_found(one: Asked) -> None:
    case = "case-00000000-0000-8000-8000-000000000009"
    assert refused(one.http.get(f"/v1/contact-cases/{case}")) == (404, "not-found")
