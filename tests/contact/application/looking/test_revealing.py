"""Nothing is shown that is not on record; an hour's limit holds for a person over all subjects and processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from services.contact.adapters.pack_files import shipped
from services.contact.application.handle import ContactDesk, SubjectUnknown
from services.contact.application.looking.revealing import Asked, Reveals
from services.contact.domain import commands as c
from services.contact.domain.facts.looking import PointRevealed, PointRevealRefused, RevealCounted
from services.contact.domain.looking.points import PointUnknown
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, StaleVersion
from shared.kernel.clock import FixedClock
from shared.kernel.privacy.limits import PrivacyLimits, ReadLimitReached
from shared.kernel.privacy.purposes import PurposeUnknown
from tests.contact.application.sending.room import TUESDAY, meta
from tests.contact.stores import backends, contact_store, opened

LIMITS = PrivacyLimits(reveals_per_hour=3, searches_per_hour=1, shown_s=60)
NUMBER = "+8613800138000"
_KEYS = count(1)
pytestmark = backends


class Room:
    """Looks on a store of its own, at the only number of each debtor."""

    def __init__(self, ledger: Ledger, clock: FixedClock) -> None:
        self.ledger, self.clock = ledger, clock
        self.desk = ContactDesk(ledger=ledger, tenant="default", packs=shipped(house=True), clock=clock)
        self.reveals = Reveals(ledger=ledger, tenant="default", desk=self.desk, clock=clock, limits=LIMITS)
        self.point = self.desk.point_id("phone", NUMBER)

    async def debtor(self, ref: str = "D-1") -> str:
        """A debtor with the number; the subject's id."""
        subject = self.desk.subject_id(ref)
        recorded = c.RecordPoint(point=self.point, medium="phone", value=NUMBER)
        await self.desk.handle(subject, recorded, meta(f"{ref}-recorded"))
        return subject

    def asked(self, subject: str, actor: str = "console/anna", **more: Any) -> Asked:
        made = self.ledger.command_id(actor, "test", str(next(_KEYS)), tenant="default")
        said: dict[str, Any] = {"point": self.point, "purpose": "CONTACT", "command_id": made}
        return Asked(subject_id=subject, actor=actor, **(said | more))

    async def look(self, subject: str, actor: str = "console/anna", **more: Any) -> str:
        """Take a look as the route does; the number."""
        asked = self.asked(subject, actor, **more)
        for _ in range(20):
            taken = await self.reveals.reveal(asked)
            try:
                await self.ledger.commit(
                    Command(
                        tenant="default", command_id=asked.command_id, fingerprint=b"t", actor=actor,
                        writes=tuple(taken.writes),
                    )
                )  # fmt: skip
            except StaleVersion:
                continue
            shown = await self.reveals.shown(subject, asked.point)
            assert shown.value is not None
            return shown.value
        raise AssertionError("it never got its turn")

    async def recorded(self, *kinds: type) -> list[Any]:
        """Every event of these kinds that the ledger holds."""
        found: list[Any] = []
        for lane in await self.ledger.lane_numbers():
            rows = await self.ledger.read_lane(lane, after=0, limit=1_000)
            found += [seen.event for seen in await self.ledger.recorded(rows)]
        return [one for one in found if isinstance(one, kinds)]


@asynccontextmanager
async def room(
    backend: str, folder: Path, request: pytest.FixtureRequest, clock: FixedClock | None = None
) -> AsyncIterator[Room]:
    clock = clock or FixedClock(TUESDAY)
    async with opened(contact_store(backend, folder, request), folder, clock=clock, shards=4) as ledger:
        yield Room(ledger, clock)


async def test_a_look_is_on_the_subjects_stream_and_counted_on_the_readers(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as it:
        subject = await it.debtor()
        assert await it.look(subject) == NUMBER
        [revealed] = [
            one.event for one in await it.desk.history(subject) if isinstance(one.event, PointRevealed)
        ]
        assert (revealed.point, revealed.person, revealed.by) == (it.point, None, "console/anna")
        assert revealed.until == TUESDAY + timedelta(seconds=60)
        [counted] = await it.recorded(RevealCounted)
        assert (counted.subject, counted.point) == (subject, it.point)


async def test_what_cannot_be_seen_leaves_no_trace(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as it:
        subject = await it.debtor()
        with pytest.raises(PointUnknown):
            await it.look(subject, point="cpt_" + "0" * 32)
        with pytest.raises(PointUnknown):
            await it.look(it.desk.subject_id("nobody"))
        with pytest.raises(SubjectUnknown):
            await it.look("case-1")
        with pytest.raises(PurposeUnknown):
            await it.look(subject, purpose="CURIOSITY")
        dry = await it.reveals.reveal(it.asked(subject, dry_run=True))
        assert len(dry.writes) == 2
        assert await it.recorded(PointRevealed, RevealCounted, PointRevealRefused) == []


async def test_the_limit_is_a_persons_over_any_hour_and_all_subjects_and_the_refusal_is_on_record_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with room(backend, tmp_path, request) as it:
        subjects = [await it.debtor(f"D-{number}") for number in range(4)]
        for subject, actor in zip(subjects, ("console/anna", "phone/anna", "console/anna"), strict=False):
            it.clock.advance(timedelta(minutes=10))
            await it.look(subject, actor)
        it.clock.advance(timedelta(minutes=9))
        with pytest.raises(ReadLimitReached):
            await it.look(subjects[3], dry_run=True)
        assert await it.recorded(PointRevealRefused) == []
        for _ in range(3):
            with pytest.raises(ReadLimitReached) as refused:
                await it.look(subjects[3])
            assert refused.value.context == {"limit": 3, "retry_after_s": 31 * 60}
        [said] = await it.recorded(PointRevealRefused)
        assert (said.subject, said.point, said.purpose, said.limit) == (subjects[3], it.point, "CONTACT", 3)
        await it.look(subjects[3], "console/bert")
        it.clock.advance(timedelta(minutes=31))
        await it.look(subjects[3])
        with pytest.raises(ReadLimitReached):
            await it.look(subjects[0])


async def test_two_processes_together_keep_the_limit(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with (
        room(backend, tmp_path, request) as it,
        room(backend, tmp_path, request, it.clock) as other,
    ):
        subjects = [await it.debtor(f"D-{number}") for number in range(6)]
        asked = [at.look(subject) for at in (it, other) for subject in subjects]
        ends = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(end == NUMBER for end in ends) == LIMITS.reveals_per_hour
        assert {type(end) for end in ends if isinstance(end, BaseException)} == {ReadLimitReached}
        assert len(await it.recorded(PointRevealed)) == LIMITS.reveals_per_hour
        assert len(await it.recorded(PointRevealRefused)) == 1
