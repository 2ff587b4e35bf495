"""The feed over several lanes: cursors, pages that neither miss nor repeat, and what is published of an event."""

import asyncio
from pathlib import Path

import pytest

from shared.eventstore.ledger import Ledger
from shared.eventstore.sqlite.store import SqliteStore
from shared.messaging import feed
from shared.messaging.feed import CursorUnusable, Feed
from tests.kit.ledgers import a_command, opened

EVENTS = 40


async def _fill(ledger: Ledger, events: int = EVENTS) -> None:
    for n in range(events):
        await ledger.commit(await a_command(ledger, f"key-{n}", ref=f"A-{n}"))


async def test_every_event_is_read_once_whatever_the_page(tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path, shards=4) as ledger:
        await _fill(ledger)
        source = Feed(ledger, "default")
        lanes = await source.lanes()
        for limit in (1, 3, 7, 1000):
            at, seen = feed.parse(None, lanes), []
            while True:
                page = await source.page(lanes, after=at, limit=limit)
                seen += [(one.lane, one.position) for one in page.events]
                if page.reached == at:
                    break
                at = page.reached
            assert len(seen) == len(set(seen)) == sum(feed.heads(lanes))
            assert at == feed.heads(lanes)
            for lane in lanes:
                assert [p for number, p in seen if number == lane.lane] == list(range(1, lane.head + 1))


async def test_a_reader_may_stop_behind_any_event_of_a_page(tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path, shards=3) as ledger:
        await _fill(ledger)
        source = Feed(ledger, "default")
        lanes = await source.lanes()
        page = await source.page(lanes, after=feed.parse(None, lanes), limit=1000)
        for stop in range(0, len(page.events), 5):
            rest = await source.page(lanes, after=page.cursors[stop], limit=1000)
            assert [e.event_id for e in rest.events] == [e.event_id for e in page.events[stop + 1 :]]


async def test_a_wait_ends_when_any_lane_moves_and_when_the_process_closes(tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path, shards=4) as ledger:
        source, closing = Feed(ledger, "default"), asyncio.Event()
        lanes = await source.lanes()
        at = feed.heads(lanes)
        waiting = asyncio.create_task(source.moved(lanes, after=at, timeout=30, closing=closing))
        await asyncio.sleep(0.05)
        await _fill(ledger, 1)
        async with asyncio.timeout(5):
            await waiting
        lanes = await source.lanes()
        waiting = asyncio.create_task(
            source.moved(lanes, after=feed.heads(lanes), timeout=30, closing=closing)
        )
        await asyncio.sleep(0.05)
        closing.set()
        async with asyncio.timeout(1):
            await waiting


async def test_what_is_published_names_nobody(tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        await _fill(ledger, 1)
        source = Feed(ledger, "default")
        lanes = await source.lanes()
        [event] = source.published(await source.page(lanes, after=(0,), limit=1))
        assert "account_ref" not in event["data"]
        assert event["data"]["balance"] == {"amount": "123.45", "currency": "TWD"}
        assert event["feedposition"] == "1"


async def test_an_erased_event_keeps_its_place_and_says_so(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        await _fill(ledger, 1)
    with closing(sqlite3.connect(tmp_path / "case.db")) as connection:
        connection.execute("DELETE FROM data_key WHERE class='facts'")
        connection.commit()
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        source = Feed(ledger, "default")
        lanes = await source.lanes()
        [event] = source.published(await source.page(lanes, after=(0,), limit=1))
        assert event["erased"] is True
        assert "data" not in event


@pytest.mark.parametrize("text", ["", "-1", "1.2.3", "1,2", "x", "1.", "9" * 30, "１.２", "999.0"])
async def test_any_other_text_is_no_cursor(tmp_path: Path, text: str) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path, shards=2) as ledger:
        await _fill(ledger, 8)
        lanes = await Feed(ledger, "default").lanes()
        assert feed.parse(feed.text_of(feed.heads(lanes)), lanes) == feed.heads(lanes)
        with pytest.raises(CursorUnusable):
            feed.parse(text, lanes)
