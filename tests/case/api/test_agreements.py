"""Promises, plans, settlements and write-offs over HTTP."""

import httpx

from tests.case.api.acts import Acted, cny, refused, second_person
from tests.kit.served import Served


def test_a_promise_is_kept_by_money_that_comes(http: httpx.Client) -> None:
    case = Acted(http).open()
    promise = case.done("/promises", amount=cny("500.00"), due_on=case.day(5))["id"]
    assert case.standing("promises", promise)["status"] == "ACTIVE"
    paid = case.done("/payments", amount=cny("500.00"), channel="CARD")
    assert "PromiseKept" in paid["events"]
    assert case.standing("promises", promise)["status"] == "KEPT"
    bounced = case.done(f"/v1/payments/{paid['id']}/reversals", reason="NO_FUNDS")
    assert "PromiseReopened" in bounced["events"]


def test_promises_that_are_refused(http: httpx.Client) -> None:
    case = Acted(http).open()
    far = case.post("/promises", amount=cny("5.00"), due_on="2100-01-01")
    assert refused(far) == (422, "promise-too-far")
    assert far.json()["context"]["days_max"] > 0
    large = case.post("/promises", amount=cny("5000.00"), due_on=case.day(3))
    assert refused(large) == (409, "promise-too-large")
    case.done("/promises", amount=cny("5.00"), due_on=case.day(3))
    second = case.post("/promises", amount=cny("5.00"), due_on=case.day(4))
    assert refused(second) == (409, "promise-already-open")


def test_a_promise_is_taken_back_once(http: httpx.Client) -> None:
    case = Acted(http).open()
    promise = case.done("/promises", amount=cny("500.00"), due_on=case.day(5))["id"]
    case.done(f"/v1/promises/{promise}/cancellations", reason="DEBTOR_ASKED")
    assert case.standing("promises", promise)["status"] == "CANCELLED"
    unknown = case.post(f"/v1/promises/{case.none('prm')}/cancellations", reason="DEBTOR_ASKED")
    assert refused(unknown) == (404, "promise-unknown")


def test_a_promise_is_changed_before_it_is_judged_and_judged_once(http: httpx.Client) -> None:
    case = Acted(http).open()
    promise = case.done("/promises", amount=cny("500.00"), due_on=case.day(5))["id"]
    path = f"/v1/promises/{promise}/amendments"
    assert refused(case.post(path, amount=cny("1.00"), due_on=case.day(6))) == (
        428,
        "precondition-required",
    )
    changed = case.done(path, match="now", amount=cny("400.00"), due_on=case.day(9))
    assert changed["events"] == ["PromiseAmended"]
    standing = case.standing("promises", promise)
    assert (standing["amount"], standing["due"]) == (cny("400.00"), case.day(9))
    same = case.post(path, match="now", amount=cny("400.00"), due_on=case.day(9))
    assert (same.status_code, same.json()["events"]) == (200, [])
    far = case.post(path, match="now", amount=cny("400.00"), due_on=case.day(90))
    assert refused(far) == (422, "promise-too-far")
    large = case.post(path, match="now", amount=cny("4000.00"), due_on=case.day(9))
    assert refused(large) == (409, "promise-too-large")
    foreign = case.post(path, match="now", amount={"amount": "1.00", "currency": "USD"}, due_on=case.day(9))
    assert foreign.json()["errors"] == [{"pointer": "/amount/currency", "code": "NOT_OF_THE_CASE"}]
    paid = case.done("/payments", amount=cny("400.00"), channel="CARD")
    assert paid["events"].count("PromiseKept") == 1
    late = case.post(path, match="now", amount=cny("300.00"), due_on=case.day(9))
    assert refused(late) == (409, "promise-already-judged")


