"""The case service and the contact service as the legal service asks them, where all are in this process."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from services.legal.adapters.elsewhere.sheet_read import sheet_of
from services.legal.application.elsewhere import (
    LEGAL_NOTICE,
    PDF_NAME,
    CaseSheet,
    CaseUnknownElsewhere,
    LetterNotPosted,
    NotAnswered,
    Post,
    Posted,
)
from shared.eventstore.projection.health import positions
from shared.kernel.refusal import Refused

if TYPE_CHECKING:
    from services.case.wiring import CaseService
    from services.contact.wiring import ContactService

CLIENT = "quittance-legal"
"""Under which name the legal service asks."""
PAGE = 500


class CaseInProcess:
    """`services.legal.application.elsewhere.CaseFile`: a case service that is open in this process."""

    def __init__(self, case: "CaseService") -> None:
        self._case = case

    async def close(self) -> None:
        """The case service is closed by whoever opened it."""

    async def sheet(self, case: str, *, as_of: date) -> CaseSheet:
        """See CaseFile; on record in the same way as over HTTP."""
        from services.case.application.privacy.access import Reader
        from services.case.application.sheet import CaseUnknown, is_case_id
        from services.case.projections.privacy import party_roles

        service = self._case
        if not is_case_id(case):
            raise CaseUnknownElsewhere
        lanes = await service.ledger.lanes(service.tenant)
        await service.privacy.finder.catch_up({lane.lane: lane.head for lane in lanes})
        held = await service.ask(partial(positions, view=party_roles.VIEW))
        try:
            told = await service.legal_sheets.about(Reader(CLIENT), case, as_of=as_of)
        except CaseUnknown:
            raise CaseUnknownElsewhere from None
        return sheet_of(told, position=".".join(str(held.get(lane.lane, 0)) for lane in lanes))

    async def timeline(self, case: str, *, language: str) -> Sequence[Any]:
        """See CaseFile."""
        from services.case.projections import case_timeline

        await self._case.projections.catch_up(case_timeline.VIEW)
        rows: list[Any] = []
        while True:
            after = rows[-1]["version"] if rows else 0
            page = await self._case.ask(partial(case_timeline.entries, case_id=case, after=after, limit=PAGE))
            rows += [entry.as_json(language) for entry in page]
            if len(page) < PAGE:
                break
        if not rows:
            raise CaseUnknownElsewhere
        return rows


class ContactInProcess:
    """`services.legal.application.elsewhere.ContactFile`: a contact service that is open in this process."""

    def __init__(self, contact: "ContactService") -> None:
        self._contact = contact

    async def close(self) -> None:
        """The contact service is closed by whoever opened it."""

    async def post(self, letter: Post) -> Posted:
        """See ContactFile; the same key is the same message as over HTTP."""
        from services.contact.application.handle import Meta, SubjectBusy, SubjectUnknown
        from services.contact.application.sending.messages import Wanted
        from services.contact.domain.facts.asking import ContactRefused
        from services.contact.domain.sending.document import PDF, Document

        wanted = Wanted(
            channel=letter.channel, template=letter.template, language=letter.language, values=letter.values,
            person=letter.person, role=letter.role, case=letter.case, debts=letter.debts, purpose=LEGAL_NOTICE,
            content=letter.content,
            document=Document(name=PDF_NAME, media_type=PDF, sha256=letter.sha256, content=letter.pdf),
        )  # fmt: skip
        meta = Meta(actor=CLIENT, client=CLIENT, key=letter.key)
        try:
            done = await self._contact.messages.order(letter.subject, wanted, meta)
        except (SubjectBusy, SubjectUnknown) as problem:  # it is busy, or has not heard of the case yet
            raise NotAnswered(service="contact") from problem
        except Refused as refusal:
            raise LetterNotPosted(code=type(refusal).code) from None
        decision = done.decision
        if not isinstance(decision, ContactRefused):
            return Posted(message=done.message, permit=done.permit, rules=(), until=None)
        rules = tuple(dict.fromkeys(one.rule for one in decision.failed))
        return Posted(message=None, permit=done.permit, rules=rules, until=decision.until)

    async def contacts(self, case: str, *, language: str) -> Sequence[Any]:
        """See ContactFile; rows are the same in every language."""
        from services.contact.projections.asking import attempts

        await self._contact.projections.catch_up(attempts.VIEW)
        rows: list[Any] = []
        after = None
        while True:
            page = await self._contact.ask(partial(attempts.page, case_id=case, after=after, limit=PAGE))
            rows += [row.as_json() for row in page]
            if len(page) < PAGE:
                return rows[::-1]
            after = page[-1].cursor
