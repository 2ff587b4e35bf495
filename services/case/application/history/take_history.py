"""Taking in what happened before go-live: a debtor's rows at a time, decided and appended as one command.

Killed at any point and started again, the import finds what is in the ledger and adds only the rest. Nothing is sent
because of it: the facts say that they are history (HistoryTaken), and what acts on facts leaves those alone.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeAlias

from services.case.application.handle import CaseDesk, instant_of
from services.case.application.history.contact_port import ContactHistory, ToldRow
from services.case.application.history.legal_port import LegalHistory
from services.case.application.history.source import HistorySource, PlacedRow, Unreadable
from services.case.application.history.tell_legal import OfDebtor, TellLegal
from services.case.application.import_result import Progress
from services.case.application.statements import WAIT_FIRST_S, WAIT_MOST_S, Contended
from services.case.application.thing_ids import thing_id
from services.case.domain import events as e
from services.case.domain.history import refusals as why
from services.case.domain.history.import_run import ADDED, REJECTED, UNCHANGED
from services.case.domain.history.rows import (
    AttemptRow,
    ConsentRow,
    DemandRow,
    FilingRow,
    HistoryRow,
    OptOutRow,
)
from services.case.domain.history.take_in import Around, CaseNow, Outcome, Taking
from services.case.domain.policy import CasePolicy
from services.case.domain.state import NO_CASE, ClosedCase, OpenCase, fold_case
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import (
    Busy,
    Command,
    NewEvent,
    OutcomeUnknown,
    StaleVersion,
    StoreUnavailable,
    StreamWrite,
)
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel.policy import PolicyBook

WAVE_DEBTORS = 64
ROWS_A_COMMAND = 150
"""Of one debtor: a row makes a handful of events, and a command holds a thousand."""
OF_CONTACT, OF_LEGAL = (ConsentRow, OptOutRow), (DemandRow, FilingRow)
"""Rows that only another service keeps."""
TOGETHER = ("cases", "plans", "plan_instalments")
ATTEMPTS_MAX = 8
EPISODES_MAX = 1_000
ACTOR = "system:import-history"


class RowSink(Protocol):
    """Where the outcome of each row goes."""

    def put(self, placed: PlacedRow, outcome: Outcome) -> None:
        """What became of a row; never a value."""


@dataclass(slots=True)
class HistoryResult:
    """What one run did; `rows` = `added` + `unchanged` + `rejected`. `facts` counts what was added by entity."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    rejected: int = 0
    cases_opened: int = 0
    events: int = 0
    seconds: float = 0.0
    facts: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The document of `import history --json`. `events` counts what the rows added, not the record of the run."""
        return {
            "rows": self.rows, "added": self.added, "unchanged": self.unchanged, "rejected": self.rejected,
            "cases_opened": self.cases_opened, "by_entity": dict(sorted(self.facts.items())),
            "events": self.events, "seconds": round(self.seconds, 3),
        }  # fmt: skip

    def counts(self) -> dict[str, int]:
        """What goes on record of the run."""
        return {
            "rows": self.rows, "added": self.added, "unchanged": self.unchanged, "rejected": self.rejected,
            "events": self.events,
        }  # fmt: skip


_Following: TypeAlias = Sequence[tuple[CaseNow, Sequence[e.CaseEvent]]]


class _Known(NamedTuple):
    """What the ledger has of a debtor: the cases, in order, and the day the oldest account was opened, if known."""

    cases: list[CaseNow]
    since: date | None


class HistoryImport:
    """One run over one delivery, for one tenant. `check`: nothing is written.

    Raises what the source and the ledger raise; what was acknowledged stays, and a second run adds the rest.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        desk: CaseDesk,
        policies: PolicyBook[CasePolicy],
        tenant: str,
        today: date,
        run: str,
        check: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stopping: Callable[[], bool] = lambda: False,
        wave_debtors: int = WAVE_DEBTORS,
        contact: ContactHistory | None = None,
        legal: LegalHistory | None = None,
    ) -> None:
        self._contact, self._legal = contact, TellLegal(ledger, tenant, legal)
        self._ledger, self._desk, self._policies, self._tenant = ledger, desk, policies, tenant
        self._today, self._run, self._check = today, run, check
        self._progress, self._stopping, self._wave_debtors = progress, stopping, wave_debtors
        self._policy = policies.in_force(tenant=tenant, on=today)
        self.result = HistoryResult()

    async def run(self, source: HistorySource, *, told: RowSink) -> HistoryResult:
        """Take in every row; what became of each goes to `told`."""
        started, result = time.perf_counter(), self.result
        debtors = iter(source.debtors())
        while not self._stopping():
            wave = await asyncio.to_thread(list, islice(debtors, self._wave_debtors))
            if not wave:
                break
            await self._wave(wave, source, told)
            result.seconds = time.perf_counter() - started
            if self._progress:
                self._progress(Progress(result.rows, 0, 0, result.seconds))
        for placed in source.unread():
            self._tell(placed, _unread(placed), told)
        result.seconds = time.perf_counter() - started
        return result

    async def _wave(
        self, wave: Sequence[tuple[str, list[PlacedRow]]], source: HistorySource, told: RowSink
    ) -> None:
        """Debtors at once: their commands share a flush to disk."""
        known = await self._read([ref for ref, _ in wave])
        done = await asyncio.gather(
            *(self._rows_of(ref, rows, known[ref], source) for ref, rows in wave), return_exceptions=True
        )
        for one in done:
            if isinstance(one, BaseException):
                raise one
            for placed, outcome in one:
                self._tell(placed, outcome, told)

    async def _rows_of(
        self, ref: str, rows: list[PlacedRow], known: _Known, source: HistorySource
    ) -> list[tuple[PlacedRow, Outcome]]:
        """A debtor's rows, by the command: first those that are the case's, then what concerns contact."""
        theirs = [placed for placed in rows if isinstance(placed.row, OF_CONTACT)]
        legal = [placed for placed in rows if isinstance(placed.row, OF_LEGAL)]
        rows = [placed for placed in rows if not isinstance(placed.row, (*OF_CONTACT, *OF_LEGAL))]
        unfit = self._unfit(rows)
        rows = [placed for placed in rows if not any(placed is other for other, _ in unfit)]
        # A plan and its instalments stay together, whatever else there is of the debtor.
        rows.sort(key=lambda placed: placed.entity not in TOGETHER)
        found: list[tuple[PlacedRow, Outcome]] = []
        for first in range(0, len(rows), ROWS_A_COMMAND):
            part = rows[first : first + ROWS_A_COMMAND]
            outcomes, known = await self._debtor(ref, part, known, source)
            found += zip(part, outcomes, strict=True)
        told = await self._with_legal(ref, legal, known, source) if legal else []
        return [*unfit, *await self._with_contact(ref, found, theirs, source), *told]

    async def _with_legal(
        self, ref: str, rows: Sequence[PlacedRow], known: _Known, source: HistorySource
    ) -> list[tuple[PlacedRow, Outcome]]:
        """Demands and filings, once the debtor's cases are on record: of them legal is told."""
        if not self._check:
            known = await self._again(ref)
        found, events = await self._legal.take(
            ref, rows, OfDebtor(known.cases, known.since), go_live=source.terms.go_live, check=self._check
        )
        self.result.events += 0 if self._check else events
        return found

    def _unfit(self, rows: Sequence[PlacedRow]) -> list[tuple[PlacedRow, Outcome]]:
        """Attempts that contact could keep nothing of: they are not taken in at all, so that no cap overlooks them."""
        if self._contact is None:
            return []
        attempts = [(placed, placed.row) for placed in rows if isinstance(placed.row, AttemptRow)]
        judged = [(placed, self._contact.unfit(row)) for placed, row in attempts]
        return [(placed, outcome) for placed, outcome in judged if outcome is not None]

    async def _with_contact(
        self,
        ref: str,
        found: list[tuple[PlacedRow, Outcome]],
        theirs: Sequence[PlacedRow],
        source: HistorySource,
    ) -> list[tuple[PlacedRow, Outcome]]:
        """The outcomes once contact has been told as well: a row is new where it is new to either."""
        late = Outcome(REJECTED, why.AFTER_GO_LIVE, "at")
        contact, go_live = self._contact, source.terms.go_live
        if contact is None:
            return [*found, *((placed, Outcome(REJECTED, why.NO_CONTACT, "row")) for placed in theirs)]
        told: list[tuple[int | None, PlacedRow, ToldRow]] = [
            (n, placed, placed.row)
            for n, (placed, outcome) in enumerate(found)
            if isinstance(placed.row, AttemptRow) and outcome.outcome != REJECTED
        ]
        for placed in theirs:
            assert isinstance(placed.row, ConsentRow | OptOutRow), "as they were parted"
            if placed.row.on >= go_live:
                found.append((placed, late))
            else:
                told.append((None, placed, placed.row))
        outcomes, events = await contact.take(
            ref, [row for _, _, row in told], zone=source.terms.zone, check=self._check
        )
        self.result.events += 0 if self._check else events
        for (n, placed, _), outcome in zip(told, outcomes, strict=True):
            if n is None:
                found.append((placed, outcome))
            elif outcome.outcome == REJECTED or found[n][1].outcome == UNCHANGED:
                found[n] = (placed, outcome)
        return found

    def _tell(self, placed: PlacedRow, outcome: Outcome, told: RowSink) -> None:
        result = self.result
        result.rows += 1
        result.added += outcome.outcome == ADDED
        result.unchanged += outcome.outcome == UNCHANGED
        result.rejected += outcome.outcome == REJECTED
        if outcome.outcome == ADDED:
            result.facts[placed.entity] = result.facts.get(placed.entity, 0) + 1
        told.put(placed, outcome)

    async def _debtor(
        self, ref: str, rows: Sequence[PlacedRow], known: _Known, source: HistorySource
    ) -> tuple[list[Outcome], _Known]:
        """A debtor's rows, decided again where another process was faster. Raises Contended."""
        for _ in range(ATTEMPTS_MAX):
            taking = Taking(known.cases, self._around(ref, known.since, source))
            unjudged = Unreadable | ConsentRow | OptOutRow | DemandRow | FilingRow
            readable = [one.row for one in rows if not isinstance(one.row, unjudged)]
            outcomes = iter(taking.take(readable))
            found = [
                _unread(placed) if isinstance(placed.row, Unreadable) else next(outcomes) for placed in rows
            ]
            before = len(known.cases)
            following = taking.follow()
            if self._check:
                return found, _settled(taking, known)
            if not following:
                return found, known
            try:
                await self._sent(ref, following, readable)
            except StaleVersion:
                known = await self._again(ref)
                continue
            self.result.events += sum(len(events) for _, events in following)
            self.result.cases_opened += len(taking.cases) - before
            return found, await self._again(ref) if len(rows) == ROWS_A_COMMAND else known
        raise Contended

    def _around(self, ref: str, since: date | None, source: HistorySource) -> Around:
        def account(account_ref: str) -> str:
            return self._ledger.stream_id("account", account_ref, debtor_ref=ref, tenant=self._tenant)

        def named(case_id: str, prefix: str, own: str) -> str:
            made = self._ledger.command_id("history", f"{case_id}|{prefix}", own, tenant=self._tenant)
            return thing_id(prefix, case_id, made)

        return Around(
            terms=source.terms, policy=self._policy, today=self._today, run=self._run, since=since,
            case_id=lambda episode: self._desk.case_id(ref, episode), named=named, account=account,
        )  # fmt: skip

    async def _sent(self, ref: str, following: _Following, rows: Sequence[HistoryRow]) -> None:
        """Append, through what may pass. Raises StaleVersion at once, the ledger's troubles after ATTEMPTS_MAX."""
        wait = WAIT_FIRST_S
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                await self._append(ref, following, rows)
            except (Busy, StoreUnavailable, OutcomeUnknown):
                if attempt == ATTEMPTS_MAX:
                    raise
                await asyncio.sleep(wait)
                wait = min(2 * wait, WAIT_MOST_S)
            else:
                return

    async def _append(self, ref: str, following: _Following, rows: Sequence[HistoryRow]) -> None:
        """One command for all the debtor's cases. Raises StaleVersion, and what the ledger raises."""
        people = await self._ledger.subjects([ref, f"staff:{ACTOR}"], tenant=self._tenant)
        subjects = {"debtor": people[ref], "staff": people[f"staff:{ACTOR}"]}
        zone = self._policy.zone
        writes = [
            StreamWrite(
                case.id,
                case.version,
                tuple(NewEvent(event, instant_of(event, zone), subjects, zone) for event in events),
            )
            for case, events in following
        ]
        first = following[0][0]
        if first.version == 0 and first.episode > 1:
            before = self._desk.case_id(ref, first.episode - 1)
            seen = (await self._ledger.store.heads(
                await self._ledger.lane_of(before, tenant=self._tenant), [before]
            )).get(before)  # fmt: skip
            writes.append(StreamWrite(before, seen.version if seen else 0, ()))
        content = hashlib.sha256(repr((ref, [(w.stream, w.expected) for w in writes], rows)).encode())
        await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id(
                    "import", "history", content.hexdigest(), tenant=self._tenant
                ),
                fingerprint=content.digest(),
                actor=ACTOR,
                writes=tuple(writes),
                policy=self._policy.version.id,
            )
        )

    # -- what is on record

    async def _again(self, ref: str) -> _Known:
        return (await self._read([ref]))[ref]

    async def _read(self, refs: Sequence[str]) -> dict[str, _Known]:
        """What the ledger has of these debtors, in a few reads for all."""
        cases: dict[str, list[CaseNow]] = {ref: [] for ref in refs}
        waiting, episode = list(refs), 0
        while waiting and episode < EPISODES_MAX:
            episode += 1
            streams = {ref: self._desk.case_id(ref, episode) for ref in waiting}
            found = await self._ledger.read_streams(list(streams.values()), tenant=self._tenant)
            waiting = [ref for ref in waiting if streams[ref] in found]
            for ref in waiting:
                cases[ref].append(_case(streams[ref], episode, found[streams[ref]]))
            waiting = [ref for ref in waiting if not isinstance(cases[ref][-1].state, OpenCase)]
        since = await self._since(cases)
        return {ref: _Known(cases[ref], since.get(ref)) for ref in refs}

    async def _since(self, cases: dict[str, list[CaseNow]]) -> dict[str, date]:
        """The first day of each debtor's oldest account, where the lender's book says it of all of them."""
        accounts = {ref: list(dict.fromkeys(_debts(found))) for ref, found in cases.items()}
        streams = await self._ledger.read_streams(
            [one for found in accounts.values() for one in found], tenant=self._tenant
        )
        found: dict[str, date] = {}
        for ref, own in accounts.items():
            days = [_opened_on(streams.get(one, [])) for one in own]
            known = [day for day in days if day is not None]
            if known and len(known) == len(days):
                found[ref] = min(known)
        return found


def _unread(placed: PlacedRow) -> Outcome:
    assert isinstance(placed.row, Unreadable), "a row that was read is judged"
    return Outcome(REJECTED, placed.row.reason, placed.row.field)


def _settled(taking: Taking, known: _Known) -> _Known:
    """The debtor after a check: as the rows would have made it."""
    return _Known(taking.cases, known.since)


def _case(stream: str, episode: int, history: Sequence[Recorded[Any]]) -> CaseNow:
    told = (seen.event for seen in history if not isinstance(seen.event, Erased))
    return CaseNow(stream, episode, history[-1].version, fold_case(told, NO_CASE))


def _debts(cases: Iterable[CaseNow]) -> Iterable[str]:
    for case in cases:
        state = case.state.was if isinstance(case.state, ClosedCase) else case.state
        if isinstance(state, OpenCase):
            yield from state.debts


def _opened_on(history: Sequence[Recorded[Any]]) -> date | None:
    booked = [seen.event for seen in history if isinstance(seen.event, e.AccountBooked)]
    return booked[-1].opened_on if booked else None
