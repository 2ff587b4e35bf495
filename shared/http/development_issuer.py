"""An issuer of tokens for development: a key pair in a file of the owner's, and tokens signed under it.

It stands in where no issuer is configured, so that a demo on one machine is asked for tokens like the real thing.
Whoever can read the file can make tokens; that is whoever can read the store's keys beside it.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from shared.http.access import SCOPES
from shared.http.issuer_keys import FixedKeys, KeysUnavailable
from shared.kernel import ids
from shared.kernel.clock import Clock

ISSUER = "quittance-development"
CLIENT = "developer"
ALGORITHM = "ES256"
LIFE_S = 12 * 3600


class DevelopmentIssuer:
    """Signs tokens under the key pair of a file, which is made when it is not there."""

    def __init__(self, key: ECKey) -> None:
        self._key = key

    @classmethod
    def open(cls, path: Path) -> "DevelopmentIssuer":
        """The issuer of this file. Raises KeysUnavailable for a file that holds no key pair."""
        if not path.is_file():
            _make(path)
        try:
            key = ECKey.import_key(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, JoseError) as problem:
            raise KeysUnavailable(f"{path.name} holds no key pair") from problem
        if not key.is_private:
            raise KeysUnavailable(f"{path.name} holds no private key")
        return cls(key)

    def keys(self) -> FixedKeys:
        """Its public keys."""
        return FixedKeys({"keys": [self._key.as_dict(private=False)]})

    def token(
        self,
        *,
        audience: str,
        tenant: str,
        clock: Clock,
        client: str = CLIENT,
        person: str | None = None,
        scopes: Iterable[str] = tuple(SCOPES),
        life_s: int = LIFE_S,
    ) -> str:
        """A token of this client with these scopes, valid for `life_s` seconds (negative: one that has expired).

        `person`: for whom the client acts; None: for itself.
        """
        now = int(clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "sub": person or client,
            "client_id": client,
            "tenant": tenant,
            "scope": " ".join(sorted(scopes)),
            "iat": min(now, now + life_s),
            "exp": now + life_s,
            "jti": ids.new_token(),
        }
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


def _make(path: Path) -> None:
    """Write a new key pair, readable by its owner only; another process that was first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, private=True)
    key.ensure_kid()
    draft = path.with_name(f".{path.name}.{ids.new_token()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(key.as_dict(private=True), file)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
