"""What holds for every command of the case service: tokens, keys, unknown fields, dry runs, currencies, bodies."""

import json

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused
from tests.kit.served import Served

ACCOUNT = "$account"
"""Stands for the case's first debt."""
FUTURE = "2100-01-01"
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
    "/complaints": {"kind": "CONDUCT", "attempts": ["dialer-7/4711"]},
    "/circumstances": {"topic": "REASON", "value": "LOST_JOB", "source": "CALL"},
    "/deaths": {"confirmed": False},
    "/incapacities": {},
    "/debts": {"account_ref": "A-9", "arrears": cny("5.00"), "days_past_due": 1},
    "/debt-detachments": {"account": ACCOUNT, "reason": "SOLD"},
    "/instalments": {
        "account": ACCOUNT,
        "due_on": "2026-02-01",
        "amounts": {"principal": "5.00", "currency": "CNY"},
    },
    "/charges": {
        "account": ACCOUNT,
        "amounts": {"costs": "5.00", "currency": "CNY"},
        "reason": "COURT_FEE",
    },
    "/penalty-terms": {"account": ACCOUNT, "ppm_per_day": 500},
    "/waivers": {
        "account": ACCOUNT,
        "amounts": {"principal": "5.00", "currency": "CNY"},
        "reason": "GOODWILL",
    },
    "/charge-offs": {"amount": cny("5.00")},
    "/placements": {"agency": "AGENCY-9", "until": FUTURE, "evaluated_on": "2026-11-01"},
    "/legal-referrals": {"reason": "NO_OTHER_WAY"},
}
TOO_FAR = ("/promises", "/plan-quotes", "/settlements")
"""Acts whose day above is beyond what the lender allows."""
REPEATABLE = {path: sent for path, sent in ACTS.items() if path not in TOO_FAR}
DECIDED_ON = ("/debt-detachments", "/charge-offs", "/placements", "/legal-referrals")
"""Acts that must say which version they were decided on."""
OF_A_CLOSED = (
    "/payments", "/contact-attempts", "/complaints", "/circumstances", "/deaths", "/incapacities", "/disputes",
)  # fmt: skip
"""Facts do not ask whether the case is open."""
MONEY = {
    path: field
    for path, sent in ACTS.items()
    for field in ("amount", "amounts", "arrears", "total")
    if field in sent
}


def act(
    case: Acted,
    path: str,
    *,
    key: str | None = None,
    match: str | None = None,
    prefer: str | None = None,
    token: dict[str, str] | None = None,
    **more: object,
) -> httpx.Response:
    """Carry one of the acts out on a case."""
    sent = {name: case.account if value == ACCOUNT else value for name, value in ACTS[path].items()}
    match = match or ("now" if path in DECIDED_ON else None)
    return case.post(path, key=key, match=match, prefer=prefer, token=token, **(sent | more))


@pytest.fixture(scope="module")
def case(server: Served) -> Acted:
    """A case that nothing is done to."""
    return Acted(server.http).open()


@pytest.mark.parametrize("path", ACTS)
def test_an_unknown_field_is_refused(case: Acted, path: str) -> None:
    answer = act(case, path, canary="4111-1111")
    assert refused(answer) == (422, "invalid")
    assert "4111-1111" not in answer.text


@pytest.mark.parametrize("path", ACTS)
def test_a_token_for_reading_does_nothing(server: Served, case: Acted, path: str) -> None:
    token = server.token("case:read", "feed:read")
    assert refused(act(case, path, token=token)) == (403, "insufficient-scope")


