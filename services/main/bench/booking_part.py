"""One size of import.book, in a process that does nothing else: `booking_part FOLDER`.

Prints one JSON object: rows, events and seconds of the import, and the peak of resident memory in MB.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from services.case.wiring import open_case
from services.main.bench import book
from services.main.bench.memory_part import peak_mb


async def main(at: Path) -> dict[str, Any]:
    """Take the delivery in."""
    async with open_case(book.settings(at / "case.db", at), provision=True, views=False) as case:
        done = await case.import_book(
            at / "delivery", mapping=at / "mapping.toml", rejects=at / "rejects.csv"
        )
        if done.rejected:
            raise AssertionError("the book has rows that the import rejects")
        return {"rows": done.imported, "events": done.events, "seconds": done.seconds}


if __name__ == "__main__":
    said = asyncio.run(main(Path(sys.argv[1])))
    print(json.dumps(said | {"peak_mb": peak_mb()}))
