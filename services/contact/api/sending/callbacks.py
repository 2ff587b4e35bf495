"""What providers tell us by themselves, signed with a key of theirs: what became of a message, and what people answer.

A callback that is told again is answered again and recorded once. One about a message that this provider was never
asked to send is `message-unknown`: the provider tells it again later, or a person asks why.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.contact.api.desk import Office
from services.contact.application.channel_port import Receipt
from services.contact.application.handle import Handled
from services.contact.application.sending.inbound import Provider as Caller
from services.contact.application.sending.inbound import Reply
from shared.eventstore.port import KeyReused
from shared.http.bodies import Moment, Ref, Sent
from shared.http.callbacks import Callback, callback, verified
from shared.http.operations import routes
from shared.http.problems import Problem

Provider = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$", examples=["sms-gateway"])]
Cause = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,49}$")]
REPORTED, RECEIVED = "message.reported", "message.received"
OF_INBOUND = ("not-found", "idempotency-key-reused", "subject-busy")


class ReportSent(Sent):
    """What became of a message. `report` is the provider's own id of this report, `key` the key it was sent under."""

    report: Ref
    kind: Literal["DELIVERED", "FAILED", "BOUNCED"]
    at: Moment
    key: Ref
    id: Ref | None = None
    cause: Cause | None = Field(default=None, examples=["NO_COVERAGE"])


class ReplySent(Sent):
    """Somebody wrote to us. `message` is the provider's own id of what they wrote, `from` their number or address."""

    message: Ref
    from_: str = Field(alias="from", min_length=1, max_length=254, examples=["+8613912345678"])
    text: str = Field(
        max_length=40_000,
        examples=["TD"],
        description="The whole of it; what is kept ends after 2,000 characters.",
    )
    at: Moment


def router(office: Office) -> APIRouter:
    """Callbacks of providers."""
    found = routes("/v1", tag="callbacks")
    _reports(found, office)
    _replies(found, office)
    return found


def _reports(found: APIRouter, office: Office) -> None:
    @found.post(
        "/delivery-receipts/{provider}",
        **callback(
            "takeDeliveryReceipt",
            "What became of a message, told by its provider",
            type_=REPORTED,
            of=ReportSent,
            sent={
                "report": "rcp_1", "kind": "DELIVERED", "at": "2026-11-22T04:00:00Z", "id": "gw_1",
                "key": "cat_6f1c3a529d0e8b7a8c440a5be1d2f37b00000000000000b3",
            },
            gives={"id": "cat_6f1c3a529d0e8b7a8c440a5be1d2f37b00000000000000b3", "events": ["DeliveryConfirmed"]},
            problems=(*OF_INBOUND, "message-unknown"),
        ),
    )  # fmt: skip
    async def take_delivery_receipt(provider: Provider, request: Request) -> Response:
        desk = office.open_desk
        told: Callback[ReportSent] = await verified(
            request, keys=_caller(office, provider).keys, now=desk.clock.now(), type_=REPORTED, of=ReportSent
        )
        said = told.data
        receipt = Receipt(
            kind=said.kind,
            at=said.at,
            receipt=said.report,
            key=said.key,
            provider_ref=said.id,
            cause=said.cause,
        )
        try:
            handled = await desk.inbound.report(provider, receipt)
        except KeyReused:
            raise Problem("idempotency-key-reused") from None
        return _answer({"id": said.key, "events": _names((handled,))})


def _replies(found: APIRouter, office: Office) -> None:
    @found.post(
        "/inbound-messages/{provider}",
        **callback(
            "takeInboundMessage",
            "Somebody wrote to us, told by a provider",
            type_=RECEIVED,
            of=ReplySent,
            sent={"message": "in_1", "from": "+8613912345678", "text": "TD", "at": "2026-11-22T04:00:00Z"},
            gives={"recorded": 1, "events": ["AttemptStarted", "ReplyReceived", "MediumOptedOut"]},
            problems=(*OF_INBOUND, "attempt-already-reported"),
        ),
    )
    async def take_inbound_message(provider: Provider, request: Request) -> Response:
        desk, caller = office.open_desk, _caller(office, provider)
        told: Callback[ReplySent] = await verified(
            request, keys=caller.keys, now=desk.clock.now(), type_=RECEIVED, of=ReplySent
        )
        said = told.data
        reply = Reply(
            provider=provider, channel=caller.channel, ref=said.message, address=said.from_, text=said.text,
            at=said.at,
        )  # fmt: skip
        try:
            taken = await desk.inbound.reply(reply)
        except KeyReused:
            raise Problem("idempotency-key-reused") from None
        return _answer({"recorded": len(taken), "events": _names(taken)})


def _caller(office: Office, provider: str) -> Caller:
    """Who calls. Raises Problem `not-found` for one that is not configured here."""
    caller = office.open_desk.providers.get(provider)
    if caller is None:
        raise Problem("not-found")
    return caller


def _names(taken: Sequence[Handled]) -> list[str]:
    return [type(event).__name__ for handled in taken for event in handled.events]


def _answer(body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
