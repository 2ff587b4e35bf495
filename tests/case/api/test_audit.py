"""Searches of the audit trail: bounds and position stated, on both clocks, and nobody named."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused
from tests.kit.served import Served

_NUMBERS = count(1)
WAIT = {"Prefer": "wait=10"}


def _begin(http: httpx.Client, *, key: str | None = None, prefer: str = "", **sent: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key or f"audit-{next(_NUMBERS)}", **({"Prefer": prefer} if prefer else {})}
    return http.post("/v1/audit/searches", json=sent, headers=headers)


def _records(http: httpx.Client, search: str, *, limit: int = 50) -> list[Any]:
    """All records of a search."""
    items: list[Any] = []
    cursor: str | None = None
    while True:
        asked = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        page = http.get(f"/v1/audit/searches/{search}/records", params=asked, headers=WAIT)
        assert page.status_code == 200, page.text
        assert page.headers["Projection-Position"] == page.json()["search"]["position"]
        items += page.json()["items"]
        cursor = page.json()["page"]["next"]
        if cursor is None:
            return items


def _found(http: httpx.Client, **sent: Any) -> list[Any]:
    answer = _begin(http, **sent)
    assert answer.status_code == 201, answer.text
    return _records(http, answer.json()["id"])


@pytest.fixture(scope="module")
def case(server: Served) -> Acted:
    """A case with a payment that came later than it happened."""
    opened = Acted(server.http).open("500.00", debtor_ref="AUDIT-1", account_ref="A-AUDIT-1", on="2026-03-02")
    opened.done("/payments", amount=cny("40.00"), channel="CARD", on="2026-03-05")
    return opened


def test_a_search_states_its_bounds_and_its_position(http: httpx.Client, case: Acted) -> None:
    head = http.get("/v1/feeds").json()["items"][0]["head"]
    answer = _begin(
        http, case=case.case_id, type="PaymentReceived", effective_from="2026-03-01T00:00:00+08:00"
    )
    said = answer.json()
    assert (answer.status_code, said["position"], said["events"]) == (201, head, ["AuditSearched"])
    assert answer.headers["Location"] == f"/v1/audit/searches/{said['id']}"
    shown = http.get(said["links"]["self"]).json()
    assert shown["position"] == head
    assert shown["bounds"] == {
        "case": case.case_id, "debtor": False, "actor": None, "type": "PaymentReceived", "recorded_from": None,
        "recorded_until": None, "effective_from": "2026-02-28T16:00:00.000000Z", "effective_until": None,
    }  # fmt: skip
    [record] = _records(http, said["id"])
    assert record["type"] == "case.PaymentReceived/v2"
    assert record["stream"] == case.case_id
    alone = http.get(f"/v1/audit/records/{record['event_id']}")
    assert (alone.status_code, alone.json()) == (200, record)


def test_the_stream_of_a_case_is_found_whole(http: httpx.Client, case: Acted) -> None:
    timeline = case.get("/timeline", limit="200")["items"]
    records = _found(http, case=case.case_id)
    assert [one["version"] for one in records] == [one["version"] for one in timeline]


def test_a_debtor_is_looked_for_by_reference_and_named_nowhere(http: httpx.Client, case: Acted) -> None:
    answer = _begin(http, debtor_ref="AUDIT-1")
    records = _records(http, answer.json()["id"])
    assert {one["stream"] for one in records} >= {case.case_id}
    assert {one["version"] for one in records if one["stream"] == case.case_id} >= {1, 2, 3}
    shown = http.get(answer.json()["links"]["self"])
    page = http.get(answer.json()["links"]["records"], headers=WAIT)
    for said in (answer, shown, page):
        assert "AUDIT-1" not in said.text + str(said.headers) + str(said.url)
        assert "subject" not in said.text
    assert shown.json()["bounds"]["debtor"] is True
    assert _found(http, debtor_ref="AUDIT-nobody") == []
    again = _found(http, debtor_ref="AUDIT-1", type="AuditSearched")
    assert len(again) >= 1, "who looked for a debtor is found with the debtor"


def test_a_payment_that_was_matched_is_found_with_its_debtor(http: httpx.Client, case: Acted) -> None:
    sent = {
        "source": "AUDITED", "source_ref": "R-1", "account_ref": "A-AUDIT-1", "debtor_ref": "AUDIT-1",
        "amount": cny("1.00"), "value_on": "2026-03-09", "channel": "CARD",
    }  # fmt: skip
    entered = http.post("/v1/payments", json=sent, headers={"Idempotency-Key": "audited-payment"}).json()
    types = [one["type"] for one in _found(http, debtor_ref="AUDIT-1") if one["stream"] == entered["id"]]
    assert types == ["case.PaymentEntered/v1", "case.PaymentMatched/v1"]
    assert len(_found(http, case=entered["id"])) == 2


def test_both_clocks_bound_a_search(http: httpx.Client, case: Acted) -> None:
    whole = _found(http, case=case.case_id)
    middle = whole[-1]["recorded_at"]
    known = _found(http, case=case.case_id, recorded_until=middle)
    assert known == [one for one in whole if one["recorded_at"] < middle]
    since = _found(http, case=case.case_id, recorded_from=middle)
    assert since == [one for one in whole if one["recorded_at"] >= middle]
    day = "2026-03-05T00:00:00+08:00"
    before = _found(http, case=case.case_id, effective_until=day)
    after = _found(http, case=case.case_id, effective_from=day)
    assert len(before) + len(after) == len(whole)
    assert {one["type"] for one in before} >= {"case.CaseOpened/v1"}
    assert {one["type"] for one in after} >= {"case.PaymentReceived/v2"}
    both = _found(http, case=case.case_id, effective_from=day, recorded_until=middle)
    assert both == [one for one in after if one["recorded_at"] < middle]


def test_actor_and_type(http: httpx.Client, case: Acted) -> None:
    actor = case.get("/timeline")["items"][0]["actor"]
    mine = _found(http, case=case.case_id, actor=actor, type="case.CaseOpened")
    assert [one["type"] for one in mine] == ["case.CaseOpened/v1"]
    assert _found(http, actor="nobody:here") == []
    imported = _found(http, actor="system:import", type="CaseOpened")
    assert {one["actor"] for one in imported} == {"system:import"}
    assert len(imported) > 50


def test_what_is_recorded_later_never_comes_into_a_running_search(http: httpx.Client, case: Acted) -> None:
    search = _begin(http, case=case.case_id).json()
    before = _records(http, search["id"], limit=2)
    path, cursor, seen = search["links"]["records"], None, []
    while True:
        asked = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = http.get(path, params=asked, headers=WAIT).json()
        seen += page["items"]
        case.done("/payments", amount=cny("0.01"), channel="CARD")
        cursor = page["page"]["next"]
        if cursor is None:
            break
    assert seen == before == _records(http, search["id"], limit=200)
    assert len(_found(http, case=case.case_id)) > len(before)


def test_a_repeated_request_is_the_same_search(http: httpx.Client, case: Acted) -> None:
    first = _begin(http, key="the-same", case=case.case_id)
    again = _begin(http, key="the-same", case=case.case_id)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert refused(_begin(http, key="the-same", type="CaseOpened")) == (422, "idempotency-key-reused")
    dry = _begin(http, case=case.case_id, prefer="dry-run")
    assert (dry.status_code, dry.json()["dry_run"]) == (200, True)


def test_what_is_no_search_is_refused_without_repeating_it(http: httpx.Client) -> None:
    for sent in (
        {"canary": 1}, {"case": "canary"}, {"type": "canary canary"}, {"recorded_from": "canary"},
        {"effective_from": "2026-03-01"}, {"debtor_ref": "canary canary"},
        {"effective_from": "2026-03-02T00:00:00Z", "effective_until": "2026-03-02T00:00:00Z"},
    ):  # fmt: skip
        answer = _begin(http, **sent)
        assert refused(answer) == (422, "invalid"), sent
        assert "canary" not in answer.text
    nothing = "search-00000000-0000-8000-8000-000000000000"
    for path in (
        f"searches/{nothing}", f"searches/{nothing}/records", "searches/canary", "records/canary",
        "records/00000000-0000-8000-8000-000000000000", "records/00000000000080008000000000000000",
    ):  # fmt: skip
        assert refused(http.get(f"/v1/audit/{path}")) == (404, "not-found")
    search = _begin(http).json()
    asked = {"cursor": http.get("/v1/cases", params={"limit": 1}).json()["page"]["next"]}
    assert refused(http.get(search["links"]["records"], params=asked, headers=WAIT)) == (400, "bad-cursor")


def test_searching_needs_its_scope(server: Served) -> None:
    headers = {**server.token("case:read", "audit:export"), "Idempotency-Key": "scope"}
    answer = server.http.post("/v1/audit/searches", json={}, headers=headers)
    assert refused(answer) == (403, "insufficient-scope")
