"""What the other services are told of the contacts that a command touched: an AttemptTold for each that says more now.

Nothing is told of an attempt of which nobody knows yet what came of it, of contacts that came in to us, and of those
from before go-live, which the other services have from their own imports.

A message demands where its text is one that collects; a call or a visit where the debtor was spoken with, had said who
they are where anybody asked, and the debts were spoken of. A number found to be a stranger's takes its contacts along.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from services.contact.domain import derived
from services.contact.domain.facts.subject import PointFoundMisdirected, PointRecorded
from services.contact.domain.facts.told import AttemptTold
from services.contact.domain.outcomes import CONVERSATION, WRONG_PARTY
from services.contact.domain.sending import message as m
from services.contact.domain.subject import HISTORY, Contact, Person, Subject, fold_subject
from services.contact.domain.told.flags import cases_of

Wrong: TypeAlias = frozenset[tuple[Person, str]]
COLLECT, FAILED = "collect", "FAILED"
SENT, DELIVERED, UNDELIVERED = "SENT", "DELIVERED", "UNDELIVERED"
_OF_MESSAGES = {
    m.DISPATCHED: SENT, m.UNRESOLVED: SENT, m.DELIVERED: DELIVERED, m.FAILED: UNDELIVERED, m.BOUNCED: UNDELIVERED,
}  # fmt: skip
"""A message of which nobody can say whether it was sent may have reached the debtor, so it counts as sent."""


def of(before: Subject, events: Sequence[Any], *, now: datetime) -> tuple[AttemptTold, ...]:
    """What is to be told after these events of a command."""
    touched = list(filter(None, map(_touches, events)))
    if not touched and not any(isinstance(one, _OF_POINTS) for one in events):
        return ()
    after = fold_subject(events, begin=before)
    wrong, was = derived.misdirected(after).keys(), derived.misdirected(before).keys()
    if changed := wrong ^ was:
        told = (after.contacts[ref].started for ref in after.told if ref in after.contacts)
        touched += [one.attempt for one in told if (one.person, one.point) in changed]
    return tuple(_told(after, list(dict.fromkeys(touched)), frozenset(wrong), now))


_OF_POINTS = (PointFoundMisdirected, PointRecorded)


def _touches(event: Any) -> str | None:
    found = getattr(event, "attempt", None) or getattr(event, "message", None)
    return found if isinstance(found, str) else None


def _told(known: Subject, touched: Sequence[str], wrong: Wrong, now: datetime) -> Iterator[AttemptTold]:
    for ref in touched:
        contact, last = known.contacts.get(ref), known.told.get(ref)
        if contact is None or contact.started.direction != "out" or contact.started.origin == HISTORY:
            continue
        outcome = _outcome(known, contact) or (None if last is None else last.outcome)
        if outcome is None or (contact.retracted and last is None):
            continue
        said = _said(known, contact, outcome, last, wrong, now)
        if last is None or _content(said) != _content(last):
            yield said


def _outcome(known: Subject, contact: Contact) -> str | None:
    message = known.messages.get(contact.id)
    if message is not None:
        return _OF_MESSAGES.get(message.status)
    return None if contact.outcome is None else contact.outcome.outcome


def _demands(known: Subject, contact: Contact, outcome: str) -> bool:
    """Did whoever it was meant for have to understand it as asking for performance?"""
    if contact.started.purpose != COLLECT:
        return False
    if contact.id in known.messages:
        return True
    told = contact.outcome
    if told is None or outcome not in CONVERSATION or told.person not in (None, contact.started.person):
        return False
    return bool(told.discussed) and told.identity != FAILED


def _delivered_at(known: Subject, contact: Contact) -> datetime | None:
    message = known.messages.get(contact.id)
    if message is None or message.status != m.DELIVERED or message.reported is None:
        return None
    return message.reported[0]


def _debts(contact: Contact) -> tuple[str, ...]:
    """Those spoken of where that was told, else those it was placed for."""
    told = contact.outcome
    return contact.started.debts if told is None or told.discussed is None else told.discussed


def _said(
    known: Subject, contact: Contact, outcome: str, last: AttemptTold | None, wrong: Wrong, now: datetime
) -> AttemptTold:
    """A revision goes to the cases that know of the contact, whichever are open by now."""
    started = contact.started
    open_now = tuple(sorted(case for case, linked in cases_of(known).items() if linked.open))
    about = (started.case,) if started.case is not None else open_now if last is None else last.cases
    rules = known.breaches.get(contact.id, (0, ()))[1]
    return AttemptTold(
        attempt=contact.id, revision=1 if last is None else last.revision + 1, at=now, began_at=started.at,
        cases=about, channel=started.channel, role=started.role,
        collector_role=started.collector_role, outcome=outcome, permit=started.permit, rules=tuple(sorted(rules)),
        retracted=contact.retracted, person=started.person, point=started.point, debts=_debts(contact),
        purpose=started.purpose, demand=_demands(known, contact, outcome),
        delivered_at=_delivered_at(known, contact),
        misdirected=outcome == WRONG_PARTY or (started.person, started.point) in wrong,
        recorded=bool(known.recordings.get(contact.id)),
    )  # fmt: skip


def _content(said: AttemptTold) -> tuple[Any, ...]:
    """What a revision is made for."""
    return (
        said.outcome, said.permit, said.rules, said.retracted, said.began_at, said.demand, said.delivered_at,
        said.misdirected, said.recorded, said.debts,
    )  # fmt: skip
