"""The desk on real stores: once, in turn, under the keys of those it speaks of."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.contact.adapters.pack_files import shipped
from services.contact.application.deciding import ContactDecisions
from services.contact.application.handle import ContactDesk, Meta, SubjectUnknown, folded
from services.contact.domain import commands as c
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused
from services.contact.domain.facts.attempt import AttemptStarted, ContactBreached, RecordingStored
from services.contact.domain.redeciding import redecided
from services.contact.domain.refusals import AttemptAlreadyReported, AttemptUnknown, HappensInTheFuture
from shared.eventstore import sections
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import KeyReused
from shared.eventstore.recorded import Recorded
from shared.kernel.clock import FixedClock
from tests.contact.stores import backends, contact_store, opened
from tests.contact.subject_kit import call, calling, utc

MORNING = utc("2026-03-02T10:00:00+08:00")
pytestmark = backends


def meta(key: str, **said: object) -> Meta:
    return replace(Meta(actor="user:chen", client="dialer", key=key), **said)  # type: ignore[arg-type]


class Room:
    """A desk on a store of its own, and a clock that stands still."""

    def __init__(self, ledger: Ledger, clock: FixedClock) -> None:
        self.ledger, self.clock = ledger, clock
        self.desk = self.another()
        self.subject = self.desk.subject_id("D-1")

    def another(self) -> ContactDesk:
        """A desk as another process would have it: it shares the store and nothing else."""
        return ContactDesk(ledger=self.ledger, tenant="default", packs=shipped(house=True), clock=self.clock)

    async def ask(self, key: str, desk: ContactDesk | None = None) -> ContactPermitted | ContactRefused:
        at_desk = desk or self.desk
        permit = at_desk.permit_id(self.subject, client="dialer", key=key)
        await at_desk.handle(
            self.subject, c.AskPermit(permit=permit, proposed=calling(), asked_by="user:chen"), meta(key)
        )
        decision = await at_desk.decision(permit)
        assert decision is not None
        return decision


@asynccontextmanager
async def room(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Room]:
    clock = FixedClock(MORNING)
    async with opened(contact_store(backend, folder, request), folder, clock=clock, shards=4) as ledger:
        yield Room(ledger, clock)


async def test_fifty_parallel_asks_against_a_cap_of_three_give_exactly_three(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Of desks with memories of their own, two of them on a ledger of their own: the store decides."""
    async with room(backend, tmp_path, request) as at, room(backend, tmp_path, request) as elsewhere:
        desks = [at.another(), elsewhere.another(), at.another(), elsewhere.another(), at.another()]
        decided = await asyncio.gather(*(at.ask(str(n), desks[n % 5]) for n in range(50)))
        assert Counter(type(one).__name__ for one in decided) == {"ContactPermitted": 3, "ContactRefused": 47}
        refused = [one for one in decided if isinstance(one, ContactRefused)]
        assert {failed.rule for one in refused for failed in one.failed} == {"CN-GBT45251-CALLS"}
        assert {one.until for one in refused} == {MORNING + timedelta(minutes=5)}
        known = await at.desk.load(at.subject)
        assert len(known.state.permits) == 3
        assert known.version == 50


