"""What every command starts with: settings, a console, and the service it is about, open."""

import os
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from services.main import settings as reading
from services.main.clocks import clock_of
from services.main.console import Console
from services.main.settings import Settings
from services.main.stores import SqliteFolder
from services.main.usage import Stopped, WrongUsage
from shared.kernel.clock import Clock, SystemClock

if TYPE_CHECKING:  # the service brings the database libraries along; commands that need none start without
    from services.case.wiring import CaseService, CaseSettings
    from services.contact.wiring import ContactService, ContactSettings
    from services.legal.wiring import LegalService, LegalSettings

    AnyService = CaseService | ContactService | LegalService

T = TypeVar("T")
CASE, CONTACT, LEGAL = "case", "contact", "legal"
ZONE = "Asia/Shanghai"
"""Where dates of contact and legal are read unless the settings say otherwise: the retail policy's zone."""
SERVICES = (CASE, CONTACT, LEGAL)
"""Every service of this release, in the order in which they are told of."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command; `clock` is what all of it goes by."""

    settings: Settings
    console: Console
    clock: Clock = field(default_factory=SystemClock)

    @classmethod
    def begin(cls, *, store: str | None, as_json: bool) -> "Session":
        """Read the environment and the common options. Raises WrongUsage."""
        settings = reading.read(os.environ, store=store)
        console = Console(as_json=as_json, chinese=settings.chinese)
        return cls(settings, console, clock_of(settings))

    @property
    def case_settings(self) -> "CaseSettings":
        """The case service's part of the settings."""
        return case_settings(self.settings)

    def with_case(
        self,
        work: "Callable[[CaseService], Coroutine[object, object, T]]",
        *,
        provision: bool = False,
        views: bool = True,
    ) -> T:
        """Open the case service, do the work, close it. `provision`: make the store if there is none.

        Raises: Stopped where there is no store to read; what the work raises.
        """
        if not provision:
            self._require_store()

        import asyncio

        async def working() -> T:
            from services.case.wiring import open_case

            opened = open_case(self.case_settings, clock=self.clock, provision=provision, views=views)
            async with opened as case:
                return await work(case)

        return asyncio.run(working())

    @property
    def contact_settings(self) -> "ContactSettings":
        """The contact service's part of the settings."""
        return contact_settings(self.settings)

    def with_contact(
        self,
        work: "Callable[[ContactService], Coroutine[object, object, T]]",
        *,
        provision: bool = False,
        views: bool = True,
    ) -> T:
        """As `with_case`, for the contact service."""
        if not provision:
            self._require_store(CONTACT)

        import asyncio

        async def working() -> T:
            from services.contact.wiring import open_contact

            opened = open_contact(self.contact_settings, clock=self.clock, provision=provision, views=views)
            async with opened as contact:
                return await work(contact)

        return asyncio.run(working())

    @property
    def legal_settings(self) -> "LegalSettings":
        """The legal service's part of the settings."""
        return legal_settings(self.settings)

    def with_legal(
        self,
        work: "Callable[[LegalService], Coroutine[object, object, T]]",
        *,
        provision: bool = False,
        views: bool = True,
    ) -> T:
        """As `with_case`, for the legal service."""
        if not provision:
            self._require_store(LEGAL)

        import asyncio

        async def working() -> T:
            from services.legal.wiring import open_legal

            opened = open_legal(self.legal_settings, clock=self.clock, provision=provision, views=views)
            async with opened as legal:
                return await work(legal)

        return asyncio.run(working())

    def opened(self, name: str) -> "AbstractAsyncContextManager[AnyService]":
        """The service of that name, for whoever needs another beside the one at hand; its views are kept by others."""
        if name == CASE:
            from services.case.wiring import open_case

            return open_case(self.case_settings, clock=self.clock)
        if name == CONTACT:
            from services.contact.wiring import open_contact

            return open_contact(self.contact_settings, clock=self.clock, views=False)
        from services.legal.wiring import open_legal

        return open_legal(self.legal_settings, clock=self.clock, views=False)

    def with_service(
        self,
        name: str,
        work: "Callable[[AnyService], Coroutine[object, object, T]]",
        *,
        views: bool = True,
    ) -> T:
        """As `with_case`, for the service of that name, by what services have in common."""
        if name not in SERVICES:
            raise WrongUsage(
                en=f"--service takes: {', '.join(SERVICES)}", zh=f"--service 可用：{'、'.join(SERVICES)}"
            )
        if name == LEGAL:
            return self.with_legal(work, views=views)
        return self.with_contact(work, views=views) if name == CONTACT else self.with_case(work, views=views)

    def with_each(
        self, work: "Callable[[AnyService], Coroutine[object, object, T]]", *, views: bool = True
    ) -> dict[str, T]:
        """The work done with each service that keeps something in the store, one after the other, by name.

        Raises: Stopped where there is no store; what the work raises.
        """
        from shared.eventstore.ledger import TenantUnknown

        found: dict[str, T] = {}
        for name in self.kept() or (CASE,):
            try:
                found[name] = self.with_service(name, work, views=views)
            except TenantUnknown:
                if name == CASE or isinstance(self.settings.store, SqliteFolder):
                    raise
        return found

    def kept(self) -> tuple[str, ...]:
        """The services that keep something in the store; of a server that is only known once they are opened."""
        store = self.settings.store
        if isinstance(store, SqliteFolder):
            return tuple(name for name in SERVICES if store.file_of(name).is_file())
        return SERVICES

    def _require_store(self, name: str = CASE) -> None:
        store = self.settings.store
        if not isinstance(store, SqliteFolder) or store.file_of(name).is_file():
            return
        if name != CASE and store.file_of(CASE).is_file():
            zh = "触达服务" if name == CONTACT else "法务服务"
            raise Stopped(
                en=f"the {name} service has nothing at {store.shown} yet; `quittance serve all` begins it",
                zh=f"{store.shown} 处尚无{zh}的账本；运行 `quittance serve all` 即可建立",
            )
        raise Stopped(
            en=f"there is no store at {store.shown}; make one: quittance import statements FILE "
            f"--store {store.shown}",
            zh=f"{store.shown} 处没有账本；请先导入：quittance import statements 文件 --store {store.shown}",
        )


