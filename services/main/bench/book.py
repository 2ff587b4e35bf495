"""A book to work on: the bundled sample of real statements, repeated under other account references."""

import csv
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from services.case.wiring import CaseService, CaseSettings, open_case

SAMPLE = "statements-500.csv"
SAMPLE_ACCOUNTS = 500
EVENTS_A_COPY = 4_300
"""About how many events one copy of the sample leads to."""


def _lines() -> tuple[str, list[list[str]]]:
    text = (files("services.main.sample") / SAMPLE).read_text(encoding="utf-8")
    header, _, rest = text.partition("\n")
    return header, list(csv.reader(rest.splitlines()))


def statements(at: Path, *, copies: int, first: int = 0) -> Path:
    """A file of `copies` x 500 accounts over six months, in date order as the sample is; returns its path.

    Copies are numbered from `first`; other numbers are other accounts.
    """
    header, lines = _lines()
    path = at / "statements.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{header}\n")
        for month in _months(lines):
            for copy in range(first, first + copies):
                file.writelines(f"C{copy:04}-{','.join(line)}\n" for line in month)
    return path


def _months(lines: list[list[str]]) -> Iterator[list[list[str]]]:
    for day in sorted({line[1] for line in lines}):
        yield [line for line in lines if line[1] == day]


def settings(place: Path | str, keys: Path, *, shards: int = 1) -> CaseSettings:
    """A case service of one lane, or of `shards`, keys in the folder `keys`."""
    return CaseSettings(
        place=place, key_file=keys / "keys.json", deployment="bench", tenant="default", shards=shards
    )


@asynccontextmanager
async def worked(
    place: Path | str, keys: Path, *, copies: int, shards: int = 1
) -> AsyncIterator[CaseService]:
    """An open case service that has taken in such a file; its views exist and are empty."""
    async with open_case(settings(place, keys, shards=shards), provision=True) as case:
        if await case.ledger.head(1) == 0:
            done = await case.import_statements(statements(keys, copies=copies), rejects=keys / "rejects.csv")
            if done.rejected:
                raise AssertionError("the sample has lines that the import rejects")
        yield case
