"""What time leads to in a matter, as its user sees it: by hand, by a worker, after a worker was killed."""

import asyncio
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import suit as s
from services.legal.wiring import open_legal
from services.main.session import legal_settings
from services.main.settings import read
from shared.kernel.clock import FixedClock
from tests.kit.command import Command, command_in
from tests.kit.importing import row, write
from tests.legal.deadlines.story import day
from tests.legal.kit import Legal
from tests.legal.sweeping.test_sweep import Court

SWEPT_WITHIN_S = 60


def _filled(folder: Path) -> Command:
    """A store of legal alone: a preservation before a suit, carried out on 1 May 2026, and a suit notified in June."""
    environment = {
        "QUITTANCE_STORE": f"sqlite:///{folder}/store",
        "QUITTANCE_TEST_CLOCK": str(folder / "clock.json"),
        "QUITTANCE_LOG": "error",
    }

    async def fill() -> None:
        clock = FixedClock(datetime(2026, 4, 20, 4, tzinfo=UTC))
        settings = legal_settings(read(environment))
        async with open_legal(settings, clock=clock, provision=True) as service:
            it = Court(Legal(service), clock)
            await it.owed("2023-08-11")
            matter = await it.matter("2026-04-27")
            for kind in (v.PreservationApplied, v.SecurityGiven, v.PreservationRuled):
                await it.step(matter, kind, "2026-04-28", "held")
            await it.step(matter, v.PreservationExecuted, "2026-05-01", "held", until=day("2027-04-30"))
            await it.step(matter, s.SuitAssessed, "2026-05-04")

    asyncio.run(fill())
    return command_in(folder, **environment)


def _said(quittance: Command, type_: str) -> int:
    records = quittance.json("audit", "list", "--service", "legal", "--type", type_, "--limit", "1000")
    return len(records["items"] if isinstance(records, dict) else records)


def test_by_hand_in_a_store_of_legal_alone(tmp_path: Path) -> None:
    quittance = _filled(tmp_path)
    assert quittance("clock", "set", "2026-06-02").code == 0
    [first] = quittance.json("sweep")
    assert (first["service"], first["as_of"], first["failed"]) == ("legal", "2026-06-01", [])
    assert first["events"] > 0
    assert _said(quittance, "PreservationLapsed") == 1
    [again] = quittance.json("sweep")
    assert (again["cases"], again["events"]) == (0, 0)
    assert "（法务）" in quittance("sweep", QUITTANCE_LANG="zh-CN").out
    ahead = quittance("sweep", "--as-of", "2026-06-02")
    assert (ahead.code, "not over" in ahead.err) == (1, True)
    assert quittance("sweep", "--as-of", "yesterday").code == 2


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(tmp_path: Path) -> None:
    quittance = _filled(tmp_path)
    assert quittance("clock", "set", "2026-05-05").code == 0
    killed = quittance.start("work", "legal")
    _until(lambda: _said(quittance, "DeadlineNear") > 0)
    killed.kill()
    killed.communicate(timeout=15)
    assert quittance("clock", "set", "2026-09-01").code == 0
    worker = quittance.start("work", "legal")
    try:
        _until(lambda: _said(quittance, "PreservationLapsed") == 1)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=15)
    assert worker.returncode == 0
    [swept] = quittance.json("sweep")
    assert swept["events"] == 0, "the worker said it all"
    assert quittance("audit", "verify").code == 0


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + SWEPT_WITHIN_S
    while not holds():
        assert time.monotonic() < ends, "it was not swept"
        time.sleep(0.5)


def test_on_a_server_where_only_cases_are_kept_only_these_are_swept(tmp_path: Path, pg_dsn: str) -> None:
    quittance = command_in(
        tmp_path, QUITTANCE_STORE=pg_dsn, QUITTANCE_SHARDS="2", QUITTANCE_KEYS=str(tmp_path / "keys.json")
    )
    nobody = quittance("sweep")
    assert nobody.code == 1, nobody.err
    month = write(tmp_path / "month.csv", [row("A-1", "2026-02-28", months=1)])
    assert quittance("import", "statements", month).code == 0
    assert [one["service"] for one in quittance.json("sweep")] == ["case"]
