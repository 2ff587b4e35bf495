"""The spool under `kill -9`: whatever is there is whole, what is found is there, and once more makes no second."""

import asyncio
import random
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from services.contact.application.channel_port import Taken
from shared.printing.letter import pages_of
from tests.contact.adapters.letters.test_spool import a_letter, a_spool, number_of

ROOT = Path(__file__).resolve().parents[4]
ROUNDS, LETTERS = 6, 40
SENDING = """
import asyncio, sys
from pathlib import Path
from tests.contact.adapters.letters.test_spool import a_letter, a_spool

async def main():
    spool = a_spool(Path(sys.argv[1]))
    await spool.send(a_letter("warm"), deadline_s=60)
    print("ready", flush=True)
    for number in range(int(sys.argv[2])):
        await spool.send(a_letter(f"cat_{number}"), deadline_s=60)

asyncio.run(main())
"""


def test_killed_at_any_moment_nothing_is_half_there_or_there_twice(tmp_path: Path) -> None:
    draw, folder = random.Random(7), tmp_path / "spool"
    for _ in range(ROUNDS):
        command = [sys.executable, "-c", SENDING, str(folder), str(LETTERS)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as sender:
            assert sender.stdout is not None
            assert sender.stdout.readline() == "ready\n"
            time.sleep(draw.random() * 0.1)
            sender.kill()
        _is_whole(folder)
    asyncio.run(_finish(folder))
    assert len(list((folder / "letters").rglob("*.pdf"))) == LETTERS + 1
    assert len(list(a_spool(folder).waiting())) == LETTERS + 1


def _is_whole(folder: Path) -> None:
    spool = a_spool(folder)
    for number in range(LETTERS):
        key = f"cat_{number}"
        file = folder / "letters" / number_of(key)[:2] / f"{number_of(key)}.pdf"
        found = asyncio.run(spool.find(key, deadline_s=30))
        if isinstance(found, Taken):
            assert found.provider_ref == f"sha256:{sha256(file.read_bytes()).hexdigest()}"
            assert pages_of(file.read_bytes()) == 1
        else:
            assert found == "NEVER_SEEN"
            assert not file.exists()


async def _finish(folder: Path) -> None:
    spool = a_spool(folder)
    for number in range(LETTERS):
        assert isinstance(await spool.send(a_letter(f"cat_{number}"), deadline_s=30), Taken)
