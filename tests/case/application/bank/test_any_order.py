"""Whatever the bank sends, in whatever order and however often: the same money on the same cases."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from tests.case.application.bank.banked import TODAY, Banked, banked
from tests.kit.camt import Tx, statement

KINDS = ("052", "053", "054")
DEBTORS = ("D-1", "D-2")
KEYS: list[bytes] = []
"""The key file of the first store: the same keys make the same ids, so that stores can be compared name by name."""


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Tx], list[list[tuple[str, list[int]]]]]:
    """What happened at the bank, and two ways in which its messages may tell it: each tells all, in parts."""
    events: list[Tx] = []
    for number in range(draw(st.integers(1, 5))):
        minor = draw(st.integers(1, 900_00))
        named = draw(st.sampled_from((*DEBTORS, "D-9", None)))
        day = TODAY - timedelta(days=draw(st.integers(0, 3)))
        events.append(Tx(ref=f"P-{number}", traced=f"E-{number}", structured=named, minor=minor, on=day))
        if draw(st.booleans()):
            part = draw(st.sampled_from((minor, minor, max(1, minor // 2))))
            events.append(
                Tx(ref=f"R-{number}", traced=f"E-{number}", credit=False, reason="AM04", minor=part, on=TODAY)
            )  # fmt: skip
    ways = []
    for _ in range(2):
        told: list[tuple[str, list[int]]] = []
        left = draw(st.permutations(range(len(events))))
        while left:
            size = draw(st.integers(1, len(left)))
            told.append((draw(st.sampled_from(KINDS)), list(left[:size])))
            left = left[size:]
        extra = draw(st.lists(st.sampled_from(told), max_size=2))
        ways.append(draw(st.permutations(told + extra)))
    return events, ways


async def _told(it: Banked, events: list[Tx], way: list[tuple[str, list[int]]]) -> dict[str, Any]:
    """The bank tells it this way; how everything stands at the end of the promises' days."""
    cases = [await it.open(debtor) for debtor in DEBTORS]
    for case_id in cases:
        await it.promise(case_id, 300_00, date(2026, 12, 2))
    for number, (kind, chosen) in enumerate(way):
        said = await it.take(statement(*(events[one] for one in chosen), kind=kind, ident=f"S-{number}"))
        assert said["rejected"] == 0
    await it.days_go_by(5, *cases)
    found: dict[str, Any] = {
        case_id: (await it.promises(case_id), await it.has(case_id)) for case_id in cases
    }
    return found | await it.standings()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_the_order_of_messages_does_not_matter(
    request: pytest.FixtureRequest, world: tuple[list[Tx], list[list[tuple[str, list[int]]]]]
) -> None:
    events, ways = world

    async def told() -> list[dict[str, Any]]:
        found = []
        for way in ways:
            with tempfile.TemporaryDirectory() as folder:
                if KEYS:
                    (Path(folder) / "keys.json").write_bytes(KEYS[0])
                async with banked("sqlite", Path(folder), request, shards=1) as it:
                    found.append(await _told(it, events, list(way)))
                KEYS[:] = [(Path(folder) / "keys.json").read_bytes()]
        return found

    one, other = asyncio.run(told())
    assert one == other
