"""GET /v1/cases, one case and its timeline."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.case.api.acts import Acted, refused
from tests.journeys import plain_counting as plain
from tests.kit.importing import SAMPLE

CASES = plain.cases(SAMPLE)


def _walk(http: httpx.Client, **filters: str) -> list[dict[str, object]]:
    """Every item of a list, page by page, by its cursors."""
    items: list[dict[str, object]] = []
    cursor: str | None = None
    while True:
        page = http.get(
            "/v1/cases", params={**filters, "limit": 50, **({"cursor": cursor} if cursor else {})}
        )
        assert page.status_code == 200, page.text
        items += page.json()["items"]
        cursor = page.json()["page"]["next"]
        if cursor is None:
            return items


def test_pages_hold_every_case_once(http: httpx.Client) -> None:
    items = _walk(http)
    assert len(items) == CASES["open"] + CASES["closed"]
    assert len({item["id"] for item in items}) == len(items)


def test_filters_by_status_and_stage(http: httpx.Client) -> None:
    assert len(_walk(http, status="closed")) == CASES["closed"]
    for stage, count in CASES["by_stage"].items():
        found = _walk(http, status="open", stage=stage)
        assert len(found) == count
        assert {item["stage"] for item in found} == {stage}


def test_filters_by_days_past_due(http: httpx.Client) -> None:
    everybody = [item["days_past_due"] for item in _walk(http, status="open")]
    found = [item["days_past_due"] for item in _walk(http, status="open", dpd_from="60", dpd_until="90")]
    assert set(found) == {60}
    assert len(found) == everybody.count(60)
    assert http.get("/v1/cases", params={"dpd_from": "-1"}).status_code == 422


def test_a_queue_comes_in_its_working_order(http: httpx.Client) -> None:
    first = http.get("/v1/cases", params={"queue": "M2", "limit": 10}).json()
    rest = http.get("/v1/cases", params={"queue": "M2", "limit": 200, "cursor": first["page"]["next"]}).json()
    items = first["items"] + rest["items"]
    assert len(items) == len({item["id"] for item in items}) == CASES["by_stage"]["M2"]
    thousands = [float(item["arrears"]["amount"]) // 1000 for item in items if item["days_past_due"] == 60]
    assert thousands == sorted(thousands, reverse=True)


def test_a_page_is_fifty_unless_asked_and_two_hundred_at_most(http: httpx.Client) -> None:
    assert len(http.get("/v1/cases").json()["items"]) == 50
    most = min(200, CASES["open"] + CASES["closed"])
    assert len(http.get("/v1/cases", params={"limit": 5000}).json()["items"]) == most


def test_the_link_header_leads_to_the_next_page(http: httpx.Client) -> None:
    page = http.get("/v1/cases", params={"stage": "M4+", "limit": 1})
    link = page.headers["Link"]
    assert link.endswith('>; rel="next"')
    target = urlsplit(link[1 : link.index(">")])
    assert parse_qs(target.query)["stage"] == ["M4+"]
    following = http.get(f"{target.path}?{target.query}").json()
    assert following["items"][0]["id"] != page.json()["items"][0]["id"]


def test_lists_say_how_far_their_view_was(http: httpx.Client) -> None:
    said = http.get("/v1/cases").headers
    head = http.get("/v1/feeds").json()["items"][0]["head"]
    assert (said["Projection-Position"], said["Projection-Lag"]) == (head, "0")


def test_a_cursor_of_other_filters_is_refused(http: httpx.Client) -> None:
    cursor = http.get("/v1/cases", params={"limit": 1}).json()["page"]["next"]
    refused = http.get("/v1/cases", params={"limit": 1, "stage": "M1", "cursor": cursor})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad-cursor")


@pytest.mark.parametrize("cursor", ["canary", "WyJhIl0", "e30", "MQ", "a" * 2000, "%00"])
def test_a_cursor_that_is_none_is_refused(http: httpx.Client, cursor: str) -> None:
    refused = http.get("/v1/cases", params={"cursor": cursor})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad-cursor")


def test_a_case_has_a_version_and_is_not_sent_twice(http: httpx.Client) -> None:
    case = http.get("/v1/cases", params={"limit": 1}).json()["items"][0]
    whole = http.get(f"/v1/cases/{case['id']}")
    assert whole.headers["ETag"] == f'"v{case["version"]}"'
    assert {key: whole.json()[key] for key in case} == case, "list and ledger say the same"
    same = http.get(f"/v1/cases/{case['id']}", headers={"If-None-Match": whole.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_a_case_on_two_clocks(http: httpx.Client) -> None:
    case = http.get("/v1/cases", params={"status": "closed", "limit": 1}).json()["items"][0]
    then = http.get(f"/v1/cases/{case['id']}", params={"as_of": case["opened_on"]}).json()
    assert (then["lifecycle"], then["as_of"]) == ("open", case["opened_on"])
    assert http.get(f"/v1/cases/{case['id']}", params={"known_at": "2005-12-31"}).status_code == 404
    instant = http.get(f"/v1/cases/{case['id']}", params={"as_of": "2030-01-01T00:00:00+08:00"}).json()
    assert instant["lifecycle"] == "closed"


def test_a_timeline_is_told_in_the_readers_language(http: httpx.Client) -> None:
    case = http.get("/v1/cases", params={"status": "closed", "limit": 1}).json()["items"][0]
    path = f"/v1/cases/{case['id']}/timeline"
    english, chinese = (
        http.get(path),
        http.get(path, headers={"Accept-Language": "fr, zh-TW;q=0.8, en;q=0.5"}),
    )
    assert (english.headers["Content-Language"], chinese.headers["Content-Language"]) == ("en", "zh-CN")
    assert english.json()["items"][0]["title"] == "Case opened"
    assert chinese.json()["items"][0]["title"] == "案件开立"
    assert len(english.json()["items"]) == case["version"]
    arrears = english.json()["items"][0]["facts"]["arrears"]
    assert set(arrears) == {"amount", "currency"}


def test_a_timeline_is_paged(http: httpx.Client) -> None:
    case = http.get("/v1/cases", params={"status": "closed", "limit": 1}).json()["items"][0]
    path, versions, cursor = f"/v1/cases/{case['id']}/timeline", [], None
    while True:
        page = http.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        versions += [item["version"] for item in page["items"]]
        cursor = page["page"]["next"]
        if cursor is None:
            break
    assert versions == list(range(1, case["version"] + 1))


def test_a_reader_may_ask_for_what_it_wrote(http: httpx.Client) -> None:
    head = http.get("/v1/feeds").json()["items"][0]["head"]
    for path in ("/v1/cases", "/v1/cases?queue=M2"):
        assert http.get(path, headers={"Min-Position": head}).status_code == 200
    beyond = http.get("/v1/cases", headers={"Min-Position": f"{int(head) + 1}"})
    assert (beyond.status_code, beyond.json()["code"]) == (400, "malformed-request")
    assert http.get("/v1/cases", headers={"Min-Position": "1.2"}).status_code == 400
    assert http.get("/v1/cases", headers={"Min-Position": "canary"}).status_code == 422


def test_filters_by_who_has_a_case_and_how_it_is_handled(http: httpx.Client) -> None:
    case = Acted(http).open()
    waits = {"Prefer": "wait=10"}
    case.done("/assignments", collector="collector-77", reason="SKILL")
    at = {"Min-Position": case.position or "", **waits}
    found = http.get("/v1/cases", params={"assignee": "collector-77"}, headers=at).json()["items"]
    assert [item["id"] for item in found] == [case.case_id]
    mine = http.get("/v1/cases", params={"assignee": "me"}, headers=at).json()["items"]
    assert case.case_id not in [item["id"] for item in mine]
    case.done("/legal-referrals", match="now", reason="NO_OTHER_WAY")
    at = {"Min-Position": case.position or "", **waits}
    legal = http.get("/v1/cases", params={"mode": "LEGAL", "limit": 200}, headers=at).json()["items"]
    assert case.case_id in [item["id"] for item in legal]
    asked = {"assignee": "collector-77", "mode": "INTERNAL"}
    assert http.get("/v1/cases", params=asked, headers=at).json()["items"] == []
    both = http.get("/v1/cases", params={"queue": "M2", "mode": "LEGAL"})
    assert refused(both) == (422, "invalid")
