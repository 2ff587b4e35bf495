"""What a person wants or agreed to: stop, times, channels, language, a representative, consents; one a request."""

from datetime import date, time
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter
from pydantic import Field, RootModel
from starlette.responses import Response

from services.contact.api.asking.acting import (
    OF_A_SUBJECT,
    PERSON,
    Act,
    DatedSent,
    Debts,
    Mark,
    PersonRef,
    PointRef,
    SubjectId,
    Word,
    closed,
    example,
    one_of,
)
from services.contact.api.desk import Desk, Office
from services.contact.domain import commands as c
from services.contact.domain.act import AnyCommand
from services.contact.domain.asked import CHANNELS
from services.contact.domain.facts.subject import SubjectDescribed
from services.contact.domain.history import Lookback
from shared.http.bodies import Moment, Ref, Whole
from shared.http.commands import Asked
from shared.http.operations import command, routes
from shared.http.problems import Problem

CONSENTS = ("CALLS", "SMS", "EMAIL")
ORIGINS = ("DEBTOR", "STAFF")
CEASE, REFUSED = "cease_received", "contact_refused"
"""What it means for the packs that the debtor wants no more contact, or somebody else."""
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["12:00"])]


class OfPersonSent(DatedSent):
    """Whose wish it is, and who said it: the person, or staff who took it down."""

    person: PersonRef | None = Field(default=None, description="The debtor unless given.")
    origin: str = one_of(ORIGINS, default="DEBTOR")


class StopSent(OfPersonSent):
    """No contact about these debts any more, or about any; only what the law requires may still be said."""

    kind: Literal["stop"]
    debts: Debts = ()


class StopWithdrawnSent(OfPersonSent):
    """The person wants to be contacted again."""

    kind: Literal["stop_withdrawn"]
    debts: Debts = ()


class ChannelSent(OfPersonSent):
    """Not by this channel, or not to this number or address: one of the two, or both."""

    kind: Literal["channel"]
    channel: str | None = one_of(CHANNELS, default=None)
    contact_point: PointRef | None = None


class TimesSent(OfPersonSent):
    """A time or place that does not suit: `from` up to and not including `to`, on these weekdays (Monday 0)."""

    kind: Literal["inconvenient"]
    days: tuple[Annotated[Whole, Field(ge=0, le=6)], ...] = Field(default=(), max_length=7)
    from_: Clock | None = Field(default=None, alias="from")
    to: Clock | None = None
    place: Mark | None = Field(default=None, examples=["workplace"])
    channel: str | None = one_of(CHANNELS, default=None)
    until: Moment | None = None


class AgreementSent(OfPersonSent):
    """An agreement on file that lets a rule through: agreed_hours, agreed_attempts, agreed_visit, agreed_place."""

    kind: Literal["agreement"]
    agreement: Mark = Field(examples=["agreed_hours"])
    document: Ref | None = Field(default=None, description="Under which it is kept.")
    until: Moment | None = None


class AgreementEndedSent(DatedSent):
    """An agreement no longer holds."""

    kind: Literal["agreement_ended"]
    agreement_id: Ref = Field(description="As the answer that filed it gave it.")
    reason: Word = Field(examples=["DEBTOR_ASKED"])


class ConsentSent(OfPersonSent):
    """Consent to be called more often, or to a medium. `basis`: a code of the law, where it asks for one."""

    kind: Literal["consent"]
    consent: str = one_of(CONSENTS)
    contact_point: PointRef | None = None
    debts: Debts = ()
    basis: Mark | None = None
    until: Moment | None = None
    only: tuple[date, ...] = Field(default=(), max_length=31, description="Days it is limited to.")


class ConsentRevokedSent(OfPersonSent):
    """Consent taken back."""

    kind: Literal["consent_revoked"]
    consent: str = one_of(CONSENTS)
    contact_point: PointRef | None = None
    debts: Debts = ()


class LanguageSent(DatedSent):
    """The language to write and speak in."""

    kind: Literal["language"]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$", examples=["zh-CN"])]


class RepresentativeSent(DatedSent):
    """Somebody acts for the debtor: an attorney, guardian or executor, known by a reference of yours."""

    kind: Literal["representative"]
    reference: Ref = Field(description="Your reference of the person.", examples=["LAWYER-77"])
    role: Mark = Field(examples=["attorney"])
    debts: Debts = ()
    origin: str = one_of(ORIGINS, default="DEBTOR")


class RepresentativeDismissedSent(DatedSent):
    """The representative no longer acts."""

    kind: Literal["representative_dismissed"]
    person: PersonRef
    debts: Debts = ()
    origin: str = one_of(ORIGINS, default="DEBTOR")


Stated: TypeAlias = Annotated[
    StopSent
    | StopWithdrawnSent
    | ChannelSent
    | TimesSent
    | AgreementSent
    | AgreementEndedSent
    | ConsentSent
    | ConsentRevokedSent
    | LanguageSent
    | RepresentativeSent
    | RepresentativeDismissedSent,
    Field(discriminator="kind"),
]


class PreferenceSent(RootModel[Stated]):
    """One preference; `kind` says which."""


