"""Returns as banks report them: which payment went back, and those of which nobody knows it."""

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import Field

from services.case.api.acting import Word
from services.case.api.bank.returns_wire import RETURN, ReturnPage, ReturnSheet, sheet_of, summary_of
from services.case.api.desk import Office
from services.case.api.gateway import carry_out
from services.case.api.gateway_wire import PAYMENT
from services.case.application.bank.returning import PREFIX, ReturnUnknown
from services.case.application.payments import EntryUnknown, Placed
from services.case.domain.bank.returns import EnterReturn
from services.case.projections.bank import returns as view
from shared.eventstore.projection.columns import to_micros
from shared.eventstore.projection.entered import place_of
from shared.eventstore.projection.pinned import Pin
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, stamp
from shared.http.bodies import AmountSent, Day, Ref, Sent
from shared.http.commands import Asked
from shared.http.language import chosen
from shared.http.operations import command, reading, routes
from shared.http.paging import paging
from shared.http.preconditions import etag, position_text
from shared.http.problems import Problem
from shared.http.wire import PageLinks

ReturnId = Annotated[str, Path(description="`return-…`, as a list gave it.")]


class ReturnMatchSent(Sent):
    """The payment that went back; without one the rule is asked again."""

    payment: str | None = Field(
        default=None, pattern=r"^payment-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", examples=[PAYMENT]
    )


class ReturnSent(Sent):
    """Money that went back, as its source has it. Without a reference of the payment it waits for a person."""

    source: Word = Field(
        description="Who reports it: the code under which it reports payments.", examples=["UNIONPAY"]
    )
    source_ref: Ref = Field(
        description="The source's own reference of the return: taken in once.", examples=["20260314-000017"]
    )
    original_ref: Ref | None = Field(
        default=None,
        description="The source's own reference of the payment that went back.",
        examples=["20260312-000471"],
    )
    end_to_end: Ref | None = Field(
        default=None, description="The reference that the payment carried from end to end."
    )
    amount: AmountSent
    value_on: Day = Field(description="The value date; not a day to come.")
    reason: Word = Field(description="Why: a code of ISO 20022, or of yours.", examples=["AM04"])


def router(office: Office) -> APIRouter:
    """The routes under /v1/payment-returns."""
    found = routes("/v1/payment-returns", tag="payments")
    _enter(found, office)
    _match(found, office)
    _list(found, office)
    _show(found, office)
    return found


def _enter(found: APIRouter, office: Office) -> None:
    """POST /v1/payment-returns."""

    @found.post(
        "",
        **command(
            "enterPaymentReturn",
            "Take in what a gateway says went back, and put it on its payment; one that is not there yet is waited for",
            scope="payment:record",
            problems=("amount-not-positive", "duplicate-source-ref", "return-forgotten"),
            sent={
                "source": "UNIONPAY",
                "source_ref": "20260314-000017",
                "original_ref": "20260312-000471",
                "amount": {"amount": "500.00", "currency": "CNY"},
                "value_on": "2026-03-14",
                "reason": "AM04",
            },
            gives={
                "id": RETURN,
                "status": "waiting",
                "reason": "UNKNOWN_ORIGINAL",
                "links": {"self": f"/v1/payment-returns/{RETURN}"},
            },
            links={"showPaymentReturn": {"return_id": "$response.body#/id"}},
        ),
    )
    async def enter_return(sent: ReturnSent, asked: Asked) -> Response:
        desk = office.open_desk
        if sent.value_on > desk.decisions.today:
            raise Problem("invalid", errors=[("/value_on", "IN_THE_FUTURE")])
        returns = desk.money_in.returns
        said = EnterReturn(
            source=sent.source,
            source_ref=sent.source_ref,
            original_ref=sent.original_ref,
            end_to_end=sent.end_to_end,
            amount=sent.amount.money(),
            on=sent.value_on,
            reason=sent.reason,
        )
        return_id = returns.return_id(said.source, said.source_ref)

        async def work() -> Placed:
            return await returns.enter(said, actor=asked.caller.actor, dry_run=asked.dry_run)

        return await carry_out(office, asked, return_id, work, named_by_body=True)


