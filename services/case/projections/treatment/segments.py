"""Which segment is each open case in, by what is on record; and which steps of its strategy are due?

A row a case from its opening on. When a sweep has treated a case, what it says lands here; until then the case is in
no segment, and is counted as such. Steps stand in a table of their own until something else is said of them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.events import (
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    SegmentDecided,
    StrategyPinned,
    StrategyStepDue,
    StrategyStepSkipped,
    StrategyStepTaken,
    StrategyStepWithdrawn,
)
from services.case.projections.book_pages import PAGE_MAX, After, thing, turned
from services.case.projections.treatment import words
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
SEGMENTS = sa.Table(
    "case_segment_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_open", sa.Boolean, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("closed_on", sa.Date),
    sa.Column("segment", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("strategy", sa.Text),
    sa.Column("arm", sa.Text),
    sa.Column("stage", sa.Text),
    sa.Column("decided_on", sa.Date),
    sa.Column("open_steps", sa.Integer, nullable=False),
    sa.Index("case_segment_v1_open", "is_open", "case_id"),
    sa.Index("case_segment_v1_segment", "segment", "case_id"),
)
DECISIONS = sa.Table(
    "case_segment_decision_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("segment", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("strategy", sa.Text, nullable=False),
    sa.Column("arm", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Index("case_segment_decision_v1_day", "as_of"),
)
SPANS = sa.Table(
    "case_segment_span_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("is_open", sa.Boolean, nullable=False),
)
STEPS = sa.Table(
    "case_step_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("channel", sa.Text),
    sa.Column("template", sa.Text),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("planned", sa.Date, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("segment", sa.Text),
    sa.Index("case_step_v1_until", "until", "thing"),
    sa.Index("case_step_v1_case", "case_id"),
)
Seen: TypeAlias = Recorded[CaseEvent | Erased]


class SegmentRow(NamedTuple):
    """A case. `segment` and what follows it is None while nothing was decided; `stage` is that of the decision."""

    case_id: str
    lane: int
    version: int
    is_open: bool
    opened_on: date
    closed_on: date | None
    segment: str | None
    rule: str | None
    strategy: str | None
    arm: str | None
    stage: str | None
    decided_on: date | None
    open_steps: int


class StepRow(NamedTuple):
    """A step that is due."""

    thing: str
    lane: int
    made_at: int
    case_id: str
    step: str
    act: str
    channel: str | None
    template: str | None
    who: str
    planned: date
    due: date
    until: date
    segment: str | None

    @property
    def cursor(self) -> After:
        """What `steps(after=…)` takes to go on behind this row."""
        return self.until, self.thing

    def words(self, language: str) -> str:
        """That it is due, for a person."""
        return words.due(self.act, self.until, language)


def wants(seen: Seen) -> Iterable[tuple[str, str]]:
    """The case's row, and that of the step the event is about."""
    event = seen.event
    if isinstance(event, CaseOpened):
        return ()
    rows = [(SEGMENTS.name, seen.stream)]
    if isinstance(event, StrategyStepTaken | StrategyStepSkipped | StrategyStepWithdrawn | StrategyStepDue):
        rows.append((STEPS.name, thing(seen.stream, event.step)))
    return rows


def apply(seen: Seen, rows: Working) -> None:
    """The case after one more event."""
    event, case_id = seen.event, seen.stream
    if isinstance(event, CaseOpened):
        row = SegmentRow(
            case_id, seen.lane, seen.version, True, event.as_of, None, None, None, None, None, None, None, 0
        )
        rows.put(SEGMENTS, case_id, row)
        rows.add(SPANS, (case_id, seen.version, event.as_of, seen.recorded_at, True))
        return
    found = rows.get(SEGMENTS, case_id)
    if found is None:
        return
    if isinstance(event, Erased):
        rows.drop(SEGMENTS, case_id)
        return
    row = SegmentRow(*found)._replace(version=seen.version)
    match event:
        case CaseClosed():
            row = row._replace(is_open=False, closed_on=event.as_of)
            rows.add(SPANS, (case_id, seen.version, event.as_of, seen.recorded_at, False))
        case CaseReopened():
            row = row._replace(is_open=True, closed_on=None)
            rows.add(SPANS, (case_id, seen.version, event.as_of, seen.recorded_at, True))
        case SegmentDecided():
            row = row._replace(
                segment=event.segment, rule=event.rule, strategy=event.strategy, arm=event.arm, stage=event.stage,
                decided_on=event.as_of,
            )  # fmt: skip
            decision = (
                event.as_of,
                seen.recorded_at,
                event.segment,
                event.rule,
                event.strategy,
                event.arm,
                event.stage,
            )
            rows.add(DECISIONS, (case_id, seen.version, *decision))
        case StrategyPinned():
            row = row._replace(stage=event.stage)
        case _:
            row = row._replace(open_steps=row.open_steps + _step(seen, event, row, rows))
    rows.put(SEGMENTS, case_id, row)


def _step(seen: Seen, event: CaseEvent | Erased, row: SegmentRow, rows: Working) -> int:
    """Keep the table of due steps; how many more of the case there are then."""
    match event:
        case StrategyStepDue():
            key = thing(seen.stream, event.step)
            was = rows.get(STEPS, key)
            due = StepRow(
                key, seen.lane, seen.position, seen.stream, event.step, event.act, event.channel, event.template,
                event.who, event.planned, event.as_of, event.until, row.segment,
            )  # fmt: skip
            rows.put(STEPS, key, due)
            return 0 if was else 1
        case StrategyStepTaken() | StrategyStepSkipped() | StrategyStepWithdrawn():
            key = thing(seen.stream, event.step)
            if rows.get(STEPS, key) is None:
                return 0
            rows.drop(STEPS, key)
            return -1
    return 0


