"""What people read: the timeline in two languages, the audit trail with its filters."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.case.domain.events import STORED_AS
from services.case.projections import audit_trail, case_list, case_timeline, timeline_words
from shared.eventstore.projection.audit_trail import AuditFilter, AuditRecord
from shared.eventstore.projection.health import positions
from shared.eventstore.projection.port import ViewDatabase
from tests.case.projections.portfolio import desk, lines_of
from tests.golden.samples import SAMPLES
from tests.kit.ledgers import backends


def test_every_event_of_a_case_has_words_in_both_languages() -> None:
    types = {name.partition("/")[0] for name in STORED_AS} - {
        "case.StatementReported",
        "case.StatementCorrected",
    }
    assert types == timeline_words.KNOWN_TYPES
    for name in sorted(types):
        said = msgspec.json.decode(msgspec.json.encode(SAMPLES[f"{name}/v1"]))
        english, chinese = (timeline_words.words(name, said, language) for language in ("en", "zh-CN"))
        assert english.isascii()
        assert not chinese.isascii()
        assert timeline_words.title(name, "en") != timeline_words.title(name, "zh-CN")
    assert timeline_words.words("case.Unheard", {}, "en") == ""
    nothing = {"channel": "VOICE", "on": "2026-03-02", "outcome": None, "breach": ()}
    assert (
        timeline_words.words("case.ContactAttempted", nothing, "en") == "VOICE on 2026-03-02: -; against: -."
    )
    assert timeline_words.title("case.Unheard", "zh-CN") == "case.Unheard"


@backends
async def test_the_timeline_tells_the_stream_in_order_with_both_times(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request, shards=2) as it:
        await it.take_in(lines_of(20))
        await it.projections.catch_up()
        read = it.projections.database.read
        for case in await read(lambda c: case_list.page(c, limit=10)):
            stored = await it.ledger.whole_stream(case.case_id)
            told = await read(lambda c, case=case: case_timeline.entries(c, case.case_id))
            assert [(e.version, e.position, e.effective_at, e.recorded_at, e.type) for e in told] == [
                (s.version, s.position, s.effective_at, s.recorded_at, s.row.type) for s in stored
            ]
            assert all("debtor_ref" not in (entry.said or {}) for entry in told)
            newest = await read(
                lambda c, case=case: case_timeline.entries(c, case.case_id, newest_first=True, limit=2)
            )
            assert newest == told[::-1][:2]
            rest = await read(lambda c, case=case: case_timeline.entries(c, case.case_id, after=2))
            assert rest == told[2:]


@backends
async def test_the_audit_trail_holds_every_event_and_is_found_by_every_filter(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request, shards=2) as it:
        await it.take_in(lines_of(15))
        await it.projections.catch_up()
        rows = [
            row
            for lane in await it.ledger.lanes()
            for row in await it.ledger.read_lane(lane.lane, after=0, limit=10_000)
        ]
        rows.sort(key=lambda row: (row.recorded_at, row.lane, row.position))
        found = await it.all_pages(
            lambda c, after: audit_trail.TRAIL.records(c, AuditFilter(), after=after, limit=17),
            lambda r: r.cursor,
        )
        assert [(r.lane, r.position, r.stream_id, r.version, r.type) for r in found] == [
            (row.lane, row.position, row.stream_id, row.version, row.type) for row in rows
        ]
        for record, row in zip(found, rows, strict=True):
            assert record.leaf_hash == hashlib.sha256(b"\x00" + row.leaf).digest()
            assert (record.event_id.bytes, record.command_id.bytes) == (row.event_id, row.command_id)
            assert (record.effective_at, record.recorded_at) == (row.effective_at, row.recorded_at)
            assert (record.policy, record.actor) == (row.policy, row.actor)
        await _filters(it.projections.database, found, (await it.ledger.subjects(["TWC-0001"]))["TWC-0001"])
        assert found[0].as_json()["type"].endswith("/v1")


async def _filters(database: ViewDatabase, found: list[AuditRecord], subject: UUID) -> None:
    async def ask(**fields: Any) -> list[AuditRecord]:
        which = AuditFilter(**fields)
        return await database.read(lambda c: audit_trail.TRAIL.records(c, which, limit=1000))

    stream, middle = found[5].stream_id, found[len(found) // 2].recorded_at
    assert await ask(stream=stream) == [r for r in found if r.stream_id == stream]
    assert await ask(type="case.CaseOpened") == [r for r in found if r.type == "case.CaseOpened"]
    assert await ask(type="CaseOpened") == await ask(type="case.CaseOpened")
    assert await ask(type="Case_pened") == []
    assert await ask(actor="nobody") == []
    assert await ask(actor=found[0].actor) == found
    assert await ask(from_=middle) == [r for r in found if r.recorded_at >= middle]
    assert await ask(until=middle) == [r for r in found if r.recorded_at < middle]
    day = sorted({r.effective_at for r in found})[2]
    assert await ask(effective_from=day) == [r for r in found if r.effective_at >= day]
    assert await ask(effective_until=day) == [r for r in found if r.effective_at < day]
    known = await ask(effective_from=day, until=middle)
    assert known == [r for r in found if r.effective_at >= day and r.recorded_at < middle]
    for record in (found[0], found[-1]):
        assert await database.read(lambda c, at=record.event_id: audit_trail.TRAIL.one(c, at)) == record
    assert await database.read(lambda c: audit_trail.TRAIL.one(c, subject)) is None
    mine = await ask(subjects=(subject,))
    assert mine
    assert mine == [r for r in found if r.subject == subject]
    assert await ask(subjects=()) == []


@backends
async def test_a_list_goes_on_as_it_was_begun_while_more_is_recorded(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = lines_of(18)
    async with desk(backend, tmp_path, request, shards=3) as it:
        await it.take_in(lines[:60])
        await it.projections.catch_up()
        read = it.projections.database.read
        pin = await read(lambda c: positions(c, audit_trail.VIEW))
        whole = await read(lambda c: audit_trail.TRAIL.records(c, AuditFilter(), limit=1000))
        cases = await read(lambda c: case_list.page(c, limit=500))
        rest = iter(lines[60:])

        async def more() -> None:
            await it.take_in([line for line, _ in zip(rest, range(6), strict=False)])
            await it.projections.catch_up()

        seen: list[AuditRecord] = []
        listed: list[case_list.CaseRow] = []
        while len(seen) < len(whole):
            after, last = (seen[-1].cursor if seen else None), (listed[-1] if listed else None)
            place = (last.opened_on, last.case_id) if last else None
            seen += await read(
                lambda c, after=after: audit_trail.TRAIL.records(
                    c, AuditFilter(), after=after, pin=pin, limit=40
                )
            )
            listed += await read(lambda c, place=place: case_list.page(c, after=place, pin=pin, limit=3))
            await more()
        assert seen == whole
        assert [row.case_id for row in listed] == [row.case_id for row in cases]
        assert len(await read(lambda c: audit_trail.TRAIL.records(c, AuditFilter(), limit=1000))) > len(whole)
        assert len(await read(lambda c: case_list.page(c, limit=500))) > len(cases)
        nothing = dict.fromkeys(pin, 0)
        assert await read(lambda c: case_list.page(c, pin=nothing)) == []
        assert await read(lambda c: audit_trail.TRAIL.records(c, AuditFilter(), pin={})) == []
