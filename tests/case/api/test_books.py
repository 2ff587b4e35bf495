"""The lists across cases over HTTP: what they show, page by page, and to whom."""

import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused, second_person
from tests.kit.served import Served

LISTS = (
    "/v1/promises", "/v1/plan-instalments", "/v1/approvals", "/v1/complaints", "/v1/disputes", "/v1/placements",
    "/v1/legal-referrals",
)  # fmt: skip


def _list(case: Acted, path: str, token: dict[str, str] | None = None, **asked: Any) -> list[Any]:
    """The items of one case, after all that was done to it."""
    headers = {"Min-Position": str(case.position), "Prefer": "wait=10", **(token or {})}
    answer = case.http.get(path, params={"case": case.case_id, **asked}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "Projection-Position" in answer.headers
    items: list[Any] = answer.json()["items"]
    return items


@pytest.mark.parametrize("path", LISTS)
def test_a_list_with_nothing_in_it_is_an_answer(http: httpx.Client, path: str) -> None:
    case = Acted(http).open()
    assert _list(case, path) == []
    answer = http.get(path, params={"case": case.case_id})
    assert answer.json()["page"] == {"next": None}
    assert "Link" not in answer.headers
    for wrong in ({"case": "TWC-000059"}, {"status": "SOMEHOW"}, {"colour": "red"}, {"limit": "0"}):
        assert refused(http.get(path, params=wrong)) == (422, "invalid")
    assert refused(http.get(path, params={"cursor": "x"})) == (400, "bad-cursor")


def test_the_promise_book_page_by_page_and_as_it_was_known(http: httpx.Client) -> None:
    case = Acted(http).open()
    taken = [case.done("/promises", amount=cny("100.00"), due_on=case.day(3))["id"]]
    [shown] = _list(case, "/v1/promises", status="ACTIVE")
    assert (shown["id"], shown["case"], shown["amount"]) == (taken[0], case.case_id, cny("100.00"))
    before = datetime.now(UTC).isoformat()
    time.sleep(0.01)
    case.done(f"/v1/promises/{taken[0]}/cancellations", reason="DEBTOR_ASKED")
    taken.append(case.done("/promises", amount=cny("50.00"), due_on=case.day(4))["id"])
    assert [(p["id"], p["status"]) for p in _list(case, "/v1/promises")] == [
        (taken[0], "CANCELLED"), (taken[1], "ACTIVE"),
    ]  # fmt: skip
    assert [p["status"] for p in _list(case, "/v1/promises", known_at=before)] == ["ACTIVE"]
    assert [p["id"] for p in _list(case, "/v1/promises", due_from=case.day(4))] == taken[1:]
    assert [p["id"] for p in _list(case, "/v1/promises", due_until=case.day(4))] == taken[:1]
    first = http.get("/v1/promises", params={"case": case.case_id, "limit": 1})
    assert [p["id"] for p in first.json()["items"]] == taken[:1]
    case.done(f"/v1/promises/{taken[1]}/cancellations", reason="DEBTOR_ASKED")
    _list(case, "/v1/promises")
    rest = http.get(first.links["next"]["url"])
    assert [(p["id"], p["status"]) for p in rest.json()["items"]] == [(taken[1], "ACTIVE")]
    assert rest.json()["page"] == {"next": None}
    other = {"cursor": first.json()["page"]["next"], "status": "KEPT"}
    assert refused(http.get("/v1/promises", params=other)) == (400, "bad-cursor")


def test_one_promise_on_two_clocks(http: httpx.Client) -> None:
    case = Acted(http).open()
    promise = case.done("/promises", amount=cny("500.00"), due_on=case.day(5))["id"]
    path = f"/v1/promises/{promise}"
    paid = case.done("/payments", amount=cny("500.00"), channel="CARD")
    kept = http.get(path)
    assert (kept.json()["status"], kept.json()["appropriated"]) == ("KEPT", cny("500.00"))
    assert kept.json()["because"] == [paid["id"]]
    [listed] = _list(case, "/v1/promises")
    assert kept.json()["judged_on"] == listed["judged_on"] == case.day(0)
    assert kept.headers["ETag"] == case.etag
    assert kept.json()["links"]["case"] == f"/v1/cases/{case.case_id}"
    before = datetime.now(UTC).isoformat()
    time.sleep(0.01)
    case.done(f"/v1/payments/{paid['id']}/reversals", reason="NO_FUNDS")
    now = http.get(path).json()
    assert (now["status"], now["appropriated"], now["judged_on"]) == ("REOPENED", None, None)
    assert [p["status"] for p in _list(case, "/v1/promises")] == ["REOPENED"]
    then = http.get(path, params={"known_at": before, "as_of": case.day(0)}).json()
    assert then["status"] == "KEPT"
    assert refused(http.get(path, params={"as_of": "2001-01-01"})) == (404, "not-found")
    assert refused(http.get(f"/v1/promises/{case.none('prm')}")) == (404, "not-found")
    assert refused(http.get(f"/v1/promises/{paid['id']}")) == (404, "not-found")


def test_the_plan_calendar_and_one_plan(http: httpx.Client) -> None:
    case = Acted(http).open()
    quote = case.done("/plan-quotes", total=cny("1000.00"), count=3, first_due=case.day(20))["id"]
    plan = case.done("/plans", quote_id=quote, affordability="AFF-1")["id"]
    offered = http.get(f"/v1/plans/{plan}").json()
    assert (offered["status"], offered["agreed_on"], len(offered["instalments"])) == ("OFFERED", None, 3)
    late = http.get(f"/v1/plans/{plan}", params={"as_of": case.day(90)}).json()
    assert (late["status"], late["since"] > late["expires_on"]) == ("LAPSED", True)
    assert _list(case, "/v1/plan-instalments") == []
    case.done(f"/v1/plans/{plan}/acceptances", match="now", supplement="DOC-1")
    entries = _list(case, "/v1/plan-instalments", status="OPEN", plan_status="ACTIVE")
    assert [(one["number"], one["amount"]["amount"]) for one in entries] == [
        (1, "333.34"), (2, "333.33"), (3, "333.33"),
    ]  # fmt: skip
    assert [one["number"] for one in _list(case, "/v1/plan-instalments", due_until=case.day(21))] == [1]
    case.done("/payments", amount=cny("400.00"), channel="CARD")
    assert [one["status"] for one in _list(case, "/v1/plan-instalments")] == ["PAID", "OPEN", "OPEN"]
    shown = http.get(f"/v1/plans/{plan}").json()
    assert shown["agreed_on"] == case.day(0)
    assert (shown["status"], shown["supplement"], shown["total"]) == ("ACTIVE", "DOC-1", cny("1000.00"))
    assert [one["paid"]["amount"] for one in shown["instalments"]] == ["333.34", "66.66", "0.00"]
    later = http.get(f"/v1/plans/{plan}", params={"as_of": case.day(120)}).json()
    assert later["status"] == "DEFAULTED"
    assert refused(http.get(f"/v1/plans/{case.none('pln')}")) == (404, "not-found")


def test_an_approval_is_never_shown_as_approvable_to_who_proposed_it(server: Served) -> None:
    case, other = Acted(server.http).open(), second_person(server)
    offer = case.done("/settlements", amount=cny("500.00"), pay_by=case.day(5))["id"]
    [own] = _list(case, "/v1/approvals", mine="true")
    assert (own["approvable"], own["mine"], "approve" in own["links"]) == (False, True, False)
    assert _list(case, "/v1/approvals", mine="false") == []
    [theirs] = _list(case, "/v1/approvals", other, mine="false", status="WAITING", kind="SETTLEMENT")
    assert (theirs["approvable"], theirs["mine"], theirs["given_up"]) == (True, False, cny("500.00"))
    case.done(theirs["links"]["approve"], match="now", token=other)
    [done] = _list(case, "/v1/approvals", other)
    assert (done["id"], done["status"], done["approvable"]) == (offer, "APPROVED", False)
    assert (done["decided_by"], done["decided_on"]) == ("second-person", case.day(0))
    assert refused(server.http.get("/v1/approvals", params={"mine": "perhaps"})) == (422, "invalid")
    proposal = case.done("/write-offs", reason="UNCOLLECTABLE")["id"]
    [waiting] = _list(case, "/v1/approvals", other, status="WAITING")
    case.done(waiting["links"]["approve"], match="now", token=other)
    [done] = _list(case, "/v1/approvals", kind="WRITE_OFF")
    assert (done["id"], done["status"]) == (proposal, "APPROVED")


def test_complaints_and_disputes_with_their_answer_dates(http: httpx.Client) -> None:
    case = Acted(http).open()
    complaint = case.done("/complaints", kind="CONDUCT")["id"]
    [shown] = _list(case, "/v1/complaints", status="OPEN")
    assert (shown["id"], shown["overdue"]) == (complaint, False)
    assert shown["answer_by"] > shown["received_on"]
    assert _list(case, "/v1/complaints", overdue="true") == []
    case.done(f"/v1/complaints/{complaint}/answers", match="now", finding="NO_BREACH")
    [shown] = _list(case, "/v1/complaints", overdue="false")
    assert (shown["status"], shown["finding"]) == ("ANSWERED", "NO_BREACH")
    dispute = case.done("/disputes", scope="AMOUNT", amount=cny("80.00"))["id"]
    [shown] = _list(case, "/v1/disputes", status="OPEN")
    assert (shown["id"], shown["amount"], shown["overdue"]) == (dispute, cny("80.00"), False)
    assert _list(case, "/v1/disputes", overdue="true") == []


def test_placements_and_referrals(http: httpx.Client) -> None:
    case = Acted(http).open()
    sent = {"agency": "AGENCY-7", "until": case.day(90), "evaluated_on": case.day(-1)}
    placed = case.done("/placements", match="now", **sent)["id"]
    [shown] = _list(case, "/v1/placements", agency="AGENCY-7", status="LIVE")
    assert (shown["id"], shown["until"]) == (placed, case.day(90))
    case.done(f"/v1/placements/{placed}/recalls", reason="COMPLAINT")
    [shown] = _list(case, "/v1/placements")
    assert (shown["status"], shown["until"]) == ("RECALLED", case.day(0))
    other = Acted(http).open()
    referred = other.done("/legal-referrals", match="now", reason="NO_OTHER_WAY")["id"]
    [shown] = _list(other, "/v1/legal-referrals", status="LIVE")
    assert (shown["id"], shown["owed"]) == (referred, cny("1000.00"))