def test_a_plan_comes_from_a_quote_alone(http: httpx.Client) -> None:
    case = Acted(http).open()
    offer = {"affordability": "AFF-1"}
    unknown = case.post("/plans", quote_id=case.none("quo"), **offer)
    assert refused(unknown) == (422, "quote-unknown")
    quote = case.done("/plan-quotes", total=cny("1000.00"), count=3, first_due=case.day(20))["id"]
    plan = case.done("/plans", quote_id=quote, **offer)["id"]
    other = case.done("/plans", quote_id=quote, **offer)["id"]
    signed = {"supplement": "DOC-1"}
    missing = case.post(f"/v1/plans/{plan}/acceptances", **signed)
    assert refused(missing) == (428, "precondition-required")
    nothing = case.post(f"/v1/plans/{plan}/acceptances", match="now")
    assert refused(nothing) == (422, "invalid")
    running = case.done(f"/v1/plans/{plan}/acceptances", match="now", **signed)
    assert running["events"] == ["PlanAgreed", "HoldPlaced"]
    assert case.standing("plans", plan)["status"] == "ACTIVE"
    again = case.post(f"/v1/plans/{other}/acceptances", match="now", **signed)
    assert refused(again) == (409, "plan-already-running")
    case.done(f"/v1/plans/{plan}/terminations", reason="DEBTOR_ASKED")
    ended = case.post(f"/v1/plans/{case.none('pln')}/terminations", reason="DEBTOR_ASKED")
    assert refused(ended) == (404, "plan-unknown")
    # A quote is no plan: its id says so.
    assert refused(case.post(f"/v1/plans/{quote}/acceptances", match="now", **signed)) == (404, "not-found")


def test_a_plan_within_the_lenders_terms(http: httpx.Client) -> None:
    case = Acted(http).open()
    long = case.post("/plan-quotes", total=cny("1000.00"), count=600, first_due=case.day(20))
    assert refused(long) == (422, "plan-terms-refused")
    large = case.post("/plan-quotes", total=cny("9000.00"), count=3, first_due=case.day(20))
    assert refused(large) == (409, "plan-too-large")


def test_a_settlement_below_the_limit_is_approved_by_another(server: Served) -> None:
    case = Acted(server.http).open()
    offer = case.done("/settlements", amount=cny("500.00"), pay_by=case.day(5))["id"]
    assert case.standing("settlements", offer)["status"] == "PROPOSED"
    own = case.post(f"/v1/settlements/{offer}/approvals", match="now")
    assert refused(own) == (409, "maker-is-checker")
    without = case.post(f"/v1/settlements/{offer}/approvals")
    assert refused(without) == (428, "precondition-required")
    other = case.post("/settlements", amount=cny("600.00"), pay_by=case.day(5))
    assert refused(other) == (409, "settlement-already-open")
    case.done(f"/v1/settlements/{offer}/approvals", match="now", token=second_person(server))
    case.done("/payments", amount=cny("500.00"), channel="CARD")
    assert case.standing("settlements", offer)["status"] == "PAID"
    assert (case.get()["lifecycle"], case.get()["reason"]) == ("closed", "SETTLED")


def test_a_settlement_is_rejected_by_another(server: Served) -> None:
    case = Acted(server.http).open()
    offer = case.done("/settlements", amount=cny("10.00"), pay_by=case.day(5))["id"]
    case.done(
        f"/v1/settlements/{offer}/rejections", match="now", token=second_person(server), reason="TOO_LOW"
    )
    assert case.standing("settlements", offer)["status"] == "REJECTED"
    late = case.post(f"/v1/settlements/{offer}/approvals", match="now", token=second_person(server))
    assert refused(late) == (409, "not-awaiting-approval")
    terms = case.post("/settlements", amount=cny("9999.00"), pay_by=case.day(5))
    assert refused(terms) == (422, "settlement-terms-refused")


def test_a_debt_is_given_up_by_two_persons(server: Served) -> None:
    case = Acted(server.http).open()
    proposal = case.done("/write-offs", reason="UNCOLLECTABLE")["id"]
    own = case.post(f"/v1/write-offs/{proposal}/approvals", match="now")
    assert refused(own) == (409, "maker-is-checker")
    case.done(f"/v1/write-offs/{proposal}/approvals", match="now", token=second_person(server))
    assert (case.get()["lifecycle"], case.get()["reason"]) == ("closed", "WRITTEN_OFF")


def test_a_write_off_is_rejected_by_another(server: Served) -> None:
    case = Acted(server.http).open()
    proposal = case.done("/write-offs", reason="UNCOLLECTABLE")["id"]
    path = f"/v1/write-offs/{proposal}/rejections"
    assert refused(case.post(path, match="now", reason="STILL_COLLECTABLE")) == (409, "maker-is-checker")
    said = case.done(path, match="now", token=second_person(server), reason="STILL_COLLECTABLE")
    assert said["events"] == ["WriteOffRejected"]
    late = case.post(f"/v1/write-offs/{proposal}/approvals", match="now", token=second_person(server))
    assert refused(late) == (409, "not-awaiting-approval")
    assert case.get()["lifecycle"] == "open"
