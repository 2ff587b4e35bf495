"""Which contacts were made, from us or to us, what came of each, and which broke a rule?

One row a contact: what was reported, and every message from the moment it may have left the house. What the record had
of it before stays beside it, so the ledger can be read as it was known at a time. Beside it one row a breach.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
import sqlalchemy as sa

from services.contact.domain.events import ContactEvent
from services.contact.domain.facts import attempt as a
from services.contact.domain.facts.asking import Failed, PackNamed
from services.contact.domain.sending import message as m
from services.contact.projections.asking.attempt_rows import ATTEMPTS, BREACHES, AttemptRow, BreachRow
from services.contact.projections.ledger_pages import ABSENT, PRESENT, SUBJECT, After, Holds, stored
from services.contact.projections.sending.message_state import MESSAGE_EVENTS, dumped, loaded
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

NOBODY, SOMEBODY = "NOBODY", "SOMEBODY"
RIGHT_PARTY, WRONG_PARTY, THIRD_PARTY = "RIGHT_PARTY", "WRONG_PARTY", "THIRD_PARTY"
REACHED = (NOBODY, SOMEBODY, RIGHT_PARTY, WRONG_PARTY, THIRD_PARTY)
"""Whom a contact reached; None where nothing is known of it yet, or it is a message."""
DIRECTIONS = ("out", "in")
_OURS = "MESSAGE"


MESSAGES = sa.Table(
    "contact_attempt_message_v1",
    sa.MetaData(),
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
)

AttemptSeen: TypeAlias = Recorded[ContactEvent | Erased]


_OF_ATTEMPTS = (
    a.AttemptStarted, a.OutcomeRecorded, a.AttemptConnected, a.AttemptNotConnected, a.RightPartyReached,
    a.WrongPartyReached, a.ThirdPartyReached, a.AttemptRetracted, a.RecordingStored,
)  # fmt: skip
_OF_BREACHES = (a.ContactBreached, a.BreachWithdrawn)


def wants(seen: AttemptSeen) -> Iterable[tuple[str, str]]:
    """The contact's row, and what else the event bears on."""
    event = seen.event
    if isinstance(event, _OF_ATTEMPTS):
        return ((ATTEMPTS.now.name, event.attempt),)
    if isinstance(event, _OF_BREACHES):
        return ((ATTEMPTS.now.name, event.attempt), (BREACHES.now.name, event.attempt))
    if isinstance(event, MESSAGE_EVENTS):
        return ((ATTEMPTS.now.name, event.message), (MESSAGES.name, event.message))
    return ()


def apply(seen: AttemptSeen, rows: Working) -> None:
    """The ledger after one more event; of a contact whose beginning was erased nothing is shown."""
    event = seen.event
    if isinstance(event, MESSAGE_EVENTS):
        _of_message(seen, event, rows)
    elif isinstance(event, _OF_BREACHES):
        _of_breach(seen, event, rows)
    elif isinstance(event, _OF_ATTEMPTS):
        found = rows.get(ATTEMPTS.now, event.attempt)
        row = _after(AttemptRow(*found) if found else None, event, seen)
        if row is not None:
            ATTEMPTS.lay(rows, row[:-2], seen)


def _after(row: AttemptRow | None, event: Any, seen: AttemptSeen) -> AttemptRow | None:
    """The row to stand, None where the event says nothing of a contact that is known."""
    if isinstance(event, a.AttemptStarted):
        return _started(event, seen) if row is None else None
    if row is None:
        return None
    match event:
        case a.OutcomeRecorded():
            standing = (row.told_at, row.revision) if row.told_at is not None else None
            if standing is not None and (event.at, event.revision) <= standing:
                return None  # told later, but of an earlier time: what stands is what was told last by its own time
            return row._replace(
                outcome=event.outcome, person=event.person or row.person, identity=event.identity, reached=None,
                told_at=event.at, revision=event.revision,
            )  # fmt: skip
        case a.AttemptConnected():
            return row._replace(reached=row.reached or SOMEBODY)
        case a.AttemptNotConnected():
            return row._replace(reached=NOBODY)
        case a.RightPartyReached():
            return row._replace(reached=RIGHT_PARTY)
        case a.WrongPartyReached():
            return row._replace(reached=WRONG_PARTY)
        case a.ThirdPartyReached():
            return row._replace(reached=THIRD_PARTY)
        case a.AttemptRetracted():
            return row._replace(retracted_at=event.at, retracted=event.reason)
        case a.RecordingStored():
            return row._replace(recordings=row.recordings + 1)
    return None


def _started(event: a.AttemptStarted, seen: AttemptSeen) -> AttemptRow:
    return AttemptRow(
        event.attempt, seen.lane, seen.position, seen.stream, event.at, event.channel, event.direction, event.role,
        event.collector_role, event.person, event.point, event.case, event.purpose, event.permit, event.origin,
        event.source, None, None, None, None, None, 0, 0, None, None, None,
    )  # fmt: skip


