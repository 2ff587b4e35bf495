"""POST /v1/cases, closures and reopenings."""

from typing import Any

import httpx
import pytest

from tests.case.api.acts import Acted, refused


def test_a_case_is_opened_and_seen(http: httpx.Client) -> None:
    case = Acted(http).open("1234.50", 40)
    sheet = case.get()
    assert (sheet["lifecycle"], sheet["arrears"]) == ("open", {"amount": "1234.50", "currency": "CNY"})
    assert case.get("/balance")["owed"]["total"]["amount"] == "1234.50"


def test_one_open_case_a_debtor(http: httpx.Client) -> None:
    sent = {
        "debtor_ref": "D-TWICE",
        "account_ref": "A-1",
        "arrears": {"amount": "5.00", "currency": "CNY"},
        "days_past_due": 3,
    }
    first = Acted(http).post("", key="first", **sent)
    assert first.status_code == 201
    assert Acted(http).post("", key="first", **sent).headers["Idempotent-Replayed"] == "true"
    assert refused(Acted(http).post("", **sent)) == (409, "case-already-open")


def test_closing_needs_the_version_it_was_decided_on(http: httpx.Client) -> None:
    case = Acted(http).open()
    assert refused(case.post("/closures", reason="SOLD")) == (428, "precondition-required")
    old = case.etag
    case.done("/holds", kind="CEASE", reason="DEBTOR_ASKED")
    stale = case.post("/closures", match=old, reason="SOLD")
    assert refused(stale) == (412, "version-conflict")
    assert "HoldPlaced" in stale.json()["context"]["since"]
    case.done("/closures", match="now", reason="SOLD")
    assert case.get()["lifecycle"] == "closed"
    assert refused(
        case.post("/promises", amount={"amount": "1.00", "currency": "CNY"}, due_on="2100-01-01")
    ) == (
        409,
        "case-not-open",
    )


def test_a_reason_that_the_facts_do_not_bear_out_is_refused(http: httpx.Client) -> None:
    case = Acted(http).open()
    assert refused(case.post("/closures", match="now", reason="PAID")) == (422, "closing-reason-refused")


def test_a_closed_case_is_opened_again_and_back_in_its_queue(http: httpx.Client) -> None:
    case = Acted(http).open(days=200)
    assert refused(case.post("/reopenings", match="now", reason="ERROR")) == (409, "case-still-open")
    case.done("/closures", match="now", reason="SOLD")
    answer = case.post("/reopenings", match="now", reason="SOLD_BY_MISTAKE")
    assert answer.status_code == 201, answer.text
    assert case.get()["lifecycle"] == "open"
    reach = {"Min-Position": answer.headers["Event-Position"], "Prefer": "wait=10"}
    queued = http.get("/v1/cases", params={"queue": "M4+", "limit": 200}, headers=reach)
    assert case.case_id in [item["id"] for item in queued.json()["items"]], queued.text


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (
            "/plan-quotes",
            {"total": {"amount": "6.00", "currency": "CNY"}, "count": True, "first_due": "2100-01-01"},
        ),
        (
            "/plan-quotes",
            {"total": {"amount": "6.00", "currency": "CNY"}, "count": "3", "first_due": "2100-01-01"},
        ),
        ("/deaths", {"confirmed": "yes"}),
        ("/deaths", {"confirmed": 1}),
        ("/holds", {"kind": "CEASE", "reason": "ASKED", "until": "2100-W01-2"}),
    ],
)
def test_what_looks_like_a_number_a_truth_or_a_day_is_not_taken_for_one(
    http: httpx.Client, path: str, sent: dict[str, Any]
) -> None:
    assert refused(Acted(http).open().post(path, **sent)) == (422, "invalid")


def test_a_case_that_was_paid_is_not_late_in_the_list_either(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00", 95)
    said = case.done("/payments", amount={"amount": "1000.00", "currency": "CNY"}, channel="CARD")
    assert "CaseClosed" in said["events"]
    reach = {"Min-Position": str(case.position), "Prefer": "wait=10"}
    items = http.get("/v1/cases", params={"status": "closed", "limit": 200}, headers=reach).json()["items"]
    [listed] = [item for item in items if item["id"] == case.case_id]
    assert (listed["stage"], listed["days_past_due"]) == ("M0", case.get()["days_past_due"])
