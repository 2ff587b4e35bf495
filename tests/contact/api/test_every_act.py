"""What holds for every command of the contact service: tokens, keys, unknown fields, dry runs, bodies."""

from typing import Any

import httpx
import pytest

from tests.contact.api.asked import NAMED, NOON, PHONE, Asked, refused
from tests.kit.served import Served

NOWHERE = "subject-00000000-0000-8000-8000-000000000000"
ACTS: dict[str, dict[str, Any]] = {
    "/v1/contact-permits": {"subject": "$subject", "channel": "voice", "contact_point": "$point", "content": NAMED},
    "/v1/contact-attempts": {
        "subject": "$subject", "channel": "voice", "contact_point": "$point", "source": "DIALER",
        "source_ref": "CDR-every-act", "at": NOON.isoformat(), "outcome": {"outcome": "busy"},
    },
    "/v1/contact-attempts/$attempt/outcomes": {"outcome": "answered_hung_up", "seconds": 3},
    "/v1/contact-attempts/$attempt/recordings": {"uri": "s3://r/1.opus", "sha256": "9f" * 32},
    "/v1/contact-attempts/$attempt/retractions": {"reason": "REPORTED_TWICE"},
    "/descriptions": {"debtor_ref": "$ref", "jurisdictions": ["CN"], "zones": ["Asia/Urumqi"]},
    "/contact-points": {"address": {"medium": "email", "value": "Li@Example.com"}, "source": "CRM"},
    "/contact-points/corrections": {"kind": "misdirected", "contact_point": "$point", "source": "DIALER"},
    "/people": {"reference": "P-0815", "role": "guarantor"},
    "/people/removals": {"person": f"prs_{'0' * 32}", "reason": "RELEASED"},
    "/mandates": {"agency": "AGENCY-9"},
    "/mandates/endings": {"agency": "AGENCY-9"},
}  # fmt: skip
PREFERENCES: dict[str, dict[str, Any]] = {
    "stop": {"debts": ["D-1"]},
    "stop_withdrawn": {},
    "channel": {"channel": "sms"},
    "inconvenient": {"days": [2], "from": "12:00", "to": "14:00"},
    "agreement": {"agreement": "agreed_hours", "document": "DOC-1"},
    "consent": {"consent": "SMS", "contact_point": "$point"},
    "consent_revoked": {"consent": "SMS"},
    "language": {"language": "en"},
    "representative": {"reference": "LAWYER-77", "role": "attorney"},
    "representative_dismissed": {"person": f"prs_{'0' * 32}"},
}
ACTS |= {f"/preferences#{kind}": {"kind": kind, **sent} for kind, sent in PREFERENCES.items()}
LOOKS: dict[str, dict[str, Any]] = {"/contact-points/$point/reveals": {"purpose": "CONTACT"}}
"""What they answer is theirs alone and for a minute only (looking/test_contact_points_over_http.py)."""
DATED = list(ACTS)
ACTS |= LOOKS
OF_A_SUBJECT = [path for path in ACTS if not path.startswith("/v1/")]
every_act = pytest.mark.parametrize("path", ACTS)
every_dated_act = pytest.mark.parametrize("path", DATED)


def act(one: Asked, path: str, **more: Any) -> httpx.Response:
    """Carry one of the acts out on a subject."""
    there = {"$subject": one.subject, "$point": one.point, "$ref": one.ref}
    sent: dict[str, Any] = {
        name: there.get(value, value) if isinstance(value, str) else value
        for name, value in ACTS[path].items()
    }
    address = path.partition("#")[0].replace("$attempt", one.made.get("attempt", f"cat_{'0' * 48}"))
    address = address.replace("$point", one.point)
    return one.post(address, **(sent | more))


def looking(server: Served, path: str) -> dict[str, str] | None:
    """A person's token where only a person may; None: the one that every request carries."""
    return server.token("pii:reveal") if path in LOOKS else None


