"""What the contact service can be asked to do to one subject (a debtor and all that concerns reaching them).

`at` is when it happened in the world, None: now. `person` None is the debtor. Ids (`cpm_…`, `cat_…`) are derived by
the caller from the request, so that a repeated request names the same thing. Nothing here is free text, save what
goes into sections that can be forgotten.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias

from services.contact.domain.facts.asking import Proposed
from services.contact.domain.sending.commands import MessageCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeSubject:
    """Every place and zone the debtor may plausibly be in from `at` on; `zones` None: unknown."""

    debtor_ref: str
    jurisdictions: tuple[str, ...]
    zones: tuple[str, ...] | None = None
    debt_groups: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    source: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCase:
    """A case about the debtor is open, with these debts, or its debts or stage have changed."""

    case: str
    debts: tuple[str, ...] = ()
    stage: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkCase:
    """The case is closed: contact about its debts has no purpose left."""

    case: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPerson:
    """Somebody else has to do with the debt, in this role."""

    person: str
    role: str
    person_ref: str
    source: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkPerson:
    """They no longer have that role."""

    person: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPoint:
    """A way to reach a person; `value` is the number or address in clear, sealed under that person's key."""

    point: str
    medium: str
    value: str
    person: str | None = None
    zone: str | None = None
    source: str = "STAFF"
    workplace: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAccount:
    """How the reference of an account (its stream) ends; sealed under the debtor's key."""

    account: str
    tail: str
    source: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPoint:
    """It is no longer used: DROPPED, REPLACED, DEAD."""

    point: str
    reason: str
    person: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MisdirectPoint:
    """It is somebody else's: what was sent there never reached this person."""

    point: str
    source: str
    person: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReassignment:
    """It was checked that the number is still this person's."""

    point: str
    source: str
    person: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent:
    """Consent of a kind: CALLS, SMS or EMAIL (facts/standing.py)."""

    consent: str
    kind: str
    person: str | None = None
    point: str | None = None
    debts: tuple[str, ...] = ()
    basis: str | None = None
    until: datetime | None = None
    only: tuple[date, ...] = ()
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeConsent:
    """Consent of a kind taken back."""

    kind: str
    person: str | None = None
    point: str | None = None
    debts: tuple[str, ...] = ()
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """Not by this channel, or not to this point."""

    person: str | None = None
    channel: str | None = None
    point: str | None = None
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareInconvenient:
    """A time or a place that does not suit."""

    person: str | None = None
    days: tuple[int, ...] = ()
    from_: time | None = None
    to: time | None = None
    place: str | None = None
    channel: str | None = None
    until: datetime | None = None
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAgreement:
    """An agreement that lets a rule through: agreed_hours, agreed_attempts, agreed_visit, agreed_place …"""

    agreement: str
    kind: str
    person: str | None = None
    document: str | None = None
    until: datetime | None = None
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAgreement:
    """The agreement no longer holds."""

    agreement: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointRepresentative:
    """An attorney, guardian or executor acts for the debtor; debts none: for all."""

    person: str
    role: str
    person_ref: str
    debts: tuple[str, ...] = ()
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissRepresentative:
    """They no longer act, for these debts or, naming none, for all."""

    person: str
    debts: tuple[str, ...] = ()
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseFlag:
    """Something stands that the packs ask about; `cause` names what raised it, and what lifts it names it again."""

    flag: str
    person: str | None = None
    debts: tuple[str, ...] = ()
    until: datetime | None = None
    origin: str = "STAFF"
    cause: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftFlag:
    """It no longer stands: what this cause raised, or, naming none, whatever raised it."""

    flag: str
    person: str | None = None
    debts: tuple[str, ...] = ()
    origin: str = "STAFF"
    cause: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMandate:
    """An agency may collect for a creditor from `at` until `until` (exclusive)."""

    agency: str
    creditor: str | None = None
    until: datetime | None = None
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMandate:
    """The agency's mandate ended."""

    agency: str
    creditor: str | None = None
    origin: str = "STAFF"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPermit:
    """May this contact be made now? `proposed.at` is replaced by the instant at which it is decided.

    `asked_by`: who asks (`user:…`, `system:…`). Leads to ContactPermitted or ContactRefused, both stored.
    """

    permit: str
    proposed: Proposed
    asked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an attempt. `person`: who was reached, None: whom it was meant for, as far as anyone said.

    `identity`: VERIFIED, FAILED or None (not tried). `said`: markers of what was said (discloses_debt,
    refused_contact …), as far as it was told.
    """

    outcome: str
    person: str | None = None
    discussed: tuple[str, ...] | None = None
    seconds: int | None = None
    identity: str | None = None
    said: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAttempt:
    """A contact that was made, by us or to us. `origin` None: LIVE or LATE by its age; HISTORY: before go-live.

    A report repeated word for word adds nothing. `collector`: who made it, where a person did.
    """

    attempt: str
    source: str
    source_ref: str
    channel: str
    at: datetime
    direction: str = "out"
    person: str | None = None
    role: str = "debtor"
    collector_role: str = "first_party"
    point: str | None = None
    case: str | None = None
    debts: tuple[str, ...] = ()
    creditor: str | None = None
    agency: str | None = None
    purpose: str | None = None
    place: str | None = None
    content: tuple[str, ...] = ()
    staff: int | None = None
    reply: bool = False
    permit: str | None = None
    collector: str | None = None
    origin: str | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome:
    """What came of an attempt that was reported before. Another outcome than the recorded one corrects it."""

    attempt: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractAttempt:
    """There was no such contact: the report was wrong."""

    attempt: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRecording:
    """Where the recording of an attempt lies, and its SHA-256 in hex."""

    attempt: str
    uri: str
    sha256: str
    seconds: int | None = None
    at: datetime | None = None


StandingCommand: TypeAlias = (
    DescribeSubject
    | LinkCase
    | UnlinkCase
    | LinkPerson
    | UnlinkPerson
    | RecordPoint
    | NameAccount
    | EndPoint
    | MisdirectPoint
    | CheckReassignment
    | GiveConsent
    | RevokeConsent
    | OptOut
    | DeclareInconvenient
    | FileAgreement
    | EndAgreement
    | AppointRepresentative
    | DismissRepresentative
    | RaiseFlag
    | LiftFlag
    | RecordMandate
    | EndMandate
)
"""What stands about a subject."""
AttemptCommand: TypeAlias = ReportAttempt | RecordOutcome | RetractAttempt | StoreRecording
"""Contacts that were made."""
ContactCommand: TypeAlias = StandingCommand | AskPermit | AttemptCommand | MessageCommand
"""Everything; rooms of their own (visits) add theirs in act.ROOMS."""
