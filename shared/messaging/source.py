"""Where the reader of another service's feed reads it: in this process, or over HTTP. One port for both.

FeedFault
├── FeedUnavailable  no answer in time, or the other side cannot answer now; `wait_s`: how long it asks us to wait
├── FeedRefused      it will not answer us: the token, or the address, is wrong; a person has to look
├── FeedGarbled      what came is no page of a feed
└── CursorLost       our place is not one of this feed: another store is behind it, or an older state was put back
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from shared.eventstore.port import LedgerError
from shared.messaging import feed
from shared.messaging.feed import Feed, of_types
from shared.messaging.told import Cursor, Garbled, Told, told


class FeedFault(Exception):
    """The feed could not be read; nothing was lost, the reader goes on where it was."""


class FeedUnavailable(FeedFault):
    """No answer in time, or none now."""

    def __init__(self, cause: str, *, wait_s: float | None = None) -> None:
        super().__init__(cause)
        self.wait_s = wait_s


class FeedRefused(FeedFault):
    """The other side refuses us."""


class FeedGarbled(FeedFault):
    """What came is no page of a feed."""


class CursorLost(FeedFault):
    """The cursor is not one of this feed."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events in order, `reached`: up to where the feed was looked through, and `head` behind its newest event."""

    events: tuple[Told, ...]
    reached: Cursor
    head: Cursor


class FeedSource(Protocol):
    """The feed of another service, read from a cursor on."""

    async def read(
        self,
        after: Cursor | None,
        *,
        types: tuple[str, ...],
        limit: int,
        wait_s: float,
        shard: int | None = None,
    ) -> Batch:
        """At most `limit` events of these types behind `after` (None: all), waiting up to `wait_s` for the first.

        `shard`: of that lane alone; cursors then have one number. Raises FeedFault.
        """

    async def close(self) -> None:
        """Let go of connections."""


class FeedInProcess:
    """The feed of a service that runs in this process: the same pages, without a wire between."""

    def __init__(self, source: Feed) -> None:
        self._feed, self._closing = source, asyncio.Event()

    async def read(
        self,
        after: Cursor | None,
        *,
        types: tuple[str, ...],
        limit: int,
        wait_s: float,
        shard: int | None = None,
    ) -> Batch:
        """See FeedSource."""
        text = None if after is None else feed.text_of(after)
        try:
            page, heads = await self._feed.poll(
                after=text,
                shard=shard,
                limit=limit,
                wait_s=wait_s,
                wanted=of_types(types),
                closing=self._closing,
            )
            return Batch(tuple(map(told, self._feed.published(page))), page.reached, heads)
        except feed.CursorUnusable:
            raise CursorLost("the cursor is not one of this feed") from None
        except (LedgerError, OSError) as problem:
            raise FeedUnavailable(type(problem).__name__) from problem
        except (Garbled, feed.NoSuchShard) as problem:
            raise FeedGarbled(str(problem)) from problem

    async def close(self) -> None:
        """End a wait that is under way."""
        self._closing.set()
