"""Who is in which segment, which steps are due, and one case's strategy with its inputs and why."""

from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from starlette.responses import Response as Answer

from services.case.api.acting import CASE, OF_A_CASE, Act, CaseId, DatedSent, Word, one_of
from services.case.api.books import OfCase, listed
from services.case.api.clocks import AsOf, KnownAt, day_asked, seen_on
from services.case.api.desk import Office
from services.case.api.treatment.shown import (
    CASE_EXAMPLE,
    CaseStrategy,
    Member,
    MemberPage,
    SegmentList,
    StepPage,
    segments_shown,
    step_shown,
)
from services.case.application.treatment.case_strategy import document
from services.case.domain import case_commands as c
from services.case.domain.treatment import said
from services.case.domain.treatment.strategy import ACTS
from services.case.projections.book_pages import After
from services.case.projections.treatment import segments
from shared.eventstore.projection.health import positions
from shared.http.asked import MinPosition, caught_up, moment, stamp
from shared.http.bodies import Day
from shared.http.commands import Asked
from shared.http.listing import OF_A_LIST, AskedPage, words
from shared.http.listing import one_of as checked
from shared.http.operations import command, reading, routes
from shared.http.preconditions import etag
from shared.http.wire import PageLinks
from shared.messaging.published import instant

STEP_NAME = r"^[1-9][0-9]{0,5}\.[a-z0-9]+(-[a-z0-9]+){0,9}$"
_ALWAYS = date(1970, 1, 1)
_MEMBER: dict[str, Any] = {
    "case": CASE, "segment": "M2-STANDARD", "rule": "m2", "strategy": "cn-retail-treatment/1",
    "arm": "CHAMPION", "stage": "M2", "decided_on": "2026-11-22",
}  # fmt: skip
_STEP: dict[str, Any] = {
    "case": CASE, "step": "2.first-call", "act": "CALL", "channel": "CALL", "template": "m2-call",
    "who": "COLLECTOR", "planned": "2026-11-22", "due": "2026-11-22", "until": "2026-11-25",
    "segment": "M2-STANDARD",
}  # fmt: skip
UNDECIDED = "UNDECIDED"


class StepTakenSent(DatedSent):
    """A step that was taken otherwise than by what is recorded anyway."""

    step: str = Field(pattern=STEP_NAME, max_length=80, examples=["2.review"])


class StepSkippedSent(StepTakenSent):
    """A step that is not taken."""

    reason: Word = one_of(said.SKIP_REASONS)


class _Placed(NamedTuple):
    """A member of a segment, as a list pages through them."""

    row: segments.Member

    @property
    def cursor(self) -> After:
        """Members stand by the case's id alone."""
        return _ALWAYS, self.row.case_id


def router(office: Office) -> APIRouter:
    """The routes of segments and steps."""
    found = routes("/v1", tag="treatment")
    _segments(found, office)
    _members(found, office)
    _steps(found, office)
    _case(found, office)
    _acts(found, office)
    return found


def _segments(found: APIRouter, office: Office) -> None:
    row = {"segment": "M2-STANDARD", "strategy": "cn-retail-treatment/1", "arm": "CHAMPION", "cases": 17}
    due = {"act": "CALL", "who": "COLLECTOR", "steps": 5}

    @found.get(
        "/segments",
        **reading(
            "listSegments",
            "How many open cases are in which segment, on two clocks, and which steps are due now",
            scope="case:read",
            problems=("malformed-request", "projection-behind"),
            example={
                "as_of": "2026-11-22", "known_at": None, "open": 20, "undecided": 3, "items": [row],
                "steps_due": [due],
            },
        ),
    )  # fmt: skip
    async def list_segments(
        request: Request,
        response: Response,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        min_position: MinPosition = None,
    ) -> SegmentList:
        desk, day = office.open_desk, day_asked(office, as_of)
        known = moment(known_at, name="known_at", zone=desk.zone)
        await caught_up(request, desk, segments.VIEW)
        counted, steps, at = await desk.ask(
            lambda connection: (
                segments.counts(connection, as_of=day, known_at=known),
                segments.step_counts(connection),
                positions(connection, segments.VIEW),
            )
        )
        await stamp(response, desk, at)
        shown = segments_shown(counted, steps)
        return SegmentList(as_of=day.isoformat(), known_at=instant(known) if known else None, **shown)


