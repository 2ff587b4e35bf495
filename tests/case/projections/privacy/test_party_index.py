"""People are found by any spelling, as former after a change, and by nothing that can be read in a table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.case.adapters.privacy.viewed_parties import ViewedParties
from services.case.application.privacy.finder import Found
from services.case.projections.all_views import views_under
from services.case.projections.privacy.party_index import INDEX, NAME_OF_VIEW
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.projection.status import digest
from shared.kernel.clock import SystemClock
from tests.kit import parties
from tests.kit.ledgers import backends, opened, store_on
from tests.kit.parties import Person

FRIEND = Person(
    ref="P-0002", name="李四", identity_no="31010119800101002X", birth_on=None,
    points=(("PHONE", "+8613900001111"), ("EMAIL", "Li.Si@Example.com")),
)  # fmt: skip


class Searched:
    """A ledger with its views and a finder."""

    def __init__(self, ledger: Ledger, projections: Projections) -> None:
        self.ledger, self.projections = ledger, projections
        self.finder = ViewedParties(projections, ledger.blind)

    async def by(self, kind: str, value: str) -> dict[str, bool]:
        await self.projections.catch_up()
        index = self.finder.index(kind, value)
        assert index is not None
        found: Found = await self.finder.found(kind, index, limit=20)
        return dict(found.parties)


@asynccontextmanager
async def searched(
    backend: str, folder: Path, request: pytest.FixtureRequest, *, shards: int = 1
) -> AsyncIterator[Searched]:
    async with opened(store_on(backend, folder, request), folder, shards=shards) as ledger:
        if backend == "sqlite":
            database = SqliteViews(folder / "case.db")
        else:
            from shared.eventstore.projection.postgres import PostgresViews

            database = PostgresViews(request.getfixturevalue("pg_dsn"), service="case")
        projections = Projections(
            database=database, source=LedgerSource(ledger), clock=SystemClock(),
            views=views_under(ledger.blind),
        )  # fmt: skip
        await projections.open()
        try:
            yield Searched(ledger, projections)
        finally:
            await projections.close()


@backends
async def test_found_by_every_spelling_and_by_no_other_value(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shards = 1 if backend == "sqlite" else 3
    async with searched(backend, tmp_path, request, shards=shards) as it:
        party = await parties.book(it.ledger, Person(), account="A-1")
        friend = await parties.book(it.ledger, FRIEND, account="A-1", role="GUARANTOR")
        mine, theirs = {party: False}, {friend: False}
        for spelling in (
            "+8613812345678",
            "13812345678",
            "138-1234 5678",
            "0086 138 1234 5678",
            "１３８１２３４５６７８",
        ):
            assert await it.by("PHONE", spelling) == mine, spelling
        assert await it.by("PHONE", "13812345679") == {}
        assert await it.by("IDENTITY_NO", "310101 19800101 002x") == theirs
        assert await it.by("EMAIL", " LI.SI@example.COM ") == theirs
        assert await it.by("NAME", "张三丰") == mine
        assert await it.by("NAME", "张三") == {}
        assert await it.by("PARTY_REF", "P-0002") == theirs
        assert await it.by("ACCOUNT_REF", "A-1") == {**mine, **theirs}
        assert await it.by("ACCOUNT_REF", "P-0002") == {}, "an index of one kind is none of another"
        assert await it.by("NAME", "P-0002") == {}


@backends
async def test_what_ended_is_found_as_former_and_rebuilt_is_live(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with searched(backend, tmp_path, request) as it:
        party = await parties.book(it.ledger, Person())
        renamed = Person(name="张无忌")
        await parties.append(
            it.ledger, party,
            [
                parties.ended("PHONE", "+8613812345678"), parties.point("PHONE", "+8613912345678"),
                parties.corrected(renamed, 1),
            ],
            about="P-4711",
        )  # fmt: skip
        for kind, old, new in (("PHONE", "13812345678", "13912345678"), ("NAME", "张三丰", "张无忌")):
            assert (await it.by(kind, old), await it.by(kind, new)) == ({party: True}, {party: False})
        assert await it.by("IDENTITY_NO", "110101199003071234") == {party: False}, "corrected to the same"
        await parties.append(it.ledger, party, [parties.point("PHONE", "+8613812345678")], about="P-4711")
        assert await it.by("PHONE", "13812345678") == {party: False}, "and back again"
        [view] = it.projections.named([NAME_OF_VIEW])
        live = await digest(it.projections.database, view)
        assert (await it.projections.rebuild([view])).parked == 0
        assert await digest(it.projections.database, view) == live


@backends
async def test_no_value_stands_in_a_table_and_another_key_finds_nothing(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with searched(backend, tmp_path, request) as it:
        await parties.book(it.ledger, FRIEND, account="A-1")
        await it.projections.catch_up()
        rows = await it.projections.database.read(lambda c: c.execute(sa.select(INDEX)).all())
        assert len(rows) == 6
        told = " ".join(str(row) for row in rows)
        for value in ("李四", "13900001111", "31010119800101002X", "li.si", "P-0002", "A-1"):
            assert value not in told
            assert value.encode().hex() not in told
        stranger = ViewedParties(
            it.projections, lambda kind, value: it.ledger.blind(kind, value, tenant="other")
        )
        index = stranger.index("NAME", "李四")
        assert index is not None
        assert not (await stranger.found("NAME", index, limit=5)).parties
        assert it.finder.index("PHONE", "--") is None
        assert it.finder.index("NAME", "  ") is None