def case_settings(settings: Settings) -> "CaseSettings":
    """The case service's part of the platform's settings."""
    from services.case.wiring import CaseSettings

    store = settings.store
    place: Path | str = store.file_of("case") if isinstance(store, SqliteFolder) else store.url
    return CaseSettings(
        place=place,
        key_file=settings.key_file,
        deployment=settings.deployment,
        tenant=settings.tenant,
        shards=settings.shards,
        zone=settings.zone,
    )


def contact_settings(settings: Settings) -> "ContactSettings":
    """The contact service's part of the platform's settings."""
    from services.contact.adapters.outreach.always import by_language
    from services.contact.adapters.pack_files import own_packs
    from services.contact.wiring import ContactSettings

    store = settings.store
    place: Path | str = store.file_of(CONTACT) if isinstance(store, SqliteFolder) else store.url
    return ContactSettings(
        place=place,
        key_file=settings.key_file,
        deployment=settings.deployment,
        tenant=settings.tenant,
        shards=settings.shards,
        jurisdictions=settings.places,
        channels=settings.channels,
        always=by_language(settings.says),
        packs=own_packs(settings.packs) if settings.packs is not None else (),
        zone=settings.zone or ZONE,
    )


def legal_settings(settings: Settings) -> "LegalSettings":
    """The legal service's part of the platform's settings."""
    from services.legal.wiring import LegalSettings

    store = settings.store
    place: Path | str = store.file_of(LEGAL) if isinstance(store, SqliteFolder) else store.url
    return LegalSettings(
        place=place,
        key_file=settings.key_file,
        deployment=settings.deployment,
        tenant=settings.tenant,
        shards=settings.shards,
        zone=settings.zone or ZONE,
        law=settings.law,
    )