async def test_a_permit_that_was_not_used_frees_its_place(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as at:
        for key in "abc":
            assert isinstance(await at.ask(key), ContactPermitted)
        assert isinstance(await at.ask("d"), ContactRefused)
        at.clock.advance(timedelta(minutes=5))
        assert isinstance(await at.ask("e"), ContactPermitted)


async def test_a_request_sent_again_is_answered_as_before(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as at:
        report = call("1", MORNING, "ring_no_answer")
        first = await at.desk.handle(at.subject, report, meta("1", refs=b"answer", fingerprint=b"f" * 32))
        again = await at.another().handle(at.subject, report, meta("1", refs=b"other", fingerprint=b"f" * 32))
        assert (again.replayed, again.refs, again.events) == (True, b"answer", ())
        assert again.version == first.version
        with pytest.raises(KeyReused):
            await at.desk.handle(at.subject, call("2", MORNING), meta("1", fingerprint=b"g" * 32))
        other_key = await at.desk.handle(at.subject, report, meta("2"))
        assert (other_key.events, other_key.replayed) == ((), False)


async def test_what_is_decided_on_a_memory_that_is_out_of_date_is_decided_again(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as at:
        one, two = at.another(), at.another()
        await one.handle(at.subject, call("1", MORNING, "busy"), meta("1"))
        await two.handle(at.subject, call("2", MORNING, "busy"), meta("2"))
        told = await one.handle(at.subject, call("3", MORNING, "busy"), meta("3"))
        assert set(told.subject.contacts) == {"cat_1", "cat_2", "cat_3"}
        assert told.version == (await at.desk.load(at.subject)).version


async def test_refusals_leave_nothing_behind(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as at:
        with pytest.raises(HappensInTheFuture):
            await at.desk.handle(at.subject, call("1", MORNING + timedelta(minutes=2)), meta("1"))
        with pytest.raises(AttemptUnknown):
            await at.desk.handle(at.subject, c.RetractAttempt(attempt="cat_1", reason="ERROR"), meta("2"))
        with pytest.raises(SubjectUnknown):
            await at.desk.handle("subject-1", call("1", MORNING), meta("3"))
        assert (await at.desk.load(at.subject)).version == 0
        await at.desk.handle(at.subject, call("1", MORNING), meta("4"))
        with pytest.raises(AttemptAlreadyReported):
            await at.desk.handle(at.subject, replace(call("1", MORNING), channel="sms"), meta("5"))


async def test_facts_about_another_person_lie_under_their_own_keys(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as at:
        person = at.desk.person_id("P-1")
        await at.desk.handle(
            at.subject, c.LinkPerson(person=person, role="guarantor", person_ref="P-1"), meta("1")
        )
        await at.desk.handle(
            at.subject, call("1", MORNING, "busy", person=person, collector="user:li"), meta("2")
        )
        await at.desk.handle(
            at.subject, c.StoreRecording(attempt="cat_1", uri="s3://r/1", sha256="ab" * 32), meta("3")
        )
        people = await at.ledger.subjects([at.subject, person, "staff:user:chen"])
        history = await at.desk.history(at.subject)
        keys = {type(one.event): {part.name: part.subject for part in _frames(one)} for one in history}
        assert keys[AttemptStarted]["staff"] == people["staff:user:chen"].bytes
        assert keys[RecordingStored]["contact:person"] == people[person].bytes
        assert keys[RecordingStored]["facts"] == people[at.subject].bytes
        assert keys[ContactBreached] == {"facts": people[at.subject].bytes}


def _frames(one: Recorded[Any]) -> list[sections.Frame]:
    return sections.unframe(one.row.body)


async def test_a_decision_can_be_taken_again_on_both_clocks(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as at:
        given = await at.ask("a")
        late = [call(str(n), MORNING - timedelta(minutes=n + 1), "conversation") for n in range(3)]
        for n, report in enumerate(late):
            await at.desk.handle(at.subject, report, meta(f"late-{n}"))
        history = await at.desk.history(at.subject)
        before = folded(history[: given.inputs], places=("CN",))
        again = redecided(given, before, folded(history, places=("CN",)), at.desk.packs)
        assert (again.same, again.then.outcome) == (True, "allow")
        assert (again.now.outcome, again.now.rules) == ("defer", ("CN-GBT45251-CALLS",))
        assert await at.desk.decision("cpm_none") is None


async def test_a_decision_that_is_not_stored_leaves_no_trace(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as at:
        decisions = ContactDecisions(desk=at.desk, clock=at.clock)
        ask = c.AskPermit(permit="cpm_1", proposed=calling(), asked_by="user:chen")
        verdict = await decisions.decide(at.subject, ask, actor="user:chen", dry_run=True)
        assert isinstance(verdict.events[0], ContactPermitted)
        assert (await at.desk.load(at.subject)).version == 0
        stored = await decisions.decide(at.subject, ask, actor="user:chen")
        assert stored.writes[0].expected == 0
        assert stored.subject.permits


async def test_two_stores_under_one_key_file_know_a_debtor_by_one_id(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(room(backend, tmp_path, request))
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "keys.json").write_bytes((tmp_path / "keys.json").read_bytes())
        ledger = await stack.enter_async_context(
            opened(contact_store("sqlite", tmp_path / "b", request), tmp_path / "b", clock=first.clock)
        )
        second = Room(ledger, first.clock)
        assert first.subject == second.subject
        assert first.desk.point_id("phone", "+86") == second.desk.point_id("phone", "+86")
        assert first.desk.point_id("phone", "+86") != first.desk.point_id("sms", "+86")
