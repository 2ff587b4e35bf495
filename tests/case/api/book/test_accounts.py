"""The lender's book over HTTP: what two layouts left, page by page, and one account on two clocks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.case.adapters.book.layouts import INSTALMENTS, layout_a, layout_b
from tests.case.api.acts import refused
from tests.case.api.declared import checked
from tests.kit.command import command_in
from tests.kit.served import Served, served

CAUGHT_UP = {"Prefer": "wait=20"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("book")
    quittance = command_in(folder, QUITTANCE_LOG="error")
    for layout, name in ((layout_a, "a"), (layout_b, "b")):
        delivery, mapping = layout(folder / name)
        done = quittance("import", "book", str(delivery), "--mapping", str(mapping), "--json")
        assert done.code == 0, done.err
    with served(quittance) as running:
        running.http.event_hooks = {"response": [checked(running.http.get("/openapi.json").json())]}
        ends = time.monotonic() + 30
        while len(running.http.get("/v1/accounts").json()["items"]) < 4 and time.monotonic() < ends:
            time.sleep(0.1)
        yield running


@pytest.fixture
def http(server: Served) -> httpx.Client:
    return server.http


def listed(http: httpx.Client, headers: dict[str, str] | None = None, **asked: Any) -> list[Any]:
    answer = http.get("/v1/accounts", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def test_the_accounts_of_the_book_by_what_they_are_and_whose(http: httpx.Client) -> None:
    everything = listed(http)
    assert len(everything) == 4
    assert {one["product"] for one in everything} == {"CONSUMER", "BUSINESS"}
    assert len(listed(http, product="BUSINESS")) == 1
    assert len(listed(http, lender="INVENTED_BANK", in_book="true")) == 4
    assert listed(http, in_book="false") == []
    first = http.get("/v1/accounts", params={"limit": 3})
    rest = http.get(first.links["next"]["url"])
    assert [one["id"] for one in (*first.json()["items"], *rest.json()["items"])] == [
        one["id"] for one in everything
    ]
    assert refused(http.get("/v1/accounts", params={"party": "P-1"})) == (422, "invalid")
    assert refused(http.get("/v1/accounts", params={"cursor": "x"})) == (400, "bad-cursor")


def test_an_account_is_found_by_the_lenders_reference_in_a_header(http: httpx.Client) -> None:
    [found] = listed(http, headers={"Account-Ref": "L-1"})
    shown = http.get(f"/v1/accounts/{found['id']}").json()
    assert (shown["account_ref"], shown["debtor_ref"]) == ("L-1", "C001")
    assert listed(http, headers={"Account-Ref": "L-77"}) == []
    whose = listed(http, party=found["debtor"])
    assert {one["id"] for one in whose} >= {found["id"]}
    assert len(whose) == 2


def test_one_account_with_its_schedule_as_of_a_day(http: httpx.Client) -> None:
    [found] = listed(http, headers={"Account-Ref": "L-1"})
    path = f"/v1/accounts/{found['id']}"
    plan = [one for one in INSTALMENTS if one.loan == "L-1"]
    as_of = max(one.due for one in plan) + timedelta(days=25)
    late = [one for one in plan if one.paid < one.principal + one.interest]
    shown = http.get(path, params={"as_of": str(as_of)})
    said = shown.json()
    assert [(one["number"], one["due"], one["standing"] == "PAID") for one in said["schedule"]] == [
        (str(one.number), str(one.due), one not in late) for one in plan
    ]
    assert {one["standing"] for one in said["schedule"]} == {"PAID", "OVERDUE"}
    assert said["days_past_due"] == (as_of - late[0].due).days
    owed = sum(one.principal + one.interest - one.paid for one in late)
    assert said["overdue"] == {"amount": f"{owed // 100}.{owed % 100:02}", "currency": "CNY"}
    assert {role["kind"] for role in said["roles"]} == {"DEBTOR", "GUARANTOR"}
    [guarantor] = [role for role in said["roles"] if role["kind"] == "GUARANTOR"]
    assert (guarantor["guarantee"], guarantor["until"]) == ("JOINT", "2028-07-02")
    assert shown.headers["ETag"] == f'"v{said["version"]}"'


def test_what_was_not_known_by_then_is_not_found(http: httpx.Client) -> None:
    [found] = listed(http, headers={"Account-Ref": "L-2"})
    path = f"/v1/accounts/{found['id']}"
    now = datetime.now(UTC).isoformat()
    assert http.get(path, params={"known_at": now}).status_code == 200
    assert refused(http.get(path, params={"known_at": "2026-01-31"})) == (404, "not-found")
    assert refused(http.get(path, params={"as_of": "2026-01-30"})) == (404, "not-found")
    for nobody in ("L-2", "account-1", "account-6f1c0d1e-0000-8000-8000-000000000001"):
        assert refused(http.get(f"/v1/accounts/{nobody}")) == (404, "not-found")


def test_the_parties_are_listed_without_names_or_numbers(http: httpx.Client) -> None:
    answer = http.get("/v1/parties")
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert len(items) == 4
    assert {point["medium"] for one in items for point in one["points"]} == {"PHONE", "ADDRESS"}
    for secret in ("欧阳", "15412340001", "示例路", "C001"):
        assert secret not in answer.text
