"""Where the files of imports lie: private, bounded, and not for longer than they are needed."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.case.adapters.history import job_files, job_runner
from services.case.adapters.history.job_files import JobFolder
from services.case.adapters.history.job_runner import JobRunner
from services.case.application.history.import_runs import ImportRuns
from services.case.application.history.jobs import (
    Ask,
    ImportFilesGone,
    ImportJobs,
    TooManyImports,
)
from services.case.domain.facts.imports import FileSeen
from services.case.domain.history.import_run import HTTP, WAITING, ImportRun
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command
from shared.kernel.clock import FixedClock
from tests.kit.ledgers import opened, store_on

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
JOB = "import-00000000-0000-8000-8000-000000000001"


async def _sent(folder: JobFolder, name: str, *chunks: bytes) -> FileSeen:
    async with folder.receive(JOB, name) as file:
        for chunk in chunks:
            await file.write(chunk)
        seen = await file.whole()
        file.keep()
        return seen


async def test_a_file_is_private_and_there_only_when_it_is_whole(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path / "imports" / "default")
    await folder.open(JOB, b"mapping")
    seen = await _sent(folder, "a.csv", b"x" * 700_000, b"y" * 700_000)
    assert seen.size == 1_400_000
    run = ImportRun(status=WAITING, kind="book", via=HTTP, names=("a.csv",), files=(seen,))
    assert (folder.complete(JOB, run) / "a.csv").read_bytes() == b"x" * 700_000 + b"y" * 700_000
    for place in (tmp_path / "imports", folder.root, folder.place(JOB), folder.files_of(JOB) / "a.csv"):
        assert place.stat().st_mode & 0o077 == 0, place

    async def broken_off() -> None:
        async with folder.receive(JOB, "b.csv") as file:
            await file.write(b"half")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await broken_off()
    assert sorted(one.name for one in folder.place(JOB).rglob("*")) == ["a.csv", "files", "mapping.toml"]
    await folder.drop(JOB)
    with pytest.raises(ImportFilesGone):
        folder.complete(JOB, run)


async def test_an_import_holds_so_much_and_there_are_so_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_files, "JOB_BYTES_MAX", 10)
    monkeypatch.setattr(job_files, "OPEN_JOBS_MAX", 2)
    folder = JobFolder(tmp_path / "imports" / "default")
    await folder.open(JOB, None)
    await _sent(folder, "a.csv", b"12345678")
    with pytest.raises(OSError, match="too large"):
        await _sent(folder, "b.csv", b"123")
    await folder.open("import-2", None)
    await folder.open("import-2", None)
    with pytest.raises(TooManyImports):
        await folder.open("import-3", None)


class _NoKind:
    """Nothing is ever taken in here."""

    def mapped(self, mapping: Path | None) -> None:
        """Any mapping will do."""

    def readable(self, delivered: Any) -> None:
        """Any file will do."""

    async def take(self, delivered: Any, course: Any) -> None:
        """Never asked for."""
        raise AssertionError(delivered, course)


def _runner(ledger: Ledger, clock: FixedClock, root: Path) -> JobRunner:
    runs = ImportRuns(ledger=ledger, tenant="default")
    runner = JobRunner(runs=runs, folder=JobFolder(root), kinds={"statements": _NoKind()}, now=clock.now)
    runner.jobs = ImportJobs(ledger=ledger, tenant="default", files=JobFolder(root), work=runner)
    return runner


async def test_files_that_nobody_starts_and_folders_of_no_import_go_after_a_day(tmp_path: Path) -> None:
    clock, root = FixedClock(NOW), tmp_path / "imports" / "default"
    async with opened(store_on("sqlite", tmp_path, None), tmp_path, clock=clock) as ledger:  # type: ignore[arg-type]
        runner = _runner(ledger, clock, root)
        jobs, folder = runner.jobs, JobFolder(root)
        job = jobs.job_id("client", "key")
        ask = Ask(kind="statements", names=("s.csv",), mapping=None, corrections=False)
        writes = await jobs.request(job, ask, dry_run=False)
        command = ledger.command_id("client", "ask", "key")
        await ledger.commit(Command("default", command, b"1", "user:wu", tuple(writes)))
        await folder.open(JOB, None)  # a request that was never committed: its server was killed
        for name in (job, JOB):
            os.utime(folder.place(name), (NOW.timestamp(), NOW.timestamp()))
        assert await runner._turn(_no_fault) is False
        assert sorted(folder.jobs()) == sorted([job, JOB])
        clock.set(NOW + job_runner.KEPT + timedelta(minutes=1))
        assert await runner._turn(_no_fault) is False
        assert folder.jobs() == []
        assert (await jobs.load(job)).run.status == WAITING, "what is on record stays"


def _no_fault(job: str, fault: str) -> None:
    raise AssertionError((job, fault))


def test_of_two_processes_one_works(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with job_runner._alone(lock) as first, job_runner._alone(lock) as second:
        assert (first, second) == (True, False)
    with job_runner._alone(lock) as again:
        assert again
