"""kill -9 of the dispatcher at every step of sending, 200 times: each sent once, or reported as unknown.

Two dispatchers at a time share the queue, in processes of their own; each is killed with SIGKILL at a step, or at a
moment drawn by lot. What they leave behind is found by the next. Mail server and SMS gateway are real servers; the
views' worker runs on.
"""

import asyncio
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from os import kill
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from services.contact.domain.sending import message as m
from services.main.demo.sms_gateway import SmsGateway
from shared.kernel.clock import SystemClock
from tests.contact.application.sending.killed_part import ASKING, STEPS
from tests.contact.application.sending.room import Room, RunningClock, room
from tests.contact.channels.mail_server import MailServerUnderTest, mail_server
from tests.kit.sms_gateway import SECRET

ROUNDS = 200
RANDOM_ROUNDS = 72
LATEST_MS, LATEST_ASKING_MS = 2_000, 300
"""When the end comes to one that never came to its step; there is not always a lost message to ask about."""
SETTLED_S = 60.0
LEAVES, MORE_MAX = "after the provider", 20
"""More rounds on a busy machine, until each step was come to: a text is left behind, and the next asks about it."""
SEED = 20_261_122


class Part:
    """The process that forks dispatchers."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def told(self) -> dict[str, Any]:
        """The next thing it says."""
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            line = await self._process.stdout.readline()
        assert line, "the process that forks dispatchers has ended"
        return dict(json.loads(line))

    def ask(self, **said: Any) -> None:
        """Fork a dispatcher."""
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps(said) + "\n").encode())


@asynccontextmanager
async def forking(given: dict[str, Any], noise: Path) -> AsyncIterator[Part]:
    with noise.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.contact.application.sending.killed_part", json.dumps(given),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors,
        )  # fmt: skip
        try:
            part = Part(process)
            assert await part.told() == {"ready": True}
            yield part
        finally:
            assert process.stdin is not None
            process.stdin.close()
            async with asyncio.timeout(30):
                await process.wait()


def plan() -> list[dict[str, Any]]:
    """What is killed where: every step in turn, for the first or a later message, and moments drawn by lot."""
    draw = random.Random(SEED)
    asked: list[dict[str, Any]] = [{"delay_ms": draw.randint(5, 200)} for _ in range(RANDOM_ROUNDS)]
    for number in range(ROUNDS - RANDOM_ROUNDS):
        step = STEPS[number % len(STEPS)]
        latest_ms = LATEST_ASKING_MS if step in ASKING else LATEST_MS
        asked.append({"step": step, "nth": draw.choice((1, 1, 1, 2)), "delay_ms": latest_ms})
    draw.shuffle(asked)
    return asked


async def settled(here: Room, messages: list[str]) -> dict[str, m.Message]:
    """Every message, once each has come to an end. Fails after SETTLED_S."""
    ends, final = monotonic() + SETTLED_S, m.SENT | m.STUCK
    while True:
        found = {one: await here.message(one) for one in messages}
        open_ = [one for one in found.values() if one.status not in final]
        if not open_:
            return found
        assert monotonic() < ends, Counter(one.status for one in open_)
        await asyncio.sleep(0.2)


@pytest.mark.timeout(400)
async def test_dispatchers_killed_at_any_step_send_each_message_once_or_report_it_as_unknown(
    tmp_path: Path,
) -> None:
    clock = RunningClock()
    gateway = SmsGateway(signs=SECRET, checks=SECRET, clock=SystemClock())
    async with mail_server(tmp_path) as (mails, made), gateway.running(), room(tmp_path, clock=clock) as here:
        following = here.projections.follower(lambda lane, error: here.faults.append((str(lane), error)))
        views = asyncio.create_task(following.run())
        given = {
            "folder": str(tmp_path), "since": clock.since.isoformat(), "smtp": mails.port, "secret": SECRET,
            "authority": str(made.authority), "sms": gateway.address,
        }  # fmt: skip
        messages: list[str] = []
        noise = tmp_path / "noise"
        rounds = iter(list(enumerate(plan())))

        async def killed(part: Part) -> None:
            for number, asked in rounds:
                messages.extend(
                    [await here.order(f"D-{number}-{channel}", channel) for channel in ("email", "sms")]
                )
                part.ask(**asked)
                assert (await part.told())["killed"]

        async with forking(given, noise) as part, forking(given, noise) as other:
            await asyncio.gather(killed(part), killed(other))
            for number in range(MORE_MAX):
                missed = [step for step in STEPS if step not in noise.read_text().splitlines()]
                if not missed:
                    break
                messages.append(await here.order(f"E-{number}", "sms"))
                for asked in ({"step": LEAVES}, {"step": missed[0]}):
                    part.ask(**asked, nth=1, delay_ms=2 * LATEST_MS)
                    assert (await part.told())["killed"]
            part.ask()
            worker = int((await part.told())["pid"])
            found = await settled(here, messages)
            kill(worker, signal.SIGTERM)
            assert await part.told() == {"killed": False, "status": 0}
        following.stop()
        await views
    where = Counter(noise.read_text().splitlines())
    assert set(STEPS) <= set(where), where
    assert not [line for line in where if line.startswith(("fault", "child"))], where
    judge(found, mails, gateway)


def judge(found: dict[str, m.Message], mails: MailServerUnderTest, gateway: SmsGateway) -> None:
    """Each message once, or reported as unknown; none twice; none lost."""
    mailed = Counter(str(one.mail["Message-ID"]).strip("<>").partition("@")[0] for one in mails.taken)
    texted = Counter(one.key for one in gateway.desk.messages)
    assert len(found) >= 2 * ROUNDS
    assert set(mailed) | set(texted) <= set(found)
    for message, known in found.items():
        if known.proposed.channel == "sms":
            assert (known.status, texted[message]) == (m.DISPATCHED, 1)
        elif known.status == m.DISPATCHED:
            assert mailed[message] == 1
        else:
            assert known.status == m.UNRESOLVED
            assert mailed[message] <= 1
    unknown = [one for one in found.values() if one.status == m.UNRESOLVED]
    assert len(unknown) <= ROUNDS // 2
    assert max(known.tries for known in found.values()) > 1