@pytest.mark.parametrize("path", ACTS)
def test_another_case_is_not_found(http: httpx.Client, path: str) -> None:
    nobody = Acted(http, "case-00000000-0000-8000-8000-000000000000", "account-none")
    assert refused(act(nobody, path, match='"v1"')) == (404, "not-found")
    assert refused(act(nobody, path)) == (404, "not-found") if path not in DECIDED_ON else True


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
    first = act(case, path, key="once")
    again = act(case, path, key="once")
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (first.content, first.headers["ETag"]) == (again.content, again.headers["ETag"])
    assert case.etag == first.headers["ETag"]
    field = "due_on" if path == "/instalments" else "at" if path == "/contact-attempts" else "on"
    changed = "2026-01-01" if field != "at" else "2026-01-01T00:00:00Z"
    assert refused(act(case, path, key="once", **{field: changed})) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("path", REPEATABLE)
def test_a_dry_run_says_and_does_nothing(http: httpx.Client, path: str) -> None:
    case = Acted(http).open()
    before = case.etag
    answer = act(case, path, prefer="dry-run")
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


@pytest.mark.parametrize("path", ACTS)
def test_a_closed_case_takes_facts_and_nothing_else(http: httpx.Client, path: str) -> None:
    case = Acted(http).open()
    case.done("/closures", match="now", reason="SOLD")
    answer = act(case, path)
    if path in OF_A_CLOSED:
        assert answer.status_code == 201, answer.text
    else:
        assert refused(answer) == (409, "case-not-open")


@pytest.mark.parametrize("path", MONEY)
def test_money_of_another_currency_is_pointed_at(http: httpx.Client, path: str) -> None:
    case, field = Acted(http).open(), MONEY[path]
    answer = act(case, path, **{field: {**ACTS[path][field], "currency": "USD"}})
    assert refused(answer) == (422, "invalid")
    assert answer.json()["errors"] == [{"pointer": f"/{field}/currency", "code": "NOT_OF_THE_CASE"}]
    unknown = act(case, path, **{field: {**ACTS[path][field], "currency": "ZZZ"}})
    assert refused(unknown) == (422, "unknown-currency")


@pytest.mark.parametrize("path", MONEY)
def test_amounts_beyond_all_bounds_are_refused_or_taken_and_never_break(
    http: httpx.Client, path: str
) -> None:
    case, field = Acted(http).open(), MONEY[path]
    part = next(name for name in ACTS[path][field] if name != "currency")
    for amount in ("999999999999999999.99", "999999999999999999", "0.001", "1e5", "-0.01", "Infinity", "１"):
        answer = act(case, path, **{field: {part: amount, "currency": "CNY"}})
        assert answer.status_code in {201, 409, 422}, (amount, answer.text)
        assert amount not in answer.text or answer.status_code == 201
    assert case.get("/balance")["as_of"]
    assert http.get(f"/v1/cases/{case.case_id}/timeline").status_code == 200


@pytest.mark.parametrize("path", ACTS)
@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"x" * 70_000, 413, "body-too-large"),
        (b"[" * 5_000 + b"]" * 5_000, 400, "malformed-json"),
        (b'{"on": "2026-01-01", "on": "2026-01-02"}', 400, "malformed-json"),
        (b'{"on": NaN}', 400, "malformed-json"),
        (b'{"on": "\\ud800"}', 400, "malformed-json"),
        (b"\xff\xfe{}", 400, "malformed-json"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b'{"on": "2026-02-30", "account": "canary 4711"}', 422, "invalid"),
        (b'{"on": 20260101}', 422, "invalid"),
        (b'{"on": "2026-01-01\\u0000"}', 422, "invalid"),
    ],
    ids=["huge", "deep", "twice", "nan", "surrogate", "bytes", "list", "null", "day", "number", "nul"],
)
def test_a_hostile_body_is_refused_before_anything_is_done(
    case: Acted, path: str, raw: bytes, status: int, code: str
) -> None:
    headers = {"Idempotency-Key": "hostile", "Content-Type": "application/json", "If-Match": '"v1"'}
    answer = case.http.post(f"/v1/cases/{case.case_id}{path}", content=raw, headers=headers)
    assert refused(answer) == (status, code), answer.text
    assert "canary" not in json.dumps(answer.json(), ensure_ascii=False)
