"""What happened before go-live counts from the first day on: a cap that is used up refuses, and so does an opt-out."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.contact.adapters.pack_files import shipped
from services.contact.application.handle import ContactDesk, Meta
from services.contact.application.past.taking_in import ADDED, REJECTED, UNCHANGED, PastTaking
from services.contact.domain import commands as c
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused, Proposed
from services.contact.domain.facts.attempt import AttemptStarted, ContactBreached
from services.contact.domain.past.rows import PastAttempt, PastConsent, PastOptOut, PastRow
from services.contact.domain.point_form import normal
from shared.eventstore.ledger import Ledger
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import FixedClock, in_utc
from tests.contact.stores import backends, contact_store, opened

DAY_ONE = in_utc(datetime.fromisoformat("2026-03-03T10:00:00+08:00"))
NUMBER = "139 1234 5678"


def call(
    n: float, *, at: datetime | None = None, outcome: str = "NO_ANSWER", number: str | None = NUMBER
) -> PastAttempt:
    """A call of the old dialer, `n` hours before."""
    return PastAttempt(
        ref=f"c-{n}", at=at or DAY_ONE - timedelta(hours=n), channel="CALL", outcome=outcome, by="COLLECTOR",
        number=number, origin="OLD_DIALER",
    )  # fmt: skip


def asked(desk: ContactDesk, channel: str, number: str = NUMBER) -> Proposed:
    medium = "email" if channel == "email" else "phone"
    return Proposed(
        at=DAY_ONE, channel=channel, role="debtor", collector_role="first_party", purpose="collect",
        point=desk.point_id(medium, normal(medium, number) or number), content=("identifies_institution",),
    )  # fmt: skip


async def decided(desk: ContactDesk, ref: str, channel: str, key: str) -> ContactPermitted | ContactRefused:
    """The decision about a contact now."""
    subject = desk.subject_id(ref)
    permit = desk.permit_id(subject, client="test", key=key)
    command = c.AskPermit(permit=permit, proposed=asked(desk, channel), asked_by="user:li")
    await desk.handle(subject, command, Meta(actor="user:li", client="test", key=key))
    found = await desk.decision(permit)
    assert found is not None
    return found


def rooms(ledger: Ledger, clock: FixedClock) -> tuple[ContactDesk, PastTaking]:
    desk = ContactDesk(ledger=ledger, tenant="default", packs=shipped(house=True), clock=clock)
    return desk, PastTaking(ledger=ledger, tenant="default", desk=desk, clock=clock)


@backends
async def test_a_cap_used_up_by_imported_calls_refuses_on_day_one(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(DAY_ONE)
    async with opened(contact_store(backend, tmp_path, request), tmp_path, clock=clock) as ledger:
        desk, taking = rooms(ledger, clock)
        before = await decided(desk, "D-1", "voice", "before")
        assert isinstance(before, ContactPermitted)
        clock.advance(timedelta(minutes=6))  # the permit's own slot is free again
        found, events = await taking.take("D-1", [call(n, outcome="RIGHT_PARTY") for n in (1, 1.1, 1.2, 1.3)])
        assert [one.outcome for one in found] == [ADDED] * 4
        assert events >= 8
        after = await decided(desk, "D-1", "voice", "after")
        assert isinstance(after, ContactRefused)
        assert "HOUSE-CALLS-DAY" in {one.rule for one in after.failed}
        history = await desk.history(desk.subject_id("D-1"))
        assert not [one for one in history if isinstance(one.event, ContactBreached)], "counted, never judged"


@backends
async def test_an_imported_opt_out_refuses(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(DAY_ONE)
    async with opened(contact_store(backend, tmp_path, request), tmp_path, clock=clock) as ledger:
        desk, taking = rooms(ledger, clock)
        out = PastOptOut(
            ref="o-1", at=DAY_ONE - timedelta(days=90), channel=None, number="+86 139-1234-5678", origin="CRM"
        )
        found, _ = await taking.take("D-1", [out])
        assert [one.outcome for one in found] == [ADDED]
        refused = await decided(desk, "D-1", "sms", "1")
        assert isinstance(refused, ContactRefused)
        assert "HOUSE-MEDIA" in {one.rule for one in refused.failed}


async def test_twice_adds_nothing_and_another_word_under_the_same_reference_is_refused(
    tmp_path: Path,
) -> None:
    clock = FixedClock(DAY_ONE)
    async with opened(SqliteStore(tmp_path / "contact.db"), tmp_path, clock=clock) as ledger:
        desk, taking = rooms(ledger, clock)
        day = DAY_ONE - timedelta(days=30)
        rows: list[PastRow] = [
            call(1),
            PastConsent(
                ref="n-1", at=day, kind="CALLS", number=None, until=day + timedelta(days=7),
                revoked_at=day + timedelta(days=3), origin="CRM",
            ),
            PastOptOut(ref="o-1", at=day, channel="SMS", number=None, origin="CRM"),
        ]  # fmt: skip
        assert [one.outcome for one in (await taking.take("D-1", rows))[0]] == [ADDED] * 3
        version = (await desk.load(desk.subject_id("D-1"))).version
        clock.advance(timedelta(days=1))
        found, events = await taking.take("D-1", rows)
        assert ([one.outcome for one in found], events) == ([UNCHANGED] * 3, 0)
        assert (await desk.load(desk.subject_id("D-1"))).version == version
        [changed], _ = await taking.take("D-1", [call(1, at=DAY_ONE - timedelta(days=9))])
        assert changed == (REJECTED, "history-conflict", "ref")


async def test_what_says_nothing_is_rejected_with_its_field_and_the_rest_taken_in(tmp_path: Path) -> None:
    clock = FixedClock(DAY_ONE)
    async with opened(SqliteStore(tmp_path / "contact.db"), tmp_path, clock=clock) as ledger:
        _, taking = rooms(ledger, clock)
        day = DAY_ONE - timedelta(days=30)
        rows: list[PastRow] = [
            PastAttempt(
                ref="1", at=day, channel="PIGEON", outcome="X", by="COLLECTOR", number=None, origin="A"
            ),
            call(1, number="not a number"),
            PastConsent(ref="2", at=day, kind="FAX", number=None, until=None, revoked_at=None, origin="A"),
            PastOptOut(ref="3", at=day, channel=None, number=None, origin="A"),
            call(2),
        ]
        found, _ = await taking.take("D-1", rows, check=True)
        assert [one[1:] for one in found] == [
            ("channel-unknown", "channel"), ("number-unreadable", "number"), ("consent-unknown", "kind"),
            ("nothing-named", "channel"), (None, None),
        ]  # fmt: skip
        assert (await taking.take("D-1", rows))[0] == found, "a check tells what the run will"


async def test_a_word_nobody_knows_counts_as_if_anything_had_come_of_it(tmp_path: Path) -> None:
    clock = FixedClock(DAY_ONE)
    async with opened(SqliteStore(tmp_path / "contact.db"), tmp_path, clock=clock) as ledger:
        desk, taking = rooms(ledger, clock)
        await taking.take("D-1", [call(n, outcome="RESULT_77") for n in (1, 1.1, 1.2, 1.3)])
        refused = await decided(desk, "D-1", "voice", "1")
        assert isinstance(refused, ContactRefused)


async def test_two_imports_of_one_file_at_once_put_every_attempt_on_record_once(tmp_path: Path) -> None:
    clock = FixedClock(DAY_ONE)
    async with opened(SqliteStore(tmp_path / "contact.db"), tmp_path, clock=clock) as ledger:
        desk, taking = rooms(ledger, clock)
        rows = [call(n) for n in range(1, 150)]
        await asyncio.gather(*(taking.take("D-1", rows) for _ in range(3)))
        history = await desk.history(desk.subject_id("D-1"))
        started = [one.event.attempt for one in history if isinstance(one.event, AttemptStarted)]
        assert len(started) == len(set(started)) == 149
