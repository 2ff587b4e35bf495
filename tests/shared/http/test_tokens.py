"""Access tokens: which count, and that every other is refused for its own reason and without being repeated."""

import base64
import json

import pytest

from shared.http.access import TOKEN_CHARS_MAX
from shared.http.problems import Problem
from shared.http.tokens import ALGORITHMS, LIFE_MAX_S, REMEMBERED_MAX, SKEW_S
from tests.kit.tokens import AUDIENCE, Issuing

NOW = int(Issuing().clock.now().timestamp())


def _part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


async def _reason(issuing: Issuing, token: str) -> str:
    """Why a token is refused."""
    with pytest.raises(Problem) as refused:
        await issuing.checker().caller(token)
    assert refused.value.kind.code == "invalid-token"
    assert token not in str(refused.value.errors) + str(refused.value.headers)
    return refused.value.errors[0][1]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_a_signed_token_names_client_tenant_and_scopes(algorithm: str) -> None:
    issuing = Issuing()
    caller = await issuing.checker().caller(issuing.token(alg=algorithm, scope="case:read feed:read"))
    assert (caller.client, caller.tenant, caller.actor) == ("core-banking", "default", "core-banking")
    assert caller.scopes == {"case:read", "feed:read"}


async def test_a_client_that_acts_for_a_person_is_written_with_the_person() -> None:
    issuing = Issuing()
    caller = await issuing.checker().caller(issuing.token(client_id="console", sub="c-17"))
    assert (caller.client, caller.actor) == ("console", "console/c-17")


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://other.example"}, "WRONG_ISSUER"),
        ({"iss": None}, "WRONG_ISSUER"),
        ({"aud": "other"}, "WRONG_AUDIENCE"),
        ({"aud": None}, "WRONG_AUDIENCE"),
        ({"aud": ["other", "another"]}, "WRONG_AUDIENCE"),
        ({"exp": NOW - SKEW_S}, "EXPIRED"),
        ({"exp": None}, "CLAIM_MISSING"),
        ({"exp": "soon"}, "CLAIM_MISSING"),
        ({"exp": True}, "CLAIM_MISSING"),
        ({"exp": NOW + LIFE_MAX_S + SKEW_S + 1}, "VALID_TOO_LONG"),
        ({"nbf": NOW + SKEW_S + 1}, "NOT_YET_VALID"),
        ({"iat": NOW + SKEW_S + 1}, "NOT_YET_VALID"),
        ({"sub": None}, "CLAIM_MISSING"),
        ({"sub": "王 芳"}, "CLAIM_MISSING"),
        ({"tenant": None}, "CLAIM_MISSING"),
        ({"tenant": 7}, "CLAIM_MISSING"),
        ({"scope": ["case:read"]}, "CLAIM_MISSING"),
    ],
    ids=str,
)
async def test_a_claim_that_is_not_right_is_refused(claims: dict[str, object], reason: str) -> None:
    issuing = Issuing()
    assert await _reason(issuing, issuing.token(**claims)) == reason


async def test_clocks_may_be_a_minute_apart() -> None:
    issuing = Issuing()
    for claims in ({"exp": NOW - SKEW_S + 1}, {"nbf": NOW + SKEW_S}, {"iat": NOW + SKEW_S}):
        assert await issuing.checker().caller(issuing.token(**claims))
    assert await issuing.checker().caller(issuing.token(aud=["other", AUDIENCE]))


async def test_no_signature_and_shared_secrets_do_not_count() -> None:
    issuing = Issuing()
    claims = _part(issuing.claims())
    for algorithm in ("none", "None", "NONE", ""):
        unsigned = f"{_part({'alg': algorithm, 'kid': 'ES256', 'typ': 'at+jwt'})}.{claims}."
        assert await _reason(issuing, unsigned) == "ALGORITHM_NOT_ALLOWED"
    public = json.dumps(issuing.jwks["keys"][0]).encode()
    assert await _reason(issuing, issuing.forged(public)) == "ALGORITHM_NOT_ALLOWED"


async def test_a_stranger_cannot_sign_and_nothing_can_be_changed() -> None:
    issuing = Issuing()
    assert await _reason(issuing, issuing.by_another()) == "BAD_SIGNATURE"
    head, _, signature = issuing.token().split(".")
    richer = f"{head}.{_part(issuing.claims(tenant='other'))}.{signature}"
    assert await _reason(issuing, richer) == "BAD_SIGNATURE"
    # The key of one algorithm does not serve another.
    crossed = f"{_part({'alg': 'RS256', 'kid': 'ES256'})}.{_part(issuing.claims())}.{signature}"
    assert await _reason(issuing, crossed) == "BAD_SIGNATURE"


async def test_a_token_brings_no_key_along() -> None:
    issuing = Issuing()
    key = issuing.jwks["keys"][0]
    for header in ({"kid": "unheard-of"}, {"kid": "unheard-of", "jwk": key}, {"kid": None}):
        head = _part({"alg": "ES256", **header})
        token = f"{head}.{_part(issuing.claims())}.{issuing.token().rpartition('.')[2]}"
        assert await _reason(issuing, token) in {"UNKNOWN_KEY", "NOT_A_JWT"}


@pytest.mark.parametrize(
    "text", ["x", "a.b", "a.b.c", "....", "é.é.é", "e30.e30.", "e30.e30.AAAA", "\x00.\x00."]
)
async def test_what_is_no_token_is_refused(text: str) -> None:
    assert await _reason(Issuing(), text) in {"NOT_A_JWT", "ALGORITHM_NOT_ALLOWED", "BAD_SIGNATURE"}


async def test_other_kinds_of_jwt_and_long_ones_are_refused() -> None:
    issuing = Issuing()
    assert await _reason(issuing, issuing.token(header={"typ": "logout+jwt"})) == "NOT_AN_ACCESS_TOKEN"
    assert await _reason(issuing, issuing.token(pad="x" * TOKEN_CHARS_MAX)) == "TOO_LONG"


async def test_a_token_that_counted_expires_all_the_same() -> None:
    from datetime import timedelta

    issuing = Issuing()
    checker, token = issuing.checker(), issuing.token()
    assert await checker.caller(token) is await checker.caller(token)
    issuing.clock.advance(timedelta(seconds=600 + SKEW_S))
    with pytest.raises(Problem) as refused:
        await checker.caller(token)
    assert refused.value.errors == (("Authorization", "EXPIRED"),)


async def test_no_more_tokens_are_remembered_than_fit() -> None:
    issuing = Issuing()
    checker = issuing.checker()
    first = await checker.caller(issuing.token(alg="Ed25519", jti="first"))
    checker._known.update(
        {bytes([n % 256]) * 20 + n.to_bytes(4, "big"): first for n in range(REMEMBERED_MAX)}
    )
    await checker.caller(issuing.token(alg="Ed25519", jti="last"))
    assert len(checker._known) <= REMEMBERED_MAX + 1
