"""Nothing is shown that is not on record; an hour's limit holds for a person, however many ask at once."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from services.case.application.privacy.access import (
    CaseNotOfParty,
    PartyForgotten,
    PartyUnknown,
    Reader,
)
from services.case.application.privacy.log import LogBounds, read_log
from services.case.domain.events import (
    AccessLogRead,
    PersonalDataRefused,
    PersonalDataRevealed,
    PersonalDataSearched,
    PersonalDataShown,
)
from services.case.projections.privacy import access_log
from services.case.projections.privacy.access_log import AccessFilter
from shared.eventstore.port import LedgerClosed, LedgerError, StoreUnavailable
from shared.kernel.privacy.limits import ReadLimitReached
from shared.kernel.privacy.purposes import PurposeUnknown
from shared.messaging.published import facts_in
from tests.kit import parties
from tests.kit.ledgers import NOON, backends, opened, store_on
from tests.kit.looking import CLERK, LIMITS, Looking, desk_over, looking
from tests.kit.parties import Person
from tests.laws.test_erased import erase

NOBODY = "party-00000000-0000-8000-8000-000000000000"


def kinds(events: list[object]) -> list[str]:
    return [type(event).__name__ for event in events]


@backends
async def test_a_search_is_on_record_without_what_was_looked_for(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with looking(backend, tmp_path, request) as it:
        party = await parties.book(it.ledger, Person(), account="A-1")
        look = await it.search("PHONE", "138 1234 5678")
        assert (look.parties, look.former, look.more) == ((party,), (), False)
        searched, shown = await it.recorded()
        assert isinstance(searched, PersonalDataSearched)
        assert isinstance(shown, PersonalDataShown)
        assert (searched.kind, searched.found, searched.by) == ("PHONE", 1, "console/5b0e")
        assert "13812" not in str(searched) + str(facts_in(searched, it.ledger.registry))
        assert (shown.party, shown.fields, shown.way) == (
            party, ("NAME", "IDENTITY_NO", "BIRTH_ON", "PHONE"), "SEARCH",
        )  # fmt: skip
        nobody = await it.search("NAME", "王五")
        assert nobody.parties == ()
        assert kinds(await it.recorded())[2:] == ["PersonalDataSearched"]


@backends
async def test_what_is_shown_and_revealed_is_on_record_first(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with looking(backend, tmp_path, request) as it:
        party = await parties.book(it.ledger, Person(), account="A-1")
        await it.projections.catch_up()
        [sheet] = await it.desk.show(CLERK, [party, NOBODY], purpose="COLLECTION", case=None, way="PARTY")
        assert (sheet.masked("NAME"), sheet.masked("IDENTITY_NO")) == ("张**", "1101**********1234")
        [only] = sheet.points.values()
        assert only.masked == "138****5678"
        look = await it.reveal(party, "NAME", "PHONE")
        assert look.until == NOON + timedelta(seconds=60)
        _, revealed = await it.recorded()
        assert isinstance(revealed, PersonalDataRevealed)
        assert (revealed.party, revealed.fields, revealed.until) == (party, ("NAME", "PHONE"), look.until)
        data = (await it.desk.sheets([party]))[party].revealed(("NAME", "PHONE", "EMAIL"))
        assert data == {"NAME": ["张三丰"], "PHONE": ["+8613812345678"], "EMAIL": []}
        with pytest.raises(PartyUnknown):
            await it.reveal(NOBODY)
        with pytest.raises(PurposeUnknown):
            await it.reveal(party, purpose="CURIOSITY")
        with pytest.raises(CaseNotOfParty):
            await it.reveal(party, case="case-00000000-0000-8000-8000-000000000000")
        assert len(await it.recorded()) == 2, "what was refused for another reason showed nothing"


@backends
async def test_the_limit_is_a_persons_over_any_hour_and_the_refusal_is_on_record_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with looking(backend, tmp_path, request) as it:
        party = await parties.book(it.ledger, Person())
        for reader in (CLERK, Reader("phone/5b0e"), CLERK):
            it.clock.advance(timedelta(minutes=10))
            await it.reveal(party, reader=reader)
        it.clock.advance(timedelta(minutes=9))
        for _ in range(3):
            with pytest.raises(ReadLimitReached) as refused:
                await it.reveal(party)
            assert refused.value.context == {"limit": 3, "retry_after_s": 31 * 60}
        said = [event for event in await it.recorded() if isinstance(event, PersonalDataRefused)]
        assert [(one.what, one.limit, one.party) for one in said] == [("REVEAL", 3, party)]
        await it.reveal(party, reader=Reader("console/0a17"))
        it.clock.advance(timedelta(minutes=31))
        await it.reveal(party)
        with pytest.raises(ReadLimitReached):
            await it.reveal(party)
        for _ in range(4):
            await it.search("NAME", "王五")
        with pytest.raises(ReadLimitReached):
            await it.search("NAME", "王五")


@backends
async def test_two_processes_together_keep_the_limit(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with looking(backend, tmp_path, request) as it, AsyncExitStack() as stack:
        party = await parties.book(it.ledger, Person())
        desks: list[Looking] = [it]
        for _ in range(2):
            ledger = await stack.enter_async_context(
                opened(store_on(backend, tmp_path, request), tmp_path, clock=it.clock)
            )
            other = desk_over(ledger, backend, tmp_path, request, it.clock)
            desks.append(await stack.enter_async_context(other))
        asked = [desk.reveal(party) for desk in desks for _ in range(6)]
        ends = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(not isinstance(end, BaseException) for end in ends) == LIMITS.reveals_per_hour
        assert {type(end) for end in ends if isinstance(end, BaseException)} == {ReadLimitReached}
        assert kinds(await it.recorded()).count("PersonalDataRevealed") == LIMITS.reveals_per_hour
        assert kinds(await it.recorded()).count("PersonalDataRefused") == 1


@backends
async def test_what_cannot_be_recorded_is_not_shown(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with looking(backend, tmp_path, request) as it:
        party = await parties.book(it.ledger, Person())
        await it.projections.catch_up()

        async def down(*_: object, **__: object) -> None:
            raise StoreUnavailable("the disk is gone")

        monkeypatch.setattr(type(it.ledger.store), "commit", down)
        for look in (
            it.reveal(party), it.search("NAME", "张三丰"),
            it.desk.show(CLERK, [party], purpose="AUDIT", case=None, way="PARTY"),
            read_log(it.desk, CLERK, LogBounds()),
        ):  # fmt: skip
            with pytest.raises(LedgerError):
                await look
        monkeypatch.undo()
        assert await it.recorded() == []
        await it.ledger.close()
        with pytest.raises(LedgerClosed):
            await it.desk.commit(CLERK, [], own="x")


async def test_a_forgotten_person_is_not_found_and_has_nothing_to_reveal(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What erasing will do to the store is done by hand (tests/laws/test_erased.py)."""
    async with looking("sqlite", tmp_path, request) as it:
        party = await parties.book(it.ledger, Person())
        people = await it.ledger.subjects(["P-4711"])
    assert erase(tmp_path, [people["P-4711"].bytes], ("id", "contact")) == 2
    async with looking("sqlite", tmp_path, request) as it:
        assert (await it.projections.rebuild(it.projections.views)).parked == 0
        for kind, value in (("PHONE", "13812345678"), ("NAME", "张三丰"), ("PARTY_REF", "P-4711")):
            assert (await it.search(kind, value)).parties == ()
        with pytest.raises(PartyForgotten):
            await it.reveal(party)
        [sheet] = await it.desk.show(CLERK, [party], purpose="AUDIT", case=None, way="PARTY")
        assert (sheet.known, sheet.name, sheet.fields) == (False, None, ())
        assert kinds(await it.recorded()) == ["PersonalDataSearched"] * 3


