"""Contact, right-party and promise-to-pay rates: attempts by what came of them."""

from collections.abc import Iterator

from services.case.domain.figures.measure import Item
from services.case.domain.figures.rules import CONNECTED, RIGHT_PARTY
from services.case.projections.figures import counted as c
from services.case.projections.figures.source import Source


def contact(source: Source) -> Iterator[Item]:
    """Every attempt of the period, permitted or not: it happened. One talk is about the whole case."""
    asked = source.asked
    reached: dict[tuple[str | None, str], Item] = {}
    for row in source.attempts(from_=asked.from_, to=asked.to):
        group = source.group(row.case_id, row.on, channel=row.channel)
        told = ("", "", group, "", row.case_id, row.thing, row.on)
        right, anybody = int(row.code in RIGHT_PARTY), int(row.code in CONNECTED)
        yield Item("connect", *told, anybody, 1)
        yield Item("right_party_per_attempt", *told, right, 1)
        if anybody:
            yield Item("right_party_per_connect", *told, right, 1)
        known = reached.get((group, row.case_id))
        if known is None or right > known.above:
            reached[group, row.case_id] = Item("right_party_per_account", *told, right, 1)
    yield from reached.values()


def promise(source: Source) -> Iterator[Item]:
    """Every right-party contact of the period, and every promise: outbound where it was taken on the day of one."""
    asked, talks = source.asked, set()
    for row in source.attempts(from_=asked.from_, to=asked.to):
        if row.code in RIGHT_PARTY:
            talks.add((row.case_id, row.on))
            group = source.group(row.case_id, row.on)
            yield Item("promise_to_pay", "", "", group, "", row.case_id, row.thing, row.on, 0, 1)
    for row in source.rows(c.PROMISE, from_=asked.from_, to=asked.to, ordered=False):
        group, outbound = source.group(row.case_id, row.on), (row.case_id, row.on) in talks
        told = ("", "", group, "", row.case_id, row.thing, row.on)
        if outbound:
            yield Item("promise_to_pay", *told, 1, 0)
        yield Item("inbound", *told, int(not outbound), 1)
