"""A run that takes files in, as its events tell it: asked for, files received, started, ended."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from services.case.domain.facts.imports import (
    FileSeen,
    ImportCancelled,
    ImportEvent,
    ImportFileReceived,
    ImportFinished,
    ImportQueued,
    ImportRequested,
    ImportRowsTold,
    ImportStarted,
)

STATEMENTS, BOOK, HISTORY, PAYMENTS = "statements", "book", "history", "payments"
KINDS = (STATEMENTS, BOOK, HISTORY, PAYMENTS)
CLI, HTTP = "CLI", "HTTP"
WAITING, QUEUED, RUNNING, DONE, CANCELLED, FAILED = (
    "WAITING", "QUEUED", "RUNNING", "DONE", "CANCELLED", "FAILED",
)  # fmt: skip
STATUSES = (WAITING, QUEUED, RUNNING, DONE, CANCELLED, FAILED)
"""WAITING for its files; QUEUED behind another; RUNNING, or cut off and not started again; then how it ended."""
ENDED = (DONE, CANCELLED, FAILED)
ADDED, UNCHANGED, REJECTED, TAKEN = "ADDED", "UNCHANGED", "REJECTED", "TAKEN"
OUTCOMES = (ADDED, UNCHANGED, REJECTED, TAKEN)
"""What became of a row. TAKEN: it is on record, by this run or an earlier one, for kinds that do not tell which."""


class Counts(Struct, frozen=True, kw_only=True):
    """What a run did: `rows` read = `added` + `unchanged` + `rejected`; `events` that the rows added."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    rejected: int = 0
    events: int = 0


class ImportRun(Struct, frozen=True, kw_only=True):
    """A run as it stands. `files`: what is known of each, None for one that has not arrived."""

    status: str
    kind: str
    via: str
    content: str | None = None
    mapping: str | None = None
    names: tuple[str, ...] = ()
    files: tuple[FileSeen | None, ...] = ()
    corrections: bool = False
    attempt: int = 0
    counts: Counts = Counts()
    told: int = 0
    fault: str | None = None

    @property
    def missing(self) -> tuple[int, ...]:
        """The files that have not arrived."""
        return tuple(number for number, file in enumerate(self.files) if file is None)


def evolve(run: ImportRun | None, event: ImportEvent) -> ImportRun | None:
    """The run after one more event; None for what makes no sense before its beginning."""
    match event:
        case ImportRequested():
            return ImportRun(
                status=WAITING, kind=event.kind, via=HTTP, mapping=event.mapping, names=event.names,
                files=(None,) * event.files, corrections=event.corrections,
            )  # fmt: skip
        case ImportStarted() if run is None:
            return ImportRun(
                status=RUNNING, kind=event.kind, via=event.via, content=event.content, mapping=event.mapping,
                names=event.names, files=event.files, attempt=event.attempt,
            )  # fmt: skip
    if run is None:
        return None
    match event:
        case ImportFileReceived(file=number) if run.status == WAITING and number < len(run.files):
            seen = FileSeen(sha256=event.sha256, size=event.size)
            return replace(run, files=(*run.files[:number], seen, *run.files[number + 1 :]))
        case ImportQueued():
            return replace(run, status=QUEUED, content=event.content)
        case ImportStarted():
            return replace(run, status=RUNNING, attempt=event.attempt)
        case ImportRowsTold():
            return replace(run, told=run.told + len(event.rows))
        case ImportCancelled():
            return replace(run, status=CANCELLED)
        case ImportFinished():
            counts = Counts(
                rows=event.rows, added=event.added, unchanged=event.unchanged, rejected=event.rejected,
                events=event.events,
            )  # fmt: skip
            return replace(
                run,
                told=event.told,
                status=event.outcome,
                counts=counts,
                fault=event.fault,
                content=run.content or event.content,
            )
    return run


def fold(events: Iterable[ImportEvent]) -> ImportRun | None:
    """The run that these events make."""
    run: ImportRun | None = None
    for event in events:
        run = evolve(run, event)
    return run
