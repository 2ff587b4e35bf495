"""Who hears whom and how far: what `projection status` and the meters say of the readers between the services."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.case.api.desk import Office as CaseOffice
from services.contact.api.desk import Office as ContactOffice
from services.main.hearing import SheetsInProcess, contact_hears
from services.main.readers import readers, stood
from shared.http.health import Health
from shared.http.office import OpenOffice
from shared.kernel.clock import FixedClock
from shared.messaging.source import FeedInProcess
from shared.telemetry.metrics import Metrics
from tests.kit.ledgers import backends
from tests.kit.platform import Both, both

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


async def shown(it: Both) -> dict[str, tuple[str, int, int]]:
    """Reader -> whose feed it reads, its lag, and how many streams wait."""
    found = readers({"case": await stood(it.case), "contact": await stood(it.contact)})
    return {one.name: (one.reads, one.lag, one.parked) for one in found}


async def measured(it: Both) -> list[str]:
    """What the meters say of readers."""
    ends = asyncio.Event()
    offices: dict[str, OpenOffice[Any]] = {
        "case": CaseOffice(ends, it.case),
        "contact": ContactOffice(ends, it.contact),
    }
    metrics = Metrics()
    await Health(offices, metrics).measure()
    return [line for line in metrics.text().decode().splitlines() if "hears_" in line]


@backends
async def test_readers_are_shown_once_they_heard_and_their_lag_by_the_publishers_head(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_dsn") if backend == "postgres" else None
    async with both(tmp_path, FixedClock(NOON), shards=2, server=server) as it:
        assert (await shown(it), await measured(it)) == ({}, [])
        await it.open_case("D-1")
        await it.hear()
        assert await shown(it) == {
            "case.hears_contact": ("contact", 0, 0),
            "contact.hears_case": ("case", 0, 0),
        }
        said = await measured(it)
        for reader in ("case.hears_contact", "contact.hears_case"):
            assert f'quittance_view_parked_streams{{view="{reader}"}} 0.0' in said
            assert f'quittance_feed_lag_events{{lane="0",reader="{reader}"}} 0.0' in said
        assert {line.split()[-1] for line in said if "lag_events" in line} == {"0.0"}
        opened = await it.open_case("D-2")
        lag = (await shown(it))["contact.hears_case"][1]
        assert lag == len(await it.case.ledger.whole_stream(opened)) > 0, "nobody has looked since"
        assert await measured(it) == said, "the head as last seen"
        alone = readers({"contact": await stood(it.contact)})
        assert [(one.name, one.lag) for one in alone] == [("contact.hears_case", 0)]


async def test_a_stream_that_waits_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        await it.open_case("D-1")

        async def faulty(_: object) -> None:
            raise KeyError("debts")

        monkeypatch.setattr(it.contact.told, "hear", faulty)
        await contact_hears(it.contact, FeedInProcess(it.case.feed), SheetsInProcess(it.case)).catch_up()
        assert (await shown(it))["contact.hears_case"] == ("case", 0, 1)
        assert 'quittance_view_parked_streams{view="contact.hears_case"} 1.0' in await measured(it)
