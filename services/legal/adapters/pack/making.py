"""A pack made: all is read, each part set and written one after another, then the manifest of what was written."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.legal.adapters.pack import of_claims, of_events, of_letters
from services.legal.adapters.pack.archive import Archive
from services.legal.adapters.pack.gathering import Gathered, Gathering
from services.legal.adapters.pack.of_letters import FOLDER, Print
from services.legal.adapters.pack.part import Look, Part, as_json
from services.legal.adapters.pack.words import Words
from services.legal.application.pack.desk import Bundle
from services.legal.domain.facts.pack import EvidencePackAsked
from shared.printing.document import DocumentPress, Section

FORMAT = "quittance-evidence-pack/1"
MANIFEST, MANIFEST_PDF = "manifest.json", "manifest.pdf"


@dataclass(slots=True)
class PackMaking:
    """`PackMaker` for one tenant. The press is opened with the first pack."""

    gathering: Gathering
    printed: Print
    _press: DocumentPress | None = None

    async def make(self, asked: EvidencePackAsked, to: Path) -> Bundle:
        """See PackMaker."""
        gathered = await self.gathering.about(asked)
        return await asyncio.to_thread(self._write, gathered, to)

    def _write(self, it: Gathered, to: Path) -> Bundle:
        if self._press is None:
            self._press = DocumentPress()
        say = Words(it.asked.language)
        look = _look(it, say)
        with Archive(to) as archive:
            for part in _before_letters(it, say):
                self._put(archive, part, look)
            found = []
            for one, pdf in of_letters.letters(it, self.printed):
                found.append(one)
                if pdf is not None:
                    archive.put(f"{FOLDER}/{one.letter}.pdf", pdf)
            self._put(archive, of_letters.listed(it, say, found), look)
            for part in _behind_letters(it, say):
                self._put(archive, part, look)
            manifest = archive.put(MANIFEST, as_json(_manifest(it, archive)), listed=False)
            summary = self._press.set(_summary(it, say, look, archive, manifest))
            archive.put(MANIFEST_PDF, summary.pdf, listed=False)
        with to.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        gaps = tuple(f"{part}:{code}" for part, code in it.gaps)
        return Bundle(
            manifest=manifest, sha256=digest, size=to.stat().st_size, files=len(archive.files), gaps=gaps
        )

    def _put(self, archive: Archive, part: Part, look: Look) -> None:
        assert self._press is not None, "opened before"
        archive.put(f"{part.name}.json", as_json(part.data))
        for name, document in part.volumes(look):
            archive.put(f"{name}.pdf", self._press.set(document).pdf)


def _before_letters(it: Gathered, say: Words) -> tuple[Part, ...]:
    return of_events.timeline(it, say), of_events.contacts(it, say), of_claims.balance(it, say)


def _behind_letters(it: Gathered, say: Words) -> tuple[Part, ...]:
    return (
        of_claims.deliveries(it, say), of_claims.limitation(it, say), of_events.matters(it, say),
        of_events.documents(it, say), of_events.proofs(it, say),
    )  # fmt: skip


def _look(it: Gathered, say: Words) -> Look:
    asked = it.asked
    return Look(
        language=asked.language, on=asked.as_of, author="Quittance", footer=f"{asked.pack} · {say['footer']}",
        about=(
            (say["case"], asked.case), (say["as_of"], asked.as_of.isoformat()), (say["law"], it.law),
            (say["number"], asked.pack),
        ),
    )  # fmt: skip


def _manifest(it: Gathered, archive: Archive) -> dict[str, Any]:
    asked = it.asked
    return {
        "format": FORMAT, "pack": asked.pack, "case": asked.case, "as_of": asked.as_of.isoformat(),
        "asked_on": asked.on.isoformat(), "reason": asked.reason, "language": asked.language, "law": it.law,
        "gaps": [{"part": part, "why": code} for part, code in it.gaps],
        "files": [one.as_json() for one in archive.files],
    }  # fmt: skip


def _summary(it: Gathered, say: Words, look: Look, archive: Archive, manifest: str) -> Any:
    missing = Section(
        columns=say.all("gap", "what"), widths=(1, 1), rows=[(part, code) for part, code in it.gaps]
    )
    files = Section(
        paragraphs=(f"{say['manifest_sha']}: {manifest}", say["how_to_check"]),
        columns=say.all("file", "size", "sha256"), widths=(7, 2, 11),
        rows=[(one.name, str(one.size), one.sha256) for one in archive.files],
    )  # fmt: skip
    return look.document(say["manifest"], (files, missing) if it.gaps else (files,))
