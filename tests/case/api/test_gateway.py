"""Payments as a gateway reports them: taken in once, matched, moved, taken back; balances follow on both clocks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused
from tests.kit.served import Served

_NUMBERS = count(1)
VALUE = "2026-03-10"


class Gateway:
    """A source that reports payments."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def enter(self, *, key: str | None = None, prefer: str = "", **sent: Any) -> httpx.Response:
        """Report a payment; a reference of its own unless one is given."""
        number = next(_NUMBERS)
        said = {
            "source": "UNIONPAY", "source_ref": f"R-{id(self)}-{number}", "amount": cny("300.00"),
            "value_on": VALUE, "channel": "CARD",
        } | sent  # fmt: skip
        return self.post("", key=key or f"g-{id(self)}-{number}", prefer=prefer, **said)

    def post(self, path: str, *, key: str | None = None, prefer: str = "", **sent: Any) -> httpx.Response:
        """Send a command about payments."""
        headers = {"Idempotency-Key": key or f"p-{id(self)}-{next(_NUMBERS)}"}
        if prefer:
            headers["Prefer"] = prefer
        return self.http.post(f"/v1/payments{path}", json=sent, headers=headers)

    def done(self, path: str, **sent: Any) -> Any:
        """A command that must be carried out; its answer."""
        answer = self.post(path, **sent)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def sheet(self, entry: str) -> Any:
        """What is told of a payment."""
        return self.http.get(f"/v1/payments/{entry}").json()


@pytest.fixture
def gateway(http: httpx.Client) -> Gateway:
    """A gateway."""
    return Gateway(http)


@pytest.fixture
def debtor(request: pytest.FixtureRequest) -> str:
    """A reference that no other test uses."""
    return f"G-{request.node.name[:40]}-{next(_NUMBERS)}".replace("[", "-").replace("]", "")


def _case(http: httpx.Client, debtor: str, **sent: Any) -> Acted:
    return Acted(http).open(debtor_ref=debtor, account_ref=f"A-{debtor}", on="2026-03-02", **sent)


def _owed(case: Acted, **asked: str) -> Any:
    return case.get("/balance", **asked)["owed"]["total"]


def _law(case: Acted, **asked: str) -> None:
    said = case.get("/balance", **asked)
    sums = [
        round(float(said[name].get("total", said[name])["amount"]) * 100)
        for name in ("allocated", "unallocated", "received", "returned", "refunded")
    ]
    assert sums[0] + sums[1] == sums[2] - sums[3] - sums[4]


@pytest.mark.parametrize(
    ("named", "rule"),
    [(("debtor",), "DEBTOR"), (("account",), "ACCOUNT"), (("debtor", "account"), "DEBTOR_AND_ACCOUNT")],
)
def test_a_payment_is_put_on_the_case_it_is_surely_for(
    http: httpx.Client, gateway: Gateway, debtor: str, named: tuple[str, ...], rule: str
) -> None:
    case = _case(http, debtor)
    refs = {"debtor_ref": debtor, "account_ref": f"A-{debtor}"}
    head = http.get("/v1/feeds").json()["items"][0]["head"]
    assert http.get("/v1/payments", headers={"Min-Position": head, "Prefer": "wait=10"}).status_code == 200
    _until_known(http, case)
    answer = gateway.enter(**{f"{name}_ref": refs[f"{name}_ref"] for name in named})
    entered = answer.json()
    assert answer.status_code == 201, answer.text
    assert entered["events"][:3] == ["PaymentEntered", "PaymentMatched", "PaymentReceived"]
    assert (entered["status"], entered["links"]["case"]) == ("matched", f"/v1/cases/{case.case_id}")
    assert answer.headers["Location"] == f"/v1/payments/{entered['id']}"
    assert _owed(case) == cny("700.00")
    assert _owed(case, as_of="2026-03-09") == cny("1000.00")
    sheet = gateway.sheet(entered["id"])
    assert sheet["history"][1]["facts"]["rule"] == rule
    assert (sheet["case"], sheet["payment"]) == (case.case_id, entered["payment"])
    _law(case)


