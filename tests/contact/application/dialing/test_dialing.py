"""Dial lists and what comes back: permitted at the second, the same when made again, results taken once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import asdict

from services.contact.adapters.dialing.viewed_candidates import ViewedCandidates
from services.contact.application.dialing.list_file import content_hash, rows
from services.contact.application.dialing.lists import CASES, TASKS, DialDesk, DialListUnknown, Wanted
from services.contact.application.dialing.results import DialLineUnknown, DialResult, DialResults
from services.contact.application.handle import Meta
from services.contact.domain.commands import (
    DescribeSubject,
    LinkCase,
    MisdirectPoint,
    OptOut,
    RecordPoint,
    UnlinkCase,
)
from services.contact.domain.facts.dialing import DialListExported
from services.contact.domain.facts.outreach import DialTaskEnded, DialTaskRaised
from services.contact.domain.refusals import HappensInTheFuture
from services.contact.wiring import ContactService, ContactSettings, open_contact
from shared.eventstore.port import Command, NewEvent, StreamWrite
from shared.kernel.clock import FixedClock
from tests.contact.stores import backends

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""10:00 on a Monday in Shanghai."""


@dataclass
class Floor:
    """A contact service with debtors, its dial desk and what its dialer hands back."""

    service: ContactService
    clock: FixedClock
    lists: DialDesk
    results: DialResults
    subjects: dict[str, str] = field(default_factory=dict)

    async def do(self, subject: str, command: Any) -> None:
        self.clock.advance(timedelta(microseconds=1))
        key = f"{command!r}|{self.clock.now()}"
        await self.service.acts.handle(subject, command, Meta(actor="user:anna", client="test", key=key))

    async def debtor(self, ref: str, *, phone: str | None = "+8613800138000", stage: str = "M1") -> str:
        subject = self.service.acts.subject_id(ref)
        await self.do(
            subject, DescribeSubject(debtor_ref=ref, jurisdictions=("CN",), zones=("Asia/Shanghai",))
        )
        await self.do(subject, LinkCase(case=f"case-{ref}", debts=(f"account-{ref}",), stage=stage))
        if phone:
            point = self.service.acts.point_id("phone", phone)
            await self.do(subject, RecordPoint(point=point, medium="phone", value=phone))
        self.subjects[ref] = subject
        return subject

    async def made(self, key: str = "k", **wanted: Any) -> Any:
        return await self.lists.make(Wanted(**{"source": CASES} | wanted), by="user:anna", key=key)

    def refs(self, made: Any) -> list[str]:
        named = {subject: ref for ref, subject in self.subjects.items()}
        return sorted(named[line.subject] for line in made.lines)


@asynccontextmanager
async def a_floor(place: Path | str, folder: Path, *, shards: int = 1) -> AsyncIterator[Floor]:
    clock = FixedClock(MORNING)
    settings = ContactSettings(
        place=place, key_file=folder / "keys.json", deployment="test", tenant="default", shards=shards
    )
    async with open_contact(settings, clock=clock, provision=True) as service:
        candidates = ViewedCandidates(
            ledger=service.ledger, tenant="default", projections=service.projections
        )
        lists = DialDesk(
            ledger=service.ledger, tenant="default", desk=service.acts, candidates=candidates, clock=clock,
            places=("CN",),
        )  # fmt: skip
        yield Floor(service, clock, lists, DialResults(desk=service.acts, lists=lists))


def place(backend: str, folder: Path, request: pytest.FixtureRequest) -> Path | str:
    return folder / "contact.db" if backend == "sqlite" else str(request.getfixturevalue("pg_dsn"))


