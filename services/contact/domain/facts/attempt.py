"""Contacts that were made, from us or to us, and what came of them. Always recorded when well-formed (DESIGN.md 1.7).

`attempt` is `cat_…`, derived from (`source`, the source's own reference), so that one report is one attempt however
often and by whichever way it comes. Outcomes are those of outcomes.OUTCOMES; a later `revision` corrects an earlier.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.contact.domain.facts.asking import Failed, PackNamed
from services.contact.domain.facts.sections import PERSON_CONTACT
from shared.kernel.section import FACTS, ID, STAFF


class AttemptStarted(Struct, frozen=True, kw_only=True):
    """A contact began at `at`. `direction` out: by us; in: by them. `person` None: the debtor.

    `origin`: LIVE, LATE (reported after the fact) or HISTORY (from before go-live: counted, never judged).
    `debts` are those it was placed for; `case` the case it is about, where one is.
    """

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    source: Annotated[str, FACTS]
    origin: Annotated[str, FACTS]
    channel: Annotated[str, FACTS]
    direction: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    role: Annotated[str, FACTS]
    collector_role: Annotated[str, FACTS]
    point: Annotated[str | None, FACTS]
    case: Annotated[str | None, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    creditor: Annotated[str | None, FACTS]
    agency: Annotated[str | None, FACTS]
    purpose: Annotated[str | None, FACTS]
    place: Annotated[str | None, FACTS]
    content: Annotated[tuple[str, ...], FACTS]
    staff: Annotated[int | None, FACTS]
    reply: Annotated[bool, FACTS]
    permit: Annotated[str | None, FACTS]
    source_ref: Annotated[str, ID]
    collector: Annotated[str | None, STAFF]


class OutcomeRecorded(Struct, frozen=True, kw_only=True):
    """What came of an attempt, as told at revision `revision` (from 1). `discussed`: debts spoken of, None: not said.

    `identity`: VERIFIED, FAILED or None (not tried): no debt is disclosed before it is VERIFIED.
    """

    attempt: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]
    outcome: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    discussed: Annotated[tuple[str, ...] | None, FACTS]
    seconds: Annotated[int | None, FACTS]
    identity: Annotated[str | None, FACTS]
    said: Annotated[tuple[str, ...], FACTS]


class AttemptConnected(Struct, frozen=True, kw_only=True):
    """Derived from an outcome: somebody answered."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]


class AttemptNotConnected(Struct, frozen=True, kw_only=True):
    """Derived from an outcome: nobody was reached; `cause` is the outcome."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    cause: Annotated[str, FACTS]


class RightPartyReached(Struct, frozen=True, kw_only=True):
    """Derived: the person it was meant for was spoken with (right-party contact)."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]


class WrongPartyReached(Struct, frozen=True, kw_only=True):
    """Derived: a stranger was reached; the point is not this person's."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]


class ThirdPartyReached(Struct, frozen=True, kw_only=True):
    """Derived: somebody else than the debtor was reached, who has a role in the matter or shares the point."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    role: Annotated[str, FACTS]


class AttemptRetracted(Struct, frozen=True, kw_only=True):
    """The report was wrong: there was no such contact."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    reason: Annotated[str, FACTS]


class RecordingStored(Struct, frozen=True, kw_only=True):
    """Where a recording lies, and its SHA-256 in hex: the audio itself is never here."""

    attempt: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    sha256: Annotated[str, FACTS]
    seconds: Annotated[int | None, FACTS]
    uri: Annotated[str, PERSON_CONTACT]


class ContactBreached(Struct, frozen=True, kw_only=True):
    """An attempt of ours broke these rules, by what is known now. `found`: AT_ONCE, or LATER by a fact that came after.

    Replaces what an earlier one said of the attempt (`revision` from 1). NO-PERMIT stands among the rules where no
    valid permit covered it.
    """

    attempt: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]
    found: Annotated[str, FACTS]
    failed: Annotated[tuple[Failed, ...], FACTS]
    packs: Annotated[tuple[PackNamed, ...], FACTS]


class BreachWithdrawn(Struct, frozen=True, kw_only=True):
    """By what is known now the attempt broke no rule after all."""

    attempt: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]


AttemptEvent: TypeAlias = (
    AttemptStarted
    | OutcomeRecorded
    | AttemptConnected
    | AttemptNotConnected
    | RightPartyReached
    | WrongPartyReached
    | ThirdPartyReached
    | AttemptRetracted
    | RecordingStored
    | ContactBreached
    | BreachWithdrawn
)
