"""Days in collections: how long cases were open, less the days on which the lender had to leave the debtor alone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from services.case.domain.figures.asked import ONE_DAY
from services.case.domain.figures.measure import Item
from services.case.domain.figures.rules import FORCED
from services.case.projections.figures import counted as c
from services.case.projections.figures.source import Source

Span = tuple[date, date]


def days(source: Source) -> Iterator[Item]:
    """Cases that ended in the period, with their days; and every case there is, those that still run seen so far."""
    asked, held = source.asked, forced(source)
    for case_id, life in source.lives.items():
        spans = life.spans
        if not spans:
            continue
        seen = [(first, last if last is not None else asked.as_of) for first, last in spans]
        count = sum((last - first).days for first, last in seen) - _overlap(seen, held.get(case_id, ()))
        ended, last = spans[-1][1] is not None, seen[-1][1]
        # A case that was cured ended in the first stage: what counts is the one it was in before.
        group = source.group(case_id, last - ONE_DAY if ended else last)
        told = ("", "", group, "", case_id, "", last, count)
        if ended and asked.from_ <= last <= asked.to:
            yield Item("closed_mean", *told, 1)
            yield Item("closed_median", *told, 1)
        yield Item("all_median", *told, int(ended))


def forced(source: Source) -> Mapping[str, Sequence[Span]]:
    """Case -> the days under a forced hold, as ranges without overlap, the last day not included."""
    found: dict[str, dict[str, list[list[date | None]]]] = {}
    for row in source.rows(c.HOLD, c.HOLD_ENDED):
        spans = found.setdefault(row.case_id, {}).setdefault(row.thing, [])
        if row.kind == c.HOLD:
            if row.code in FORCED:
                spans.append([row.on, row.until])
        elif spans:
            until = spans[-1][1]
            spans[-1][1] = row.on if until is None else min(until, row.on)
    last = source.asked.as_of
    return {
        case_id: _joined(
            [
                (first, until or last)
                for spans in holds.values()
                for first, until in spans
                if first is not None
            ]
        )
        for case_id, holds in found.items()
    }


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The same days, each once."""
    found: list[Span] = []
    for first, until in sorted(spans):
        if until <= first:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((first, until))
    return found


def _overlap(spans: Sequence[Span], others: Sequence[Span]) -> int:
    """How many days are in both; neither overlaps itself."""
    return sum(
        max((min(until, end) - max(first, begins)).days, 0)
        for first, until in spans
        for begins, end in others
    )