def _members(found: APIRouter, office: Office) -> None:
    @found.get(
        "/segments/{segment}/cases",
        **reading(
            "listSegmentCases",
            "The open cases of a segment, on two clocks, by their ids; UNDECIDED: those of which nothing was decided",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_MEMBER], "page": {"next": None}},
            links={"showCaseStrategy": {"case_id": "$response.body#/items/0/case"}},
        ),
    )
    async def list_segment_cases(
        turn: AskedPage,
        segment: Annotated[str, Path(max_length=60, description="Its name, or UNDECIDED.")],
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> MemberPage:
        desk, day = office.open_desk, day_asked(office, as_of)
        known = moment(known_at, name="known_at", zone=desk.zone)
        rows, page = await listed(
            office,
            turn,
            path=f"/v1/segments/{segment}/cases",
            view=segments.VIEW,
            filters={"as_of": day.isoformat(), "known_at": known_at},
            rows=lambda connection, part: [
                _Placed(row)
                for row in segments.members(
                    connection,
                    as_of=day,
                    known_at=known,
                    segment=None if segment == UNDECIDED else segment,
                    after=part.after[1] if part.after else "",
                    limit=part.limit,
                )
            ],
        )
        return MemberPage(items=[Member.of(one.row) for one in rows], page=PageLinks(**page))


def _steps(found: APIRouter, office: Office) -> None:
    @found.get(
        "/strategy-steps",
        **reading(
            "listStrategySteps",
            "The steps that are due, those whose days end first before the others",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_STEP], "page": {"next": None}},
        ),
    )
    async def list_strategy_steps(
        turn: AskedPage,
        act: Annotated[str | None, words(ACTS, "Those of one act.")] = None,
        who: Annotated[
            str | None,
            Query(pattern=r"^[A-Z][A-Z0-9_]{0,39}$", description="Those that such a person takes."),
        ] = None,
        until_before: Annotated[
            Day | None, Query(description="Those whose last day is before this one.")
        ] = None,
        case_id: OfCase = None,
    ) -> StepPage:
        checked("act", act, ACTS)
        filters = {
            "act": act, "who": who, "case": case_id,
            "until_before": until_before.isoformat() if until_before else None,
        }  # fmt: skip
        rows, page = await listed(
            office,
            turn,
            path="/v1/strategy-steps",
            view=segments.VIEW,
            filters=filters,
            rows=lambda connection, part: segments.steps(
                connection, after=part.after, limit=part.limit, pin=part.pin, case_id=case_id, act=act, who=who,
                until_before=until_before,
            ),
        )  # fmt: skip
        return StepPage(items=[step_shown(row) for row in rows], page=PageLinks(**page))


def _case(found: APIRouter, office: Office) -> None:
    @found.get(
        "/cases/{case_id}/strategy",
        **reading(
            "showCaseStrategy",
            "A case's segment, strategy and steps on two clocks, with what they were decided by and why",
            scope="case:read",
            problems=("not-found",),
            example=CASE_EXAMPLE,
        ),
    )
    async def show_case_strategy(
        response: Response, case_id: CaseId, as_of: AsOf = None, known_at: KnownAt = None
    ) -> CaseStrategy:
        desk = office.open_desk
        seen = await seen_on(office, case_id, as_of, known_at)
        book = await desk.treatment.book()
        treating = await desk.treatment.treatments.of(
            case_id, seen.state, book, as_of=seen.as_of, known_at=seen.known_at
        )
        response.headers["ETag"] = etag(seen.version)
        return CaseStrategy(**document(seen, treating, desk.decisions.policy_on(seen.as_of)))


def _acts(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/step-takings",
        **command(
            "takeStep",
            "Say that a step of the strategy was taken, where no attempt, offer or placement says so by itself",
            scope="case:write",
            problems=(*OF_A_CASE, "step-not-due"),
            sent={"step": "2.review"},
            gives={"links": {"case": f"/v1/cases/{CASE}"}},
        ),
    )
    async def take_step(case_id: CaseId, sent: StepTakenSent, asked: Asked) -> Answer:
        act = Act(office, case_id, asked)
        return await act.do(c.TakeStep(step=sent.step, on=act.day(sent.on), by=act.by))

    @found.post(
        "/cases/{case_id}/step-skips",
        **command(
            "skipStep",
            "Pass a step of the strategy by, for a reason of the closed list",
            scope="case:write",
            problems=(*OF_A_CASE, "step-not-due", "step-skip-reason-unknown"),
            sent={"step": "2.review", "reason": "NOT_NEEDED"},
            gives={"links": {"case": f"/v1/cases/{CASE}"}},
        ),
    )
    async def skip_step(case_id: CaseId, sent: StepSkippedSent, asked: Asked) -> Answer:
        act = Act(office, case_id, asked)
        return await act.do(c.SkipStep(step=sent.step, on=act.day(sent.on), reason=sent.reason, by=act.by))
