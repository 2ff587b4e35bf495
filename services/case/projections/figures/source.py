"""What was counted, on the two clocks of a question, and what is looked up for each thing: holder, stage, open days."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.case.domain.figures.asked import Asked, TeamsOn, nobody
from services.case.domain.figures.catalogue import CHANNEL, COLLECTOR, STAGE, TEAM
from services.case.domain.figures.rules import STATED
from services.case.projections import balances
from services.case.projections.balances import POSTINGS
from services.case.projections.figures import counted as c
from services.case.projections.figures.counted import COUNTED
from services.case.projections.figures.standings import in_parts


class Row(NamedTuple):
    """A counted thing as the questions read it."""

    case_id: str
    version: int
    kind: str
    on: date
    thing: str
    code: str
    channel: str
    detail: str
    collector: str | None
    minor: int | None
    currency: str
    until: date | None
    command: str


class Posting(NamedTuple):
    """A change of one sum of a case's money, with the payment it is of and its channel."""

    case_id: str
    version: int
    line: int
    measure: str
    on: date
    minor: int
    currency: str
    thing: str
    channel: str


_COLUMNS = [
    COUNTED.c[name]
    for name in (
        "case_id", "version", "kind", "effective_on", "thing", "code", "channel", "detail", "collector",
        "amount_minor", "currency", "until", "command",
    )
]  # fmt: skip
CASH = {balances.RECEIVED: 1, balances.RETURNED: -1, balances.REFUNDED: -1}
"""The sums that make cleared cash, with their sign."""


@dataclass(frozen=True, slots=True)
class Life:
    """When a case was open: from each of `opened` up to, not including, the next of `closed`."""

    changes: Sequence[tuple[date, bool]]

    def open_at_end_of(self, day: date) -> bool:
        """Is it open when the day is over?"""
        state = False
        for on, is_open in self.changes:
            if on > day:
                break
            state = is_open
        return state

    def open_in(self, first: date, last: date) -> bool:
        """Was it open on any day of the range, both ends included? The day on which it closes still counts."""
        return any(begins <= last and (ends is None or ends >= first) for begins, ends in self.spans)

    @property
    def spans(self) -> list[tuple[date, date | None]]:
        """First day, and the day on which it ended (None: it is open)."""
        found: list[tuple[date, date | None]] = []
        for on, is_open in self.changes:
            if is_open and (not found or found[-1][1] is not None):
                found.append((on, None))
            elif not is_open and found and found[-1][1] is None:
                found[-1] = (found[-1][0], on)
        return found


