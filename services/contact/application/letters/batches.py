"""Batches of letters for the printer: each letter in one batch, and the batch on record before a file leaves."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from services.contact.application.letters.manifest import hash_of
from services.contact.domain.facts.letters import (
    LetterBatchMade,
    LetterBatchWrittenAgain,
    LetterEvent,
    LetterListed,
)
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.kernel.clock import Clock
from shared.kernel.ids import new_token
from shared.kernel.refusal import Refused

STREAM = "letters"
LETTERS_MAX = 1_000
"""In one batch."""
ATTEMPTS_MAX = 20


class BatchUnknown(Refused):
    """No batch of letters has that number. `quittance contact letters batches` lists those there are."""

    code = "letter-batch-unknown"
    title_en = "There is no such batch of letters"
    title_zh = "没有该批次的信函"


class BatchesContended(Refused):
    """Others are making batches of letters at the same moment. Ask again."""

    code = "letter-batches-contended"
    title_en = "Batches of letters are being made by others just now"
    title_zh = "其他人正在生成信函批次，请稍后重试"


class SpoolMissing(Refused):
    """Nobody said where letters are printed to: QUITTANCE_LETTER_SPOOL names the folder (how-to: print letters)."""

    code = "letter-spool-missing"
    title_en = "No print spool is set up for letters"
    title_zh = "未设置信函打印目录"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """A letter in the spool, by the number on its sheet. `sha256` is of the PDF, in hex."""

    number: str
    key: str
    postal: str
    sha256: str
    pages: int


class Spool(Protocol):
    """Where letters lie until they are printed."""

    def waiting(self) -> Iterator[Spooled]:
        """Letters that may be in no batch yet, by number. Raises OSError."""

    def batched(self, number: str) -> None:
        """The letter is in a batch: it waits no longer; said again, nothing happens. Raises OSError."""


@dataclass(frozen=True, slots=True)
class _Known:
    batches: tuple[LetterBatchMade, ...]
    version: int


class BatchDesk:
    """The batches of one tenant. That no letter is in two is read from the record, not from the spool's marks."""

    def __init__(self, *, ledger: Ledger, tenant: str, clock: Clock, spool: Spool | None) -> None:
        self._ledger, self._tenant, self._clock, self._spool = ledger, tenant, clock, spool
        self.stream = ledger.stream_id(STREAM, STREAM, debtor_ref=STREAM, tenant=tenant)

    async def made(self) -> tuple[LetterBatchMade, ...]:
        """Every batch, oldest first."""
        return (await self._known()).batches

    async def batch(self, number: int) -> LetterBatchMade:
        """The batch of that number. Raises BatchUnknown."""
        for one in await self.made():
            if one.batch == number:
                return one
        raise BatchUnknown

    async def make(self, *, by: str, limit: int = LETTERS_MAX) -> LetterBatchMade | None:
        """Put what waits into a batch, at most `limit` letters (1..LETTERS_MAX); None where nothing waits.

        Raises SpoolMissing, BatchesContended, OSError of the spool.
        """
        if self._spool is None:
            raise SpoolMissing
        for _ in range(ATTEMPTS_MAX):
            known = await self._known()
            there = {one.key for batch in known.batches for one in batch.letters}
            letters: list[LetterListed] = []
            for spooled in self._spool.waiting():
                if spooled.key in there:  # its mark outlived a crash, or came back from a copy of the folder
                    self._spool.batched(spooled.number)
                elif len(letters) < min(limit, LETTERS_MAX):
                    letters.append(_listed(spooled, len(letters) + 1))
            if not letters:
                return None
            with suppress(StaleVersion):
                made = await self._record(known, tuple(letters), by)
                for letter in made.letters:
                    self._spool.batched(letter.letter)
                return made
        raise BatchesContended

    async def _known(self) -> _Known:
        history = await self._ledger.whole_stream(self.stream, tenant=self._tenant)
        made = tuple(seen.event for seen in history if isinstance(seen.event, LetterBatchMade))
        return _Known(made, history[-1].version if history else 0)

    async def again(self, number: int, *, by: str) -> LetterBatchMade:
        """The batch of that number, to be written once more; that somebody asked is on record first.

        Raises BatchUnknown, BatchesContended.
        """
        for _ in range(ATTEMPTS_MAX):
            known = await self._known()
            made = next((one for one in known.batches if one.batch == number), None)
            if made is None:
                raise BatchUnknown
            event = LetterBatchWrittenAgain(batch=number, at=self._clock.now(), written_by=by)
            with suppress(StaleVersion):
                await self._append(known, event, by, key=f"again|{number}|{new_token()}")
                return made
        raise BatchesContended

    async def _record(self, known: _Known, letters: tuple[LetterListed, ...], by: str) -> LetterBatchMade:
        number, at = len(known.batches) + 1, self._clock.now()
        event = LetterBatchMade(
            batch=number, at=at, letters=letters, manifest=hash_of(number, at, letters), made_by=by
        )
        await self._append(known, event, by, key=f"{number}|{event.manifest}")
        return event

    async def _append(self, known: _Known, event: LetterEvent, by: str, *, key: str) -> None:
        refs = [f"system:{STREAM}", f"staff:{by}"]
        people = await self._ledger.subjects(refs, tenant=self._tenant)
        new = NewEvent(event, event.at, {"debtor": people[refs[0]], "staff": people[refs[1]]}, None)
        await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id(by, STREAM, key, tenant=self._tenant),
                fingerprint=b"letters",
                actor=by,
                writes=(StreamWrite(self.stream, known.version, (new,)),),
            )
        )


def _listed(spooled: Spooled, place: int) -> LetterListed:
    return LetterListed(
        place=place,
        letter=spooled.number,
        key=spooled.key,
        sha256=spooled.sha256,
        pages=spooled.pages,
        postal=spooled.postal,
    )
