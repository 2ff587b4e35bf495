"""Searches of the audit trail on real ledgers of several lanes."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.case.application.audit_search import NOBODY, ONE, AuditDesk, Search, SearchUnknown, Wanted
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command
from tests.kit.ledgers import a_command, backends, opened, store_on

BEGINS = datetime(2005, 4, 30, tzinfo=UTC)


async def _search(ledger: Ledger, key: str, wanted: Wanted) -> tuple[str, Search]:
    desk = AuditDesk(ledger=ledger, tenant="default")
    search_id = desk.search_id("test", key)
    writes = await desk.begin(search_id, wanted, actor="user:auditor")
    command_id = ledger.command_id("test", "search", key)
    await ledger.commit(Command("default", command_id, b"1", "user:auditor", tuple(writes)))
    return search_id, await desk.load(search_id)


@backends
async def test_a_search_is_kept_with_its_bounds_and_its_position(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path, shards=3) as ledger:
        for ref in ("A-1", "A-2", "A-3", "A-4"):
            await ledger.commit(await a_command(ledger, ref, ref=ref))
        heads = {info.lane: info.head for info in await ledger.lanes()}
        assert sum(heads.values()) == 4
        wanted = Wanted(debtor_ref="A-2", type="StatementReported", effective_from=BEGINS)
        search_id, search = await _search(ledger, "one", wanted)
        assert search.pin == heads, "its own record is behind its position"
        [subject] = (await ledger.subjects(["A-2"])).values()
        assert (search.said.debtor, search.subjects) == (ONE, (subject,))
        assert (search.said.type, search.said.effective_from) == ("StatementReported", BEGINS)
        [stored] = await ledger.whole_stream(search_id)
        assert f'"k":"{subject}"'.encode() in stored.row.leaf, "it is about whom it looked for"
        assert b"A-2" not in stored.row.leaf + stored.row.body
        _, everybody = await _search(ledger, "all", Wanted())
        assert everybody.subjects is None


@backends
async def test_a_reference_that_stands_for_nobody_finds_nothing_and_makes_nobody_known(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with opened(store_on(backend, tmp_path, request), tmp_path) as ledger:
        _, search = await _search(ledger, "one", Wanted(debtor_ref="A-none"))
        assert (search.said.debtor, search.subjects) == (NOBODY, ())
        assert await ledger.people.find("default", "A-none") is None


async def test_what_is_no_search_is_unknown(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with opened(store_on("sqlite", tmp_path, request), tmp_path) as ledger:
        desk = AuditDesk(ledger=ledger, tenant="default")
        await ledger.commit(await a_command(ledger, "a", ref="A-1"))
        account = ledger.stream_id("account", "A-1", debtor_ref="A-1")
        for name in ("", "search-1", account, account.replace("account", "search"), f"search-{UUID(int=0)}"):
            with pytest.raises(SearchUnknown):
                await desk.load(name)
