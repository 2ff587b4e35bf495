"""From a figure as it was known at one time to the same figure as it was known later: the differences, and why.

Why is a list of events: those recorded in between that tell of what changed. So a restated figure is explained event
by event, and how much a month is restated is itself a figure (the trust measure of the data).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.case.domain.figures.measure import Figure, Item, amount, decimal
from services.case.projections.balances import POSTINGS
from services.case.projections.figures.costs import COST_POSTINGS
from services.case.projections.figures.counted import COUNTED
from services.case.projections.figures.questions import Answer
from services.case.projections.figures.shown import said
from services.case.projections.figures.standings import INSTALMENTS, STANDINGS
from shared.messaging.published import instant


class Cause(NamedTuple):
    """An event that was learnt of in between; `stream` is a case, an account or a cost."""

    recorded_at: datetime
    stream: str
    version: int
    type: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure before and after; None where there was nothing to count."""

    before: Figure | None
    after: Figure | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A counted thing before and after, and the events that were learnt of it in between."""

    before: Item | None
    after: Item | None
    because: tuple[Cause, ...]

    @property
    def item(self) -> Item:
        """Either of the two."""
        found = self.after or self.before
        assert found is not None, "what changed was there before or after"
        return found


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two answers to one question at two times, and what lies between them."""

    before: Answer
    after: Answer
    figures: list[Moved]
    changes: list[Changed]

    def restated(self) -> dict[tuple[str, str], Fraction | None]:
        """(measure, currency) -> how much was restated: the changes above the line, by what stood there before."""
        moved: dict[tuple[str, str], int] = {}
        stood: dict[tuple[str, str], int] = {}
        for one in self.figures:
            some = one.before or one.after
            assert some is not None, "a figure was there before or after"
            key = (some.measure.code, some.currency)
            was, became = (one.before.above if one.before else 0), (one.after.above if one.after else 0)
            moved[key] = moved.get(key, 0) + abs(became - was)
            stood[key] = stood.get(key, 0) + abs(was)
        return {key: Fraction(minor, stood[key]) if stood[key] else None for key, minor in moved.items()}


def bridge(connection: sa.Connection, before: Answer, after: Answer) -> Bridge:
    """What changed between two answers to the same question, the second known at a later time."""
    was, became = _by_place(before.figures), _by_place(after.figures)
    figures = [
        Moved(was.get(place), became.get(place))
        for place in [*was, *(place for place in became if place not in was)]
    ]
    ours, theirs = _by_thing(before.items), _by_thing(after.items)
    places = sorted({*ours, *theirs}, key=repr)
    differing = [place for place in places if _counts(ours.get(place)) != _counts(theirs.get(place))]
    streams = {stream for place in differing for stream in place[4:6] if stream}
    causes = _causes(connection, streams, before, after)
    changes = []
    for place in differing:
        found = {cause for stream in place[4:6] for cause in causes.get(stream, ())}
        changes.append(Changed(ours.get(place), theirs.get(place), tuple(sorted(found))))
    return Bridge(before, after, figures, changes)


def _by_place(figures: Iterable[Figure]) -> dict[tuple[str, str, str, str | None, str], Figure]:
    return {(one.measure.code, one.row, one.cell, one.group, one.currency): one for one in figures}


Place = tuple[str, str, str | None, str, str, str]


def _by_thing(items: Iterable[Item]) -> dict[Place, Item]:
    """Counted things by what they are; of several postings of one thing the sum."""
    found: dict[Place, Item] = {}
    for one in items:
        place = (one.measure, f"{one.row}\t{one.cell}", one.group, one.currency, one.case_id, one.thing)
        known = found.get(place)
        found[place] = (
            one
            if known is None
            else known._replace(above=known.above + one.above, below=known.below + one.below)
        )
    return found


def _counts(item: Item | None) -> tuple[int, int]:
    return (0, 0) if item is None else (item.above, item.below)


def _causes(
    connection: sa.Connection, streams: set[str], before: Answer, after: Answer
) -> Mapping[str, list[Cause]]:
    found: dict[str, list[Cause]] = {}
    for cause in _learnt(connection, before.asked.known_at, after.asked.known_at):
        if cause.stream in streams and cause.effective_on <= after.asked.as_of:
            found.setdefault(cause.stream, []).append(cause)
    return found


def _learnt(connection: sa.Connection, after: datetime | None, until: datetime | None) -> Iterator[Cause]:
    """Every event that counts and was recorded after one time and not after another."""
    for table, stream, day in (
        (COUNTED, "case_id", "effective_on"), (POSTINGS, "case_id", "effective_on"),
        (STANDINGS, "account_id", "as_of"), (INSTALMENTS, "account_id", "said_on"),
        (COST_POSTINGS, "cost_id", "effective_on"),
    ):  # fmt: skip
        columns = table.c
        query = sa.select(
            columns.recorded_at, columns[stream], columns.version, columns.because, columns[day]
        )
        if after is not None:
            query = query.where(columns.recorded_at > after)
        if until is not None:
            query = query.where(columns.recorded_at <= until)
        yield from map(Cause._make, connection.execute(query.distinct()))


CHANGES_MAX = 200
"""So many changes an answer lists; how many there are in all it says beside."""


def document(found: Bridge) -> dict[str, Any]:
    """`report kpi NAME --known-at A --and-known-at B --json`, and the same over HTTP."""
    later = found.after.asked.known_at
    assert later is not None, "a bridge ends at a time"
    return said(found.before) | {
        "and_known_at": instant(later),
        "items": [_moved(one) for one in found.figures],
        "restated": [
            {
                "measure": measure,
                "currency": currency or None,
                "value": None if value is None else decimal(value),
            }
            for (measure, currency), value in found.restated().items()
        ],
        "changes": [_changed(one, found.after) for one in found.changes[:CHANGES_MAX]],
        "changes_in_all": len(found.changes),
    }


def _moved(one: Moved) -> dict[str, Any]:
    some = one.before or one.after
    assert some is not None, "a figure was there before or after"
    both = one.before is not None and one.after is not None
    values = [side.value if side else None for side in (one.before, one.after)]
    differs = None
    if both and values[0] is not None and values[1] is not None:
        differs = decimal(values[1] - values[0])
    return {
        "measure": some.measure.code,
        "row": some.row or None,
        "cell": some.cell or None,
        "group": some.group,
        "currency": some.currency or None,
        "before": _side(one.before),
        "after": _side(one.after),
        "difference": differs,
    }


def _side(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "numerator": amount(figure.above, figure.measure.above, figure.currency),
        "denominator": amount(figure.below, figure.measure.below, figure.currency),
        "value": figure.decimal(),
    }


def _changed(one: Changed, answer: Answer) -> dict[str, Any]:
    item = one.item
    measure = answer.kpi.by_code[item.measure]

    def side(found: Item | None) -> dict[str, Any] | None:
        if found is None:
            return None
        return {
            "numerator": amount(found.above, measure.above, found.currency),
            "denominator": amount(found.below, measure.below, found.currency),
        }

    return {
        "measure": item.measure,
        "row": item.row or None,
        "cell": item.cell or None,
        "group": item.group,
        "case": item.case_id or None,
        "thing": item.thing or None,
        "before": side(one.before),
        "after": side(one.after),
        "because": [
            {
                "stream": cause.stream,
                "version": cause.version,
                "type": cause.type,
                "effective_on": cause.effective_on.isoformat(),
                "recorded_at": instant(cause.recorded_at),
            }
            for cause in one.because
        ],
    }
