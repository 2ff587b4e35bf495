"""Imports asked for over HTTP: what is asked is on record, the files lie in a private folder until the import ends.

    asked for -> its files arrive -> started -> taken in, in the background -> ended, files gone

All of it stands on the stream of the run (import_runs.py), so a server that is killed on the way knows after its start
which imports it has to go on with.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.case.application.history.import_runs import CATEGORY, PERSON, ROWS_A_PART
from services.case.domain.events import (
    ImportCancelled,
    ImportEvent,
    ImportFileReceived,
    ImportQueued,
    ImportRequested,
    ImportRowsTold,
)
from services.case.domain.facts.imports import FileSeen, RowTold
from services.case.domain.history.import_run import ENDED, WAITING, ImportRun, fold
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import NewEvent, StreamWrite
from shared.kernel.refusal import Refused

FILES_MAX = 50
FILE_BYTES_MAX = 1 << 30
JOB_BYTES_MAX = 4 << 30
OPEN_JOBS_MAX = 64
ROWS_WAITED_MAX = 1_000
EVENTS_READ_MAX = 1_000
"""More than any run has: its rows are told in a hundred parts at most, and it is begun a hundred times at most."""
_ROWS_TOLD = "case.ImportRowsTold"
_ID = re.compile(CATEGORY + r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ImportUnknown(LookupError):
    """There is no such import."""


class ImportNotWaiting(Refused):
    """The import has begun or ended, and takes no more files. Ask for another one."""

    code = "import-not-waiting"
    title_en = "The import no longer waits for files"
    title_zh = "该导入已不再接收文件"


class ImportFileNotAsked(Refused):
    """The import was asked for with other files: send one of the names that it was asked for with.

    Context: how many files are missing yet.
    """

    code = "import-file-not-asked"
    title_en = "The import was not asked for with a file of that name"
    title_zh = "申请该导入时未声明此文件"


class ImportFilesMissing(Refused):
    """The import starts when all its files have arrived. Context: how many are missing; the import says which."""

    code = "import-files-missing"
    title_en = "Files of the import are missing"
    title_zh = "导入所需文件不全"


class ImportFilesGone(Refused):
    """The files lie on another server, or were cleaned away. Ask for the import again: rows on record add nothing."""

    code = "import-files-gone"
    title_en = "The files of the import are not here any more"
    title_zh = "该导入的文件已不在本服务器"


class ImportEnded(Refused):
    """The import has ended: there is nothing to stop. What it took in is on record."""

    code = "import-ended"
    title_en = "The import has ended"
    title_zh = "该导入已结束"


class DigestDiffers(Refused):
    """What arrived is not what `Content-Digest` says: it was damaged on the way. Send the file again."""

    code = "digest-differs"
    title_en = "The file that arrived is not the one that was sent"
    title_zh = "收到的文件与摘要不符"


class ImportTooLargeToWait(Refused):
    """An answer by row is given at once for at most 1,000 rows; start the import without `wait`, and ask how it goes.

    Context: the greatest number of rows.
    """

    code = "import-too-large-to-wait"
    title_en = "The import has too many rows to wait for"
    title_zh = "行数过多，不能同步等待结果"


class MappingMissing(Refused):
    """Files of this kind are read by a mapping: send it with the request, as TOML or as a JSON object."""

    code = "mapping-missing"
    title_en = "The mapping is missing"
    title_zh = "缺少数据映射"


class ImportTooLarge(Refused):
    """The file is larger than what is taken in over HTTP; use the command line. Context: the greatest size."""

    code = "import-too-large"
    title_en = "The file is too large for an import over HTTP"
    title_zh = "文件过大，不能通过 HTTP 导入"


class TooManyImports(Refused):
    """So many imports wait for files or for their turn that no more are taken. Start or cancel some of them."""

    code = "too-many-imports"
    title_en = "Too many imports are open"
    title_zh = "未完成的导入过多"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """An import as it is asked for. `mapping`: TOML; `names`: the files as the mapping calls them."""

    kind: str
    names: tuple[str, ...]
    mapping: bytes | None
    corrections: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An import as its stream has it. `rows_at`: behind which version what is told of rows begins."""

    id: str
    run: ImportRun
    version: int
    position: int
    lane: int
    asked_by: str
    asked_at: datetime
    queued_at: datetime | None
    ended_at: datetime | None
    rows_at: int


class Receiving(Protocol):
    """A file on its way in."""

    async def write(self, chunk: bytes) -> None:
        """More of it. Raises OSError where there is no room."""

    async def whole(self) -> FileSeen:
        """All of it has arrived and is on disk."""

    def keep(self) -> None:
        """It takes the place of an earlier one of its name."""


class JobFiles(Protocol):
    """Where the files of imports lie: private, and gone when the import ends."""

    async def open(self, job: str, mapping: bytes | None) -> None:
        """Make the place of an import. Raises TooManyImports, OSError."""

    def mapping_told(self, mapping: bytes) -> str:
        """What tells a mapping again."""

    def receive(self, job: str, name: str) -> AbstractAsyncContextManager[Receiving]:
        """Take a file in; what is not kept at the end is gone. Raises ImportFilesGone."""

    async def content(self, job: str, run: ImportRun) -> str:
        """SHA-256, in hex, of mapping and files. Raises ImportFilesGone."""

    async def lines(self, job: str, run: ImportRun) -> int:
        """At least how many lines the files have, up to a little above ROWS_WAITED_MAX."""

    async def drop(self, job: str) -> None:
        """The import has ended, or was never begun."""


