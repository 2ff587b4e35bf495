"""The board, the diary, what expires, costs and what happened, as a lawyer's office asks for them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.kit.served import Served
from tests.legal.api.asked import CNY, Asked, refused
from tests.legal.api.test_steps_over_http import DAY, approved, assessed, took

SPAN = {"from": "2026-02-02", "until": "2027-01-01", "as_of": "2026-02-10"}


@pytest.fixture
def sued(server: Served, http: httpx.Client) -> tuple[Asked, str]:
    """A matter with a suit that is to be heard on 20 March 2026."""
    one = Asked(http).opened()
    track = assessed(one)
    approved(server, one, track)
    took(one, "SUIT_FILED", track, amount=CNY)
    took(one, "SUIT_ACCEPTED", track, case_no="（2026）沪0115民初7号", fee=CNY, fee_due="2026-02-09")
    took(one, "SUIT_SERVED", track, kind="DIRECT")
    took(one, "HEARING_SET", track, hearing_on="2026-03-20", room="第三法庭")
    return one, track


def test_the_board_shows_where_a_matter_stands_and_what_is_next(sued: tuple[Asked, str]) -> None:
    one, track = sued
    [found] = one.get("/v1/legal-matters", case=one.case, as_of="2026-02-10")["items"]
    assert (found["id"], found["case"], found["status"]) == (one.matter, one.case, "OPEN")
    [shown] = found["tracks"]
    assert (shown["id"], shown["kind"], shown["status"]) == (track, "SUIT", "HEARING_SET")
    assert found["overdue"] == 1, "the court fee"
    assert found["next_deadline"]["name"] in {"COPY_SENT", "DEFENCE"}
    assert found["law"].startswith("cn.law/")

    def which(**asked: str) -> list[str]:
        items = one.get("/v1/legal-matters", case=one.case, as_of="2026-02-10", **asked)["items"]
        return [item["id"] for item in items]

    assert which(kind="SUIT", step="HEARING_SET", status="OPEN") == [one.matter]
    assert which(kind="ENFORCEMENT") == which(status="CLOSED") == which(firm="NO-SUCH") == []
    assert which(due_before="2026-02-10") == [one.matter]
    assert which(due_before="2026-02-08") == []


def test_the_board_goes_on_page_by_page(http: httpx.Client) -> None:
    some = [Asked(http).opened() for _ in range(3)]
    listed: list[str] = []
    asked: dict[str, str] = {"limit": "2"}
    while True:
        page = some[-1].get("/v1/legal-matters", **asked)
        listed += [item["id"] for item in page["items"]]
        if page["page"]["next"] is None:
            break
        asked["cursor"] = page["page"]["next"]
    assert len(listed) == len(set(listed))
    assert {one.matter for one in some} <= set(listed)


def test_the_diary_names_every_day_in_the_reader_s_language(
    sued: tuple[Asked, str], http: httpx.Client
) -> None:
    one, track = sued
    found = one.get("/v1/court-diary", case=one.case, **SPAN)
    hearing = next(item for item in found["items"] if item["name"] == "HEARING")
    assert (hearing["day"], hearing["thing"], hearing["track_kind"]) == ("2026-03-20", track, "SUIT")
    assert (hearing["title"], hearing["state"], hearing["clock"]) == ("hearing", "RUNNING", None)
    defence = next(item for item in found["items"] if item["name"] == "DEFENCE")
    assert (defence["clock"], bool(defence["article"])) == ("defence", True)
    days = [item["day"] for item in found["items"]]
    assert days == sorted(days)
    answer = http.get(
        "/v1/court-diary", params={"case": one.case, **SPAN}, headers={"Accept-Language": "zh-CN"}
    )
    assert "开庭" in [item["title"] for item in answer.json()["items"]]
    assert answer.headers["Content-Language"] == "zh-CN"
    assert {
        item["whose"] for item in one.get("/v1/court-diary", case=one.case, whose="OURS", **SPAN)["items"]
    } == {"OURS"}
    first = one.get("/v1/court-diary", case=one.case, limit="1", **SPAN)
    second = one.get("/v1/court-diary", case=one.case, limit="1", cursor=first["page"]["next"], **SPAN)
    assert [*first["items"], *second["items"]] == found["items"][:2]


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-03-01", "until": "2026-03-01"},
        {"from": "2026-03-01", "until": "2026-02-01"},
        {"from": "2026-03-01", "until": "2028-03-01"},
        {"whose": "NOBODY"},
    ],
    ids=str,
)
def test_a_diary_of_no_days_of_too_many_or_of_nobody_is_refused(asked: Any, http: httpx.Client) -> None:
    assert refused(http.get("/v1/court-diary", params=asked)) == (422, "invalid")


def test_what_expires_is_listed_with_what_is_known_of_its_balance(http: httpx.Client) -> None:
    one = Asked(http).opened()
    one.done(
        f"/v1/cases/{one.case}/limitation/proofs",
        kind="demand_delivered",
        on="2026-03-02",
        evidence="CARRIER",
    )
    asked = {"case": one.case, "as_of": "2028-12-20"}
    found = one.get("/v1/limitation-risks", within="90", **asked)
    [risk] = found["items"]
    assert (risk["case"], risk["debt"], risk["person"]) == (one.case, one.debt, None)
    assert (risk["raw_on"], risk["expires_on"], risk["state"]) == ("2029-03-02", None, "CALENDAR_MISSING")
    assert (risk["days_left"], risk["owed"]) == (72, None)
    assert (risk["weakest"]["kind"], risk["weakest"]["raw_without"]) == ("demand_delivered", "2029-01-31")
    assert [(total["within"], total["debts"]) for total in found["totals"]] == [(90, 1), (30, 0)]
    assert one.get("/v1/limitation-risks", within="30", **asked)["items"] == []
    assert refused(http.get("/v1/limitation-risks", params={"within": "60"})) == (422, "invalid")


def test_what_expires_goes_on_page_by_page_soonest_first(http: httpx.Client) -> None:
    one = Asked(http)
    seen: list[tuple[str, ...]] = []
    asked: dict[str, str] = {"as_of": "2028-12-20", "limit": "150"}
    while True:
        page = one.get("/v1/limitation-risks", **asked)
        seen += [(item["day"], item["case"], item["debt"], item["person"] or "") for item in page["items"]]
        if page["page"]["next"] is None:
            break
        asked["cursor"] = page["page"]["next"]
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) > 150
    assert len({debt for _, _, debt, _ in seen}) == page["totals"][0]["debts"]


def test_costs_are_summed_by_matter_and_by_firm(http: httpx.Client) -> None:
    one = Asked(http).opened()
    booked = [
        one.done("/costs", kind="COURT_FEE", amount=CNY, borne_by=who)["id"] for who in ("LENDER", "DEBTOR")
    ]
    [found] = one.get("/v1/legal-costs", case=one.case)["items"]
    assert (found["matter"], found["costs"], found["total"]["amount"]) == (one.matter, 2, "426.00")
    assert (found["lender"]["amount"], found["debtor"]["amount"]) == ("213.00", "213.00")
    [by_firm] = one.get("/v1/legal-costs", by="firm", case=one.case)["items"]
    assert (by_firm["matter"], by_firm["firm"], by_firm["costs"]) == (None, None, 2)
    one.done(f"/v1/legal-costs/{booked[0]}/reversals", reason="BOOKED_TWICE")
    [found] = one.get("/v1/legal-costs", case=one.case)["items"]
    assert (found["costs"], found["lender"]["amount"]) == (1, "0.00")
    assert refused(http.get("/v1/legal-costs", params={"by": "court"})) == (422, "invalid")


def test_what_happened_is_told_in_words_and_shown_as_it_is(
    sued: tuple[Asked, str], http: httpx.Client
) -> None:
    one, _ = sued
    told = one.get("/timeline")
    entry = next(item for item in told["items"] if item["type"] == "legal.HearingSet")
    assert (entry["title"], entry["text"]) == ("Hearing set", f"For 2026-03-20, told on {DAY}.")
    assert "room" not in entry["facts"], "whoever reads the timeline needs no right to see names"
    assert "第三法庭" not in str(told)
    said = http.get(f"/v1/legal-matters/{one.matter}/timeline", headers={"Accept-Language": "zh"})
    assert "排期开庭" in [item["title"] for item in said.json()["items"]]
    page = one.get("/timeline", limit="2")
    assert len(page["items"]) == 2
    after = one.get("/timeline", limit="2", cursor=page["page"]["next"])
    assert [item["version"] for item in after["items"]] == [3, 4]
    raw = one.get("/events")
    accepted = next(item for item in raw["items"] if item["type"] == "legal.SuitAccepted")
    states = {section["name"]: section["state"] for section in accepted["sections"]}
    assert states == {"facts": "shown", "id": "masked"}
    assert "沪0115" not in str(raw)
    proofs = one.get(f"/v1/limitation-timelines/{one.case}")
    assert {"legal.DebtJoined", "legal.ProofRecorded"} <= {item["type"] for item in proofs["items"]}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/legal-matters/matter-6f1c0d1e-0000-8000-8000-00000000dead/timeline",
        "/v1/legal-matters/matter-6f1c0d1e-0000-8000-8000-00000000dead/events",
        "/v1/legal-matters/nothing/timeline",
        "/v1/legal-matters/nothing/events",
        "/v1/limitation-timelines/case-6f1c0d1e-0000-8000-8000-00000000dead",
        "/v1/limitation-timelines/nothing",
    ],
)
def test_of_what_is_not_there_nothing_happened(path: str, http: httpx.Client) -> None:
    assert refused(http.get(path)) == (404, "not-found")
