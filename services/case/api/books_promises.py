"""The promise book, and one promise on two clocks."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.case.api.acting import CASE, OF_A_THING, ThingId
from services.case.api.books import OfCase, listed, sent
from services.case.api.clocks import AsOf, KnownAt, seen_on
from services.case.api.desk import Office
from services.case.api.wire import Amount
from services.case.application.asked_as_of import CaseAsOf
from services.case.application.thing_ids import case_of
from services.case.domain import promise
from services.case.domain.events import PromiseAmended, PromiseReopened, PromiseToPay
from services.case.projections import promise_book
from shared.eventstore.registry import Erased
from shared.http.asked import moment
from shared.http.bodies import Day
from shared.http.listing import OF_A_LIST, AskedPage, one_of, words
from shared.http.operations import reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire
from shared.kernel.money import to_json
from shared.messaging.published import instant

PROMISES = "/v1/promises"
_EXAMPLE: dict[str, Any] = {
    "id": f"prm_{OF_A_THING}",
    "case": CASE,
    "amount": {"amount": "500.00", "currency": "CNY"},
    "taken_on": "2026-11-22",
    "due": "2026-12-01",
    "given_by": "DEBTOR",
    "status": "KEPT",
    "appropriated": {"amount": "500.00", "currency": "CNY"},
    "judged_on": "2026-11-30",
    "amended_on": None,
}


class PromiseShown(Wire):
    """A promise to pay."""

    id: str
    case: str
    amount: Amount
    taken_on: str
    due: str
    given_by: str
    status: str = Field(description="ACTIVE, KEPT, PARTLY_KEPT, BROKEN, REOPENED (runs again) or CANCELLED.")
    appropriated: Amount | None = Field(description="The money that was counted for it; null until judged.")
    judged_on: str | None = Field(description="The day it was judged as of; null until then.")
    amended_on: str | None = Field(description="Since when its amount and day are as shown, where changed.")


class PromisePage(Wire):
    """A page of the promise book."""

    items: list[PromiseShown]
    page: PageLinks


class PromiseAsOf(PromiseShown):
    """A promise as of a day, by what was known at a time."""

    because: list[str] = Field(description="The payments it was judged by.")
    as_of: str
    known_at: str | None
    version: int = Field(description="The newest event of the case that counts.")
    links: dict[str, str]


def router(office: Office) -> APIRouter:
    """GET /v1/promises and /v1/promises/{promise_id}."""
    found = routes("/v1", tag="promises")
    _list(found, office)
    _one(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/promises",
        **reading(
            "listPromises",
            "The promise book: promises by the day they are due",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_EXAMPLE], "page": {"next": None}},
            links={"showPromise": {"promise_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_promises(
        turn: AskedPage,
        status: Annotated[str | None, words(promise_book.STATUSES, "Those that stand like this.")] = None,
        due_from: Annotated[Day | None, Query(description="Due on this day or later.")] = None,
        due_until: Annotated[Day | None, Query(description="Due before this day.")] = None,
        case_id: OfCase = None,
        known_at: KnownAt = None,
    ) -> PromisePage:
        one_of("status", status, promise_book.STATUSES)
        known = moment(known_at, name="known_at", zone=office.open_desk.zone)
        filters = {
            "status": status, "due_from": sent(due_from), "due_until": sent(due_until), "case": case_id,
            "known_at": known_at,
        }  # fmt: skip
        rows, page = await listed(
            office,
            turn,
            path=PROMISES,
            view=promise_book.VIEW,
            filters=filters,
            rows=lambda connection, part: promise_book.page(
                connection,
                after=part.after,
                limit=part.limit,
                pin=part.pin,
                status=status,
                due_from=due_from,
                due_until=due_until,
                case_id=case_id,
                known_at=known,
            ),
        )
        items = [PromiseShown(**row.as_json()) for row in rows]
        return PromisePage(items=items, page=PageLinks(**page))


def _one(found: APIRouter, office: Office) -> None:
    links = {"self": f"{PROMISES}/{_EXAMPLE['id']}", "case": f"/v1/cases/{CASE}"}
    asked = {"as_of": "2026-12-02", "known_at": None, "version": 17, "because": [f"pay_{OF_A_THING}"]}

    @found.get(
        "/promises/{promise_id}",
        **reading(
            "showPromise",
            "One promise, judged from its case's facts on two clocks",
            scope="case:read",
            problems=("not-found",),
            example=_EXAMPLE | asked | {"links": links},
        ),
    )
    async def show_promise(
        response: Response, promise_id: ThingId, as_of: AsOf = None, known_at: KnownAt = None
    ) -> PromiseAsOf:
        case_id = case_of("prm", promise_id)
        if case_id is None:
            raise Problem("not-found")
        seen = await seen_on(office, case_id, as_of, known_at)
        response.headers["ETag"] = etag(seen.version)
        return _shown(seen, promise_id)


def _shown(seen: CaseAsOf, ref: str) -> PromiseAsOf:
    """The promise as the case's picture has it. Raises Problem `not-found` where it was not given by then."""
    facts, view = seen.facts.until(seen.as_of), seen.picture.promises.get(ref)
    taken = facts.one(PromiseToPay, ref)
    if view is None or taken is None:
        raise Problem("not-found")
    judged = view.status in (promise.KEPT, promise.PARTLY_KEPT, promise.BROKEN)
    changes = [one.on for one in facts.all(PromiseAmended) if one.promise == ref]
    return PromiseAsOf(
        id=ref,
        case=seen.case_id,
        amount=Amount(**to_json(view.amount)),
        taken_on=taken.on.isoformat(),
        due=view.due.isoformat(),
        given_by=taken.given_by,
        status=promise_book.REOPENED if view.status == promise.ACTIVE and _again(seen, ref) else view.status,
        appropriated=Amount(**to_json(view.appropriated)) if judged else None,
        judged_on=promise.told_on(facts, view, seen.as_of).isoformat() if judged else None,
        amended_on=max(changes).isoformat() if changes else None,
        because=list(view.because),
        as_of=seen.as_of.isoformat(),
        known_at=instant(seen.known_at) if seen.known_at else None,
        version=seen.version,
        links={"self": f"{PROMISES}/{ref}", "case": f"/v1/cases/{seen.case_id}"},
    )


def _again(seen: CaseAsOf, ref: str) -> bool:
    """Had the promise been judged before, by the record, and was that taken back by the day asked about?"""
    events = (one.event for one in seen.history if not isinstance(one.event, Erased))
    return any(
        isinstance(event, PromiseReopened) and event.promise == ref and event.as_of <= seen.as_of
        for event in events
    )
