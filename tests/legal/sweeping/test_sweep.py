"""The end of each day through the open service: on its day, twice, late, killed, two at once; each fact once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.legal.application.sweeping.days import SweptLegalDay
from services.legal.application.sweeping.worker import LegalSweeper
from services.legal.domain import commands as c
from services.legal.domain.deadlines.warning import NEVER
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import proofs as p
from services.legal.domain.facts import suit as s
from services.legal.domain.thing_ids import PROOF, TRACK
from services.legal.projections.sweeping import case_days
from shared.kernel.clock import FixedClock
from shared.kernel.day_over import DayNotOver
from shared.kernel.parts import principal
from tests.legal.deadlines.story import DEFAULTS, OWED, day
from tests.legal.kit import CASE, DEBTS, Legal, backends, legal_in, place_for

OTHER = "case-6f1c0d1e-0000-8000-8000-000000000002"
OTHER_DEBT = "account-6f1c0d1e-0000-8000-8000-0000000000c1"
MORE_DEBTS = ("account-6f1c0d1e-0000-8000-8000-0000000000d1", "account-6f1c0d1e-0000-8000-8000-0000000000e1")


@dataclass
class Court:
    """An open service on a clock of the test's: everything happens at noon of its day."""

    legal: Legal
    clock: FixedClock

    def at(self, on: str) -> date:
        self.clock.set(datetime.combine(day(on), time(4), UTC))
        return day(on)

    async def owed(self, due: str, *, case: str = CASE, debts: tuple[str, ...] = DEBTS[:1]) -> None:
        """A case with debts that were to be paid on a day."""
        for debt in debts:
            joined = p.DebtJoined(case=case, debt=debt, on=day(due), source_ref=debt)
            await self.legal.tell(joined, about=case)
            await self.proof("performance_due", due, about=case, debts=(debt,))

    async def proof(
        self, kind: str, on: str, *, about: str = CASE, debts: tuple[str, ...] = DEBTS[:1]
    ) -> None:
        name = f"{kind}|{on}|{debts}"
        digits = f"{abs(hash(name)) % 16**16:016x}"
        event = p.ProofRecorded(
            proof=f"{PROOF}_{about.partition('-')[2].replace('-', '')}{digits}", kind=kind, on=day(on), case=about,
            debts=debts, person=None, medium=None, to=None, evidence="SIGNED", source="HAND", source_ref=name,
            matter=None, document=None, by="user:lin",
        )  # fmt: skip
        await self.legal.do(about, c.RecordProof(proof=event))

    async def matter(self, on: str, *, case: str = CASE, debt: str = DEBTS[0]) -> str:
        """A matter about a case, with its claim stated."""
        matter = await self.legal.matter(case=case, on=self.at(on))
        parts = principal(OWED)
        await self.legal.record(
            matter,
            m.ClaimStated(
                claim=self.legal.thing("clm", matter, "one"), debt=debt, as_of=day(on), owed=parts, claimed=parts,
                reason="DRAFTED", on=day(on), by="user:lin",
            ),
        )  # fmt: skip
        return matter

    async def step(self, matter: str, kind: type, on: str, of: str = "suit", **how: Any) -> Any:
        """A step on its day."""
        when = self.at(on)
        step = kind(
            track=self.legal.thing(TRACK, matter, of), step=self.legal.step_id(matter), on=when,
            **{"document": None, **DEFAULTS.get(kind, {}), **how},
        )  # fmt: skip
        await self.legal.step(matter, step)
        return step

    async def sued(self, matter: str, on: str) -> None:
        """A suit that the court has taken up."""
        for kind in (s.SuitAssessed, s.SuitApproved, s.SuitFiled, s.SuitAccepted):
            await self.step(matter, kind, on)

    async def sweep(self, as_of: str) -> SweptLegalDay:
        """As of the end of a day, on the day after."""
        self.at((day(as_of) + timedelta(days=1)).isoformat())
        found = await self.legal.service.days.sweep(day(as_of))
        assert found is not None
        assert found.failed == ()
        return found

    async def said(self, matter: str, kind: type = m.DeadlineNear) -> list[Any]:
        return list((await self.legal.of(matter)).all(kind))

    async def warned(self, case: str = CASE) -> list[tuple[int, date]]:
        """Which thresholds of limitation were told, as of which day."""
        return [(one.within, one.as_of) for one in (await self.legal.claims(case)).of_case.warned]


