"""Taking in a file of payments: read, decide, append, in waves that share the ledger's flush to disk.

A row is one command, stored once: killed at any point and started again, the import finds what is in the ledger and
adds only the rest. Rows that concern the same debtor or share a reference are taken one after another, in the file's
order; all others together.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import msgspec

from services.case.application.bank.result import PaymentsResult
from services.case.application.bank.returning import ReturnDesk
from services.case.application.bank.rows import (
    BatchTold,
    Ignored,
    Numbered,
    PaymentSource,
    PaymentTold,
    ReturnTold,
)
from services.case.application.bank.settling import Settling
from services.case.application.bank.traces import BATCH, Trace, Traces
from services.case.application.bank.wave_reads import WaveReads
from services.case.application.handle import CaseDesk, CaseForgotten
from services.case.application.import_result import Progress
from services.case.application.payments import PaymentDesk, Placed
from services.case.application.ports import Reject, RejectSink
from services.case.application.statements import Contended
from services.case.domain.bank.returns import END_TO_END, ORIGINAL_REF, ReturnForgotten
from services.case.domain.entry import DuplicateSourceRef, PaymentForgotten
from services.case.domain.payment import AmountNotPositive
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import (
    Appended,
    Busy,
    Command,
    KeyReused,
    LedgerError,
    OutcomeUnknown,
    StaleVersion,
    StoreUnavailable,
    StreamWrite,
)
from shared.kernel.refusal import Refused

BLOCK_ROWS = 2_048
WAVE_ROWS = 256
EPISODES_READ = (1, 2)
ATTEMPTS_MAX = 8
WAIT_FIRST_S, WAIT_MOST_S = 0.1, 5.0
DUPLICATE, FUTURE, BATCH_WITHOUT_DETAILS = "duplicate-source-ref", "in-the-future", "batch-without-details"
_REJECTS: dict[type[Refused], Reject] = {
    DuplicateSourceRef: Reject(DUPLICATE, "source_ref"),
    AmountNotPositive: Reject("amount-not-positive", "amount"),
    PaymentForgotten: Reject("payment-forgotten", "row"),
    ReturnForgotten: Reject("return-forgotten", "row"),
    CaseForgotten: Reject("case-forgotten", "row"),
}
Row = PaymentTold | ReturnTold | BatchTold


@dataclass(frozen=True, slots=True)
class _Step:
    """What a row leads to. `settle`: returns that waited under its references; `stream`: what it is about."""

    number: int
    row: Row
    stream: str
    placed: Placed
    writes: Sequence[StreamWrite]
    settle: Sequence[str] = ()


class PaymentImport:
    """One run over one file, for one tenant.

    Raises what the source and the ledger raise; what was acknowledged stays, and a second run adds the rest.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        cases: CaseDesk,
        payments: PaymentDesk,
        returns: ReturnDesk,
        traces: Traces,
        settling: Settling,
        reads: WaveReads,
        today: Callable[[], date],
        zone: str,
        actor: str = "system:import",
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._ledger, self._tenant, self._actor, self._cases = ledger, tenant, actor, cases
        self._payments, self._returns, self._traces = payments, returns, traces
        self._settling, self._reads = settling, reads
        self._today, self._zone, self._progress = today, zone, progress
        self._result = PaymentsResult()
        self._rejected: list[tuple[int, Reject]] = []
        self._waiting: set[str] = set()

    async def run(self, source: PaymentSource, *, rejects: RejectSink) -> PaymentsResult:
        """Take in every row; rejected ones go to `rejects` in the file's order."""
        started = time.perf_counter()
        result, rows = self._result, iter(source)
        while block := list(islice(rows, BLOCK_ROWS)):
            for turn in self._turns(self._readable(block)):
                for start in range(0, len(turn), WAVE_ROWS):
                    await self._wave(turn[start : start + WAVE_ROWS])
            for number, reject in sorted(self._rejected, key=lambda item: item[0]):
                rejects.put(number, reject)
            result.rejected += len(self._rejected)
            self._rejected.clear()
            result.rows += len(block)
            result.seconds = time.perf_counter() - started
            if self._progress:
                at = Progress(result.rows, source.bytes_read, source.bytes_total, result.seconds)
                self._progress(at)
        result.warnings = list(source.warnings)
        result.seconds = time.perf_counter() - started
        return result

    # -- rows and turns

    def _readable(self, block: Iterable[Numbered]) -> Iterable[tuple[int, Row]]:
        today = self._today()
        for number, told in block:
            if isinstance(told, Reject):
                self._rejected.append((number, told))
            elif isinstance(told, Ignored):
                self._result.ignored_by[told.reason] += 1
            elif not isinstance(told, BatchTold) and told.ask.on > today:
                self._rejected.append((number, Reject(FUTURE, "value_on")))
            else:
                yield number, told

    def _turns(self, rows: Iterable[tuple[int, Row]]) -> list[list[tuple[int, Row]]]:
        """Dealt out so that two rows with a debtor or a reference in common are in different turns, in order."""
        turns: list[list[tuple[int, Row]]] = []
        dealt: dict[tuple[str, ...], int] = {}
        for number, row in rows:
            keys = _keys(row)
            turn = max((dealt.get(key, 0) for key in keys), default=0)
            dealt.update(dict.fromkeys(keys, turn + 1))
            if turn == len(turns):
                turns.append([])
            turns[turn].append((number, row))
        return turns

    # -- deciding and storing

    async def _wave(self, rows: Sequence[tuple[int, Row]]) -> None:
        await self._reads.fetch([stream for _, row in rows for stream in self._streams(row)])
        decided = await asyncio.gather(*(self._decide(number, row) for number, row in rows))
        steps = [step for step in decided if step is not None]
        new = [step for step in steps if step.writes]
        answers = await self._ledger.commit_all([self._command(step) for step in new])
        self._reads.forget()
        for step, answer in zip(new, answers, strict=True):
            if isinstance(answer, Appended):
                self._count(step, ours=not answer.replayed)
        for step, answer in zip(new, answers, strict=True):
            if isinstance(answer, LedgerError):
                await self._take(step, answer)
        self._result.unchanged += len(steps) - len(new)
        for name in dict.fromkeys(name for step in steps for name in step.settle):
            await self._settle(name)

    def _streams(self, row: Row) -> list[str]:
        """What a row will surely be decided on; a debtor's third case is read when it is asked for."""
        if isinstance(row, BatchTold):
            return [self._traces.stream(BATCH, row.source, row.source_ref)]
        if isinstance(row, ReturnTold):
            return []
        ask = row.ask
        named = [(ORIGINAL_REF, ask.source_ref), (END_TO_END, row.end_to_end), (BATCH, row.batch)]
        found = [self._traces.stream(kind, ask.source, ref) for kind, ref in named if ref]
        found.append(self._payments.entry_id(ask.source, ask.source_ref))
        if whose := ask.debtor_ref or ask.account_ref:
            found += [self._cases.case_id(whose, episode) for episode in EPISODES_READ]
        return found

    async def _decide(self, number: int, row: Row) -> _Step | None:
        """What the row adds; None, and noted, where it is refused."""
        try:
            if isinstance(row, PaymentTold):
                return await self._payment(number, row)
            if isinstance(row, ReturnTold):
                placed = await self._returns.enter(row.ask, actor=self._actor)
                stream = self._returns.return_id(row.ask.source, row.ask.source_ref)
                return _Step(number, row, stream, placed, placed.writes)
            return await self._batch(number, row)
        except tuple(_REJECTS) as refusal:
            self._rejected.append((number, _REJECTS[type(refusal)]))
            return None

    async def _payment(self, number: int, row: PaymentTold) -> _Step:
        """The payment with its references, which must stand as they were seen when it is new."""
        ask, stream = row.ask, self._payments.entry_id(row.ask.source, row.ask.source_ref)
        own = self._traces.stream(ORIGINAL_REF, ask.source, ask.source_ref)
        named = [(END_TO_END, row.end_to_end), (BATCH, row.batch)]
        borne = [self._traces.stream(kind, ask.source, ref) for kind, ref in named if ref]
        traces = await self._traces.read([own, *borne])
        placed = await self._payments.enter(ask, actor=self._actor, partly=True)
        writes = list(placed.writes)
        if writes:
            writes.append(traces[own].unchanged())
        for name in borne:
            if stream not in traces[name].payments:
                writes.append(await self._borne(traces[name], stream, ask.debtor_ref or ask.account_ref))
        settle = dict.fromkeys(name for trace in traces.values() for name in trace.returns)
        return _Step(number, row, stream, placed, writes, tuple(settle))

    async def _borne(self, trace: Trace, stream: str, whose: str | None) -> StreamWrite:
        refs = [whose or stream, f"staff:{self._actor}"]
        people = await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]}
        return trace.borne_by(stream, on=self._today(), zone=self._zone, subjects=subjects)

    async def _batch(self, number: int, row: BatchTold) -> _Step | None:
        """A collective booking is known by its first transaction, wherever that was told."""
        stream = self._traces.stream(BATCH, row.source, row.source_ref)
        if (await self._traces.read([stream]))[stream].version:
            return _Step(number, row, stream, Placed(writes=(), policy=""), ())
        self._rejected.append((number, Reject(BATCH_WITHOUT_DETAILS, "row")))
        return None

    async def _take(self, step: _Step, problem: LedgerError) -> None:
        """Store what a wave could not: as it is where the store did not answer, decided again where others wrote."""
        now, wait, sent = step, WAIT_FIRST_S, False
        for _ in range(ATTEMPTS_MAX):
            sent = sent or isinstance(problem, OutcomeUnknown)
            if isinstance(problem, StaleVersion):
                decided = await self._decide(now.number, now.row)
                if decided is None:
                    return
                if not decided.writes:
                    self._result.unchanged += 1
                    return
                now, sent = decided, False
            elif isinstance(problem, KeyReused):
                self._rejected.append((now.number, _REJECTS[DuplicateSourceRef]))
                return
            elif isinstance(problem, Busy | StoreUnavailable | OutcomeUnknown):
                await asyncio.sleep(wait)
                wait = min(2 * wait, WAIT_MOST_S)
            else:
                raise problem
            try:
                done = await self._ledger.commit(self._command(now))
            except LedgerError as refused:
                problem = refused
            else:
                # What was sent before and got no answer may be found in the ledger, and is ours.
                self._count(now, ours=sent or not done.replayed)
                for name in now.settle:
                    await self._settle(name)
                return
        raise problem if not isinstance(problem, StaleVersion) else Contended()

    async def _settle(self, name: str) -> None:
        """A return that waited may have found its payment now; where it has not, it goes on waiting."""
        done = await self._settling.settle(name, actor=self._actor)
        if done is not None:
            self._result.add_returned(done[0])
            self._result.events += done[1]
            self._result.waiting -= name in self._waiting

    def _command(self, step: _Step) -> Command:
        at = "|".join(str(write.expected) for write in step.writes)
        key = f"{step.stream}|{at}"
        said = hashlib.sha256(msgspec.json.encode(step.row)).digest()
        return Command(
            tenant=self._tenant,
            command_id=self._ledger.command_id("import", "payment", key, tenant=self._tenant),
            fingerprint=said,
            actor=self._actor,
            writes=tuple(step.writes),
            policy=step.placed.policy,
        )

    def _count(self, step: _Step, *, ours: bool) -> None:
        """Count a row whose events are in the ledger; of one that was known more is said now.

        `ours` False: another run stored the same at the same moment.
        """
        if not ours:
            self._result.unchanged += 1
            return
        step.placed.taken()
        self._result.events += _events(step.writes)
        new = any(write.stream == step.stream and not write.expected for write in step.placed.writes)
        matched = step.placed.refs["status"] == "matched"
        self._result.unchanged += not new
        if isinstance(step.row, PaymentTold):
            if new:
                self._result.add_paid(step.row.ask.amount, matched=matched)
        elif isinstance(step.row, ReturnTold):
            self._result.imported += new
            if matched:
                self._result.add_returned(step.row.ask.amount)
            elif new:
                self._result.waiting += 1
                self._waiting.add(step.stream)


def _events(writes: Sequence[StreamWrite]) -> int:
    return sum(len(write.events) for write in writes)


def _keys(row: Row) -> list[tuple[str, ...]]:
    """What a row must not share with another row of its wave."""
    if isinstance(row, BatchTold):
        return [(row.source, row.source_ref)]
    ask, keys = row.ask, list[tuple[str, ...]]()
    if isinstance(row, ReturnTold):
        refs = [ask.source_ref, row.ask.original_ref]
        keys += [(ask.source, ref) for ref in refs if ref]
        traced = row.ask.end_to_end
    else:
        keys += [(ask.source, ask.source_ref)]
        keys += [("debtor", whose) for whose in (row.ask.debtor_ref, row.ask.account_ref) if whose]
        traced = row.end_to_end
    if traced:
        keys.append((ask.source, END_TO_END, traced))
    return keys
