"""The views of one service, behind one door: what wiring, the command line and HTTP use."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import sqlalchemy as sa

from shared.eventstore.projection import parked as parking
from shared.eventstore.projection import status as standing
from shared.eventstore.projection.catchup import catch_up, prepare
from shared.eventstore.projection.follower import Follower
from shared.eventstore.projection.port import Parked, Source, UnknownView, ViewDatabase
from shared.eventstore.projection.rebuild import Rebuild, Rebuilt, Report
from shared.eventstore.projection.view import View
from shared.kernel.clock import Clock

T = TypeVar("T")


class Projections:
    """`views` over `source`, kept in `database`. Open it before use and close it after."""

    def __init__(
        self, *, database: ViewDatabase, source: Source, clock: Clock, views: Sequence[View]
    ) -> None:
        self.database, self.source, self.clock = database, source, clock
        self.views = tuple(views)

    async def open(self) -> None:
        """Connect and make what tables are missing. Raises ViewsUnavailable."""
        await self.database.open()
        await prepare(self.database, self.source, self.views)

    async def close(self) -> None:
        """Release connections."""
        await self.database.close()

    def named(self, names: Iterable[str]) -> list[View]:
        """The views of these names, in the order given; with or without the service (`case.queue`, `queue`).

        Raises UnknownView.
        """
        known = {view.name: view for view in self.views}
        known |= {view.name.partition(".")[2]: view for view in self.views}
        chosen = []
        for name in names:
            if name not in known:
                raise UnknownView(f"views are: {', '.join(view.name for view in self.views)}")
            chosen.append(known[name])
        return chosen

    async def ask(self, question: Callable[[sa.Connection], T], *views: View) -> T:
        """Bring `views` (all, if none is named) up to the head, then answer from them. Raises NotCaughtUp."""
        await self.catch_up(*views)
        return await self.database.read(question)

    async def catch_up(self, *views: View) -> None:
        """Return once these views (all, if none is named) hold what had been recorded. Raises NotCaughtUp."""
        await catch_up(self.database, self.source, self.clock, views or self.views)

    async def status(self) -> list[standing.ViewStatus]:
        """Where every view stands."""
        return await standing.status(self.database, self.source, self.clock, self.views)

    async def rebuild(self, views: Sequence[View], report: Report | None = None) -> Rebuilt:
        """Rebuild from position 0 and swap. Raises RebuildRunning."""
        run = Rebuild(database=self.database, source=self.source, clock=self.clock, views=views)
        return await run.run(report)

    def follower(self, on_fault: Callable[[int, str], None]) -> Follower:
        """A live worker for all views; `on_fault(lane, error class name)` hears of what broke."""
        return Follower(
            database=self.database, source=self.source, clock=self.clock, views=self.views, on_fault=on_fault
        )

    async def parked(self, view: View | None = None) -> list[Parked]:
        """Every parked stream, of one view or of all."""
        return await parking.ls(self.database, [view] if view else self.views)

    async def waiting(self, parked: Parked) -> parking.Waiting:
        """What waits behind a parked stream. Raises NotParked."""
        return await parking.show(self.database, self.source, parked)

    async def retry(self, parked: Parked) -> parking.Retried:
        """Try a parked stream again. Raises NotParked, and UnknownView for a view this service has not."""
        [view] = self.named([parked.name])
        return await parking.retry(
            self.database, self.source, self.clock, view, lane=parked.lane, stream=parked.stream
        )
