"""Composition root of the legal service: the only module that knows every concrete class."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from services.legal.adapters.law_files import law_named
from services.legal.adapters.letters.template_files import shipped_letters
from services.legal.adapters.pack.room import pack_room
from services.legal.adapters.sweeping.viewed_days import ViewedDays
from services.legal.application.deciding import LegalDecisions
from services.legal.application.elsewhere import CaseFile, ContactFile, Unreached
from services.legal.application.handle import LegalDesk
from services.legal.application.letters.room import letter_room
from services.legal.application.limitation.asked import LimitationClocks
from services.legal.application.past.taking_in import PastProofs
from services.legal.application.sweeping.room import sweeping_room
from services.legal.application.told.case import CaseTold
from services.legal.application.told.contact import ContactTold
from services.legal.domain.events import STORED_AS, UPCASTS
from services.legal.domain.ground import Ground as LegalGround
from services.legal.projections.all_views import views_under
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.opening import Ground, opened
from shared.eventstore.projection.projections import Projections
from shared.eventstore.registry import Registry
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.worker import Worker
from shared.messaging.feed import Feed

SERVICE = "legal"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalSettings:
    """Where the legal service keeps its things. `place`: a file of its own, or the URL of a PostgreSQL database.

    `shards` counts only when the tenant is first used (`provision`). `zone`: where the lender's days are days. `law`:
    the shipped law pack that decides.
    """

    place: Path | str
    key_file: Path
    deployment: str
    tenant: str
    shards: int
    zone: str = "Asia/Shanghai"
    law: str = "cn.law"


class LegalService:
    """The legal service, open: its ledger, its views, and what it can be asked."""

    def __init__(
        self, *, settings: LegalSettings, ledger: Ledger, projections: Projections, clock: Clock
    ) -> None:
        self.settings, self.ledger, self.projections, self.clock = settings, ledger, projections, clock
        self.tenant, self.zone = settings.tenant, settings.zone
        self.views = projections.views
        self.feed = Feed(ledger, settings.tenant)
        self.ground = _law_of(settings)
        self.acts = LegalDesk(ledger=ledger, tenant=self.tenant, ground=self.ground, clock=clock)
        self.decisions = LegalDecisions(desk=self.acts)
        self.past = PastProofs(ledger=ledger, tenant=self.tenant, desk=self.acts)
        self.limitation = LimitationClocks(desk=self.acts)
        self.told_by_case = CaseTold(desk=self.acts)
        self.told_by_contact = ContactTold(desk=self.acts, zone=self.zone)
        self.letters = letter_room(acts=self.acts, shipped=shipped_letters)
        self.case_file: CaseFile = Unreached("case")
        self.contact_file: ContactFile = Unreached("contact")
        self.days, sweeper = sweeping_room(desk=self.acts, view=ViewedDays(projections))
        packs = pack_room(
            ledger=ledger, tenant=self.tenant, acts=self.acts, limitation=self.limitation, clock=clock,
            printed=self.letters.dispatching.printed, case_file=lambda: self.case_file,
            contact_file=lambda: self.contact_file, keys=settings.key_file,
        )  # fmt: skip
        self.packs, self.packing = packs.desk, packs.work
        self.workers: tuple[Worker, ...] = (sweeper, packs.work)

    def reach(self, case_file: CaseFile | None = None, contact_file: ContactFile | None = None) -> None:
        """Where the other services are asked, by whoever opened them or knows their addresses."""
        self.case_file = case_file or self.case_file
        self.contact_file = contact_file or self.contact_file

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Put a question to the views as they are now."""
        return await self.projections.database.read(question)

    async def change(self, question: Callable[[sa.Connection], T]) -> T:
        """Change an ephemeral table of the views."""
        return await self.projections.database.write(question)


def _law_of(settings: LegalSettings) -> LegalGround:
    """What decides. Raises LawUnusable."""
    return LegalGround(law=law_named(settings.law), zone=settings.zone)


def registry() -> Registry:
    """The event types of the service."""
    return Registry(STORED_AS, UPCASTS)


@asynccontextmanager
async def open_legal(
    settings: LegalSettings, *, clock: Clock | None = None, provision: bool = False, views: bool = True
) -> AsyncIterator[LegalService]:
    """The legal service, closed again at the end. `provision`: make the store and the tenant if they are new.

    `views` False leaves the views' tables alone, for work on the ledger only.
    Raises: StoreUnavailable, KeysMissing, KeysWrong, ViewsUnavailable, LawUnusable; TenantUnknown unless `provision`.
    """
    clock = clock or SystemClock()
    ground = Ground(
        service=SERVICE, place=settings.place, key_file=settings.key_file, deployment=settings.deployment,
        tenant=settings.tenant, shards=settings.shards,
    )  # fmt: skip
    async with opened(
        ground,
        registry=registry(),
        views_under=partial(views_under, ground=_law_of(settings)),
        clock=clock,
        provision=provision,
        views=views,
    ) as (ledger, projections):
        yield LegalService(settings=settings, ledger=ledger, projections=projections, clock=clock)