def _of_message(seen: AttemptSeen, event: Any, rows: Working) -> None:
    """A message is a contact while it may have reached anybody; one that certainly left nobody's house is none."""
    held = rows.get(MESSAGES, event.message)
    message = m.evolve(loaded(held[1]) if held else None, event)
    if message is None:
        return
    rows.put(MESSAGES, message.id, (message.id, dumped(message)))
    found = rows.get(ATTEMPTS.now, message.id)
    if not message.counts:
        ATTEMPTS.lift(rows, message.id, seen)
        return
    row = AttemptRow(*found) if found else _sent(message, seen)
    row = row._replace(at=message.sending_at or row.at, permit=message.permit, delivery=message.status)
    if found is None or row[4:] != found[4:]:
        ATTEMPTS.lay(rows, row[:-2], seen)


def _sent(message: m.Message, seen: AttemptSeen) -> AttemptRow:
    said = message.proposed
    return AttemptRow(
        message.id, seen.lane, seen.position, seen.stream, message.sending_at or said.at, said.channel, "out",
        said.role, said.collector_role, said.person, said.point, said.case, said.purpose, message.permit, "LIVE",
        _OURS, None, None, None, message.status, None, 0, 0, None, None, None,
    )  # fmt: skip


def _of_breach(seen: AttemptSeen, event: a.ContactBreached | a.BreachWithdrawn, rows: Working) -> None:
    """What the contact broke, by what is known now; where the contact itself is not shown, by when that was found."""
    found, held = rows.get(ATTEMPTS.now, event.attempt), rows.get(BREACHES.now, event.attempt)
    row = AttemptRow(*found) if found else None
    before = BreachRow(*held) if held else None
    if isinstance(event, a.ContactBreached):
        rules = " ".join(dict.fromkeys(one.rule for one in event.failed))
        after = BreachRow(
            event.attempt, seen.lane, seen.position, seen.stream,
            row.at if row else before.at if before else event.at, event.revision,
            row.channel if row else None, row.case_id if row else None, event.found, seen.recorded_at, rules,
            _json(event.failed), _json(event.packs), None,
        )  # fmt: skip
        BREACHES.lay(rows, after[:-2], seen)
    elif before is not None:
        rules = ""
        BREACHES.lay(rows, before._replace(revision=event.revision, withdrawn_at=seen.recorded_at)[:-2], seen)
    else:
        return
    if row is not None:
        ATTEMPTS.lay(rows, row._replace(rules=rules or None)[:-2], seen)


def _json(said: tuple[Failed, ...] | tuple[PackNamed, ...]) -> str:
    return msgspec.json.encode(said).decode()


VIEW = View(
    name="contact.attempts",
    version=1,
    tables=(ATTEMPTS.now, ATTEMPTS.before, BREACHES.now, BREACHES.before, MESSAGES),
    apply=apply,
    wants=wants,
    streams=(SUBJECT,),
    types=stored(*_OF_ATTEMPTS, *_OF_BREACHES, *MESSAGE_EVENTS),
)


def page(
    connection: sa.Connection,
    *,
    subject: str | None = None,
    case_id: str | None = None,
    channel: str | None = None,
    direction: str | None = None,
    outcome: str | None = None,
    reached: str | None = None,
    breached: bool = False,
    from_: datetime | None = None,
    until: datetime | None = None,
    known_at: datetime | None = None,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[AttemptRow]:
    """Contacts, the latest first, at most PAGE_MAX; the range is of the instant of contact, its end excluded."""
    wanted: dict[str, object] = {
        "subject": subject, "case_id": case_id, "channel": channel, "direction": direction, "outcome": outcome,
        "reached": reached, "rules": PRESENT if breached else None,
    }  # fmt: skip
    found = ATTEMPTS.page(
        connection, wanted, from_=from_, until=until, known_at=known_at, after=after, limit=limit, pin=pin
    )
    return [AttemptRow(*row) for row in found]


def breaches(
    connection: sa.Connection,
    *,
    subject: str | None = None,
    channel: str | None = None,
    found: str | None = None,
    rule: str | None = None,
    standing: bool = True,
    from_: datetime | None = None,
    until: datetime | None = None,
    known_at: datetime | None = None,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[BreachRow]:
    """Breaches, those of the latest contacts first. `standing`: only those that were not withdrawn."""
    wanted: dict[str, object] = {
        "subject": subject, "channel": channel, "found": found, "rules": Holds(rule) if rule else None,
        "withdrawn_at": ABSENT if standing else None,
    }  # fmt: skip
    rows = BREACHES.page(
        connection, wanted, from_=from_, until=until, known_at=known_at, after=after, limit=limit, pin=pin
    )
    return [BreachRow(*row) for row in rows]


def one(connection: sa.Connection, attempt: str) -> AttemptRow | None:
    """The contact of this id, None where the ledger has none."""
    found = connection.execute(sa.select(ATTEMPTS.now).where(ATTEMPTS.now.c.thing == attempt)).first()
    return AttemptRow(*found) if found else None