def _until_known(http: httpx.Client, case: Acted) -> None:
    """Until the views hold the case: an account without its debtor is asked of one of them."""
    head = http.get("/v1/feeds").json()["items"][0]["head"]
    ready = {"Min-Position": head, "Prefer": "wait=10"}
    assert http.get("/v1/cases", headers=ready).status_code == 200
    assert http.get("/v1/payments", headers=ready).status_code == 200


def test_a_gateway_that_lost_its_key_does_not_book_twice(
    http: httpx.Client, gateway: Gateway, debtor: str
) -> None:
    case = _case(http, debtor)
    said = {"debtor_ref": debtor, "source_ref": f"once-{debtor}"}
    first = gateway.enter(**said, key=f"first-{debtor}").json()
    again = gateway.enter(**said)
    assert (again.status_code, again.json()["events"], again.json()["id"]) == (200, [], first["id"])
    assert again.json()["payment"] == first["payment"]
    replayed = gateway.enter(**said, key=f"first-{debtor}")
    assert (replayed.status_code, replayed.json()) == (201, first)
    assert _owed(case) == cny("700.00")
    for other in (
        {"amount": cny("300.01")}, {"value_on": "2026-03-11"}, {"channel": "BANK_TRANSFER"},
        {"account_ref": "A-canary"}, {"debtor_ref": "D-canary"},
    ):  # fmt: skip
        answer = gateway.enter(**{**said, **other})
        assert refused(answer) == (409, "duplicate-source-ref")
        assert "canary" not in answer.text
    assert _owed(case) == cny("700.00")


def test_a_payment_reported_by_many_at_once_is_booked_once(
    http: httpx.Client, gateway: Gateway, debtor: str
) -> None:
    case = _case(http, debtor)
    said = {"debtor_ref": debtor, "source_ref": f"many-{debtor}"}
    with ThreadPoolExecutor(6) as many:
        answers = list(many.map(lambda _: gateway.enter(**said), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["payment"] for answer in answers}) == 1
    assert case.get("/balance")["received"] == cny("300.00")


def test_what_no_rule_can_place_waits_in_the_pool(http: httpx.Client, gateway: Gateway, debtor: str) -> None:
    case = _case(http, debtor)
    closed = _case(http, f"{debtor}-closed")
    closed.done("/closures", match="now", reason="SOLD")
    for sent, reason in (
        ({}, "NO_CASE"),
        ({"debtor_ref": f"{debtor}-nobody"}, "NO_CASE"),
        ({"account_ref": f"{debtor}-nobody"}, "NO_CASE"),
        ({"debtor_ref": f"{debtor}-closed"}, "CASE_CLOSED"),
        ({"debtor_ref": debtor, "account_ref": "A-none"}, "ACCOUNT_NOT_IN_CASE"),
        ({"debtor_ref": debtor, "amount": {"amount": "5.00", "currency": "USD"}}, "OTHER_CURRENCY"),
        ({"debtor_ref": debtor, "value_on": "2026-03-01"}, "BEFORE_THE_CASE"),
    ):
        entered = gateway.enter(**sent)
        assert entered.status_code == 201, entered.text
        assert entered.json()["events"] == ["PaymentEntered", "PaymentUnmatched"]
        assert (entered.json()["status"], entered.json()["reason"]) == ("unmatched", reason)
        ready = {"Min-Position": entered.headers["Event-Position"], "Prefer": "wait=10"}
        listed = _all(http, ready, status="unmatched")
        row = next(row for row in listed if row["id"] == entered.json()["id"])
        sheet = gateway.sheet(row["id"])
        assert {name: sheet[name] for name in row} == row, "list and ledger say the same"
        assert row["reason"] == reason
    assert _owed(case) == cny("1000.00")


def _all(http: httpx.Client, headers: dict[str, str], **asked: Any) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = http.get("/v1/payments", params={**asked, "limit": 3, **more}, headers=headers).json()
        items += page["items"]
        cursor = page["page"]["next"]
        if cursor is None:
            return items


