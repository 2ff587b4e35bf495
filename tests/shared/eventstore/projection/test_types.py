"""Views that look at some types only: what they are shown, what is opened for them, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import asdict

from services.case.domain.events import StatementCorrected, StatementReported
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Row
from shared.eventstore.projection import parked
from shared.eventstore.projection.catchup import catch_up
from shared.eventstore.projection.rebuild import Rebuild
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.status import digest, status
from shared.eventstore.projection.view import View, Working
from tests.kit.ledgers import a_command, backends
from tests.shared.eventstore.projection.tallies import Bench, a_view, bench, envelope_view

CORRECTED, REPORTED = "case.StatementCorrected", "case.StatementReported"


def _table(name: str) -> sa.Table:
    return sa.Table(
        f"test_{name}_v1",
        sa.MetaData(),
        sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )


def _of_types(name: str, *types: str, streams: tuple[str, ...] = ("account",)) -> View:
    """A view that keeps a line of every event it is shown, and stumbles over a thirteenth revision."""
    table = _table(name)

    def apply(seen: Any, rows: Working) -> None:
        assert seen.row.type in types
        revision = getattr(seen.event, "revision", 0)
        if revision == 13:
            raise ArithmeticError
        rows.add(table, (seen.lane, seen.position, revision))

    return View(
        name=f"test.{name}", version=1, tables=(table,), apply=apply, streams=streams, types=frozenset(types)
    )


@dataclass
class Counting(LedgerSource):
    """The ledger, which remembers what it opened."""

    ledger: Ledger
    positions: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.ledger)

    async def opened(self, rows: Sequence[Row]) -> Sequence[Any]:
        """As the ledger does."""
        self.positions += [row.position for row in rows]
        return await super().opened(rows)


async def _correct(it: Bench, ref: str, *, expected: int, revision: int = 1) -> None:
    def corrected(event: StatementReported) -> StatementCorrected:
        return StatementCorrected(**asdict(event), replaces="cd" * 32, revision=revision)

    key = f"{ref}/{expected}"
    await it.ledger.commit(await a_command(it.ledger, key, ref=ref, expected=expected, change=corrected))


async def _some(it: Bench) -> None:
    """Positions 1 to 6: the third and the fifth are corrections."""
    for ref, expected in (("A-1", 0), ("A-2", 0)):
        await it.report(ref, expected=expected)
    await _correct(it, "A-1", expected=1)
    await it.report("A-2", expected=1)
    await _correct(it, "A-2", expected=2)
    await it.report("A-1", expected=2)


@backends
async def test_only_the_types_a_view_looks_at_are_opened_and_its_position_moves_all_the_same(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await _some(it)
        view, other = _of_types("corrected", CORRECTED), _of_types("else", CORRECTED, streams=("case",))
        source = Counting(it.ledger)
        await catch_up(it.views, source, it.clock, [view, other])
        assert source.positions == [3, 5]
        assert [row[1] for row in await it.rows(view.tables[0])] == [3, 5]
        assert await it.rows(other.tables[0]) == []
        assert [one.position for one in await status(it.views, source, it.clock, [view, other])] == [6, 6]
        live = await digest(it.views, view)
        await Rebuild(database=it.views, source=source, clock=it.clock, views=[view, other]).run()
        assert await digest(it.views, view) == live


@backends
async def test_views_that_follow_together_open_an_event_at_most_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await _some(it)
        some = [_of_types("corrected", CORRECTED), _of_types("both", REPORTED, CORRECTED), envelope_view()]
        source = Counting(it.ledger)
        await catch_up(it.views, source, it.clock, [*some, a_view(fails=False)])
        assert source.positions == [1, 2, 3, 4, 5, 6]
        assert len(await it.rows(some[1].tables[0])) == 6
        late = _of_types("late", CORRECTED)
        await catch_up(it.views, source, it.clock, [*some, late])
        assert source.positions[6:] == [3, 5]


@backends
async def test_a_parked_stream_waits_with_the_types_the_view_looks_at(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with bench(backend, tmp_path, request) as it:
        await it.report("A-1")
        await _correct(it, "A-1", expected=1, revision=13)
        await it.report("A-1", expected=2)
        await _correct(it, "A-1", expected=3)
        view = _of_types("corrected", CORRECTED)
        await catch_up(it.views, it.source, it.clock, [view])
        [waiting] = await parked.ls(it.views, [view])
        assert (waiting.position, waiting.error) == (2, "ArithmeticError")
        assert await it.rows(view.tables[0]) == []
        again = await parked.retry(
            it.views, it.source, it.clock, view, lane=waiting.lane, stream=waiting.stream
        )
        assert again.error == "ArithmeticError"


def test_a_view_looks_at_every_version_of_a_type() -> None:
    with pytest.raises(ValueError, match="version"):
        _of_types("wrong", "case.StatementReported/v1")
