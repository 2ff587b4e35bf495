"""What stands for or against contact: consents, opt-outs, times, agreements, representatives, flags, mandates.

`person` None is the debtor. `until` is exclusive. `origin` says where it comes from: DEBTOR,
STAFF, CASE, LEGAL, HISTORY; DERIVED: raised or lifted by contacts themselves (derived.py), which only tells it.
"""

from datetime import date, datetime, time
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.contact.domain.facts.sections import PERSON_ID
from shared.kernel.section import FACTS


class ConsentGiven(Struct, frozen=True, kw_only=True):
    """Consent: CALLS (to be called more often), SMS, EMAIL (to that medium or address). `basis`: a code of the law.

    `debts` none: all. `only` names days it is limited to.
    """

    at: Annotated[datetime, FACTS]
    consent: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    point: Annotated[str | None, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    basis: Annotated[str | None, FACTS]
    until: Annotated[datetime | None, FACTS]
    only: Annotated[tuple[date, ...], FACTS]
    origin: Annotated[str, FACTS]


class ConsentRevoked(Struct, frozen=True, kw_only=True):
    """Consent of a kind taken back, for these debts or, naming none, all."""

    at: Annotated[datetime, FACTS]
    kind: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    point: Annotated[str | None, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    origin: Annotated[str, FACTS]


class MediumOptedOut(Struct, frozen=True, kw_only=True):
    """Not by this channel (None: any), not to this point (None: any of the channel). One of the two is named."""

    at: Annotated[datetime, FACTS]
    person: Annotated[str | None, FACTS]
    channel: Annotated[str | None, FACTS]
    point: Annotated[str | None, FACTS]
    origin: Annotated[str, FACTS]


class InconvenientTimeDeclared(Struct, frozen=True, kw_only=True):
    """A time or place that does not suit: weekdays (Monday 0; none: every day), from up to and not including `to`."""

    at: Annotated[datetime, FACTS]
    person: Annotated[str | None, FACTS]
    days: Annotated[tuple[int, ...], FACTS]
    from_: Annotated[time | None, FACTS]
    to: Annotated[time | None, FACTS]
    place: Annotated[str | None, FACTS]
    channel: Annotated[str | None, FACTS]
    until: Annotated[datetime | None, FACTS]
    origin: Annotated[str, FACTS]


class AgreementFiled(Struct, frozen=True, kw_only=True):
    """An agreement on file that a rule lets through: agreed_hours, agreed_attempts, agreed_visit, agreed_place …

    `document`: the code under which the paper or recording is kept.
    """

    at: Annotated[datetime, FACTS]
    agreement: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    document: Annotated[str | None, FACTS]
    until: Annotated[datetime | None, FACTS]
    origin: Annotated[str, FACTS]


class AgreementEnded(Struct, frozen=True, kw_only=True):
    """The agreement no longer holds."""

    at: Annotated[datetime, FACTS]
    agreement: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]


class RepresentativeAppointed(Struct, frozen=True, kw_only=True):
    """An attorney, guardian or executor acts for the debtor; `role` as the packs name it. Debts none: all."""

    at: Annotated[datetime, FACTS]
    person: Annotated[str, FACTS]
    role: Annotated[str, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    origin: Annotated[str, FACTS]
    person_ref: Annotated[str, PERSON_ID]


class RepresentativeDismissed(Struct, frozen=True, kw_only=True):
    """The representative no longer acts."""

    at: Annotated[datetime, FACTS]
    person: Annotated[str, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    origin: Annotated[str, FACTS]


class FlagRaised(Struct, frozen=True, kw_only=True):
    """Something that the packs ask about stands: cease, attorney, dispute, moratorium, plan_in_force, purpose_ended,
    debtor_unreachable, contact_refused, time_barred … `cause` names what raised it (a hold, a plan, an attempt).
    """

    at: Annotated[datetime, FACTS]
    flag: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    until: Annotated[datetime | None, FACTS]
    origin: Annotated[str, FACTS]
    cause: Annotated[str | None, FACTS]


class FlagLifted(Struct, frozen=True, kw_only=True):
    """It no longer stands, for these debts or, naming none, for all."""

    at: Annotated[datetime, FACTS]
    flag: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    origin: Annotated[str, FACTS]
    cause: Annotated[str | None, FACTS]


class MandateRecorded(Struct, frozen=True, kw_only=True):
    """A third party may collect for a creditor, from `at` until `until`."""

    at: Annotated[datetime, FACTS]
    agency: Annotated[str, FACTS]
    creditor: Annotated[str | None, FACTS]
    until: Annotated[datetime | None, FACTS]
    origin: Annotated[str, FACTS]


class MandateEnded(Struct, frozen=True, kw_only=True):
    """The mandate of an agency ended."""

    at: Annotated[datetime, FACTS]
    agency: Annotated[str, FACTS]
    creditor: Annotated[str | None, FACTS]
    origin: Annotated[str, FACTS]


StandingEvent: TypeAlias = (
    ConsentGiven
    | ConsentRevoked
    | MediumOptedOut
    | InconvenientTimeDeclared
    | AgreementFiled
    | AgreementEnded
    | RepresentativeAppointed
    | RepresentativeDismissed
    | FlagRaised
    | FlagLifted
    | MandateRecorded
    | MandateEnded
)
