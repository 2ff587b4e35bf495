"""Months in seconds: a worker sweeps the days that a test clock jumps over, and those it was not there for."""

import signal
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.case.api.acts import Acted, cny
from tests.kit.command import Command, command_in
from tests.kit.served import served

HALF_A_YEAR = 183
SWEPT_WITHIN_S = 60


def _clocked(folder: Path, **environment: str) -> Command:
    return command_in(folder, QUITTANCE_TEST_CLOCK=str(folder / "clock.json"), **environment)


def _promised(quittance: Command) -> str:
    """A case with a promise, and a plan of three instalments that nobody pays."""
    with served(quittance, "case") as server:
        case = Acted(server.http).open(arrears="3000.00", days=20)
        case.done("/promises", amount=cny("500.00"), due_on=case.day(10))
        quote = case.done("/plan-quotes", total=cny("3000.00"), count=3, first_due=case.day(20))["id"]
        plan = case.done("/plans", quote_id=quote, affordability="AFF-1")["id"]
        case.done(f"/v1/plans/{plan}/acceptances", match="now", supplement="DOC-1")
    return case.case_id


def _swept(quittance: Command) -> list[date]:
    """The days on record as swept, in order."""
    records = quittance.json("audit", "list", "--type", "DaySwept", "--limit", "1000")
    found = records["items"] if isinstance(records, dict) else records
    return [date.fromisoformat(_local_day(one["effective_at"])) for one in found]


def _local_day(at: str) -> str:
    """The day that begins at this instant where the lender is."""
    return (date.fromisoformat(at[:10]) + timedelta(days=1)).isoformat()


def _until_swept(quittance: Command, days: int) -> list[date]:
    ends = time.monotonic() + SWEPT_WITHIN_S
    while len(found := _swept(quittance)) < days:
        assert time.monotonic() < ends, f"{len(found)} of {days} days were swept"
        time.sleep(0.5)
    return found


def _said(quittance: Command, case_id: str) -> list[str]:
    told: Any = quittance.json("case", "show", case_id)
    return [entry["type"].partition(".")[2].partition("/")[0] for entry in told["timeline"]]


def _checked(quittance: Command) -> tuple[bool, str]:
    """What the doctor says of the days: whether all is well, and the words that matter."""
    [days] = [check for check in quittance("doctor", "--json").answer if check["check"] == "days"]
    told = ("20 days are missing", "swept up to")
    return days["ok"], next(words for words in told if words in days["says"])


def test_a_worker_goes_through_half_a_year_when_the_clock_jumps(tmp_path: Path) -> None:
    quittance = _clocked(tmp_path, QUITTANCE_LOG="error")
    case_id = _promised(quittance)
    worker = quittance.start("work", "case")
    try:
        assert len(_until_swept(quittance, 1)) == 1, "the first day on record is yesterday"
        assert quittance("clock", "advance", f"{HALF_A_YEAR}d").code == 0
        days = _until_swept(quittance, 1 + HALF_A_YEAR)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=15)
    assert worker.returncode == 0
    assert days == [days[0] + timedelta(days=n) for n in range(1 + HALF_A_YEAR)], "every day, once, in order"
    said = _said(quittance, case_id)
    assert [name for name in said if name in ("PromiseBroken", "PlanBreached", "PlanDefaulted")] == [
        "PromiseBroken", "PlanBreached", "PlanDefaulted",
    ]  # fmt: skip
    assert said.count("PlanInstalmentMissed") == 3
    assert quittance("audit", "verify").code == 0


def test_days_nobody_swept_are_made_up_by_hand_and_a_day_that_is_not_over_is_refused(tmp_path: Path) -> None:
    quittance = _clocked(tmp_path)
    case_id = _promised(quittance)
    assert len(quittance.json("sweep")) == 1
    assert quittance("clock", "advance", "20d").code == 0
    assert _checked(quittance) == (False, "20 days are missing")
    swept = quittance.json("sweep")
    assert _checked(quittance) == (True, "swept up to")
    assert [one["as_of"] for one in swept] == sorted(one["as_of"] for one in swept)
    assert (len(swept), sum(one["failed"] == [] for one in swept)) == (20, 20)
    assert "PromiseBroken" in _said(quittance, case_id)
    [again] = quittance.json("sweep")
    assert (again["events"], again["again"]) == (0, True)
    ahead = quittance(
        "sweep", "--as-of", (date.fromisoformat(again["as_of"]) + timedelta(days=1)).isoformat()
    )
    assert (ahead.code, "not over" in ahead.err) == (1, True)
    assert "尚未结束" in quittance("sweep", "--as-of", "2099-01-01", QUITTANCE_LANG="zh-CN").err
