"""Strategies proposed and published over HTTP, and what they make of cases."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import httpx

from services.case.adapters.treatment.strategy_file import SHIPPED
from tests.case.api.acts import Acted, refused, second_person
from tests.kit.served import Served

DEADLINE_S = 60


def text(version: str, begins: date) -> str:
    from importlib import resources

    shipped = (resources.files("services.case.adapters.treatment") / SHIPPED).read_text(encoding="utf-8")
    return shipped.replace('"cn-retail-treatment/1"', f'"{version}"').replace(
        "2026-11-01", begins.isoformat()
    )


def today(http: httpx.Client) -> date:
    return date.fromisoformat(http.get("/v1/segments").json()["as_of"])


def decided(http: httpx.Client) -> Any:
    """The segments, once the sweep of yesterday has decided them."""
    ends = time.monotonic() + DEADLINE_S
    while time.monotonic() < ends:
        found = http.get("/v1/segments").json()
        if found["items"] and not found["undecided"]:
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def test_every_open_case_is_in_one_segment_and_says_why(http: httpx.Client) -> None:
    found = decided(http)
    assert sum(one["cases"] for one in found["items"]) == found["open"]
    one = found["items"][0]
    page = http.get(f"/v1/segments/{one['segment']}/cases", params={"limit": 2}).json()
    case = page["items"][0]["case"]
    answer = http.get(f"/v1/cases/{case}/strategy")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["same"] is True
    assert told["decided"]["segment"] == told["pinned"]["segment"] == one["segment"]
    assert told["decided"]["inputs"] == told["now"]["inputs"]
    assert told["now"]["passed_over"] or told["now"]["rule"] == "willing-not-able"
    assert {step["status"] for step in told["steps"]} <= {"PLANNED", "DUE", "TAKEN", "SKIPPED", "WITHDRAWN"}
    before = http.get(f"/v1/cases/{case}/strategy", params={"as_of": "2006-01-01"}).json()
    assert (before["decided"], before["steps"], before["now"]) == (None, [], None)


def test_pages_of_a_segment_hold_every_case_once(http: httpx.Client) -> None:
    one = max(decided(http)["items"], key=lambda row: row["cases"])
    address, seen = f"/v1/segments/{one['segment']}/cases?limit=7", []
    while address:
        answer = http.get(address)
        seen += [row["case"] for row in answer.json()["items"]]
        link = answer.headers.get("Link", "")
        address = link.partition("<")[2].partition(">")[0]
    total = sum(row["cases"] for row in decided(http)["items"] if row["segment"] == one["segment"])
    assert len(seen) == len(set(seen)) == total


def test_due_steps_are_listed_taken_and_skipped(http: httpx.Client) -> None:
    decided(http)
    page = http.get("/v1/strategy-steps", params={"limit": 500}).json()
    assert page["items"]
    one, other = page["items"][:2]
    case = Acted(http, one["case"])
    assert refused(case.post("/step-skips", step=one["step"], reason="LAZY")) == (
        422,
        "step-skip-reason-unknown",
    )
    done = case.done("/step-takings", step=one["step"])
    assert done["events"][0] == "StrategyStepTaken"
    assert refused(case.post("/step-skips", step=one["step"], reason="NOT_NEEDED")) == (409, "step-not-due")
    second = Acted(http, other["case"])
    assert second.done("/step-skips", step=other["step"], reason="NOT_NEEDED")["events"] == [
        "StrategyStepSkipped"
    ]
    steps = {row["step"]: row["status"] for row in case.get("/strategy")["steps"]}
    assert steps[one["step"]] == "TAKEN"
    left = http.get(
        "/v1/strategy-steps",
        params={"limit": 500, "case": one["case"]},
        headers={"Min-Position": str(case.position), "Prefer": "wait=10"},
    ).json()
    assert one["step"] not in [row["step"] for row in left["items"]]


def test_two_people_publish_a_strategy_and_nothing_overlaps(http: httpx.Client, server: Served) -> None:
    begins = today(http) + timedelta(days=30)
    case = Acted(http)
    sent = text("cn-retail-treatment/2", begins)
    made = case.done("/v1/strategy-versions", toml=sent)
    assert (made["id"], made["events"]) == ("cn-retail-treatment-2", ["StrategyProposed"])
    again = case.post("/v1/strategy-versions", toml=sent)
    assert (again.status_code, again.json()["events"]) == (200, [])
    other = text("cn-retail-treatment/2", begins + timedelta(days=1))
    assert refused(case.post("/v1/strategy-versions", toml=other)) == (409, "strategy-version-changed")
    approve = "/v1/strategy-versions/cn-retail-treatment-2/approvals"
    assert refused(case.post(approve)) == (409, "maker-is-checker")
    checker = second_person(server)
    answer = case.post(approve, token=checker)
    assert (answer.status_code, answer.json()["events"]) == (201, ["StrategyPublished"]), answer.text
    assert refused(case.post(approve, token=checker)) == (409, "not-awaiting-approval")
    listed = {one["version"]: one["status"] for one in http.get("/v1/strategy-versions").json()["items"]}
    assert listed == {"cn-retail-treatment/1": "SHIPPED", "cn-retail-treatment/2": "PUBLISHED"}
    shown = http.get("/v1/strategy-versions/cn-retail-treatment-2").json()
    assert shown["document"]["version"] == "cn-retail-treatment/2"
    overlap = text("cn-retail-treatment/3", begins)
    assert refused(case.post("/v1/strategy-versions", toml=overlap)) == (409, "strategy-versions-overlap")
    unknown = case.post("/v1/strategy-versions/cn-retail-treatment-9/approvals", token=checker)
    assert refused(unknown) == (404, "strategy-unknown")


def test_a_strategy_is_rejected_with_a_reason_and_its_number_is_gone(
    http: httpx.Client, server: Served
) -> None:
    begins = today(http) + timedelta(days=60)
    case, checker = Acted(http), second_person(server)
    case.done("/v1/strategy-versions", toml=text("other-bank/1", begins))
    reject = "/v1/strategy-versions/other-bank-1/rejections"
    answer = case.post(reject, token=checker, reason="TOO_STERN")
    assert answer.json()["events"] == ["StrategyRejected"]
    again = case.post("/v1/strategy-versions", toml=text("other-bank/1", begins))
    assert refused(again) == (409, "strategy-version-changed")


def test_a_day_that_was_decided_is_not_decided_again(http: httpx.Client) -> None:
    decided(http)
    sent = text("early-bank/1", today(http) - timedelta(days=20))
    assert refused(Acted(http).post("/v1/strategy-versions", toml=sent)) == (409, "strategy-begins-too-early")


def test_what_cannot_be_read_is_refused_without_being_told_again(http: httpx.Client) -> None:
    for sent in ("canary = 4711", "= canary", text("x/1", today(http)).replace('"M1-SOFT"', '"canary"')):
        answer = Acted(http).post("/v1/strategy-versions", toml=sent)
        assert refused(answer) == (422, "strategy-malformed")
        assert "canary" not in answer.text
        assert answer.json()["context"]["faults"]


def test_the_early_warning_list_says_what_each_sign_was_seen_by(http: httpx.Client) -> None:
    answer = http.get("/v1/reports/early-warning", params={"as_of": "2005-08-31", "limit": 3})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["accounts"], len(found["items"])) == (500, 3)
    for one in found["items"]:
        assert one["account"].startswith("account-")
        assert sum(sign["points"] for sign in one["signs"]) == one["points"]
        assert all(sign["figures"] for sign in one["signs"])
    before = http.get("/v1/reports/early-warning", params={"as_of": "2005-08-31", "known_at": "2005-09-01"})
    assert before.json()["accounts"] == 0, "nothing had been recorded then"
