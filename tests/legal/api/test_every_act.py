"""What holds for every command about a matter: tokens, keys, unknown fields, dry runs, bodies, days to come."""

from typing import Any

import httpx
import pytest

from tests.kit.served import Served
from tests.legal.api.asked import ATTORNEY, CNY, DIGEST, PERSON, Asked, refused

NOWHERE = "matter-00000000-0000-8000-8000-000000000000"
ACTS: dict[str, dict[str, Any]] = {
    "/parties": {"role": "GUARANTOR", "person": PERSON, "guarantee": "JOINT", "debts": ["$debt"]},
    "/v1/legal-parties/$party/releases": {"reason": "RELEASED"},
    "/assessments": {
        "asset_signs": ["VEHICLE"], "cost": CNY, "recovery": CNY, "likelihood_percent": 60, "advice": "SUE",
    },
    "/documents": {"kind": "CONTRACT", "sha256": "8e" * 32, "location": "DMS 4711"},
    "/v1/legal-placements/$placement/ends": {"reason": "MANDATE_ENDED"},
    "/mediations": {"body": "PEOPLES_MEDIATION"},
    "/v1/legal-mediations/$mediation/agreements": {"amount": CNY, "pay_by": "2199-01-31", "document": DIGEST},
    "/v1/legal-mediations/$mediation/failures": {"reason": "NO_SHOW"},
    "/representations": {"attorney": ATTORNEY, "reference": "LAWYER-77"},
    "/v1/legal-representations/$representation/ends": {},
    "/costs": {"kind": "LAWYER", "amount": CNY, "borne_by": "LENDER", "firm": "FIRM-9"},
    "/v1/legal-costs/$cost/reversals": {"reason": "REFUNDED"},
    "/overrides": {"wanted": "SUIT_FILED", "reason": "COUNSEL_READS_OTHERWISE", "asked_by": "user:lin"},
    "/closures": {"outcome": "PAID"},
}  # fmt: skip
MATCHED = {"/closures"}
OF_A_MATTER = [path for path in ACTS if not path.startswith("/v1/")]
every_act = pytest.mark.parametrize("path", ACTS)


def act(one: Asked, path: str, *, match: str | None = None, **more: Any) -> httpx.Response:
    """Carry one of the acts out on a matter."""
    sent: dict[str, Any] = {
        name: [one.debt] if value == ["$debt"] else value for name, value in ACTS[path].items()
    }
    address = path
    for name, made in one.made.items():
        address = address.replace(f"${name}", made)
    match = match or (one.tag if path in MATCHED else None)
    return one.post(address, match=match, **(sent | more))


@pytest.fixture(scope="module")
def one(server: Served) -> Asked:
    """A matter that nothing more is done to."""
    return Asked(server.http).opened().lived()


@every_act
def test_an_unknown_field_is_refused_and_not_repeated(one: Asked, path: str) -> None:
    answer = act(one, path, canary="4111-1111")
    assert refused(answer) == (422, "invalid")
    assert "4111-1111" not in answer.text


@every_act
def test_a_token_for_something_else_does_nothing(server: Served, one: Asked, path: str) -> None:
    answer = act(one, path, match='"v9"', token=server.token("legal:read"))
    assert refused(answer) == (403, "insufficient-scope")


@pytest.mark.parametrize("path", OF_A_MATTER)
@pytest.mark.parametrize(
    "matter", ["matter-1", "case-00000000-0000-8000-8000-000000000000", f"{NOWHERE}0", NOWHERE]
)
def test_what_is_no_matter_is_not_found(server: Served, path: str, matter: str) -> None:
    other = Asked(server.http, case="case", debt=f"account-{NOWHERE[7:]}", matter=matter)
    assert refused(act(other, path, match='"v9"')) == (404, "not-found")


@every_act
def test_a_repeated_act_is_answered_and_not_done_again(http: httpx.Client, path: str) -> None:
    there = Asked(http).opened().lived()
    key, match = f"once-{path}", there.tag
    first, again = act(there, path, key=key, match=match), act(there, path, key=key, match=match)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["ETag"] == again.headers["ETag"] == there.tag
    assert first.json() == again.json()
    answer = act(there, path, key=key, match=match, on="2026-02-01")
    assert refused(answer) == (422, "idempotency-key-reused")


@every_act
def test_a_dry_run_says_and_does_nothing(server: Served, one: Asked, path: str) -> None:
    before = one.tag
    answer = act(one, path, prefer="dry-run")
    assert (answer.status_code, answer.json()["dry_run"]) == (200, True), answer.text
    assert answer.json()["events"]
    assert "LAWYER-77" not in answer.text
    assert "DMS 4711" not in answer.text
    assert one.tag == before


@every_act
def test_nothing_happens_in_times_to_come(one: Asked, path: str) -> None:
    assert refused(act(one, path, on="2199-01-01")) == (422, "legal-day-ahead")


@every_act
def test_without_a_key_nothing_is_done(one: Asked, http: httpx.Client, path: str) -> None:
    answer = http.post(f"/v1/legal-matters/{one.matter}/documents", json=ACTS["/documents"])
    assert refused(answer) == (400, "idempotency-key-missing")


@pytest.mark.parametrize("path", sorted(MATCHED))
def test_an_old_version_is_not_acted_on(http: httpx.Client, path: str) -> None:
    there = Asked(http).opened()
    old = there.tag
    there.lived()
    answer = act(there, path, match=old)
    assert refused(answer) == (412, "version-conflict")
    assert answer.headers["ETag"] == there.tag
