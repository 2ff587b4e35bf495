"""GET /v1/subjects/{id}/contactability: seven days by channel, with reasons, what is left in the caps, and counts."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from pydantic import Field

from services.contact.api.asking import permit_wire
from services.contact.api.asking.acting import PERSON, POINT, SUBJECT, SubjectId
from services.contact.api.desk import Office
from services.contact.api.lists import OfCase
from services.contact.application.asking.contactability import Wanted, contactability
from services.contact.application.handle import SubjectUnknown
from services.contact.domain.asked import CHANNELS, COLLECTOR_ROLES
from shared.http.language import chosen
from shared.http.listing import one_of, words
from shared.http.operations import reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.wire import Wire


class SpanShown(Wire):
    """From this instant up to and not including `until`."""

    from_: str = Field(alias="from")
    until: str


class SlotShown(SpanShown):
    """A span over which the same rules stand against the contact; none: it is open."""

    open: bool
    rules: list[str]


class WindowShown(Wire):
    """How often we contacted the person by the channel in so many civil days, counted as rules count it."""

    kind: str = Field(description="any, connected, conversation, not_reached.")
    days: int
    person: int
    contact_point: int | None = Field(description="Of those at this very number or address.")


class ChannelShown(Wire):
    """One channel and number over the days to come."""

    channel: str
    contact_point: str | None
    open_now: bool
    next: SpanShown | None
    slots: list[SlotShown]
    caps: list[permit_wire.CapShown]
    windows: list[WindowShown]


class Contactability(Wire):
    """When, and by what, the person may be reached; `reasons` holds the words of every rule that is named."""

    subject: str
    at: str
    days: int
    places: list[str]
    zones: list[str] | None = Field(description="null: unknown, so all zones of the places count.")
    language: str | None
    person: str | None
    channels: list[ChannelShown]
    reasons: dict[str, dict[str, Any]]
    version: int


_DAY = {"from": "2026-11-22T00:00:00.000000Z", "until": "2026-11-22T14:00:00.000000Z"}
_EXAMPLE: dict[str, Any] = {
    "subject": SUBJECT, "at": "2026-11-22T00:00:00.000000Z", "days": 7, "places": ["CN"], "zones": ["Asia/Shanghai"],
    "language": "zh-CN", "person": None,
    "channels": [
        {
            "channel": "voice", "contact_point": POINT, "open_now": True, "next": _DAY,
            "slots": [{**_DAY, "open": True, "rules": []}], "caps": permit_wire.SHOWN["caps_after"],
            "windows": [{"kind": "connected", "days": 7, "person": 2, "contact_point": 1}],
        }
    ],
    "reasons": {"CN-GBT45251-HOURS": permit_wire.REASON}, "version": 17,
}  # fmt: skip


def router(office: Office) -> APIRouter:
    """GET /v1/subjects/{subject_id}/contactability."""
    found = routes("/v1", tag="contact subjects")

    @found.get(
        "/subjects/{subject_id}/contactability",
        **reading(
            "showContactability",
            "When a person may be reached over the next seven days, by each channel; as if made in due form",
            scope="contact:decide",
            problems=("not-found",),
            example=_EXAMPLE,
        ),
    )
    async def show_contactability(
        response: Response,
        subject_id: SubjectId,
        case_id: OfCase = None,
        channel: Annotated[str | None, words(CHANNELS, "Only this channel.")] = None,
        person: Annotated[
            str | None,
            Query(pattern=r"^prs_[0-9a-f]{32}$", description="The debtor unless given.", examples=[PERSON]),
        ] = None,
        role: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = "debtor",
        collector_role: Annotated[
            str, words(COLLECTOR_ROLES, "Who collects: the lender, or a third party.")
        ] = "first_party",
        agency: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._:/@+#-]{1,100}$")] = None,
        purpose: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> Contactability:
        one_of("channel", channel, CHANNELS)
        one_of("collector_role", collector_role, COLLECTOR_ROLES)
        desk, language = office.open_desk, chosen(accept_language)
        try:
            known = await desk.acts.load(subject_id)
        except SubjectUnknown:
            raise Problem("not-found") from None
        wanted = Wanted(
            at=desk.clock.now(), channels=(channel,) if channel else CHANNELS, case=case_id, person=person,
            role=role, collector_role=collector_role, agency=agency, purpose=purpose,
        )  # fmt: skip
        said = contactability(known.state, wanted, desk.decisions.packs, language=language)
        if known.version:
            response.headers["ETag"] = etag(known.version)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        return Contactability(subject=subject_id, version=known.version, **said)

    return found