def test_a_person_matches_what_waits_even_to_a_closed_case(
    http: httpx.Client, gateway: Gateway, debtor: str
) -> None:
    case = _case(http, debtor)
    case.done("/closures", match="now", reason="SOLD")
    entered = gateway.enter(debtor_ref=debtor).json()
    assert entered["reason"] == "CASE_CLOSED"
    matched = gateway.done(f"/{entered['id']}/matches", case=case.case_id)
    assert matched["events"][:2] == ["PaymentMatched", "PaymentReceived"]
    assert matched["payment"].startswith("pay_")
    assert case.get("/balance")["received"] == cny("300.00")
    again = gateway.post(f"/{entered['id']}/matches", case=case.case_id)
    assert refused(again) == (409, "payment-already-matched")
    _law(case)


def test_the_rule_is_asked_again_once_the_case_is_there(
    http: httpx.Client, gateway: Gateway, debtor: str
) -> None:
    entered = gateway.enter(debtor_ref=debtor).json()
    path = f"/{entered['id']}/matches"
    still = gateway.post(path)
    assert (refused(still), still.json()["context"]) == ((409, "no-match-found"), {"reason": "NO_CASE"})
    assert refused(gateway.post(path, account="account-x")) == (422, "invalid")
    case = _case(http, debtor)
    matched = gateway.done(path)
    assert matched["links"]["case"] == f"/v1/cases/{case.case_id}"
    facts = gateway.sheet(entered["id"])["history"][-1]["facts"]
    assert (facts["by"], facts["rule"]) == ("RULE", "DEBTOR")


def test_where_a_lender_reports_statements_only_an_account_is_its_own_debtor(
    http: httpx.Client, gateway: Gateway
) -> None:
    case = next(
        one
        for one in http.get("/v1/cases", params={"status": "open", "stage": "M2", "limit": 200}).json()[
            "items"
        ]
        if float(one["arrears"]["amount"]) > 1000
    )
    amount = {"amount": "100.00", "currency": "TWD"}
    said = {"account_ref": case["debtor_ref"], "amount": amount, "value_on": "2005-10-10"}
    entered = gateway.enter(**said).json()
    assert entered["links"]["case"] == f"/v1/cases/{case['id']}"
    owed = http.get(f"/v1/cases/{case['id']}/balance", params={"as_of": "2005-10-10"}).json()["owed"]["total"]
    assert float(owed["amount"]) == float(case["arrears"]["amount"]) - 100


def test_a_wrong_match_moves_everything_downstream_and_yesterdays_answer_stays(
    http: httpx.Client, gateway: Gateway, debtor: str
) -> None:
    wrong, right = _case(http, debtor), _case(http, f"{debtor}-right")
    promise = wrong.done("/promises", amount=cny("300.00"), on="2026-03-02", due_on="2026-03-12")
    entered = gateway.enter(debtor_ref=debtor).json()
    assert wrong.standing("promises", promise["id"])["status"] == "KEPT"
    known = gateway.sheet(entered["id"])["history"][-1]["recorded_at"]
    moved = gateway.done(f"/{entered['id']}/unmatchings", reason="WRONG_DEBTOR")
    assert moved["events"][:3] == ["PaymentMismatchDiscovered", "PaymentReturned", "AllocationReversed"]
    assert (moved["status"], moved["reason"]) == ("unmatched", "WRONG_DEBTOR")
    assert wrong.standing("promises", promise["id"])["status"] == "BROKEN"
    assert {"PromiseReopened", "PromiseBroken"} <= set(moved["events"])
    not_twice = gateway.post(f"/{entered['id']}/unmatchings", reason="WRONG_DEBTOR")
    assert refused(not_twice) == (409, "payment-not-matched")
    matched = gateway.done(f"/{entered['id']}/matches", case=right.case_id)
    assert matched["payment"] != entered["payment"]
    for day in ("2026-03-09", VALUE, "2026-03-20"):
        assert _owed(wrong, as_of=day) == cny("1000.00"), "the case never had the money"
        _law(wrong, as_of=day)
        _law(wrong, as_of=day, known_at=known)
        _law(right, as_of=day)
    assert _owed(wrong, as_of=VALUE, known_at=known) == cny("700.00"), "what we thought then stays"
    assert _owed(right, as_of=VALUE) == cny("700.00")
    assert _owed(right, as_of=VALUE, known_at=known) == cny("1000.00")
    back = gateway.done(f"/{entered['id']}/unmatchings", reason="WRONG_DEBTOR")
    home = gateway.done(f"/{entered['id']}/matches", case=wrong.case_id)
    assert (back["status"], home["status"]) == ("unmatched", "matched")
    assert home["payment"] != entered["payment"]
    assert (_owed(wrong), _owed(right)) == (cny("700.00"), cny("1000.00"))
    types = [one["type"] for one in gateway.sheet(entered["id"])["history"]]
    assert types[1:] == ["case.PaymentMatched", "case.PaymentMismatchDiscovered"] * 2 + [
        "case.PaymentMatched"
    ]


