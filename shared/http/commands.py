"""A command over HTTP: read once and strictly, carried out once, and answered the same however often it is sent.

The answer of a command is its references: ids, links, the types of the events, the version. They are stored with the
events in one transaction and kept as long as the stream, so a key never runs out.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, KeyReused, StaleVersion, StoredCommand, StreamWrite
from shared.http import bodies, preconditions
from shared.http.access import Caller
from shared.http.preconditions import etag, position_text
from shared.http.problems import Problem
from shared.kernel.refusal import Refused
from shared.messaging.published import facts_in

ASKED = "asked"
ATTEMPTS_MAX = 10
SINCE_MAX = 50
"""Event types listed for a caller who decided on an old version."""
_STREAM = re.compile(r"[a-z]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision leads to: the writes, the policy's version, and references for the answer (no names, no text).

    `known`: references to what is on record already, for the answer where there is nothing to write.
    `taken` is called once the ledger has taken these writes.
    """

    writes: Sequence[StreamWrite]
    policy: str | None
    refs: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    taken: Callable[[], None] = lambda: None


Decide = Callable[[], Awaitable[Decided]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A command as it came: who asks, under which key, for what, decided on which version."""

    caller: Caller
    operation: str
    key: str
    fingerprint: bytes
    expected: int | None
    dry_run: bool

    def command_id(self, ledger: Ledger) -> UUID:
        """The id under which it is stored once; ids of what it makes are derived from it."""
        return ledger.command_id(self.caller.client, self.operation, self.key, tenant=self.caller.tenant)

    async def require_match(self, ledger: Ledger, stream: str) -> None:
        """Before what cannot be undone: is the stream at the version of `If-Match`, where there is one?

        Raises Problem `version-conflict`, `not-found`.
        """
        await self._require_version(ledger, await ledger.lane_of(stream, tenant=self.caller.tenant), stream)

    async def carry_out(
        self, ledger: Ledger, *, stream: str, decide: Decide, named_by_body: bool = False
    ) -> Response:
        """Decide and store, once; `stream`: the thing it is about, whose version `If-Match` and `ETag` mean.

        `named_by_body`: the stream follows from the body and not from the path, so that the same key with another body
        may have been stored in another lane.

        Raises: what `decide` raises; Problem `not-found`, `version-conflict`, `idempotency-key-reused`; what the
        ledger raises.
        """
        if not _STREAM.fullmatch(stream):
            raise Problem("not-found")
        tenant = self.caller.tenant
        lane = await ledger.lane_of(stream, tenant=tenant)
        if named_by_body:
            await self._unknown_elsewhere(ledger, lane)
        if self.expected is not None:
            if (again := await self._answered_before(ledger, lane)) is not None:
                return again
            await self._require_version(ledger, lane, stream)
        for _ in range(ATTEMPTS_MAX):
            try:
                decided = await decide()
            except (Problem, Refused):
                # What it did itself the first time may be what now stands in its way.
                if (again := await self._answered_before(ledger, lane)) is not None:
                    return again
                raise
            unseen = all(write.stream != stream for write in decided.writes)  # no commit will meet the key
            if unseen and (again := await self._answered_before(ledger, lane)) is not None:
                return again
            if not decided.writes or self.dry_run:
                return self._not_recorded(ledger, decided)
            try:
                return await self._commit(ledger, lane, stream, decided)
            except StaleVersion:
                await self._require_version(ledger, lane, stream)
        raise Problem("temporary-reduced-capacity")

    async def _unknown_elsewhere(self, ledger: Ledger, lane: int) -> None:
        """Raises Problem `idempotency-key-reused` for a key that another lane knows."""
        command_id = self.command_id(ledger).bytes
        for other in await ledger.lane_numbers(self.caller.tenant):
            if other != lane and await ledger.store.find_command(other, command_id) is not None:
                raise Problem("idempotency-key-reused")

    async def _answered_before(self, ledger: Ledger, lane: int) -> Response | None:
        """The answer of the first time, where the key is known. A commit finds that out by itself."""
        if self.dry_run:
            return None
        stored = await ledger.store.find_command(lane, self.command_id(ledger).bytes)
        return None if stored is None else await self._again(ledger, lane, stored)

    async def _commit(self, ledger: Ledger, lane: int, stream: str, decided: Decided) -> Response:
        ours = next((write for write in decided.writes if write.stream == stream), None)
        if ours is not None and self.expected is not None and ours.expected != self.expected:
            raise StaleVersion(stream, self.expected, ours.expected)
        body = {**decided.refs, "events": [name for name, _ in _named(ledger, decided.writes)]}
        if ours is not None:
            body["version"] = ours.expected + len(ours.events)
        command = Command(
            tenant=self.caller.tenant,
            command_id=self.command_id(ledger),
            fingerprint=self.fingerprint,
            actor=self.caller.actor,
            writes=tuple(decided.writes),
            policy=decided.policy,
            status=201,
            refs=bodies.canonical(body),
        )
        try:
            done = await ledger.commit(command)
        except KeyReused:
            raise Problem("idempotency-key-reused") from None
        if not done.replayed:
            decided.taken()
        reached = {lane: done.position} | await self._elsewhere(ledger, lane, decided.writes)
        return await self._answer(
            ledger, refs=done.refs, reached=reached, status=done.status, again=done.replayed
        )

    async def _elsewhere(self, ledger: Ledger, lane: int, writes: Sequence[StreamWrite]) -> dict[int, int]:
        """lane -> a position not before what the command wrote there, for lanes other than its thing's own."""
        lanes = {await ledger.lane_of(write.stream, tenant=self.caller.tenant) for write in writes}
        return {other: await ledger.head(other) for other in lanes - {lane}}

    async def _again(self, ledger: Ledger, lane: int, stored: StoredCommand) -> Response:
        if stored.fingerprint != self.fingerprint:
            raise Problem("idempotency-key-reused")
        return await self._answer(
            ledger, refs=stored.refs, reached={lane: stored.position}, status=stored.status, again=True
        )

    async def _answer(
        self, ledger: Ledger, *, refs: bytes, reached: Mapping[int, int], status: int, again: bool
    ) -> Response:
        body: dict[str, Any] = json.loads(refs)
        lanes = await ledger.lane_numbers(self.caller.tenant)
        headers = {"Cache-Control": "no-store", "Event-Position": position_text(lanes, reached)}
        if "version" in body:
            headers["ETag"] = etag(body["version"])
        if own := body.get("links", {}).get("self"):
            headers["Location"] = own
        if again:
            headers["Idempotent-Replayed"] = "true"
        return Response(refs, status_code=status, headers=headers, media_type=bodies.MEDIA_TYPE)

    def _not_recorded(self, ledger: Ledger, decided: Decided) -> Response:
        """What would be recorded, or that there is nothing to add; the key stays free."""
        body = {
            **({} if decided.writes else decided.known),
            "dry_run": self.dry_run,
            "events": [
                {"type": name, "facts": facts_in(event, ledger.registry)}
                for name, event in _named(ledger, decided.writes)
            ],
        }
        return Response(
            bodies.canonical(body), headers={"Cache-Control": "no-store"}, media_type=bodies.MEDIA_TYPE
        )

    async def _require_version(self, ledger: Ledger, lane: int, stream: str) -> None:
        if self.expected is None:
            return
        head = (await ledger.store.heads(lane, [stream])).get(stream)
        if head is None:
            raise Problem("not-found")
        if head.version != self.expected:
            rows = await ledger.store.read_stream(lane, stream, after=self.expected, limit=SINCE_MAX)
            since = [row.type.rpartition(".")[2] for row in rows]
            raise Problem(
                "version-conflict",
                context={"current": f"v{head.version}", "since": since},
                headers={"ETag": etag(head.version)},
            )


def _named(ledger: Ledger, writes: Sequence[StreamWrite]) -> list[tuple[str, Any]]:
    """(short name, event) of every event, in order."""
    return [
        (ledger.registry.of(new.event).type.rpartition(".")[2], new.event)
        for write in writes
        for new in write.events
    ]


async def receive_command(
    request: Request,
    caller: Caller,
    *,
    operation: str,
    must_match: bool,
    bytes_max: int = bodies.BODY_BYTES_MAX,
) -> bytes:
    """Read a command's body and headers; its envelope goes with the request, its body to the framework.

    Raises Problem: body first (413, 415, 400), then the key (400), then the precondition (428, 400).
    """
    body = await bodies.read(request, bytes_max=bytes_max)
    document = bodies.parsed(body)
    envelope = Envelope(
        caller=caller,
        operation=operation,
        key=preconditions.idempotency_key(request),
        fingerprint=bodies.fingerprint(request.method, request.url.path, document),
        expected=preconditions.expected_version(request, required=must_match),
        dry_run="dry-run" in preconditions.preferences(request),
    )
    setattr(request.state, ASKED, envelope)
    return body


async def _asked(request: Request) -> Envelope:  # async: others are sent to a thread
    envelope: Envelope = getattr(request.state, ASKED)
    return envelope


Asked = Annotated[Envelope, Depends(_asked)]
"""The command's envelope, as a route's parameter."""