VIEW = View(
    name="case.segments",
    version=1,
    tables=(SEGMENTS, DECISIONS, SPANS, STEPS),
    apply=apply,
    wants=wants,
    streams=("case",),
)


class SegmentCount(NamedTuple):
    """How many open cases are in a segment by a version and an arm; all None: not decided yet."""

    segment: str | None
    strategy: str | None
    arm: str | None
    cases: int


class Member(NamedTuple):
    """An open case as of a day, and the decision that stood for it then; all None: there was none."""

    case_id: str
    segment: str | None
    rule: str | None
    strategy: str | None
    arm: str | None
    stage: str | None
    decided_on: date | None


def counts(connection: sa.Connection, *, as_of: date, known_at: datetime | None = None) -> list[SegmentCount]:
    """Open cases as of the end of a day by segment, version and arm; those undecided come last.

    `known_at`: by what was recorded up to then (inclusive; None: all).
    """
    at = _standing(as_of, known_at)
    query = sa.select(at.c.segment, at.c.strategy, at.c.arm, sa.func.count()).group_by(
        at.c.segment, at.c.strategy, at.c.arm
    )
    found = [SegmentCount(*row) for row in connection.execute(query)]
    return sorted(
        found, key=lambda one: (one.segment is None, one.segment or "", one.strategy or "", one.arm or "")
    )


def members(
    connection: sa.Connection,
    *,
    as_of: date,
    known_at: datetime | None = None,
    segment: str | None = None,
    after: str = "",
    limit: int = 50,
) -> list[Member]:
    """The open cases of a segment as of the end of a day, by id; None: those of which nothing was decided."""
    at = _standing(as_of, known_at)
    query = sa.select(*(at.c[name] for name in Member._fields)).where(at.c.case_id > after)
    query = query.where(at.c.segment.is_(None) if segment is None else at.c.segment == segment)
    query = query.order_by(at.c.case_id).limit(min(limit, PAGE_MAX + 1))
    return [Member(*row) for row in connection.execute(query)]


def open_cases(
    connection: sa.Connection, *, as_of: date, after: str = "", limit: int = PAGE_MAX
) -> list[Member]:
    """Every open case as of the end of a day, by id, with what was decided of it."""
    at = _standing(as_of, None)
    query = sa.select(*(at.c[name] for name in Member._fields)).where(at.c.case_id > after)
    return [Member(*row) for row in connection.execute(query.order_by(at.c.case_id).limit(limit))]


def steps(
    connection: sa.Connection,
    *,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    case_id: str | None = None,
    act: str | None = None,
    who: str | None = None,
    until_before: date | None = None,
) -> list[StepRow]:
    """Steps that are due, those whose days end first before the others. `until_before`: their last day is earlier."""
    query = sa.select(*(STEPS.c[name] for name in StepRow._fields))
    for name, wanted in (("case_id", case_id), ("act", act), ("who", who)):
        query = query if wanted is None else query.where(STEPS.c[name] == wanted)
    query = query if until_before is None else query.where(STEPS.c.until < until_before)
    query = turned(query, STEPS.c, "until", after=after, limit=limit, pin=pin)
    return [StepRow(*row) for row in connection.execute(query)]


def due_of(connection: sa.Connection, cases: Sequence[str]) -> dict[str, list[StepRow]]:
    """The steps that are due of each of these cases, those whose days end first before the others."""
    query = sa.select(*(STEPS.c[name] for name in StepRow._fields)).where(STEPS.c.case_id.in_(cases))
    found: dict[str, list[StepRow]] = {}
    for row in connection.execute(query.order_by(STEPS.c.until, STEPS.c.thing)):
        found.setdefault(row.case_id, []).append(StepRow(*row))
    return found


def step_counts(connection: sa.Connection) -> list[tuple[str, str, int]]:
    """How many steps are due, by act and by who takes them."""
    query = sa.select(STEPS.c.act, STEPS.c.who, sa.func.count()).group_by(STEPS.c.act, STEPS.c.who)
    return [
        (act, who, count) for act, who, count in connection.execute(query.order_by(STEPS.c.act, STEPS.c.who))
    ]


def _standing(as_of: date, known_at: datetime | None) -> sa.Subquery:
    """Every case open as of the end of a day, with the last decision about that day or an earlier one."""
    span, decision = _last(SPANS, as_of, known_at), _last(DECISIONS, as_of, known_at)
    return (
        sa.select(
            span.c.case_id, decision.c.segment, decision.c.rule, decision.c.strategy, decision.c.arm,
            decision.c.stage, decision.c.as_of.label("decided_on"),
        )
        .select_from(span.outerjoin(decision, decision.c.case_id == span.c.case_id))
        .where(span.c.is_open.is_(True))
        .subquery("standing")
    )  # fmt: skip


def _last(table: sa.Table, as_of: date, known_at: datetime | None) -> sa.Subquery:
    """Of each case the newest row about that day or an earlier one, as far as it was known."""
    newest = sa.select(table.c.case_id, sa.func.max(table.c.version).label("version")).where(
        table.c.as_of <= as_of
    )
    if known_at is not None:
        newest = newest.where(table.c.recorded_at <= known_at)
    some = newest.group_by(table.c.case_id).subquery()
    return (
        sa.select(table)
        .join(some, (table.c.case_id == some.c.case_id) & (table.c.version == some.c.version))
        .subquery()
    )
