"""One lane of the ledger as the library's recorders use it: append, read a stream, read the lane, follow it."""

from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import Notification, StoredEvent

from shared.eventstore.ledger import Ledger, TenantUnknown
from shared.eventstore.library import foreign
from shared.eventstore.library.naming import spelled, stream_of, tenant_of
from shared.eventstore.library.side import Track
from shared.eventstore.library.turns import Turns
from shared.eventstore.port import Appended, Row, StaleVersion
from shared.eventstore.recorded import keys_of, open_sections
from shared.kernel import ids

PAGE_ROWS = 500
WAIT_S = 1.0


class LibraryLane:
    """Everything here runs on the facade's loop. Open it with `open_lane`."""

    def __init__(self, *, ledger: Ledger, name: str, tenant: str, lane: int, subject: UUID) -> None:
        self.lane, self.tenant = lane, tenant
        self._ledger, self._name, self._subject = ledger, name, subject
        self.keyring = ledger.keyring
        self._turns = Turns()

    async def seal(self) -> foreign.Seal:
        """Under the present key of the lane's subject."""
        keyring = self.keyring
        await keyring.ensure([(self._subject.bytes, foreign.FACTS)])
        kid, cipher = keyring.writing(self._subject.bytes, foreign.FACTS)
        return foreign.Seal(tenant=self.tenant, subject=self._subject, kid=kid, cipher=cipher)

    async def append(self, events: Sequence[StoredEvent], track: Track | None = None) -> list[int]:
        """Store the events in their order, all or nothing, with what they track; their positions.

        Raises StaleVersion if a version is taken or does not follow the stream's last, TrackingBehind, and the
        ledger's other errors.
        """
        streams = [(stream_of(event.originator_id), event.originator_version) for event in events]
        async with self._turns.on(dict(reversed(streams))):
            done = await self._submit(events, track)
            self._turns.reached(streams)
        return list(range(done.position - len(events) + 1, done.position + 1))

    async def _submit(self, events: Sequence[StoredEvent], track: Track | None) -> Appended:
        ledger, seal = self._ledger, await self.seal()
        command_id = ledger.command_id(
            self._name, "insert_events", ids.new_token() + ids.new_token(), tenant=self.tenant
        )
        from_zero: set[str] = set()
        while True:
            command = foreign.sealed(
                events, seal=seal, command_id=command_id, at=ledger.clock.now(), from_zero=from_zero,
                refs=track.as_refs() if track else b"",
            )  # fmt: skip
            try:
                return await ledger.writer(self.lane, self.tenant).submit(command)
            except StaleVersion as moved:
                # version 1 was taken for the stream's first, but the stream starts at 0 and has only that
                if (moved.expected, moved.actual) != (0, 0) or moved.stream in from_zero:
                    raise
                from_zero.add(moved.stream)

    async def stream(
        self, originator_id: UUID | str, *, gt: int | None, lte: int | None, desc: bool, limit: int | None
    ) -> list[StoredEvent]:
        """The stream's events with gt < version <= lte, the first `limit` of them in the order asked for."""
        stream, store = stream_of(originator_id), self._ledger.store
        head = (await store.heads(self.lane, [stream])).get(stream)
        if head is None:
            return []
        after = -1 if gt is None else gt
        upto = head.version if lte is None else min(lte, head.version)
        if desc and limit is not None:  # a stream has no gaps: a count of events is a range of versions
            after = max(after, upto - limit)
        rows: list[Row] = []
        while after < upto and (limit is None or len(rows) < limit):
            missing = PAGE_ROWS if limit is None else min(PAGE_ROWS, limit - len(rows))
            page = await store.read_stream(self.lane, stream, after=after, limit=missing)
            rows += [row for row in page if row.version <= upto]
            if not page:
                break
            after = page[-1].version
        found = [foreign.stored_event(row, opened) for row, opened in await self._opened(rows)]
        return found[::-1] if desc else found

    async def head(self) -> int:
        """The lane's last position, 0 while it is empty."""
        return await self._ledger.head(self.lane)

    async def notifications(
        self, *, after: int, upto: int | None, limit: int, topics: Sequence[str]
    ) -> tuple[list[Notification], int]:
        """At most `limit` events with after < position <= upto and one of the topics (any if there are none), and
        how far the lane was scanned for them."""
        wanted = {spelled("topic", topic) for topic in topics}
        rows: list[Row] = []
        while len(rows) < limit and (upto is None or after < upto):
            page = await self._ledger.read_lane(
                self.lane, after=after, limit=_page(limit - len(rows), wanted)
            )
            for row in page:
                if upto is not None and row.position > upto:
                    return await self._notified(rows), upto
                after = row.position
                if not wanted or row.type in wanted:
                    rows.append(row)
                    if len(rows) == limit:
                        break
            if not page:
                break
        return await self._notified(rows), after

    async def follow(self, *, after: int, topics: Sequence[str]) -> tuple[list[Notification], int]:
        """The same without an end, waiting up to WAIT_S seconds for something beyond `after`."""
        found, scanned = await self.notifications(after=after, upto=None, limit=PAGE_ROWS, topics=topics)
        if scanned > after or await self._ledger.wait(self.lane, after=after, timeout=WAIT_S) <= after:
            return found, scanned
        return await self.notifications(after=after, upto=None, limit=PAGE_ROWS, topics=topics)

    async def _notified(self, rows: Sequence[Row]) -> list[Notification]:
        return [foreign.notification(row, opened) for row, opened in await self._opened(rows)]

    async def _opened(self, rows: Sequence[Row]) -> list[tuple[Row, dict[str, bytes]]]:
        await self.keyring.load(keys_of(rows))
        return [(row, open_sections(row, self.keyring, self.tenant)) for row in rows]


def _page(missing: int, wanted: set[str]) -> int:
    """How many rows to read for `missing` more events: with a filter most may not match, so a whole page."""
    return PAGE_ROWS if wanted else min(PAGE_ROWS, missing)


async def open_lane(ledger: Ledger, name: str, *, make: bool) -> LibraryLane:
    """The lane of a recorder's name; TenantUnknown if it is not there and not to be made."""
    tenant = tenant_of(name)
    try:
        lanes = await ledger.lanes(tenant)
    except TenantUnknown:
        if not make:
            raise
        lanes = await ledger.provision(tenant)
    subject = (await ledger.people.resolve(tenant, [name]))[name]
    return LibraryLane(ledger=ledger, name=name, tenant=tenant, lane=lanes[0].lane, subject=subject)
