"""One event of the legal service, heard: while an attorney acts for the debtor, it is they who are contacted.

An attorney of somebody else than the debtor is that person's own, and changes nothing about the debtor. The attorney is
known by the pseudonym that the legal service gives them; how they are reached is recorded here by whoever knows it.
"""

from datetime import timedelta
from uuid import UUID

from services.contact.application.handle import ContactDesk, Meta, SubjectBusy
from services.contact.application.outreach.desk import outreach_of
from services.contact.domain import commands as c
from services.contact.domain.facts.outreach import CaseHeard
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import Clock
from shared.messaging.reader import HearAgain
from shared.messaging.told import Told

NAME = "contact.hears_legal"
TYPES = ("legal.MatterTold",)
ACTOR = CLIENT = "system:hears-legal"
REPRESENTED, ENDED = "REPRESENTED", "REPRESENTATION_ENDED"
LEGAL, ATTORNEY = "LEGAL", "attorney"
PATIENCE = timedelta(hours=1)
"""So long a case may be heard of by the legal service before it is heard of here."""


class LegalTold:
    """Hears the legal service for one tenant."""

    def __init__(self, *, ledger: Ledger, tenant: str, desk: ContactDesk, clock: Clock) -> None:
        self._ledger, self._tenant, self._desk, self._clock = ledger, tenant, desk, clock

    async def hear(self, told: Told) -> None:
        """Record what follows from it.

        Raises KeyError and ValueError for facts that cannot be read, LookupError for a case that was never heard of
        here, the rules' refusals, what the ledger raises; HearAgain where the case may still be heard of.
        """
        data = told.data
        if data is None or data["what"] not in (REPRESENTED, ENDED) or data["person"] is not None:
            return
        subject = await self._subject_of(data["case"], told)
        if subject is None:
            return
        at = min(max(told.at, told.recorded_at), self._clock.now())
        command: c.AppointRepresentative | c.DismissRepresentative
        if data["what"] == REPRESENTED and not data["retracted"]:
            command = c.AppointRepresentative(
                person=data["attorney"], role=ATTORNEY, person_ref=data["attorney"], origin=LEGAL, at=at
            )
        else:
            command = c.DismissRepresentative(person=data["attorney"], origin=LEGAL, at=at)
        meta = Meta(actor=ACTOR, client=CLIENT, key=told.id, cause=UUID(told.id))
        try:
            await self._desk.handle(subject, command, meta)
        except SubjectBusy as problem:
            raise HearAgain from problem

    async def _subject_of(self, case: str, told: Told) -> str | None:
        """Whom the case is about, as the case service said here; None where that was erased."""
        history = await self._ledger.read_stream(outreach_of(case), limit=1, tenant=self._tenant)
        if not history:
            if self._clock.now() - told.recorded_at < PATIENCE:
                raise HearAgain
            raise LookupError("case")
        first = history[0].event
        return first.subject if isinstance(first, CaseHeard) else None
