"""Keys for signatures over HTTP messages, written as Standard Webhooks 1.0 writes them.

`whsec_…`: a shared secret of 24 to 64 bytes (HMAC-SHA-256). `whsk_…`: an Ed25519 private key; `whpk_…`: its public
half. What stands behind the prefix is base64. No error and no `repr` holds any of it.
"""

import binascii
import hashlib
import hmac
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_BYTES = range(24, 65)
SEED_BYTES = 32
HMAC, ED25519 = "hmac-sha256", "ed25519"
"""Algorithms by their names in RFC 9421, 3.3."""
_SHOWN = 16


class KeyUnreadable(ValueError):
    """The text is no key of this kind. Its message never holds the text."""


class Checks(Protocol):
    """A key that tells whether a signature is its own."""

    @property
    def algorithm(self) -> str:
        """The algorithm's name in RFC 9421."""

    @property
    def key_id(self) -> str:
        """A name for the key that tells nothing of it."""

    def verified(self, said: bytes, signature: bytes) -> bool:
        """Was `said` signed with this key? Takes the same time whichever byte differs."""


class Signs(Checks, Protocol):
    """A key that can also sign."""

    def sign(self, said: bytes) -> bytes:
        """The signature over `said`."""


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """A secret both sides hold."""

    secret: bytes = field(repr=False)
    algorithm: str = HMAC

    @property
    def key_id(self) -> str:
        """A name for the key that tells nothing of it."""
        return hmac.digest(self.secret, b"key id", "sha256").hex()[:_SHOWN]

    def sign(self, said: bytes) -> bytes:
        """HMAC-SHA-256."""
        return hmac.digest(self.secret, said, "sha256")

    def verified(self, said: bytes, signature: bytes) -> bool:
        """Is it the HMAC of `said`?"""
        return hmac.compare_digest(self.sign(said), signature)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of an Ed25519 key."""

    raw: bytes
    algorithm: str = ED25519

    @property
    def key_id(self) -> str:
        """A name for the key."""
        return hashlib.sha256(self.raw).hexdigest()[:_SHOWN]

    def verified(self, said: bytes, signature: bytes) -> bool:
        """Was `said` signed with the private half?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, said)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An Ed25519 key pair."""

    seed: bytes = field(repr=False)
    algorithm: str = ED25519

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        pair = Ed25519PrivateKey.from_private_bytes(self.seed)
        return PublicKey(pair.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def key_id(self) -> str:
        """The public half's name."""
        return self.public.key_id

    def sign(self, said: bytes) -> bytes:
        """Ed25519 (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(said)

    def verified(self, said: bytes, signature: bytes) -> bool:
        """Was `said` signed with this key?"""
        return self.public.verified(said, signature)


def signing_key(text: str) -> Signs:
    """The key of a `whsec_…` or `whsk_…`. Raises KeyUnreadable."""
    if text.startswith("whsk_"):
        raw = _raw(text)
        if len(raw) not in (SEED_BYTES, 2 * SEED_BYTES):  # seed alone, or seed and public half
            raise KeyUnreadable("an Ed25519 private key is 32 bytes, or 64 with its public half")
        return PrivateKey(raw[:SEED_BYTES])
    return _shared(text)


def checking_key(text: str) -> Checks:
    """The key of a `whsec_…` or `whpk_…`. Raises KeyUnreadable."""
    if text.startswith("whpk_"):
        raw = _raw(text)
        if len(raw) != SEED_BYTES:
            raise KeyUnreadable("an Ed25519 public key is 32 bytes")
        return PublicKey(raw)
    return _shared(text)


def _shared(text: str) -> SharedSecret:
    if not text.startswith("whsec_"):
        raise KeyUnreadable("a key begins with whsec_, whsk_ or whpk_")
    raw = _raw(text)
    if len(raw) not in SECRET_BYTES:
        raise KeyUnreadable("a shared secret is 24 to 64 bytes")
    return SharedSecret(raw)


def _raw(text: str) -> bytes:
    try:
        return b64decode(text.partition("_")[2], validate=True)
    except (binascii.Error, ValueError):
        raise KeyUnreadable("what follows the prefix is base64") from None
