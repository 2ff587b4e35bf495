"""What a dialer calls back with: results of calls, many at once, each an attempt under the dialer's own reference."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.contact.api.asking.acting import (
    OF_A_SUBJECT,
    OF_A_THING,
    Marks,
    PermitRef,
    Word,
    closed,
    one_of,
)
from services.contact.api.batches import BYTES_MAX, ITEMS_MAX, each, many
from services.contact.api.desk import Office
from services.contact.application.dialing.results import DialResult
from services.contact.domain.outcomes import OUTCOMES
from shared.http.bodies import Moment, Ref, Sent, Whole
from shared.http.commands import Asked
from shared.http.language import chosen
from shared.http.operations import command, routes

IDENTITIES = ("VERIFIED", "FAILED")
_OUTCOMES = sorted(OUTCOMES)
ListRef = Annotated[str, StringConstraints(pattern=r"^dls_[0-9a-f]{24}$")]


class DialResultSent(Sent):
    """One call: whom it was to by its permit, or by the list and line it was called from."""

    source_ref: Ref = Field(description="The dialer's own reference of the call.", examples=["CDR-4711"])
    at: Moment = Field(description="When it was placed.")
    outcome: str = one_of(_OUTCOMES)
    permit: PermitRef | None = None
    list: ListRef | None = None
    line: Whole | None = Field(default=None, ge=1, le=100_000)
    seconds: Whole | None = Field(default=None, ge=0, le=86_400)
    identity: str | None = one_of(IDENTITIES, default=None)
    said: Marks = ()
    told_at: Moment | None = Field(default=None, description="When the dialer said so; a later one corrects.")

    def result(self) -> DialResult:
        """As the desk takes it. Raises Problem `invalid`."""
        closed("/outcome", self.outcome, _OUTCOMES)
        closed("/identity", self.identity, IDENTITIES)
        return DialResult(
            source_ref=self.source_ref, at=self.at, outcome=self.outcome, permit=self.permit, list=self.list,
            line=self.line, seconds=self.seconds, identity=self.identity, said=self.said, told_at=self.told_at,
        )  # fmt: skip


class DialResultsSent(Sent):
    """Results of one dialer."""

    source: Word = Field(description="Which dialer: the code of the system.", examples=["DIALER"])
    items: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=ITEMS_MAX)


def router(office: Office) -> APIRouter:
    """POST /v1/dialer-results."""
    found = routes("/v1", tag="dialing")
    item = {
        "source_ref": "CDR-4711", "permit": f"cpm_{OF_A_THING}", "at": "2026-11-23T10:01:00+08:00",
        "outcome": "ring_no_answer", "seconds": 22,
    }  # fmt: skip
    said = command(
        "takeDialerResults",
        f"What came of calls, at most {ITEMS_MAX}: taken late, twice and in any order; a bad one spoils no other",
        scope="contact:record",
        problems=(*OF_A_SUBJECT, "dial-line-unknown", "attempt-already-reported", "attempt-retracted"),
        sent={"source": "DIALER", "items": [item]},
        gives={},
        bytes_max=BYTES_MAX,
    )
    taken = {
        "item": 0,
        "status": 201,
        "attempt": f"cat_{OF_A_THING}",
        "new": True,
        "corrected": False,
        "breach": [],
    }

    @found.post("/dialer-results", **many(said, {"items": [taken]}))
    async def take_results(
        request: Request,
        sent: DialResultsSent,
        asked: Asked,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> Response:
        desk = office.open_desk

        async def take(one: DialResultSent) -> dict[str, Any]:
            result = one.result()
            if asked.dry_run:
                return {"status": 200, "dry_run": True}
            took = await desk.dialing.results.take(result, source=sent.source, actor=asked.caller.actor)
            return {
                "status": 201 if took.new or took.corrected else 200,
                "attempt": took.attempt,
                "new": took.new,
                "corrected": took.corrected,
                "breach": list(took.breach),
            }

        return await each(request, sent.items, of=DialResultSent, language=chosen(accept_language), take=take)

    return found
