"""GET /v1/cases/{id}/limitation and its proofs: recorded, retracted and restored as a lawyer's clerk does it."""

from typing import Any

import httpx
import pytest

from tests.kit.served import Served
from tests.legal.api.asked import PERSON, Asked, refused

DEMAND = {"kind": "demand_delivered", "on": "2026-03-02", "evidence": "DATA_REACHED", "medium": "SMS"}
UNKNOWN = "prf_" + "0" * 48


@pytest.fixture
def one(http: httpx.Client) -> Asked:
    """A case of its own whose debt fell due on 31 January 2026."""
    return Asked(http)


def shown(one: Asked, **asked: str) -> Any:
    return one.get(f"/v1/cases/{one.case}/limitation", **asked)


def debtor(one: Asked, **asked: str) -> Any:
    [found] = [claim for claim in shown(one, **asked)["claims"] if claim["person"] is None]
    return found


def recorded(one: Asked, **more: Any) -> str:
    found: str = one.done(f"/v1/cases/{one.case}/limitation/proofs", **{**DEMAND, **more})["id"]
    return found


def test_each_restart_with_its_event_its_evidence_and_its_article(one: Asked) -> None:
    alone = debtor(one)
    proof = recorded(one)
    found = debtor(one)
    assert (alone["raw_on"], found["raw_on"]) == ("2029-01-31", "2029-03-02")
    assert [(link["effect"], link["evidence"]) for link in found["chain"]] == [
        ("START", "BOOK"),
        ("RESTART", "DATA_REACHED"),
    ]
    assert found["chain"][1]["proof"] == proof
    assert found["chain"][1]["article"] == "民法典 195(1); 诉讼时效规定 8"
    weakest = found["weakest"]
    assert (weakest["proof"], weakest["better"]) == (proof, "REGISTERED_LETTER")
    assert weakest["without"]["raw_on"] == "2029-01-31"


def test_a_proof_is_retracted_and_restored(one: Asked) -> None:
    alone, proof = debtor(one), recorded(one)
    before = debtor(one)
    address = f"/v1/limitation-proofs/{proof}"
    answer = one.done(f"{address}/retractions", reason="FORGED")
    assert answer["links"] == {"limitation": f"/v1/cases/{one.case}/limitation"}
    gone = shown(one)
    assert [claim for claim in gone["claims"] if claim["person"] is None] == [alone]
    [shown_proof] = gone["proofs"]
    assert shown_proof["retracted"]["reason"] == "FORGED"
    one.done(f"{address}/restorations", reason="CHECKED_AGAIN")
    assert debtor(one) == before


def test_repeated_it_is_answered_and_not_done_again(one: Asked) -> None:
    path = f"/v1/cases/{one.case}/limitation/proofs"
    first, again = one.post(path, key="once-proof", **DEMAND), one.post(path, key="once-proof", **DEMAND)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = one.post(path, key="once-proof", **{**DEMAND, "on": "2026-03-03"})
    assert refused(other) == (422, "idempotency-key-reused")
    proof = first.json()["id"]
    for path in (f"/v1/limitation-proofs/{proof}/retractions", f"/v1/limitation-proofs/{proof}/restorations"):
        done, said = one.post(path, key=f"k{path}", reason="X"), one.post(path, key=f"k{path}", reason="X")
        assert (done.status_code, done.json()) == (201, said.json())
        nothing = one.post(path, reason="X")
        assert (nothing.status_code, nothing.json()["events"]) == (200, [])


def test_a_dry_run_records_nothing(one: Asked) -> None:
    answer = one.post(f"/v1/cases/{one.case}/limitation/proofs", prefer="dry-run", **DEMAND)
    assert (answer.status_code, answer.json()["dry_run"]) == (200, True)
    assert shown(one)["proofs"] == []


