"""Takes in the imports that were asked for over HTTP: one at a time for a tenant, in the order of their queueing.

Which process works is decided by a lock on the folder of the imports, which the system takes back when a process dies;
so one that is killed on the way leaves its import to whoever comes next, and what was taken in adds nothing again.
"""

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from services.case.adapters.history.job_files import JobFolder
from services.case.adapters.history.job_kinds import Course, Delivered, Kind, Stopped
from services.case.application.history.import_runs import ImportRuns, RunLog
from services.case.application.history.jobs import Ask, ImportJobs, ImportUnknown, Job
from services.case.domain.events import ImportStarted
from services.case.domain.history.import_run import (
    CANCELLED,
    DONE,
    ENDED,
    FAILED,
    HTTP,
    QUEUED,
    RUNNING,
    WAITING,
    Counts,
    ImportRun,
)
from shared.eventstore.port import (
    Busy,
    LedgerClosed,
    OutcomeUnknown,
    StaleVersion,
    StoreFull,
    StoreUnavailable,
)
from shared.kernel.refusal import Refused

ACTOR = "system:import"
LOOK_S = 1.0
"""How often it is looked for imports that another process took files in for, and for one that was killed."""
ENDED_LOOK_S = 0.05
PAUSE_S = 2.0
ATTEMPTS_MAX = 100
"""How often an import is begun again after a fault of the moment."""
KEPT = timedelta(days=1)
"""How long files are kept for an import that nobody starts."""
PASSING = (Busy, LedgerClosed, OSError, OutcomeUnknown, StoreFull, StoreUnavailable)
"""Faults of the moment, not of the files: the import is begun again."""
Warn = Callable[[str, str], None]
"""Import and class of a fault -> put in the log."""


