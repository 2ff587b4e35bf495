"""Working a queue over HTTP: one case a collector, kept while it is worked, given back or skipped for a reason."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.case.api.acts import Acted, refused
from tests.kit.served import Served

Token = dict[str, str]
CAUGHT_UP_DEADLINE_S = 60
SKIP = {"reason": "DEBTOR_ASKED_LATER"}


def token_of(server: Served, person: str) -> Token:
    """A collector's token."""
    made = server.quittance("token", "--person", person)
    assert made.code == 0, made.err
    return {"Authorization": f"Bearer {made.out.strip()}"}


@pytest.fixture(scope="module", autouse=True)
def _caught_up(server: Served) -> None:
    """The queues hold what was imported."""
    ends = time.monotonic() + CAUGHT_UP_DEADLINE_S
    while server.http.get("/v1/queues").headers["Projection-Lag"] != "0":
        assert time.monotonic() < ends
        time.sleep(0.1)


@pytest.fixture(scope="module")
def mei(server: Served) -> Token:
    return token_of(server, "mei")


@pytest.fixture(scope="module")
def tom(server: Served) -> Token:
    return token_of(server, "tom")


def post(
    http: httpx.Client, path: str, key: str, token: Token, sent: Any = None, prefer: str | None = None
) -> httpx.Response:
    """A command about queues and leases."""
    headers = {"Idempotency-Key": key, **token} | ({"Prefer": prefer} if prefer else {})
    return http.post(path, json=sent or {}, headers=headers)


def leased(http: httpx.Client, token: Token, key: str, queue: str = "M1") -> Any:
    """A case, which there is."""
    answer = post(http, f"/v1/queues/{queue}/leases", key, token)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_every_queue_is_listed_with_what_stands_in_it(http: httpx.Client) -> None:
    answer = http.get("/v1/queues", headers={"Accept-Language": "zh-CN"})
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, "zh-CN")
    items = {one["id"]: one for one in answer.json()["items"]}
    assert list(items) == ["M1", "M2", "M3", "M4+", "nothing-owed", "promised", "on-hold", "agency", "legal"]
    assert items["on-hold"] == {
        "id": "on-hold", "title": "暂停催收", "mode": "INTERNAL", "worked": False, "cases": 0, "held": 0,
        "unallocated": 0,
    }  # fmt: skip
    assert (items["legal"]["mode"], items["M4+"]["worked"]) == ("LEGAL", True)
    listed = http.get("/v1/cases", params={"queue": "M4+", "limit": 200}).json()["items"]
    assert items["M4+"]["cases"] == len(listed) > 0


def test_the_head_of_a_queue_says_why_and_who_holds_what(http: httpx.Client, mei: Token) -> None:
    lease = leased(http, mei, "head", "M3")
    head = http.get("/v1/queues/M3", params={"limit": 5}).json()
    ranks = [one["rank"] for one in head["items"]]
    assert ranks == sorted(ranks, reverse=True)
    for one in head["items"]:
        assert sum(one["rank_parts"].values()) == one["rank"]
        assert one["policy"] in one["why"]
    assert (head["items"][0]["id"], head["items"][0]["held_by"]) == (lease["case"]["id"], "mei")
    assert head["held"] == 1
    assert http.get("/v1/queues/M9").status_code == 404


def test_asked_again_the_same_case_and_another_collector_another(
    http: httpx.Client, mei: Token, tom: Token
) -> None:
    first = leased(http, mei, "a1")
    assert (first["collector"], first["case"]["queue"]) == ("mei", "M1")
    again, later = leased(http, mei, "a1"), leased(http, mei, "a2")
    assert first["id"] == again["id"] == later["id"]
    assert again["until"] >= first["until"]
    other = leased(http, tom, "a1")
    assert other["case"]["id"] != first["case"]["id"]
    assert http.get(first["links"]["case"], headers=mei).status_code == 200


def test_a_lease_is_kept_by_its_holder_only(http: httpx.Client, mei: Token, tom: Token) -> None:
    lease = leased(http, mei, "b1", "M2")
    kept = post(http, lease["links"]["renewals"], "b2", mei)
    assert (kept.status_code, kept.json()["case"]) == (201, lease["case"]["id"])
    assert kept.json()["until"] > lease["until"]
    for path in lease["links"]["renewals"], lease["links"]["completions"]:
        assert refused(post(http, path, "b3", tom)) == (409, "lease-lost")
    assert refused(post(http, lease["links"]["skips"], "b4", tom, SKIP)) == (409, "lease-lost")
    chinese = post(http, lease["links"]["renewals"], "b5", tom | {"Accept-Language": "zh-CN"})
    assert chinese.json()["title"] == "该案件已不归您办理"
    assert post(http, "/v1/leases/lse_1/renewals", "b6", mei).status_code == 404


