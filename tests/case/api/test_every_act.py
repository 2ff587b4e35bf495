"""What holds for every command of the case service: tokens, keys, unknown fields, dry runs."""

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused
from tests.kit.served import Served

ACTS = {
    "/payments": {"amount": cny("10.00"), "channel": "BANK_TRANSFER"},
    "/promises": {"amount": cny("10.00"), "due_on": "2100-01-01"},
    "/holds": {"kind": "CEASE", "reason": "DEBTOR_ASKED"},
    "/plan-quotes": {"total": cny("600.00"), "count": 6, "first_due": "2100-01-01"},
    "/disputes": {"scope": "DEBT"},
    "/hardship-claims": {"cause": "ILLNESS"},
    "/settlements": {"amount": cny("900.00"), "pay_by": "2100-01-01"},
    "/write-offs": {"reason": "UNCOLLECTABLE"},
    "/contact-attempts": {
        "attempt_ref": "dialer-7/4711",
        "at": "2026-01-05T10:00:00+08:00",
        "channel": "VOICE",
        "outcome": "NO_ANSWER",
        "actor_kind": "COLLECTOR",
    },
}
REPEATABLE = {
    path: sent for path, sent in ACTS.items() if path not in ("/promises", "/plan-quotes", "/settlements")
}


@pytest.fixture(scope="module")
def case(server: Served) -> Acted:
    """A case that nothing is done to."""
    return Acted(server.http).open()


@pytest.mark.parametrize("path", ACTS)
def test_an_unknown_field_is_refused(case: Acted, path: str) -> None:
    answer = case.post(path, **ACTS[path], canary="4111-1111")
    assert refused(answer) == (422, "invalid")
    assert "4111-1111" not in answer.text


@pytest.mark.parametrize("path", ACTS)
def test_a_token_for_reading_does_nothing(server: Served, case: Acted, path: str) -> None:
    token = server.token("case:read", "feed:read")
    assert refused(case.post(path, token=token, **ACTS[path])) == (403, "insufficient-scope")


@pytest.mark.parametrize("path", ACTS)
def test_another_case_is_not_found(http: httpx.Client, path: str) -> None:
    nobody = Acted(http, "case-00000000-0000-8000-8000-000000000000")
    assert refused(nobody.post(path, **ACTS[path])) == (404, "not-found")


@pytest.mark.parametrize(
    "thing",
    [
        "promise-1",
        "prm_",
        f"hld_{'0' * 48}",
        f"prm_{'0' * 48}",
        f"prm_{'g' * 48}",
        f"prm_{'0' * 49}",
        "prm_%00",
    ],
)
def test_what_is_no_id_of_a_promise_is_not_found(http: httpx.Client, thing: str) -> None:
    answer = Acted(http).post(f"/v1/promises/{thing}/cancellations", reason="DEBTOR_ASKED")
    assert refused(answer) == (404, "not-found")


@pytest.mark.parametrize("path", REPEATABLE)
def test_a_repeated_act_is_answered_and_not_done_again(http: httpx.Client, path: str) -> None:
    case = Acted(http).open()
    first = case.post(path, key="once", **REPEATABLE[path])
    again = case.post(path, key="once", **REPEATABLE[path])
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (first.content, first.headers["ETag"]) == (again.content, again.headers["ETag"])
    assert case.etag == first.headers["ETag"]
    other = case.post(path, key="once", on="2026-01-01", **REPEATABLE[path])
    assert other.status_code == 422


@pytest.mark.parametrize("path", REPEATABLE)
def test_a_dry_run_says_and_does_nothing(http: httpx.Client, path: str) -> None:
    case = Acted(http).open()
    before = case.etag
    answer = case.post(path, prefer="dry-run", **REPEATABLE[path])
    assert (answer.status_code, answer.json()["dry_run"]) == (200, True), answer.text
    assert answer.json()["events"]
    assert case.etag == before


def test_nothing_happens_in_days_to_come(case: Acted) -> None:
    answer = case.post("/holds", kind="CEASE", reason="DEBTOR_ASKED", on="2199-01-01")
    assert refused(answer) == (422, "invalid")


def test_amounts_are_text_and_of_the_cases_currency(case: Acted) -> None:
    number = case.post("/payments", amount={"amount": 10.0, "currency": "CNY"}, channel="CASH")
    assert refused(number) == (422, "invalid")
    foreign = case.post("/payments", amount={"amount": "10.00", "currency": "USD"}, channel="CASH")
    assert foreign.status_code == 422
