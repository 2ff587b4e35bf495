"""Who works a case: it is given to a collector, and from then on handed to nobody else."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import OF_A_CASE, Act, CaseId, DatedSent, Word, example
from services.case.api.desk import Office
from services.case.domain.case_commands import AssignCase
from services.case.projections.staffing import handing
from shared.http.bodies import Ref
from shared.http.commands import Asked
from shared.http.operations import command, routes


class AssignmentSent(DatedSent):
    """Who gets the case, and why."""

    collector: Ref = Field(
        description="The collector's staff id, as the `sub` of their tokens has it.", examples=["user:5b0e"]
    )
    reason: Word = Field(examples=["SKILL"])


def router(office: Office) -> APIRouter:
    """POST /v1/cases/{case_id}/assignments."""
    found = routes("/v1/cases", tag="queues")

    @found.post(
        "/{case_id}/assignments",
        **command(
            "assignCase",
            "Give the case to a collector; assigned again, it goes to the other one. By the staff directory, where "
            "there is one, they must be there and have room",
            scope="case:write",
            problems=(*OF_A_CASE, "staff-unknown", "collector-not-there", "collector-cap-reached"),
            sent={"collector": "user:5b0e", "reason": "SKILL"},
            gives=example("alc"),
        ),
    )
    async def assign_case(case_id: CaseId, sent: AssignmentSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("alc")
        assigned = AssignCase(ref=ref, on=act.day(sent.on), collector=sent.collector, reason=sent.reason)

        async def there() -> None:
            desk = office.open_desk
            today = desk.decisions.today
            await desk.ask(
                lambda connection: handing.may_take(
                    connection, collector=sent.collector, case_id=case_id, today=today
                )
            )

        return await act.do(assigned, id=ref, unless=there)

    return found
