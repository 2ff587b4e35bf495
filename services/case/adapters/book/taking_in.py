"""A delivery of a lender's book, taken in as a run on record."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from services.case.adapters.book.delivery import BookDelivery, open_book
from services.case.adapters.book.rejects_file import BookRejectsFile
from services.case.adapters.history import digest
from services.case.application.book.import_book import BookImport, InBook
from services.case.application.book.result import BookProgress, BookRejects, BookResult
from services.case.application.book_source import BookReject, Placed
from services.case.application.history.import_runs import ImportRuns, RunLog
from services.case.domain.history.import_run import BOOK, REJECTED
from services.case.domain.policy import CasePolicy
from services.case.projections.book import accounts
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.projections import Projections
from shared.kernel.policy import PolicyBook


class ToldBookRejects:
    """Rejected rows, put on record beside where they go."""

    def __init__(self, run: RunLog, files: Sequence[str], beside: BookRejects) -> None:
        self._run, self._beside = run, beside
        self._places = {name: place for place, name in enumerate(files)}

    def put(self, placed: Placed) -> None:
        """Note one rejected row."""
        if isinstance(placed.row, BookReject):
            place = self._places[placed.file]
            self._run.tell(place, placed.number, REJECTED, placed.row.reason, placed.row.field)
        self._beside.put(placed)


def in_book(projections: Projections) -> InBook:
    """Which accounts of a lender are in the book, as the view knows once it has caught up."""

    async def pages(lender: str) -> AsyncIterator[Sequence[str]]:
        await projections.catch_up(accounts.VIEW)
        last = ""
        while page := await projections.database.read(
            lambda connection, after=last: accounts.in_book(connection, lender, after=after)  # type: ignore[misc]
        ):
            yield page
            last = page[-1]

    return pages


async def take_in(
    folder: Path,
    *,
    mapping: Path,
    rejects: Path,
    ledger: Ledger,
    tenant: str,
    policies: PolicyBook[CasePolicy],
    projections: Projections,
    runs: ImportRuns,
    actor: str,
    progress: Callable[[BookProgress], None] | None = None,
) -> BookResult:
    """Take in the delivery in a folder; rejected rows go to `rejects`.

    Raises: MappingUnusable, BookUnusable, RejectsPathTaken; what files and ledger raise. A second run adds the rest.
    """
    with open_book(folder, mapping) as book:
        seen = [one for file in book.files if (one := await asyncio.to_thread(digest.seen, file.path))]
        content = await asyncio.to_thread(_fingerprint, book)
        told = digest.content_of([], mapping=book.mapping.text.decode(errors="replace"))
        with BookRejectsFile(rejects) as sink:
            recorded = runs.recorded(BOOK, content=content, mapping=told, files=seen, actor=actor)
            async with recorded as log:
                run = BookImport(
                    ledger=ledger,
                    policies=policies,
                    in_book=in_book(projections),
                    tenant=tenant,
                    progress=progress,
                )
                names = [file.name for file in book.files]
                result = await run.run(book, rejects=ToldBookRejects(log, names, sink))
                result.invented = book.invented
                log.counted(
                    rows=result.imported + result.unchanged + result.rejected,
                    added=result.imported,
                    unchanged=result.unchanged,
                    rejected=result.rejected,
                    events=result.events,
                )
    return result


def _fingerprint(book: BookDelivery) -> str:
    return book.fingerprint
