"""Taking in a lender's book: parties first, then accounts with all that is theirs, then those it no longer names.

A group of rows (a party's, an account's) is one command, stored once: killed at any point and started again, the
import finds what is in the ledger and adds only the rest.
"""

import asyncio
import gc
import time
from array import array
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import Protocol, TypeVar
from uuid import UUID

from services.case.application.book.account_groups import AccountGroup, AccountWaves
from services.case.application.book.names import BookNames
from services.case.application.book.on_record import OnRecord
from services.case.application.book.party_groups import PartyGroup, PartyWaves
from services.case.application.book.result import BookProgress, BookRejects, BookResult
from services.case.application.book_source import BookSource, Group
from services.case.domain.policy import CasePolicy
from shared.eventstore.ledger import DEFAULT_TENANT, Ledger
from shared.kernel.clock import day_in
from shared.kernel.policy import PolicyBook
from shared.kernel.refusal import Refused

WAVE_ROWS = 4096
WAVE_GROUPS = 256
WAVES_AT_ONCE = 2
KEEP = "KEEP"
Taken = TypeVar("Taken", PartyGroup, AccountGroup)
InBook = Callable[[str], AsyncIterator[Sequence[str]]]
"""Lender -> the streams of its accounts that are in the book, page by page."""


class DeliveryAhead(Refused):
    """The delivery calls itself as of a day that has not come, so none of it was taken in.

    Taken in, it would make every delivery until that day one that comes late. Correct `as_of` in the mapping, or the
    file that names it.
    """

    code = "delivery-ahead"
    title_en = "The delivery is as of a day that has not come"
    title_zh = "交付的数据日期晚于今日"


class Counted(Protocol):
    """A group that can say what became of its rows."""

    def count(self, rejects: BookRejects) -> None:
        """Add it to the result; rejected rows go to `rejects`."""


class Seen:
    """Which accounts a delivery named: eight bytes of each stream id, sorted when first asked."""

    def __init__(self) -> None:
        self._keys = array("Q")
        self._sorted = False

    def add(self, stream: str) -> None:
        """The delivery named this account."""
        self._keys.append(_key(stream))

    def __contains__(self, stream: str) -> bool:
        if not self._sorted:
            self._keys = array("Q", sorted(self._keys))
            self._sorted = True
        place = bisect_left(self._keys, _key(stream))
        return place < len(self._keys) and self._keys[place] == _key(stream)

    def __len__(self) -> int:
        return len(self._keys)


def _key(stream: str) -> int:
    return int.from_bytes(UUID(stream.partition("-")[2]).bytes[:8], "big")


class BookImport:
    """One run over one delivery, for one tenant. `in_book` tells a full book which accounts it might not name.

    `today`: no delivery is as of a later day; None: the ledger's clock tells. Raises DeliveryAhead, and what the source
    and the ledger raise; what was acknowledged stays, and a second run adds the rest.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        policies: PolicyBook[CasePolicy],
        in_book: InBook,
        tenant: str = DEFAULT_TENANT,
        actor: str = "system:import",
        progress: Callable[[BookProgress], None] | None = None,
        today: date | None = None,
    ) -> None:
        self._today = today
        self._ledger, self._policies, self._tenant, self._actor = ledger, policies, tenant, actor
        self._in_book, self._progress = in_book, progress
        self._result = BookResult()
        self._started = 0.0

    async def run(self, source: BookSource, *, rejects: BookRejects) -> BookResult:
        """Take in every row; rejected ones go to `rejects`, those that could not be read last."""
        self._started = time.perf_counter()
        if self._progress:  # a large delivery is read and sorted first, for minutes
            self._progress(BookProgress(0, 0.0))
        terms, result = source.terms, self._result
        if terms.as_of > (self._today or day_in(self._ledger.clock.now(), terms.zone)):
            raise DeliveryAhead
        names = BookNames(self._ledger, self._tenant)
        known = OnRecord(self._ledger, self._tenant, names, paid_in=terms.paid_in)
        shared = (self._ledger, self._tenant, self._actor, terms, names, known, result)
        policy = self._policies.in_force(tenant=self._tenant, on=terms.as_of)
        parties, accounts = PartyWaves(*shared), AccountWaves(*shared, policy)
        seen = Seen()

        async def take(groups: Sequence[Group]) -> list[AccountGroup]:
            taken = await accounts.take(groups)
            for one in taken:
                if one.known is not None:
                    seen.add(one.known.stream)
            return taken

        with _collected_by_wave():
            await self._waves(_cut(source.parties()), parties.take, rejects)
            await self._waves(_cut(source.accounts()), take, rejects)
            if terms.full and terms.missing != KEEP:
                result.missing_kept = source.nameless > 0 or not len(seen)
                if not result.missing_kept:
                    await self._drop(terms.lender, seen, accounts, rejects)
            for placed in source.rejects():
                rejects.put(placed)
                result.rejected += 1
        result.seconds = time.perf_counter() - self._started
        return result

    async def _waves(
        self,
        waves: Iterable[Sequence[Group]],
        take: Callable[[Sequence[Group]], Awaitable[list[Taken]]],
        rejects: BookRejects,
    ) -> None:
        """While one wave is on its way to the disk the next is decided."""
        underway: list[asyncio.Task[list[Taken]]] = []
        try:
            for wave in waves:
                if len(underway) >= WAVES_AT_ONCE:
                    self._count(await underway.pop(0), rejects)
                underway.append(asyncio.ensure_future(take(wave)))
            while underway:
                self._count(await underway.pop(0), rejects)
        finally:
            await asyncio.gather(*underway, return_exceptions=True)

    def _count(self, taken: Sequence[Counted], rejects: BookRejects) -> None:
        for one in taken:
            one.count(rejects)
        gc.collect(0)
        if self._progress:
            result = self._result
            rows = result.imported + result.unchanged + result.rejected
            self._progress(BookProgress(rows, time.perf_counter() - self._started))

    async def _drop(self, lender: str, seen: Seen, accounts: AccountWaves, rejects: BookRejects) -> None:
        """The accounts of the lender that a full book does not name."""
        async for page in self._in_book(lender):
            missing = [stream for stream in page if stream not in seen]
            if missing:
                self._count(await accounts.drop(missing), rejects)


def _cut(groups: Iterator[Group]) -> Iterator[Sequence[Group]]:
    """Groups by the wave: so many, or fewer where they are long."""
    while wave := _one(groups):
        yield wave


def _one(groups: Iterator[Group]) -> list[Group]:
    wave, rows = [], 0
    for group in islice(groups, WAVE_GROUPS):
        wave.append(group)
        rows += len(group[1])
        if rows >= WAVE_ROWS:
            break
    return wave


@contextmanager
def _collected_by_wave() -> Iterator[None]:
    """No garbage collection inside a wave: the collector would walk what is under way over and over."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
