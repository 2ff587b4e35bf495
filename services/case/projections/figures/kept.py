"""Promises that fell due in the period, and what the record says became of them by the question's two clocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.case.domain.figures.measure import Item
from services.case.domain.policy import RETAIL_LIFE
from services.case.domain.promise import deadline
from services.case.projections.figures import counted as c
from services.case.projections.figures.source import Row, Source

_JUDGEMENTS = (c.KEPT, c.PARTLY_KEPT, c.BROKEN, c.JUDGED_ANEW)
_FACTS = (c.PAYMENT, c.RETURN, c.AMENDED, c.PROMISE)


@dataclass(slots=True)
class Promise:
    """A promise by its last terms; `judged` None: not judged, or taken back."""

    taken: Row
    minor: int
    due: date
    amended_on: date
    cancelled_on: date | None = None
    judged: Row | None = None


def kept(source: Source) -> Iterator[Item]:
    """Every promise that fell due in the period, once, by its last terms; not those taken back by then.

    One that was cancelled only after its day had passed fell due, and was not kept.
    """
    asked = source.asked
    for one in promises(source).values():
        if not asked.from_ <= one.due <= asked.to:
            continue
        if one.cancelled_on is not None and one.cancelled_on <= one.due:
            continue
        taken, judged = one.taken, one.judged
        group = source.group(taken.case_id, one.due)
        told = ("", "", group)
        thing = (taken.case_id, taken.thing, one.due)
        got = judged.minor if judged is not None and judged.kind != c.BROKEN else 0
        is_kept = judged is not None and judged.kind == c.KEPT
        yield Item("by_count", *told, "", *thing, int(is_kept), 1)
        yield Item("by_money", *told, taken.currency, *thing, min(got or 0, one.minor), one.minor)
        yield Item("not_judged", *told, "", *thing, int(judged is None and one.cancelled_on is None), 1)


def promises(source: Source) -> dict[tuple[str, str], Promise]:
    """(case, promise) -> the promise as it stood on both clocks."""
    found: dict[tuple[str, str], Promise] = {}
    late = _LateFacts(source)
    for row in source.rows(c.PROMISE, c.AMENDED, c.CANCELLED, *_JUDGEMENTS, ahead=True):
        key = (row.case_id, row.thing)
        if row.kind not in _JUDGEMENTS and row.on > source.asked.as_of:
            continue
        if row.kind == c.PROMISE:
            found[key] = Promise(row, row.minor or 0, row.until or row.on, row.on)
            continue
        known = found.get(key)
        if known is None:
            continue
        match row.kind:
            case c.AMENDED if row.on >= known.amended_on:
                known.minor, known.due, known.amended_on = row.minor or 0, row.until or row.on, row.on
            case c.CANCELLED:
                known.cancelled_on = row.on
            case c.KEPT | c.PARTLY_KEPT | c.BROKEN | c.JUDGED_ANEW if late.holds(row, known):
                known.judged = None if row.kind == c.JUDGED_ANEW else row
            case _:
                pass
    return found


class _LateFacts:
    """From which day a judgement holds that a fact brought which is effective before the judgement was made.

    The record says on which day it was judged. Where a payment or a return of an earlier day led to it, it holds from
    that day on; broken and partly kept never before the promise's last day.
    """

    def __init__(self, source: Source) -> None:
        self._as_of = source.asked.as_of
        self._first: dict[tuple[str, str], date] = {}
        judged = {(row.case_id, row.command) for row in source.rows(c.JUDGED_ANEW, ahead=True)}
        for row in source.rows(*_FACTS, ahead=True) if judged else ():
            key = (row.case_id, row.command)
            if key in judged:
                self._first[key] = min(row.on, self._first.get(key, row.on))
        self._anew = judged

    def holds(self, row: Row, known: Promise) -> bool:
        """Does the judgement hold on the question's day?"""
        return self._since(row, known) <= self._as_of

    def _since(self, row: Row, known: Promise) -> date:
        key = (row.case_id, row.command)
        if key not in self._anew or key not in self._first:
            return row.on
        first = self._first[key]
        if row.kind in (c.BROKEN, c.PARTLY_KEPT):
            first = max(first, deadline(known.due, RETAIL_LIFE))
        return min(row.on, first)
