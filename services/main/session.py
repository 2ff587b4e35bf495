"""What every command starts with: settings, a console, and the open case service."""

import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from services.main import settings as reading
from services.main.clocks import clock_of
from services.main.console import Console
from services.main.settings import Settings
from services.main.stores import SqliteFolder
from services.main.usage import Stopped
from shared.kernel.clock import Clock, SystemClock

if TYPE_CHECKING:  # the service brings the database libraries along; commands that need none start without
    from services.case.wiring import CaseService, CaseSettings

T = TypeVar("T")


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

    def _require_store(self) -> None:
        store = self.settings.store
        if isinstance(store, SqliteFolder) and not store.file_of("case").is_file():
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
