"""kill -9 on the way, three times: what was acknowledged stays, a new run adds the rest, nothing is there twice."""

import random
import time

from tests.journeys import plain_counting as plain
from tests.kit.command import Command
from tests.kit.importing import SAMPLE, counted, rows_of

KILLS = 3
DEADLINE_S = 60


def test_three_kills_on_the_way_change_nothing(quittance: Command) -> None:
    from services.main.demo.crash import events_in

    file, whole = quittance.folder / ".quittance/case.db", counted(rows_of(SAMPLE)).events
    for kill in range(1, KILLS + 1):
        aim = random.randint(kill * 400, kill * 1_200)
        child = quittance.start("import", "statements", SAMPLE)
        ends = time.monotonic() + DEADLINE_S
        while child.poll() is None and events_in(file) < aim and time.monotonic() < ends:
            time.sleep(0.002)
        child.kill()
        child.communicate()
    before = events_in(file)
    assert before > 0
    last = quittance.json("import", "statements", SAMPLE)
    assert before + last["events"] == whole, f"killed at {before}"
    assert quittance.json("report", "cases") == plain.cases(SAMPLE)
    runs = 2 * KILLS + 2  # of which each left its beginning on record, and the last its end
    assert whole < quittance.json("audit", "verify")["checked"] <= whole + runs
