"""Reading a service's events in order, over all lanes of a tenant, from where one left off.

A cursor is one number a lane, in lane order, joined by dots: `18230` for a tenant with one lane, `120.98.44` with
three; it says how many events of each lane lie behind. Positions are gapless and final (DESIGN.md 2), so a reader
that keeps the cursor misses nothing and repeats nothing. Events of one lane come in position order; across lanes they
are merged by recording time, which is what a reader would expect and not what one should rely on.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from shared.eventstore.ledger import Ledger
from shared.eventstore.port import LaneInfo, Row
from shared.eventstore.recorded import Recorded
from shared.messaging.published import cloud_event

LIMIT_MAX = 1_000
SCAN_MAX = 5_000
"""Events looked at for one page of a filtered feed, over all lanes."""
_CURSOR = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18}){0,255}")

Cursor = tuple[int, ...]
Wanted = Callable[[Row], bool]
Beside = Callable[[Recorded[Any]], Mapping[str, str]]
"""What a service says of an event beside its facts: attributes of the published event that name nobody."""


class CursorUnusable(Exception):
    """The text is not a cursor of this feed."""


class NoSuchShard(Exception):
    """The tenant has no lane of that number."""


def of_types(patterns: Sequence[str]) -> Wanted:
    """A test for events whose stored type one of these patterns admits; the service may be left out."""
    whole = [pattern if "." in pattern else f"*.{pattern}" for pattern in patterns]

    def admits(row: Row) -> bool:
        return any(fnmatchcase(row.type, pattern) for pattern in whole)

    return admits


def text_of(cursor: Cursor) -> str:
    """The cursor as a reader is given it."""
    return ".".join(map(str, cursor))


def parse(text: str | None, lanes: Sequence[LaneInfo]) -> Cursor:
    """The cursor in a text; the start of the feed for None or `0`.

    Raises CursorUnusable, for one beyond a head as well: it is another store's, or older events were put back, and
    its reader would miss what comes.
    """
    if text is None or text == "0":
        return (0,) * len(lanes)
    if not _CURSOR.fullmatch(text) or len(found := tuple(map(int, text.split(".")))) != len(lanes):
        raise CursorUnusable
    if any(position > lane.head for position, lane in zip(found, lanes, strict=True)):
        raise CursorUnusable
    return found


def heads(lanes: Sequence[LaneInfo]) -> Cursor:
    """The cursor behind everything recorded so far."""
    return tuple(lane.head for lane in lanes)


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order, the cursor behind each of them, and `reached`: up to where the feed was looked through."""

    events: tuple[Recorded[Any], ...]
    cursors: tuple[Cursor, ...]
    reached: Cursor


class Feed:
    """One service's events for one tenant. `shard`: only that lane, whose cursor is then a single number."""

    def __init__(self, ledger: Ledger, tenant: str, *, beside: Beside = lambda seen: {}) -> None:
        self._ledger, self._tenant, self._beside = ledger, tenant, beside

    async def lanes(self, *, shard: int | None = None) -> list[LaneInfo]:
        """The lanes read, in order, with their present heads; none if there is no such shard."""
        found = await self._ledger.lanes(self._tenant)
        return [lane for lane in found if shard is None or lane.shard == shard]

    async def page(
        self, lanes: Sequence[LaneInfo], *, after: Cursor, limit: int, wanted: Wanted | None = None
    ) -> Page:
        """At most `limit` events behind `after`; with `wanted`, among about SCAN_MAX that are looked through."""
        share = limit if wanted is None else max(limit, SCAN_MAX // len(lanes))
        rows: list[Row] = []
        for lane, position in zip(lanes, after, strict=True):
            if lane.head > position:
                rows += await self._ledger.read_lane(lane.lane, after=position, limit=share)
        rows.sort(key=lambda row: (row.recorded_at, row.lane, row.position))
        at, place = list(after), {lane.lane: i for i, lane in enumerate(lanes)}
        taken: list[Row] = []
        cursors: list[Cursor] = []
        for row in rows:
            if len(taken) == limit:
                break
            at[place[row.lane]] = row.position
            if wanted is None or wanted(row):
                taken.append(row)
                cursors.append(tuple(at))
        return Page(tuple(await self._ledger.recorded(taken)), tuple(cursors), tuple(at))

    async def poll(
        self,
        *,
        after: str | None,
        limit: int,
        wait_s: float,
        closing: asyncio.Event,
        wanted: Wanted | None = None,
        shard: int | None = None,
    ) -> tuple[Page, Cursor]:
        """A page that holds something, or what there is after `wait_s` seconds, or when closing; and the heads.

        Raises CursorUnusable, NoSuchShard.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + wait_s
        lanes = await self.lanes(shard=shard)
        if not lanes:
            raise NoSuchShard
        at = parse(after, lanes)
        while True:
            page = await self.page(lanes, after=at, limit=limit, wanted=wanted)
            left = ends - loop.time()
            behind = any(done < lane.head for done, lane in zip(page.reached, lanes, strict=True))
            if page.events or left <= 0 or closing.is_set():
                return page, heads(lanes)
            at = page.reached
            if not behind:
                await self.moved(lanes, after=at, timeout=left, closing=closing)
            lanes = await self.lanes(shard=shard)

    async def moved(
        self, lanes: Sequence[LaneInfo], *, after: Cursor, timeout: float, closing: asyncio.Event
    ) -> None:
        """Return when a lane has an event behind `after`, when `timeout` seconds are over, or when closing."""
        waits = [
            asyncio.ensure_future(self._ledger.wait(lane.lane, after=position, timeout=timeout))
            for lane, position in zip(lanes, after, strict=True)
        ]
        ends = asyncio.ensure_future(closing.wait())
        try:
            await asyncio.wait({*waits, ends}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*waits, ends):
                task.cancel()
            await asyncio.gather(*waits, ends, return_exceptions=True)

    def published(self, page: Page) -> list[dict[str, Any]]:
        """The page's events as CloudEvents."""
        return [
            cloud_event(
                seen,
                registry=self._ledger.registry,
                source=f"/{self._ledger.service}",
                position=text_of(cursor),
            )
            | dict(self._beside(seen))
            for seen, cursor in zip(page.events, page.cursors, strict=True)
        ]
