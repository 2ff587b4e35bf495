"""Bearer tokens: signed JWTs (RFC 7519, RFC 9068) of one issuer, checked against its public keys.

A token counts if it is signed under a key of the issuer with an algorithm of ALGORITHMS, is of that issuer and for
this audience, is in its time give or take SKEW_S, and names its subject, its tenant and its scopes. Nothing in the
token decides where keys come from or which algorithm is allowed.
"""

import hashlib
import re
from collections import OrderedDict
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.util import to_bytes

from shared.http.access import TOKEN_CHARS_MAX, Caller, refused_token
from shared.http.issuer_keys import IssuerKeys, KeysUnavailable
from shared.http.problems import Problem
from shared.kernel.clock import Clock

ALGORITHMS = ("ES256", "Ed25519", "EdDSA", "PS256", "RS256")
"""Signatures with a public key only: no `none`, and no secret that the verifier would share with the issuer."""
TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt"})
SKEW_S = 60
"""How far the issuer's clock and ours may be apart."""
LIFE_MAX_S = 24 * 3600
"""A token that is valid for longer is refused: it cannot be taken back, only outlived."""
REMEMBERED_MAX = 4_096
_NAME = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class TokenChecker:
    """Tells whose token it is. Tokens that counted are remembered until they expire, by their hash."""

    def __init__(self, *, issuer: str, audience: str, keys: IssuerKeys, clock: Clock) -> None:
        self._issuer, self._audience, self._keys, self._clock = issuer, audience, keys, clock
        self._known: OrderedDict[bytes, Caller] = OrderedDict()

    async def caller(self, token: str) -> Caller:
        """The caller. Raises Problem `invalid-token`, or `temporary-reduced-capacity` without the issuer's keys."""
        if len(token) > TOKEN_CHARS_MAX:
            raise refused_token("TOO_LONG")
        now = self._clock.now().timestamp()
        mark = hashlib.sha256(token.encode()).digest()
        known = self._known.get(mark)
        if known is not None:
            if now >= known.expires_at:
                del self._known[mark]
                raise refused_token("EXPIRED")
            return known
        caller = self._told(await self._claims(token), now)
        self._known[mark] = caller
        if len(self._known) > REMEMBERED_MAX:
            self._known.popitem(last=False)
        return caller

    async def _claims(self, token: str) -> dict[str, Any]:
        """What a token with a good signature says."""
        key = await self._key(_header(token))
        try:
            return jwt.decode(token, key, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError):
            raise refused_token("BAD_SIGNATURE") from None

    async def _key(self, header: dict[str, Any]) -> Key:
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise refused_token("ALGORITHM_NOT_ALLOWED")
        if str(header.get("typ", "JWT")).lower() not in TYPES:
            raise refused_token("NOT_AN_ACCESS_TOKEN")
        try:
            for newer in (False, True):
                for key in await self._keys.keys(newer=newer):
                    if key.kid == kid:
                        if key.get("alg") not in (None, algorithm) or key.get("use") not in (None, "sig"):
                            raise refused_token("ALGORITHM_NOT_ALLOWED")
                        return key
        except KeysUnavailable:
            raise Problem("temporary-reduced-capacity") from None
        raise refused_token("UNKNOWN_KEY")

    def _told(self, claims: dict[str, Any], now: float) -> Caller:
        if claims.get("iss") != self._issuer:
            raise refused_token("WRONG_ISSUER")
        audience = claims.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise refused_token("WRONG_AUDIENCE")
        begins, ends = _number(claims, "nbf", default=claims.get("iat", 0)), _number(claims, "exp")
        if now >= ends + SKEW_S:
            raise refused_token("EXPIRED")
        if now < begins - SKEW_S or now < _number(claims, "iat", default=0) - SKEW_S:
            raise refused_token("NOT_YET_VALID")
        if ends - now > LIFE_MAX_S + SKEW_S:
            raise refused_token("VALID_TOO_LONG")
        subject, scope = _name(claims, "sub"), claims.get("scope", "")
        client = claims.get("client_id", claims.get("azp"))
        if not isinstance(scope, str):
            raise refused_token("CLAIM_MISSING")
        return Caller(
            client=subject if client is None else _name({"client_id": client}, "client_id"),
            subject=subject,
            tenant=_name(claims, "tenant"),
            scopes=frozenset(scope.split()),
            expires_at=ends + SKEW_S,
        )


def _header(token: str) -> dict[str, Any]:
    try:
        return dict(jws.extract_compact(to_bytes(token)).headers())
    except (JoseError, ValueError, TypeError):
        raise refused_token("NOT_A_JWT") from None


def _number(claims: dict[str, Any], name: str, *, default: Any = None) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise refused_token("CLAIM_MISSING")
    return float(value)


def _name(claims: dict[str, Any], name: str) -> str:
    """A claim that may stand in the ledger: a technical name, never a person's."""
    value = claims.get(name)
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise refused_token("CLAIM_MISSING")
    return value
