"""The import that is killed on the way: kill -9, start again, and compare with one that was left alone."""

import contextlib
import sqlite3
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from services.main.demo.steps import Steps
from services.main.session import Session
from services.main.settings import with_store
from services.main.usage import Stopped

if TYPE_CHECKING:
    from services.case.wiring import CaseService

KILL_AT_EVENTS = 1_000
LOOK_S = 0.002
DEADLINE_S = 120.0
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Totals:
    """What an import led to."""

    events: int
    opened: int
    closed: int
    buckets: tuple[tuple[str, int, int], ...]


def events_in(file: Path) -> int:
    """Events in an embedded store but for the record of the imports themselves; 0 where there is no store yet.

    A look from outside, without our own code.
    """
    if not file.is_file():
        return 0
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=1)) as connection:
            [found] = connection.execute(
                "SELECT count(*) FROM ledger_event WHERE stream_id NOT LIKE 'import-%'"
            ).fetchone()
            return int(found)
    except sqlite3.Error:  # the tables are being made
        return 0


def kill_on_the_way(steps: Steps, statements: Path, file: Path) -> int | None:
    """Start the import, kill it with SIGKILL once it has written some; events it left, None if it was faster."""
    ends = time.monotonic() + DEADLINE_S
    with steps.start("import", "statements", str(statements)) as child:
        while child.poll() is None and events_in(file) < KILL_AT_EVENTS and time.monotonic() < ends:
            time.sleep(LOOK_S)
        if child.poll() is None:
            child.kill()
        if child.wait() >= 0:
            return None
    return events_in(file)


def totals(session: Session) -> Totals:
    """What the store of this session holds."""
    from services.case.projections import account_months, case_list
    from services.case.wiring import CaseService
    from services.main.demo.walk import LAST_MONTH

    async def work(case: CaseService) -> Totals:
        await case.projections.catch_up(account_months.VIEW, case_list.VIEW)
        counts = await case.ask(case_list.counts)
        rows = await case.ask(lambda connection: account_months.buckets(connection, as_of=LAST_MONTH))
        buckets = tuple((row.bucket, row.accounts, row.balance_minor) for row in rows)
        return Totals(await _told(case), counts.open, counts.closed, buckets)

    return session.with_case(work)


async def _told(case: "CaseService") -> int:
    """Events of accounts and cases; a run that was cut off is on record as such, so runs are left out."""
    told = 0
    for lane in await case.ledger.lanes(case.tenant):
        after = 0
        while page := await case.ledger.read_lane(lane.lane, after=after, limit=PAGE):
            told += sum(not row.stream_id.startswith("import-") for row in page)
            after = page[-1].position
    return told


def left_alone(session: Session, statements: Path) -> Totals:
    """The totals of the same import, undisturbed, in a store that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="quittance-demo-") as folder:
        apart = replace(session, settings=with_store(session.settings, folder=Path(folder)))
        apart.with_case(
            lambda case: case.import_statements(statements, rejects=Path(folder) / "rejects.csv"),
            provision=True,
            views=False,
        )
        return totals(apart)


def compare(steps: Steps, ours: Totals, other: Totals) -> None:
    """Say that they are equal. Raises Stopped if they are not."""
    if ours != other:
        raise Stopped(
            en="the resumed import differs from one that was left alone: this is a bug, please report it",
            zh="恢复后的导入与未中断的导入不一致：这是一个缺陷，请报告",
        )
    steps.console.tell(
        f"equal to an import that was left alone: {ours.events:,} events, {ours.opened + ours.closed:,} cases "
        f"({ours.opened:,} open, {ours.closed:,} closed), every bucket's count and balance",
        f"与未中断的导入完全一致：{ours.events:,} 个事件，{ours.opened + ours.closed:,} 个案件"
        f"（未结 {ours.opened:,}，已结 {ours.closed:,}），各档位户数与余额相同",
    )
