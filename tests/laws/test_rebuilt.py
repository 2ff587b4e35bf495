"""Law 8: rebuilt = live, for every view in VIEWS; a view that is added is under the law the same day."""

import asyncio
import shutil
from pathlib import Path

import pytest

from shared.eventstore.projection.catchup import prepare
from shared.eventstore.projection.runner import LaneRunner
from shared.eventstore.projection.status import digest
from shared.eventstore.projection.view import View
from tests.laws.populated import VIEWS, populate, store_in

every_view = pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A store whose views followed it as it grew, and their digests."""
    folder = tmp_path_factory.mktemp("lived")

    async def fill() -> dict[str, str]:
        async with store_in(folder) as (ledger, projections):
            await populate(ledger, projections.catch_up)
            await projections.catch_up()
            assert await projections.parked() == []
            return {view.name: await digest(projections.database, view) for view in VIEWS}

    return folder, asyncio.run(fill())


@pytest.fixture
def copied(lived: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    """That store, for one test to rebuild in."""
    shutil.copytree(lived[0], tmp_path / "store")
    return tmp_path / "store"


@every_view
async def test_rebuilt_is_live(lived: tuple[Path, dict[str, str]], copied: Path, view: View) -> None:
    """Law 8, in the shadow and with the swap, over every type of event and a whole life."""
    async with store_in(copied) as (_, projections):
        done = await projections.rebuild([view])
        assert (done.parked, await digest(projections.database, view)) == (0, lived[1][view.name])


@every_view
async def test_pages_of_any_size_give_the_same_rows(
    lived: tuple[Path, dict[str, str]], copied: Path, view: View
) -> None:
    """Law 2, for views: however the events are cut into pages, the rows are the same."""
    async with store_in(copied) as (_, projections):
        database, source = projections.database, projections.source
        for page in (3, 50):
            async with database.transaction() as tx:
                await tx.forget(*view.key)
            await prepare(database, source, [view])
            for lane in await source.lanes():
                runner = LaneRunner(
                    database=database, source=source, clock=projections.clock, lane=lane.lane, views=[view],
                    owner="law", page=page,
                )  # fmt: skip
                assert await runner.acquire()
                while await runner.step():
                    pass
                await runner.release()
            assert await digest(database, view) == lived[1][view.name]
