"""Both services open in this process over stores of their own, hearing each other when told to."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.case.application.handle import Handled
from services.case.application.handle import Meta as CaseMeta
from services.case.domain.commands import LifeCommand
from services.case.domain.money_commands import OpenCase
from services.case.wiring import CaseService, CaseSettings, open_case
from services.contact.application.handle import Handled as ContactHandled
from services.contact.application.handle import Meta as ContactMeta
from services.contact.domain.act import AnyCommand
from services.contact.wiring import ContactService, ContactSettings, open_contact
from services.main.hearing import SheetsInProcess, case_hears, contact_hears
from shared.kernel.clock import Clock, day_in
from shared.kernel.money import Money
from shared.messaging.source import FeedInProcess

ZONE = "Asia/Shanghai"


@dataclass
class Both:
    """Case and contact, and what tests do with them."""

    case: CaseService
    contact: ContactService
    clock: Clock

    @property
    def today(self) -> date:
        """The lender's day."""
        return day_in(self.clock.now(), ZONE)

    async def hear(self) -> None:
        """Each hears the other until neither has anything new to say."""
        while True:
            before = await self._heads()
            await contact_hears(
                self.contact, FeedInProcess(self.case.feed), SheetsInProcess(self.case)
            ).catch_up()
            await case_hears(self.case, FeedInProcess(self.contact.feed)).catch_up()
            if await self._heads() == before:
                return

    async def _heads(self) -> list[int]:
        return [lane.head for one in (self.case, self.contact) for lane in await one.ledger.lanes(one.tenant)]

    async def open_case(self, debtor_ref: str, *, days_past_due: int = 40) -> str:
        """A case over one account of this debtor."""
        case_id = self.case.acts.case_id(debtor_ref, 1)
        account = self.case.decisions.account_id(debtor_ref, f"{debtor_ref}-1")
        command = OpenCase(
            debtor_ref=debtor_ref, episode=1, debts=(account,), on=self.today, arrears=Money(100_000, "CNY"),
            days_past_due=days_past_due,
        )  # fmt: skip
        await self.on_case(case_id, command, "open")
        return case_id

    async def on_case(self, case_id: str, command: LifeCommand, key: str) -> Handled:
        """A command to the case service, under a key."""
        meta = CaseMeta(actor="user:lin", client="test", key=key, fingerprint=b"one", today=self.today)
        return await self.case.acts.handle(case_id, command, meta)

    async def on_subject(self, debtor_ref: str, command: AnyCommand, key: str) -> ContactHandled:
        """A command to the contact service, under a key."""
        meta = ContactMeta(actor="user:lin", client="test", key=key)
        return await self.contact.acts.handle(self.contact.acts.subject_id(debtor_ref), command, meta)


@asynccontextmanager
async def both(
    folder: Path, clock: Clock, *, shards: int = 2, server: str | None = None
) -> AsyncIterator[Both]:
    """The platform over stores in `folder`, or schemas on a PostgreSQL server, made where there are none."""
    keys = {"key_file": folder / "keys.json", "deployment": "quittance.test", "tenant": "default"}
    async with AsyncExitStack() as opened:
        case = await opened.enter_async_context(
            open_case(
                CaseSettings(place=server or folder / "case.db", shards=shards, **keys),  # type: ignore[arg-type]
                clock=clock,
                provision=True,
            )
        )
        contact = await opened.enter_async_context(
            open_contact(
                ContactSettings(place=server or folder / "contact.db", shards=1, **keys),  # type: ignore[arg-type]
                clock=clock,
                provision=True,
            )
        )
        yield Both(case, contact, clock)
