"""A matter over HTTP as a lawyer's clerk works it: opened, filled, closed, reopened; and what is refused."""

from __future__ import annotations

from typing import Any

import httpx

from services.legal.api.acting import MATTERS
from tests.kit.served import Served
from tests.legal.api.asked import ATTORNEY, CNY, DIGEST, PERSON, Asked, refused

TITLE_ZH = "该案件已有进行中的法务事项"


def test_a_matter_is_opened_and_shown(http: httpx.Client) -> None:
    one = Asked(http)
    answer = one.post(MATTERS, case=one.case, reason="BROKEN_PROMISES", on="2026-02-01")
    assert answer.status_code == 201, answer.text
    one.matter = answer.json()["id"]
    assert answer.headers["Location"] == f"{MATTERS}/{one.matter}"
    shown = one.get()
    assert (shown["case"], shown["status"], shown["opened_on"]) == (one.case, "OPEN", "2026-02-01")
    assert shown["tracks"] == shown["letters"] == shown["claims"] == []


def test_a_case_has_one_open_matter_at_a_time(http: httpx.Client) -> None:
    one = Asked(http).opened()
    answer = one.post(MATTERS, case=one.case, reason="AGAIN", speaks="zh-CN")
    assert refused(answer) == (409, "matter-already-open")
    assert answer.json()["title"] == TITLE_ZH
    assert answer.json()["context"]["matter"] == one.matter
    closed = one.post("/closures", outcome="NOT_WORTH_IT", match=one.tag)
    assert closed.status_code == 201, closed.text
    other = Asked(http, case=one.case, debt=one.debt).opened()
    assert other.matter != one.matter
    again = one.post("/reopenings", reason="CLOSED_IN_ERROR", match=one.tag)
    assert refused(again) == (409, "matter-already-open")


def test_a_case_that_nobody_told_of_is_not_taken_up(http: httpx.Client) -> None:
    nobody = "case-00000000-0000-8000-8000-000000000000"
    answer = Asked(http).post(MATTERS, case=nobody, reason="BROKEN_PROMISES")
    assert refused(answer) == (409, "case-unheard")


def test_all_of_a_matter_is_shown(http: httpx.Client) -> None:
    one = Asked(http).opened().lived()
    one.done(
        "/assessments", asset_signs=["VEHICLE"], cost={"amount": "800", "currency": "CNY"},
        recovery={"amount": "12000.00", "currency": "CNY"}, likelihood_percent=33, advice="MEDIATE",
        words="工资卡在我行",
    )  # fmt: skip
    one.done(
        f"/v1/legal-mediations/{one.made['mediation']}/agreements",
        amount=CNY,
        pay_by="2199-01-01",
        document=DIGEST,
    )
    one.done(f"/v1/legal-costs/{one.made['cost']}/reversals", reason="REFUNDED")
    shown = one.get()
    assert [party["role"] for party in shown["parties"]] == ["DEBTOR"]
    [assessed] = shown["assessments"]
    assert assessed["benefit"] == {"amount": "3160.00", "currency": "CNY"}
    assert assessed["words"] == "工资卡在我行"
    assert shown["placement"]["firm"] == "FIRM-9"
    assert [(one["status"], one["amount"]) for one in shown["mediations"]] == [("AGREED", CNY)]
    assert [cost["reversed"] for cost in shown["costs"]] == [True]
    assert [one["attorney"] for one in shown["representations"]] == [ATTORNEY]
    assert shown["documents"][0]["sha256"] == DIGEST


def test_a_claim_needs_the_case_service(http: httpx.Client) -> None:
    one = Asked(http).opened()
    assert refused(one.post("/claims", debt="account-00000000-0000-8000-8000-000000000000")) == (
        422, "debt-not-of-case",
    )  # fmt: skip
    assert refused(one.post("/claims", debt=one.debt)) == (503, "service-not-answering")


def test_an_override_is_another_persons(server: Served, http: httpx.Client) -> None:
    one = Asked(http).opened()
    said: dict[str, Any] = {"wanted": "SUIT_FILED", "reason": "COUNSEL_READS_OTHERWISE"}
    mine = server.token("legal:approve")
    given = one.post("/overrides", asked_by="user:lin", token=mine, **said)
    assert given.status_code == 201, given.text
    assert refused(one.post("/overrides", asked_by="user:lin", token=server.token("legal:write"), **said)) == (
        403, "insufficient-scope",
    )  # fmt: skip
    unlisted = {**said, "reason": "BECAUSE"}
    assert refused(one.post("/overrides", asked_by="user:lin", **unlisted))[1] == "override-reason-unknown"


def test_terms_that_make_no_sense_are_refused(http: httpx.Client) -> None:
    one = Asked(http).opened()
    assert refused(one.post("/parties", role="GUARANTOR", person=PERSON)) == (
        422,
        "legal-party-terms-refused",
    )
    assert refused(one.post("/parties", role="FRIEND")) == (422, "invalid")
    placed: dict[str, Any] = {"firm": "FIRM-9", "licence": "31110000E00017891X", "mandate": DIGEST}
    assert refused(one.post("/placements", **placed)) == (422, "mandate-missing")
    assert refused(one.post("/placements", **(placed | {"licence": "no"}))) == (422, "invalid")
    assert refused(one.post("/costs", kind="COURT_FEE", amount={"amount": "0", "currency": "CNY"})) == (
        422, "legal-cost-not-positive",
    )  # fmt: skip
    assert refused(one.post("/costs", kind="COURT_FEE", amount={"amount": "1.005", "currency": "CNY"})) == (
        422, "malformed-amount",
    )  # fmt: skip


def test_a_closed_matter_takes_nothing_until_it_goes_on(http: httpx.Client) -> None:
    one = Asked(http).opened()
    closed = one.post("/closures", outcome="PAID", match=one.tag)
    assert closed.status_code == 201, closed.text
    assert (one.get()["status"], one.get()["outcome"]) == ("CLOSED", "PAID")
    assert refused(one.post("/mediations", body="PEOPLES_MEDIATION")) == (409, "matter-closed")
    again = one.post("/reopenings", reason="PAYMENT_RETURNED", match=one.tag)
    assert again.status_code == 201, again.text
    one.done("/mediations", body="PEOPLES_MEDIATION")
    assert one.get()["status"] == "OPEN"
