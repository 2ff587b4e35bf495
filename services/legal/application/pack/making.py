"""The worker that makes packs: one after another, each once; whoever asks how one stands sets it going again."""

import asyncio
from contextlib import suppress

from services.legal.application.pack.desk import PackDesk, PackMaker
from services.legal.domain.pack.pack import Pack, PackUnknown
from shared.eventstore.port import StaleVersion
from shared.kernel.refusal import Refused
from shared.telemetry import logs

SWEEP_S = 60.0
FAULT = "FAULT"


class PackWork:
    """Makes the packs that were asked for in this process, and removes those that have lain for long enough."""

    name = "evidence-packs"

    def __init__(self, *, desk: PackDesk, maker: PackMaker) -> None:
        self._desk, self._maker = desk, maker
        self._waiting: dict[str, None] = {}
        self._wake, self._stopping = asyncio.Event(), False

    def kick(self, pack: str) -> None:
        """This pack is to be made; one that is under way already is not made twice."""
        self._waiting.setdefault(pack)
        self._wake.set()

    def stop(self) -> None:
        """Finish the one at hand. The others are made when somebody asks how they stand."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Make what is asked for, until stopped."""
        log = logs.logger("packs")
        while not self._stopping:
            await asyncio.to_thread(self._desk.place.sweep)
            while self._waiting and not self._stopping:
                pack = next(iter(self._waiting))
                try:
                    await self.make(pack)
                except Exception as fault:
                    log.warning("fault", pack=pack, error=type(fault).__name__)
                self._waiting.pop(pack, None)
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_S):
                    await self._wake.wait()

    async def make(self, pack: str) -> Pack:
        """Make a pack that was asked for; nothing where it is made or has failed. Raises PackUnknown.

        A refusal on the way is its end, on record by its code; a fault of ours too, and is raised.
        """
        known, _ = await self._desk.load(pack)
        if not self._desk.waits(known):
            return known
        asked = known.asked
        if asked is None:
            raise PackUnknown
        await asyncio.to_thread(self._desk.place.sweep)
        file = self._desk.place.file_of(pack)
        with suppress(StaleVersion):
            try:
                bundle = await self._maker.make(asked, file)
            except Refused as refusal:
                await self._desk.failed(pack, known, type(refusal).code)
            except Exception:
                await self._desk.failed(pack, known, FAULT)
                raise
            else:
                await self._desk.made(pack, known, bundle)
        return (await self._desk.load(pack))[0]
