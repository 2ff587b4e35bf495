"""Composition root of the case service: the only module that knows every concrete class."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from services.case.adapters.bank import taking_in
from services.case.adapters.book import taking_in as taking_in_book
from services.case.adapters.history import digest
from services.case.adapters.history.room import ImportRoom
from services.case.adapters.privacy.viewed_parties import ViewedParties
from services.case.adapters.rejects_file import RejectsFile
from services.case.adapters.staffing.rules_file import bundled
from services.case.adapters.staffing.viewed_floor import ViewedFloor
from services.case.adapters.statement_file import StatementFile
from services.case.adapters.treatment.strategy_file import shipped
from services.case.adapters.viewed_diary import ViewedDiary
from services.case.application.asked_as_of import CaseClocks
from services.case.application.audit_search import AuditDesk
from services.case.application.bank.result import PaymentsResult
from services.case.application.bank.room import MoneyIn
from services.case.application.book.account_asked import BookClocks
from services.case.application.book.result import BookProgress, BookResult
from services.case.application.deciding import CaseDecisions
from services.case.application.figures.desk import FigureDesk
from services.case.application.handle import CaseDesk
from services.case.application.history.import_runs import ToldRejects
from services.case.application.import_result import ImportResult, Progress
from services.case.application.payments import PaymentDesk
from services.case.application.privacy.access import AccessDesk
from services.case.application.privacy.contact_sheets import ContactSheets
from services.case.application.privacy.legal_sheets import LegalSheets
from services.case.application.publishing import Publishing
from services.case.application.sheet import CaseBook
from services.case.application.staffing.room import staffing_room
from services.case.application.statements import StatementImport
from services.case.application.swept_days import SweptDays
from services.case.application.told.contact import ContactTold
from services.case.application.told.legal import LegalTold
from services.case.application.treatment.room import treatment_room
from services.case.domain.events import STORED_AS, UPCASTS
from services.case.domain.history.import_run import STATEMENTS
from services.case.domain.policy import RETAIL_POLICIES, CasePolicy
from services.case.domain.treatment.strategy import Strategy
from services.case.projections import account_cases
from services.case.projections.all_views import views_under
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.opening import Ground, opened
from shared.eventstore.projection.projections import Projections
from shared.eventstore.registry import Registry
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.policy import PolicyBook
from shared.messaging.feed import Feed

SERVICE = "case"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSettings:
    """Where the case service keeps its things. `place`: a file of its own, or the URL of a PostgreSQL database.

    `shards` counts only when the tenant is first used (`provision`). `zone` None: the policy's. `strategies` None:
    the shipped ones.
    """

    place: Path | str
    key_file: Path
    deployment: str
    tenant: str
    shards: int
    zone: str | None = None
    strategies: tuple[Strategy, ...] | None = None


class CaseService:
    """The case service, open: its ledger, its views, and what it can be asked."""

    def __init__(
        self, *, settings: CaseSettings, ledger: Ledger, projections: Projections, clock: Clock
    ) -> None:
        self.ledger, self.projections, self.clock = ledger, projections, clock
        self.tenant = settings.tenant
        self.views = projections.views
        self.feed = Feed(ledger, settings.tenant, beside=Publishing(ledger, settings.tenant).beside)
        self.cases = CaseBook(ledger, settings.tenant)
        # Every tenant of this release works by the retail policy; a later one reads its own from the store.
        self._policies: PolicyBook[CasePolicy] = PolicyBook({settings.tenant: RETAIL_POLICIES})
        self._zone = settings.zone
        self.acts = CaseDesk(ledger=ledger, tenant=self.tenant, policies=self._policies)
        self.clocks = CaseClocks(desk=self.acts, tenant=self.tenant, policies=self._policies)
        self.decisions = CaseDecisions(
            desk=self.acts, ledger=ledger, tenant=self.tenant, policies=self._policies, clock=clock
        )
        self.staffing = staffing_room(
            ledger=ledger, tenant=self.tenant, desk=self.acts, decisions=self.decisions,
            floor=ViewedFloor(projections), rules=bundled(),
        )  # fmt: skip
        self.figures = FigureDesk(ledger=ledger, tenant=self.tenant, desk=self.acts, decisions=self.decisions)
        self.told_by_legal = LegalTold(
            desk=self.acts, figures=self.figures, tenant=self.tenant, policies=self._policies, clock=clock
        )
        self.audit = AuditDesk(ledger=ledger, tenant=self.tenant)
        finder = ViewedParties(projections, partial(ledger.blind, tenant=self.tenant))
        self.privacy = AccessDesk(ledger, self.tenant, self._policies, clock, finder)
        self.told = ContactTold(desk=self.acts, tenant=self.tenant, policies=self._policies, clock=clock)
        self.contact_sheets = ContactSheets(self.privacy, self.acts, ledger, self.tenant)
        self.legal_sheets = LegalSheets(self.privacy, self.clocks, ledger, self.tenant)
        self.payments = PaymentDesk(
            ledger=ledger, tenant=self.tenant, desk=self.acts, decisions=self.decisions,
            policies=self._policies, cases_of=self._cases_of,
        )  # fmt: skip
        self.money_in = MoneyIn(
            ledger=ledger, tenant=self.tenant, payments=self.payments, decisions=self.decisions,
            policies=self._policies, cases_of=self._cases_of, clock=clock,
        )  # fmt: skip
        self.books = BookClocks(ledger=ledger, tenant=self.tenant, policies=self._policies)
        room = ImportRoom(
            ledger=ledger, desk=self.acts, policies=self._policies, tenant=self.tenant, clock=clock,
            projections=projections, money_in=self.money_in, keys=settings.key_file,
        )  # fmt: skip
        self.runs, self.history, self.imports, self.importing = (
            room.runs,
            room.history,
            room.jobs,
            room.runner,
        )
        self.treatment = treatment_room(
            ledger=ledger, tenant=self.tenant, clocks=self.clocks, decisions=self.decisions,
            shipped=shipped() if settings.strategies is None else settings.strategies,
            last_swept=self._last_swept,
        )  # fmt: skip
        self.days = SweptDays(
            ledger=ledger, desk=self.acts, diary=ViewedDiary(projections), tenant=self.tenant,
            policies=self._policies, clock=clock, treatments=self.treatment,
        )  # fmt: skip

    @property
    def zone(self) -> str:
        """The zone in which a date named by a person is read."""
        return self._zone or self._policies.in_force(tenant=self.tenant, on=self.clock.now().date()).zone

    async def import_statements(
        self,
        file: Path,
        *,
        rejects: Path,
        progress: Callable[[Progress], None] | None = None,
        corrections: bool = False,
        actor: str = "system:import",
    ) -> ImportResult:
        """Take in a lender's statement file (DESIGN.md 6); with `corrections` also late and corrected lines.

        The run is put on record (ADR 0030). Raises what the file, the rejects file and the ledger raise; a second
        run adds the rest.
        """
        seen = await asyncio.to_thread(digest.seen, file)
        source = StatementFile(file)
        with RejectsFile(rejects) as sink:
            run = StatementImport(
                ledger=self.ledger,
                policies=self._policies,
                tenant=self.tenant,
                progress=progress,
                corrections=corrections,
            )
            terms = digest.terms_of(corrections=corrections)
            content = digest.content_of([seen], terms=terms) if seen else None
            files = [seen] if seen else []
            async with self.runs.recorded(STATEMENTS, content=content, files=files, actor=actor) as log:
                try:
                    result = await run.run(source, rejects=ToldRejects(log, sink))
                finally:
                    piped = (
                        digest.content_of([source.piped.hexdigest()], terms=terms) if source.piped else None
                    )
                    log.counted(**run.result.counts(), content=piped)
        return result

    async def import_payments(
        self,
        file: Path,
        *,
        rejects: Path,
        mapping: Path | None = None,
        progress: Callable[[Progress], None] | None = None,
        actor: str = "system:import",
    ) -> PaymentsResult:
        """Take in a bank's statement, or the lender's own payments as the mapping says; the run is put on record.

        Raises what mapping, file, rejects file and ledger raise; a second run adds the rest.
        """
        await self.projections.catch_up(account_cases.VIEW)
        return await taking_in.take_in(
            file, mapping=mapping, rejects=rejects, room=self.money_in, runs=self.runs, actor=actor,
            progress=progress,
        )  # fmt: skip

    async def import_book(
        self,
        folder: Path,
        *,
        mapping: Path,
        rejects: Path,
        progress: Callable[[BookProgress], None] | None = None,
        actor: str = "system:import",
    ) -> BookResult:
        """Take in a delivery of a lender's book, read as the mapping says; the run is put on record.

        Raises what mapping, files, rejects file and ledger raise; a second run adds the rest.
        """
        return await taking_in_book.take_in(
            folder, mapping=mapping, rejects=rejects, ledger=self.ledger, tenant=self.tenant,
            policies=self._policies, projections=self.projections, runs=self.runs, actor=actor, progress=progress,
        )  # fmt: skip

    async def _last_swept(self) -> date | None:
        return await self.days.last_swept()

    async def _cases_of(self, account_key: str) -> list[str]:
        """The cases that an account is in, as far as the view knows."""
        return await self.ask(lambda connection: account_cases.cases_of(connection, account_key))

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Put a question to the views as they are now."""
        return await self.projections.database.read(question)

    async def change(self, question: Callable[[sa.Connection], T]) -> T:
        """Change an ephemeral table of the views, such as who holds which case."""
        return await self.projections.database.write(question)


def registry() -> Registry:
    """The event types of the service."""
    return Registry(STORED_AS, UPCASTS)


@asynccontextmanager
async def open_case(
    settings: CaseSettings, *, clock: Clock | None = None, provision: bool = False, views: bool = True
) -> AsyncIterator[CaseService]:
    """The case service, closed again at the end. `provision`: make the store and the tenant if they are new.

    `views` False leaves the views' tables alone, for work on the ledger only.
    Raises: StoreUnavailable, KeysMissing, KeysWrong, ViewsUnavailable; TenantUnknown unless `provision`.
    """
    clock = clock or SystemClock()
    ground = Ground(
        service=SERVICE, place=settings.place, key_file=settings.key_file, deployment=settings.deployment,
        tenant=settings.tenant, shards=settings.shards,
    )  # fmt: skip
    async with opened(
        ground, registry=registry(), views_under=views_under, clock=clock, provision=provision, views=views
    ) as (ledger, projections):
        yield CaseService(settings=settings, ledger=ledger, projections=projections, clock=clock)