@pytest.fixture(scope="module")
def one(server: Served) -> Asked:
    """A subject that nothing is done to."""
    return Asked(server.http).described().lived()


@every_act
def test_an_unknown_field_is_refused_and_not_repeated(server: Served, one: Asked, path: str) -> None:
    answer = act(one, path, token=looking(server, path), canary="4111-1111")
    assert refused(answer) == (422, "invalid")
    assert "4111-1111" not in answer.text


@every_act
def test_a_token_for_something_else_does_nothing(server: Served, one: Asked, path: str) -> None:
    assert refused(act(one, path, token=server.token("case:read"))) == (403, "insufficient-scope")


@pytest.mark.parametrize("path", OF_A_SUBJECT)
@pytest.mark.parametrize("subject", ["subject-1", "case-00000000-0000-8000-8000-000000000000", f"{NOWHERE}0"])
def test_what_is_no_subject_is_not_found(server: Served, path: str, subject: str) -> None:
    other = Asked(server.http, ref="D", subject=subject, point=f"cpt_{'0' * 32}")
    assert refused(act(other, path, token=looking(server, path))) in {(404, "not-found"), (422, "invalid")}


@every_dated_act
def test_a_repeated_act_is_answered_and_not_done_again(http: httpx.Client, path: str) -> None:
    there = Asked(http).described().lived()
    key = f"once-{path}"
    first, again = act(there, path, key=key), act(there, path, key=key)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["ETag"] == again.headers["ETag"]
    told, repeated = first.json(), again.json()
    for answer in (told, repeated):
        answer.pop("valid_for_s", None)
        for reason in answer.get("breach", ()):
            for word in ("counted", "observed", "limit", "cure", "message"):
                reason.pop(word, None)
    assert told == repeated
    changed = {"zone": "UTC"} if path == "/contact-points" else {"at": "2026-03-01T00:00:00Z"}
    if path == "/v1/contact-permits":
        changed = {"purpose": "collection"}
    assert refused(act(there, path, key=key, **changed)) == (422, "idempotency-key-reused")


@every_act
def test_a_dry_run_says_and_does_nothing(server: Served, path: str) -> None:
    there = Asked(server.http).described().lived()
    before = there.get("/contactability", channel="voice")["version"]
    answer = act(there, path, prefer="dry-run", token=looking(server, path))
    assert (answer.status_code, answer.json()["dry_run"]) == (200, True), answer.text
    assert answer.json()["events"]
    assert "13800138000" not in answer.text
    assert there.get("/contactability", channel="voice")["version"] == before


@every_dated_act
def test_nothing_happens_in_times_to_come(one: Asked, path: str) -> None:
    if path == "/v1/contact-permits":
        return
    answer = act(one, path, at="2199-01-01T00:00:00Z")
    assert refused(answer) == (422, "contact-in-the-future"), answer.text


@every_act
def test_without_a_key_nothing_is_done(one: Asked, http: httpx.Client, path: str) -> None:
    answer = http.post(f"/v1/subjects/{one.subject}/mandates", json=ACTS["/mandates"])
    assert refused(answer) == (400, "idempotency-key-missing")


@pytest.mark.parametrize("medium", ["phone", "email"])
def test_what_is_no_number_is_refused_and_not_repeated(one: Asked, medium: str) -> None:
    answer = one.post("/contact-points", address={"medium": medium, "value": "canary 4711 nobody"})
    assert refused(answer) == (422, "invalid")
    assert answer.json()["errors"] == [{"pointer": "/address/value", "code": "NOT_A_NUMBER_OR_ADDRESS"}]
    assert "canary" not in answer.text


def test_a_number_is_in_no_answer(http: httpx.Client) -> None:
    there = Asked(http).described().lived()
    answer = there.post("/v1/contact-permits", debtor_ref=there.ref, channel="sms", address=PHONE)
    assert "13800138000" not in answer.text
    assert there.ref not in answer.text
