"""How an import of each kind is taken in inside of a server: read in a thread, decided in small waves.

A kind can say whether a mapping means anything, whether the files fit it, and take the files in; a stop is raised out
of the source of its rows, so that it falls between two waves.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from services.case.adapters.bank.taking_in import source_in
from services.case.adapters.bank.terms import read_terms
from services.case.adapters.book import taking_in as of_book
from services.case.adapters.book.delivery import BookDelivery, open_book
from services.case.adapters.book.mapping_file import read_mapping as read_book_mapping
from services.case.adapters.history import mapping as of_history
from services.case.adapters.history.delivery import open_history
from services.case.adapters.history.taking_in import HistoryTaking
from services.case.adapters.statement_file import StatementFile
from services.case.application.bank.room import MoneyIn
from services.case.application.book.import_book import BookImport
from services.case.application.book_source import BookReject, Group, Placed
from services.case.application.history.import_runs import ROWS_ALL_MAX, RunLog, ToldRejects
from services.case.application.history.jobs import ImportTooLarge, MappingMissing
from services.case.application.import_result import Progress
from services.case.application.ports import Reject
from services.case.application.statements import StatementImport
from services.case.domain.history.import_run import (
    ADDED,
    BOOK,
    HISTORY,
    PAYMENTS,
    STATEMENTS,
    UNCHANGED,
    ImportRun,
)
from services.case.domain.policy import CasePolicy
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.projections import Projections
from shared.kernel.policy import PolicyBook

LINES_A_BLOCK, LINES_A_WAVE, DEBTORS_A_WAVE = 512, 64, 12
PAYMENT_BYTES_MAX = 64 << 20
T = TypeVar("T")


class Stopped(Exception):
    """Somebody stopped the import, or the process is about to end."""


class Delivered(NamedTuple):
    """The files of an import, by the names they were sent under, and its mapping's file."""

    folder: Path
    mapping: Path | None
    run: ImportRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """An import under way: where its outcome is told, whether it is to stop, how many rows it has read."""

    log: RunLog
    actor: str
    stopping: Callable[[], bool]
    rows: Callable[[int], None]

    def watched(self, items: Iterable[T], weigh: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
        """The items, counted, until a stop is asked for. Raises Stopped."""
        for item in items:
            if self.stopping():
                raise Stopped
            self.rows(weigh(item))
            yield item


class Kind(Protocol):
    """How one kind of import is done."""

    def mapped(self, mapping: Path | None) -> None:
        """Refuse a mapping that means nothing, or that is missing. Raises the refusals of the kind."""

    def readable(self, delivered: Delivered) -> str | None:
        """Refuse files that do not fit; what tells the delivery again, where the kind has a way of its own.

        Raises the refusals of the kind.
        """

    async def take(self, delivered: Delivered, course: Course) -> None:
        """Take the files in. Raises Stopped, and what files and ledger raise."""


class _Nowhere:
    """Rejected rows are on record with the run; there is no list beside."""

    def put(self, line: int, reject: Reject) -> None:
        """Nothing more is done."""


class _NowhereOfBook:
    def put(self, placed: Placed) -> None:
        """Nothing more is done."""


class _Watched:
    """A file of lines, or of payments, that can be stopped."""

    def __init__(self, source: Any, course: Course, rows: Iterable[Any] | None = None) -> None:
        self._source, self._course, self._rows = source, course, rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def __iter__(self) -> Iterator[Any]:
        return self._course.watched(self._source if self._rows is None else self._rows)


@dataclass(frozen=True, slots=True)
class Statements:
    """A lender's monthly statements: one file, no mapping."""

    ledger: Ledger
    policies: PolicyBook[CasePolicy]
    tenant: str

    def mapped(self, mapping: Path | None) -> None:
        """Statements have one layout."""

    def readable(self, delivered: Delivered) -> None:
        """Is the first line the header? Raises StatementHeaderUnusable."""
        next(iter(StatementFile(_only(delivered))), None)

    async def take(self, delivered: Delivered, course: Course) -> None:
        """Take the lines in."""
        log = course.log
        run = StatementImport(
            ledger=self.ledger, policies=self.policies, tenant=self.tenant, corrections=delivered.run.corrections,
            block_lines=LINES_A_BLOCK, wave_lines=LINES_A_WAVE,
            taken=lambda line, ours: log.tell(0, line, ADDED if ours else UNCHANGED),
        )  # fmt: skip
        try:
            source: Any = _Watched(StatementFile(_only(delivered)), course)
            await run.run(source, rejects=ToldRejects(log, _Nowhere()))
        finally:
            log.counted(**run.result.counts(), content=None)


@dataclass(frozen=True, slots=True)
class History:
    """What happened before go-live: files and a mapping."""

    taking: HistoryTaking

    def mapped(self, mapping: Path | None) -> None:
        """Raises MappingMissing, MappingUnusable."""
        self.taking.over(of_history.read_mapping(_mapping(mapping).read_bytes()).go_live)

    def readable(self, delivered: Delivered) -> None:
        """Raises MappingUnusable, BookUnusable."""
        with open_history(delivered.folder, _mapping(delivered.mapping).read_bytes()):
            pass

    async def take(self, delivered: Delivered, course: Course) -> None:
        """Take the rows in."""
        with open_history(delivered.folder, _mapping(delivered.mapping).read_bytes()) as delivery:
            seen = 0

            def rows(at: Progress) -> None:
                nonlocal seen
                course.rows(at.lines - seen)
                seen = at.lines

            await self.taking.fill(
                delivery,
                course.log,
                names=delivered.run.names,
                stopping=course.stopping,
                progress=rows,
                wave_debtors=DEBTORS_A_WAVE,
            )
        if course.stopping():
            raise Stopped


class _WatchedBook:
    """A delivery that can be stopped: out of its groups, so that what is missing is never taken for what has left."""

    def __init__(self, book: BookDelivery, course: Course) -> None:
        self._book, self._course = book, course
        self.rows: set[tuple[str, int]] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)

    def parties(self) -> Iterator[Group]:
        """The groups of parties. Raises Stopped."""
        return self._course.watched(self._book.parties(), self._weigh)

    def accounts(self) -> Iterator[Group]:
        """The groups of accounts. Raises Stopped."""
        return self._course.watched(self._book.accounts(), self._weigh)

    def _weigh(self, group: Group) -> int:
        if len(self.rows) <= ROWS_ALL_MAX:
            self.rows |= {(placed.file, placed.number) for placed in group[1]}
        return len(group[1])


