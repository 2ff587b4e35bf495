"""Composition root of the contact service: the only module that knows every concrete class."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from services.contact.adapters.dialing.viewed_candidates import ViewedCandidates
from services.contact.adapters.letters.opening import spool_of
from services.contact.adapters.outreach.strategy_file import shipped as outreach_shipped
from services.contact.adapters.outreach.viewed_diary import ViewedOutreach
from services.contact.adapters.pack_files import added, shipped
from services.contact.adapters.sending.channels import open_channels
from services.contact.adapters.sending.viewed_outbox import ViewedOutbox
from services.contact.adapters.sending.viewed_points import ViewedPoints
from services.contact.adapters.sending.viewed_unreported import ViewedUnreported
from services.contact.adapters.texts.template_files import shipped_templates
from services.contact.adapters.texts.word_file import shipped_words
from services.contact.application.deciding import ContactDecisions
from services.contact.application.dialing.room import dialing_room
from services.contact.application.handle import ContactDesk
from services.contact.application.letters.room import letter_room
from services.contact.application.looking.revealing import Reveals
from services.contact.application.outreach.room import outreach_room
from services.contact.application.past.taking_in import PastTaking
from services.contact.application.sending.guarded import ChannelHealth
from services.contact.application.sending.inbound import Inbound
from services.contact.application.sending.meters import measure as measure_channels
from services.contact.application.sending.report_asker import ReportAsker
from services.contact.application.sending.room import sending_room
from services.contact.application.texts.templates import TemplateDesk
from services.contact.application.told.case import CaseTold
from services.contact.application.told.legal import LegalTold
from services.contact.domain.events import STORED_AS, UPCASTS
from services.contact.domain.pack import Pack
from services.contact.projections.all_views import views_under
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.opening import Ground, opened
from shared.eventstore.projection.projections import Projections
from shared.eventstore.registry import Registry
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.worker import Worker
from shared.messaging.feed import Feed
from shared.telemetry.metrics import Metrics

SERVICE = "contact"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSettings:
    """Where the contact service keeps its things. `place`: a file of its own, or the URL of a PostgreSQL database.

    `shards` counts only when the tenant is first used (`provision`). `jurisdictions`: the places of a debtor whom
    nobody described. `zone`: in which a date named by a person is read. `packs`: the tenant's own, beside the shipped.
    `channels`: what adapters/sending/channels.py is told; holds secrets. `always`: what every text of outreach may
    say, by language and variable (institution, hotline).
    """

    place: Path | str
    key_file: Path
    deployment: str
    tenant: str
    shards: int
    jurisdictions: tuple[str, ...] = ("CN",)
    zone: str = "Asia/Shanghai"
    packs: tuple[Pack, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict, repr=False)
    always: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class ContactService:
    """The contact service, open: its ledger, its views, and what it can be asked."""

    def __init__(
        self, *, settings: ContactSettings, ledger: Ledger, projections: Projections, clock: Clock
    ) -> None:
        self.settings, self.ledger, self.projections, self.clock = settings, ledger, projections, clock
        self.tenant, self.zone = settings.tenant, settings.zone
        self.views = projections.views
        self.feed = Feed(ledger, settings.tenant)
        self.packs = added(shipped(house=True), settings.packs)
        self.acts = ContactDesk(
            ledger=ledger, tenant=self.tenant, packs=self.packs, clock=clock, places=settings.jurisdictions
        )
        self.past = PastTaking(ledger=ledger, tenant=self.tenant, desk=self.acts, clock=clock)
        self.decisions = ContactDecisions(desk=self.acts, clock=clock)
        self.reveals = Reveals(ledger=ledger, tenant=self.tenant, desk=self.acts, clock=clock)
        self.channels = open_channels(settings.channels, clock=clock)
        self.providers = self.channels.providers
        self.inbound = Inbound(desk=self.acts, holders=ViewedPoints(projections), clock=clock)
        self.texts = TemplateDesk(
            ledger=ledger, tenant=self.tenant, shipped=shipped_templates, words=shipped_words, clock=clock,
            zone=self.zone,
        )  # fmt: skip
        self.sending = sending_room(
            desk=self.acts, texts=self.texts, channels=self.channels.by_channel,
            queue=ViewedOutbox(projections), clock=clock,
        )  # fmt: skip
        self.messages = self.sending.messages
        self.spool = spool_of(settings.channels, clock)
        self.letters = letter_room(
            ledger=ledger, tenant=self.tenant, clock=clock, spool=self.spool, inbound=self.inbound
        )
        self.dialing = dialing_room(
            ledger=ledger, tenant=self.tenant, desk=self.acts, clock=clock, places=settings.jurisdictions,
            candidates=ViewedCandidates(ledger=ledger, tenant=self.tenant, projections=projections),
        )  # fmt: skip
        self.reports = ReportAsker(
            messages=ViewedUnreported(projections), channels=self.channels.asked_later, inbound=self.inbound,
            clock=clock,
        )  # fmt: skip
        self.workers: tuple[Worker, ...] = (self.sending.dispatcher, self.reports)
        self.outreach = outreach_room(
            ledger=ledger, tenant=self.tenant, clock=clock, acts=self.acts, messages=self.messages,
            texts=self.texts, diary=ViewedOutreach(projections), shipped=outreach_shipped(),
            always=settings.always,
        )  # fmt: skip
        self.workers = (*self.workers, self.outreach.worker())
        self.told = CaseTold(
            ledger=ledger, tenant=self.tenant, desk=self.acts, outreach=self.outreach.desk, clock=clock,
            zone=self.zone,
        )  # fmt: skip
        self.told_by_legal = LegalTold(ledger=ledger, tenant=self.tenant, desk=self.acts, clock=clock)

    def channel_health(self) -> tuple[ChannelHealth, ...]:
        """How the guards of this process's channels stand."""
        return tuple(one.health() for one in self.channels.by_channel.values())

    def measure(self, metrics: Metrics) -> None:
        """Bring the service's own gauges up to date."""
        measure_channels(metrics, self.channel_health())

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Put a question to the views as they are now."""
        return await self.projections.database.read(question)

    async def change(self, question: Callable[[sa.Connection], T]) -> T:
        """Change an ephemeral table of the views."""
        return await self.projections.database.write(question)


def registry() -> Registry:
    """The event types of the service."""
    return Registry(STORED_AS, UPCASTS)


@asynccontextmanager
async def open_contact(
    settings: ContactSettings, *, clock: Clock | None = None, provision: bool = False, views: bool = True
) -> AsyncIterator[ContactService]:
    """The contact service, closed again at the end. `provision`: make the store and the tenant if they are new.

    `views` False leaves the views' tables alone, for work on the ledger only.
    Raises: StoreUnavailable, KeysMissing, KeysWrong, ViewsUnavailable, PackUnusable,
    SettingWrong; TenantUnknown unless `provision`.
    """
    clock = clock or SystemClock()
    ground = Ground(
        service=SERVICE, place=settings.place, key_file=settings.key_file, deployment=settings.deployment,
        tenant=settings.tenant, shards=settings.shards,
    )  # fmt: skip
    async with opened(
        ground, registry=registry(), views_under=views_under, clock=clock, provision=provision, views=views
    ) as (ledger, projections):
        service = ContactService(settings=settings, ledger=ledger, projections=projections, clock=clock)
        try:
            yield service
        finally:
            await service.channels.close()
