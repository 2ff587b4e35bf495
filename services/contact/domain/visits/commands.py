"""What can be asked of visits. `visit` is `vst_…`; `at` is when it happened, None: now; `person` None: the debtor."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from services.contact.domain.commands import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeVisit:
    """The person agreed to be visited on this occasion. `address` in clear: where, sealed under that person's key."""

    visit: str
    on: datetime
    place: str
    address: str = field(repr=False)
    person: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelVisit:
    """The appointment is off: `reason` a code."""

    visit: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Where the recording lies, and its SHA-256 in hex."""

    uri: str = field(repr=False)
    sha256: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVisit:
    """The visit was made at `at`, by `visitors`: an attempt on the channel `visit`, with what came of it.

    `place` None: where it was agreed. What the permit says stands for what is left out.
    """

    visit: str
    attempt: str
    source: str
    source_ref: str
    at: datetime
    visitors: tuple[str, ...]
    outcome: Outcome
    collector_role: str = "first_party"
    place: str | None = None
    point: str | None = None
    case: str | None = None
    debts: tuple[str, ...] = ()
    creditor: str | None = None
    agency: str | None = None
    purpose: str | None = None
    content: tuple[str, ...] = ()
    permit: str | None = None
    recording: Recording | None = None


VisitCommand: TypeAlias = AgreeVisit | CancelVisit | RecordVisit
