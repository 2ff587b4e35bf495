"""What concerns the debtor as a person: contact, circumstances, death and incapacity. Always recorded."""

from collections.abc import Collection

from services.case.domain import events as e
from services.case.domain.case_commands import (
    RecordAttempt,
    RecordCircumstance,
    RecordIncapacity,
    RecordRefusal,
    ReportDeath,
    RetractReport,
    ReviseAttempt,
)
from services.case.domain.case_facts import CaseFacts
from shared.kernel.refusal import Refused

TOPICS = ("REASON", "ABILITY", "WILLINGNESS")
FORBID_CONTACT = frozenset(
    {
        "CEASE",
        "ATTORNEY",
        "BANKRUPTCY",
        "DECEASED",
        "INCAPABLE",
        "MORATORIUM",
        "HARDSHIP",
        "PLAN",
        "DISPUTE",
        "FRAUD",
    }
)


class TopicUnknown(Refused):
    """What is recorded of a debtor is why they fell behind, whether they can pay, or whether they want to."""

    code = "topic-unknown"
    title_en = "The topic is none of reason, ability and willingness"
    title_zh = "记录主题须为逾期原因、还款能力或还款意愿"


class AttemptRefTaken(Refused):
    """Another attempt was recorded under this reference: one attempt, one reference. Send its own."""

    code = "attempt-ref-taken"
    title_en = "Another contact attempt has this reference"
    title_zh = "该联系记录编号已被使用"


class ReportUnknown(Refused):
    """The case has no report of death or incapacity of that reference."""

    code = "report-unknown"
    title_en = "The case has no such report"
    title_zh = "该案件没有这项报告"


def attempt(facts: CaseFacts, holds: Collection[str], ask: RecordAttempt) -> tuple[e.CaseEvent, ...]:
    """A contact attempt that happened is recorded whatever we think of it, and flagged where nothing permitted it.

    `holds`: the kinds in force on the day of the attempt, as far as known. Raises AttemptRefTaken for a reference under
    which something else is on record.
    """
    if known := facts.one(e.ContactAttempted, ask.attempt_ref):
        if (known.at, known.channel, known.outcome, known.actor_kind, known.permit) != (
            ask.at, ask.channel, ask.outcome, ask.actor_kind, ask.permit,
        ):  # fmt: skip
            raise AttemptRefTaken
        return ()
    held = frozenset() if ask.permit else FORBID_CONTACT.intersection(holds)
    return (
        e.ContactAttempted(
            attempt_ref=ask.attempt_ref,
            at=ask.at,
            on=ask.on,
            channel=ask.channel,
            outcome=ask.outcome,
            actor_kind=ask.actor_kind,
            permit=ask.permit,
            breach=tuple(sorted(held.union(ask.rules))),
        ),
    )


def revised(facts: CaseFacts, holds: Collection[str], ask: ReviseAttempt) -> tuple[e.CaseEvent, ...]:
    """What the contact service knows by now of an attempt; an older revision that comes late is recorded as well.

    The holds it was recorded against stay a breach while no permit covers it; where one was thought to, `holds` do,
    the kinds in force on its day. One that says nothing new of what a case knows is none.
    """
    if facts.one(e.ContactRevised, ask.attempt_ref, str(ask.revision)):
        return ()
    first = facts.one(e.ContactAttempted, ask.attempt_ref)
    against = holds if first is None or first.permit else first.breach
    held = frozenset() if ask.permit else FORBID_CONTACT.intersection(against)
    breach = tuple(sorted(held.union(ask.rules)))
    if first is not None and _says(_before(facts, first, ask.revision)) == (
        ask.at, ask.outcome, ask.permit, breach, ask.retracted,
    ):  # fmt: skip
        return ()
    return (
        e.ContactRevised(
            attempt_ref=ask.attempt_ref,
            revision=ask.revision,
            at=ask.at,
            on=ask.on,
            outcome=ask.outcome,
            permit=ask.permit,
            breach=breach,
            retracted=ask.retracted,
        ),
    )


def _before(
    facts: CaseFacts, first: e.ContactAttempted, revision: int
) -> e.ContactAttempted | e.ContactRevised:
    """What was known of an attempt before a revision."""
    earlier = [
        one
        for one in facts.all(e.ContactRevised)
        if one.attempt_ref == first.attempt_ref and one.revision < revision
    ]
    return max(earlier, key=lambda one: one.revision, default=first)


def _says(one: e.ContactAttempted | e.ContactRevised) -> tuple[object, ...]:
    """What a revision is made for; some revisions only say what others than the case want to know."""
    return one.at, one.outcome, one.permit, one.breach, getattr(one, "retracted", False)


def refusal(facts: CaseFacts, ask: RecordRefusal) -> tuple[e.CaseEvent, ...]:
    """A contact that was not allowed."""
    if facts.one(e.ContactRefused, ask.refusal):
        return ()
    return (
        e.ContactRefused(
            refusal=ask.refusal, at=ask.at, on=ask.on, channel=ask.channel, rules=ask.rules, until=ask.until
        ),
    )


def circumstance(facts: CaseFacts, ask: RecordCircumstance) -> tuple[e.CaseEvent, ...]:
    """What is known of the debtor's situation, and from whom. Raises TopicUnknown."""
    if facts.one(e.CircumstanceRecorded, ask.ref):
        return ()
    if ask.topic not in TOPICS:
        raise TopicUnknown
    return (
        e.CircumstanceRecorded(
            circumstance=ask.ref, topic=ask.topic, on=ask.on, value=ask.value, source=ask.source
        ),
    )


def death(facts: CaseFacts, ask: ReportDeath) -> tuple[e.CaseEvent, ...]:
    """The debtor is said, or known, to have died."""
    if ask.confirmed:
        known = facts.one(e.DeathConfirmed, ask.ref)
        return () if known else (e.DeathConfirmed(report=ask.ref, on=ask.on),)
    return () if facts.one(e.DeathReported, ask.ref) else (e.DeathReported(report=ask.ref, on=ask.on),)


def incapacity(facts: CaseFacts, ask: RecordIncapacity) -> tuple[e.CaseEvent, ...]:
    """The debtor lost legal capacity."""
    known = facts.one(e.IncapacityRecorded, ask.ref)
    return () if known else (e.IncapacityRecorded(report=ask.ref, on=ask.on),)


def retract(facts: CaseFacts, ask: RetractReport) -> tuple[e.CaseEvent, ...]:
    """A report of death or incapacity no longer holds. Raises ReportUnknown."""
    kinds = (e.DeathReported, e.DeathConfirmed, e.IncapacityRecorded)
    said = next((one for kind in kinds if (one := facts.by_key.get((kind.__name__, ask.report)))), None)
    if said is None:
        raise ReportUnknown
    if facts.one(e.ReportRetracted, ask.report):
        return ()
    return (e.ReportRetracted(report=ask.report, on=max(ask.on, said.on), reason=ask.reason),)
