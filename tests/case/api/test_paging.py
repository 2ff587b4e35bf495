"""Lists do not shift under their reader: what came after the first page is in the next list, not between the pages."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused

Act = Callable[[], httpx.Response]


def _pages(http: httpx.Client, path: str, act: Act, **asked: Any) -> tuple[list[Any], set[str]]:
    """The items of every page, something being recorded after each; and the positions the pages were read at."""
    items: list[Any] = []
    positions: set[str] = set()
    cursor: str | None = None
    seen = {}
    while True:
        page = http.get(path, params={**asked, **({"cursor": cursor} if cursor else {})}, headers=seen)
        assert page.status_code == 200, page.text
        items += page.json()["items"]
        positions.add(page.headers["Projection-Position"])
        cursor = page.json()["page"]["next"]
        if cursor is None:
            return items, positions
        done = act()
        assert done.status_code == 201, done.text
        seen = {"Min-Position": done.headers["Event-Position"], "Prefer": "wait=10"}


@pytest.mark.parametrize(
    ("asked", "on"),
    [({}, {"on": "2005-01-01"}), ({"stage": "M1", "status": "open"}, {}), ({"queue": "M1"}, {})],
)
def test_a_case_opened_meanwhile_is_not_in_the_list(
    http: httpx.Client, asked: dict[str, str], on: dict[str, str]
) -> None:
    opened: list[str] = []

    def open_one() -> httpx.Response:
        debtor = f"D-{id(asked)}-{len(opened)}"
        sent = {"debtor_ref": debtor, "account_ref": "A-1", "arrears": cny("9.00"), "days_past_due": 3}
        answer = Acted(http).post("", **sent, **on)
        opened.append(answer.json()["id"])
        return answer

    whole, _ = _pages(http, "/v1/cases", open_one, limit=20, **asked)
    first = len(opened)
    items, positions = _pages(http, "/v1/cases", open_one, limit=19, **asked)
    ids = [item["id"] for item in items]
    assert len(positions) == 1
    assert len(opened) > first > 0
    assert len(set(ids)) == len(ids)
    assert set(ids) == {item["id"] for item in whole} | set(opened[:first])


def test_a_timeline_goes_on_as_it_was_begun(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00")
    for amount in ("1.00", "2.00", "3.00"):
        last = case.post("/payments", amount=cny(amount), channel="CARD")

    def pay() -> httpx.Response:
        return case.post("/payments", amount=cny("5.00"), channel="CARD")

    until = last.json()["version"]
    path = f"/v1/cases/{case.case_id}/timeline"
    ready = {"Min-Position": last.headers["Event-Position"], "Prefer": "wait=10"}
    assert len(http.get(path, headers=ready).json()["items"]) == until
    items, positions = _pages(http, path, pay, limit=3)
    assert [item["version"] for item in items] == list(range(1, until + 1))
    assert len(positions) == 1
    assert len(case.get("/timeline")["items"]) > until


def test_a_cursor_of_another_list_or_an_earlier_form_is_refused(http: httpx.Client) -> None:
    cursor = http.get("/v1/cases", params={"limit": 1}).json()["page"]["next"]
    for asked in ({"stage": "M1"}, {"queue": "M1"}):
        assert refused(http.get("/v1/cases", params={**asked, "cursor": cursor})) == (400, "bad-cursor")
    assert refused(http.get("/v1/cases", params={"cursor": "WyIwMCIsMSwiYSJd"})) == (400, "bad-cursor")
    assert refused(http.get("/v1/cases", params={"cursor": ""})) == (400, "bad-cursor")
