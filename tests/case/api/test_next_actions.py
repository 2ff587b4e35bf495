"""What to do next about a case, over HTTP: in both languages, and as it stood before."""

from __future__ import annotations

from datetime import date, timedelta

import httpx

from tests.case.api.acts import Acted, cny


def test_actions_come_ranked_with_why_and_what_stands_in_the_way(http: httpx.Client) -> None:
    case = Acted(http).open(days=12)
    free = case.get("/next-actions")
    assert [one["action"] for one in free["items"]] == ["CALL", "TAKE_PROMISE", "OFFER_PLAN"]
    assert free["items"][0]["text"] == "Stage M1, 12 days past due, 1000.00 CNY in arrears."
    assert free["items"][0]["why"][0]["values"]["arrears"] == cny("1000.00")
    case.done("/disputes", scope="DEBT")
    held = case.get("/next-actions")
    assert (held["items"][0]["action"], held["items"][0]["blocked_by"]) == ("ANSWER_DISPUTE", [])
    [call] = [one for one in held["items"] if one["action"] == "CALL"]
    assert [(by["kind"], by["code"]) for by in call["blocked_by"]] == [("HOLD", "DISPUTE")]
    chinese = http.get(f"/v1/cases/{case.case_id}/next-actions", headers={"Accept-Language": "zh-CN"})
    assert chinese.headers["Content-Language"] == "zh-CN"
    assert chinese.json()["items"][0]["title"] == "处理异议"
    assert chinese.headers["ETag"] == case.etag


def test_a_promise_blocks_the_call_and_is_not_known_before_it_was_taken(http: httpx.Client) -> None:
    case = Acted(http).open(days=12)
    due = date.fromisoformat(case.get("/next-actions")["as_of"]) + timedelta(days=9)
    made = case.done("/promises", amount=cny("10.00"), due_on=due.isoformat())
    blocked = {one["action"]: one["blocked_by"] for one in case.get("/next-actions")["items"]}
    assert [(by["code"], by["ref"]) for by in blocked["CALL"]] == [("PROMISE_OPEN", made["id"])]
    before = http.get(f"/v1/cases/{case.case_id}/next-actions", params={"known_at": "2000-01-01"})
    assert before.status_code == 404


def test_an_assigned_case_is_shown_with_its_collector(http: httpx.Client) -> None:
    case = Acted(http).open(days=12)
    answer = case.post("/assignments", collector="user:5b0e", reason="SKILL")
    assert (answer.status_code, answer.json()["events"]) == (201, ["CaseAllocated"])
    again = case.post("/assignments", collector="not an id", reason="SKILL")
    assert again.status_code == 422
