"""Taking in a lender's statements: read, decide, append, in waves that share the ledger's flush to disk.

A line is one command of two streams, stored once: killed at any point and started again, the import finds
what is in the ledger and adds only the rest.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from services.case.application.import_result import ImportResult, Progress
from services.case.application.ports import (
    ACCOUNT_IN_BOOK,
    CONFLICT,
    CURRENCY_CHANGED,
    OUT_OF_ORDER,
    Numbered,
    Reject,
    RejectSink,
    StatementSource,
)
from services.case.application.standings import Debtor, Standings
from services.case.domain import statement
from services.case.domain.commands import ReportStatement, StatementLine
from services.case.domain.decide import decide
from services.case.domain.events import CaseReopened, StatementCorrected
from services.case.domain.policy import CasePolicy
from services.case.domain.statement import Decision
from shared.eventstore.ledger import DEFAULT_TENANT, Ledger
from shared.eventstore.port import (
    Appended,
    Busy,
    Command,
    KeyReused,
    NewEvent,
    OutcomeUnknown,
    StaleVersion,
    StoreUnavailable,
    StreamWrite,
)
from shared.kernel import ids
from shared.kernel.clock import start_of_day
from shared.kernel.policy import PolicyBook
from shared.kernel.refusal import Refused

BLOCK_LINES = 8192
"""How far the import reads ahead; the lines of one account inside a block are taken in one after another."""
WAVE_LINES = 512
WAVES_AT_ONCE = 2
ATTEMPTS_MAX = 8
WAIT_FIRST_S, WAIT_MOST_S = 0.1, 5.0

_REJECTS: dict[type[Refused], Reject] = {
    statement.StatementConflict: Reject(CONFLICT, "line"),
    statement.StatementOutOfOrder: Reject(OUT_OF_ORDER, "as_of"),
    statement.StatementCurrencyChanged: Reject(CURRENCY_CHANGED, "currency"),
}


class Contended(Refused):
    """Others kept writing the same account or case while this was decided, too often to go on.

    Nothing of the line was written; run the import again when the other one has ended.
    """

    code = "contended"
    title_en = "Others keep changing the same account"
    title_zh = "同一账户正被其他操作频繁修改"


class StatementImport:
    """One run over one file, for one tenant. `corrections`: late lines and lines with other content are taken in.

    `taken` is told of each line that is on record, and whether this run put it there; `result` is what is done so far.
    Raises what the source and the ledger raise; what was acknowledged stays, and a second run adds the rest.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        policies: PolicyBook[CasePolicy],
        tenant: str = DEFAULT_TENANT,
        actor: str = "system:import",
        corrections: bool = False,
        progress: Callable[[Progress], None] | None = None,
        block_lines: int | None = None,
        wave_lines: int | None = None,
        taken: Callable[[int, bool], None] | None = None,
    ) -> None:
        self._ledger, self._policies, self._tenant, self._actor = ledger, policies, tenant, actor
        self._block_lines, self._wave_lines = block_lines or BLOCK_LINES, wave_lines or WAVE_LINES
        self._taken = taken
        self._corrections = corrections
        self._standings = Standings(ledger, tenant)
        self._progress = progress
        self._result = self.result = ImportResult()
        self._rejected: list[tuple[int, Reject]] = []

    async def run(self, source: StatementSource, *, rejects: RejectSink) -> ImportResult:
        """Take in every line; rejected ones go to `rejects` in the file's order."""
        with _collected_by_block():
            return await self._run(source, rejects)

    async def _run(self, source: StatementSource, rejects: RejectSink) -> ImportResult:
        started = time.perf_counter()
        result, lines = self._result, iter(source)
        while block := list(islice(lines, self._block_lines)):
            for turn in _turns(self._readable(block)):
                await self._take_all(turn)
            for number, reject in sorted(self._rejected, key=lambda item: item[0]):
                rejects.put(number, reject)
            result.rejected += len(self._rejected)
            self._rejected.clear()
            result.lines += len(block)
            result.seconds = time.perf_counter() - started
            gc.collect(0)
            if self._progress:
                at = Progress(result.lines, source.bytes_read, source.bytes_total, result.seconds)
                self._progress(at)
        result.seconds = time.perf_counter() - started
        return result

    def _readable(self, block: Iterable[Numbered]) -> Iterable[tuple[int, StatementLine]]:
        for number, line in block:
            if isinstance(line, Reject):
                self._rejected.append((number, line))
            else:
                yield number, line

    async def _take_all(self, lines: Sequence[tuple[int, StatementLine]]) -> None:
        """Lines of different accounts, in waves: while one is on its way to the disk the next is decided."""
        underway: list[asyncio.Task[None]] = []
        try:
            for start in range(0, len(lines), self._wave_lines):
                if len(underway) >= WAVES_AT_ONCE:
                    await underway.pop(0)
                underway.append(asyncio.create_task(self._wave(lines[start : start + self._wave_lines])))
        finally:
            await asyncio.gather(*underway)

    async def _wave(self, lines: Sequence[tuple[int, StatementLine]]) -> None:
        debtors = await self._standings.of(line.account_ref for _, line in lines)
        judged = []
        for number, line in lines:
            debtor = debtors[line.account_ref]
            ask = ReportStatement(debtor.account, line, statement.content_hash(line))
            if decided := self._judge(number, ask, debtor):
                judged.append(decided)
        subjects = await self._ledger.subjects(
            [one.ask.line.account_ref for one in judged], tenant=self._tenant
        )
        commands = [self._command(one, subjects[one.ask.line.account_ref]) for one in judged]
        again = []
        for one, answer in zip(judged, await self._ledger.commit_all(commands), strict=True):
            if isinstance(answer, Appended):
                self._count(one.ask.line.account_ref, one, ours=not answer.replayed)
            else:
                again.append(self._take(one, subjects, sent=isinstance(answer, OutcomeUnknown)))
        for problem in await asyncio.gather(*again, return_exceptions=True):
            if problem is not None:
                raise problem

    def _judge(self, number: int, ask: ReportStatement, debtor: Debtor) -> "_Judged | None":
        """What the line adds; None, and counted, where it is on record already or refused."""
        if debtor.in_book:
            self._rejected.append((number, Reject(ACCOUNT_IN_BOOK, "account_ref")))
            return None
        policy = self._policies.in_force(tenant=self._tenant, on=ask.line.as_of)
        try:
            decision = decide(debtor.standing, ask, policy, corrections=self._corrections)
        except tuple(_REJECTS) as refusal:
            self._rejected.append((number, _REJECTS[type(refusal)]))
            return None
        self._result.currencies.add(ask.line.currency)
        if not decision.account:
            self._result.unchanged += 1
            self._tell(number, ours=False)
            return None
        return _Judged(number, ask, debtor, decision, policy)

    async def _take(self, judged: "_Judged", subjects: Mapping[str, UUID], *, sent: bool) -> None:
        """Append what was decided, and decide again where another process was faster.

        `sent`: it was sent before and the answer got lost, so what is found in the ledger may be ours.
        """
        ref, now = judged.ask.line.account_ref, judged
        for _ in range(ATTEMPTS_MAX):
            try:
                ours = await self._append(self._command(now, subjects[ref]), sent=sent)
            except StaleVersion:
                again = self._judge(now.number, now.ask, await self._standings.fresh(ref))
                if again is None:
                    return
                now, sent = again, False
            except (
                KeyReused
            ):  # on record with other content: in another process, or in a statement since erased
                self._standings.forget(ref)
                self._rejected.append((now.number, _REJECTS[statement.StatementConflict]))
                return
            else:
                self._count(ref, now, ours=ours)
                return
        raise Contended

    def _count(self, ref: str, judged: "_Judged", *, ours: bool) -> None:
        if ours:
            self._standings.advance(ref, judged.debtor, judged.decision)
            self._result.add(judged.decision)
        else:
            self._standings.forget(ref)
            self._result.unchanged += 1
        self._tell(judged.number, ours=ours)

    def _tell(self, line: int, *, ours: bool) -> None:
        if self._taken is not None:
            self._taken(line, ours)

    async def _append(self, command: Command, *, sent: bool) -> bool:
        """Store the command, through what may pass; False if it was in the ledger before this run sent it.

        Raises StaleVersion, KeyReused at once; StoreUnavailable, OutcomeUnknown and Busy after ATTEMPTS_MAX.
        """
        wait = WAIT_FIRST_S
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                appended = await self._ledger.commit(command)
            except (Busy, StoreUnavailable, OutcomeUnknown) as problem:
                if attempt == ATTEMPTS_MAX:
                    raise
                sent = sent or isinstance(problem, OutcomeUnknown)
                await asyncio.sleep(wait)
                wait = min(2 * wait, WAIT_MOST_S)
            else:
                return sent or not appended.replayed
        raise AssertionError("the last attempt returns or raises")

    def _command(self, judged: "_Judged", subject: UUID) -> Command:
        """One command of one or two streams; what the line says of the account causes what follows for the case."""
        debtor, decision, line, zone = judged.debtor, judged.decision, judged.ask.line, judged.policy.zone
        operation, key = "statement", f"{line.account_ref}|{line.as_of}"
        if isinstance(said := decision.account[0], StatementCorrected):
            operation, key = "statement-correction", f"{key}|{said.revision}"
        command_id = self._ledger.command_id("import", operation, key, tenant=self._tenant)
        subjects, at = {"debtor": subject}, start_of_day(line.as_of, zone)
        facts = tuple(NewEvent(event, at, subjects, zone) for event in decision.account)
        writes = [StreamWrite(debtor.account, debtor.account_version, facts)]
        if decision.case:
            stream, version = self._standings.case_of(line.account_ref, debtor, decision)
            cause = ids.event_id(command_id, 0)
            following = tuple(NewEvent(event, at, subjects, zone, cause) for event in decision.case)
            writes.append(StreamWrite(stream, version, following))
            writes.extend(self._beside(line.account_ref, debtor, decision, stream))
        return Command(
            tenant=self._tenant,
            command_id=command_id,
            fingerprint=bytes.fromhex(judged.ask.content),
            actor=self._actor,
            writes=tuple(writes),
            policy=judged.policy.version.id,
        )

    def _beside(self, ref: str, debtor: Debtor, decision: Decision, stream: str) -> Iterator[StreamWrite]:
        """What must stand as it was seen for the debtor to keep one open case at most (one_open.py)."""
        if stream != debtor.case:
            if debtor.case_version:
                yield StreamWrite(debtor.case, debtor.case_version, ())
        elif any(isinstance(event, CaseReopened) for event in decision.case):
            yield StreamWrite(self._standings.case_stream(ref, decision.episode + 1), 0, ())


class _Judged(NamedTuple):
    """A line that adds something: its number, what was asked of whom, what was decided and under which policy."""

    number: int
    ask: ReportStatement
    debtor: Debtor
    decision: statement.Decision
    policy: CasePolicy


@contextmanager
def _collected_by_block() -> Iterator[None]:
    """No garbage collection inside: the run collects after each block, when nothing is under way.

    Left alone the collector walks the thousands of commands in flight over and over, a quarter of the run's time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _turns(lines: Iterable[tuple[int, StatementLine]]) -> list[list[tuple[int, StatementLine]]]:
    """The lines dealt out so that an account occurs once in each turn, and earlier lines of it in earlier turns."""
    turns: list[list[tuple[int, StatementLine]]] = []
    dealt: dict[str, int] = {}
    for number, line in lines:
        turn = dealt.get(line.account_ref, 0)
        dealt[line.account_ref] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append((number, line))
    return turns
