"""A file of payments, whatever its form, taken in as a run on record."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.case.adapters.bank.camt_file import BankFileUnusable, looks_like_xml
from services.case.adapters.bank.table import PaymentTable
from services.case.adapters.bank.terms import PaymentTerms, read_terms
from services.case.adapters.history import digest
from services.case.adapters.rejects_file import RejectsFile
from services.case.application.bank.result import PaymentsResult
from services.case.application.bank.room import MoneyIn
from services.case.application.bank.rows import Ignored, PaymentSource, PaymentTold, ReturnTold, Warned
from services.case.application.history.import_runs import ImportRuns, ToldRejects
from services.case.application.import_result import Progress
from services.case.application.ports import Reject
from services.case.domain.history.import_run import PAYMENTS


def source_in(file: Path, terms: PaymentTerms, source_of: Callable[[str], str]) -> PaymentSource:
    """The file as rows: a bank's statement where it is XML, else the lender's own table.

    `source_of` names a bank account that the mapping does not.
    Raises: BankFileUnusable for what is neither, or a table without a mapping of one; OSError.
    """
    if file.exists() and not file.is_file():
        raise BankFileUnusable(wrong="not-a-file")
    if looks_like_xml(file):
        # The library takes half a second to load, and few processes read a bank's file.
        from services.case.adapters.bank.camt_statement import BankStatements

        return BankStatements(file, terms, source_of)
    if terms.shape is None:
        raise BankFileUnusable(wrong="no-xml-and-no-columns-in-the-mapping")
    return PaymentTable(file, terms)


async def take_in(
    file: Path,
    *,
    mapping: Path | None,
    rejects: Path,
    room: MoneyIn,
    runs: ImportRuns,
    actor: str,
    progress: Callable[[Progress], None] | None = None,
) -> PaymentsResult:
    """Take in a file of payments; rejected rows go to `rejects`.

    Raises what the mapping, the file, the rejects file and the ledger raise; a second run adds the rest.
    """
    terms = await asyncio.to_thread(read_terms, mapping)
    source = source_in(file, terms, room.source_of)
    files = [seen] if (seen := await asyncio.to_thread(digest.seen, file)) else []
    told = digest.content_of([], mapping=terms.text.decode(errors="replace")) if mapping else None
    content = digest.content_of(files, mapping=told)
    with RejectsFile(rejects) as sink:
        async with runs.recorded(PAYMENTS, content=content, mapping=told, files=files, actor=actor) as log:
            run = room.taking_in(actor=actor, progress=progress)
            result = await run.run(source, rejects=ToldRejects(log, sink))
            log.counted(
                rows=result.rows,
                added=result.imported,
                unchanged=result.unchanged + result.ignored,
                rejected=result.rejected,
                events=result.events,
            )
    return result


@dataclass(slots=True)
class Checked:
    """What a file would bring, as far as the file alone can tell."""

    rows: int = 0
    payments: int = 0
    returns: int = 0
    referenced: int = 0
    ignored_by: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[int, Reject]] = field(default_factory=list)
    unmapped: tuple[str, ...] = ()
    warnings: list[Warned] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The document of `import payments --check --json`."""
        return {
            "rows": self.rows,
            "payments": self.payments,
            "referenced": self.referenced,
            "returns": self.returns,
            "ignored": self.ignored_by.total(),
            "ignored_by": dict(sorted(self.ignored_by.items())),
            "rejected": [
                {"row": number, "reason": one.reason, "field": one.field} for number, one in self.rejected
            ],
            "unmapped": list(self.unmapped),
            "warnings": [{"statement": one.statement, "code": one.code} for one in self.warnings],
        }


def check(file: Path, *, mapping: Path | None) -> Checked:
    """Read the whole file and write nothing; `referenced`: payments that name an account or a debtor.

    Raises what the mapping and the file raise.
    """
    source, found = source_in(file, read_terms(mapping), lambda account: "BANK"), Checked()
    for number, told in source:
        found.rows += 1
        match told:
            case Reject():
                found.rejected.append((number, told))
            case Ignored(reason=reason):
                found.ignored_by[reason] += 1
            case PaymentTold(ask=ask):
                found.payments += 1
                found.referenced += (ask.account_ref or ask.debtor_ref) is not None
            case ReturnTold():
                found.returns += 1
            case _:
                pass
    found.unmapped = getattr(source, "unmapped", ())
    found.warnings = list(source.warnings)
    return found
