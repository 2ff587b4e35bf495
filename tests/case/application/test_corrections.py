"""`import statements --corrections`: what was rejected is taken in, once, and the reports follow."""

from pathlib import Path

import pytest

from services.case.adapters.rejects_file import RejectsFile
from services.case.adapters.statement_file import StatementFile
from services.case.application.import_result import ImportResult
from services.case.application.statements import StatementImport
from services.case.domain.policy import POLICIES
from shared.eventstore.ledger import Ledger
from tests.kit.importing import everything, row, take_in, write
from tests.kit.ledgers import backends, opened, store_on

FIRST = [
    row("A-1", "2005-04-30", 1, "900", "0"),
    row("A-1", "2005-06-30", 0, "0", "900"),
    row("A-2", "2005-04-30", 0, "10", "0"),
]
SECOND = [
    row("A-1", "2005-05-31", 2, "950", "50"),
    row("A-1", "2005-06-30", 3, "950", "0"),
    row("A-2", "2005-04-30", 0, "10", "0"),
]


async def corrected(ledger: Ledger, file: Path, rejects: Path) -> ImportResult:
    with RejectsFile(rejects) as sink:
        return await StatementImport(ledger=ledger, policies=POLICIES, corrections=True).run(
            StatementFile(file), rejects=sink
        )


@backends
async def test_late_and_corrected_lines_are_taken_in_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rejects = tmp_path / "rejects.csv"
    async with opened(store_on(backend, tmp_path, request), tmp_path, shards=2) as ledger:
        await take_in(ledger, write(tmp_path / "1.csv", FIRST), rejects)
        second = write(tmp_path / "2.csv", SECOND)
        assert (await take_in(ledger, second, rejects)).rejected == 2
        result = await corrected(ledger, second, rejects)
        assert (result.imported, result.unchanged, result.rejected) == (2, 1, 0)
        types = [seen.row.type for seen in await everything(ledger)]
        assert types.count("case.StatementCorrected") == 1
        assert types.count("case.CaseReopened") == 1
        again = await corrected(ledger, second, rejects)
        assert (again.imported, again.unchanged, again.events) == (0, 3, 0)
        back = await corrected(ledger, tmp_path / "1.csv", rejects)
        assert (back.imported, back.unchanged) == (1, 2)
        twice = await corrected(ledger, second, rejects)
        assert (twice.imported, twice.unchanged) == (1, 2)
