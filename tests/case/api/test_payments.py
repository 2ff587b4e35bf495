"""Payments, reversals, refunds, and the balance on two clocks."""

import httpx

from tests.case.api.acts import Acted, cny, refused


def _law(balance: dict[str, object]) -> None:
    def minor(name: str) -> int:
        found = balance[name]
        assert isinstance(found, dict)
        return round(float(found.get("total", found)["amount"]) * 100)

    assert minor("allocated") + minor("unallocated") == minor("received") - minor("returned") - minor(
        "refunded"
    )


def test_a_payment_lowers_what_is_owed(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00")
    paid = case.done("/payments", amount=cny("300.00"), channel="BANK_TRANSFER")
    assert paid["id"].startswith("pay_")
    assert "PaymentReceived" in paid["events"]
    balance = case.get("/balance")
    assert balance["owed"]["total"] == cny("700.00")
    assert balance["payments"][0]["payment"] == paid["id"]
    _law(balance)


def test_a_bounced_payment_is_owed_again(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00")
    paid = case.done("/payments", amount=cny("300.00"), channel="CARD")
    case.done(f"/v1/payments/{paid['id']}/reversals", reason="NO_FUNDS", amount=cny("100.00"))
    assert case.get("/balance")["owed"]["total"] == cny("800.00")
    case.done(f"/v1/payments/{paid['id']}/reversals", reason="NO_FUNDS")
    balance = case.get("/balance")
    assert (balance["owed"]["total"], balance["returned"]) == (cny("1000.00"), cny("300.00"))
    _law(balance)


def test_a_return_is_at_most_the_payment_and_of_one_that_is_known(http: httpx.Client) -> None:
    case = Acted(http).open()
    paid = case.done("/payments", amount=cny("300.00"), channel="CARD")
    unknown = case.post(f"/v1/payments/{case.none('pay')}/reversals", reason="NO_FUNDS")
    assert refused(unknown) == (404, "payment-unknown")
    large = case.post(f"/v1/payments/{paid['id']}/reversals", reason="NO_FUNDS", amount=cny("300.01"))
    assert refused(large) == (409, "return-too-large")


def test_nothing_is_no_payment(http: httpx.Client) -> None:
    case = Acted(http).open()
    assert refused(case.post("/payments", amount=cny("0.00"), channel="CARD")) == (422, "amount-not-positive")
    other = case.post("/payments", amount=cny("1.00"), channel="CARD", account="account-none")
    assert refused(other) == (409, "debt-not-in-case")


def test_what_is_too_much_waits_and_can_go_back(http: httpx.Client) -> None:
    case = Acted(http).open("100.00", on="2026-03-02")
    case.done("/payments", amount=cny("130.00"), channel="CARD", on="2026-03-05")
    assert case.get("/balance")["unallocated"] == cny("30.00")
    assert refused(case.post("/refunds", amount=cny("999.00"))) == (409, "refund-too-large")
    case.done("/refunds", amount=cny("30.00"))
    balance = case.get("/balance")
    assert (balance["unallocated"], balance["refunded"]) == (cny("0.00"), cny("30.00"))
    _law(balance)


def test_the_balance_on_two_clocks(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00", on="2026-03-02")
    known = case.get("/timeline")["items"][-1]["recorded_at"]
    case.done("/payments", amount=cny("400.00"), channel="CARD", on="2026-03-10")
    assert case.get("/balance", as_of="2026-03-09")["owed"]["total"] == cny("1000.00")
    assert case.get("/balance", as_of="2026-03-10")["owed"]["total"] == cny("600.00")
    then = case.get("/balance", as_of="2026-03-10", known_at=known)
    assert (then["owed"]["total"], then["known_at"]) == (cny("1000.00"), known)
    before = http.get(f"/v1/cases/{case.case_id}/balance", params={"as_of": "2026-03-01"})
    assert refused(before) == (404, "not-found")
    bad = http.get(f"/v1/cases/{case.case_id}/balance", params={"as_of": "yesterday"})
    assert refused(bad) == (422, "invalid")
