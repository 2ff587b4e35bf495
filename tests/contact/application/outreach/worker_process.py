"""A process that takes the steps that are due in a store, to be killed by a test: `python -m … FOLDER`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.contact.application.outreach.room import contact


async def work(folder: Path) -> None:
    """One look at all that is due; then that it is done."""
    async with contact(folder) as room:
        print("ready", flush=True)
        done = await room.room.work.look()
        print(done.taken, len(done.failed), flush=True)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
