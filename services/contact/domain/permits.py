"""Permits: asked for, held as a place in every cap, spent once, judged again when they are spent."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from services.contact.domain.commands import AskPermit
from services.contact.domain.decide import PERMIT_SPAN
from services.contact.domain.facts.asking import (
    AskingEvent,
    ContactPermitted,
    ContactRefused,
    Failed,
    PackNamed,
    Proposed,
)
from services.contact.domain.history import Lookback
from services.contact.domain.pack import Pack
from services.contact.domain.questions import weigh
from services.contact.domain.sending.judging import Judge, Judged
from services.contact.domain.subject import Contact, Permit, Subject
from services.contact.domain.verdict import ALLOW, Decision


def asked(
    subject: Subject, command: AskPermit, packs: Sequence[Pack], *, now: datetime
) -> tuple[AskingEvent, ...]:
    """The decision as a fact; none where it was taken before."""
    if command.permit in subject.permits or command.permit in subject.refusals:
        return ()
    known = Lookback(subject)
    role = known.role_at(command.proposed.person, now) or command.proposed.role
    proposed = replace(command.proposed, at=now, role=role)
    decision = weigh(known, proposed, packs, reserved=reservations(known, now))
    if decision.outcome == ALLOW:
        return (permitted(subject, command.permit, proposed, decision, command.asked_by),)
    return (refused(subject, command.permit, proposed, decision, command.asked_by),)


def permitted(
    subject: Subject, permit: str, proposed: Proposed, decision: Decision, by: str
) -> ContactPermitted:
    """The fact that a contact is allowed."""
    return ContactPermitted(
        permit=permit, proposed=proposed, valid_until=decision.valid_until or proposed.at + PERMIT_SPAN,
        warnings=decision.warnings, obligations=decision.obligations, packs=named(decision),
        zones=decision.zones, inputs=subject.version, asked_by=by,
    )  # fmt: skip


def refused(
    subject: Subject,
    permit: str,
    proposed: Proposed,
    decision: Decision,
    by: str,
    *,
    at_dispatch: str | None = None,
) -> ContactRefused:
    """The fact that a contact is refused or put off, with every rule that stands against it."""
    return ContactRefused(
        permit=permit, proposed=proposed, outcome=decision.outcome, failed=failures(decision),
        warnings=decision.warnings, until=decision.until, packs=named(decision), zones=decision.zones,
        inputs=subject.version, at_dispatch=at_dispatch, asked_by=by,
    )  # fmt: skip


def failures(decision: Decision) -> tuple[Failed, ...]:
    """The rules that failed, as they are stored."""
    return tuple(
        Failed(rule=one.rule, waits=one.waits, counted=one.counted, observed=one.observed, limit=one.limit)
        for one in decision.findings
    )


def named(decision: Decision) -> tuple[PackNamed, ...]:
    """The packs that took part, as they are stored."""
    return tuple(
        PackNamed(id=one.id, version=one.version, hash=one.hash, provisional=one.provisional)
        for one in decision.packs
    )


def reservations(known: Lookback, at: datetime, *, but: Permit | None = None) -> Iterator[Permit]:
    """The permits that hold a place at an instant; for one that is being spent (`but`) only those given before it.

    Those given after it were given in the knowledge of its own place.
    """
    spent = {one.started.permit for one in known.contacts if one.at <= at}
    for permit in known.subject.permits.values():
        if permit.id in spent or permit.id in known.subject.refusals:
            continue
        if but is not None and permit.number >= but.number:
            continue
        if permit.proposed.at <= at < permit.valid_until:
            yield permit


def covers(permit: Permit, contact: Contact) -> bool:
    """Is the permit for this contact: same person, point and channel, within its time?"""
    asked_for, made = permit.proposed, contact.started
    return (
        (asked_for.person, asked_for.point, asked_for.channel) == (made.person, made.point, made.channel)
        and made.direction == "out"
        and asked_for.at <= made.at < permit.valid_until
    )


def spending(known: Lookback) -> dict[str, str]:
    """permit -> the one contact that spends it: the first, in the order they were made, that it is for."""
    found: dict[str, str] = {}
    for contact in known.contacts:
        permit = known.subject.permits.get(contact.started.permit or "")
        if permit is not None and permit.id not in found and covers(permit, contact):
            found[permit.id] = contact.id
    return found


def judge_of(subject: Subject, packs: Sequence[Pack]) -> Judge:
    """How a message asks whether it may be sent (sending/judging.py)."""
    known = Lookback(subject)

    def judge(proposed: Proposed, *, permit: str, stands_under: str | None, now: datetime, by: str) -> Judged:
        earlier = subject.permits.get(stands_under or "")
        live = earlier is not None and earlier in tuple(reservations(known, now))
        own = earlier if live else None
        asked_now = replace(proposed, at=now)
        decision = weigh(known, asked_now, packs, reserved=reservations(known, now, but=own))
        if decision.outcome == ALLOW and own is not None:
            return Judged(outcome=ALLOW, permit=own.id)
        if decision.outcome == ALLOW:
            event = permitted(subject, permit, asked_now, decision, by)
            return Judged(outcome=ALLOW, permit=permit, events=(event,))
        no = refused(
            subject, permit, asked_now, decision, by, at_dispatch=own.id if own is not None else None
        )
        return Judged(outcome=decision.outcome, permit=permit, until=decision.until, events=(no,))

    return judge


def weighed_at(subject: Subject, proposed: Proposed, packs: Sequence[Pack]) -> Decision:
    """What would be decided of this proposal at `proposed.at`, with the permits that hold a place then."""
    known = Lookback(subject)
    return weigh(known, proposed, packs, reserved=reservations(known, proposed.at))


def same_decision(known: AskingEvent, again: Decision) -> bool:
    """Does a decision taken again come to what was stored: outcome, rules, figures, and until when?"""
    if isinstance(known, ContactPermitted):
        return (again.outcome, again.valid_until) == (ALLOW, known.valid_until)
    return (again.outcome, failures(again), again.until) == (known.outcome, known.failed, known.until)
