"""The services open in this process over stores of their own, hearing each other when told to: two, or all three."""

from collections.abc import AsyncIterator, Mapping
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
from services.legal.application.handle import Handled as LegalHandled
from services.legal.application.handle import Meta as LegalMeta
from services.legal.domain.act import AnyCommand as LegalCommand
from services.legal.wiring import LegalService, LegalSettings, open_legal
from services.main.elsewhere import CaseInProcess, ContactInProcess
from services.main.hearing import Services, between
from shared.kernel.clock import Clock, day_in
from shared.kernel.money import Money

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
            for reader in between(self.services):
                await reader.catch_up()
            if await self._heads() == before:
                return

    @property
    def services(self) -> Services:
        """Those that are open, by name."""
        return {"case": self.case, "contact": self.contact}

    async def _heads(self) -> list[int]:
        return [lane.head for one in self.services.values() for lane in await one.ledger.lanes(one.tenant)]

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


@dataclass
class All(Both):
    """Case, contact and legal."""

    legal: LegalService

    @property
    def services(self) -> Services:
        """See Both."""
        return {**super().services, "legal": self.legal}

    async def on_legal(self, about: str, command: LegalCommand, key: str) -> LegalHandled:
        """A command to the legal service, under a key."""
        return await self.legal.acts.handle(
            about, command, LegalMeta(actor="user:lin", client="test", key=key)
        )


@asynccontextmanager
async def all_three(
    folder: Path,
    clock: Clock,
    *,
    shards: int = 2,
    server: str | None = None,
    channels: Mapping[str, str] | None = None,
) -> AsyncIterator[All]:
    """The whole platform, as `both`; the legal service asks the other two in this process."""
    settings = LegalSettings(
        place=server or folder / "legal.db", key_file=folder / "keys.json", deployment="quittance.test",
        tenant="default", shards=shards,
    )  # fmt: skip
    async with (
        both(folder, clock, shards=shards, server=server, channels=channels) as two,
        open_legal(settings, clock=clock, provision=True) as legal,
    ):
        legal.reach(CaseInProcess(two.case), ContactInProcess(two.contact))
        yield All(two.case, two.contact, clock, legal)


@asynccontextmanager
async def both(
    folder: Path,
    clock: Clock,
    *,
    shards: int = 2,
    server: str | None = None,
    channels: Mapping[str, str] | None = None,
) -> AsyncIterator[Both]:
    """The platform over stores in `folder`, or schemas on a PostgreSQL server, made where there are none.

    `channels`: what contact sends by, none unless given.
    """
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
                ContactSettings(
                    place=server or folder / "contact.db",
                    shards=1,
                    channels=channels or {},
                    **keys,  # type: ignore[arg-type]
                ),
                clock=clock,
                provision=True,
            )
        )
        yield Both(case, contact, clock)
