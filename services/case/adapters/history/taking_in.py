"""Taking a folder of history in: the delivery read, the run put on record, the rejected rows listed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.case.adapters.book.rejects_file import BookRejectsFile
from services.case.adapters.history.delivery import HistoryDelivery, open_history
from services.case.application.book_reasons import REASONS as BOOK_REASONS
from services.case.application.book_source import BookReject, Placed
from services.case.application.handle import CaseDesk
from services.case.application.history.contact_port import ContactHistory
from services.case.application.history.import_runs import ImportRuns, RunLog
from services.case.application.history.legal_port import LegalHistory
from services.case.application.history.source import PlacedRow
from services.case.application.history.take_history import ACTOR, WAVE_DEBTORS, HistoryImport, HistoryResult
from services.case.application.import_result import Progress
from services.case.domain.history.import_run import HISTORY, REJECTED
from services.case.domain.history.refusals import REASONS
from services.case.domain.history.take_in import Outcome
from services.case.domain.policy import CasePolicy
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import Clock, day_in
from shared.kernel.policy import PolicyBook
from shared.kernel.refusal import Refused


class GoLiveToCome(Refused):
    """The mapping's `go_live` lies ahead: until that day nobody knows what will have happened before it."""

    code = "go-live-to-come"
    title_en = "The day of go-live is still to come"
    title_zh = "上线日期尚未到来"


@dataclass(slots=True)
class HistoryChecked:
    """What a delivery would come to: nothing was written. `rejects`: the first of each reason and field."""

    result: HistoryResult
    unmapped: dict[str, tuple[str, ...]]
    rejects: dict[tuple[str, str, str, str], tuple[int, int]]

    def to_json(self) -> dict[str, Any]:
        """The document of `import history --check --json`."""
        said = self.result.to_json()
        return {
            **{name: said[name] for name in ("rows", "added", "unchanged", "rejected", "by_entity")},
            "unmapped": {name: list(columns) for name, columns in self.unmapped.items() if columns},
            "rejects": [
                {
                    "entity": entity, "file": file, "reason": reason, "field": field, "rows": count,
                    "first_row": first, "means": said_of(reason, chinese=False),
                    "means_zh": said_of(reason, chinese=True),
                }
                for (entity, file, reason, field), (count, first) in sorted(self.rejects.items())
            ],
        }  # fmt: skip


def said_of(reason: str, *, chinese: bool) -> str:
    """What a reason means, in the reader's language."""
    words = REASONS.get(reason) or BOOK_REASONS.get(reason)
    return reason if words is None else words.zh if chinese else words.en


class HistoryTaking:
    """Deliveries of history, taken in for one tenant."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        desk: CaseDesk,
        policies: PolicyBook[CasePolicy],
        tenant: str,
        clock: Clock,
        runs: ImportRuns,
    ) -> None:
        self._ledger, self._desk, self._policies = ledger, desk, policies
        self._tenant, self._clock, self._runs = tenant, clock, runs
        self._contact: ContactHistory | None = None
        self._legal: LegalHistory | None = None

    def reach(self, contact: ContactHistory) -> None:
        """From now on what concerns contact is told to it as well."""
        self._contact = contact

    def reach_legal(self, legal: LegalHistory) -> None:
        """From now on what bears on limitation is told to the legal service."""
        self._legal = legal

    async def check(self, folder: Path, mapping: bytes) -> HistoryChecked:
        """What the delivery would come to, against what is on record now; nothing is written.

        Raises: MappingUnusable, BookUnusable, GoLiveToCome; OSError as `open` does.
        """
        with open_history(folder, mapping) as delivery:
            self.over(delivery.terms.go_live)
            sink = _Counted(delivery)
            result = await self._import("import-check", check=True).run(delivery, told=sink)
            return HistoryChecked(result, delivery.unmapped, sink.found)

    async def take_in(
        self,
        folder: Path,
        mapping: bytes,
        *,
        rejects: Path,
        actor: str = ACTOR,
        progress: Callable[[Progress], None] | None = None,
    ) -> HistoryResult:
        """Take the delivery in, on record as a run; rejected rows are listed at `rejects`.

        Raises: MappingUnusable, BookUnusable, GoLiveToCome, RejectsPathTaken; OSError as `open` does; what the ledger
        raises. A second run adds the rest.
        """
        with open_history(folder, mapping) as delivery, BookRejectsFile(rejects) as listed:
            self.over(delivery.terms.go_live)
            content = await asyncio.to_thread(lambda: delivery.content)
            async with self._runs.recorded(
                HISTORY, content=content, mapping=delivery.mapping, files=delivery.files,
                names=delivery.names, actor=actor,
            ) as run:  # fmt: skip
                return await self.fill(delivery, run, listed=listed, progress=progress)

    async def fill(
        self,
        delivery: HistoryDelivery,
        run: RunLog,
        *,
        listed: BookRejectsFile | None = None,
        names: Sequence[str] | None = None,
        progress: Callable[[Progress], None] | None = None,
        stopping: Callable[[], bool] = lambda: False,
        wave_debtors: int = WAVE_DEBTORS,
    ) -> HistoryResult:
        """Take in a delivery whose run is on record already; `names`: the run's files, where in another order."""
        taking = self._import(run.id, progress=progress, stopping=stopping, wave_debtors=wave_debtors)
        try:
            return await taking.run(delivery, told=_Told(delivery, run, listed, names or delivery.names))
        finally:
            run.counted(**taking.result.counts(), content=None)

    def _import(self, run: str, **more: Any) -> HistoryImport:
        return HistoryImport(
            ledger=self._ledger, desk=self._desk, policies=self._policies, tenant=self._tenant,
            today=self._today, run=run, contact=self._contact, legal=self._legal, **more,
        )  # fmt: skip

    @property
    def _today(self) -> date:
        now = self._clock.now()
        return day_in(now, self._policies.in_force(tenant=self._tenant, on=now.date()).zone)

    def over(self, go_live: date) -> None:
        """Raises GoLiveToCome for a day that is still to come."""
        if go_live > self._today:
            raise GoLiveToCome


class _Told:
    """Outcomes put on record, and rejected rows into the list."""

    def __init__(
        self, delivery: HistoryDelivery, run: RunLog, listed: BookRejectsFile | None, names: Sequence[str]
    ) -> None:
        self._delivery, self._run, self._listed = delivery, run, listed
        self._places = [names.index(name) for name in delivery.names]

    def put(self, placed: PlacedRow, outcome: Outcome) -> None:
        """What became of a row."""
        self._run.tell(self._places[placed.file], placed.number, *outcome)
        if self._listed is not None and outcome.outcome == REJECTED:
            reject = BookReject(outcome.reason or "", outcome.field or "")
            name = self._delivery.names[placed.file]
            self._listed.put(Placed(placed.entity, name, placed.number, reject))


class _Counted:
    """Rejected rows counted by why, for a check."""

    def __init__(self, delivery: HistoryDelivery) -> None:
        self._delivery = delivery
        self.found: dict[tuple[str, str, str, str], tuple[int, int]] = {}

    def put(self, placed: PlacedRow, outcome: Outcome) -> None:
        """What would become of a row."""
        if outcome.outcome != REJECTED:
            return
        key = (placed.entity, self._delivery.names[placed.file], outcome.reason or "", outcome.field or "")
        count, first = self.found.get(key, (0, placed.number))
        self.found[key] = (count + 1, min(first, placed.number))
