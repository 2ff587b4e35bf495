"""What happened to one debtor before go-live, put on record once: twice adds nothing, cut off is begun again."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from services.contact.application.handle import ContactDesk, SubjectBusy
from services.contact.application.remembered import KnownSubject
from services.contact.domain.act import act
from services.contact.domain.events import ContactEvent
from services.contact.domain.past.rows import PastRow, meant, unfit
from services.contact.domain.point_form import region_of
from services.contact.domain.subject import Subject, fold_subject
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, StaleVersion
from shared.kernel.clock import Clock
from shared.kernel.refusal import Refused

ACTOR = "system:import-history"
ADDED, UNCHANGED, REJECTED = "ADDED", "UNCHANGED", "REJECTED"
ROWS_A_COMMAND = 100
ATTEMPTS_MAX = 50
CONFLICT = "history-conflict"


class Became(NamedTuple):
    """What became of a row: REJECTED with a stable code of why and the field."""

    outcome: str
    reason: str | None = None
    field: str | None = None


class PastTaking:
    """Takes in for one tenant what happened before go-live."""

    def __init__(self, *, ledger: Ledger, tenant: str, desk: ContactDesk, clock: Clock) -> None:
        self._ledger, self._tenant, self._desk, self._clock = ledger, tenant, desk, clock

    @property
    def _region(self) -> str:
        return region_of(self._desk.places[0])

    def unfit(self, row: PastRow) -> tuple[str, str] | None:
        """Why the row says nothing that can be kept, and of which field; None where it does."""
        return unfit(row, region=self._region)

    async def take(
        self, debtor_ref: str, rows: Sequence[PastRow], *, check: bool = False
    ) -> tuple[list[Became], int]:
        """What becomes of each row, and how many events that is. `check`: nothing is written.

        Raises SubjectBusy, what the ledger raises.
        """
        found: list[Became] = []
        events = 0
        for first in range(0, len(rows), ROWS_A_COMMAND):
            part = rows[first : first + ROWS_A_COMMAND]
            told, added = await self._part(debtor_ref, part, check=check)
            found += told
            events += added
        return found, events

    async def _part(
        self, debtor_ref: str, rows: Sequence[PastRow], *, check: bool
    ) -> tuple[list[Became], int]:
        subject = self._desk.subject_id(debtor_ref)
        for _ in range(ATTEMPTS_MAX):
            known = await self._desk.load(subject)
            found, events = self._decided(subject, known.state, rows)
            if check or not events:
                return found, len(events)
            with suppress(StaleVersion):
                await self._append(known, events)
                return found, len(events)
        raise SubjectBusy

    def _decided(
        self, subject: str, state: Subject, rows: Sequence[PastRow]
    ) -> tuple[list[Became], list[ContactEvent]]:
        now, events = self._clock.now(), list[ContactEvent]()
        found = []
        for row in rows:
            why = self.unfit(row)
            if why is not None:
                found.append(Became(REJECTED, *why))
                continue
            new: tuple[ContactEvent, ...] = ()
            after = state
            try:
                for command in meant(
                    row,
                    region=self._region,
                    point=self._desk.point_id,
                    attempt=lambda source, ref: self._desk.attempt_id(subject, source, ref),
                ):
                    said = act(after, command, self._desk.packs, now=now)
                    after, new = fold_subject(said, begin=after), (*new, *said)
            except Refused:
                found.append(Became(REJECTED, CONFLICT, "ref"))
                continue
            state, events = after, [*events, *new]
            found.append(Became(ADDED if new else UNCHANGED))
        return found, events

    async def _append(self, known: KnownSubject, events: Sequence[ContactEvent]) -> None:
        """Raises StaleVersion, what the ledger raises."""
        written = await self._desk.writes(known, events, actor=ACTOR)
        content = hashlib.sha256(repr((known.subject_id, known.version, events)).encode())
        command_id = self._ledger.command_id(ACTOR, "past", content.hexdigest(), tenant=self._tenant)
        await self._ledger.commit(
            Command(
                tenant=self._tenant, command_id=command_id, fingerprint=content.digest(), actor=ACTOR,
                writes=(written,),
            )
        )  # fmt: skip
