"""Visits, batches of letters and dial lists as views: what became of each, by what was known when."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from services.contact.domain.facts.visit import VisitAgreed, VisitCancelled, VisitRecorded
from services.contact.projections.dialing import lists
from services.contact.projections.letters import batches
from services.contact.projections.visits import appointments
from shared.eventstore.port import Command, NewEvent, StreamWrite
from tests.contact.projections.told import AT, Told, told
from tests.golden.samples_of_paper import SAMPLES_OF_PAPER
from tests.kit.ledgers import backends

BATCH = SAMPLES_OF_PAPER["contact.LetterBatchMade/v1"]
LIST = SAMPLES_OF_PAPER["contact.DialListMade/v1"]


async def on_stream(it: Told, category: str, *events: Any) -> None:
    people = await it.ledger.subjects(["system:x", "staff:chen"])
    roles = {"debtor": people["system:x"], "staff": people["staff:chen"]}
    stream = it.ledger.stream_id(category, category, debtor_ref=category)
    new = tuple(NewEvent(event, AT, roles, None) for event in events)
    await it.ledger.commit(
        Command(
            tenant="default", command_id=it.ledger.command_id("t", category, "1"), fingerprint=b"1",
            actor="user:chen", writes=(StreamWrite(stream, 0, new),),
        )
    )  # fmt: skip


def agreed(ref: str, on: Any = AT) -> VisitAgreed:
    return VisitAgreed(visit=ref, at=AT, on=on, person=None, place="home", address="上海市")


@backends
async def test_visits_by_what_became_of_them(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        later = AT + timedelta(days=1)
        await it.tell("D-1", agreed("vst_1"))
        await it.tell("D-1", agreed("vst_2", later))
        await it.tell("D-2", agreed("vst_3"))
        before = it.clock.now()
        await it.tell("D-1", VisitCancelled(visit="vst_1", at=AT, reason="DEBTOR_ASKED"))
        made = VisitRecorded(visit="vst_2", at=later, attempt="cat_1", staff=2, visitors=("a", "b"))
        await it.tell("D-1", made)
        await it.tell(
            "D-9", replace(made, visit="vst_9"), VisitCancelled(visit="vst_8", at=AT, reason="REFUSED")
        )
        await it.projections.catch_up()
        rows = await it.ask(appointments.page)
        assert [(row.thing, row.status) for row in rows] == [
            ("vst_2", "MADE"), ("vst_3", "AGREED"), ("vst_1", "CANCELLED"),
        ]  # fmt: skip
        assert rows[0].as_json()["staff"] == 2
        known = await it.ask(appointments.page, known_at=before)
        assert {row.status for row in known} == {"AGREED"}
        assert [row.thing for row in await it.ask(appointments.page, from_=later)] == ["vst_2"]
        assert [row.thing for row in await it.ask(appointments.page, status="AGREED")] == ["vst_3"]
        assert [row.thing for row in await it.ask(appointments.page, subject=it.subject("D-2"))] == ["vst_3"]
        assert "上海" not in str(rows)


@backends
async def test_batches_and_lists(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with told(backend, tmp_path, request) as it:
        assert await it.ask(batches.one, batch=7) is None
        await on_stream(it, "letters", BATCH, replace(BATCH, batch=8, letters=()))
        await on_stream(it, "dialing", LIST)
        await it.projections.catch_up()
        assert [row.batch for row in await it.ask(batches.page)] == [8, 7]
        assert [row.batch for row in await it.ask(batches.page, after=8)] == [7]
        batch, letters = await it.ask(batches.one, batch=7)
        assert (batch.letters, batch.pages, len(letters)) == (1, 2, 1)
        assert await it.ask(batches.message_of, letter=letters[0].letter) == letters[0].message
        assert await it.ask(batches.message_of, letter="NONE") is None
        [row] = await it.ask(lists.page)
        assert (row.lines, row.asked, row.as_json()["stages"]) == (1, 3, ["M1", "M2"])
        assert await it.ask(lists.page, source="CASES") == []
        live = await it.digests()
        done = await it.projections.rebuild(it.projections.views)
        assert done.parked == 0
        assert await it.digests() == live
