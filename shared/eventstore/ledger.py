"""The ledger of one service: what the rooms of a service append to and read from.

A tenant's things are spread over its lanes by the debtor they concern, and a stream's id says which lane it is in:
the last byte of its uuid (an HMAC byte of the debtor's reference) modulo the tenant's number of shards.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.eventstore.across import commit_across
from shared.eventstore.custody import Custody, KeyFile, KeysMissing
from shared.eventstore.key_check import check_deployment, check_keys
from shared.eventstore.keyring import Keyring
from shared.eventstore.people import People
from shared.eventstore.port import Appended, Command, LaneInfo, LedgerClosed, LedgerError, Row, Store
from shared.eventstore.recorded import Recorded, open_rows
from shared.eventstore.registry import Registry
from shared.eventstore.sealing import SealedCommand, Sealer
from shared.eventstore.writer import LaneWriter
from shared.kernel import ids
from shared.kernel.clock import Clock

DEFAULT_TENANT = "default"
STREAM_PAGE = 1_000


class TenantUnknown(LedgerError):
    """The tenant was never provisioned in this store."""


class Ledger:
    """Append, read and follow. Open it before use and close it after; one per service and process."""

    def __init__(
        self,
        *,
        store: Store,
        custody: Custody,
        registry: Registry,
        deployment: str,
        service: str,
        clock: Clock,
    ) -> None:
        self.store, self.registry, self.clock = store, registry, clock
        self.service = service
        self.keyring = Keyring(store, custody)
        self.people = People(store, custody)
        self._custody, self._deployment = custody, deployment
        self._sealer = Sealer(self.keyring, registry)
        self._lanes: dict[str, list[LaneInfo]] = {}
        self._writers: dict[int, LaneWriter] = {}
        self._closed = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def provision(self, tenant: str = DEFAULT_TENANT, *, shards: int = 1) -> list[LaneInfo]:
        """The tenant's lanes; made with `shards` of them (1..256) the first time, unchanged ever after."""
        if not 1 <= shards <= ids.SLOTS:
            raise LedgerError(f"a tenant has 1 to {ids.SLOTS} shards")
        self._lanes[tenant] = await self.store.provision(tenant, shards)
        return self._lanes[tenant]

    async def close(self) -> None:
        """Takes no more, writes what is under way, then closes the store."""
        self._closed = True
        await self._idle.wait()
        await asyncio.gather(*(writer.close() for writer in self._writers.values()))
        await self.store.close()

    # -- ids

    def stream_id(
        self, category: str, *natural_key: str, debtor_ref: str, tenant: str = DEFAULT_TENANT
    ) -> str:
        """The id of the stream of the thing with this natural key; it lives in its debtor's lane."""
        key = self._custody.index_key
        slot = ids.slot_of(key, debtor_ref)
        return f"{category}-{ids.derive(key, 'stream', tenant, category, *natural_key, slot=slot)}"

    def stream_beside(
        self, category: str, *natural_key: str, beside: str, tenant: str = DEFAULT_TENANT
    ) -> str:
        """As `stream_id`, in the lane of the stream `beside`: for a service that is never told whose debtor it is."""
        derived = ids.derive(
            self._custody.index_key, "stream", tenant, category, *natural_key, slot=int(beside[-2:], 16)
        )
        return f"{category}-{derived}"

    def command_id(self, client: str, operation: str, key: str, *, tenant: str = DEFAULT_TENANT) -> UUID:
        """The id under which a client's request is stored once; `key` is its Idempotency-Key or natural key."""
        return ids.derive(self._custody.index_key, "command", tenant, client, operation, key)

    def blind(self, kind: str, value: str, *, tenant: str = DEFAULT_TENANT) -> bytes:
        """32 bytes to look a value up by, without keeping it: another kind or tenant gives others for the same value.

        Whoever has the index key can try values out; nobody else can.
        """
        return ids.lookup(self._custody.index_key, "blind", tenant, kind, value)

    async def subjects(self, refs: Sequence[str], *, tenant: str = DEFAULT_TENANT) -> dict[str, UUID]:
        """The random uuids that stand for these people; new people get one."""
        return await self.people.resolve(tenant, refs)

    # -- lanes

    async def lanes(self, tenant: str = DEFAULT_TENANT) -> list[LaneInfo]:
        """The tenant's lanes with their present heads; TenantUnknown if it has none."""
        found = await self.store.lanes(tenant)
        if not found:
            raise TenantUnknown("the tenant is not provisioned in this store")
        self._lanes[tenant] = found
        return found

    async def lane_of(self, stream: str, *, tenant: str = DEFAULT_TENANT) -> int:
        """The lane a stream lives in, known from its id."""
        return _placed(stream, self._lanes.get(tenant) or await self.lanes(tenant))

    async def lane_numbers(self, tenant: str = DEFAULT_TENANT) -> list[int]:
        """The tenant's lanes in order; they never change once provisioned."""
        return [info.lane for info in self._lanes.get(tenant) or await self.lanes(tenant)]

    async def head(self, lane: int) -> int:
        """The lane's last position, 0 while it is empty."""
        return (await self.store.lane(lane)).head

    async def wait(self, lane: int, *, after: int, timeout: float) -> int:
        """The head as soon as it is beyond `after`, or whatever it is after `timeout` seconds."""
        return await self.store.wait(lane, after=after, timeout=timeout)

    def origin(self, lane: LaneInfo) -> str:
        """The name of the lane's log: `<deployment>/<tenant>/<service>[/<shard>]`."""
        lanes = self._lanes.get(lane.tenant, [])
        shard = f"/{lane.shard}" if len(lanes) > 1 else ""
        return f"{self._deployment}/{lane.tenant}/{self.service}{shard}"

    # -- writing

    async def commit(self, command: Command) -> Appended:
        """Store a command's events, all or nothing, once; acknowledged means on disk.

        Raises the errors of port.py. A command of several lanes is one transaction of its own.
        """
        self._begin()
        try:
            [sealed] = await self._sealer.seal((command,))
            sent = await self._send(sealed, command)
            if isinstance(sent, LedgerError):
                raise sent
            return await sent
        finally:
            self._end()

    async def commit_all(self, commands: Sequence[Command]) -> list[Appended | LedgerError]:
        """Store many independent commands; each has its own answer, which may be its refusal.

        Raises UnknownType, Malformed, Oversize for any of them, before anything is sent.
        """
        self._begin()
        try:
            sealed = await self._sealer.seal(commands)
            sent = [await self._send(one, command) for one, command in zip(sealed, commands, strict=True)]
            return [await _answer(one) for one in sent]
        finally:
            self._end()

    def _begin(self) -> None:
        if self._closed:
            raise LedgerClosed("the ledger is closing")
        self._under_way += 1
        self._idle.clear()

    def _end(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._idle.set()

    async def _send(self, sealed: SealedCommand, command: Command) -> Awaitable[Appended] | LedgerError:
        known = self._lanes.get(command.tenant) or await self.lanes(command.tenant)
        lanes = {_placed(write.stream, known) for write in command.writes}
        if len(lanes) > 1:
            return self._commit_across(sealed, command.tenant)
        try:
            return self.writer(lanes.pop(), command.tenant).enqueue(sealed)
        except LedgerError as refusal:
            return refusal

    async def _commit_across(self, sealed: SealedCommand, tenant: str) -> Appended:
        parts = {write.stream: await self.lane_of(write.stream, tenant=tenant) for write in sealed.writes}
        origins = {lane.lane: self.origin(lane) for lane in self._lanes[tenant]}
        done = await commit_across(sealed, parts, store=self.store, origins=origins, clock=self.clock)
        for writer in self._writers.values():
            writer.forget(list(parts))
        return done

    def writer(self, lane: int, tenant: str = DEFAULT_TENANT) -> LaneWriter:
        """The lane's group-commit writer in this process; made when first asked for."""
        writer = self._writers.get(lane)
        if writer is None:
            info = next(info for info in self._lanes[tenant] if info.lane == lane)
            writer = LaneWriter(store=self.store, lane=info, log=self.origin(info), clock=self.clock)
            self._writers[lane] = writer
        return writer

    # -- reading

    async def recorded(self, rows: Sequence[Row]) -> list[Recorded[Any]]:
        """The rows with their sections opened and their events decoded."""
        return await open_rows(
            rows, keyring=self.keyring, registry=self.registry, tenants=await self._tenants(rows)
        )

    async def _tenants(self, rows: Iterable[Row]) -> Mapping[int, str]:
        known = {info.lane: tenant for tenant, lanes in self._lanes.items() for info in lanes}
        if any(row.lane not in known for row in rows):
            for info in await self.store.lanes():
                known[info.lane] = info.tenant
        return known

    async def read_stream(
        self, stream: str, *, after: int = 0, limit: int = 1000, tenant: str = DEFAULT_TENANT
    ) -> list[Recorded[Any]]:
        """The stream's events with version > after, at most `limit`."""
        lane = await self.lane_of(stream, tenant=tenant)
        return await self.recorded(await self.store.read_stream(lane, stream, after=after, limit=limit))

    async def whole_stream(self, stream: str, *, tenant: str = DEFAULT_TENANT) -> list[Recorded[Any]]:
        """Every event of the stream, in order."""
        events = [event async for event in self._stream(stream, tenant)]
        return events

    async def _stream(self, stream: str, tenant: str) -> AsyncIterator[Recorded[Any]]:
        after, page = 0, await self.read_stream(stream, limit=STREAM_PAGE, tenant=tenant)
        while page:
            for event in page:
                yield event
            if len(page) < STREAM_PAGE:
                return
            after = page[-1].version
            page = await self.read_stream(stream, after=after, limit=STREAM_PAGE, tenant=tenant)

    async def read_streams(
        self, streams: Sequence[str], *, tenant: str = DEFAULT_TENANT
    ) -> dict[str, list[Recorded[Any]]]:
        """stream -> all its events, for those of the streams that exist."""
        by_lane: dict[int, list[str]] = {}
        for stream in streams:
            by_lane.setdefault(await self.lane_of(stream, tenant=tenant), []).append(stream)
        found: dict[str, list[Recorded[Any]]] = {}
        for lane, wanted in by_lane.items():
            for event in await self.recorded(await self.store.read_streams(lane, wanted)):
                found.setdefault(event.stream, []).append(event)
        return found

    async def read_lane(self, lane: int, *, after: int, limit: int) -> list[Row]:
        """Rows with position > after: gapless, final, sections still sealed (see `recorded`)."""
        return await self.store.read_lane(lane, after=after, limit=limit)


def _placed(stream: str, lanes: Sequence[LaneInfo]) -> int:
    try:
        slot = int(stream[-2:], 16)
    except ValueError:
        raise LedgerError("a stream id ends in the hexadecimal digits of a uuid") from None
    return lanes[slot % len(lanes)].lane


async def _answer(sent: Awaitable[Appended] | LedgerError) -> Appended | LedgerError:
    if isinstance(sent, LedgerError):
        return sent
    try:
        return await sent
    except LedgerError as refusal:
        return refusal


async def open_ledger(
    *, store: Store, key_file: Path, registry: Registry, deployment: str, service: str, clock: Clock
) -> Ledger:
    """Open the store and its keys. A new key file is made only for a store that holds nothing yet.

    Raises KeysMissing, KeysWrong, DeploymentWrong, StoreUnavailable.
    """
    await store.open()
    try:
        custody = KeyFile.load(key_file)
        filled = [lane for lane in await store.lanes() if lane.head]
        if custody is None:
            if filled:
                raise KeysMissing(f"the store holds events but {key_file.name} is not there")
            custody = KeyFile.create(key_file)
        elif filled:
            await check_keys(store, custody, filled[0])
            await check_deployment(store, deployment, filled)
    except BaseException:
        await store.close()
        raise
    return Ledger(
        store=store, custody=custody, registry=registry, deployment=deployment, service=service, clock=clock
    )
