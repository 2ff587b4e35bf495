"""Where a reader of another service's feed stands: a position for each of the publisher's lanes, under a lease.

It lies in the listener's own database among the checkpoints of its views, with fencing like theirs; the streams that
could not be heard lie among those that views have parked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from shared.eventstore.projection import tables
from shared.eventstore.projection.port import LEASE_S, Fenced, Parked, ViewDatabase
from shared.kernel.clock import Clock
from shared.kernel.ids import new_token
from shared.messaging.told import Cursor, Told

VERSION = 1
LEASE_FOR = timedelta(seconds=3 * LEASE_S)
"""Longer than a view's: one request may take its wait and its deadline."""
HEAD_SEEN = ".head"
"""Added to a reader's name where the publisher's head, as the reader last saw it, is kept among the checkpoints."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reader stands in one of the publisher's lanes, who reads it, and how many streams wait.

    `head`: the publisher's newest event when the reader last looked; while nobody reads there may be newer ones.
    """

    lane: int
    position: int
    worker: str | None
    parked: int
    head: int

    @property
    def lag(self) -> int:
        """Events the reader knew of and has not come to."""
        return max(0, self.head - self.position)


def last_seen(connection: sa.Connection) -> dict[str, dict[int, tuple[int, int]]]:
    """Reader -> lane -> where it stands and the publisher's head as last seen, of all readers of a database."""
    if not sa.inspect(connection).has_table(tables.CHECKPOINT.name):
        return {}
    row = tables.CHECKPOINT.c
    query = sa.select(row.projection, row.lane, row.position)
    heads = connection.execute(query.where(row.projection.endswith(HEAD_SEEN, autoescape=True))).all()
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for name, lane, head in heads:
        found.setdefault(name.removesuffix(HEAD_SEEN), {})[lane] = (0, head)
    for name, lane, position in connection.execute(query.where(row.projection.in_(list(found)))):
        _, head = found[name].get(lane, (0, position))
        found[name][lane] = (position, head)
    return found


class _Taken(Exception):
    """Another process reads."""


class Place:
    """The place of the reader `name` in the feed it reads, kept in `database`."""

    def __init__(self, name: str, database: ViewDatabase, clock: Clock) -> None:
        self.name, self.held = name, dict[int, tuple[int, int]]()
        self._database, self._clock, self._owner = database, clock, new_token()
        self._seen: Cursor = ()

    @property
    def key(self) -> tuple[str, int]:
        """Under which it is kept."""
        return self.name, VERSION

    @property
    def cursor(self) -> Cursor:
        """Behind what was heard; empty before anything was."""
        return tuple(self.held[lane][1] for lane in sorted(self.held))

    async def take(self, lanes: int | None = None) -> bool:
        """Take the lease of every lane known so far, or of `lanes` lanes; False while another process has it."""
        now = self._clock.now()
        held: dict[int, tuple[int, int]] = {}
        try:
            async with self._database.transaction() as tx:
                await tables.ensure(tx, (), self._database.dialect, ())
                known = {row.lane for row in await tx.checkpoints([self.name], lock=True)} | set(
                    range(lanes or 0)
                )
                for lane in sorted(known):
                    taken = await tx.acquire(
                        self.key, lane, owner=self._owner, now=now, until=now + LEASE_FOR
                    )
                    if taken is None:
                        raise _Taken
                    held[lane] = taken
        except _Taken:
            return False
        self.held = held
        return True

    async def move(self, to: Cursor, head: Cursor, faults: Sequence[tuple[Told, str]]) -> None:
        """One transaction: park what could not be heard, and stand behind `to`. Raises Fenced where another reads.

        `head`: behind the publisher's newest event, as just seen.
        """
        until = self._clock.now() + LEASE_FOR
        async with self._database.transaction() as tx:
            for lane, (epoch, position) in self.held.items():
                if not await tx.advance([(*self.key, epoch)], lane, old=position, new=to[lane], until=until):
                    raise Fenced(f"{self.name} on lane {lane} was taken over")
            await tx.park([self._parked(event, error) for event, error in faults])
            for lane, newest in enumerate(head) if head != self._seen else ():
                await tx.set_position((self.name + HEAD_SEEN, VERSION), lane, newest)
        self._seen = head
        self.held = {lane: (epoch, to[lane]) for lane, (epoch, _) in self.held.items()}

    def _parked(self, event: Told, error: str, *, tries: int = 1) -> Parked:
        return Parked(*self.key, event.lane, event.position, event.stream, error, tries, self._clock.now())

    async def release(self) -> None:
        """Give the lease back."""
        held, self.held = self.held, {}
        async with self._database.transaction() as tx:
            for lane, (epoch, _) in held.items():
                await tx.release([(*self.key, epoch)], lane)

    async def steal(self) -> None:
        """Fence out whoever reads."""
        async with self._database.transaction() as tx:
            await tx.steal(self.key, owner=None, until=None)

    async def standing(self) -> list[Standing]:
        """Where the reader stands, by the publisher's lanes."""
        now = self._clock.now()
        async with self._database.transaction(writes=False) as tx:
            if not {tables.CHECKPOINT.name, tables.PARKED.name} <= await tx.tables():
                return []
            rows, waiting = await tx.checkpoints([self.name], lock=False), await tx.parked([self.name])
            heads = {
                row.lane: row.position for row in await tx.checkpoints([self.name + HEAD_SEEN], lock=False)
            }
        return [
            Standing(
                row.lane,
                row.position,
                row.lease_owner if row.lease_until is not None and row.lease_until > now else None,
                sum(one.lane == row.lane for one in waiting),
                heads.get(row.lane, row.position),
            )
            for row in rows
        ]

    async def parked(self) -> list[Parked]:
        """Every parked stream."""
        async with self._database.transaction(writes=False) as tx:
            return await tx.parked([self.name]) if tables.PARKED.name in await tx.tables() else []

    async def heard_after_all(self, parked: Parked) -> None:
        """The stream waits no longer."""
        async with self._database.transaction() as tx:
            await tx.unpark(self.key, parked.lane, parked.stream)

    async def still_fails(self, parked: Parked, event: Told, error: str) -> Parked:
        """The stream goes on waiting, from this event on."""
        again = self._parked(event, error, tries=parked.tries + 1)
        async with self._database.transaction() as tx:
            await tx.unpark(self.key, parked.lane, parked.stream)
            await tx.park([again])
        return again
