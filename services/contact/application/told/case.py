"""One event of the case service, heard: facts of the subject, and one fact of outreach. Hearing it again adds nothing.

Every command is named after the publisher's event, so that a reader that dies between the effect and its checkpoint
does no harm. Whom a case is about is said when it is opened; after that the case's own outreach stream remembers it.
"""

from collections import OrderedDict
from uuid import UUID

from services.contact.application.handle import ContactDesk, Meta, SubjectBusy
from services.contact.application.outreach.desk import OutreachDesk, outreach_of
from services.contact.application.thing_ids import is_subject
from services.contact.domain.facts.outreach import CaseHeard
from services.contact.domain.told import flags, hearing
from services.contact.domain.told.said import Said
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import Clock
from shared.messaging.reader import HearAgain
from shared.messaging.told import Told

NAME = "contact.hears_case"
TYPES = tuple(f"case.{name}" for name in (*hearing.MEANS, hearing.BOOKED, "DebtAttached", "DebtDetached"))
ACTOR = CLIENT = "system:hears-case"
SUBJECT = "debtorsubject"
REMEMBERED_MAX = 50_000


class CaseTold:
    """Hears the case service for one tenant. `zone`: in which the case service's days are days."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        desk: ContactDesk,
        outreach: OutreachDesk,
        clock: Clock,
        zone: str,
    ) -> None:
        self._ledger, self._tenant, self._desk, self._outreach = ledger, tenant, desk, outreach
        self._clock, self._zone = clock, zone
        self._subjects: OrderedDict[str, str] = OrderedDict()

    async def hear(self, told: Told) -> None:
        """Record what follows from it. What was erased at the publisher's says nothing.

        Raises KeyError and ValueError for facts that cannot be read, the rules' refusals, what the
        ledger raises; HearAgain where others kept writing about the same debtor.
        """
        if told.data is None:
            return
        subject = await self._subject_of(told)
        if subject is None:
            return
        said = Said(
            name=told.name, about=told.stream, version=told.version, at=told.at, recorded=told.recorded_at,
            event=told.id, data=told.data,
        )  # fmt: skip
        try:
            await self._follow(said, subject, UUID(told.id))
        except SubjectBusy as problem:
            raise HearAgain from problem

    async def _follow(self, said: Said, subject: str, cause: UUID) -> None:
        now = self._clock.now()
        fact = hearing.heard(said, subject=subject, now=now)
        if fact is not None:
            await self._outreach.hear(fact, cause=cause)
        if said.name not in flags.HEARD:
            return
        known = (await self._desk.load(subject)).state
        for number, command in enumerate(flags.follow(said, known, zone=self._zone, now=now)):
            meta = Meta(actor=ACTOR, client=CLIENT, key=f"{said.event}|{number}", cause=cause)
            await self._desk.handle(subject, command, meta)

    async def _subject_of(self, told: Told) -> str | None:
        """Whom it is about; None where that was erased, or never said."""
        said = told.beside.get(SUBJECT)
        if said is not None and is_subject(said):
            self._keep(told.stream, said)
            return said
        if told.stream in self._subjects:
            return self._subjects[told.stream]
        history = await self._ledger.read_stream(outreach_of(told.stream), limit=1, tenant=self._tenant)
        first = history[0].event if history else None
        if not isinstance(first, CaseHeard):
            return None
        self._keep(told.stream, first.subject)
        return first.subject

    def _keep(self, about: str, subject: str) -> None:
        self._subjects[about] = subject
        if len(self._subjects) > REMEMBERED_MAX:
            self._subjects.popitem(last=False)
