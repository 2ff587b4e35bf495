"""The attempt ledger, the refusal register and the breaches: read at a pinned position, and as known at a time."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from services.contact.api.asking.attempts import AttemptId
from services.contact.api.asking.register_wire import (
    ATTEMPT_SHOWN,
    BREACH_SHOWN,
    REFUSAL_SHOWN,
    AttemptList,
    AttemptShown,
    BreachList,
    BreachShown,
    RefusalCounts,
    RefusalCountShown,
    RefusalList,
    RefusalShown,
)
from services.contact.api.desk import Office
from services.contact.api.lists import (
    From,
    KnownAt,
    OfCase,
    OfRule,
    OfSubject,
    Until,
    begins,
    listed,
)
from services.contact.application.asking.shown import reason
from services.contact.domain.asked import CHANNELS
from services.contact.domain.breaches import AT_ONCE, LATER
from services.contact.domain.facts.asking import Failed
from services.contact.domain.outcomes import OUTCOMES
from services.contact.domain.verdict import DEFER, DENY
from services.contact.projections.asking import attempts, refusals
from services.contact.projections.asking.attempt_rows import AttemptRow, BreachRow
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, moment, stamp
from shared.http.bodies import Day
from shared.http.language import Language, chosen
from shared.http.listing import OF_A_LIST, AskedPage, YesOrNo, one_of, words
from shared.http.operations import reading, routes
from shared.http.problems import Problem
from shared.http.wire import PageLinks

ATTEMPTS, REFUSALS, BREACHES = "/v1/contact-attempts", "/v1/contact-refusals", "/v1/contact-breaches"
_OUTCOMES = sorted(OUTCOMES)
AcceptLanguage = Annotated[str | None, Header()]
OfChannel = Annotated[str | None, words(CHANNELS, "Those by this channel.")]


def router(office: Office) -> APIRouter:
    """GET /v1/contact-attempts, /v1/contact-refusals and /v1/contact-breaches."""
    found = routes("/v1", tag="contact registers")
    _attempts(found, office)
    _attempt_shown(found, office)
    _refusals(found, office)
    _refusal_counts(found, office)
    _breaches(found, office)
    return found


def _spoken(response: Response, accept_language: str | None) -> Language:
    language = chosen(accept_language)
    response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
    return language


def _attempts(found: APIRouter, office: Office) -> None:
    @found.get(
        "/contact-attempts",
        **reading(
            "listContactAttempts",
            "The attempt ledger: every contact with its outcome, its permit and what it broke",
            scope="contact:decide",
            problems=OF_A_LIST,
            example={"items": [ATTEMPT_SHOWN], "page": {"next": None}},
            links={"showContactAttempt": {"attempt_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_attempts(
        turn: AskedPage,
        subject: OfSubject = None,
        case_id: OfCase = None,
        channel: OfChannel = None,
        direction: Annotated[str | None, words(attempts.DIRECTIONS, "out: by us; in: by them.")] = None,
        outcome: Annotated[str | None, words(_OUTCOMES, "Calls that came to this.")] = None,
        reached: Annotated[str | None, words(attempts.REACHED, "Whom they reached.")] = None,
        breached: Annotated[YesOrNo | None, Query(description="true: only those that broke a rule.")] = None,
        from_: From = None,
        until: Until = None,
        known_at: KnownAt = None,
    ) -> AttemptList:
        for name, value, codes in (
            ("channel", channel, CHANNELS),
            ("direction", direction, attempts.DIRECTIONS),
            ("outcome", outcome, _OUTCOMES),
            ("reached", reached, attempts.REACHED),
        ):
            one_of(name, value, codes)
        zone = office.open_desk.zone
        first, end = begins(from_, name="from", zone=zone), begins(until, name="until", zone=zone)
        known = moment(known_at, name="known_at", zone=zone)
        filters = {
            "subject": subject, "case": case_id, "channel": channel, "direction": direction, "outcome": outcome,
            "reached": reached, "breached": breached, "from": from_, "until": until, "known_at": known_at,
        }  # fmt: skip
        rows, page = await listed(
            office, turn, path=ATTEMPTS, view=attempts.VIEW, filters=filters,
            rows=lambda connection, part: attempts.page(
                connection, subject=subject, case_id=case_id, channel=channel, direction=direction,
                outcome=outcome, reached=reached, breached=breached == "true", from_=first, until=end,
                known_at=known, after=part.after, limit=part.limit, pin=part.pin,
            ),
        )  # fmt: skip
        return AttemptList(items=[_attempt(row) for row in rows], page=PageLinks(**page))


def _attempt_shown(found: APIRouter, office: Office) -> None:
    @found.get(
        "/contact-attempts/{attempt_id}",
        **reading(
            "showContactAttempt",
            "One contact as the ledger of attempts has it",
            scope="contact:decide",
            problems=("not-found", "malformed-request", "projection-behind"),
            example=ATTEMPT_SHOWN,
        ),
    )
    async def show_attempt(
        request: Request, response: Response, attempt_id: AttemptId, min_position: MinPosition = None
    ) -> AttemptShown:
        desk = office.open_desk
        await caught_up(request, desk, attempts.VIEW)
        row, at = await desk.ask(
            lambda connection: (attempts.one(connection, attempt_id), positions(connection, attempts.VIEW))
        )
        if row is None:
            raise Problem("not-found")
        await stamp(response, desk, at)
        return _attempt(row)


def _attempt(row: AttemptRow) -> AttemptShown:
    return AttemptShown(**row.as_json())


def _refusals(found: APIRouter, office: Office) -> None:
    @found.get(
        "/contact-refusals",
        **reading(
            "listContactRefusals",
            "The refusal register: every contact that was refused, with every rule that stood against it",
            scope="contact:decide",
            problems=OF_A_LIST,
            example={"items": [REFUSAL_SHOWN], "page": {"next": None}},
            links={"showContactPermit": {"permit_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_refusals(
        turn: AskedPage,
        subject: OfSubject = None,
        case_id: OfCase = None,
        channel: OfChannel = None,
        outcome: Annotated[str | None, words((DENY, DEFER), "deny, or defer: it opens by itself.")] = None,
        rule: OfRule = None,
        day: Annotated[Day | None, Query(description="Of this day, by the debtor's first zone.")] = None,
        from_: From = None,
        until: Until = None,
        known_at: KnownAt = None,
        accept_language: AcceptLanguage = None,
    ) -> RefusalList:
        one_of("channel", channel, CHANNELS)
        one_of("outcome", outcome, (DENY, DEFER))
        language, zone = _spoken(turn.response, accept_language), office.open_desk.zone
        first, end = begins(from_, name="from", zone=zone), begins(until, name="until", zone=zone)
        known = moment(known_at, name="known_at", zone=zone)
        filters = {
            "subject": subject, "case": case_id, "channel": channel, "outcome": outcome, "rule": rule,
            "day": None if day is None else day.isoformat(), "from": from_, "until": until, "known_at": known_at,
        }  # fmt: skip
        rows, page = await listed(
            office, turn, path=REFUSALS, view=refusals.VIEW, filters=filters,
            rows=lambda connection, part: refusals.page(
                connection, subject=subject, case_id=case_id, channel=channel, outcome=outcome, rule=rule, day=day,
                from_=first, until=end, known_at=known, after=part.after, limit=part.limit, pin=part.pin,
            ),
        )  # fmt: skip
        items = [RefusalShown(**_in_words(office, row.as_json(), language)) for row in rows]
        return RefusalList(items=items, page=PageLinks(**page))


def _refusal_counts(found: APIRouter, office: Office) -> None:
    @found.get(
        "/contact-refusal-counts",
        **reading(
            "countContactRefusals",
            "How often each rule refused, by day and channel",
            scope="contact:decide",
            problems=("malformed-request", "projection-behind"),
            example={
                "items": [
                    {"day": "2026-11-22", "rule": "CN-GBT45251-HOURS", "channel": "voice", "refusals": 12}
                ]
            },
        ),
    )
    async def count_refusals(
        request: Request,
        response: Response,
        day_from: Annotated[Day | None, Query(description="From this day on.")] = None,
        day_until: Annotated[Day | None, Query(description="Before this day.")] = None,
        min_position: MinPosition = None,
    ) -> RefusalCounts:
        desk = office.open_desk
        await caught_up(request, desk, refusals.VIEW)
        rows, at = await desk.ask(
            lambda connection: (
                refusals.counts(connection, from_=day_from, until=day_until),
                positions(connection, refusals.VIEW),
            )
        )
        await stamp(response, desk, at)
        return RefusalCounts(items=[RefusalCountShown(**row.as_json()) for row in rows])


def _in_words(office: Office, said: dict[str, Any], language: Language) -> dict[str, Any]:
    """The stored findings of a row, as reasons in the reader's language."""
    failed = [Failed(**{**one, "counted": tuple(one.get("counted", ()))}) for one in said.pop("failed")]
    packs = office.open_desk.decisions.packs
    return {**said, "reasons": [reason(one, packs, language=language) for one in failed]}


