"""Issuers for tests: keys of their own, tokens with any claim and header, and the check that takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from shared.http.access import SCOPES, Access
from shared.http.issuer_keys import FixedKeys
from shared.http.tokens import ALGORITHMS, TokenChecker
from shared.kernel.clock import FixedClock

ISSUER, AUDIENCE, TENANT = "https://issuer.example", "quittance", "default"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
_PUBLIC = {
    "ES256": ECKey.generate_key("P-256", {"kid": "ES256"}),
    "RS256": RSAKey.generate_key(2048, {"kid": "RS256"}),
    "PS256": RSAKey.generate_key(2048, {"kid": "PS256"}),
    "Ed25519": OKPKey.generate_key("Ed25519", {"kid": "Ed25519"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "EdDSA"}),
}


@dataclass
class Issuing:
    """An issuer with a key for each algorithm that is allowed, and the clock of whoever checks."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))

    @property
    def jwks(self) -> dict[str, Any]:
        """Its public keys."""
        return dict(KeySet(list(_PUBLIC.values())).as_dict(private=False))

    def checker(self) -> TokenChecker:
        """The check of its tokens."""
        return TokenChecker(issuer=ISSUER, audience=AUDIENCE, keys=FixedKeys(self.jwks), clock=self.clock)

    def access(self) -> Access:
        """The check of every operation."""
        return Access(self.checker(), tenants=(TENANT,))

    def claims(self, **other: Any) -> dict[str, Any]:
        """What a good token says, with `other` claims; a claim that is None is left out."""
        now = int(self.clock.now().timestamp())
        good = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": "core-banking", "tenant": TENANT,
            "scope": " ".join(SCOPES), "iat": now, "exp": now + 600,
        }  # fmt: skip
        return {name: value for name, value in (good | other).items() if value is not None}

    def token(self, *, alg: str = "ES256", header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token."""
        key = _PUBLIC.get(alg, _PUBLIC["ES256"])
        return jwt.encode(
            {"alg": alg, "kid": key.kid, "typ": "at+jwt"} | (header or {}),
            self.claims(**claims),
            key,
            algorithms=ALGORITHMS,
        )

    def forged(self, secret: bytes, **claims: Any) -> str:
        """A token signed with a shared secret, under the id of a public key."""
        header = {"alg": "HS256", "kid": "ES256", "typ": "at+jwt"}
        return jwt.encode(header, self.claims(**claims), OctKey.import_key(secret), algorithms=["HS256"])

    def by_another(self, **claims: Any) -> str:
        """A token that names a key of ours and is signed with a stranger's."""
        stranger = ECKey.generate_key("P-256", {"kid": "ES256"})
        header = {"alg": "ES256", "kid": "ES256", "typ": "at+jwt"}
        return jwt.encode(header, self.claims(**claims), stranger, algorithms=["ES256"])


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def nobody() -> Access:
    """A check for applications whose operations are all open."""
    return Issuing().access()
