"""Debts that join and leave, instalments, charges, penalty terms, charge-offs and waivers over HTTP."""

import httpx

from tests.case.api.acts import Acted, cny, refused, second_person
from tests.kit.served import Served


def fen(**named: str) -> dict[str, str]:
    """An amount by what it is for."""
    return {**named, "currency": "CNY"}


def test_a_debt_joins_and_leaves(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00")
    joined = case.done("/debts", account_ref="A-2", arrears=cny("80.00"), days_past_due=5)
    assert joined["events"][0] == "DebtAttached"
    assert joined["account"] in case.get()["debts"]
    assert case.get("/balance")["owed"]["total"] == cny("1080.00")
    again = case.post("/debts", account_ref="A-2", arrears=cny("80.00"), days_past_due=5)
    assert refused(again) == (409, "debt-already-in-case")
    unseen = case.post("/debt-detachments", account=joined["account"], reason="SOLD")
    assert refused(unseen) == (428, "precondition-required")
    case.done("/debt-detachments", match="now", account=joined["account"], reason="SOLD")
    assert case.get("/balance")["owed"]["total"] == cny("1000.00")
    gone = case.post("/debt-detachments", match="now", account=joined["account"], reason="SOLD")
    assert refused(gone) == (409, "debt-not-in-case")


def test_an_account_joins_the_same_debtors_case_alone(http: httpx.Client) -> None:
    nobody = Acted(http, "case-00000000-0000-8000-8000-000000000000")
    sent = {"account_ref": "A-2", "arrears": cny("80.00"), "days_past_due": 5}
    assert refused(nobody.post("/debts", **sent)) == (404, "not-found")
    first, second = Acted(http).open(), Acted(http).open()
    assert first.done("/debts", **sent)["account"] != second.done("/debts", **sent)["account"]


def test_an_instalment_falls_due_and_days_count_from_it(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00", days=1)
    item = case.done(
        "/instalments",
        account=case.account,
        due_on=case.day(-40),
        amounts=fen(interest="12.50", principal="200.00"),
    )
    assert item["events"][0] == "InstalmentFellDue"
    assert case.get("/balance")["days_past_due"] == 40
    ahead = case.post(
        "/instalments", account=case.account, due_on=case.day(2), amounts=fen(principal="200.00")
    )
    assert ahead.json()["errors"] == [{"pointer": "/due_on", "code": "IN_THE_FUTURE"}]
    nothing = case.post("/instalments", account=case.account, due_on=case.day(-1), amounts=fen())
    assert refused(nothing) == (422, "amount-not-positive")


def test_a_charge_is_owed_and_taken_back(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00")
    sent = {"account": case.account, "reason": "COURT_FEE"}
    case.done("/charges", amounts=fen(costs="50.00"), **sent)
    assert case.get("/balance")["owed"]["costs"] == cny("50.00")
    case.done("/charges", amounts=fen(costs="-50.00"), **sent)
    assert case.get("/balance")["owed"]["costs"] == cny("0.00")
    foreign = case.post("/charges", amounts={"costs": "5.00", "currency": "USD"}, **sent)
    assert foreign.json()["errors"] == [{"pointer": "/amounts/currency", "code": "NOT_OF_THE_CASE"}]
    nothing = case.post("/charges", amounts=fen(), **sent)
    assert nothing.json()["errors"] == [{"pointer": "/amounts", "code": "NOTHING"}]
    other = case.post("/charges", amounts=fen(costs="1.00"), account="account-none", reason="COURT_FEE")
    assert refused(other) == (409, "debt-not-in-case")


def test_penalty_interest_accrues_by_the_contract(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00", on="2026-03-02")
    sent = {"account": case.account, "on": "2026-03-02"}
    assert refused(case.post("/penalty-terms", ppm_per_day=-1, **sent)) == (422, "invalid")
    case.done("/penalty-terms", ppm_per_day=500, **sent)
    # 1000.00 at 500 ppm a day for ten days.
    assert case.get("/balance", as_of="2026-03-12")["owed"]["penalty"] == cny("5.00")


def test_a_loss_is_recognised_and_the_debt_stays(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00")
    assert refused(case.post("/charge-offs", amount=cny("900.00"))) == (428, "precondition-required")
    loss = case.done("/charge-offs", match="now", amount=cny("900.00"))["id"]
    assert case.get("/balance")["owed"]["total"] == cny("1000.00")
    case.done(f"/v1/charge-offs/{loss}/reversals", match="now", reason="RECOVERED")
    again = case.post(f"/v1/charge-offs/{loss}/reversals", match="now", reason="RECOVERED")
    assert (again.status_code, again.json()["events"]) == (200, [])
    unknown = case.post(f"/v1/charge-offs/{case.none('cho')}/reversals", match="now", reason="RECOVERED")
    assert refused(unknown) == (404, "charge-off-unknown")


def test_a_small_waiver_stands_at_once(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00")
    sent = {"account": case.account, "reason": "GOODWILL"}
    said = case.done("/waivers", amounts=fen(principal="30.00"), **sent)
    assert said["events"][:2] == ["WaiverProposed", "BalanceAdjusted"]
    assert case.get("/balance")["owed"]["total"] == cny("970.00")
    large = case.post("/waivers", amounts=fen(principal="5000.00"), **sent)
    assert refused(large) == (409, "waiver-too-large")
    foreign = case.post("/waivers", amounts={"principal": "1.00", "currency": "USD"}, **sent)
    assert foreign.json()["errors"] == [{"pointer": "/amounts/currency", "code": "NOT_OF_THE_CASE"}]


def test_a_large_waiver_takes_two_persons(server: Served) -> None:
    case = Acted(server.http).open("5000.00")
    sent = {"account": case.account, "reason": "GOODWILL", "amounts": fen(principal="900.00")}
    asked = case.done("/waivers", **sent)["id"]
    assert case.get("/balance")["owed"]["total"] == cny("5000.00")
    approvals = f"/v1/waivers/{asked}/approvals"
    assert refused(case.post(approvals, match="now")) == (409, "maker-is-checker")
    pretended = case.post(approvals, match="now", by="second-person")
    assert refused(pretended) == (422, "invalid")
    case.done(approvals, match="now", token=second_person(server))
    assert case.get("/balance")["owed"]["total"] == cny("4100.00")
    late = case.post(
        f"/v1/waivers/{asked}/rejections", match="now", token=second_person(server), reason="TOO_MUCH"
    )
    assert refused(late) == (409, "not-awaiting-approval")


def test_a_waiver_is_rejected_by_another(server: Served) -> None:
    case = Acted(server.http).open("5000.00")
    sent = {"account": case.account, "reason": "GOODWILL", "amounts": fen(principal="900.00")}
    asked = case.done("/waivers", **sent)["id"]
    path = f"/v1/waivers/{asked}/rejections"
    assert refused(case.post(path, match="now", reason="TOO_MUCH")) == (409, "maker-is-checker")
    case.done(path, match="now", token=second_person(server), reason="TOO_MUCH")
    assert case.standing("waivers", asked)["status"] == "REJECTED"
    assert case.get("/balance")["owed"]["total"] == cny("5000.00")
