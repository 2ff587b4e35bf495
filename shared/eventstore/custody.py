"""Who keeps the keys that wrap keys. The first custodian is a file beside the store.

The file holds the key-encryption key, which wraps every data key, and the index key, under which natural keys and
idempotency keys are made into ids. Without it nothing in the store can be read. It is made once, for a store
that is still empty, readable by its owner only; a later custodian (HSM, KMS) takes the same four calls.
"""

import json
import os
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventstore.port import LedgerError

NONCE_BYTES = 12


class KeysMissing(LedgerError):
    """The store holds events but its key file is not there; restore it from where it was kept."""


class KeysWrong(LedgerError):
    """The key file is not the one this store was written under, or it is damaged."""


class Custody(Protocol):
    """Wraps and unwraps small secrets; `bound_to` must be the same both times."""

    @property
    def index_key(self) -> bytes:
        """32 bytes, the HMAC key of derived ids; never changes for a store."""

    def wrap(self, secret: bytes, bound_to: bytes) -> bytes:
        """The secret, sealed under the present key-encryption key."""

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """The secret; KeysWrong if this custodian did not wrap it so."""


class KeyFile:
    """Custody in a local file of mode 0600 (DESIGN.md 3: the first custody)."""

    def __init__(self, *, kek: bytes, index_key: bytes) -> None:
        self._kek = AESGCM(kek)
        self._index_key = index_key

    @property
    def index_key(self) -> bytes:
        """32 bytes, the HMAC key of derived ids."""
        return self._index_key

    @classmethod
    def load(cls, path: Path) -> "KeyFile | None":
        """The file's keys, None if there is no file; KeysWrong if it cannot be read as one."""
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            content = json.loads(raw)
            kek, index_key = b64decode(content["kek"]), b64decode(content["index_key"])
            if content["version"] != 1 or len(kek) != 32 or len(index_key) != 32:
                raise ValueError
        except (ValueError, KeyError, TypeError) as problem:
            raise KeysWrong(f"{path.name} is not a key file") from problem
        return cls(kek=kek, index_key=index_key)

    @classmethod
    def create(cls, path: Path) -> "KeyFile":
        """A new file with new keys, on disk before this returns; if another process was first, its keys."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "version": 1,
            "kek": b64encode(os.urandom(32)).decode(),
            "index_key": b64encode(os.urandom(32)).decode(),
        }
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        made = cls.load(path)
        if made is None:
            raise KeysMissing(f"{path.name} vanished while it was being made")
        return made

    def wrap(self, secret: bytes, bound_to: bytes) -> bytes:
        """nonce || AES-256-GCM(secret)."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._kek.encrypt(nonce, secret, bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """The secret; KeysWrong if it was wrapped elsewhere or altered."""
        try:
            return self._kek.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError) as problem:
            raise KeysWrong("a wrapped key does not open under this key file") from problem