@backends
async def test_the_log_says_who_looked_at_whom_and_who_asked(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with looking(backend, tmp_path, request) as it:
        party = await parties.book(it.ledger, Person())
        other = await parties.book(it.ledger, Person(ref="P-2", name="李四", points=()))
        await it.search("NAME", "张三丰")
        it.clock.advance(timedelta(minutes=1))
        await it.reveal(party, purpose="DISPUTE")
        await it.desk.show(Reader("crm"), [other], purpose="AUDIT", case=None, way="PARTY")
        await read_log(it.desk, Reader("console/0a17"), LogBounds(parties=(party,), staff="5b0e"))
        asked = [one for one in await it.recorded() if isinstance(one, AccessLogRead)]
        assert [(one.party, one.staff, one.by) for one in asked] == [(party, "5b0e", "console/0a17")]
        await it.projections.catch_up()

        async def looks(**bounds: object) -> list[tuple[str, str]]:
            which = AccessFilter(**bounds)  # type: ignore[arg-type]
            rows = await it.projections.database.read(lambda c: access_log.looks(c, which))
            return [(row.what, row.staff) for row in rows]

        assert sorted(await looks()) == [
            ("LOG_READ", "0a17"), ("REVEALED", "5b0e"), ("SEARCHED", "5b0e"), ("SHOWN", "5b0e"), ("SHOWN", "crm"),
        ]  # fmt: skip
        assert sorted(await looks(parties=(party,))) == [
            ("LOG_READ", "0a17"), ("REVEALED", "5b0e"), ("SHOWN", "5b0e"),
        ]  # fmt: skip
        assert await looks(staff="crm") == [("SHOWN", "crm")]
        assert await looks(purpose="DISPUTE") == [("REVEALED", "5b0e")]
        assert sorted(await looks(until=NOON + timedelta(seconds=1))) == [
            ("SEARCHED", "5b0e"),
            ("SHOWN", "5b0e"),
        ]
        everything = await it.projections.database.read(lambda c: access_log.looks(c, AccessFilter()))
        assert "张" not in str(everything)
        assert "13812" not in str([row.as_json() for row in everything])
