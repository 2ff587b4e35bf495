"""Whom a matter is against, and who acts for them."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from services.legal.api.acting import (
    DEBT,
    OF_A_MATTER,
    PERSON,
    Act,
    DatedSent,
    DebtRef,
    MatterId,
    PersonRef,
    Word,
    closed,
    example,
    one_of,
    ref,
)
from services.legal.api.desk import Office
from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.parties import FORMS, ROLES
from services.legal.domain.thing_ids import PARTY, REPRESENTATION
from shared.http.bodies import Day, Ref
from shared.http.commands import Asked
from shared.http.operations import command

PartyId = Annotated[str, Path(description="`pty_…`, as the matter shows it.")]
RepresentationId = Annotated[str, Path(description="`rep_…`, as the answer that recorded it gave it.")]


class PartySent(DatedSent):
    """Somebody the matter is against. Said again of the same person and role, the later word counts."""

    role: str = one_of(ROLES)
    person: PersonRef | None = Field(default=None, description="Everybody but the debtor.")
    debts: tuple[DebtRef, ...] = Field(default=(), max_length=200, description="None: all of the case.")
    guarantee: str | None = one_of(FORMS, default=None, description="Of a guarantor: general or joint.")
    until: Day | None = Field(
        default=None, description="Last day of the guarantee period, where one was agreed."
    )
    reference: Ref | None = Field(
        default=None, description="The lender's reference of the person; sealed under their key."
    )


class ReleaseSent(DatedSent):
    """Why it is no longer against them."""

    reason: Word = Field(examples=["RELEASED"])


class RepresentationSent(DatedSent):
    """An attorney acts for the debtor, or for another party: only they are contacted from now on."""

    attorney: PersonRef
    person: PersonRef | None = Field(default=None, description="Whom they act for; the debtor unless given.")
    reference: Ref | None = Field(default=None, description="The attorney's own reference; sealed.")


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page under /v1/legal-matters."""

    @found.post(
        "/{matter_id}/parties",
        **command(
            "nameLegalParty",
            "Say whom the matter is against, or say it anew",
            scope="legal:write",
            problems=(*OF_A_MATTER, "legal-party-terms-refused", "debt-not-of-case"),
            sent={"role": "GUARANTOR", "person": PERSON, "guarantee": "JOINT", "debts": [DEBT]},
            gives=example("pty"),
            links={"releaseLegalParty": {"party_id": "$response.body#/id"}},
        ),
    )
    async def name_legal_party(matter_id: MatterId, sent: PartySent, asked: Asked) -> Response:
        closed("/role", sent.role, ROLES)
        closed("/guarantee", sent.guarantee, FORMS)
        act = Act(office, matter_id, asked)
        party = act.desk.acts.party_id(matter_id, sent.role, sent.person)
        fact = m.PartyNamed(
            party=party, person=sent.person, role=sent.role, debts=sent.debts, guarantee=sent.guarantee,
            until=sent.until, on=act.day(sent.on), reference=sent.reference,
        )  # fmt: skip
        return await act.do(c.Record(fact=fact), id=party)

    @found.post(
        "/{matter_id}/representations",
        **command(
            "recordLegalRepresentation",
            "An attorney acts for a party: the contact service hears of it",
            scope="legal:write",
            problems=OF_A_MATTER,
            sent={"attorney": PERSON},
            gives=example("rep"),
            links={"endLegalRepresentation": {"representation_id": "$response.body#/id"}},
        ),
    )
    async def record_representation(matter_id: MatterId, sent: RepresentationSent, asked: Asked) -> Response:
        act = Act(office, matter_id, asked)
        made = act.id(REPRESENTATION)
        fact = m.DebtorRepresented(
            representation=made, person=sent.person, attorney=sent.attorney, on=act.day(sent.on),
            reference=sent.reference,
        )  # fmt: skip
        return await act.do(c.Record(fact=fact), id=made)


def add_things(found: APIRouter, office: Office) -> None:
    """The routes of this page under /v1."""

    @found.post(
        "/legal-parties/{party_id}/releases",
        **command(
            "releaseLegalParty",
            "The matter is no longer against them",
            scope="legal:write",
            problems=(*OF_A_MATTER, "legal-party-unknown", "party-in-proceedings"),
            sent={"reason": "RELEASED"},
            gives=example(id=ref("pty")),
        ),
    )
    async def release_legal_party(party_id: PartyId, sent: ReleaseSent, asked: Asked) -> Response:
        act = Act.on(office, PARTY, party_id, asked)
        fact = m.PartyDropped(party=party_id, on=act.day(sent.on), reason=sent.reason)
        return await act.do(c.Record(fact=fact), id=party_id)

    @found.post(
        "/legal-representations/{representation_id}/ends",
        **command(
            "endLegalRepresentation",
            "The attorney acts no longer",
            scope="legal:write",
            problems=(*OF_A_MATTER, "legal-representation-unknown"),
            sent={},
            gives=example(id=ref("rep")),
        ),
    )
    async def end_representation(
        representation_id: RepresentationId, sent: DatedSent, asked: Asked
    ) -> Response:
        act = Act.on(office, REPRESENTATION, representation_id, asked)
        fact = m.RepresentationEnded(representation=representation_id, on=act.day(sent.on))
        return await act.do(c.Record(fact=fact), id=representation_id)