class JobRunner:
    """The imports of one tenant; `jobs` is set once it is made of this."""

    jobs: ImportJobs

    def __init__(
        self, *, runs: ImportRuns, folder: JobFolder, kinds: Mapping[str, Kind], now: Callable[[], datetime]
    ) -> None:
        self._runs, self._folder, self._kinds, self._now = runs, folder, kinds, now
        self._kicked, self._ending = asyncio.Event(), False
        self._stopped: set[str] = set()
        self._here: tuple[str, int] | None = None

    # -- what is asked of it

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds that can be taken in."""
        return tuple(self._kinds)

    def kick(self) -> None:
        """Something was queued."""
        self._kicked.set()

    def stop(self, job: str) -> None:
        """End this import at the next block, if it runs here."""
        self._stopped.add(job)
        self._kicked.set()

    def rows(self, job: str) -> int | None:
        """How many rows were taken in so far, None where the import does not run here."""
        return self._here[1] if self._here and self._here[0] == job else None

    async def mapped(self, ask: Ask) -> None:
        """Can the mapping be read? Raises the refusals of its kind."""
        await asyncio.to_thread(self._folder.with_mapping, ask.mapping, self._kinds[ask.kind].mapped)

    async def readable(self, job: str, run: ImportRun) -> str | None:
        """Do the files fit the mapping? What tells the delivery again, where the kind has a way of its own.

        Raises the refusals of the kind, ImportFilesGone.
        """
        return await asyncio.to_thread(self._kinds[run.kind].readable, self._delivered(job, run))

    async def ended(self, job: str, *, timeout: float) -> bool:
        """Wait until the import has ended; False where it has not by then."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        while (await self.jobs.load(job)).run.status not in ENDED:
            if loop.time() >= ends:
                return False
            await asyncio.sleep(ENDED_LOOK_S)
        return True

    # -- the work

    def end(self) -> None:
        """The process is about to end: leave the import at the next block, for whoever comes next."""
        self._ending = True
        self._kicked.set()

    async def run(self, warn: Warn) -> None:
        """Take in what is queued until `end` is called."""
        while not self._ending:
            self._kicked.clear()
            try:
                if await self._turn(warn):
                    continue
            except Exception as problem:  # outer loop of a worker: name it, pause, go on
                warn("", type(problem).__name__)
                await asyncio.sleep(PAUSE_S)
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._kicked.wait()
            except TimeoutError:
                pass

    async def _turn(self, warn: Warn) -> bool:
        """Clean up, then take in the next import; False where there is none, or another process is at work."""
        waiting = [job for name in self._folder.jobs() if (job := await self._looked(name)) is not None]
        if not waiting:
            return False
        with _alone(self._folder.root / "lock") as alone:
            if not alone:
                return False
            first = min(waiting, key=lambda job: (job.queued_at or job.asked_at, job.id))
            await self._one(first.id, warn)
        return True

    async def _looked(self, name: str) -> Job | None:
        """The import, if it is to be taken in; the files of one that has ended, or that nobody starts, go."""
        try:
            job = await self.jobs.load(name)
        except ImportUnknown:
            if self._folder.age(name, self._now()) > KEPT:
                await self._folder.drop(name)
            return None
        if job.run.status in ENDED or (job.run.status == WAITING and self._now() - job.asked_at > KEPT):
            await self._folder.drop(name)
        return job if job.run.status in (QUEUED, RUNNING) else None

    async def _one(self, name: str, warn: Warn) -> None:
        job = await self.jobs.load(name)
        if job.run.status not in (QUEUED, RUNNING):
            return
        run = job.run
        started = ImportStarted(
            kind=run.kind, content=run.content, mapping=run.mapping, files=tuple(one for one in run.files if one),
            via=HTTP, attempt=run.attempt + 1, names=run.names,
        )  # fmt: skip
        try:
            await self._runs.append(name, job.version, (started,), actor=ACTOR)
        except StaleVersion:
            return
        log = RunLog(name, content=run.content)
        outcome, fault = await self._taken(name, run, log, job.asked_by, warn)
        if outcome is not None:
            await self._finish(name, log, outcome, fault)
            await self._folder.drop(name)
        self._stopped.discard(name)

    async def _taken(
        self, name: str, run: ImportRun, log: RunLog, asked_by: str, warn: Warn
    ) -> tuple[str | None, str | None]:
        """How it ended and with what fault; (None, None) where it is to be begun again."""
        self._here = (name, 0)

        def rows(count: int) -> None:
            self._here = (name, (self._here[1] if self._here else 0) + count)

        course = Course(
            log=log, actor=asked_by, rows=rows, stopping=lambda: self._ending or name in self._stopped
        )
        try:
            await self._kinds[run.kind].take(self._delivered(name, run), course)
        except Stopped:
            return (CANCELLED if name in self._stopped else None), None
        except PASSING as problem:
            warn(name, type(problem).__name__)
            if run.attempt >= ATTEMPTS_MAX:
                return FAILED, type(problem).__name__
            await asyncio.sleep(0 if self._ending else PAUSE_S)
            return None, None
        except Refused as refused:
            return FAILED, refused.code
        except Exception as problem:  # whatever a file can do to us ends its own import, by its class alone
            warn(name, type(problem).__name__)
            return FAILED, type(problem).__name__
        finally:
            self._here = None
        return DONE, None

    async def _finish(self, name: str, log: RunLog, outcome: str, fault: str | None) -> None:
        """Put the end on record, behind what was recorded meanwhile; nothing behind a cancellation without counts."""
        while True:
            job = await self.jobs.load(name)
            if job.run.status in (DONE, FAILED) or (job.run.status == CANCELLED and log.counts == Counts()):
                return
            ended = CANCELLED if job.run.status == CANCELLED else outcome
            try:
                await self._runs.end(log, log.finished(ended, fault=fault), actor=ACTOR, version=job.version)
            except StaleVersion:
                log.rows.clear()
                continue
            return

    def _delivered(self, job: str, run: ImportRun) -> Delivered:
        return Delivered(self._folder.complete(job, run), self._folder.mapping_file(job), run)


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    """Is this the one process that works? The lock is the system's: it ends with the process, however that ends."""
    held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(held)
