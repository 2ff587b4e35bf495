"""Complaints: received, answered with a finding, or carried on to an ombudsman."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_commands import AnswerComplaint, EscalateComplaint, LogComplaint
from services.case.domain.case_facts import CaseFacts
from services.case.domain.payment import positive
from services.case.domain.policy import LifePolicy
from shared.kernel.refusal import Refused

KINDS = ("CONDUCT", "PRIVACY", "FREQUENCY", "AMOUNT", "SERVICE", "OTHER")
FINDINGS = ("BREACH", "NO_BREACH")
OPEN, ANSWERED, ESCALATED = "OPEN", "ANSWERED", "ESCALATED"


class ComplaintTermsRefused(Refused):
    """The kind or the finding is none of the closed list. Send one that is."""

    code = "complaint-terms-refused"
    title_en = "The kind of complaint or the finding is not known"
    title_zh = "投诉类型或结论无法识别"


class ComplaintUnknown(Refused):
    """The case has no complaint of that reference."""

    code = "complaint-unknown"
    title_en = "The case has no such complaint"
    title_zh = "该案件没有这项投诉"


class ComplaintAlreadyAnswered(Refused):
    """The complaint was answered; what the debtor still objects to is a new one, or goes to an ombudsman."""

    code = "complaint-already-answered"
    title_en = "The complaint has been answered already"
    title_zh = "该投诉已答复"


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """A complaint as of a day; it holds while no answer was given, from `from_` up to, not including, `until`."""

    status: str
    kind: str
    from_: date
    until: date | None
    answer_by: date
    finding: str | None


def views(facts: CaseFacts) -> dict[str, ComplaintView]:
    """Every complaint and what became of it."""
    found = {}
    for one in facts.all(e.ComplaintReceived):
        answered, escalated = (
            facts.one(e.ComplaintAnswered, one.complaint),
            facts.one(e.ComplaintEscalated, one.complaint),
        )
        status = ESCALATED if escalated else ANSWERED if answered else OPEN
        found[one.complaint] = ComplaintView(
            status,
            one.kind,
            one.on,
            answered.on if answered else None,
            one.answer_by,
            answered.finding if answered else None,
        )
    return found


def receive(facts: CaseFacts, ask: LogComplaint, policy: LifePolicy) -> tuple[e.CaseEvent, ...]:
    """A complaint arrives. Raises ComplaintTermsRefused."""
    if facts.one(e.ComplaintReceived, ask.ref):
        return ()
    if ask.kind not in KINDS:
        raise ComplaintTermsRefused
    answer_by = ask.on + timedelta(days=policy.complaint_answer_days)
    return (
        e.ComplaintReceived(
            complaint=ask.ref, kind=ask.kind, on=ask.on, answer_by=answer_by, attempts=ask.attempts
        ),
    )


def answer(
    complaints: Mapping[str, ComplaintView], currency: str, ask: AnswerComplaint
) -> tuple[e.CaseEvent, ...]:
    """Answer a complaint.

    Raises ComplaintUnknown, ComplaintAlreadyAnswered, ComplaintTermsRefused, AmountNotPositive, CurrencyMismatch.
    """
    view = complaints.get(ask.complaint)
    if view is None:
        raise ComplaintUnknown
    if view.finding is not None:
        raise ComplaintAlreadyAnswered
    if ask.finding not in FINDINGS:
        raise ComplaintTermsRefused
    if ask.redress is not None:
        positive(ask.redress, currency)
    return (
        e.ComplaintAnswered(
            complaint=ask.complaint, on=ask.on, finding=ask.finding, redress=ask.redress, by=ask.by
        ),
    )


def escalate(complaints: Mapping[str, ComplaintView], ask: EscalateComplaint) -> tuple[e.CaseEvent, ...]:
    """The debtor goes on to an ombudsman. Raises ComplaintUnknown."""
    view = complaints.get(ask.complaint)
    if view is None:
        raise ComplaintUnknown
    if view.status == ESCALATED:
        return ()
    return (e.ComplaintEscalated(complaint=ask.complaint, on=ask.on, to=ask.to),)