@backends
async def test_a_list_holds_who_may_be_called_now_each_under_a_permit(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with a_floor(place(backend, tmp_path, request), tmp_path, shards=2) as floor:
        for ref in ("ok", "stop", "closed", "nophone", "wrong"):
            await floor.debtor(ref, phone=None if ref == "nophone" else "+8613800138000")
        await floor.do(floor.subjects["stop"], OptOut(channel="voice", origin="DEBTOR"))
        await floor.do(floor.subjects["closed"], UnlinkCase(case="case-closed", reason="CURED"))
        wrong = floor.service.acts.point_id("phone", "+8613800138000")
        await floor.do(floor.subjects["wrong"], MisdirectPoint(point=wrong, source="DIALER"))
        made = await floor.made()
        assert floor.refs(made) == ["ok"]
        [line] = made.lines
        decision = await floor.service.acts.decision(line.permit)
        assert decision is not None
        assert decision.permit == line.permit
        assert await floor.lists.numbers(made, by="user:ben") == ["+8613800138000"]
        assert await floor.made() == made
        again = await floor.made(key="another")
        assert again.lines == (), "the permits of the first list hold their places"
        floor.clock.advance(timedelta(minutes=6))
        assert floor.refs(await floor.made(key="later")) == ["ok"]
        assert made.content == content_hash(made.list, made.lines)
        assert "+86138" not in str(asdict(made))


async def task(floor: Floor, ref: str, *events: Any) -> None:
    ledger = floor.service.ledger
    stream = "outreach-" + floor.subjects[ref].removeprefix("subject-")
    people = await ledger.subjects(["system:outreach"])
    expected = len(await ledger.whole_stream(stream))
    roles = {"debtor": people["system:outreach"]}
    new = tuple(NewEvent(event, event.at, roles, None) for event in events)
    command = Command(
        tenant="default", command_id=ledger.command_id("t", ref, str(expected)), fingerprint=b"1", actor="user:x",
        writes=(StreamWrite(stream, expected, new),),
    )  # fmt: skip
    await ledger.commit(command)


def raised(floor: Floor, ref: str, **lasts: float) -> DialTaskRaised:
    now = floor.clock.now()
    return DialTaskRaised(
        task=f"dtk_{ref}", about=f"case-{ref}", subject=floor.subjects[ref], situation="soft_reminder", at=now,
        until=now + timedelta(**(lasts or {"days": 1})),
    )  # fmt: skip


@backends
async def test_a_list_of_tasks_holds_those_that_are_open_and_nobody_spoke_about(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with a_floor(place(backend, tmp_path, request), tmp_path) as floor:
        for ref in ("a", "ended", "over", "spoken"):
            await floor.debtor(ref)
            lasts = {"minutes": 1} if ref == "over" else {}
            await task(floor, ref, raised(floor, ref, **lasts))
        await floor.debtor("none")
        began = floor.clock.now()
        made = await floor.made(source=TASKS)
        assert floor.refs(made) == ["a", "ended", "over", "spoken"]
        assert {(line.task, line.situation) for line in made.lines} == {
            (f"dtk_{ref}", "soft_reminder") for ref in ("a", "ended", "over", "spoken")
        }
        floor.clock.advance(timedelta(minutes=10))
        await task(floor, "ended", DialTaskEnded(task="dtk_ended", at=floor.clock.now(), reason="PAUSED"))
        of = {line.subject: line.permit for line in made.lines}
        called = DialResult(
            source_ref="C1", permit=of[floor.subjects["spoken"]], at=began + timedelta(seconds=30),
            outcome="conversation", identity="VERIFIED",
        )  # fmt: skip
        assert (await floor.results.take(called, source="DIALER", actor="system:dialer")).new
        later = await floor.made(source=TASKS, key="later")
        assert floor.refs(later) == ["a"]
        then = await floor.made(source=TASKS, at=began, known_at=began)
        assert floor.refs(then) == ["a", "ended", "over", "spoken"], "as it was known at that second"


@backends
async def test_lists_made_at_once_share_nobody(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with a_floor(place(backend, tmp_path, request), tmp_path) as floor:
        for number in range(8):
            await floor.debtor(f"D-{number}")
        made = await asyncio.gather(*(floor.made(key=f"list-{number}") for number in range(4)))
        called = [line.subject for one in made for line in one.lines]
        assert sorted(called) == sorted(floor.subjects.values())


async def test_at_night_the_list_is_empty(tmp_path: Path) -> None:
    async with a_floor(tmp_path / "contact.db", tmp_path) as floor:
        await floor.debtor("a")
        floor.clock.set(MORNING + timedelta(hours=13))
        made = await floor.made()
        assert (made.lines, made.asked) == ((), 1)


async def test_a_list_for_a_stated_second_reserves_nothing_and_comes_out_the_same_for_ever(
    tmp_path: Path,
) -> None:
    async with a_floor(tmp_path / "contact.db", tmp_path) as floor:
        for ref in ("a", "b", "c"):
            await floor.debtor(ref, stage="M2" if ref == "c" else "M1")
        at = floor.clock.now()
        floor.clock.advance(timedelta(hours=1))
        first = await floor.made(at=at)
        assert floor.refs(first) == ["a", "b", "c"]
        assert {line.permit for line in first.lines} == {None}
        await floor.do(floor.subjects["a"], OptOut(channel="voice", origin="DEBTOR"))
        await floor.do(floor.subjects["b"], UnlinkCase(case="case-b", reason="CURED"))
        await floor.do(floor.subjects["c"], LinkCase(case="case-c", debts=("account-c",), stage="M3"))
        floor.clock.advance(timedelta(days=9))
        assert await floor.made(at=at) == first
        narrowed = await floor.made(at=at, stages=("M2",))
        assert floor.refs(narrowed) == ["c"]
        by_now = await floor.made(at=at + timedelta(days=2), known_at=floor.clock.now())
        assert floor.refs(by_now) == ["c"]
        assert await floor.lists.list(first.list) == first
        with pytest.raises(DialListUnknown):
            await floor.lists.list("dls_none")


async def test_a_case_that_is_opened_and_enters_its_stage_at_one_instant_is_on_the_stages_list(
    tmp_path: Path,
) -> None:
    async with a_floor(tmp_path / "contact.db", tmp_path) as floor:
        await floor.debtor("other", stage="M2")
        subject, opened = floor.service.acts.subject_id("a"), floor.clock.now()
        floor.subjects["a"] = subject
        for debts, stage in (((), None), (("account-a",), None), (("account-a",), "M1")):
            await floor.do(subject, LinkCase(case="case-a", debts=debts, stage=stage, at=opened))
        point = floor.service.acts.point_id("phone", "+8613800138000")
        await floor.do(subject, RecordPoint(point=point, medium="phone", value="+8613800138000"))
        assert floor.refs(await floor.made(stages=("M1",))) == ["a"]


async def test_the_file_leaves_out_what_was_forgotten_and_stays_the_same_otherwise(tmp_path: Path) -> None:
    async with a_floor(tmp_path / "contact.db", tmp_path) as floor:
        await floor.debtor("a")
        await floor.debtor("b", phone="+8613800138001")
        made = await floor.made()
        numbers = await floor.lists.numbers(made, by="user:ben")
        written = list(rows(made, numbers))
        assert written == list(
            rows(await floor.lists.list(made.list), await floor.lists.numbers(made, by="user:ben"))
        )
        assert len(list(rows(made, [None, *numbers[1:]]))) == 1
        history = await floor.service.ledger.whole_stream(floor.lists.stream(made.list))
        taken_out = [one.event for one in history if isinstance(one.event, DialListExported)]
        assert [(one.lines, one.exported_by) for one in taken_out] == [(2, "user:ben")] * 2


def results_of(made: Any) -> Sequence[DialResult]:
    return [
        DialResult(
            source_ref=f"CDR-{line.line}", permit=line.permit, at=made.at + timedelta(seconds=line.line),
            outcome="conversation", seconds=40, identity="VERIFIED",
        )
        for line in made.lines
    ]  # fmt: skip


async def test_results_twice_late_and_out_of_order_are_each_one_attempt(tmp_path: Path) -> None:
    async with a_floor(tmp_path / "contact.db", tmp_path) as floor:
        for ref in ("a", "b", "c"):
            await floor.debtor(ref)
        made = await floor.made()
        floor.clock.advance(timedelta(days=2))
        told = list(results_of(made))
        taken = [
            await floor.results.take(one, source="DIALER", actor="system:dialer")
            for one in (*reversed(told), *told)
        ]
        assert [one.new for one in taken] == [True] * 3 + [False] * 3
        assert [one.corrected for one in taken] == [False] * 6
        assert [one.breach for one in taken] == [()] * 6
        for subject in floor.subjects.values():
            state = (await floor.service.acts.load(subject)).state
            [contact] = state.contacts.values()
            assert contact.started.origin == "LATE"


async def test_another_outcome_corrects_and_the_first_told_again_does_not_take_it_back(
    tmp_path: Path,
) -> None:
    async with a_floor(tmp_path / "contact.db", tmp_path) as floor:
        await floor.debtor("a")
        made = await floor.made()
        floor.clock.advance(timedelta(minutes=10))
        [first] = results_of(made)
        wrong = DialResult(
            source_ref=first.source_ref, permit=first.permit, at=first.at, outcome="conversation_wrong_party"
        )
        taken = [
            await floor.results.take(one, source="DIALER", actor="system:dialer")
            for one in (first, wrong, first, wrong)
        ]
        assert [(one.new, one.corrected) for one in taken] == [
            (True, False), (False, True), (False, False), (False, False),
        ]  # fmt: skip
        state = (await floor.service.acts.load(floor.subjects["a"])).state
        [contact] = state.contacts.values()
        assert contact.outcome is not None
        assert contact.outcome.outcome == "conversation_wrong_party"


async def test_a_call_from_a_list_that_reserved_nothing_is_taken_and_flagged(tmp_path: Path) -> None:
    async with a_floor(tmp_path / "contact.db", tmp_path) as floor:
        await floor.debtor("a")
        at = floor.clock.now()
        made = await floor.made(at=at)
        floor.clock.advance(timedelta(minutes=1))
        taken = await floor.results.take(
            DialResult(source_ref="X", list=made.list, line=1, at=at, outcome="busy"),
            source="DIALER", actor="system:dialer",
        )  # fmt: skip
        assert taken.new
        assert "NO-PERMIT" in taken.breach


async def test_a_call_to_nobody_we_named_is_refused(tmp_path: Path) -> None:
    async with a_floor(tmp_path / "contact.db", tmp_path) as floor:
        await floor.debtor("a")
        made = await floor.made()
        of = made.lines[0].permit.removeprefix("cpm_")[:32]
        for named in (
            {"permit": "cpm_x"}, {"permit": f"cpm_{of}0000000000000000"}, {"list": made.list, "line": 2},
            {"list": "dls_x", "line": 1}, {},
        ):  # fmt: skip
            result = DialResult(source_ref="X", at=MORNING, outcome="busy", **named)
            with pytest.raises(DialLineUnknown):
                await floor.results.take(result, source="DIALER", actor="system:dialer")
        ahead = DialResult(
            source_ref="X", permit=made.lines[0].permit, at=MORNING + timedelta(hours=2), outcome="busy"
        )
        with pytest.raises(HappensInTheFuture):
            await floor.results.take(ahead, source="DIALER", actor="system:dialer")
