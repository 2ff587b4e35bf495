"""A worker killed at any moment, with another beside it: every step is taken once, with one message, none is lost."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from services.contact.domain.facts.message import MessageQueued
from services.contact.domain.facts.outreach import StepSkipped, StepTaken
from tests.contact.application.outreach.room import contact

CASES, ROUNDS = 40, 6
DEADLINE_S = 120
MODULE = "tests.contact.application.outreach.worker_process"


def started(folder: Path) -> subprocess.Popen[str]:
    """A worker that is about to look."""
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate(timeout=DEADLINE_S)[1]
    return process


async def test_killed_again_and_again_every_step_is_taken_once(tmp_path: Path) -> None:
    async with contact(tmp_path) as room:
        ids = [await room.opened_case(f"D-{n:04}") for n in range(CASES)]
    cut = 0
    for number in range(ROUNDS):
        process = started(tmp_path)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02 + 0.03 * number)
        process.kill()
        process.communicate(timeout=DEADLINE_S)
        cut += process.returncode < 0
    assert cut, "no worker was killed while it worked"
    both = [started(tmp_path), started(tmp_path)]
    for process in both:
        out, error = process.communicate(timeout=DEADLINE_S)
        assert process.returncode == 0, error
        assert out.split()[1] == "0", "no outreach failed"
    async with contact(tmp_path) as room:
        for n, outreach in enumerate(ids):
            events = [event for _, event in (await room.room.desk.load(outreach)).events]
            taken = [event for event in events if isinstance(event, StepTaken)]
            assert [event.of.step for event in taken] == ["soft-reminder"]
            assert not [event for event in events if isinstance(event, StepSkipped)]
            history = await room.acts.history(room.acts.subject_id(f"D-{n:04}"))
            queued = [seen.event.message for seen in history if isinstance(seen.event, MessageQueued)]
            assert queued == [taken[0].message]
