"""Keys are there when they are wanted, however few are remembered."""

from pathlib import Path

import pytest

from shared.eventstore import keyring as module
from shared.eventstore.custody import KeyFile
from shared.eventstore.keyring import Keyring
from shared.eventstore.sqlite.store import SqliteStore

PEOPLE = [bytes([n]) * 16 for n in range(40)]
WANTED = [(person, key_class) for person in PEOPLE for key_class in ("facts", "id")]


async def test_more_keys_than_are_remembered_are_all_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEYS_REMEMBERED", 8)
    monkeypatch.setattr(module, "CIPHERS_REMEMBERED", 4)
    store, custody = SqliteStore(tmp_path / "case.db"), KeyFile.create(tmp_path / "keys.json")
    await store.open()
    try:
        keyring = Keyring(store, custody)
        for one in WANTED:
            await keyring.ensure([one])
            assert keyring.has([one])
            assert keyring.writing(*one)[0] == 1
        names = {(*one, 1) for one in WANTED}
        for _ in range(2):
            found = await keyring.ciphers(names)
            assert found.keys() == names
            assert all(cipher is not None for cipher in found.values())
        assert await keyring.ciphers({(b"x" * 16, "facts", 1)}) == {(b"x" * 16, "facts", 1): None}
    finally:
        await store.close()


async def test_a_key_used_over_and_over_stays_while_others_come_and_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEYS_REMEMBERED", 8)
    monkeypatch.setattr(module, "CIPHERS_REMEMBERED", 2)
    store, custody = SqliteStore(tmp_path / "case.db"), KeyFile.create(tmp_path / "keys.json")
    await store.open()
    try:
        keyring, favourite = Keyring(store, custody), WANTED[0]
        for one in WANTED:
            await keyring.ensure([favourite, one])
            kid, cipher = keyring.writing(*favourite)
            box = cipher.encrypt(bytes(12), b"said", b"")
            again = (await keyring.ciphers({(*favourite, kid)}))[(*favourite, kid)]
            assert again is not None
            assert again.decrypt(bytes(12), box, b"") == b"said"
    finally:
        await store.close()