def test_what_the_source_takes_back_leaves_the_case_or_the_pool(
    http: httpx.Client, gateway: Gateway, debtor: str
) -> None:
    case = _case(http, debtor)
    entered = gateway.enter(debtor_ref=debtor).json()
    part = gateway.done(f"/{entered['id']}/reversals", reason="NO_FUNDS", amount=cny("100.00"))
    assert part["events"][:2] == ["PaymentEntryReversed", "PaymentReturned"]
    assert _owed(case) == cny("800.00")
    by_case = gateway.post(f"/{entered['payment']}/reversals", reason="NO_FUNDS", amount=cny("50.00"))
    assert by_case.status_code == 201, by_case.text
    moved = gateway.done(f"/{entered['id']}/unmatchings", reason="WRONG_DEBTOR")
    assert gateway.sheet(moved["id"])["left"] == cny("150.00"), "what had bounced does not come back"
    too_much = gateway.post(f"/{entered['id']}/reversals", reason="NO_FUNDS", amount=cny("150.01"))
    assert refused(too_much) == (409, "return-too-large")
    other = gateway.post(
        f"/{entered['id']}/reversals", reason="NO_FUNDS", amount={"amount": "1.00", "currency": "USD"}
    )
    assert refused(other) == (422, "invalid")
    gone = gateway.done(f"/{entered['id']}/reversals", reason="NO_FUNDS")
    assert gone["status"] == "returned"
    assert refused(gateway.post(f"/{entered['id']}/matches", case=case.case_id)) == (409, "payment-gone-back")
    assert refused(gateway.post(f"/{entered['id']}/reversals", reason="X")) == (409, "payment-gone-back")
    assert _owed(case) == cny("1000.00")
    _law(case)


def test_a_payment_that_bounced_wholly_on_its_case_cannot_be_moved(
    http: httpx.Client, gateway: Gateway, debtor: str
) -> None:
    _case(http, debtor)
    entered = gateway.enter(debtor_ref=debtor).json()
    assert gateway.post(f"/{entered['payment']}/reversals", reason="NO_FUNDS").status_code == 201
    for path, sent in (("unmatchings", {"reason": "WRONG_DEBTOR"}), ("reversals", {"reason": "NO_FUNDS"})):
        assert refused(gateway.post(f"/{entered['id']}/{path}", **sent)) == (409, "payment-gone-back")


def test_a_dry_run_says_what_would_follow_and_keeps_nothing(
    http: httpx.Client, gateway: Gateway, debtor: str
) -> None:
    case = _case(http, debtor)
    said = {"debtor_ref": debtor, "source_ref": f"dry-{debtor}"}
    dry = gateway.enter(**said, prefer="dry-run")
    assert dry.status_code == 200
    types = [event["type"] for event in dry.json()["events"]]
    assert types[:3] == ["PaymentEntered", "PaymentMatched", "PaymentReceived"]
    assert _owed(case) == cny("1000.00")
    assert gateway.enter(**said).status_code == 201


