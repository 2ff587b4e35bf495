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
CIPHERS_REMEMBERED = 32_768
"""Each holds 2.2 KB of OpenSSL state; making one anew and using it costs four times as much as using it again."""

Wanted = tuple[bytes, str]
"""(subject's 16 bytes, class)."""


def _bound_to(subject: bytes, key_class: str, kid: int) -> bytes:
    return f"quittance-kek/1|{subject.hex()}|{key_class}|{kid}".encode()


class Keyring:
    """Data keys by subject and class."""

    def __init__(self, store: Store, custody: Custody) -> None:
        self._store, self._custody = store, custody
        self._kids: Recent[Wanted, int] = Recent(KEYS_REMEMBERED)
        self._keys: Recent[tuple[bytes, str, int], bytes] = Recent(KEYS_REMEMBERED)
        self._ciphers: Recent[tuple[bytes, str, int], AESGCM] = Recent(CIPHERS_REMEMBERED)
        self._gone: Recent[Wanted, bool] = Recent(KEYS_REMEMBERED)
        self._asked: set[Wanted] = set()
        self._filling: asyncio.Task[None] | None = None

    def has(self, wanted: Iterable[Wanted]) -> bool:
        """Whether `writing` answers for each of `wanted` already, without a look-up."""
        return all(one in self._kids for one in wanted)

    async def ensure(self, wanted: Iterable[Wanted]) -> None:
        """After this, `writing` answers for each of `wanted`; keys that do not exist are made."""
        missing = {w for w in wanted if w not in self._kids}
        while missing:
            self._asked |= missing
            if self._filling is None:
                self._filling = asyncio.ensure_future(self._fill())
            await asyncio.shield(self._filling)
            missing = {w for w in missing if w not in self._kids}

    async def load(self, subjects: Iterable[tuple[bytes, str, int]]) -> None:
        """After this, `reading` answers for those of the keys that still exist; makes none."""
        asked = set(subjects)
        missing = {at[0] for at in asked if at not in self._keys and at[:2] not in self._gone}
        if not missing:
            return
        await self._read(missing)
        for subject, key_class, kid in asked:
            if (subject, key_class, kid) not in self._keys:
                self._gone.put((subject, key_class), True)

    async def ciphers(
        self, asked: set[tuple[bytes, str, int]]
    ) -> dict[tuple[bytes, str, int], AESGCM | None]:
        """The ciphers of these keys, None for an erased one."""
        await self.load(asked)
        keys, at_hand = self._keys, self._ciphers
        found: dict[tuple[bytes, str, int], AESGCM | None] = {}
        for at in asked:
            cipher = at_hand.peek(at)
            if cipher is None and (raw := keys.peek(at)) is not None:
                cipher = AESGCM(raw)
                at_hand.put(at, cipher)
            found[at] = cipher
        return found

    def writing(self, subject: bytes, key_class: str) -> tuple[int, AESGCM]:
        """(kid, cipher) of the present key; KeyError unless `ensure` was awaited just before."""
        kid = self._kids.get((subject, key_class))
        cipher = None if kid is None else self.reading(subject, key_class, kid)
        if kid is None or cipher is None:
            raise KeyError("no data key was ensured")
        return kid, cipher

    def reading(self, subject: bytes, key_class: str, kid: int) -> AESGCM | None:
        """The cipher of one key; None if the key is erased or was not loaded."""
        at = (subject, key_class, kid)
        cipher = self._ciphers.get(at)
        if cipher is None:
            raw = self._keys.get(at)
            if raw is None:
                return None
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
            absent = [w for w in asked if w not in self._kids]
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

    async def _read(self, subjects: set[bytes]) -> None:
        for subject, key_class, kid, wrapped in await self._store.data_keys(list(subjects)):
            raw = self._custody.unwrap(wrapped, _bound_to(subject, key_class, kid))
            self._keys.put((subject, key_class, kid), raw)
            self._gone.forget((subject, key_class))
            if kid >= (self._kids.get((subject, key_class)) or 0):
                self._kids.put((subject, key_class), kid)
