"""The data keys of people, one for each class of section, made when first needed and remembered for a while.

A key is on disk before anything is sealed under it. Two processes that make one at the same moment both end with
the row that was first. Calls that miss at the same time are answered by one look-up.
"""

import asyncio
import os
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventstore.custody import Custody, KeysWrong
from shared.eventstore.port import Store
from shared.eventstore.recent import Recent

KEYS_REMEMBERED = 60_000
CIPHERS_REMEMBERED = 16_384
"""Each holds 2.2 KB of OpenSSL state; making one anew and using it costs four times as much as using it again."""

Wanted = tuple[bytes, str]
"""(subject's 16 bytes, class)."""
KeyName = tuple[bytes, str, int]
"""(subject's 16 bytes, class, kid)."""


def _bound_to(subject: bytes, key_class: str, kid: int) -> bytes:
    return f"quittance-kek/1|{subject.hex()}|{key_class}|{kid}".encode()


class Keyring:
    """Data keys by subject and class."""

    def __init__(self, store: Store, custody: Custody) -> None:
        self._store, self._custody = store, custody
        self._present: Recent[Wanted, tuple[int, bytes]] = Recent(KEYS_REMEMBERED)
        self._keys: Recent[KeyName, bytes] = Recent(KEYS_REMEMBERED)
        self._ciphers: Recent[KeyName, AESGCM] = Recent(CIPHERS_REMEMBERED)
        self._gone: Recent[Wanted, bool] = Recent(KEYS_REMEMBERED)
        self._asked: set[Wanted] = set()
        self._filling: asyncio.Task[None] | None = None

    def has(self, wanted: Iterable[Wanted]) -> bool:
        """Whether `writing` answers for each of `wanted` already, without a look-up."""
        return all(self._present.get(one) is not None for one in wanted)

    async def ensure(self, wanted: Iterable[Wanted]) -> None:
        """After this, `writing` answers for each of `wanted`; keys that do not exist are made."""
        missing = {w for w in wanted if self._present.get(w) is None}
        while missing:
            self._asked |= missing
            if self._filling is None:
                self._filling = asyncio.ensure_future(self._fill())
            await asyncio.shield(self._filling)
            missing = {w for w in missing if self._present.get(w) is None}

    async def load(self, asked: Iterable[KeyName]) -> None:
        """After this, `reading` answers for those of the keys that still exist; makes none."""
        await self.ciphers(set(asked))

    async def ciphers(self, asked: set[KeyName]) -> dict[KeyName, AESGCM | None]:
        """The ciphers of these keys, None for an erased one; however many, whatever else is being remembered."""
        found: dict[KeyName, AESGCM | None] = {at: self.reading(*at) for at in asked}
        missing = [at for at, cipher in found.items() if cipher is None and at[:2] not in self._gone]
        if missing:
            read = await self._read({at[0] for at in missing})
            for at in missing:
                raw = read.get(at)
                if raw is None:
                    self._gone.put(at[:2], True)
                else:
                    found[at] = self._made_cipher(at, raw)
        return found

    def writing(self, subject: bytes, key_class: str) -> tuple[int, AESGCM]:
        """(kid, cipher) of the present key; KeyError unless `ensure` was awaited just before."""
        present = self._present.get((subject, key_class))
        if present is None:
            raise KeyError("no data key was ensured")
        kid, raw = present
        at = (subject, key_class, kid)
        return kid, self._ciphers.get(at) or self._made_cipher(at, raw)

    def reading(self, subject: bytes, key_class: str, kid: int) -> AESGCM | None:
        """The cipher of one key; None if the key is erased or was not loaded."""
        at = (subject, key_class, kid)
        cipher = self._ciphers.get(at)
        if cipher is None:
            raw = self._keys.get(at)
            return None if raw is None else self._made_cipher(at, raw)
        return cipher

    def _made_cipher(self, at: KeyName, raw: bytes) -> AESGCM:
        cipher = AESGCM(raw)
        self._ciphers.put(at, cipher)
        return cipher

    async def opened(self, subjects: Iterable[bytes]) -> list[bool]:
        """For each data key of these people: does it open under this custodian?"""
        found = []
        for subject, key_class, kid, wrapped in await self._store.data_keys(list(subjects)):
            try:
                self._custody.unwrap(wrapped, _bound_to(subject, key_class, kid))
                found.append(True)
            except KeysWrong:
                found.append(False)
        return found

    async def _fill(self) -> None:
        await asyncio.sleep(0)  # lets the calls of this moment gather
        asked, self._asked = self._asked, set()
        try:
            await self._read({subject for subject, _ in asked})
            absent = [w for w in asked if self._present.get(w) is None]
            if absent:
                await self._store.add_data_keys(self._made(absent))
                await self._read({subject for subject, _ in absent})
        finally:
            self._filling = None

    def _made(self, absent: list[Wanted]) -> list[tuple[bytes, str, int, bytes]]:
        return [
            (subject, key_class, 1, self._custody.wrap(os.urandom(32), _bound_to(subject, key_class, 1)))
            for subject, key_class in absent
        ]

    async def _read(self, subjects: set[bytes]) -> dict[KeyName, bytes]:
        """Every key of these people, remembered too."""
        read: dict[KeyName, bytes] = {}
        for subject, key_class, kid, wrapped in await self._store.data_keys(list(subjects)):
            raw = self._custody.unwrap(wrapped, _bound_to(subject, key_class, kid))
            read[subject, key_class, kid] = raw
            self._keys.put((subject, key_class, kid), raw)
            self._gone.forget((subject, key_class))
            present = self._present.get((subject, key_class))
            if present is None or kid >= present[0]:
                self._present.put((subject, key_class), (kid, raw))
        return read
