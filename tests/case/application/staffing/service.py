"""The whole case service on a store of its own, with a clock that stands where a test puts it, and a directory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from services.case.application.handle import Handled, Meta
from services.case.domain.commands import LifeCommand
from services.case.domain.money_commands import OpenCase
from services.case.domain.staffing.directory import RegisterStaff, StaffCommand
from services.case.domain.staffing.member import Skills
from services.case.wiring import CaseService, CaseSettings, open_case
from shared.eventstore.projection.status import digest
from shared.eventstore.projection.view import View
from shared.kernel.clock import FixedClock
from tests.kit.life import ACCOUNT, cny

START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)


@dataclass
class Staffed:
    """A service with some cases and some staff."""

    case: CaseService
    clock: FixedClock
    keys: count[int] = field(default_factory=count)

    @property
    def today(self) -> date:
        """The tenant's day."""
        return self.case.decisions.today

    async def open(
        self, debtor: str, minor: int = 100_000, *, days: int = 12, debts: tuple[str, ...] = (ACCOUNT,)
    ) -> str:
        """A new case; its id. 12 days past due is M1."""
        case_id = self.case.acts.case_id(debtor, 1)
        await self.do(
            case_id,
            OpenCase(
                debtor_ref=debtor,
                episode=1,
                debts=debts,
                on=self.today,
                arrears=cny(minor),
                days_past_due=days,
            ),
        )
        return case_id

    async def do(self, case_id: str, command: LifeCommand) -> Handled:
        """One thing done to a case."""
        meta = Meta(
            actor="user:chief", client="test", key=f"k{next(self.keys)}", fingerprint=b"1", today=self.today
        )
        return await self.case.acts.handle(case_id, command, meta)

    async def hire(
        self,
        *refs: str,
        team: str = "A",
        stages: Sequence[str] = (),
        products: Sequence[str] = (),
        cap: int | None = None,
        role: str = "COLLECTOR",
        on: date | None = None,
    ) -> None:
        """Registered from today, or from a day."""
        for ref in refs:
            ask = RegisterStaff(
                on=on or self.today, staff_ref=ref, name=None, role=role, team=team,
                skills=Skills(tuple(stages), tuple(products)), cap=cap,
            )  # fmt: skip
            await self.staff(ref, ask)

    async def staff(self, ref: str, ask: StaffCommand) -> list[str]:
        """One thing recorded of somebody; what was."""
        desk = self.case.staffing.staff
        return [type(event).__name__ for event in await desk.do(desk.staff_id(ref), ask, actor="user:chief")]

    async def is_rebuilt_as_live(self, *views: View) -> None:
        """Raises AssertionError for a view that comes out otherwise from the ledger alone."""
        await self.case.projections.catch_up()
        database = self.case.projections.database
        live = [await digest(database, view) for view in views]
        await self.case.projections.rebuild(views)
        assert [await digest(database, view) for view in views] == live

    async def ask(self, question: Any) -> Any:
        """The views, up to the head."""
        await self.case.projections.catch_up()
        return await self.case.ask(question)


@asynccontextmanager
async def staffed(
    backend: str, folder: Path, request: pytest.FixtureRequest, *, shards: int = 1
) -> AsyncIterator[Staffed]:
    """Opened on a store of its own."""
    clock = FixedClock(START)
    place: Path | str = folder / "case.db" if backend == "sqlite" else request.getfixturevalue("pg_dsn")
    settings = CaseSettings(
        place=place,
        key_file=folder / "keys.json",
        deployment="quittance.test",
        tenant="default",
        shards=shards,
    )
    async with open_case(settings, clock=clock, provision=True) as case:
        yield Staffed(case, clock)
