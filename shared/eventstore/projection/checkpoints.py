"""Checkpoints, leases and parked streams: the SQL that both back ends share.

A back end gives `_all` and `_run` (statements with `?`), `_at`/`_when` for instants, and `_lock`, its words for
locking the rows of a SELECT.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.eventstore.projection.port import Checkpoint, Parked

_CHECKPOINT = "projection, version, lane, position, lease_owner, lease_until, epoch"
_PARKED = "projection, version, lane, position, stream_id, error, tries, parked_at"
_THIS = "projection = ? AND version = ? AND lane = ?"


class CheckpointRows(ABC):
    """The part of port.ViewTx that concerns projection_checkpoint and projection_parked."""

    _lock = ""

    @abstractmethod
    async def _all(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]: ...

    @abstractmethod
    async def _run(self, statement: str, values: Sequence[Any]) -> int: ...

    @abstractmethod
    def _at(self, at: datetime | None) -> Any: ...

    @abstractmethod
    def _when(self, stored: Any) -> datetime | None: ...

    async def checkpoints(
        self, names: Sequence[str], *, lane: int | None = None, lock: bool
    ) -> list[Checkpoint]:
        """See port.ViewTx."""
        select = f"SELECT {_CHECKPOINT} FROM projection_checkpoint"
        rows = await self._of(select, names, lane, "projection, version, lane", self._lock if lock else "")
        return [
            Checkpoint(name, version, at, position, owner, self._when(until), epoch)
            for name, version, at, position, owner, until, epoch in rows
        ]

    async def _of(
        self, select: str, names: Sequence[str], lane: int | None, order: str, lock: str
    ) -> list[tuple[Any, ...]]:
        where = f"projection IN ({', '.join('?' * len(names))})" + ("" if lane is None else " AND lane = ?")
        values = [*names, *(() if lane is None else (lane,))]
        return await self._all(f"{select} WHERE {where} ORDER BY {order}{lock}", values) if names else []

    async def acquire(
        self, view: tuple[str, int], lane: int, *, owner: str, now: datetime, until: datetime
    ) -> tuple[int, int] | None:
        """See port.ViewTx."""
        rows = await self._all(
            f"INSERT INTO projection_checkpoint AS mine ({_CHECKPOINT}) VALUES (?, ?, ?, 0, ?, ?, 1)"
            " ON CONFLICT (projection, version, lane) DO UPDATE SET lease_owner = excluded.lease_owner,"
            " lease_until = excluded.lease_until, epoch = mine.epoch + 1"
            " WHERE mine.lease_owner IS NULL OR mine.lease_until <= ? OR mine.lease_owner = excluded.lease_owner"
            " RETURNING epoch, position",
            (*view, lane, owner, self._at(until), self._at(now)),
        )
        return (rows[0][0], rows[0][1]) if rows else None

    async def advance(
        self, views: Sequence[tuple[str, int, int]], lane: int, *, old: int, new: int, until: datetime
    ) -> int:
        """See port.ViewTx."""
        mine = " OR ".join(["(projection = ? AND version = ? AND epoch = ?)"] * len(views))
        return await self._run(
            "UPDATE projection_checkpoint SET position = ?, lease_until = ?"
            f" WHERE lane = ? AND position = ? AND ({mine})",
            (new, self._at(until), lane, old, *(value for view in views for value in view)),
        )

    async def release(self, views: Sequence[tuple[str, int, int]], lane: int) -> None:
        """See port.ViewTx."""
        for name, version, epoch in views:
            await self._run(
                f"UPDATE projection_checkpoint SET lease_owner = NULL, lease_until = NULL WHERE {_THIS} AND epoch = ?",
                (name, version, lane, epoch),
            )

    async def steal(self, view: tuple[str, int], *, owner: str | None, until: datetime | None) -> None:
        """See port.ViewTx."""
        await self._run(
            "UPDATE projection_checkpoint SET lease_owner = ?, lease_until = ?, epoch = epoch + 1"
            " WHERE projection = ? AND version = ?",
            (owner, self._at(until), *view),
        )

    async def set_position(self, view: tuple[str, int], lane: int, position: int) -> None:
        """See port.ViewTx."""
        await self._run(
            "INSERT INTO projection_checkpoint (projection, version, lane, position, epoch) VALUES (?, ?, ?, ?, 1)"
            " ON CONFLICT (projection, version, lane) DO UPDATE SET position = excluded.position",
            (*view, lane, position),
        )

    async def forget(self, name: str, version: int) -> None:
        """See port.ViewTx."""
        for table in ("projection_checkpoint", "projection_parked"):
            await self._run(f"DELETE FROM {table} WHERE projection = ? AND version = ?", (name, version))

    async def parked(self, names: Sequence[str], *, lane: int | None = None) -> list[Parked]:
        """See port.ViewTx."""
        rows = await self._of(
            f"SELECT {_PARKED} FROM projection_parked", names, lane, "projection, lane, position", ""
        )
        return [
            Parked(name, version, at, position, stream, error, tries, self._when(when) or when)
            for name, version, at, position, stream, error, tries, when in rows
        ]

    async def park(self, rows: Sequence[Parked]) -> None:
        """See port.ViewTx."""
        for row in rows:
            which = (row.name, row.version, row.lane)
            again = await self._run(
                f"UPDATE projection_parked SET tries = tries + 1, error = ?, parked_at = ? WHERE {_THIS}"
                " AND stream_id = ?",
                (row.error, self._at(row.parked_at), *which, row.stream),
            )
            if not again:
                await self._run(
                    f"INSERT INTO projection_parked ({_PARKED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (*which, row.position, row.stream, row.error, row.tries, self._at(row.parked_at)),
                )

    async def forget_parked(self, view: tuple[str, int]) -> None:
        """See port.ViewTx."""
        await self._run("DELETE FROM projection_parked WHERE projection = ? AND version = ?", view)

    async def unpark(self, view: tuple[str, int], lane: int, stream: str) -> None:
        """See port.ViewTx."""
        await self._run(
            f"DELETE FROM projection_parked WHERE {_THIS} AND stream_id = ?", (*view, lane, stream)
        )

    async def move_parked(self, *, from_name: str, to_name: str, version: int) -> None:
        """See port.ViewTx."""
        await self._run(
            "UPDATE projection_parked SET projection = ? WHERE projection = ? AND version = ?",
            (to_name, from_name, version),
        )
