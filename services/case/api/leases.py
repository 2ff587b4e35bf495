"""Working a queue: take the next case, keep it while you work, say that it is done, or skip it for a reason.

A lease is not a fact and not in the ledger: it says who works on a case now, for five minutes at a time. A skip is an
event of the case.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import CASE, OF_A_CASE, OF_A_THING, example, one_of
from services.case.api.desk import Office
from services.case.api.queues import QUEUED, QueuedCase, QueueId, known_queue, queued
from services.case.application.sheet import CASE_PREFIX, CaseUnknown
from services.case.application.thing_ids import case_of
from services.case.domain.case_commands import SkipCase
from services.case.domain.events import CaseSkipped
from services.case.domain.queue import SKIPS
from services.case.projections import handing_out, queue_lease, work_queue
from services.case.projections.handing_out import HandedOut
from services.case.projections.queue_lease import Leased, LeaseLost
from services.case.projections.staffing import assisting, directory, handing
from services.case.projections.treatment import segments
from shared.eventstore.projection.health import positions
from shared.http.asked import caught_up, stamp
from shared.http.bodies import Sent
from shared.http.commands import Asked, Decided, Envelope
from shared.http.language import chosen
from shared.http.operations import command, routes
from shared.http.problems import Problem
from shared.http.wire import Wire
from shared.messaging.published import instant

PREFIX = "lse"
LEASE = f"{PREFIX}_{OF_A_THING}"
LeaseId = Annotated[str, Path(description="`lse_…`, as the answer that handed the case out gave it.")]


class NothingSent(Sent):
    """Nothing has to be said."""


class SkipSent(Sent):
    """Why the case is passed by."""

    reason: str = one_of(tuple(SKIPS))


class LeaseShown(Wire):
    """A case handed to the caller until `until`; a renewal keeps it longer."""

    id: str
    queue: str
    collector: str
    until: str
    case: QueuedCase
    links: dict[str, str]


class NoneFree(Wire):
    """Nothing was handed out: no case of the queue is free for this collector, or it was a dry run."""

    dry_run: bool
    lease: None = None
    queue: str
    cases: int = Field(description="Cases that stand in the queue.")
    held: int = Field(description="Of these, held by collectors now; the others are passed by or assigned.")
    why_not: str | None = Field(
        description="ON_LEAVE, LEFT or NOT_IN_DIRECTORY: by the staff directory the caller is handed nothing."
    )


class LeaseKept(Wire):
    """A lease after a heartbeat."""

    id: str
    case: str
    until: str
    links: dict[str, str]


class LeaseEnded(Wire):
    """A lease after the case was worked."""

    id: str
    case: str
    rests_until: str = Field(description="Until then nobody is offered the case.")
    links: dict[str, str]


class NothingDone(Wire):
    """A dry run: nothing was changed."""

    dry_run: bool


_LINKS = {
    "case": f"/v1/cases/{CASE}",
    "next_actions": f"/v1/cases/{CASE}/next-actions",
    "renewals": f"/v1/leases/{LEASE}/renewals",
    "completions": f"/v1/leases/{LEASE}/completions",
    "skips": f"/v1/leases/{LEASE}/skips",
}
_UNTIL = "2026-11-22T02:20:00.000000Z"
_LEASED: dict[str, Any] = {
    "id": LEASE, "queue": "M2", "collector": "user:5b0e", "until": _UNTIL,
    "case": QUEUED | {"held_by": "user:5b0e", "held_until": _UNTIL}, "links": _LINKS,
}  # fmt: skip
_NONE: dict[str, Any] = {
    "dry_run": False,
    "lease": None,
    "queue": "M2",
    "cases": 2,
    "held": 2,
    "why_not": None,
}


def router(office: Office) -> APIRouter:
    """POST /v1/queues/{queue_id}/leases, and what is done with a lease."""
    found = routes("/v1", tag="queues")
    _take(found, office)
    _renew(found, office)
    _complete(found, office)
    _skip(found, office)
    return found


def _answers(
    declared: dict[str, Any], *, done: tuple[type[Wire], Any], other: tuple[type[Wire], Any]
) -> dict[str, Any]:
    """The declaration of a command that writes no event: its own answers instead of those of the ledger."""
    for status, (model, shown) in ((201, done), (200, other)):
        said = declared["responses"][status]
        declared["responses"][status] = {
            "description": "Done" if status == 201 else "Nothing was changed",
            "model": model,
            "content": {"application/json": {"example": shown}},
            **({"links": said["links"]} if "links" in said else {}),
        }
    return declared


def _take(found: APIRouter, office: Office) -> None:
    of_the_lease = {"lease_id": "$response.body#/id"}

    @found.post(
        "/queues/{queue_id}/leases",
        **_answers(
            command(
                "takeNextCase",
                "Take the next case of a queue, or keep the one you hold: one collector a case, for five minutes",
                scope="case:write",
                problems=("queue-not-worked", "lease-lost", "projection-behind"),
                sent={},
                gives={},
                links=dict.fromkeys(("renewLease", "completeLease", "skipCase"), of_the_lease),
            ),
            done=(LeaseShown, _LEASED),
            other=(NoneFree, _NONE),
        ),
    )
    async def take_next_case(
        request: Request,
        queue_id: QueueId,
        sent: NothingSent,
        asked: Asked,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> Response:
        desk, language, queue = office.open_desk, chosen(accept_language), known_queue(queue_id)
        for view in (work_queue.VIEW, directory.VIEW, assisting.VIEW):
            await caught_up(request, desk, view)
        now, today, collector = desk.clock.now(), desk.decisions.today, asked.caller.subject
        made = desk.ledger.command_id(
            asked.caller.client, f"{asked.operation}|{queue}|{collector}", asked.key, tenant=desk.tenant
        )

        def hand_out(connection: sa.Connection) -> HandedOut | None:
            return handing_out.hand_out(
                connection, queue=queue, collector=collector, now=now, lease=made.hex[-16:], today=today
            )

        handed = None if asked.dry_run else await desk.change(hand_out)
        if handed is None:
            return await _none_free(office, queue, asked, now, today)
        lease, row = handed
        due = await desk.ask(lambda connection: segments.due_of(connection, [row.case_id]))
        ref = f"{PREFIX}_{UUID(row.case_id.removeprefix(CASE_PREFIX)).hex}{lease.lease}"
        shown = LeaseShown(
            id=ref,
            queue=queue,
            collector=collector,
            until=instant(lease.until),
            case=queued(row, lease, language, due.get(row.case_id, ())),
            links=_links(ref, row.case_id),
        )
        headers = {"Location": f"/v1/leases/{ref}", "Content-Language": language, "Vary": "Accept-Language"}
        return _said(shown, 201, headers)


async def _none_free(office: Office, queue: str, asked: Envelope, now: datetime, today: date) -> Response:
    standings, whose, at = await office.open_desk.ask(
        lambda connection: (
            handing_out.standings(connection, now=now),
            handing.scope_of(connection, collector=asked.caller.subject, queue=queue, today=today),
            positions(connection, work_queue.VIEW),
        )
    )
    [standing] = [one for one in standings if one.queue == queue]
    none = NoneFree(
        dry_run=asked.dry_run,
        queue=queue,
        cases=standing.cases,
        held=standing.held,
        why_not=whose.why_not,
    )
    answer = _said(none, 200)
    await stamp(answer, office.open_desk, at)
    return answer


def _renew(found: APIRouter, office: Office) -> None:
    @found.post(
        "/leases/{lease_id}/renewals",
        **_answers(
            command(
                "renewLease",
                "Keep the case for five minutes from now",
                scope="case:write",
                problems=("lease-lost",),
                sent={},
                gives={},
            ),
            done=(LeaseKept, {"id": LEASE, "case": CASE, "until": _UNTIL, "links": _LINKS}),
            other=(NothingDone, {"dry_run": True}),
        ),
    )
    async def renew_lease(lease_id: LeaseId, sent: NothingSent, asked: Asked) -> Response:
        desk, case_id, token = office.open_desk, *_named(lease_id)
        if asked.dry_run:
            return _said(NothingDone(dry_run=True), 200)
        now, today, collector = desk.clock.now(), desk.decisions.today, asked.caller.subject

        def renew(connection: sa.Connection) -> Leased:
            whose = handing.scope_of(connection, collector=collector, queue="", today=today)
            if whose.why_not is not None:
                raise LeaseLost
            return queue_lease.renew(connection, case_id=case_id, collector=collector, lease=token, now=now)

        kept = await desk.change(renew)
        until = instant(kept.until)
        return _said(LeaseKept(id=lease_id, case=case_id, until=until, links=_links(lease_id, case_id)), 201)


def _complete(found: APIRouter, office: Office) -> None:
    @found.post(
        "/leases/{lease_id}/completions",
        **_answers(
            command(
                "completeLease",
                "Say that the case was worked: it is given back, and nobody is offered it for some hours",
                scope="case:write",
                problems=("lease-lost",),
                sent={},
                gives={},
            ),
            done=(LeaseEnded, {"id": LEASE, "case": CASE, "rests_until": _UNTIL, "links": _LINKS}),
            other=(NothingDone, {"dry_run": True}),
        ),
    )
    async def complete_lease(lease_id: LeaseId, sent: NothingSent, asked: Asked) -> Response:
        desk, case_id, token = office.open_desk, *_named(lease_id)
        if asked.dry_run:
            return _said(NothingDone(dry_run=True), 200)
        now, rest = desk.clock.now(), timedelta(minutes=desk.decisions.policy.queue.rest_minutes)
        until = await desk.change(
            lambda connection: queue_lease.complete(
                connection, case_id=case_id, collector=asked.caller.subject, now=now, rest=rest, lease=token
            )
        )
        links = {"case": f"/v1/cases/{case_id}"}
        return _said(LeaseEnded(id=lease_id, case=case_id, rests_until=instant(until), links=links), 201)


def _skip(found: APIRouter, office: Office) -> None:
    @found.post(
        "/leases/{lease_id}/skips",
        **command(
            "skipCase",
            "Pass the case by, for a reason of the closed list; the reason is recorded on the case",
            scope="case:write",
            problems=(*OF_A_CASE, "lease-lost", "skip-reason-unknown"),
            sent={"reason": "DEBTOR_ASKED_LATER"},
            gives=example("skp"),
        ),
    )
    async def skip_case(lease_id: LeaseId, sent: SkipSent, asked: Asked) -> Response:
        return await _Skip(office, lease_id, sent, asked).do()


class _Skip:
    """One request to pass a case by: the event first, then the lease ends."""

    def __init__(self, office: Office, lease_id: str, sent: SkipSent, asked: Envelope) -> None:
        self._desk, self._asked, self._reason = office.open_desk, asked, sent.reason
        self._case_id, self._token = _named(lease_id)
        self._now, self._collector = office.open_desk.clock.now(), asked.caller.subject
        self._recorded: CaseSkipped | None = None

    async def do(self) -> Response:
        """Record it once, and give the case back. Raises LeaseLost, the rule's refusals."""
        answer = await self._asked.carry_out(self._desk.ledger, stream=self._case_id, decide=self._decide)
        if not self._asked.dry_run:
            await self._desk.change(self._give_back)
        return answer

    async def _decide(self) -> Decided:
        desk, case_id, asked = self._desk, self._case_id, self._asked
        held = await desk.ask(self._held)
        ref = desk.acts.thing_id(
            "skp", case_id=case_id, client=asked.caller.client, operation=asked.operation, key=asked.key
        )
        ask = SkipCase(
            ref=ref, on=desk.decisions.today, at=self._now, queue=held.queue, collector=self._collector,
            reason=self._reason,
        )  # fmt: skip
        try:
            verdict = await desk.decisions.decide(
                case_id, ask, actor=asked.caller.actor, dry_run=asked.dry_run
            )
        except CaseUnknown:
            raise Problem("not-found") from None
        events = [new.event for write in verdict.writes for new in write.events]
        self._recorded = next((event for event in events if isinstance(event, CaseSkipped)), None)
        links = {"case": f"/v1/cases/{case_id}"}
        return Decided(writes=verdict.writes, policy=verdict.policy, refs={"id": ref, "links": links})

    def _held(self, connection: sa.Connection) -> Leased:
        return queue_lease.running(
            connection, case_id=self._case_id, collector=self._collector, now=self._now, lease=self._token
        )

    def _give_back(self, connection: sa.Connection) -> None:
        """A request that is repeated finds its lease ended already, or ends it now where we were killed before."""
        try:
            held = self._held(connection)
        except LeaseLost:
            return
        handing_out.pass_by(connection, held, self._recorded, now=self._now)


def _named(lease_id: str) -> tuple[str, str]:
    """The case of a lease and what tells it from the case's others. Raises Problem `not-found` for no such id."""
    case_id = case_of(PREFIX, lease_id)
    if case_id is None:
        raise Problem("not-found")
    return case_id, lease_id[-16:]


def _links(lease_id: str, case_id: str) -> dict[str, str]:
    return {
        "case": f"/v1/cases/{case_id}",
        "next_actions": f"/v1/cases/{case_id}/next-actions",
        **{name: f"/v1/leases/{lease_id}/{name}" for name in ("renewals", "completions", "skips")},
    }


def _said(shown: Wire, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        shown.model_dump(mode="json"), status, headers={"Cache-Control": "no-store", **(headers or {})}
    )
