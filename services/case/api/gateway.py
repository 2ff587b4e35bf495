"""Payments as gateways and bank files report them: entered once, matched to a case, moved where the match was wrong."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import Field

from services.case.api.acting import CASE, OF_MONEY, Word
from services.case.api.desk import Office
from services.case.api.gateway_wire import PAYMENT, PaymentPage, PaymentSheet, sheet_of, summary_of
from services.case.application.payments import PREFIX, EntryUnknown, Placed
from services.case.domain.entry import EnterPayment
from services.case.projections import payments as pool
from shared.eventstore.projection.columns import to_micros
from shared.eventstore.projection.entered import place_of
from shared.eventstore.projection.pinned import Pin
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, stamp
from shared.http.bodies import AmountSent, Day, Ref, Sent
from shared.http.commands import Asked, Decided, Envelope
from shared.http.language import chosen
from shared.http.operations import command, reading, routes
from shared.http.paging import paging
from shared.http.preconditions import etag, position_text
from shared.http.problems import Problem
from shared.http.wire import PageLinks
from shared.kernel.money import CurrencyMismatch

EntryId = Annotated[str, Path(description="`payment-…`, as the answer that entered it, or a list, gave it.")]
Work = Callable[[], Awaitable[Placed]]
_MATCHED: dict[str, Any] = {
    "id": PAYMENT,
    "status": "matched",
    "payment": "pay_6f1c0d1e0000800080000000000000014a1b6c2d3e4f5061",
    "links": {"self": f"/v1/payments/{PAYMENT}", "case": f"/v1/cases/{CASE}"},
}
_IN_POOL: dict[str, Any] = {
    "id": PAYMENT, "status": "unmatched", "reason": "WRONG_DEBTOR", "links": {"self": f"/v1/payments/{PAYMENT}"},
}  # fmt: skip


class EntrySent(Sent):
    """A payment as its source has it. Without any reference it waits for a person."""

    source: Word = Field(description="Who reports it: a code of yours.", examples=["UNIONPAY"])
    source_ref: Ref = Field(
        description="The source's own reference: taken in once, under whatever Idempotency-Key.",
        examples=["20260312-000471"],
    )
    debtor_ref: Ref | None = Field(default=None, examples=["D-1001"])
    account_ref: Ref | None = Field(default=None, examples=["A-77"])
    amount: AmountSent
    value_on: Day = Field(description="The value date; not a day to come.")
    channel: Word = Field(examples=["CARD"])


class MatchSent(Sent):
    """The case a payment is for, open or closed; without one the rule is asked again."""

    case: str | None = Field(
        default=None, pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", examples=[CASE]
    )
    account: Ref | None = Field(
        default=None,
        description="With `case`: one debt of it, as the case lists it; all of them in order without.",
    )


class MismatchSent(Sent):
    """Why the match was wrong."""

    reason: Word = Field(examples=["WRONG_DEBTOR"])


def router(office: Office) -> APIRouter:
    """The routes under /v1/payments."""
    found = routes("/v1/payments", tag="payments")
    _enter(found, office)
    _match(found, office)
    _list(found, office)
    _show(found, office)
    return found


async def carry_out(
    office: Office, asked: Envelope, entry_id: str, work: Work, *, named_by_body: bool = False
) -> Response:
    """A command about a payment, once. Raises Problem `not-found`, `invalid` for another currency; the refusals."""

    async def decide() -> Decided:
        try:
            placed = await work()
        except EntryUnknown:
            raise Problem("not-found") from None
        except CurrencyMismatch:
            raise Problem("invalid", errors=[("", "OTHER_CURRENCY")]) from None
        known = {} if placed.writes else placed.refs
        return Decided(
            writes=placed.writes, policy=placed.policy, refs=placed.refs, known=known, taken=placed.taken
        )

    return await asked.carry_out(
        office.open_desk.ledger, stream=entry_id, decide=decide, named_by_body=named_by_body
    )


def _enter(found: APIRouter, office: Office) -> None:
    """POST /v1/payments."""

    @found.post(
        "",
        **command(
            "enterPayment",
            "Take in a payment as a gateway reports it, and put it on the case it is surely for",
            scope="payment:record",
            problems=(
                *OF_MONEY,
                "amount-not-positive",
                "duplicate-source-ref",
                "payment-forgotten",
                "case-forgotten",
            ),
            sent={
                "source": "UNIONPAY",
                "source_ref": "20260312-000471",
                "debtor_ref": "D-1001",
                "amount": {"amount": "500.00", "currency": "CNY"},
                "value_on": "2026-03-12",
                "channel": "CARD",
            },
            gives=_MATCHED,
            links={
                "showPayment": {"payment_id": "$response.body#/id"},
                "unmatchPayment": {"payment_id": "$response.body#/id"},
            },
        ),
    )
    async def enter_payment(sent: EntrySent, asked: Asked) -> Response:
        desk = office.open_desk
        if sent.value_on > desk.decisions.today:
            raise Problem("invalid", errors=[("/value_on", "IN_THE_FUTURE")])
        said = EnterPayment(
            source=sent.source,
            source_ref=sent.source_ref,
            account_ref=sent.account_ref,
            debtor_ref=sent.debtor_ref,
            amount=sent.amount.money(),
            on=sent.value_on,
            channel=sent.channel,
        )
        entry_id = desk.payments.entry_id(said.source, said.source_ref)

        async def work() -> Placed:
            return await desk.payments.enter(said, actor=asked.caller.actor, dry_run=asked.dry_run)

        answer = await carry_out(office, asked, entry_id, work, named_by_body=True)
        if not asked.dry_run:
            await desk.money_in.settling.payment_came(said.source, said.source_ref, actor=asked.caller.actor)
        return answer


def _match(found: APIRouter, office: Office) -> None:
    """POST /v1/payments/{id}/matches and /unmatchings."""

    @found.post(
        "/{payment_id}/matches",
        **command(
            "matchPayment",
            "Say which case a payment is for, or ask the rule again",
            scope="payment:record",
            problems=(
                "payment-already-matched",
                "payment-gone-back",
                "payment-forgotten",
                "no-match-found",
                "case-unknown",
                "case-forgotten",
                "debt-not-in-case",
            ),
            sent={"case": CASE},
            gives=_MATCHED,
        ),
    )
    async def match_payment(payment_id: EntryId, sent: MatchSent, asked: Asked) -> Response:
        if sent.account is not None and sent.case is None:
            raise Problem("invalid", errors=[("/account", "NOT_WITHOUT_A_CASE")])

        async def work() -> Placed:
            return await office.open_desk.payments.match(
                payment_id,
                case_id=sent.case,
                account=sent.account,
                actor=asked.caller.actor,
                dry_run=asked.dry_run,
            )

        return await carry_out(office, asked, _entry(payment_id), work)

    @found.post(
        "/{payment_id}/unmatchings",
        **command(
            "unmatchPayment",
            "Record that a payment was put on the wrong case; it may be matched again",
            scope="payment:record",
            problems=("payment-not-matched", "payment-gone-back", "payment-forgotten", "case-forgotten"),
            sent={"reason": "WRONG_DEBTOR"},
            gives=_IN_POOL,
        ),
    )
    async def unmatch_payment(payment_id: EntryId, sent: MismatchSent, asked: Asked) -> Response:
        async def work() -> Placed:
            return await office.open_desk.payments.unmatch(
                payment_id, reason=sent.reason, actor=asked.caller.actor, dry_run=asked.dry_run
            )

        return await carry_out(office, asked, _entry(payment_id), work)


def _entry(payment_id: str) -> str:
    """The stream of a raw payment. Raises Problem `not-found` for the id of anything else."""
    if not payment_id.startswith(PREFIX):
        raise Problem("not-found")
    return payment_id


def _list(found: APIRouter, office: Office) -> None:
    """GET /v1/payments."""

    @found.get(
        "",
        **reading(
            "listPayments",
            "Payments as their sources reported them, in the order in which they were entered",
            scope="case:read",
            problems=("bad-cursor", "malformed-request", "projection-behind"),
            example={"items": [], "page": {"next": None}},
            links={"showPayment": {"payment_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_payments(
        request: Request,
        response: Response,
        status: Annotated[str | None, Query(json_schema_extra={"enum": list(pool.STATUSES)})] = None,
        case: Annotated[str | None, Query(pattern=r"^case-[0-9a-f-]{36}$")] = None,
        source: Annotated[str | None, Query(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")] = None,
        limit: Limit = None,
        cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
        min_position: MinPosition = None,
    ) -> PaymentPage:
        if status is not None and status not in pool.STATUSES:
            allowed = {"allowed": list(pool.STATUSES)}
            raise Problem("invalid", errors=[("status", "NOT_ONE_OF")], context=allowed)
        desk, filters = office.open_desk, {"status": status, "case": case, "source": source}
        asked = await paging(
            desk, cursor_text=cursor_text, filters=filters, kinds=(int, int, int), limit=limit
        )
        try:
            after = place_of(asked.after)
        except ValueError:
            raise Problem("bad-cursor") from None
        await caught_up(request, desk, pool.VIEW)

        def question(connection: sa.Connection) -> tuple[list[pool.PaymentRow], Pin]:
            rows = pool.page(
                connection,
                status=status,
                case_id=case,
                source=source,
                after=after,
                pin=asked.pin,
                limit=asked.size + 1,
            )
            return rows, asked.position(connection, pool.VIEW)

        rows, at = await desk.ask(question)
        await stamp(response, desk, at)
        size = asked.size
        last = rows[size - 1].cursor if len(rows) > size else None
        following = asked.following(None if last is None else (to_micros(last[0]), *last[1:]), at)
        said = await desk.payments.entered([row.entry for row in rows[:size]])
        items = [summary_of(row, said.get(row.entry)) for row in rows[:size]]
        return PaymentPage(items=items, page=PageLinks(next=following))


def _show(found: APIRouter, office: Office) -> None:
    """GET /v1/payments/{id}."""

    @found.get(
        "/{payment_id}",
        **reading(
            "showPayment",
            "One payment as its source reported it, with what became of it; from the ledger itself",
            scope="case:read",
            problems=("not-found",),
            example={"id": PAYMENT, "status": "unmatched"},
        ),
    )
    async def show_payment(
        response: Response,
        payment_id: EntryId,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> PaymentSheet:
        desk, language = office.open_desk, chosen(accept_language)
        try:
            entry = await desk.payments.load(payment_id)
        except EntryUnknown:
            raise Problem("not-found") from None
        sheet = sheet_of(entry, desk.ledger.registry, language)
        lanes = await desk.ledger.lane_numbers(desk.tenant)
        lane = await desk.ledger.lane_of(payment_id, tenant=desk.tenant)
        response.headers["ETag"] = etag(entry.version)
        response.headers["Event-Position"] = position_text(lanes, {lane: entry.position})
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        return sheet
