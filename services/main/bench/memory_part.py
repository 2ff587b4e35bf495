"""One task of the memory benchmark, in a process that does nothing else: `memory_part TASK FOLDER FILE`.

Prints one JSON object: how many events the store holds, and the peak of resident memory in MB.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path

from services.case.wiring import CaseService, open_case
from services.main.bench import book
from shared.eventstore.verify import verify


async def main(task: str, at: Path, file: Path) -> int:
    """Do the task; the number of events in the store."""
    async with open_case(book.settings(at / "case.db", at), provision=True, views=task == "rebuild") as case:
        await _do(task, case, file)
        return await case.ledger.head(1)


async def _do(task: str, case: CaseService, file: Path) -> None:
    if task == "import":
        done = await case.import_statements(file, rejects=file.with_name("rejects.csv"))
        if done.rejected:
            raise AssertionError("the sample has lines that the import rejects")
    elif task == "rebuild":
        await case.projections.rebuild(case.views)
    elif (report := await verify(case.ledger)).found:
        raise AssertionError(f"{report.found} records do not hold")


def peak_mb() -> float:
    """Of this process image. getrusage would count the parent's memory at the moment of the fork as well."""
    status = Path("/proc/self/status")
    if status.is_file():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return round(int(line.split()[1]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024, 1)  # bytes on macOS


if __name__ == "__main__":
    events = asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
    print(json.dumps({"events": events, "peak_mb": peak_mb()}))
