"""The view of returns: what the returns say of themselves, live and rebuilt, and without those that were erased."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from services.case.domain.bank.returns import Settled, Waiting
from services.case.projections.bank import returns as view
from shared.eventstore.projection.status import digest
from tests.case.application.bank.banked import Banked, banked
from tests.kit.camt import Tx, statement
from tests.kit.ledgers import backends

TOLD = (
    Tx(ref="P-1", traced="E-1", structured="D-1"),
    Tx(ref="R-1", traced="E-1", credit=False, reason="AM04"),
    Tx(ref="R-2", traced="E-2", credit=False, reason="MD06", minor=1_00),
    Tx(ref="R-3", traced="E-1", credit=False, reason="AC04", minor=2_00),
)


async def _rows(it: Banked, **asked: str) -> list[view.ReturnRow]:
    await it.case.projections.catch_up()
    return await it.case.ask(lambda connection: view.page(connection, **asked))  # type: ignore[arg-type]


@backends
async def test_the_view_says_what_the_returns_say(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with banked(backend, tmp_path, request) as it:
        await it.open("D-1")
        await it.take(statement(*TOLD))
        rows = await _rows(it)
        assert len(rows) == 3
        for row in rows:
            found = await it.case.money_in.returns.load(row.entry)
            state = found.state
            assert isinstance(state, Settled | Waiting)
            assert row.version == found.version
            assert (row.code, row.amount_minor) == (state.said.reason, state.said.amount.minor)
            assert row.payment == (state.entry if isinstance(state, Settled) else None)
            assert row.reason == (state.reason if isinstance(state, Waiting) else None)
        assert {row.reason for row in await _rows(it, status="waiting")} == {"UNKNOWN_ORIGINAL", "GONE_BACK"}
        [gone] = await _rows(it, status="matched")
        assert gone.payment == it.case.payments.entry_id("MAIN", "P-1")
        assert await _rows(it, payment=str(gone.payment)) == [gone]
        assert await _rows(it, source="OTHER") == []


@backends
async def test_rebuilt_it_is_the_same(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with banked(backend, tmp_path, request) as it:
        await it.open("D-1")
        for told in TOLD:
            await it.take(statement(told))
        await it.case.projections.catch_up()
        database = it.case.projections.database
        live = await digest(database, view.VIEW)
        await it.case.projections.rebuild([view.VIEW])
        assert await digest(database, view.VIEW) == live
        assert len(await _rows(it)) == 3


async def test_pages_follow_each_other(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with banked("sqlite", tmp_path, request) as it:
        await it.take(statement(*TOLD))
        whole = await _rows(it)
        paged: list[view.ReturnRow] = []
        while len(paged) < len(whole):
            after = paged[-1].cursor if paged else None
            paged += await it.case.ask(partial(view.page, after=after, limit=1))
        assert paged == whole
        assert await it.case.ask(partial(view.page, after=whole[-1].cursor)) == []
