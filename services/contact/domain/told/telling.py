"""What the case service is told of the contacts that a command touched: one AttemptTold for each that now says more.

Nothing is told of an attempt of which nobody knows yet what came of it, of contacts that came in to us, and of those
from before go-live, which the case service has from its own import.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from services.contact.domain.facts.told import AttemptTold
from services.contact.domain.sending import message as m
from services.contact.domain.subject import HISTORY, Contact, Subject, fold_subject
from services.contact.domain.told.flags import cases_of

SENT, DELIVERED, UNDELIVERED = "SENT", "DELIVERED", "UNDELIVERED"
_OF_MESSAGES = {
    m.DISPATCHED: SENT, m.UNRESOLVED: SENT, m.DELIVERED: DELIVERED, m.FAILED: UNDELIVERED, m.BOUNCED: UNDELIVERED,
}  # fmt: skip
"""A message of which nobody can say whether it was sent may have reached the debtor, so it counts as sent."""


def of(before: Subject, events: Sequence[Any], *, now: datetime) -> tuple[AttemptTold, ...]:
    """What is to be told after these events of a command."""
    touched = list(dict.fromkeys(filter(None, map(_touches, events))))
    if not touched:
        return ()
    after = fold_subject(events, begin=before)
    return tuple(_told(after, touched, now))


def _touches(event: Any) -> str | None:
    found = getattr(event, "attempt", None) or getattr(event, "message", None)
    return found if isinstance(found, str) else None


def _told(known: Subject, touched: Sequence[str], now: datetime) -> Iterator[AttemptTold]:
    for ref in touched:
        contact, last = known.contacts.get(ref), known.told.get(ref)
        if contact is None or contact.started.direction != "out" or contact.started.origin == HISTORY:
            continue
        outcome = _outcome(known, contact) or (None if last is None else last.outcome)
        if outcome is None or (contact.retracted and last is None):
            continue
        said = _said(known, contact, outcome, last, now)
        if last is None or _content(said) != _content(last):
            yield said


def _outcome(known: Subject, contact: Contact) -> str | None:
    message = known.messages.get(contact.id)
    if message is not None:
        return _OF_MESSAGES.get(message.status)
    return None if contact.outcome is None else contact.outcome.outcome


def _said(
    known: Subject, contact: Contact, outcome: str, last: AttemptTold | None, now: datetime
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
        retracted=contact.retracted,
    )  # fmt: skip


def _content(said: AttemptTold) -> tuple[Any, ...]:
    """What a revision is made for."""
    return said.outcome, said.permit, said.rules, said.retracted, said.began_at
