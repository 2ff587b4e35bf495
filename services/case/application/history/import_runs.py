"""Every run of every import on record: who took which files in, when, and what it added (ADR 0030).

    async with runs.recorded("book", content=source.fingerprint, files=seen, actor=who) as run:
        result = await …                                  # whatever takes the rows in
        run.tell(file, row, REJECTED, reason, field)      # for each row that was not taken in
        run.counted(rows=…, added=…, unchanged=…, rejected=…, events=…)

The n-th run of one kind and content has a stream of its own, derived from them: that a file was sent before, and that
sending it again added nothing, is read off the ledger.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from services.case.application.ports import Reject, RejectSink
from services.case.domain.events import (
    ImportEvent,
    ImportFinished,
    ImportRowsTold,
    ImportStarted,
)
from services.case.domain.facts.imports import FileSeen, RowTold
from services.case.domain.history.import_run import CANCELLED, CLI, DONE, FAILED, REJECTED, TAKEN, Counts
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.kernel import ids

CATEGORY = "import"
PERSON = "system:imports"
"""Whose the sections of a run are: nobody's, so that no erasure takes the record away."""
ROWS_A_PART = 1_000
ROWS_TOLD_MAX = 100_000
"""Rejected rows kept one by one; of more than that the counts are kept."""
ROWS_ALL_MAX = 1_000
"""Up to so many rows that were taken in, each is told as well as those that were not."""
PROBED = 16


class RunLog:
    """One run on record: what it is to say at its end."""

    def __init__(self, stream: str, *, content: str | None) -> None:
        self.id, self.content = stream, content
        self.counts = Counts()
        self.rows: list[RowTold] = []
        self._others = 0

    def tell(
        self, file: int, row: int, outcome: str, reason: str | None = None, field: str | None = None
    ) -> None:
        """What became of a row, by its file (from 0) and number; never a value.

        Of a run with more than ROWS_ALL_MAX rows only the rejected ones are kept.
        """
        if outcome != REJECTED and self._others < 0:
            return
        if outcome != REJECTED:
            self._others += 1
        if self._others > ROWS_ALL_MAX:
            self.rows = [one for one in self.rows if one.outcome == REJECTED]
            self._others = -1
        elif len(self.rows) < ROWS_TOLD_MAX:
            self.rows.append(RowTold(file=file, row=row, outcome=outcome, reason=reason, field=field))

    def tell_taken(self, rows: Iterable[tuple[int, int]]) -> None:
        """Of a small run whose kind tells only of rejected rows: all others, by file and number, are on record."""
        rejected = {(one.file, one.row) for one in self.rows}
        for file, row in rows:
            if (file, row) not in rejected:
                self.tell(file, row, TAKEN)

    def counted(
        self, *, rows: int, added: int, unchanged: int, rejected: int, events: int, content: str | None = None
    ) -> None:
        """What the run did; `content`: of a pipe, which was not known before it was read."""
        self.counts = Counts(rows=rows, added=added, unchanged=unchanged, rejected=rejected, events=events)
        self.content = self.content or content

    def parts(self) -> list[ImportRowsTold]:
        """What was told of rows, in events of bounded size."""
        starts = range(0, len(self.rows), ROWS_A_PART)
        return [
            ImportRowsTold(part=part, rows=tuple(self.rows[start : start + ROWS_A_PART]))
            for part, start in enumerate(starts)
        ]

    def finished(self, outcome: str, *, fault: str | None = None) -> ImportFinished:
        """The run's last event."""
        said = self.counts
        return ImportFinished(
            outcome=outcome, rows=said.rows, added=said.added, unchanged=said.unchanged,
            rejected=said.rejected, events=said.events, told=len(self.rows), content=self.content, fault=fault,
        )  # fmt: skip


class ToldRejects:
    """Rejected lines of a file, put on record beside where they go."""

    def __init__(self, run: RunLog, beside: RejectSink) -> None:
        self._run, self._beside = run, beside

    def put(self, line: int, reject: Reject) -> None:
        """Note one rejected line."""
        self._run.tell(0, line, REJECTED, reject.reason, reject.field)
        self._beside.put(line, reject)


class ImportRuns:
    """The runs of one tenant."""

    def __init__(self, *, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant

    @asynccontextmanager
    async def recorded(
        self,
        kind: str,
        *,
        content: str | None,
        actor: str,
        mapping: str | None = None,
        files: Sequence[FileSeen] = (),
        names: Sequence[str] = (),
        via: str = CLI,
    ) -> AsyncIterator[RunLog]:
        """Put a run on record around the work: its start, its rows and counts, its end.

        `content`: SHA-256, in hex, of mapping and files. What the work raises is recorded by its class and raised on;
        a run that is killed has no end on record.
        """
        started = ImportStarted(
            kind=kind, content=content, mapping=mapping, files=tuple(files), via=via, attempt=1, names=tuple(names)
        )  # fmt: skip
        run = RunLog(await self._begin(started, actor), content=content)
        try:
            yield run
        except asyncio.CancelledError:  # Ctrl-C: there is time to say so
            await self.end(run, run.finished(CANCELLED), actor=actor, version=1)
            raise
        except Exception as problem:
            await self.end(run, run.finished(FAILED, fault=type(problem).__name__), actor=actor, version=1)
            raise
        await self.end(run, run.finished(DONE), actor=actor, version=1)

    async def end(self, run: RunLog, finished: ImportFinished, *, actor: str, version: int) -> None:
        """Put what was told of rows, and the end, on record behind `version`."""
        for part in run.parts():
            version = await self.append(run.id, version, (part,), actor=actor)
        await self.append(run.id, version, (finished,), actor=actor)

    async def _begin(self, started: ImportStarted, actor: str) -> str:
        """The stream of the run: the first of its kind and content that nothing stands on."""
        content = started.content or ids.new_token()
        number = await self._runs_of(started.kind, content)
        while True:
            stream = self._stream(started.kind, content, number)
            try:
                await self.append(stream, 0, (started,), actor=actor)
            except StaleVersion:  # another process began one at the same moment
                number += 1
            else:
                return stream

    def _stream(self, kind: str, content: str, number: int) -> str:
        own = f"{CATEGORY}|{kind}|{content}"
        return self._ledger.stream_id(
            CATEGORY, kind, content, str(number), debtor_ref=own, tenant=self._tenant
        )

    async def _runs_of(self, kind: str, content: str) -> int:
        """How many runs of this kind and content are on record."""
        number = 0
        while True:
            probed = [self._stream(kind, content, number + ahead) for ahead in range(PROBED)]
            lane = await self._ledger.lane_of(probed[0], tenant=self._tenant)
            known = await self._ledger.store.heads(lane, probed)
            found = next((ahead for ahead, stream in enumerate(probed) if stream not in known), PROBED)
            number += found
            if found < PROBED:
                return number

    async def append(self, stream: str, version: int, events: Sequence[ImportEvent], *, actor: str) -> int:
        """Put events of a run on record; the version after them. Raises StaleVersion."""
        people = await self._ledger.subjects([PERSON], tenant=self._tenant)
        subjects, now = {"debtor": people[PERSON]}, self._ledger.clock.now()
        await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id(
                    CATEGORY, f"{stream}|{version}", ids.new_token(), tenant=self._tenant
                ),
                fingerprint=bytes(32),
                actor=actor,
                writes=(StreamWrite(stream, version, tuple(NewEvent(one, now, subjects) for one in events)),),
            )
        )  # fmt: skip
        return version + len(events)
