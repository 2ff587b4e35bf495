"""What stands about a subject: each command becomes its fact, unless the newest of its kind says the same."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import asdict

from services.contact.domain import commands as c
from services.contact.domain.events import ContactEvent
from services.contact.domain.facts import standing, subject
from services.contact.domain.refusals import AgreementUnknown
from services.contact.domain.reporting import not_ahead
from services.contact.domain.subject import Subject

_BECOMES: dict[type, Callable[..., ContactEvent]] = {
    c.DescribeSubject: subject.SubjectDescribed,
    c.LinkCase: subject.CaseLinked,
    c.UnlinkCase: subject.CaseUnlinked,
    c.LinkPerson: subject.PersonLinked,
    c.UnlinkPerson: subject.PersonUnlinked,
    c.RecordPoint: subject.PointRecorded,
    c.NameAccount: subject.AccountNamed,
    c.EndPoint: subject.PointEnded,
    c.MisdirectPoint: subject.PointFoundMisdirected,
    c.CheckReassignment: subject.ReassignmentChecked,
    c.GiveConsent: standing.ConsentGiven,
    c.RevokeConsent: standing.ConsentRevoked,
    c.OptOut: standing.MediumOptedOut,
    c.DeclareInconvenient: standing.InconvenientTimeDeclared,
    c.FileAgreement: standing.AgreementFiled,
    c.EndAgreement: standing.AgreementEnded,
    c.AppointRepresentative: standing.RepresentativeAppointed,
    c.DismissRepresentative: standing.RepresentativeDismissed,
    c.RaiseFlag: standing.FlagRaised,
    c.LiftFlag: standing.FlagLifted,
    c.RecordMandate: standing.MandateRecorded,
    c.EndMandate: standing.MandateEnded,
}
_SAMENESS: dict[type, tuple[str, ...]] = {
    subject.SubjectDescribed: ("jurisdictions", "zones", "debt_groups", "language"),
    subject.CaseLinked: ("case", "debts", "stage"),
}
"""Of these only the newest counts: one that says the same again adds nothing, whenever it was said."""


def act(known: Subject, command: Any, *, now: datetime) -> tuple[ContactEvent, ...]:
    """The fact that the command states, none where it is on record. Raises the refusals of refusals.py."""
    said = {name: getattr(command, name) for name in command.__dataclass_fields__}
    said["at"] = command.at or now
    not_ahead(said["at"], now)
    event: Any = _BECOMES[type(command)](**said)
    if isinstance(command, c.EndAgreement) and not _filed(known, command.agreement):
        raise AgreementUnknown
    return () if _on_record(known, event, dated=command.at is not None) else (event,)


def _filed(known: Subject, agreement: str) -> bool:
    return any(one.agreement == agreement for _, one in known.of(standing.AgreementFiled))


def _on_record(known: Subject, event: Any, *, dated: bool) -> bool:
    """Was just this said? Without a date of its own, a fact that still is the last word of its kind is the same."""
    recorded: list[Any] = [one for _, one in known.of(type(event))]
    compared = _SAMENESS.get(type(event))
    if compared is not None and not dated:
        newest = max(reversed(recorded), key=lambda one: one.at, default=None)
        return newest is not None and all(getattr(newest, f) == getattr(event, f) for f in compared)
    told = _what(event)
    return any(_what(one) == told for one in recorded)


_PERSONAL = ("value", "person_ref", "debtor_ref", "source")


def _what(event: Any) -> dict[str, Any]:
    """What it says, without what may have been forgotten since and the pseudonyms stand for."""
    return {name: value for name, value in asdict(event).items() if name not in _PERSONAL}
