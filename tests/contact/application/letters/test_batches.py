"""Batches of letters: each letter in one, on record first, printed again to the same bytes."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from services.contact.adapters.letters.batch_folder import LetterChanged, write_batch
from services.contact.adapters.letters.letterhead import letterhead
from services.contact.adapters.letters.sheet import number_of
from services.contact.adapters.letters.spool import LetterSpool
from services.contact.application.channel_port import Outgoing, Taken
from services.contact.application.letters.batches import BatchDesk, BatchUnknown
from shared.kernel.clock import FixedClock
from tests.contact.stores import backends, contact_store, opened

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def a_spool(folder: Path) -> LetterSpool:
    return LetterSpool(folder, letterhead=letterhead(), clock=FixedClock(NOW), zone_name="Asia/Shanghai")


async def spool_letters(spool: LetterSpool, *keys: str) -> None:
    for key in keys:
        sent = await spool.send(
            Outgoing(key=key, address=f"张伟 {key}\n上海市", text=f"信 {key}", language="zh-CN"),
            deadline_s=30,
        )
        assert isinstance(sent, Taken)


@asynccontextmanager
async def a_desk(folder: Path, spool: LetterSpool) -> AsyncIterator[BatchDesk]:
    async with opened(contact_store("sqlite", folder, None), folder) as ledger:  # type: ignore[arg-type]
        yield BatchDesk(ledger=ledger, tenant="default", clock=FixedClock(NOW), spool=spool)


@backends
async def test_each_letter_is_in_one_batch(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    spool = a_spool(tmp_path / "spool")
    async with opened(contact_store(backend, tmp_path, request), tmp_path) as ledger:
        desk = BatchDesk(ledger=ledger, tenant="default", clock=FixedClock(NOW), spool=spool)
        assert await desk.make(by="user:anna") is None
        await spool_letters(spool, "cat_1", "cat_2", "cat_3")
        first = await desk.make(by="user:anna", limit=2)
        await spool_letters(spool, "cat_1", "cat_4")
        second = await desk.make(by="user:anna")
        assert await desk.make(by="user:anna") is None
        assert first is not None
        assert second is not None
        assert (first.batch, second.batch) == (1, 2)
        assert sorted(one.key for made in (first, second) for one in made.letters) == [
            "cat_1",
            "cat_2",
            "cat_3",
            "cat_4",
        ]
        assert await desk.made() == (first, second)
        assert await desk.batch(2) == second
        with pytest.raises(BatchUnknown):
            await desk.batch(3)


async def test_two_who_make_batches_at_once_share_the_letters_out(tmp_path: Path) -> None:
    spool = a_spool(tmp_path / "spool")
    await spool_letters(spool, *(f"cat_{n}" for n in range(12)))
    async with a_desk(tmp_path, spool) as desk:
        made = await asyncio.gather(*(desk.make(by=f"user:{n}", limit=3) for n in range(6)))
        keys = [one.key for batch in made if batch for one in batch.letters]
        assert sorted(keys) == sorted(set(keys))
        assert len(keys) == 12
        assert sorted(batch.batch for batch in made if batch) == list(range(1, 5))


async def test_a_folder_brought_back_from_a_copy_puts_no_letter_in_a_second_batch(tmp_path: Path) -> None:
    spool = a_spool(tmp_path / "spool")
    await spool_letters(spool, "cat_1")
    async with a_desk(tmp_path, spool) as desk:
        assert await desk.make(by="user:anna") is not None
        (spool.folder / "waiting" / number_of("cat_1")).touch()
        assert await desk.make(by="user:anna") is None
        assert list(spool.waiting()) == []


async def test_a_batch_is_written_with_its_manifests_and_again_to_the_same_bytes(tmp_path: Path) -> None:
    spool = a_spool(tmp_path / "spool")
    await spool_letters(spool, "cat_1", "cat_2")
    async with a_desk(tmp_path, spool) as desk:
        made = await desk.make(by="user:anna")
        assert made is not None
        first = write_batch(made, spool, tmp_path / "out")
        again = write_batch(await desk.again(1, by="user:ben"), a_spool(spool.folder), tmp_path / "again")
        assert await desk.made() == (made,)
        with pytest.raises(BatchUnknown):
            await desk.again(2, by="user:ben")
        await spool_letters(spool, "cat_3")
        second = await desk.make(by="user:anna")
        assert second is not None
        assert second.batch == 2
        assert write_batch(made, spool, tmp_path / "out") == first
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    assert all((first / name).read_bytes() == (again / name).read_bytes() for name in names)
    manifest = json.loads((first / "manifest.json").read_text())
    rows = list(csv.DictReader((first / "manifest.csv").open(newline="")))
    assert sha256((first / "manifest.json").read_bytes()).hexdigest() == made.manifest
    assert [one["key"] for one in manifest["letters"]] == [row["key"] for row in rows]
    for one in manifest["letters"]:
        assert sha256((first / one["file"]).read_bytes()).hexdigest() == one["sha256"]
        assert (one["pages"], one["postal"]) == (1, "STANDARD")
    told = (first / "manifest.json").read_text() + (first / "manifest.csv").read_text()
    assert "张伟" not in told


async def test_a_letter_that_was_changed_or_lost_is_never_printed(tmp_path: Path) -> None:
    spool = a_spool(tmp_path / "spool")
    await spool_letters(spool, "cat_1", "cat_2")
    async with a_desk(tmp_path, spool) as desk:
        made = await desk.make(by="user:anna")
    assert made is not None
    [file] = (spool.folder / "letters").rglob(f"{made.letters[1].letter}.pdf")
    whole = file.read_bytes()
    file.write_bytes(whole + b"x")
    with pytest.raises(LetterChanged):
        write_batch(made, spool, tmp_path / "out")
    file.unlink()
    with pytest.raises(FileNotFoundError):
        write_batch(made, spool, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    file.write_bytes(whole)
    written = write_batch(made, spool, tmp_path / "out")
    (written / "manifest.csv").write_text("changed")
    with pytest.raises(LetterChanged):
        write_batch(made, spool, tmp_path / "out")