def test_a_case_that_was_worked_rests_and_saying_so_twice_says_the_same(
    http: httpx.Client, mei: Token, tom: Token
) -> None:
    lease = leased(http, mei, "c1", "M4%2B")
    done = post(http, lease["links"]["completions"], "c2", mei)
    assert (done.status_code, done.json()["case"]) == (201, lease["case"]["id"])
    assert post(http, lease["links"]["completions"], "c2", mei).json() == done.json()
    assert refused(post(http, lease["links"]["renewals"], "c3", mei)) == (409, "lease-lost")
    assert refused(post(http, "/v1/queues/M4+/leases", "c1", mei)) == (409, "lease-lost")
    for who in mei, tom:
        assert leased(http, who, "c4", "M4+")["case"]["id"] != lease["case"]["id"]


def test_a_skip_is_on_record_with_its_reason_and_the_next_case_follows(
    http: httpx.Client, mei: Token, tom: Token
) -> None:
    lease = leased(http, mei, "d1", "nothing-owed")
    case, skips = lease["case"]["id"], lease["links"]["skips"]
    assert refused(post(http, skips, "d2", mei))[0] == 422
    assert refused(post(http, skips, "d3", mei, {"reason": "NO_MOOD"})) == (422, "skip-reason-unknown")
    dry = post(http, skips, "d4", mei, {"reason": "OTHER_LANGUAGE"}, prefer="dry-run")
    assert (dry.status_code, [one["type"] for one in dry.json()["events"]]) == (200, ["CaseSkipped"])
    done = post(http, skips, "d4", mei, {"reason": "OTHER_LANGUAGE"})
    assert (done.status_code, done.json()["events"][0]) == (201, "CaseSkipped"), done.text
    assert post(http, skips, "d4", mei, {"reason": "OTHER_LANGUAGE"}).json() == done.json()
    told = http.get(f"/v1/cases/{case}/events").json()["items"][-1]
    [facts] = [one["said"] for one in told["sections"] if one["name"] == "facts"]
    assert (facts["reason"], facts["queue"], facts["everybody"]) == ("OTHER_LANGUAGE", "nothing-owed", False)
    assert leased(http, mei, "d5", "nothing-owed")["case"]["id"] != case
    assert leased(http, tom, "d6", "nothing-owed")["case"]["id"] == case


def test_nobody_is_handed_what_waits(http: httpx.Client, mei: Token) -> None:
    for queue in "promised", "on-hold", "agency", "legal":
        assert refused(post(http, f"/v1/queues/{queue}/leases", f"e-{queue}", mei)) == (
            409,
            "queue-not-worked",
        )
    assert post(http, "/v1/queues/M9/leases", "e", mei).status_code == 404


def test_a_dry_run_takes_nothing(http: httpx.Client, server: Served) -> None:
    ann = token_of(server, "ann")
    before = {one["id"]: one["held"] for one in http.get("/v1/queues").json()["items"]}
    dry = post(http, "/v1/queues/M1/leases", "f1", ann, prefer="dry-run")
    assert (dry.status_code, dry.json()["dry_run"], dry.json()["lease"]) == (200, True, None)
    assert {one["id"]: one["held"] for one in http.get("/v1/queues").json()["items"]} == before


def test_a_case_that_closes_or_waits_meanwhile_is_taken_from_its_holder(
    http: httpx.Client, server: Served
) -> None:
    bob = token_of(server, "bob")
    case = Acted(http).open(arrears="900000000.00", days=12)
    position = case.post("/assignments", collector="bob", reason="SKILL").headers["Event-Position"]
    wait = {"Min-Position": position, "Prefer": "wait=10"}
    lease = leased(http, bob | wait, "g1")
    assert lease["case"]["id"] == case.case_id
    assert lease["case"]["assignee"] == "bob"
    held = case.post("/holds", kind="CEASE", reason="DEBTOR_ASKED")
    head = http.get(
        "/v1/queues/on-hold", headers={"Min-Position": held.headers["Event-Position"], "Prefer": "wait=10"}
    )
    [waiting] = [one for one in head.json()["items"] if one["id"] == case.case_id]
    assert [one["code"] for one in waiting["waits_for"]] == ["CEASE"]
    assert refused(post(http, lease["links"]["renewals"], "g2", bob)) == (409, "lease-lost")
    assert leased(http, bob, "g3")["case"]["id"] != case.case_id
    assert post(http, lease["links"]["completions"], "g4", bob).status_code == 201


def test_ten_collectors_asking_fifty_times_at_once_get_ten_cases(http: httpx.Client, server: Served) -> None:
    tokens = [token_of(server, f"c{number}") for number in range(10)]
    asks = [(token, number) for number in range(5) for token in tokens]

    def ask(one: tuple[Token, int]) -> tuple[str, str]:
        token, number = one
        got = leased(http, token, f"h{number}", "M2")
        return got["collector"], got["case"]["id"]

    with ThreadPoolExecutor(50) as pool:
        got = list(pool.map(ask, asks))
    by_case = {case: {who for who, at in got if at == case} for _, case in got}
    assert all(len(who) == 1 for who in by_case.values())
    assert len(by_case) == len(tokens)