@asynccontextmanager
async def court(
    folder: Path, place: Path | str | None = None, at: str = "2026-01-05"
) -> AsyncIterator[Court]:
    clock = FixedClock(datetime.combine(day(at), time(4), UTC))
    async with legal_in(folder, clock, place=place) as legal:
        yield Court(legal, clock)


@backends
async def test_a_suit_goes_by_time_from_the_notice_to_a_judgment_in_force(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Noticed on 1 June, served on 1 July (K09); judgment of 16 September appealable until 8 October (K06)."""
    async with court(tmp_path, place_for(backend, tmp_path, request)) as it:
        await it.owed("2025-06-30")
        matter = await it.matter("2026-05-11")
        await it.sued(matter, "2026-05-12")
        await it.step(matter, s.ServiceNoticePublished, "2026-06-01")
        await it.sweep("2026-06-30")
        assert await it.said(matter, s.ServedByNotice) == []
        await it.sweep("2026-07-01")
        [served] = await it.said(matter, s.ServedByNotice)
        assert (served.on, served.published_on) == (day("2026-07-01"), day("2026-06-01"))
        await it.step(matter, s.HearingSet, "2026-08-03", hearing_on=day("2026-09-07"))
        await it.step(matter, s.SuitHeard, "2026-09-07")
        await it.step(matter, s.JudgmentIssued, "2026-09-14")
        await it.step(matter, s.JudgmentServed, "2026-09-16")
        await it.sweep("2026-10-07")
        assert await it.said(matter, s.JudgmentEffective) == []
        await it.sweep("2026-10-08")
        [force] = await it.said(matter, s.JudgmentEffective)
        assert (force.on, force.perform_until) == (day("2026-10-09"), day("2026-10-19"))
        again = await it.sweep("2026-10-08")
        assert (again.changed, again.events) == (0, 0)


@backends
async def test_a_preservation_lapses_once_however_often_and_late_the_day_is_swept(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with court(tmp_path, place_for(backend, tmp_path, request)) as it:
        await it.owed("2025-06-30")
        matter = await it.matter("2026-04-27")
        for kind in (v.PreservationApplied, v.SecurityGiven, v.PreservationRuled):
            await it.step(matter, kind, "2026-04-28", "held")
        await it.step(matter, v.PreservationExecuted, "2026-05-01", "held", until=day("2027-04-30"))
        await it.sweep("2026-08-20")
        await it.sweep("2026-08-20")
        [lapsed] = await it.said(matter, v.PreservationLapsed)
        assert (lapsed.on, lapsed.reason) == (day("2026-06-02"), "NO_SUIT")
        assert [one.kind for one in (await it.legal.claims()).of_case.proofs.values()].count(
            "procedure_ended"
        ) == 1


@backends
async def test_each_threshold_of_limitation_is_told_once_and_a_moved_end_anew(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Due 15 March 2023: the last day, a Sunday, rolls to 16 March 2026 (K01)."""
    async with court(tmp_path, place_for(backend, tmp_path, request), at="2025-08-01") as it:
        await it.owed("2023-03-15")
        await it.sweep("2025-09-16")
        assert await it.warned() == []
        for at in ("2025-09-17", "2025-09-17", "2025-12-15", "2025-12-16", "2026-02-14", "2026-03-16"):
            await it.sweep(at)
        assert await it.warned() == [
            (180, day("2025-09-17")),
            (90, day("2025-12-16")),
            (30, day("2026-02-14")),
            (0, day("2026-03-16")),
        ]
    async with court(tmp_path / "moved", at="2025-08-01") as it:
        await it.owed("2023-03-15")
        await it.sweep("2026-02-20")
        it.at("2026-02-23")
        await it.proof("demand_delivered", "2026-02-23")
        await it.sweep("2026-02-24")
        assert await it.warned() == [(30, day("2026-02-20"))], "late, only the narrowest is told"
        await it.sweep("2028-12-01")
        assert await it.warned() == [(30, day("2026-02-20")), (90, day("2028-12-01"))]


async def test_a_deadline_is_told_by_its_narrowest_threshold_and_not_once_it_is_met(tmp_path: Path) -> None:
    async with court(tmp_path) as it:
        await it.owed("2025-06-30")
        matter = await it.matter("2026-05-11")
        await it.sued(matter, "2026-05-12")
        await it.sweep("2026-05-12")
        told = {(one.deadline, one.within) for one in await it.said(matter)}
        assert told == {("COPY_SENT", 7)}, "the term of first instance is half a year off"
        await it.step(matter, s.SuitServed, "2026-05-18")
        await it.sweep("2026-05-18")
        assert {(one.deadline, one.within) for one in await it.said(matter)} == {
            ("COPY_SENT", 7),
            ("DEFENCE", 30),
        }
        await it.step(matter, s.DefenceReceived, "2026-05-25")
        await it.sweep("2026-10-20")
        assert {(one.deadline, one.within) for one in await it.said(matter)} == {
            ("COPY_SENT", 7),
            ("DEFENCE", 30),
            ("FIRST_INSTANCE", 30),
        }


async def test_only_cases_of_which_something_may_be_said_are_looked_at(tmp_path: Path) -> None:
    async with court(tmp_path, at="2025-08-01") as it:
        await it.owed("2023-03-15")
        await it.owed("2024-06-28", case=OTHER, debts=(OTHER_DEBT,))
        assert (await it.sweep("2025-09-01")).cases == 2
        assert (await it.sweep("2025-09-02")).cases == 0
        it.at("2025-09-03")
        await it.proof("promise", "2025-09-03", about=OTHER, debts=(OTHER_DEBT,))
        assert (await it.sweep("2025-09-03")).cases == 1, "one of which something was recorded"
        assert (await it.sweep("2025-09-17")).cases == 1, "one whose threshold is reached"
        assert (await it.sweep("2025-09-18")).cases == 0
        matter = await it.matter("2025-09-22")
        assert (await it.sweep("2025-09-22")).cases == 1, "one of whose matters something was recorded"
        assert (await it.sweep("2025-09-23")).cases == 0
        await it.legal.service.change(lambda connection: connection.execute(case_days.NEXT.delete()))
        swept = await it.sweep("2025-09-23")
        assert (swept.cases, swept.events) == (2, 0), "notes that are lost are only made again"
        assert matter


async def test_a_day_that_is_not_over_is_not_swept(tmp_path: Path) -> None:
    async with court(tmp_path) as it:
        with pytest.raises(DayNotOver):
            await it.legal.service.days.sweep(it.legal.today)
        assert (await it.sweep("2026-01-04")).cases == 0, "of nothing, nothing"
        assert date.max == NEVER


@backends
async def test_killed_between_two_facts_it_goes_on_where_it_was(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after every single command until nothing is left: what is on record is the same as unkilled."""
    folder = tmp_path / "whole"
    folder.mkdir()
    async with court(folder) as it:
        await _two_cases(it)
        await it.sweep("2026-06-01")
        whole = await _record(it)
    async with court(tmp_path, place_for(backend, tmp_path, request)) as it:
        await _two_cases(it)
        it.at("2026-06-02")
        kills, real = 0, it.legal.service.acts.handle
        while True:
            left = iter(range(1))

            async def dies(*args: Any, left: Any = left) -> Any:
                if next(left, None) is None:
                    raise asyncio.CancelledError
                return await real(*args)

            with monkeypatch.context() as patched:
                patched.setattr(it.legal.service.acts, "handle", dies)
                try:
                    await it.legal.service.days.sweep(day("2026-06-01"))
                    break
                except asyncio.CancelledError:
                    kills += 1
        assert kills >= 3
        await it.sweep("2026-06-01")
        assert await _record(it) == whole


async def _two_cases(it: Court) -> None:
    """A preservation that lapses and warnings of two cases, all as of 1 June 2026."""
    await it.owed("2023-06-30")
    await it.owed("2023-06-30", case=OTHER, debts=(OTHER_DEBT, *MORE_DEBTS))
    first = await it.matter("2026-04-27")
    for kind in (v.PreservationApplied, v.SecurityGiven, v.PreservationRuled):
        await it.step(first, kind, "2026-04-28", "held")
    await it.step(first, v.PreservationExecuted, "2026-05-01", "held", until=day("2026-07-31"))
    await it.matter("2026-05-11", case=OTHER, debt=OTHER_DEBT)


async def _record(it: Court) -> list[Any]:
    """What is on record of both cases, in its order; ids are left out, for each store has its own."""
    found: list[Any] = []
    for case in (CASE, OTHER):
        claims = await it.legal.claims(case)
        for matter in await it.legal.service.acts.shelf.matters_of(claims):
            found += [_plain(one) for one in matter.standing]
        found += [(one.kind, one.on, one.debts) for one in claims.of_case.proofs.values()]
        found += [(one.debt, one.within, one.as_of) for one in claims.of_case.warned]
    return found


def _plain(event: Any) -> Any:
    said = (type(event).__name__, getattr(event, "on", None))
    return (*said, event.deadline, event.within) if isinstance(event, m.DeadlineNear) else said


async def test_stopped_it_ends_after_the_case_at_hand_and_whoever_comes_next_goes_on(tmp_path: Path) -> None:
    async with court(tmp_path) as it:
        await _two_cases(it)
        it.at("2026-06-02")
        asked = iter((False, True, True))
        assert await it.legal.service.days.sweep(day("2026-06-01"), stopping=lambda: next(asked)) is None
        assert (await it.sweep("2026-06-01")).cases == 1, "the other one"


async def test_two_at_once_say_each_fact_once(tmp_path: Path) -> None:
    async with court(tmp_path) as it:
        await _two_cases(it)
        it.at("2026-06-02")
        days = it.legal.service.days
        await asyncio.gather(*(days.sweep(day("2026-06-01")) for _ in range(4)))
        once = await _record(it)
        assert len(once) == len(set(map(str, once)))
        assert (await it.sweep("2026-06-01")).events == 0


async def test_a_case_that_cannot_be_judged_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with court(tmp_path) as it:
        await _two_cases(it)
        shelf = it.legal.service.acts.shelf
        real = shelf.claims

        async def claims(about: str, **how: Any) -> Any:
            if about == CASE:
                raise RuntimeError("no reading of this one")
            return await real(about, **how)

        it.at("2026-06-02")
        with monkeypatch.context() as patched:
            patched.setattr(shelf, "claims", claims)
            swept = await it.legal.service.days.sweep(day("2026-06-01"))
        assert swept is not None
        assert (swept.failed, swept.cases) == (((CASE, "RuntimeError"),), 2)
        assert (await it.sweep("2026-06-01")).cases == 1, "it was not noted, so it is looked at again"


async def test_the_worker_sweeps_when_the_day_has_turned_and_ends_when_told(tmp_path: Path) -> None:
    async with court(tmp_path) as it:
        await _two_cases(it)
        it.at("2026-06-01")
        worker = LegalSweeper(it.legal.service.days)
        task = asyncio.create_task(worker.run())
        async with asyncio.timeout(30):
            matter = (await it.legal.claims()).of_case.matters[0]
            while not await it.said(matter):
                await asyncio.sleep(0.01)
            assert await it.said(matter, v.PreservationLapsed) == []
            it.at("2026-06-02")
            while not await it.said(matter, v.PreservationLapsed):
                await asyncio.sleep(0.01)
            worker.stop()
            await task
