"""What a dialer says came of its calls: each an attempt under the dialer's own reference, however often it is told."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from services.contact.application import thing_ids
from services.contact.application.dialing.lists import DialDesk, DialListUnknown
from services.contact.application.handle import ContactDesk, Handled, Meta, SubjectUnknown
from services.contact.domain.commands import Outcome, RecordOutcome, ReportAttempt
from services.contact.domain.facts.asking import Proposed
from shared.kernel.refusal import Refused


class DialLineUnknown(Refused):
    """A result names the permit it was called under, or its list and line; what it names was never given.

    A call outside of any list is reported as a contact attempt.
    """

    code = "dial-line-unknown"
    title_en = "There is no such permit or line of a dial list"
    title_zh = "没有该许可或拨号名单行"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialResult:
    """One call. `told_at`: when the dialer said so, for a result that corrects an earlier one (None: as it came).

    `outcome` is of outcomes.OUTCOMES. `permit`, or `list` and `line`, say whom it was to.
    """

    source_ref: str
    at: datetime
    outcome: str
    permit: str | None = None
    list: str | None = None
    line: int | None = None
    seconds: int | None = None
    identity: str | None = None
    said: tuple[str, ...] = ()
    collector: str | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTaken:
    """`new`: not reported before; `corrected`: it changes what was. `breach`: the rules the call is known to break."""

    attempt: str
    subject: str
    new: bool
    corrected: bool
    breach: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Called:
    subject: str
    permit: str | None
    proposed: Proposed


class DialResults:
    """Takes the results of one tenant's dialers."""

    def __init__(self, *, desk: ContactDesk, lists: DialDesk) -> None:
        self._desk, self._lists = desk, lists

    async def take(self, result: DialResult, *, source: str, actor: str) -> ResultTaken:
        """Record the call and what came of it. The same again adds nothing; another outcome corrects the first.

        Raises: DialLineUnknown, the refusals of reporting.py, SubjectBusy, what the ledger raises.
        """
        called = await self._called(result)
        attempt = self._desk.attempt_id(called.subject, source, result.source_ref)
        outcome = Outcome(
            outcome=result.outcome, seconds=result.seconds, identity=result.identity, said=result.said,
            at=result.told_at,
        )  # fmt: skip
        proposed = called.proposed
        report = ReportAttempt(
            attempt=attempt, source=source, source_ref=result.source_ref, channel="voice", at=result.at,
            person=proposed.person, role=proposed.role, collector_role=proposed.collector_role,
            point=proposed.point, case=proposed.case, debts=proposed.debts, creditor=proposed.creditor,
            agency=proposed.agency, purpose=proposed.purpose, content=proposed.content,
            permit=called.permit, collector=result.collector, outcome=outcome,
        )  # fmt: skip
        known = (await self._desk.load(called.subject)).state.contacts
        done = await self._desk.handle(called.subject, report, _meta(result, source, actor, "report"))
        if not done.events and not done.replayed and not _says(done, attempt, outcome):
            correction = RecordOutcome(attempt=attempt, outcome=outcome)
            done = await self._desk.handle(
                called.subject, correction, _meta(result, source, actor, "outcome")
            )
        _, rules = done.subject.breaches.get(attempt, (0, ()))
        new = attempt not in known and bool(done.events)
        return ResultTaken(
            attempt=attempt, subject=called.subject, new=new, corrected=bool(done.events) and not new,
            breach=rules,
        )  # fmt: skip

    async def _called(self, result: DialResult) -> _Called:
        """Whom it was to. Raises DialLineUnknown."""
        if result.permit is not None:
            subject = thing_ids.subject_of(thing_ids.PERMIT, result.permit)
            if subject is None:
                raise DialLineUnknown
            permit = (await self._desk.load(subject)).state.permits.get(result.permit)
            if permit is None or permit.proposed.channel != "voice":
                raise DialLineUnknown
            return _Called(subject, result.permit, permit.proposed)
        try:
            made = await self._lists.list(result.list or "")
        except (DialListUnknown, SubjectUnknown):
            raise DialLineUnknown from None
        for line in made.lines:
            if line.line == result.line:
                proposed = Proposed(
                    at=made.at, channel="voice", role=line.role, collector_role="first_party",
                    person=line.person, point=line.point, case=line.case, debts=line.debts,
                )  # fmt: skip
                return _Called(line.subject, line.permit, proposed)
        raise DialLineUnknown


def _says(done: Handled, attempt: str, told: Outcome) -> bool:
    """Is this what the record has come to already?"""
    contact = done.subject.contacts.get(attempt)
    if contact is None or contact.outcome is None:
        return False
    known = contact.outcome
    return (known.outcome, known.seconds, known.identity, known.said) == (
        told.outcome, told.seconds, told.identity, tuple(sorted(told.said)),
    )  # fmt: skip


def _meta(result: DialResult, source: str, actor: str, step: str) -> Meta:
    """The same result told again is the same command; anything else about the call is another."""
    told = sha256(repr((result, step)).encode()).hexdigest()
    return Meta(actor=actor, client=source, key=f"{result.source_ref}|{told[:32]}")
