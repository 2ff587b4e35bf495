"""The refusal register: every refusal, found by rule, day and channel, and counted."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from services.contact.projections.asking import refusals
from tests.contact.projections.told import AT, refused, told
from tests.kit.ledgers import backends

EVENING = AT + timedelta(hours=14, minutes=30)
"""Half past midnight of the next day in Shanghai, still the 23rd in UTC."""


@backends
async def test_refusals_are_found_by_rule_day_channel_and_outcome(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await it.tell("D-1", refused("cpm_1", "A-HOURS", "B-CAP", outcome="defer", until=EVENING))
        known = it.clock.now()
        await it.tell("D-1", refused("cpm_2", "B-CAP", at=EVENING, channel="sms"))
        await it.tell("D-2", refused("cpm_3", "A-HOURS", at=EVENING, at_dispatch="cpm_0"))

        async def found(**asked: object) -> list[str]:
            return [row.thing for row in await it.ask(refusals.page, **asked)]

        assert await found() == ["cpm_3", "cpm_2", "cpm_1"]
        assert await found(rule="B-CAP") == ["cpm_2", "cpm_1"]
        assert await found(day=date(2026, 11, 24)) == ["cpm_3", "cpm_2"]
        assert await found(channel="sms") == ["cpm_2"]
        assert await found(outcome="defer") == ["cpm_1"]
        assert await found(subject=it.subject("D-2")) == ["cpm_3"]
        assert await found(until=EVENING) == ["cpm_1"]
        assert await found(from_=EVENING) == ["cpm_3", "cpm_2"]
        assert await found(known_at=known) == ["cpm_1"]
        row = await it.ask(lambda c: refusals.one(c, "cpm_1"))
        assert row.as_json()["rules"] == ["A-HOURS", "B-CAP"]
        assert row.as_json()["until"] == "2026-11-23T16:30:00.000000Z"
        assert [one.as_json() for one in await it.ask(refusals.counts, from_=date(2026, 11, 24))] == [
            {"day": "2026-11-24", "rule": "A-HOURS", "channel": "voice", "refusals": 1},
            {"day": "2026-11-24", "rule": "B-CAP", "channel": "sms", "refusals": 1},
        ]
        assert sum(one.refusals for one in await it.ask(refusals.counts, until=date(2026, 11, 24))) == 2


async def test_one_permit_refused_again_at_dispatch_is_a_second_row(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told("sqlite", tmp_path, request) as it:
        await it.tell("D", refused("cpm_1", "A-HOURS"), refused("cpm_1", "B-CAP", at_dispatch="cpm_1"))
        assert len(await it.ask(refusals.page)) == 2
        assert await it.projections.parked() == []