def test_on_two_clocks(one: Asked) -> None:
    recorded(one)
    assert debtor(one, as_of="2026-03-01")["raw_on"] == "2029-01-31"
    assert debtor(one, as_of="2026-01-30")["state"] == "NOT_STARTED"
    long_ago = one.http.get(f"/v1/cases/{one.case}/limitation", params={"known_at": "2020-01-01"})
    assert refused(long_ago) == (404, "not-found")
    wrong = one.http.get(f"/v1/cases/{one.case}/limitation", params={"known_at": "soon"})
    assert refused(wrong) == (422, "invalid")


def test_advice_is_in_the_readers_language(one: Asked) -> None:
    recorded(one)
    answer = one.http.get(f"/v1/cases/{one.case}/limitation", headers={"Accept-Language": "zh-CN"})
    assert answer.headers["Content-Language"] == "zh-CN"
    assert "挂号信" in answer.json()["claims"][0]["weakest"]["advice"]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"kind": "prayer"}, (422, "limitation-proof-kind-unknown")),
        ({"kind": "guarantor_called"}, (422, "limitation-proof-kind-unknown")),
        ({"evidence": "PIGEON"}, (422, "invalid")),
        ({"on": "2199-01-01"}, (422, "legal-day-ahead")),
        ({"debts": ["account-7a1c0d1e-0000-8000-8000-00000000ffff"]}, (422, "debt-not-of-case")),
        ({"person": "Li Si"}, (422, "invalid")),
        ({"note": "4111-1111"}, (422, "invalid")),
    ],
)
def test_what_cannot_be_a_proof(one: Asked, wrong: dict[str, Any], problem: tuple[int, str]) -> None:
    answer = one.post(f"/v1/cases/{one.case}/limitation/proofs", **{**DEMAND, **wrong})
    assert refused(answer) == problem
    assert "4111-1111" not in answer.text


def test_a_due_date_may_lie_ahead_and_a_person_is_named_by_their_id(one: Asked) -> None:
    recorded(one, kind="principal_due", on="2199-01-01", evidence="BOOK")
    recorded(one, kind="promise", person=PERSON, evidence="RECORDING")
    assert debtor(one)["raw_on"] == "2029-01-31"
    assert {proof["kind"] for proof in shown(one)["proofs"]} == {"principal_due", "promise"}


@pytest.mark.parametrize("what", ["retractions", "restorations"])
@pytest.mark.parametrize("proof", ["prf_1", "stp_" + "0" * 48, UNKNOWN])
def test_what_is_no_proof_is_not_found(one: Asked, what: str, proof: str) -> None:
    answer = one.post(f"/v1/limitation-proofs/{proof}/{what}", reason="FORGED")
    assert refused(answer) in {(404, "not-found"), (404, "limitation-proof-unknown")}


@pytest.mark.parametrize("case", ["case-1", "matter-6f1c0d1e-0000-8000-8000-000000000001", "TWC-000001"])
def test_what_is_no_case_is_not_found(one: Asked, case: str) -> None:
    assert refused(one.http.get(f"/v1/cases/{case}/limitation")) == (404, "not-found")
    assert refused(one.post(f"/v1/cases/{case}/limitation/proofs", **DEMAND)) == (404, "not-found")


def test_a_case_that_nobody_told_of_is_told_apart(one: Asked) -> None:
    there = "case-6f1c0d1e-0000-8000-8000-00000000aaaa"
    assert refused(one.http.get(f"/v1/cases/{there}/limitation")) == (404, "not-found")
    assert refused(one.post(f"/v1/cases/{there}/limitation/proofs", **DEMAND)) == (409, "case-unheard")


def test_who_may_only_read_cannot_retract(server: Served, one: Asked) -> None:
    proof = recorded(one)
    token = server.token("legal:read")
    assert server.http.get(f"/v1/cases/{one.case}/limitation", headers=token).status_code == 200
    answer = one.post(f"/v1/limitation-proofs/{proof}/retractions", token=token, reason="FORGED")
    assert refused(answer) == (403, "insufficient-scope")


def test_it_says_by_which_law(one: Asked) -> None:
    law = shown(one)["law"]
    assert law["id"] == "cn.law"
    assert len(law["hash"]) == 64
