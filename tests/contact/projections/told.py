"""A contact ledger that is told facts one by one, with every view over it; `drawn` makes up a whole subject's life."""

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from services.contact.domain.events import STORED_AS, UPCASTS
from services.contact.domain.facts import attempt as a
from services.contact.domain.facts import message as f
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused, Failed, PackNamed, Proposed
from services.contact.domain.facts.subject import CaseLinked, CaseUnlinked
from services.contact.projections.all_views import views_under
from shared.eventstore.ledger import Ledger, open_ledger
from shared.eventstore.port import Command, NewEvent, Store, StreamWrite
from shared.eventstore.postgres.store import PostgresStore
from shared.eventstore.projection.catchup import prepare
from shared.eventstore.projection.postgres import PostgresViews
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.runner import LaneRunner
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.projection.status import digest
from shared.eventstore.registry import Registry
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import FixedClock

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, a Monday."""
CASE = "case-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
PACK = PackNamed(id="cn.retail", version="2026.1", hash="ab" * 32, provisional=True)
OFFERED = Proposed(
    at=AT,
    channel="voice",
    role="debtor",
    collector_role="first_party",
    point="cpt_1",
    case=CASE,
    debts=("d1",),
)


@dataclass
class Told:
    """The ledger, its views, and a clock that goes on a second with every fact."""

    ledger: Ledger
    projections: Projections
    clock: FixedClock
    versions: dict[str, int] = field(default_factory=dict)

    def subject(self, ref: str) -> str:
        """The stream of a debtor."""
        return self.ledger.stream_id("subject", ref, debtor_ref=ref)

    async def tell(self, ref: str, *events: Struct) -> None:
        """These facts about a debtor, in one command."""
        self.clock.advance(timedelta(seconds=1))
        stream = self.subject(ref)
        people = await self.ledger.subjects([ref, "staff:chen"])
        roles = {"debtor": people[ref], "person": people[ref], "staff": people["staff:chen"]}
        new = tuple(NewEvent(event, getattr(event, "at", AT), roles, "Asia/Shanghai") for event in events)
        expected = self.versions.get(stream, 0)
        self.versions[stream] = expected + len(events)
        await self.ledger.commit(
            Command(
                tenant="default", command_id=self.ledger.command_id("told", "fact", f"{ref}/{expected}"),
                fingerprint=b"1", actor="user:chen", writes=(StreamWrite(stream, expected, new),), policy=None,
            )
        )  # fmt: skip

    async def ask(self, question: Any, **asked: Any) -> Any:
        """A question to the views, brought up to the head."""
        return await self.projections.ask(partial(question, **asked))

    async def digests(self) -> dict[str, str]:
        """View name -> digest."""
        found = self.projections
        return {view.name: await digest(found.database, view) for view in found.views}

    async def refolded(self, page: int) -> None:
        """The views from nothing, so many events at a time."""
        found = self.projections
        async with found.database.transaction() as tx:
            for view in found.views:
                await tx.forget(*view.key)
        await prepare(found.database, found.source, found.views)
        for lane in await found.source.lanes():
            runner = LaneRunner(
                database=found.database, source=found.source, clock=found.clock, lane=lane.lane,
                views=found.views, owner="test", page=page,
            )  # fmt: skip
            assert await runner.acquire()
            while await runner.step():
                pass
            await runner.release()


@asynccontextmanager
async def told(
    backend: str, folder: Path, request: pytest.FixtureRequest, *, shards: int = 1
) -> AsyncIterator[Told]:
    """Opened on a store of its own."""
    clock = FixedClock(AT)
    dsn = None if backend == "sqlite" else request.getfixturevalue("pg_dsn")
    store: Store = PostgresStore(dsn, service="contact") if dsn else SqliteStore(folder / "contact.db")
    ledger = await open_ledger(
        store=store, key_file=folder / "keys.json", registry=Registry(STORED_AS, UPCASTS),
        deployment="quittance.test", service="contact", clock=clock,
    )  # fmt: skip
    database = PostgresViews(dsn, service="contact") if dsn else SqliteViews(folder / "contact.db")
    views = views_under(partial(ledger.blind, tenant="default"))
    projections = Projections(database=database, source=LedgerSource(ledger), clock=clock, views=views)
    try:
        await ledger.provision(shards=shards)
        await projections.open()
        versions = {}
        for lane in await ledger.lane_numbers():
            for row in await ledger.read_lane(lane, after=0, limit=100_000):
                versions[row.stream_id] = row.version
        yield Told(ledger, projections, clock, versions)
    finally:
        await projections.close()
        await ledger.close()


def failed(*rules: str) -> tuple[Failed, ...]:
    """These rules stood against it."""
    return tuple(Failed(rule=rule, waits=True, counted=("cat_0",), observed=3, limit=3) for rule in rules)


def permitted(ref: str, at: datetime = AT) -> ContactPermitted:
    """Allowed for five minutes."""
    return ContactPermitted(
        permit=ref, proposed=replace(OFFERED, at=at), valid_until=at + timedelta(minutes=5), warnings=(),
        obligations=(), packs=(PACK,), zones=("Asia/Shanghai",), inputs=0, asked_by="user:chen",
    )  # fmt: skip


def refused(
    ref: str, *rules: str, at: datetime = AT, channel: str = "voice", **change: Any
) -> ContactRefused:
    """Refused by these rules."""
    said: dict[str, Any] = {"outcome": "deny", "until": None, "at_dispatch": None} | change
    return ContactRefused(
        permit=ref, proposed=replace(OFFERED, at=at, channel=channel), failed=failed(*rules), warnings=(),
        packs=(PACK,), zones=("Asia/Shanghai",), inputs=0, asked_by="user:chen", **said,
    )  # fmt: skip


def started(ref: str, at: datetime = AT, **change: Any) -> a.AttemptStarted:
    """A call of ours that began."""
    said: dict[str, Any] = {
        "attempt": ref, "at": at, "source": "DIALER", "origin": "LIVE", "channel": "voice", "direction": "out",
        "person": None, "role": "debtor", "collector_role": "first_party", "point": "cpt_1", "case": CASE,
        "debts": ("d1",), "creditor": None, "agency": None, "purpose": None, "place": None, "content": (),
        "staff": None, "reply": False, "permit": None, "source_ref": f"CDR-{ref}", "collector": "user:chen",
    }  # fmt: skip
    return a.AttemptStarted(**said | change)


def came_to(ref: str, outcome: str, at: datetime = AT, *, revision: int = 1) -> a.OutcomeRecorded:
    """What became of it."""
    return a.OutcomeRecorded(
        attempt=ref, revision=revision, at=at, outcome=outcome, person=None, discussed=None, seconds=30,
        identity=None, said=(),
    )  # fmt: skip


def breached(ref: str, *rules: str, at: datetime = AT, revision: int = 1) -> a.ContactBreached:
    """It broke these rules."""
    found = "AT_ONCE" if revision == 1 else "LATER"
    return a.ContactBreached(
        attempt=ref, revision=revision, at=at, found=found, failed=failed(*rules), packs=(PACK,)
    )


def queued(ref: str, at: datetime = AT, **change: Any) -> f.MessageQueued:
    """A text message waits."""
    said: dict[str, Any] = {
        "message": ref, "at": at, "proposed": replace(OFFERED, at=at, channel="sms"), "permit": f"cpm_{ref}",
        "template": "reminder", "template_version": 1, "language": "zh-CN", "text_hash": "cd" * 32,
        "send_by": at + timedelta(days=1), "values": (), "address": "+8613800138000",
    }  # fmt: skip
    return f.MessageQueued(**said | change)


def sending(ref: str, at: datetime = AT, *, try_no: int = 1, provider: str = "gateway") -> f.MessageSending:
    """A provider is about to be asked."""
    return f.MessageSending(
        message=ref, at=at, try_no=try_no, permit=f"cpm_{ref}", provider=provider, key=f"{ref}.{try_no}"
    )


def drawn(draw: random.Random, ref: str, *, things: int = 12) -> Iterator[tuple[Struct, ...]]:
    """A life of a subject, in commands: calls, refusals, messages of every fate, breaches found and withdrawn."""
    yield (CaseLinked(at=AT, case=f"case-{ref}", debts=("d1",), stage="M1"),)
    for number in range(things):
        name, at = f"{ref}_{number}", AT + timedelta(minutes=draw.randrange(5_000))
        match draw.randrange(5):
            case 0:
                rules = draw.sample(["A-HOURS", "B-CAP", "C-FLAG"], draw.randrange(1, 3))
                yield (refused(f"cpm_{name}", *rules, at=at, channel=draw.choice(["voice", "sms"])),)
            case 1 | 2:
                yield from _call(draw, f"cat_{name}", at)
            case _:
                yield from _message(draw, f"cat_{name}", at)
    yield (CaseUnlinked(at=AT, case=f"case-{ref}", reason="CURED"),)


def _call(draw: random.Random, ref: str, at: datetime) -> Iterator[tuple[Struct, ...]]:
    yield (permitted(f"cpm_{ref}", at), started(ref, at, permit=f"cpm_{ref}"))
    for revision in range(1, draw.randrange(1, 4)):
        outcome = draw.choice(["conversation", "busy", "ring_no_answer"])
        derived: Struct = (
            a.RightPartyReached(attempt=ref, at=at)
            if outcome == "conversation"
            else a.AttemptNotConnected(attempt=ref, at=at, cause=outcome)
        )
        yield (came_to(ref, outcome, at, revision=revision), derived)
    if draw.random() < 0.4:
        yield (breached(ref, "B-CAP", at=at),)
        if draw.random() < 0.5:
            yield (a.BreachWithdrawn(attempt=ref, revision=2, at=at),)
    if draw.random() < 0.3:
        yield (a.RecordingStored(attempt=ref, at=at, sha256="ef" * 32, seconds=9, uri="s3://r/1"),)
    if draw.random() < 0.2:
        yield (a.AttemptRetracted(attempt=ref, at=at, reason="DUPLICATE"),)


def _message(draw: random.Random, ref: str, at: datetime) -> Iterator[tuple[Struct, ...]]:
    yield (queued(ref, at),)
    for try_no in range(1, draw.randrange(1, 4)):
        yield (sending(ref, at, try_no=try_no),)
        if draw.random() < 0.5:
            yield (f.MessageNotSent(message=ref, at=at, try_no=try_no, cause="BUSY", again_at=at),)
            continue
        yield (f.MessageDispatched(message=ref, at=at, try_no=try_no, provider_ref="p1"),)
        receipts: list[Struct] = [
            f.DeliveryConfirmed(message=ref, at=at, receipt="r1"),
            f.DeliveryFailed(message=ref, at=at, cause="DEAD", permanent=True, receipt="r2"),
        ]
        yield from ((one,) for one in draw.sample(receipts, draw.randrange(3)))
        return
    last: list[Struct] = [
        f.MessageSetAside(message=ref, at=at, cause="BUSY"),
        f.MessageWithdrawn(message=ref, at=at, reason="EXPIRED"),
        f.MessageUnresolved(message=ref, at=at, try_no=1, cause="TIMEOUT"),
    ]
    yield (draw.choice(last),)
