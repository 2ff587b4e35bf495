"""The outbox and the health of the channels: what waits, what was sent, what lies aside for a person to see."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from services.contact.api.asking.acting import ATTEMPT, CASE, PERMIT, SUBJECT
from services.contact.api.desk import Office
from services.contact.api.lists import From, OfCase, OfSubject, Until, begins, listed
from services.contact.domain.asked import CHANNELS
from services.contact.domain.sending.message import STATUSES
from services.contact.projections.sending import channel_health, outbox
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, stamp
from shared.http.listing import OF_A_LIST, AskedPage, one_of, words
from shared.http.operations import reading, routes
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire

MESSAGES = "/v1/messages"
HOURS = timedelta(hours=24)
MessageId = Annotated[str, Path(description="`cat_…`: a message is a contact under the same id.")]


class MessageShown(Wire):
    """A message of ours; its text and its address are not here."""

    id: str
    subject: str
    case: str | None
    channel: str
    status: str = Field(description=", ".join(STATUSES))
    queued_at: str
    next_at: str | None = Field(description="When it may be sent next, while it waits.")
    send_by: str = Field(description="From then on it is too late.")
    sent_at: str | None
    tries: int
    provider: str | None
    provider_ref: str | None
    receipt: str | None
    cause: str | None = Field(description="Why it was not sent, or did not arrive: a code.")
    template: str
    template_version: int
    language: str
    text_hash: str
    permit: str
    recorded_at: str


class MessageList(Wire):
    """A page of the outbox, the messages queued last first."""

    items: list[MessageShown]
    page: PageLinks


class ProviderShown(Wire):
    """One provider of one channel now; `provider` null: of messages that nobody was asked to send yet."""

    channel: str
    provider: str | None
    statuses: dict[str, int]
    late: int = Field(description="Messages that might have been sent already.")
    oldest_due_at: str | None


class HourShown(Wire):
    """How often messages took this step within the hour that begins then."""

    hour: str
    channel: str
    provider: str | None
    step: str = Field(description=", ".join(outbox.STEP_NAMES))
    messages: int


class GuardShown(Wire):
    """The guards of one channel in this process; a worker of its own keeps guards of its own (`/metrics` of it)."""

    channel: str
    provider: str
    state: str = Field(
        description="UP; DOWN: its circuit is open, nothing is tried; PROBING: one message is let through to see; "
        "THROTTLED: the provider asked us to wait."
    )
    wait_s: float = Field(description="For how long nothing is tried.")
    in_flight: int
    failures: int = Field(description="Failures in a row.")
    taken: int
    not_taken: int
    unknown: int
    last_cause: str | None


class ChannelHealth(Wire):
    """Every provider now, and hour by hour; and the guards of the channels in the process that answers."""

    providers: list[ProviderShown]
    hours: list[HourShown]
    guards: list[GuardShown]


_MESSAGE: dict[str, Any] = {
    "id": ATTEMPT, "subject": SUBJECT, "case": CASE, "channel": "sms", "status": "DELIVERED",
    "queued_at": "2026-11-22T02:31:00.000000Z", "next_at": None, "send_by": "2026-11-23T02:31:00.000000Z",
    "sent_at": "2026-11-22T02:31:04.000000Z", "tries": 1, "provider": "gateway", "provider_ref": "g-4711",
    "receipt": "r-17", "cause": None, "template": "reminder", "template_version": 2, "language": "zh-CN",
    "text_hash": "9f" * 32, "permit": PERMIT, "recorded_at": "2026-11-22T02:31:09.000000Z",
}  # fmt: skip


def router(office: Office) -> APIRouter:
    """GET /v1/messages, /v1/messages/{message_id} and /v1/channel-health."""
    found = routes("/v1", tag="messages")
    _messages(found, office)
    _health(found, office)
    return found


def _messages(found: APIRouter, office: Office) -> None:
    @found.get(
        "/messages",
        **reading(
            "listMessages",
            "The outbox: what waits, was sent, bounced, or lies aside",
            scope="contact:decide",
            problems=OF_A_LIST,
            example={"items": [_MESSAGE], "page": {"next": None}},
            links={"showMessage": {"message_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_messages(
        turn: AskedPage,
        subject: OfSubject = None,
        case_id: OfCase = None,
        channel: Annotated[str | None, words(CHANNELS, "Those by this channel.")] = None,
        status: Annotated[str | None, words(STATUSES, "Those that stand like this.")] = None,
        provider: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,60}$")] = None,
    ) -> MessageList:
        one_of("channel", channel, CHANNELS)
        one_of("status", status, STATUSES)
        filters = {
            "subject": subject, "case": case_id, "channel": channel, "status": status, "provider": provider,
        }  # fmt: skip
        rows, page = await listed(
            office, turn, path=MESSAGES, view=outbox.VIEW, filters=filters,
            rows=lambda connection, part: outbox.page(
                connection, subject=subject, case_id=case_id, channel=channel, status=status, provider=provider,
                after=part.after, limit=part.limit, pin=part.pin,
            ),
        )  # fmt: skip
        return MessageList(items=[MessageShown(**row.as_json()) for row in rows], page=PageLinks(**page))

    @found.get(
        "/messages/{message_id}",
        **reading(
            "showMessage",
            "One message as the outbox has it",
            scope="contact:decide",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=_MESSAGE,
        ),
    )
    async def show_message(
        request: Request, response: Response, message_id: MessageId, min_position: MinPosition = None
    ) -> MessageShown:
        desk = office.open_desk
        await caught_up(request, desk, outbox.VIEW)
        row, at = await desk.ask(
            lambda connection: (outbox.one(connection, message_id), positions(connection, outbox.VIEW))
        )
        if row is None:
            raise Problem("not-found")
        await stamp(response, desk, at)
        return MessageShown(**row.as_json())


def _health(found: APIRouter, office: Office) -> None:
    gateway = {"channel": "sms", "provider": "gateway"}
    now = {**gateway, "statuses": {"QUEUED": 2, "DELIVERED": 117}, "late": 0, "oldest_due_at": None}
    guard = {
        **gateway, "state": "UP", "wait_s": 0.0, "in_flight": 1, "failures": 0, "taken": 117, "not_taken": 2,
        "unknown": 0, "last_cause": "RATE_LIMITED",
    }  # fmt: skip
    hour = {**gateway, "hour": "2026-11-22T02:00:00.000000Z", "step": "SENT", "messages": 119}

    @found.get(
        "/channel-health",
        **reading(
            "showChannelHealth",
            "How each provider is doing: what waits and since when, what came of the rest, hour by hour",
            scope="contact:decide",
            problems=("malformed-request", "projection-behind"),
            example={"providers": [now], "hours": [hour], "guards": [guard]},
        ),
    )
    async def show_health(
        request: Request,
        response: Response,
        channel: Annotated[str | None, words(CHANNELS, "Only this channel.")] = None,
        from_: From = None,
        until: Until = None,
        min_position: MinPosition = None,
    ) -> ChannelHealth:
        one_of("channel", channel, CHANNELS)
        desk = office.open_desk
        now = desk.clock.now()
        end = begins(until, name="until", zone=desk.zone) or now + timedelta(hours=1)
        first = begins(from_, name="from", zone=desk.zone) or now - HOURS
        await caught_up(request, desk, outbox.VIEW)
        found_, hours, at = await desk.ask(
            lambda connection: (
                channel_health.standing(connection, now=now),
                channel_health.by_hour(connection, from_=first, until=end, channel=channel),
                positions(connection, outbox.VIEW),
            )
        )
        await stamp(response, desk, at)
        return ChannelHealth(
            providers=[
                ProviderShown(**one.as_json()) for one in found_ if channel is None or one.channel == channel
            ],
            hours=[HourShown(**one.as_json()) for one in hours],
            guards=[
                GuardShown(**asdict(one))
                for one in desk.channel_health()
                if channel is None or one.channel == channel
            ],
        )