class JobWork(Protocol):
    """Who takes the files in."""

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds that can be taken in."""

    def kick(self) -> None:
        """Something was queued."""

    def stop(self, job: str) -> None:
        """End this import at the next block, if it runs here."""

    def rows(self, job: str) -> int | None:
        """How many rows were taken in so far, None where the import does not run here."""

    async def mapped(self, ask: Ask) -> None:
        """Can the mapping be read? Raises the refusals of its kind."""

    async def readable(self, job: str, run: ImportRun) -> str | None:
        """Do the files fit the mapping? What tells the delivery again, where the kind has a way of its own.

        Raises the refusals of the kind, ImportFilesGone.
        """

    async def ended(self, job: str, *, timeout: float) -> bool:
        """Wait until the import has ended; False where it has not by then."""


class ImportJobs:
    """Imports of one tenant, asked for over HTTP."""

    def __init__(self, *, ledger: Ledger, tenant: str, files: JobFiles, work: JobWork) -> None:
        self._ledger, self._tenant = ledger, tenant
        self.files, self.work = files, work

    def job_id(self, client: str, key: str) -> str:
        """The stream of the import that a client's request asks for; the same when it is repeated."""
        own = str(self._ledger.command_id(client, "import-job", key, tenant=self._tenant))
        return self._ledger.stream_id(CATEGORY, "job", own, debtor_ref=own, tenant=self._tenant)

    async def load(self, job: str) -> Job:
        """The import as it stands. Raises ImportUnknown."""
        if not _ID.fullmatch(job):
            raise ImportUnknown
        lane = await self._ledger.lane_of(job, tenant=self._tenant)
        rows = await self._ledger.store.read_stream(lane, job, after=0, limit=EVENTS_READ_MAX)
        # What is told of rows is not opened: there may be much of it, and how much the end of the run says.
        told = [row.version for row in rows if row.type == _ROWS_TOLD]
        history = await self._ledger.recorded([row for row in rows if row.type != _ROWS_TOLD])
        run = fold(seen.event for seen in history)
        if run is None:
            raise ImportUnknown
        first, last = rows[0], rows[-1]
        queued = [seen.row.recorded_at for seen in history if isinstance(seen.event, ImportQueued)]
        return Job(
            id=job, run=run, version=last.version, position=last.position, lane=last.lane, asked_by=first.actor,
            asked_at=first.recorded_at, queued_at=queued[0] if queued else None,
            ended_at=last.recorded_at if run.status in ENDED else None,
            rows_at=(told[0] if told else last.version) - 1,
        )  # fmt: skip

    async def rows(self, job: Job, *, after: int, limit: int) -> list[RowTold]:
        """What is told of rows, those behind the first `after`, at most `limit`."""
        found: list[RowTold] = []
        parts = await self._ledger.read_stream(
            job.id,
            after=job.rows_at + after // ROWS_A_PART,
            limit=limit // ROWS_A_PART + 2,
            tenant=self._tenant,
        )
        for number, seen in enumerate(parts):
            if not isinstance(seen.event, ImportRowsTold) or len(found) >= limit:
                break
            found += seen.event.rows[after % ROWS_A_PART if number == 0 else 0 :][: limit - len(found)]
        return found

    # -- what is asked

    async def request(self, job: str, ask: Ask, *, dry_run: bool) -> Sequence[StreamWrite]:
        """The import is asked for. Raises the refusals of its mapping, TooManyImports; OSError."""
        await self.work.mapped(ask)
        if not dry_run:
            await self.files.open(job, ask.mapping)
        mapping = None if ask.mapping is None else self.files.mapping_told(ask.mapping)
        asked = ImportRequested(
            kind=ask.kind, mapping=mapping, files=len(ask.names), corrections=ask.corrections, names=ask.names
        )
        return await self._writes(job, 0, asked, dry_run=dry_run)

    async def received(self, job: Job, number: int, seen: FileSeen) -> Sequence[StreamWrite]:
        """A file arrived; nothing to write where the same one had. Raises ImportNotWaiting."""
        if job.run.status != WAITING:
            raise ImportNotWaiting
        if job.run.files[number] == seen:
            return ()
        event = ImportFileReceived(file=number, sha256=seen.sha256, size=seen.size)
        return await self._writes(job.id, job.version, event, dry_run=False)

    async def start(self, job: Job, *, wait: bool, dry_run: bool) -> Sequence[StreamWrite]:
        """The files are complete, and the import may begin; nothing to write where it has.

        Raises: ImportFilesMissing, ImportEnded, ImportTooLargeToWait, ImportFilesGone; the refusals of its kind.
        """
        if job.run.status in ENDED:
            raise ImportEnded
        if job.run.status != WAITING:
            return ()
        if job.run.missing:
            raise ImportFilesMissing(missing=len(job.run.missing))
        if wait and await self.files.lines(job.id, job.run) > ROWS_WAITED_MAX + len(job.run.files):
            raise ImportTooLargeToWait(rows_max=ROWS_WAITED_MAX)
        own = await self.work.readable(job.id, job.run)
        content = own or await self.files.content(job.id, job.run)
        return await self._writes(job.id, job.version, ImportQueued(content=content), dry_run=dry_run)

    async def cancel(self, job: Job, *, dry_run: bool) -> Sequence[StreamWrite]:
        """Stop the import; what it took in stays. Raises ImportEnded."""
        if job.run.status in ENDED:
            raise ImportEnded
        event = ImportCancelled(attempt=job.run.attempt)
        return await self._writes(job.id, job.version, event, dry_run=dry_run)

    async def _writes(
        self, job: str, version: int, event: ImportEvent, *, dry_run: bool
    ) -> Sequence[StreamWrite]:
        subjects = {}
        if not dry_run:
            subjects = {"debtor": (await self._ledger.subjects([PERSON], tenant=self._tenant))[PERSON]}
        return (StreamWrite(job, version, (NewEvent(event, self._ledger.clock.now(), subjects),)),)
