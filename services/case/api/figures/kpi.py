"""Figures over HTTP: each with what stands above and below its line, the cases behind it, and how it was restated."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.case.api.clocks import AsOf, KnownAt, day_asked
from services.case.api.desk import Office
from services.case.api.figures.examples import BRIDGE, REPORT, THINGS
from services.case.api.figures.wire import BridgeReport, KpiReport, ThingPage
from services.case.domain.figures import catalogue
from services.case.domain.figures.asked import Asked, begins
from services.case.domain.figures.rules import CURE_STAY_DAYS, CURE_WITHIN_DAYS
from services.case.projections.figures import bridge, questions, shown
from shared.eventstore.projection.columns import from_micros, to_micros
from shared.eventstore.projection.health import positions
from shared.eventstore.projection.view import View
from shared.http import cursor
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, moment, page_size, stamp
from shared.http.bodies import Day
from shared.http.operations import reading, routes
from shared.http.problems import Problem

T = TypeVar("T")
DAYS_MAX = 366
KpiName = Annotated[
    str,
    Path(
        description="A figure's name; see `listKpis`.",
        json_schema_extra={"enum": list(catalogue.KPIS), "example": "promise-kept"},
    ),
]
_PROBLEMS = ("malformed-request", "projection-behind", "kpi-unknown", "breakdown-refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The parameters that every operation about a figure takes."""

    request: Request
    response: Response
    as_of: str | None
    known_at: str | None
    from_: Day | None
    to: Day | None
    by: str | None
    within_days: int
    stay_days: int
    history: str | None


async def _question(
    request: Request,
    response: Response,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    from_: Annotated[
        Day | None,
        Query(alias="from", description="The period's first day; that of its month unless given."),
    ] = None,
    to: Annotated[
        Day | None, Query(description="The period's last day, not after `as_of`; that day unless given.")
    ] = None,
    by: Annotated[
        str | None, Query(description="Break down by.", json_schema_extra={"enum": [*catalogue.DIMENSIONS]})
    ] = None,
    within_days: Annotated[
        int, Query(ge=0, le=DAYS_MAX, description="A cure comes within so many days.")
    ] = CURE_WITHIN_DAYS,
    stay_days: Annotated[
        int, Query(ge=0, le=DAYS_MAX, description="A cure lasts so many days.")
    ] = CURE_STAY_DAYS,
    history: Annotated[
        str | None,
        Query(
            description="`exclude` leaves out what is from before go-live.",
            json_schema_extra={"enum": ["exclude"]},
        ),
    ] = None,
    min_position: MinPosition = None,
) -> Question:
    return Question(
        request=request, response=response, as_of=as_of, known_at=known_at, from_=from_, to=to, by=by,
        within_days=within_days, stay_days=stay_days, history=history,
    )  # fmt: skip


Q = Annotated[Question, Depends(_question)]


def router(office: Office) -> APIRouter:
    """The routes under /v1/reports/kpi."""
    found = routes("/v1/reports/kpi", tag="reports")
    _list(found)
    _report(found, office)
    _things(found, office)
    _restated(found, office)
    return found


def asked_of(office: Office, question: Question, name: str) -> Asked:
    """The question in the terms of the rules. Raises KpiUnknown, BreakdownRefused; Problem `invalid`."""
    kpi, desk = catalogue.kpi(name), office.open_desk
    if question.by is not None and question.by not in catalogue.DIMENSIONS:
        allowed = {"allowed": list(catalogue.DIMENSIONS)}
        raise Problem("invalid", errors=[("by", "NOT_ONE_OF")], context=allowed)
    if question.history not in (None, "exclude"):
        raise Problem("invalid", errors=[("history", "NOT_ONE_OF")], context={"allowed": ["exclude"]})
    kpi.broken_down(question.by)
    day = day_asked(office, question.as_of)
    to = question.to or day
    within, stay = question.within_days, question.stay_days
    from_ = question.from_ or begins(name, to, within_days=within, stay_days=stay)
    if to > day:
        raise Problem("invalid", errors=[("to", "AFTER_AS_OF")])
    if from_ > to:
        raise Problem("invalid", errors=[("from", "AFTER_TO")])
    known = moment(question.known_at, name="known_at", zone=desk.zone)
    return Asked(
        as_of=day, from_=from_, to=to, known_at=known, by=question.by, within_days=within, stay_days=stay,
        history=question.history is None,
    )  # fmt: skip


def _list(found: APIRouter) -> None:
    """GET /v1/reports/kpi."""
    example: Any = {"items": [{"name": "promise-kept", "by": ["team", "stage", "collector"]}]}

    @found.get(
        "",
        **reading(
            "listKpis", "The figures there are, with their formulas", scope="case:read", example=example
        ),
    )
    async def list_kpis() -> dict[str, Any]:
        items = [
            {
                "name": one.name,
                "title": {"en": one.title_en, "zh-CN": one.title_zh},
                "formula": {"en": one.formula_en, "zh-CN": one.formula_zh},
                "measures": {each.code: {"en": each.en, "zh-CN": each.zh} for each in one.measures},
                "by": list(one.by),
                "rules": list(one.rules),
            }
            for one in catalogue.KPIS.values()
        ]
        return {"items": items}


def _report(found: APIRouter, office: Office) -> None:
    """GET /v1/reports/kpi/{name}."""

    @found.get(
        "/{name}",
        **reading(
            "reportKpi", "One figure on two clocks, with numerator and denominator", scope="case:read",
            problems=_PROBLEMS, example=REPORT, links={"listKpiThings": {"name": "$request.path.name"}},
        ),
    )  # fmt: skip
    async def report_kpi(name: KpiName, question: Q) -> KpiReport:
        asked = asked_of(office, question, name)
        answer = await _put(office, question, name, asked, lambda it: questions.answer(it, name, asked))
        return KpiReport.model_validate(shown.document(answer))


