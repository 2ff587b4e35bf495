"""One matter, from the ledger itself."""

from fastapi import APIRouter, Response

from services.legal.api.acting import MatterId
from services.legal.api.desk import Office
from services.legal.api.matters.wire import EXAMPLE, MatterShown
from services.legal.application.matters.shown import document
from services.legal.domain.refusals import MatterUnknown
from shared.http.operations import reading
from shared.http.preconditions import etag
from shared.http.problems import Problem


def add(found: APIRouter, office: Office) -> None:
    """GET /v1/legal-matters/{matter_id}."""

    @found.get(
        "/{matter_id}",
        **reading(
            "showLegalMatter",
            "One matter as the ledger has it: whom it is against, its tracks and what may follow, what falls due",
            scope="legal:read",
            problems=("not-found",),
            example=EXAMPLE,
        ),
    )
    async def show_legal_matter(response: Response, matter_id: MatterId) -> MatterShown:
        desk = office.open_desk
        try:
            known = await desk.acts.load(matter_id)
        except MatterUnknown:
            raise Problem("not-found") from None
        if known.matter_id is None or known.matter.opened is None:
            raise Problem("not-found")
        response.headers["ETag"] = etag(known.matter.version)
        return MatterShown(**document(known, desk.ground, as_of=desk.acts.today))