def _breaches(found: APIRouter, office: Office) -> None:
    @found.get(
        "/contact-breaches",
        **reading(
            "listContactBreaches",
            "Contacts of ours that broke a rule, at once or by what was learnt later",
            scope="contact:decide",
            problems=OF_A_LIST,
            example={"items": [BREACH_SHOWN], "page": {"next": None}},
            links={"showContactAttempt": {"attempt_id": "$response.body#/items/0/attempt"}},
        ),
    )
    async def list_breaches(
        turn: AskedPage,
        subject: OfSubject = None,
        channel: OfChannel = None,
        found_: Annotated[
            str | None, Query(alias="found", json_schema_extra={"enum": [AT_ONCE, LATER]})
        ] = None,
        rule: OfRule = None,
        withdrawn: Annotated[
            YesOrNo | None, Query(description="true: also those that were withdrawn.")
        ] = None,
        from_: From = None,
        until: Until = None,
        known_at: KnownAt = None,
        accept_language: AcceptLanguage = None,
    ) -> BreachList:
        one_of("channel", channel, CHANNELS)
        one_of("found", found_, (AT_ONCE, LATER))
        language, zone = _spoken(turn.response, accept_language), office.open_desk.zone
        first, end = begins(from_, name="from", zone=zone), begins(until, name="until", zone=zone)
        known = moment(known_at, name="known_at", zone=zone)
        filters = {
            "subject": subject, "channel": channel, "found": found_, "rule": rule, "withdrawn": withdrawn,
            "from": from_, "until": until, "known_at": known_at,
        }  # fmt: skip
        rows, page = await listed(
            office, turn, path=BREACHES, view=attempts.VIEW, filters=filters,
            rows=lambda connection, part: attempts.breaches(
                connection, subject=subject, channel=channel, found=found_, rule=rule,
                standing=withdrawn != "true", from_=first, until=end, known_at=known, after=part.after,
                limit=part.limit, pin=part.pin,
            ),
        )  # fmt: skip
        return BreachList(items=[_breach(office, row, language) for row in rows], page=PageLinks(**page))


def _breach(office: Office, row: BreachRow, language: Language) -> BreachShown:
    return BreachShown(**_in_words(office, row.as_json(), language))
