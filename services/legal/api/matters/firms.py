"""The papers of a matter, and the law firm that has it under its mandate."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.legal.api.acting import (
    DIGEST,
    OF_A_MATTER,
    Act,
    DatedSent,
    Digest,
    MatterId,
    Word,
    closed,
    example,
    one_of,
    ref,
)
from services.legal.api.desk import Office
from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.recording.papers import KINDS
from services.legal.domain.thing_ids import DOCUMENT, PLACEMENT
from shared.http.bodies import Day, Ref, Text, Whole
from shared.http.commands import Asked
from shared.http.operations import command

PlacementId = Annotated[str, Path(description="`plf_…`, as the matter shows it.")]
Licence = Annotated[
    str, StringConstraints(pattern=r"^[0-9A-Z]{8,32}$"), Field(examples=["31110000E00017891X"])
]
"""The firm's practising licence (律师事务所执业许可证) by number."""


class DocumentSent(DatedSent):
    """A paper, by its hash; the paper itself stays where it is."""

    kind: str = one_of(KINDS)
    sha256: Digest
    pages: Whole | None = Field(default=None, ge=1, le=100_000)
    location: Text | None = Field(
        default=None, description="Where the paper lies; sealed.", examples=["DMS 4711"]
    )


class LegalPlacementSent(DatedSent):
    """The firm that takes it, by its licence, under a mandate that is among the matter's documents."""

    firm: Ref = Field(examples=["FIRM-9"])
    licence: Licence
    mandate: Digest = Field(description="The SHA-256 of the mandate (委托书).")
    until: Day | None = Field(
        default=None, description="The mandate ends before that day; open unless given."
    )
    counsel: Ref | None = Field(
        default=None, description="The lawyer, as the lender names them.", examples=["L-12"]
    )


class PlacementEndSent(DatedSent):
    """Why the firm has it no longer."""

    reason: Word = Field(examples=["MANDATE_ENDED"])


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page under /v1/legal-matters."""

    @found.post(
        "/{matter_id}/documents",
        **command(
            "fileLegalDocument",
            "Put a paper on file by its hash",
            scope="legal:write",
            problems=OF_A_MATTER,
            sent={"kind": "MANDATE", "sha256": DIGEST, "pages": 2},
            gives=example("doc"),
        ),
    )
    async def file_legal_document(matter_id: MatterId, sent: DocumentSent, asked: Asked) -> Response:
        closed("/kind", sent.kind, KINDS)
        act = Act(office, matter_id, asked)
        made = act.id(DOCUMENT)
        fact = m.DocumentFiled(
            document=made, kind=sent.kind, sha256=sent.sha256, on=act.day(sent.on), pages=sent.pages,
            location=sent.location, by=act.by,
        )  # fmt: skip
        return await act.do(c.Record(fact=fact), id=made)

    @found.post(
        "/{matter_id}/placements",
        **command(
            "placeWithLawFirm",
            "Give the matter to a licensed law firm under its mandate",
            scope="legal:write",
            problems=(
                *OF_A_MATTER, "mandate-missing", "matter-placed-already", "legal-placement-terms-refused",
            ),
            sent={"firm": "FIRM-9", "licence": "31110000E00017891X", "mandate": DIGEST},
            gives=example("plf"),
            links={"endLawFirmPlacement": {"placement_id": "$response.body#/id"}},
        ),
    )  # fmt: skip
    async def place_with_law_firm(matter_id: MatterId, sent: LegalPlacementSent, asked: Asked) -> Response:
        act = Act(office, matter_id, asked)
        made = act.id(PLACEMENT)
        fact = m.PlacedWithFirm(
            placement=made, firm=sent.firm, licence=sent.licence, mandate=sent.mandate, on=act.day(sent.on),
            until=sent.until, counsel=sent.counsel,
        )  # fmt: skip
        return await act.do(c.Record(fact=fact), id=made)


def add_things(found: APIRouter, office: Office) -> None:
    """The routes of this page under /v1."""

    @found.post(
        "/legal-placements/{placement_id}/ends",
        **command(
            "endLawFirmPlacement",
            "The firm has the matter no longer",
            scope="legal:write",
            problems=(*OF_A_MATTER, "legal-placement-unknown"),
            sent={"reason": "MANDATE_ENDED"},
            gives=example(id=ref("plf")),
        ),
    )
    async def end_placement(placement_id: PlacementId, sent: PlacementEndSent, asked: Asked) -> Response:
        act = Act.on(office, PLACEMENT, placement_id, asked)
        fact = m.PlacementEnded(placement=placement_id, on=act.day(sent.on), reason=sent.reason)
        return await act.do(c.Record(fact=fact), id=placement_id)