def test_what_is_wrong_with_a_report_is_said_without_repeating_it(gateway: Gateway, debtor: str) -> None:
    for sent in (
        {"amount": {"amount": 3, "currency": "CNY"}}, {"amount": cny("0.00")}, {"amount": cny("-1.00")},
        {"value_on": "2100-01-01"}, {"source": "canary lower"}, {"source_ref": ""}, {"canary": 1},
    ):  # fmt: skip
        answer = gateway.enter(**{"debtor_ref": f"canary-{debtor}", **sent})
        assert answer.status_code == 422, answer.text
        assert "canary" not in answer.text
    assert refused(gateway.enter(amount={"amount": "1.001", "currency": "CNY"}))[0] == 422
    nobody = "payment-00000000-0000-8000-8000-000000000000"
    case = "case-00000000-0000-8000-8000-000000000000"
    for path, sent in (
        ("matches", {"case": case}), ("unmatchings", {"reason": "X"}), ("reversals", {"reason": "X"}),
    ):  # fmt: skip
        assert refused(gateway.post(f"/{nobody}/{path}", **sent)) == (404, "not-found")
        assert refused(gateway.post(f"/payment-canary/{path}", **sent)) == (404, "not-found")
    assert gateway.http.get(f"/v1/payments/{nobody}").status_code == 404
    assert gateway.http.get("/v1/payments/payment-canary").status_code == 404
    entered = gateway.enter().json()
    assert refused(gateway.post(f"/{entered['id']}/matches", case=case)) == (404, "case-unknown")


def test_the_list_takes_its_filters_and_no_others(http: httpx.Client, gateway: Gateway, debtor: str) -> None:
    case = _case(http, debtor)
    answer = gateway.enter(debtor_ref=debtor, source="WECHAT")
    ready = {"Min-Position": answer.headers["Event-Position"], "Prefer": "wait=10"}
    [mine] = _all(http, ready, case=case.case_id)
    assert mine["id"] == answer.json()["id"]
    assert mine in _all(http, ready, source="WECHAT", status="matched")
    assert mine not in _all(http, ready, status="unmatched")
    assert refused(http.get("/v1/payments", params={"status": "lost"})) == (422, "invalid")
    assert refused(http.get("/v1/payments", params={"debtor_ref": debtor})) == (422, "invalid")
    assert refused(http.get("/v1/payments", params={"cursor": "x"})) == (400, "bad-cursor")


def test_a_payment_entered_meanwhile_is_not_in_the_list(http: httpx.Client, gateway: Gateway) -> None:
    entered = [gateway.enter(source="PINNED") for _ in range(4)]
    ready = {"Min-Position": entered[-1].headers["Event-Position"], "Prefer": "wait=10"}
    first = http.get("/v1/payments", params={"source": "PINNED", "limit": 2}, headers=ready)
    later = gateway.enter(source="PINNED")
    seen = {"Min-Position": later.headers["Event-Position"], "Prefer": "wait=10"}
    asked = {"source": "PINNED", "limit": 2, "cursor": first.json()["page"]["next"]}
    rest = http.get("/v1/payments", params=asked, headers=seen)
    ids = [item["id"] for page in (first, rest) for item in page.json()["items"]]
    assert ids == [one.json()["id"] for one in entered]
    assert rest.json()["page"]["next"] is None
    assert first.headers["Projection-Position"] == rest.headers["Projection-Position"]


def test_taking_in_needs_its_scope_and_reading_another(server: Served, gateway: Gateway) -> None:
    reader, recorder = server.token("case:read"), server.token("payment:record")
    entered = gateway.enter().json()
    path = f"/v1/payments/{entered['id']}"
    assert server.http.get(path, headers=reader).status_code == 200
    assert refused(server.http.get(path, headers=recorder)) == (403, "insufficient-scope")
    sent = {"reason": "X"}
    keyed = {**reader, "Idempotency-Key": "scope"}
    assert refused(server.http.post(f"{path}/unmatchings", json=sent, headers=keyed))[0] == 403