def _things(found: APIRouter, office: Office) -> None:
    """GET /v1/reports/kpi/{name}/things."""

    @found.get(
        "/{name}/things",
        **reading(
            "listKpiThings", "The things that a figure was counted from, by case: all of them, or those of one line",
            scope="case:read", problems=(*_PROBLEMS, "bad-cursor"), example=THINGS,
        ),
    )  # fmt: skip
    async def list_kpi_things(
        name: KpiName,
        question: Q,
        measure: Annotated[str | None, Query(description="Of one measure.")] = None,
        row: Annotated[str | None, Query(description="Of one row.")] = None,
        cell: Annotated[str | None, Query(description="Of one cell.")] = None,
        group: Annotated[str | None, Query(description="Of one group; empty for those of nobody.")] = None,
        currency: Annotated[str | None, Query(pattern=r"^[A-Z]{3}$")] = None,
        limit: Limit = None,
        cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
    ) -> ThingPage:
        asked = asked_of(office, question, name)
        lines = {"measure": measure, "row": row, "cell": cell, "group": group, "currency": currency}
        filters = lines | {
            "name": name, "as_of": asked.as_of.isoformat(), "from": asked.from_.isoformat(), "to": asked.to.isoformat(),
            "by": asked.by, "known_at": question.known_at, "history": question.history,
            "cure": f"{asked.within_days}/{asked.stay_days}",
        }  # fmt: skip
        asked, after = _begun(office, asked, cursor_text, filters)
        answer = await _put(
            office, question, name, asked, lambda it: questions.answer(it, name, asked, things=True)
        )
        items = shown.drill(
            answer, measure=measure, row=row, cell=cell, currency=currency,
            group=shown.ANY if group is None else group or None,
        )  # fmt: skip
        left = [one for one in items if after is None or shown.sort_key(one) > after]
        size, by_code = page_size(limit), answer.kpi.by_code
        following = None
        if len(left) > size:
            key = (to_micros(_known(asked)), *shown.sort_key(left[size - 1]))
            following = cursor.encode(key, filters=filters, pin=())
        page = [shown.thing(one, by_code[one.measure]) for one in left[:size]]
        return ThingPage.model_validate({"items": page, "page": {"next": following}})


def _begun(
    office: Office, asked: Asked, cursor_text: str | None, filters: dict[str, Any]
) -> tuple[Asked, tuple[Any, ...] | None]:
    """The question as the list was begun with: what was not known then does not come between its pages."""
    if cursor_text is None:
        return (asked if asked.known_at else replace(asked, known_at=office.open_desk.clock.now())), None
    kinds = (int, str, str, str, str, str, str, str)
    place = cursor.decode(cursor_text, filters=filters, kinds=kinds, lanes=0)
    micros, *key = place.key
    try:
        known = from_micros(int(str(micros)))
    except (OverflowError, ValueError):
        raise Problem("bad-cursor") from None
    return replace(asked, known_at=known), tuple(key)


def _known(asked: Asked) -> datetime:
    assert asked.known_at is not None, "a list is begun at a time"
    return asked.known_at


def _restated(found: APIRouter, office: Office) -> None:
    """GET /v1/reports/kpi/{name}/restatement."""

    @found.get(
        "/{name}/restatement",
        **reading(
            "reportKpiRestated", "One figure as it was known and as it is known later, with the events in between",
            scope="case:read", problems=_PROBLEMS, example=BRIDGE,
        ),
    )  # fmt: skip
    async def report_kpi_restated(
        name: KpiName,
        question: Q,
        and_known_at: Annotated[
            str | None,
            Query(
                description="The later time; now unless given. `known_at` is the day asked about unless given."
            ),
        ] = None,
    ) -> BridgeReport:
        asked, desk = asked_of(office, question, name), office.open_desk
        first = asked.known_at or moment(asked.as_of.isoformat(), name="as_of", zone=desk.zone)
        second = moment(and_known_at, name="and_known_at", zone=desk.zone) or desk.clock.now()
        assert first is not None, "a day has an end"
        if second < first:
            first = second
        before, after = replace(asked, known_at=first), replace(asked, known_at=second)

        def compared(connection: sa.Connection) -> bridge.Bridge:
            was = questions.answer(connection, name, before, things=True)
            return bridge.bridge(connection, was, questions.answer(connection, name, after, things=True))

        found_ = await _put(office, question, name, asked, compared)
        return BridgeReport.model_validate(bridge.document(found_))


async def _put(
    office: Office, question: Question, name: str, asked: Asked, work: Callable[[sa.Connection], T]
) -> T:
    """Ask the views, once they are as far as the caller wants them. Raises Problem `projection-behind`."""
    views, desk = questions.views(name, asked.by), office.open_desk
    for view in views:
        await caught_up(question.request, desk, view)
    found, at = await desk.ask(lambda connection: (work(connection), _furthest_behind(connection, views)))
    await stamp(question.response, desk, at)
    return found


def _furthest_behind(connection: sa.Connection, views: tuple[View, ...]) -> dict[int, int]:
    """Lane -> how far the view is that is furthest behind."""
    told = [positions(connection, view) for view in views]
    return {lane: min(one.get(lane, 0) for one in told) for lane in told[0]} if told else {}