def router(office: Office) -> APIRouter:
    """POST /v1/subjects/{subject_id}/preferences."""
    found = routes("/v1", tag="contact subjects")

    @found.post(
        "/subjects/{subject_id}/preferences",
        **command(
            "stateContactPreference",
            "Record what a person wants or agreed to; it binds from then on, and shows what broke it already",
            scope="contact:record",
            problems=(*OF_A_SUBJECT, "agreement-unknown"),
            sent={"kind": "inconvenient", "days": [2], "from": "12:00", "to": "14:00"},
            gives=example(id="agr_4711", person=PERSON),
        ),
    )
    async def state_preference(subject_id: SubjectId, sent: PreferenceSent, asked: Asked) -> Response:
        act = Act(office, subject_id, asked)
        stated, refs = await _command(office.open_desk, subject_id, sent.root, asked.key, asked.caller.client)
        answer, _ = await act.do(stated, **refs)
        return answer

    return found


async def _command(
    desk: Desk, subject_id: str, said: Any, key: str, client: str
) -> tuple[AnyCommand, dict[str, Any]]:
    """The command that a preference is, and the references of what it makes. Raises Problem `invalid`."""
    closed("/origin", getattr(said, "origin", None), ORIGINS)
    closed("/channel", getattr(said, "channel", None), CHANNELS)

    def made(prefix: str) -> str:
        return desk.acts.thing_id(prefix, subject_id, client=client, operation="preference", key=key)

    match said:
        case StopSent():
            ref = made("stp")
            return c.RaiseFlag(
                flag=_stop(said.person),
                person=said.person,
                debts=said.debts,
                origin=said.origin,
                cause=ref,
                at=said.at,
            ), {"id": ref}
        case StopWithdrawnSent():
            return c.LiftFlag(
                flag=_stop(said.person), person=said.person, debts=said.debts, origin=said.origin, at=said.at
            ), {}
        case ChannelSent():
            if said.channel is None and said.contact_point is None:
                raise Problem("invalid", errors=[("/channel", "ONE_OF_TWO")])
            return c.OptOut(
                person=said.person,
                channel=said.channel,
                point=said.contact_point,
                origin=said.origin,
                at=said.at,
            ), {}
        case TimesSent():
            return _times(said), {}
        case AgreementSent():
            ref = made("agr")
            return c.FileAgreement(
                agreement=ref, kind=said.agreement, person=said.person, document=said.document,
                until=said.until, origin=said.origin, at=said.at,
            ), {"id": ref}  # fmt: skip
        case AgreementEndedSent():
            return c.EndAgreement(agreement=said.agreement_id, reason=said.reason, at=said.at), {}
        case _:
            return await _more(desk, subject_id, said, made)


async def _more(desk: Desk, subject_id: str, said: Any, made: Any) -> tuple[AnyCommand, dict[str, Any]]:
    match said:
        case ConsentSent():
            closed("/consent", said.consent, CONSENTS)
            ref = made("cns")
            return c.GiveConsent(
                consent=ref, kind=said.consent, person=said.person, point=said.contact_point, debts=said.debts,
                basis=said.basis, until=said.until, only=said.only, origin=said.origin, at=said.at,
            ), {"id": ref}  # fmt: skip
        case ConsentRevokedSent():
            closed("/consent", said.consent, CONSENTS)
            return c.RevokeConsent(
                kind=said.consent, person=said.person, point=said.contact_point, debts=said.debts,
                origin=said.origin, at=said.at,
            ), {}  # fmt: skip
        case LanguageSent():
            return await _language(desk, subject_id, said), {}
        case RepresentativeSent():
            person = desk.acts.person_id(said.reference)
            return c.AppointRepresentative(
                person=person, role=said.role, person_ref=said.reference, debts=said.debts, origin=said.origin,
                at=said.at,
            ), {"person": person}  # fmt: skip
        case RepresentativeDismissedSent():
            return c.DismissRepresentative(
                person=said.person, debts=said.debts, origin=said.origin, at=said.at
            ), {}
    raise AssertionError(f"no command is a {type(said).__name__}")


def _times(said: TimesSent) -> AnyCommand:
    """Raises Problem `invalid` where neither a time nor a place is named."""
    if not said.days and said.from_ is None and said.to is None and said.place is None:
        raise Problem("invalid", errors=[("/from", "TIME_OR_PLACE")])
    return c.DeclareInconvenient(
        person=said.person, days=tuple(sorted(set(said.days))), from_=_clock(said.from_), to=_clock(said.to),
        place=said.place, channel=said.channel, until=said.until, origin=said.origin, at=said.at,
    )  # fmt: skip


def _stop(person: str | None) -> str:
    return CEASE if person is None else REFUSED


def _clock(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


async def _language(desk: Desk, subject_id: str, said: LanguageSent) -> AnyCommand:
    """The description as it is, in another language. Raises Problem `invalid` for one whom nobody described."""
    state = (await desk.acts.load(subject_id)).state
    now = said.at or desk.clock.now()
    told: SubjectDescribed | None = Lookback(state).described_at(now)
    if told is None or state.debtor_ref is None:
        raise Problem("invalid", errors=[("/language", "SUBJECT_NOT_DESCRIBED")])
    return c.DescribeSubject(
        debtor_ref=state.debtor_ref, jurisdictions=told.jurisdictions, zones=told.zones,
        debt_groups=told.debt_groups, language=said.language, source="PREFERENCE", at=said.at,
    )  # fmt: skip
