"""The files of imports asked for over HTTP: a private folder for each, streamed in, gone when the import ends."""

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.case.adapters.history import digest
from services.case.application.history.jobs import (
    JOB_BYTES_MAX,
    OPEN_JOBS_MAX,
    ROWS_WAITED_MAX,
    ImportFilesGone,
    TooManyImports,
)
from services.case.domain.facts.imports import FileSeen
from services.case.domain.history.import_run import ImportRun
from shared.kernel import ids

PRIVATE = 0o700
BUFFER = 1 << 20
MAPPING = "mapping.toml"
LINES_BYTES_MAX = 4 << 20
"""A file above it has too many rows to wait for, whatever they hold."""


class JobFolder:
    """Folders under `root`, which nobody else can look into. They are made when the first import is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def place(self, job: str) -> Path:
        """The folder of an import."""
        return self.root / job

    def files_of(self, job: str) -> Path:
        """Where its files lie, by the names they were sent under. Raises ImportFilesGone."""
        found = self.place(job) / "files"
        if not found.is_dir():
            raise ImportFilesGone
        return found

    def complete(self, job: str, run: ImportRun) -> Path:
        """Where its files lie, all of them as they arrived. Raises ImportFilesGone."""
        files = self.files_of(job)
        for name, seen in zip(run.names, run.files, strict=True):
            if seen is None or not (files / name).is_file() or (files / name).stat().st_size != seen.size:
                raise ImportFilesGone
        return files

    def mapping_file(self, job: str) -> Path | None:
        """The mapping it was asked for with."""
        found = self.place(job) / MAPPING
        return found if found.is_file() else None

    def with_mapping(self, mapping: bytes | None, ask: Callable[[Path | None], None]) -> None:
        """Ask something of a mapping that is in no file yet."""
        if mapping is None:
            ask(None)
            return
        with tempfile.NamedTemporaryFile(prefix="quittance-", suffix=".toml") as file:
            file.write(mapping)
            file.flush()
            ask(Path(file.name))

    def age(self, job: str, now: datetime) -> timedelta:
        """How long ago the folder was last changed."""
        changed = datetime.fromtimestamp(self.place(job).stat().st_mtime, tz=UTC)
        return now - changed

    def jobs(self) -> list[str]:
        """The imports that have a folder, whatever became of them."""
        if not self.root.is_dir():
            return []
        return sorted(one.name for one in self.root.iterdir() if one.is_dir())

    async def open(self, job: str, mapping: bytes | None) -> None:
        """Make the place of an import. Raises TooManyImports, OSError."""
        for folder in (self.root.parent, self.root):
            folder.mkdir(mode=PRIVATE, exist_ok=True)
        if not self.place(job).is_dir() and len(self.jobs()) >= OPEN_JOBS_MAX:
            raise TooManyImports
        (self.place(job) / "files").mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        self.place(job).chmod(PRIVATE)
        if mapping is not None:
            (self.place(job) / MAPPING).write_bytes(mapping)

    def mapping_told(self, mapping: bytes) -> str:
        """What tells a mapping again."""
        return digest.of_mapping(mapping)

    @asynccontextmanager
    async def receive(self, job: str, name: str) -> AsyncIterator["Arriving"]:
        """Take a file in; what is not kept at the end is gone. Raises ImportFilesGone, OSError."""
        files = self.files_of(job)
        taken = sum(one.stat().st_size for one in files.iterdir())
        arriving = Arriving(
            self.place(job) / f"arriving-{ids.new_token()}", files / name, JOB_BYTES_MAX - taken
        )
        try:
            yield arriving
        finally:
            arriving.close()

    async def content(self, job: str, run: ImportRun) -> str:
        """SHA-256, in hex, of mapping and files."""
        self.files_of(job)
        terms = digest.terms_of(corrections=run.corrections)
        return digest.content_of([one for one in run.files if one], mapping=run.mapping, terms=terms)

    async def lines(self, job: str, run: ImportRun) -> int:
        """At least how many lines the files have, up to a little above ROWS_WAITED_MAX."""
        files = self.files_of(job)
        return await asyncio.to_thread(lambda: sum(_lines(files / name) for name in run.names))

    async def drop(self, job: str) -> None:
        """The import has ended: its files are removed."""
        await asyncio.to_thread(shutil.rmtree, self.place(job), ignore_errors=True)


class Arriving:
    """A file on its way in, beside the files that are whole."""

    def __init__(self, path: Path, to: Path, left: int) -> None:
        self._path, self._to, self._left = path, to, left
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
        self._hash, self._size, self._waiting = hashlib.sha256(), 0, bytearray()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._size + len(self._waiting)

    async def write(self, chunk: bytes) -> None:
        """More of it. Raises OSError where there is no room, or more than an import may hold."""
        self._waiting += chunk
        if self.size > self._left:
            raise OSError(27, "the import's files are too large")
        if len(self._waiting) >= BUFFER:
            await asyncio.to_thread(self._flush)

    async def whole(self) -> FileSeen:
        """All of it has arrived and is on disk; `keep` puts it in its place."""
        await asyncio.to_thread(self._finish)
        return FileSeen(sha256=self._hash.hexdigest(), size=self._size)

    def keep(self) -> None:
        """It takes the place of an earlier one of its name."""
        self._path.replace(self._to)

    def close(self) -> None:
        """Leave nothing behind that was not kept."""
        self._file.close()
        with suppress(FileNotFoundError):
            self._path.unlink()

    def _flush(self) -> None:
        self._file.write(self._waiting)
        self._hash.update(self._waiting)
        self._size += len(self._waiting)
        self._waiting.clear()

    def _finish(self) -> None:
        self._flush()
        os.fsync(self._file.fileno())


def _lines(path: Path) -> int:
    if not path.is_file() or path.stat().st_size > LINES_BYTES_MAX:
        return 2 * ROWS_WAITED_MAX
    return path.read_bytes().count(b"\n")
