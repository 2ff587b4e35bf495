"""Steps over HTTP: reported as they happen, told apart by their name, refused with what stands against them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from services.legal.api.steps.bodies import BY_OTHER_WAYS, KIND_OF
from services.legal.api.steps.refusals import OF_STEPS
from services.legal.domain.tracks.all_tracks import MACHINES
from services.legal.domain.tracks.machine import wire_name
from tests.kit.served import Served
from tests.legal.api.asked import CNY, DIGEST, Asked, refused

SUIT: dict[str, Any] = {
    "step": "SUIT_ASSESSED",
    "procedure": "ORDINARY",
    "court": "SH-PD",
    "cause": "LOAN",
    "amount": CNY,
}
DAY = "2026-02-02"
OTHER = "prs_" + "6" * 32


def step(one: Asked, step: str, track: str | None = None, **sent: Any) -> httpx.Response:
    """Report a step, as another person than the one who opened the matter."""
    about = {} if track is None else {"track": track}
    return one.post("/steps", step=step, **{"on": DAY, **about, **sent})


def took(one: Asked, *about: Any, **sent: Any) -> Any:
    answer = step(one, *about, **sent)
    assert answer.status_code == 201, answer.text
    return answer.json()


def assessed(one: Asked, **more: Any) -> str:
    found: str = one.done("/steps", **{**SUIT, "on": DAY, **more})["track"]
    return found


def wang(server: Served, *scopes: str) -> dict[str, str]:
    """The token of a second person."""
    named = [word for scope in scopes for word in ("--scope", scope)]
    made = server.quittance("token", *named, "--person", "wang")
    assert made.code == 0, made.err
    return {"Authorization": f"Bearer {made.out.strip()}"}


def approved(server: Served, one: Asked, track: str) -> None:
    answer = step(one, "SUIT_APPROVED", track, token=wang(server, "legal:write", "legal:approve"))
    assert answer.status_code == 201, answer.text


def test_a_suit_is_reported_step_by_step_and_shown(server: Served, http: httpx.Client) -> None:
    one = Asked(http).opened()
    track = assessed(one)
    approved(server, one, track)
    filed = took(one, "SUIT_FILED", track, amount=CNY, document=DIGEST)
    assert (filed["track"], filed["kind"], filed["status"]) == (track, "SUIT", "FILED")
    assert filed["next"] == ["SUIT_ACCEPTED", "SUIT_NOT_ACCEPTED", "SUIT_WITHDRAWN"]
    assert [due["name"] for due in filed["deadlines"]] == ["CASE_FILING"]
    assert filed["events"] == ["SuitFiled", "MatterTold", "ProofRecorded"]
    took(one, "SUIT_ACCEPTED", track, case_no="（2026）沪0115民初1号")
    shown = one.get("/steps")
    assert [it["step"] for it in shown["items"]] == [
        "SUIT_ASSESSED",
        "SUIT_APPROVED",
        "SUIT_FILED",
        "SUIT_ACCEPTED",
    ]
    assert shown["items"][2]["id"] == filed["id"]
    assert shown["items"][2]["facts"] == {"amount": CNY, "document": DIGEST, "override": None}
    assert shown["items"][3]["facts"]["case_no"] == "（2026）沪0115民初1号"
    assert "by" not in shown["items"][1]["facts"]
    [suit] = one.get()["tracks"]
    assert (suit["id"], suit["status"]) == (track, "ACCEPTED")


def test_what_is_wrong_with_a_step_is_pointed_to_in_the_body_that_was_sent(http: httpx.Client) -> None:
    one = Asked(http).opened()
    unheard_of = step(one, "FEE_PAID").json()
    assert unheard_of["errors"] == [{"pointer": "/step", "code": "UNION_TAG_INVALID"}]
    assert {"COURT_FEE_PAID", "SUIT_FILED"} <= set(unheard_of["context"]["allowed"])
    short = {name: said for name, said in SUIT.items() if name != "court"}
    missing = one.post("/steps", **short).json()
    assert missing["errors"] == [{"pointer": "/court", "code": "MISSING"}]
    nested = one.post("/steps", **{**SUIT, "amount": {**CNY, "more": 1}}).json()
    assert nested["errors"] == [{"pointer": "/amount", "code": "EXTRA_FORBIDDEN"}]
    chosen = one.post("/steps", **{**SUIT, "procedure": "QUICK"}).json()
    assert chosen["errors"] == [{"pointer": "/procedure", "code": "LITERAL_ERROR"}]
    assert chosen["context"]["allowed"] == ["ORDINARY", "SUMMARY", "SMALL_CLAIMS"]


def test_who_assessed_does_not_approve_and_approving_needs_a_scope_of_its_own(
    server: Served, http: httpx.Client
) -> None:
    one = Asked(http).opened()
    track = assessed(one)
    assert refused(step(one, "SUIT_APPROVED", track)) == (409, "maker-is-checker")
    token = wang(server, "legal:write")
    assert refused(step(one, "SUIT_APPROVED", track, token=token)) == (403, "insufficient-scope")


def test_a_step_that_cannot_follow_names_those_that_can(http: httpx.Client) -> None:
    one = Asked(http).opened()
    track = assessed(one)
    answer = step(one, "SUIT_FILED", track, amount=CNY)
    assert refused(answer) == (409, "step-out-of-order")
    assert answer.json()["context"] == {
        "status": "ASSESSED", "next": ["SUIT_APPROVED", "SUIT_REJECTED", "SUIT_WITHDRAWN"],
    }  # fmt: skip
    nowhere = track[:-1] + ("0" if track[-1] != "0" else "1")
    assert refused(step(one, "SUIT_FILED", nowhere, amount=CNY)) == (404, "track-unknown")
    assert refused(step(one, "CLAUSE_VERIFIED", track, clause=DIGEST)) == (404, "track-unknown")


@pytest.mark.parametrize("name", ["SERVED_BY_NOTICE", "PAYMENT_ORDER_UNOPPOSED", "LETTER_DRAFTED", "NO_SUCH"])
def test_what_time_leads_to_and_what_goes_another_way_cannot_be_sent(http: httpx.Client, name: str) -> None:
    one = Asked(http).opened()
    assert refused(step(one, name, assessed(one))) == (422, "invalid")


def test_a_judgment_nobody_appealed_takes_effect_by_time_alone(server: Served, http: httpx.Client) -> None:
    one = Asked(http).opened()
    track = assessed(one)
    approved(server, one, track)
    took(one, "SUIT_FILED", track, amount=CNY)
    took(one, "SUIT_ACCEPTED", track, case_no="1")
    took(one, "SUIT_SERVED", track, kind="DIRECT")
    took(one, "HEARING_SET", track, hearing_on="2026-02-20", room="第三法庭")
    took(one, "SUIT_HEARD", track, outcome="RESERVED")
    took(one, "JUDGMENT_ISSUED", track, outcome="WON", amount=CNY, perform_days=10, limitation_upheld=False)
    took(one, "JUDGMENT_SERVED", track, kind="DIRECT")
    answer = step(
        one, "JUDGMENT_EFFECTIVE", track, amount=CNY, perform_until="2026-03-31", because="NOT_APPEALED"
    )
    assert refused(answer) == (409, "step-only-by-time")
    late = step(one, "SUIT_APPEALED", track, by_side="THEIRS", on="2026-03-02")
    assert refused(late) == (409, "appeal-too-late")
    assert late.json()["context"] == {"last_day": "2026-02-24"}


def test_what_the_law_forbids_is_answered_the_same_however_often_and_is_on_record(http: httpx.Client) -> None:
    one = Asked(http).opened()
    party = one.done("/parties", role="GUARANTOR", person=OTHER, guarantee="GENERAL")["id"]
    for _ in range(2):
        answer = one.post("/steps", key="wanted", **{**SUIT, "on": DAY, "against": [party]})
        assert refused(answer) == (409, "guarantor-before-debtor")
    assert [told["rule"] for told in one.get()["refused"]] == ["guarantor-before-debtor"]


def test_bodies_are_bounded_and_what_is_refused_is_not_repeated(http: httpx.Client) -> None:
    one = Asked(http).opened()
    for more in (
        {"procedure": "QUICK"}, {"amount": {"amount": "-1.00", "currency": "CNY"}}, {"against": ["张三"]},
        {"court": "浦东法院"}, {"cause": "loan to Zhang San"}, {"track": "trk_" + "1" * 48}, {"canary": "4111-1111"},
        {"debts": ["account-1"]}, {"by": "somebody"},
    ):  # fmt: skip
        answer = one.post("/steps", **{**SUIT, "on": DAY, **more})
        assert refused(answer) == (422, "invalid"), more
        assert "张三" not in answer.text
        assert "4111" not in answer.text
    assert refused(one.post("/steps", **{**SUIT, "on": "2199-01-01"})) == (422, "step-in-the-future")
    assert one.get("/steps")["items"] == []


def test_a_repeated_step_is_taken_once_and_a_dry_run_takes_none(http: httpx.Client) -> None:
    one = Asked(http).opened()
    first = one.post("/steps", key="once-step", **{**SUIT, "on": DAY})
    again = one.post("/steps", key="once-step", **{**SUIT, "on": DAY})
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    dry = one.post("/steps", prefer="dry-run", **{**SUIT, "on": DAY})
    assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
    assert len(one.get("/steps")["items"]) == 1
    old = one.post("/steps", match='"v1"', **{**SUIT, "on": DAY})
    assert refused(old) == (412, "version-conflict")


def test_a_step_taken_back_leaves_all_as_it_was(http: httpx.Client) -> None:
    one = Asked(http).opened()
    track = assessed(one)
    before = one.get("/steps")
    rejected = step(one, "SUIT_WITHDRAWN", track, reason="PAID").json()
    one.done("/step-retractions", track=track, step=rejected["id"], reason="ENTERED_IN_ERROR", on=DAY)
    assert one.get("/steps") == before
    assert one.get()["tracks"][0]["status"] == "ASSESSED"


def test_no_such_matter_has_steps(http: httpx.Client) -> None:
    for matter in ("matter-1", "matter-00000000-0000-8000-8000-000000000000"):
        answer = http.get(f"/v1/legal-matters/{matter}/steps")
        assert refused(answer) == (404, "not-found")


def test_the_document_lists_every_step_that_is_reported_and_every_refusal(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    said = document["paths"]["/v1/legal-matters/{matter_id}/steps"]["post"]
    schema = said["requestBody"]["content"]["application/json"]["schema"]
    told_apart = set(schema["discriminator"]["mapping"])
    assert told_apart == set(KIND_OF)
    every = {kind for machine in MACHINES for kind in machine.steps}
    by_time = {kind for one in MACHINES for kind in one.by_time if kind not in one.also_reported}
    assert told_apart == {wire_name(kind) for kind in every - by_time - BY_OTHER_WAYS}
    documented = {
        code
        for answer in said["responses"].values()
        for code in answer["content"].get("application/problem+json", {}).get("examples", {})
    }
    assert set(OF_STEPS) <= documented
