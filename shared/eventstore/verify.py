"""Does the store still say what was written? Recomputes every leaf from what stands beside it.

For each event, in position order: the sections are opened and committed to again, the leaf is built again from the
columns, the new commitments and the hash of the stream's previous leaf, and must equal the stored bytes. What differs
is then named. Beside that: positions are gapless from 1 to the lane's head, `recorded_at` never falls, versions are
gapless, each event stands in its debtor's lane, and each command's stored answer points to its last event.

Not proved here: that nobody with the keys rewrote the whole store consistently; that takes signed checkpoints kept
outside it. Memory: one page, and the head of every stream of the lane being read.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.eventstore.custody import KeysWrong
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import LaneInfo, LedgerError, Row
from shared.eventstore.proving import Chain, Finding, command_findings, findings
from shared.eventstore.recorded import keys_of
from shared.eventstore.sections import BoxBroken

PAGE = 2_000
PROBLEMS_MAX = 1_000
"""More are counted, not listed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One record that does not hold: where it stands and which rule it breaks (`code`, see `proving.RULES`)."""

    lane: int
    position: int
    stream: str
    version: int
    type: str
    code: str


@dataclass(slots=True)
class Report:
    """`checked` events in `lanes` lanes; `found` counts all problems, `problems` lists the first PROBLEMS_MAX."""

    lanes: int = 0
    checked: int = 0
    sections: int = 0
    found: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Count a problem, and list it while there is room."""
        self.found += 1
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(problem)


async def verify(
    ledger: Ledger, *, tenant: str | None = None, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Verify one tenant's lanes, or every lane. `progress` hears (events checked, events in all) after each page."""
    report = Report()
    lanes = await ledger.store.lanes(tenant)
    total = sum(lane.head for lane in lanes)
    for lane in lanes:
        report.lanes += 1
        try:
            await _verify_lane(ledger, lane, len([x for x in lanes if x.tenant == lane.tenant]), report,
                               lambda: progress and progress(report.checked, total))  # fmt: skip
        except (sqlite3.DatabaseError, LedgerError):
            report.add(Problem(lane.lane, report.checked + 1, "", 0, "", "store-damaged"))
    return report


async def _verify_lane(
    ledger: Ledger, lane: LaneInfo, shards: int, report: Report, told: Callable[[], object]
) -> None:
    chain = Chain(lane, shards, await _origin(ledger, lane))
    position = 0
    while position < lane.head:  # what is appended meanwhile is the next verification's
        rows = await ledger.store.read_lane(lane.lane, after=position, limit=min(PAGE, lane.head - position))
        if not rows:
            report.add(Problem(lane.lane, position + 1, "", 0, "", "tail-missing"))
            break
        await _load_keys(ledger, rows)
        for row in rows:
            position = _check(ledger, row, chain, position, report)
        await _check_commands(ledger, lane, chain, report)
        told()
    await _check_beyond(ledger, lane, report)


async def _check_beyond(ledger: Ledger, lane: LaneInfo, report: Report) -> None:
    head = (await ledger.store.lane(lane.lane)).head
    rows = await ledger.store.read_lane(lane.lane, after=head, limit=1)
    if rows and rows[0].position > (await ledger.store.lane(lane.lane)).head:
        report.add(
            Problem(lane.lane, rows[0].position, rows[0].stream_id, rows[0].version, "", "beyond-head")
        )


async def _origin(ledger: Ledger, lane: LaneInfo) -> str:
    await ledger.lanes(lane.tenant)
    return ledger.origin(lane)


async def _load_keys(ledger: Ledger, rows: list[Row]) -> None:
    try:
        await ledger.keyring.load(keys_of(rows))
    except (KeysWrong, BoxBroken):
        for row in rows:  # one by one, so that a broken key or body is the problem of its own events only
            try:
                await ledger.keyring.load(keys_of([row]))
            except (KeysWrong, BoxBroken):
                continue


def _check(ledger: Ledger, row: Row, chain: Chain, before: int, report: Report) -> int:
    report.checked += 1
    found: list[Finding] = findings(row, chain, ledger.keyring, ledger.registry)
    if row.position != before + 1:
        found.insert(0, "position-gap")
    for code in found:
        report.add(Problem(row.lane, row.position, row.stream_id, row.version, row.type, code))
    report.sections += chain.sections_opened
    chain.sections_opened = 0
    return row.position


async def _check_commands(ledger: Ledger, lane: LaneInfo, chain: Chain, report: Report) -> None:
    """The commands that ended within the page; the last one may go on in the next."""
    ended = chain.ended_commands()
    stored = {c.command_id: c for c in await ledger.store.find_commands(lane.lane, list(ended))}
    for row in command_findings(ended, stored):
        report.add(Problem(row.lane, row.position, row.stream_id, row.version, row.type, "command-answer"))
