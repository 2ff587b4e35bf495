"""The real desk over a real SQLite ledger whose clock stands where a law puts it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from services.case.application.asked_as_of import CaseAsOf, CaseClocks
from services.case.application.handle import CaseDesk, Handled, Meta
from services.case.application.sweep import Swept, sweep
from services.case.domain.commands import LifeCommand
from services.case.domain.money_commands import OpenCase
from services.case.domain.policy import POLICIES
from shared.eventstore.ledger import Ledger
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import FixedClock
from tests.kit.ledgers import opened
from tests.kit.life import ACCOUNT, DAY, cny

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class LawOffice:
    """One tenant's desk; every command comes a minute after the one before."""

    ledger: Ledger
    desk: CaseDesk
    clocks: CaseClocks
    clock: FixedClock

    async def open(self, debtor: str = "D-1", episode: int = 1, *, minor: int = 900_000) -> str:
        """A debtor's case over one account; its id."""
        case_id = self.desk.case_id(debtor, episode)
        opening = OpenCase(
            debtor_ref=debtor,
            episode=episode,
            debts=(ACCOUNT,),
            on=DAY,
            arrears=cny(minor),
            days_past_due=100,
        )
        await self.do(case_id, f"open {debtor} {episode}", opening, today=DAY)
        return case_id

    async def do(self, case_id: str, key: str, command: LifeCommand, *, today: date) -> Handled:
        """Send a command under a key."""
        self.clock.advance(timedelta(minutes=1))
        meta = Meta(actor="user:chen", client="law", key=key, fingerprint=b"1", today=today)
        return await self.desk.handle(case_id, command, meta)

    async def ask(self, case_id: str, as_of: date, known_at: datetime | None = None) -> CaseAsOf:
        """The case on both clocks."""
        return await self.clocks.case(case_id, as_of=as_of, known_at=known_at)

    async def sweep(self, case_ids: list[str], as_of: date) -> Swept:
        """The daily sweep over these cases."""
        return await sweep(case_ids, desk=self.desk, tenant="default", policies=POLICIES, as_of=as_of)


@asynccontextmanager
async def law_office(folder: Path, *, at: datetime = START) -> AsyncIterator[LawOffice]:
    """Open (again) over the store of a folder."""
    clock = FixedClock(at)
    async with opened(SqliteStore(folder / "case.db"), folder, clock=clock) as ledger:
        desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
        clocks = CaseClocks(desk=desk, tenant="default", policies=POLICIES)
        yield LawOffice(ledger, desk, clocks, clock)
