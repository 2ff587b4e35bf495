"""Evidence packs of one tenant on record: who wanted one and why, what it hashes to, who took it away."""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from services.legal.application.handle import LegalDesk
from services.legal.application.thing_ids import is_about
from services.legal.domain.facts import pack as f
from services.legal.domain.pack.pack import (
    ASKED,
    PACK,
    Pack,
    PackGone,
    PackNotMade,
    PackUnknown,
    fold_pack,
    is_pack,
)
from services.legal.domain.refusals import LegalDayAhead, MatterUnknown
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.kernel import ids
from shared.kernel.clock import Clock

ACTOR = "system:evidence-packs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A pack as it is asked for."""

    case: str
    as_of: date
    language: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A pack that was made. `manifest`, `sha256` (of the ZIP) in hex; `files` listed in the manifest."""

    manifest: str
    sha256: str
    size: int
    files: int
    gaps: tuple[str, ...]


class PackMaker(Protocol):
    """Reads all that a pack says, and writes it to a file for its owner alone."""

    async def make(self, asked: f.EvidencePackAsked, to: Path) -> Bundle:
        """The pack at `to`. Raises the refusals of who has to be asked; OSError; what the ledger raises."""


class PackPlace(Protocol):
    """Where packs lie until they are fetched: for their owner alone, and not for long."""

    def file_of(self, pack: str) -> Path:
        """Where the pack is, or will be; the folder is there."""

    def sweep(self) -> None:
        """Remove what has lain for long enough, and what was never finished."""


class PackDesk:
    """Packs of one tenant."""

    def __init__(
        self, *, ledger: Ledger, tenant: str, acts: LegalDesk, clock: Clock, place: PackPlace
    ) -> None:
        self._ledger, self._tenant, self._acts, self._clock = ledger, tenant, acts, clock
        self.place = place

    def pack_id(self, case: str, *, client: str, key: str) -> str:
        """The pack that a request asks for, the same when it is repeated. Raises MatterUnknown for no case's id."""
        if not is_about(case) or not case.startswith("case-"):
            raise MatterUnknown
        return self._ledger.stream_beside(PACK, client, key, beside=case, tenant=self._tenant)

    async def load(self, pack: str) -> tuple[Pack, int]:
        """The pack and its newest position. Raises PackUnknown."""
        seen = await self._ledger.whole_stream(pack, tenant=self._tenant) if is_pack(pack) else []
        found = fold_pack(one.event for one in seen)
        if found.asked is None:
            raise PackUnknown
        return found, seen[-1].position

    async def asking(self, pack: str, wanted: Wanted, *, dry_run: bool = False) -> Sequence[StreamWrite]:
        """That somebody wants it, to be written. Raises LegalDayAhead."""
        if wanted.as_of > self._acts.today:
            raise LegalDayAhead
        asked = f.EvidencePackAsked(
            pack=pack, case=wanted.case, as_of=wanted.as_of, language=wanted.language, reason=wanted.reason,
            on=self._acts.today, by=wanted.by,
        )  # fmt: skip
        return (await self._write(pack, 0, asked, wanted.case, wanted.by, dry_run=dry_run),)

    async def ask(self, wanted: Wanted, *, client: str, key: str) -> str:
        """Put on record that somebody wants it. Raises LegalDayAhead, what the ledger raises."""
        pack = self.pack_id(wanted.case, client=client, key=key)
        with suppress(StaleVersion):
            await self._commit(await self.asking(pack, wanted), actor=wanted.by, key=f"{pack}|asked")
        return pack

    async def made(self, pack: str, known: Pack, bundle: Bundle) -> None:
        """It is there. Raises StaleVersion where another process was faster."""
        event = f.EvidencePackMade(
            pack=pack, manifest=bundle.manifest, zip_sha256=bundle.sha256, size=bundle.size, files=bundle.files,
            gaps=bundle.gaps, on=self._acts.today,
        )  # fmt: skip
        await self._add(pack, known, event, actor=ACTOR)

    async def failed(self, pack: str, known: Pack, reason: str) -> None:
        """It could not be made. Raises StaleVersion where another process was faster."""
        event = f.EvidencePackFailed(pack=pack, reason=reason, on=self._acts.today)
        await self._add(pack, known, event, actor=ACTOR)

    async def fetch(self, pack: str, *, by: str) -> tuple[Path, Pack]:
        """The file, once it is on record who takes it. Raises PackUnknown, PackNotMade, PackGone."""
        while True:
            known, _ = await self.load(pack)
            if known.made is None:
                raise PackNotMade
            file = self.place.file_of(pack)
            if not await asyncio.to_thread(_is, file, known.made.zip_sha256):
                raise PackGone
            event = f.EvidencePackFetched(pack=pack, manifest=known.made.manifest, on=self._acts.today, by=by)
            with suppress(StaleVersion):
                await self._add(pack, known, event, actor=by, key=ids.new_token())
                return file, known

    def waits(self, known: Pack) -> bool:
        """Is it still to be made?"""
        return known.status == ASKED

    # -- writing

    async def _add(
        self, pack: str, known: Pack, event: f.PackEvent, *, actor: str, key: str | None = None
    ) -> None:
        """`key`: of each fetch its own, so that two at once are two."""
        assert known.asked is not None, "loaded before"
        write = await self._write(pack, known.version, event, known.asked.case, actor)
        await self._commit((write,), actor=actor, key=key or f"{pack}|{known.version}")

    async def _write(
        self, pack: str, version: int, event: Any, case: str, actor: str, *, dry_run: bool = False
    ) -> StreamWrite:
        refs = {"debtor": case, "staff": f"staff:{actor}"}
        people = {} if dry_run else await self._ledger.subjects(list(refs.values()), tenant=self._tenant)
        subjects = {role: people[ref] for role, ref in refs.items()} if people else {}
        new = NewEvent(event, self._clock.now(), subjects, self._acts.ground.zone)
        return StreamWrite(pack, version, (new,))

    async def _commit(self, writes: Sequence[StreamWrite], *, actor: str, key: str) -> None:
        await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id(actor, "evidence-pack", key, tenant=self._tenant),
                fingerprint=b"pack", actor=actor, writes=tuple(writes), policy=self._acts.ground.named,
            )
        )  # fmt: skip


def _is(file: Path, sha256: str) -> bool:
    """Is it the file that was made?"""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == sha256
