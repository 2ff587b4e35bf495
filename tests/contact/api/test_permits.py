"""Permits over HTTP: allow, deny and defer with words, places held, batches, and the decision taken again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.kernel.clock import SystemClock
from tests.contact.api.asked import NAMED, PHONE, Asked, refused


@pytest.fixture
def one(http: httpx.Client) -> Asked:
    return Asked(http).described()


def _agreed(one: Asked) -> Asked:
    """At any hour, whatever the clock of the machine says: the hours are agreed."""
    one.done("/preferences", kind="agreement", agreement="agreed_hours")
    return one


def _call(one: Asked, **sent: Any) -> Any:
    return one.permit(exception="agreed_hours", **sent)


def test_an_allowance_has_a_token_a_span_and_the_caps_it_fills(one: Asked) -> None:
    said = _call(_agreed(one))
    assert (said["outcome"], said["reasons"], said["token"]) == ("allow", [], said["id"])
    assert 0 < said["valid_for_s"] <= 300
    caps = {cap["rule"]: cap for cap in said["caps_after"]}
    assert (caps["CN-GBT45251-CALLS"]["used"], caps["CN-GBT45251-CALLS"]["left"]) == (1, 2)
    assert caps["CN-GBT45251-CALLS"]["counted"] == [said["id"]]
    assert said["inputs_hash"].startswith("sha256:")
    assert said["links"]["self"] == f"/v1/contact-permits/{said['id']}"


@pytest.mark.parametrize(("speaks", "words"), [("en", "Say first"), ("zh-CN", "须主动表明")])
def test_a_refusal_names_every_rule_in_the_callers_language(one: Asked, speaks: str, words: str) -> None:
    _agreed(one)
    answer = one.post(
        "/v1/contact-permits", subject=one.subject, channel="voice", contact_point=one.point, role="friend",
        person=f"prs_{'1' * 32}", exception="agreed_hours", speaks=speaks,
    )  # fmt: skip
    said = answer.json()
    assert (answer.status_code, said["outcome"], said["token"], said["valid_for_s"]) == (201, "deny", None, 0)
    reasons = {reason["rule"]: reason for reason in said["reasons"]}
    assert {"CN-GBT45251-CONTACTS", "CN-CBA2026-IDENT"} <= set(reasons)
    assert reasons["CN-CBA2026-IDENT"]["message"].startswith(words)
    assert reasons["CN-CBA2026-IDENT"]["source"]["confidence"] == "secondary"
    assert answer.headers["Content-Language"] == speaks


def test_after_three_the_next_is_deferred_and_says_when_and_what_else(one: Asked) -> None:
    _agreed(one)
    given = [_call(one)["id"] for _ in range(3)]
    said = _call(one)
    assert said["outcome"] == "defer"
    [reason] = [one for one in said["reasons"] if one["rule"] == "CN-GBT45251-CALLS"]
    assert (sorted(reason["counted"]), reason["observed"], reason["limit"]) == (sorted(given), 3, 3)
    assert said["next_allowed"][0]["channel"] == "voice"
    opens = datetime.fromisoformat(said["next_allowed"][0]["from"])
    assert SystemClock().now() < opens < SystemClock().now() + timedelta(days=2)
    assert reason["cure"]["until"] == said["next_allowed"][0]["from"]


def test_fifty_at_once_against_a_cap_of_three_give_three(one: Asked) -> None:
    _agreed(one)
    with ThreadPoolExecutor(16) as crowd:
        found = list(crowd.map(lambda _: _call(one)["outcome"], range(50)))
    assert (found.count("allow"), found.count("defer")) == (3, 47)


def test_a_repeated_request_is_one_decision_and_another_language_is_no_other_request(one: Asked) -> None:
    _agreed(one)
    sent = {
        "subject": one.subject, "channel": "voice", "contact_point": one.point, "content": NAMED,
        "exception": "agreed_hours",
    }  # fmt: skip
    key = f"again-{one.ref}"
    first = one.post("/v1/contact-permits", key=key, **sent)
    again = one.post("/v1/contact-permits", key=key, speaks="zh-CN", **sent)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (first.json()["id"], first.json()["inputs_hash"]) == (
        again.json()["id"],
        again.json()["inputs_hash"],
    )
    assert first.json()["caps_after"] == again.json()["caps_after"]


def test_whose_contact_it_is_can_be_said_in_three_ways(one: Asked) -> None:
    by_ref = one.done("/v1/contact-permits", debtor_ref=one.ref, channel="voice", address=PHONE)
    assert (by_ref["subject"], by_ref["contact_point"]) == (one.subject, one.point)
    nobody = one.post("/v1/contact-permits", channel="voice")
    assert refused(nobody) == (422, "invalid")
    unknown = one.post(
        "/v1/contact-permits", case="case-00000000-0000-8000-8000-000000000009", channel="voice"
    )
    assert unknown.json()["errors"] == [{"pointer": "/case", "code": "UNKNOWN"}]
    both = one.post(
        "/v1/contact-permits", subject=one.subject, channel="voice", address=PHONE, contact_point=one.point
    )
    assert both.json()["errors"] == [{"pointer": "/address", "code": "ONE_OF_TWO"}]
    by_number = one.post("/v1/contact-permits", subject=one.subject, channel="email", address=PHONE)
    assert by_number.json()["errors"] == [{"pointer": "/address/medium", "code": "NOT_ONE_OF"}]


def test_a_batch_answers_each_item_on_its_own(one: Asked) -> None:
    _agreed(one)
    good = {"subject": one.subject, "channel": "voice", "content": NAMED, "exception": "agreed_hours"}
    sent = [
        {"key": f"a-{one.ref}", **good}, {"key": f"b-{one.ref}", **good, "channel": "pigeon"}, good,
        {"key": f"c-{one.ref}", **good, "canary": "4711"}, {"key": f"d-{one.ref}", **good},
    ]  # fmt: skip
    answer = one.post("/v1/contact-permit-batches", items=sent)
    assert answer.status_code == 207
    assert [item["status"] for item in answer.json()["items"]] == [201, 422, 400, 422, 201]
    assert "4711" not in answer.text
    assert "pigeon" not in answer.text
    alone = one.post("/v1/contact-permits", key=f"a-{one.ref}", **good)
    assert alone.headers["Idempotent-Replayed"] == "true"
    assert alone.json()["id"] == answer.json()["items"][0]["permit"]["id"]
    again = one.post("/v1/contact-permit-batches", items=sent)
    assert [item.get("permit", {}).get("id") for item in again.json()["items"]] == [
        item.get("permit", {}).get("id") for item in answer.json()["items"]
    ]


def test_a_batch_is_of_a_thousand_at_most(one: Asked) -> None:
    item = {"subject": one.subject, "channel": "voice"}
    assert refused(one.post("/v1/contact-permit-batches", items=[item] * 1001)) == (422, "invalid")
    assert refused(one.post("/v1/contact-permit-batches", items=[])) == (422, "invalid")


def test_a_decision_is_read_again_as_taken_and_taken_again(one: Asked) -> None:
    _agreed(one)
    said = _call(one)
    read = one.get(f"/v1/contact-permits/{said['id']}")
    assert (read["outcome"], read["spent_by"]) == ("allow", None)
    assert read["again"]["identical"] is True
    assert (read["caps_after"], read["inputs_hash"]) == (said["caps_after"], said["inputs_hash"])
    one.done("/preferences", kind="channel", channel="voice", at=said["evaluated_at"])
    later = one.get(f"/v1/contact-permits/{said['id']}")
    assert later["again"]["identical"] is True
    assert later["again"]["now"]["outcome"] in ("allow", "deny")


def test_what_is_no_permit_is_not_found(one: Asked) -> None:
    for permit in ("cpm_1", f"cpm_{'0' * 48}", f"cat_{'0' * 48}"):
        assert refused(one.http.get(f"/v1/contact-permits/{permit}")) == (404, "not-found")


def test_a_body_that_names_two_debtors_is_about_neither(one: Asked, http: httpx.Client) -> None:
    other = Asked(http).described()
    answer = one.post(
        "/v1/contact-permits", subject=one.subject, debtor_ref=other.ref, channel="letter", content=NAMED
    )
    assert refused(answer) == (422, "invalid")
    assert answer.json()["errors"] == [{"pointer": "/debtor_ref", "code": "NOT_OF_THE_SUBJECT"}]
    assert other.ref not in answer.text
    both = {"subject": one.subject, "debtor_ref": one.ref, "channel": "letter", "content": NAMED}
    assert one.done("/v1/contact-permits", **both)["subject"] == one.subject