def _match(found: APIRouter, office: Office) -> None:
    """POST /v1/payment-returns/{id}/matches."""

    @found.post(
        "/{return_id}/matches",
        **command(
            "matchPaymentReturn",
            "Say which payment a bank's return is of, or ask the rule again",
            scope="payment:record",
            problems=(
                "return-already-matched",
                "return-forgotten",
                "original-not-found",
                "payment-forgotten",
                "payment-gone-back",
                "return-too-large",
                "case-forgotten",
            ),
            sent={"payment": PAYMENT},
            gives={
                "id": RETURN,
                "status": "matched",
                "payment": PAYMENT,
                "links": {"self": f"/v1/payment-returns/{RETURN}", "payment": f"/v1/payments/{PAYMENT}"},
            },
        ),
    )
    async def match_return(return_id: ReturnId, sent: ReturnMatchSent, asked: Asked) -> Response:
        if not return_id.startswith(PREFIX):
            raise Problem("not-found")

        async def work() -> Placed:
            try:
                return await office.open_desk.money_in.returns.match(
                    return_id, payment=sent.payment, actor=asked.caller.actor, dry_run=asked.dry_run
                )
            except ReturnUnknown:
                raise Problem("not-found") from None
            except EntryUnknown:
                raise Problem("invalid", errors=[("/payment", "UNKNOWN")]) from None

        return await carry_out(office, asked, return_id, work)


def _list(found: APIRouter, office: Office) -> None:
    """GET /v1/payment-returns."""

    @found.get(
        "",
        **reading(
            "listPaymentReturns",
            "Returns as banks reported them, in the order in which they were entered",
            scope="case:read",
            problems=("bad-cursor", "malformed-request", "projection-behind"),
            example={"items": [], "page": {"next": None}},
            links={"showPaymentReturn": {"return_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_returns(
        request: Request,
        response: Response,
        status: Annotated[str | None, Query(json_schema_extra={"enum": list(view.STATUSES)})] = None,
        payment: Annotated[str | None, Query(pattern=r"^payment-[0-9a-f-]{36}$")] = None,
        source: Annotated[str | None, Query(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")] = None,
        limit: Limit = None,
        cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
        min_position: MinPosition = None,
    ) -> ReturnPage:
        if status is not None and status not in view.STATUSES:
            allowed = {"allowed": list(view.STATUSES)}
            raise Problem("invalid", errors=[("status", "NOT_ONE_OF")], context=allowed)
        desk = office.open_desk
        filters: dict[str, Any] = {"status": status, "payment": payment, "source": source}
        asked = await paging(
            desk, cursor_text=cursor_text, filters=filters, kinds=(int, int, int), limit=limit
        )
        try:
            after = place_of(asked.after)
        except ValueError:
            raise Problem("bad-cursor") from None
        await caught_up(request, desk, view.VIEW)

        def question(connection: sa.Connection) -> tuple[list[view.ReturnRow], Pin]:
            rows = view.page(connection, **filters, after=after, pin=asked.pin, limit=asked.size + 1)
            return rows, asked.position(connection, view.VIEW)

        rows, at = await desk.ask(question)
        await stamp(response, desk, at)
        size = asked.size
        last = rows[size - 1].cursor if len(rows) > size else None
        following = asked.following(None if last is None else (to_micros(last[0]), *last[1:]), at)
        said = await desk.money_in.returns.entered([row.entry for row in rows[:size]])
        items = [summary_of(row, said.get(row.entry)) for row in rows[:size]]
        return ReturnPage(items=items, page=PageLinks(next=following))


def _show(found: APIRouter, office: Office) -> None:
    """GET /v1/payment-returns/{id}."""

    @found.get(
        "/{return_id}",
        **reading(
            "showPaymentReturn",
            "One return as its bank reported it, with what became of it; from the ledger itself",
            scope="case:read",
            problems=("not-found",),
            example={"id": RETURN, "status": "waiting"},
        ),
    )
    async def show_return(
        response: Response,
        return_id: ReturnId,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> ReturnSheet:
        desk, language = office.open_desk, chosen(accept_language)
        try:
            entry = await desk.money_in.returns.load(return_id)
        except ReturnUnknown:
            raise Problem("not-found") from None
        sheet = sheet_of(entry, desk.ledger.registry, language)
        lanes = await desk.ledger.lane_numbers(desk.tenant)
        lane = await desk.ledger.lane_of(return_id, tenant=desk.tenant)
        response.headers["ETag"] = etag(entry.version)
        response.headers["Event-Position"] = position_text(lanes, {lane: entry.position})
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        return sheet
