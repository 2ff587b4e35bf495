"""Where the public keys of a token issuer come from: a set in hand, a file, or the issuer's own address.

The one module of `shared/http` that calls somebody: the address is a setting, never something a token says, and it is
https, or the loopback.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

FRESH_S = 600.0
"""How long fetched keys are used without asking again."""
RETRY_S = 10.0
"""Least time between two fetches: a flood of tokens with unknown key ids is not passed on to the issuer."""
DEADLINE_S = 5.0
BYTES_MAX = 65_536
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


class KeysUnavailable(Exception):
    """The issuer's keys cannot be had, or are none."""


class IssuerKeys(Protocol):
    """The public keys of an issuer."""

    async def keys(self, *, newer: bool = False) -> KeySet:
        """The keys; `newer`: after asking again, if that is due. Raises KeysUnavailable."""


def key_set(document: Any) -> KeySet:
    """The keys of a JWKS document, symmetric and unknown ones left out. Raises KeysUnavailable."""
    try:
        listed = [
            {name: value for name, value in key.items() if name not in _PRIVATE}
            for key in document["keys"]
            if isinstance(key, Mapping) and key.get("kty") in {"EC", "OKP", "RSA"} and key.get("kid")
        ]
        return KeySet.import_key_set({"keys": listed})
    except (JoseError, ValueError, KeyError, TypeError) as problem:
        raise KeysUnavailable("the issuer's key set cannot be read, or holds no key with an id") from problem


class FixedKeys:
    """Keys in hand."""

    def __init__(self, document: Any) -> None:
        self._keys = key_set(document)

    async def keys(self, *, newer: bool = False) -> KeySet:
        """The keys."""
        return self._keys


def from_file(path: Path) -> FixedKeys:
    """The keys of a JWKS file. Raises KeysUnavailable."""
    try:
        return FixedKeys(json.loads(path.read_bytes()))
    except (OSError, ValueError) as problem:
        raise KeysUnavailable("the issuer's key file cannot be read") from problem


def is_address(text: str) -> bool:
    """Is this an address keys may be fetched from: https, or http on the loopback?"""
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return bool(parts.hostname) and (parts.scheme == "https" or local)


class FetchedKeys:
    """Keys at an address, fetched when first needed, again after FRESH_S, and when a token names an unknown one.

    While the address does not answer, the keys known so far stay in use.
    """

    def __init__(self, address: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        if not is_address(address):
            raise ValueError("keys are fetched over https, or from the loopback")
        self._address, self._transport = address, transport
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def keys(self, *, newer: bool = False) -> KeySet:
        """The keys; `newer`: fetched again unless that was done a moment ago. Raises KeysUnavailable."""
        async with self._fetching:
            age = time.monotonic() - self._asked_at
            if age >= (RETRY_S if newer or self._keys is None else FRESH_S):
                self._asked_at = time.monotonic()
                try:
                    self._keys = await self._fetch()
                except KeysUnavailable:
                    if self._keys is None:
                        raise
        if self._keys is None:
            raise KeysUnavailable("the issuer's keys could not be fetched a moment ago")
        return self._keys

    async def _fetch(self) -> KeySet:
        content = b""
        try:
            async with (
                httpx.AsyncClient(timeout=DEADLINE_S, transport=self._transport, trust_env=False) as http,
                http.stream("GET", self._address, headers={"Accept": "application/json"}) as answer,
            ):
                answer.raise_for_status()
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > BYTES_MAX:
                        raise KeysUnavailable("the issuer's key set is too large")
            return key_set(json.loads(content))
        except (httpx.HTTPError, ValueError) as problem:
            raise KeysUnavailable("the issuer's keys cannot be fetched") from problem