@dataclass(frozen=True, slots=True)
class Book:
    """A lender's book: files and a mapping."""

    ledger: Ledger
    policies: PolicyBook[CasePolicy]
    tenant: str
    projections: Projections

    def mapped(self, mapping: Path | None) -> None:
        """Raises MappingMissing, MappingUnusable."""
        read_book_mapping(_mapping(mapping))

    def readable(self, delivered: Delivered) -> str | None:
        """Raises MappingUnusable, BookUnusable."""
        with open_book(delivered.folder, _mapping(delivered.mapping)) as book:
            _ = book.terms
            return book.fingerprint

    async def take(self, delivered: Delivered, course: Course) -> None:
        """Take the rows in."""
        with open_book(delivered.folder, _mapping(delivered.mapping)) as book:
            await asyncio.to_thread(lambda: book.nameless)  # reads and sorts all files
            run = BookImport(
                ledger=self.ledger, policies=self.policies, tenant=self.tenant,
                in_book=of_book.in_book(self.projections),
            )  # fmt: skip
            names = delivered.run.names
            watched = _WatchedBook(book, course)
            source: Any = watched
            result = await run.run(source, rejects=_ToldBook(course.log, names))
            if len(watched.rows) <= ROWS_ALL_MAX:
                course.log.tell_taken(sorted((names.index(file), row) for file, row in watched.rows))
            course.log.counted(
                rows=result.imported + result.unchanged + result.rejected, added=result.imported,
                unchanged=result.unchanged, rejected=result.rejected, events=result.events,
            )  # fmt: skip


class _ToldBook:
    def __init__(self, log: RunLog, names: Sequence[str]) -> None:
        self._told = of_book.ToldBookRejects(log, names, _NowhereOfBook())

    def put(self, placed: Placed) -> None:
        """Put a rejected row on record."""
        assert isinstance(placed.row, BookReject), "only rejected rows are told"
        self._told.put(placed)


@dataclass(frozen=True, slots=True)
class Payments:
    """A lender's own table of payments by mapping, or a bank's statement in XML."""

    room: MoneyIn

    def mapped(self, mapping: Path | None) -> None:
        """A bank's own file needs no mapping. Raises MappingUnusable."""
        read_terms(mapping)

    def readable(self, delivered: Delivered) -> None:
        """Raises BankFileUnusable, ImportTooLarge."""
        source = self._source(delivered)
        next(iter(source), None)

    async def take(self, delivered: Delivered, course: Course) -> None:
        """Take the payments in."""
        source: Any = await asyncio.to_thread(self._source, delivered)
        rows = await asyncio.to_thread(list, source)
        run = self.room.taking_in(actor=course.actor)
        watched: Any = _Watched(source, course, rows)
        result = await run.run(watched, rejects=ToldRejects(course.log, _Nowhere()))
        if len(rows) <= ROWS_ALL_MAX:
            course.log.tell_taken((0, number) for number, _ in rows)
        course.log.counted(
            rows=result.rows, added=result.imported, unchanged=result.unchanged + result.ignored,
            rejected=result.rejected, events=result.events,
        )  # fmt: skip

    def _source(self, delivered: Delivered) -> Any:
        file = _only(delivered)
        if file.stat().st_size > PAYMENT_BYTES_MAX:
            raise ImportTooLarge(bytes_max=PAYMENT_BYTES_MAX)
        return source_in(file, read_terms(delivered.mapping), self.room.source_of)


def _only(delivered: Delivered) -> Path:
    return delivered.folder / delivered.run.names[0]


def _mapping(path: Path | None) -> Path:
    if path is None:
        raise MappingMissing
    return path


def kinds(
    *,
    ledger: Ledger,
    policies: PolicyBook[CasePolicy],
    tenant: str,
    projections: Projections,
    history: HistoryTaking,
    room: MoneyIn,
) -> dict[str, Kind]:
    """Every kind of import, by its name."""
    return {
        STATEMENTS: Statements(ledger, policies, tenant),
        BOOK: Book(ledger, policies, tenant, projections),
        HISTORY: History(history),
        PAYMENTS: Payments(room),
    }