@dataclass
class Source:
    """One question's view of what was counted; look-ups are read once each."""

    connection: sa.Connection
    asked: Asked
    teams: TeamsOn = nobody
    _teams: dict[date, Mapping[str, str]] = field(default_factory=dict)

    def rows(
        self, *kinds: str, from_: date | None = None, to: date | None = None, ahead: bool = False,
        ordered: bool = True,
    ) -> Iterator[Row]:  # fmt: skip
        """Things of these kinds, by case and in the order in which they were recorded there, unless not `ordered`.

        `ahead`: also what is effective after the question's day.
        """
        columns, asked = COUNTED.c, self.asked
        query = sa.select(*_COLUMNS).where(columns.kind.in_(kinds))
        if not ahead:
            query = query.where(columns.effective_on <= (asked.as_of if to is None else min(to, asked.as_of)))
        if from_ is not None:
            query = query.where(columns.effective_on >= from_)
        if asked.known_at is not None:
            query = query.where(columns.recorded_at <= asked.known_at)
        if ordered:
            query = query.order_by(columns.case_id, columns.version, columns.line)
        return map(Row._make, in_parts(self.connection, query))

    def attempts(self, *, from_: date | None = None, to: date | None = None) -> Iterator[Row]:
        """Contact attempts by the newest revision that was known, in no order; one that never was is left out."""
        columns, asked, first, later = COUNTED.c, self.asked, COUNTED.alias("first"), COUNTED.alias("later")
        newer = sa.exists().where(
            later.c.case_id == columns.case_id,
            later.c.thing == columns.thing,
            later.c.kind.in_((c.REVISED, c.RETRACTED)),
            later.c.revision > columns.revision,
        )
        if asked.known_at is not None:
            newer = newer.where(later.c.recorded_at <= asked.known_at)
        # A revision tells no channel: that is the attempt's.
        told = (
            (first.c.case_id == columns.case_id)
            & (first.c.thing == columns.thing)
            & (first.c.kind == c.ATTEMPT)
            & (columns.kind == c.REVISED)
        )
        channel = sa.func.coalesce(first.c.channel, columns.channel)
        query = (
            sa.select(*(channel if one is columns.channel else one for one in _COLUMNS))
            .select_from(COUNTED.outerjoin(first, told))
            .where(
                columns.kind.in_((c.ATTEMPT, c.REVISED)),
                sa.or_(columns.kind == c.ATTEMPT, first.c.case_id.is_not(None)),
                columns.effective_on <= (asked.as_of if to is None else min(to, asked.as_of)),
                sa.not_(newer),
            )
        )
        if from_ is not None:
            query = query.where(columns.effective_on >= from_)
        if asked.known_at is not None:
            query = query.where(columns.recorded_at <= asked.known_at)
        return map(Row._make, in_parts(self.connection, query))

    def postings(
        self, *measures: str, from_: date | None = None, to: date | None = None
    ) -> Iterator[Posting]:
        """Changes of these sums, each with its payment and channel; by day."""
        asked, told = self.asked, COUNTED.alias("told")
        joined = POSTINGS.outerjoin(
            told,
            (told.c.case_id == POSTINGS.c.case_id)
            & (told.c.version == POSTINGS.c.version)
            & (told.c.line == 1)
            & told.c.kind.in_((c.PAYMENT, c.RETURN)),
        )
        last = asked.as_of if to is None else min(to, asked.as_of)
        query = (
            sa.select(
                POSTINGS.c.case_id, POSTINGS.c.version, POSTINGS.c.line, POSTINGS.c.measure,
                POSTINGS.c.effective_on, POSTINGS.c.amount_minor, POSTINGS.c.currency,
                sa.func.coalesce(told.c.thing, ""), sa.func.coalesce(told.c.channel, ""),
            )
            .select_from(joined)
            .where(POSTINGS.c.measure.in_(measures), POSTINGS.c.effective_on <= last)
        )  # fmt: skip
        if from_ is not None:
            query = query.where(POSTINGS.c.effective_on >= from_)
        if asked.known_at is not None:
            query = query.where(POSTINGS.c.recorded_at <= asked.known_at)
        query = query.order_by(
            POSTINGS.c.effective_on, POSTINGS.c.case_id, POSTINGS.c.version, POSTINGS.c.line
        )
        return map(Posting._make, in_parts(self.connection, query))

    def cash(self, *, from_: date | None = None, to: date | None = None) -> Iterator[Posting]:
        """Cleared cash: what came in, and below zero what bounced or went back."""
        for one in self.postings(*CASH, from_=from_, to=to):
            channel = one.channel or (self.channels.get((one.case_id, one.thing)) or STATED)
            yield one._replace(minor=CASH[one.measure] * one.minor, channel=channel)

    @cached_property
    def channels(self) -> Mapping[tuple[str, str], str]:
        """(case, payment) -> the channel it came through."""
        return {(row.case_id, row.thing): row.channel for row in self.rows(c.PAYMENT)}

    def arrears_rises(self) -> Iterator[tuple[str, date]]:
        """(case, day) on which more was reported to be in arrears than before."""
        columns = POSTINGS.c
        query = sa.select(columns.case_id, columns.effective_on).where(
            columns.measure == balances.ARREARS,
            columns.amount_minor > 0,
            columns.effective_on <= self.asked.as_of,
        )
        if self.asked.known_at is not None:
            query = query.where(columns.recorded_at <= self.asked.known_at)
        return in_parts(self.connection, query)

    def arrears(self, day: date) -> dict[tuple[str, str], int]:
        """(case, currency) -> what was in arrears at the end of a day, as last reported."""
        columns, half = POSTINGS.c, balances.HALF
        by, minor = (columns.case_id, columns.currency), columns.amount_minor
        query = sa.select(*by, sa.func.sum(minor // half), sa.func.sum(minor % half)).group_by(*by)
        query = query.where(columns.measure == balances.ARREARS, columns.effective_on <= day)
        if self.asked.known_at is not None:
            query = query.where(columns.recorded_at <= self.asked.known_at)
        found = in_parts(self.connection, query)
        return {(case, currency): int(high) * half + int(low) for case, currency, high, low in found}

    @cached_property
    def lives(self) -> Mapping[str, Life]:
        """Case -> when it was open."""
        changes: dict[str, list[tuple[date, bool]]] = {}
        for row in self.rows(c.OPENED, c.CLOSED, c.REOPENED):
            changes.setdefault(row.case_id, []).append((row.on, row.kind != c.CLOSED))
        # Of one day the later recorded counts: the sort keeps their order.
        return {case: Life(sorted(found, key=lambda one: one[0])) for case, found in changes.items()}

    @cached_property
    def history(self) -> frozenset[tuple[str, str]]:
        """(case, thing) of what is from before go-live."""
        return frozenset((row.case_id, row.thing) for row in self.rows(c.HISTORY))

    @cached_property
    def _holders(self) -> Mapping[str, tuple[list[date], list[str | None]]]:
        return _timelines((row.case_id, row.on, row.collector) for row in self.rows(c.ALLOCATED))

    @cached_property
    def _stages(self) -> Mapping[str, tuple[list[date], list[str | None]]]:
        return _timelines((row.case_id, row.on, row.code) for row in self.rows(c.STAGE))

    def holder(self, case_id: str, day: date) -> str | None:
        """Who had the case at the end of a day; None: nobody, or nobody who is still known."""
        return _at(self._holders.get(case_id), day)

    def stage(self, case_id: str, day: date) -> str | None:
        """The stage of the case at the end of a day."""
        return _at(self._stages.get(case_id), day)

    def group(self, case_id: str, day: date, *, channel: str | None = None) -> str | None:
        """What a thing of that case and day is put under."""
        match self.asked.by:
            case None:
                return None
            case by if by == CHANNEL:
                return channel
            case by if by == STAGE:
                return self.stage(case_id, day)
            case by if by == COLLECTOR:
                return self.holder(case_id, day)
            case by if by == TEAM:
                return self.team_of(self.holder(case_id, day), day)
        return None

    def team_of(self, collector: str | None, day: date) -> str | None:
        """The team that a collector was in on a day."""
        if collector is None:
            return None
        if day not in self._teams:
            self._teams[day] = self.teams(day)
        return self._teams[day].get(collector)


def _timelines(told: Iterable[tuple[str, date, Any]]) -> dict[str, tuple[list[date], list[Any]]]:
    """Case -> its days and what holds from each on; of one day the later recorded counts."""
    found: dict[str, list[tuple[date, Any]]] = {}
    for case_id, on, value in told:
        found.setdefault(case_id, []).append((on, value))
    sorted_: dict[str, tuple[list[date], list[Any]]] = {}
    for case_id, changes in found.items():
        changes.sort(key=lambda one: one[0])
        sorted_[case_id] = ([on for on, _ in changes], [value for _, value in changes])
    return sorted_


def _at(timeline: tuple[list[date], list[str | None]] | None, day: date) -> str | None:
    if timeline is None:
        return None
    place = bisect_right(timeline[0], day)
    return timeline[1][place - 1] if place else None
