"""kill -9 while cases are shared out: what was decided is carried out by whoever comes next, each case given once."""

import time
from collections import Counter
from pathlib import Path

from tests.kit.command import command_in
from tests.kit.importing import SAMPLE

STAFF = Path(__file__).resolve().parents[2] / "services/main/sample/staff.csv"
KILLS = 1
DEADLINE_S = 60


def test_a_killed_run_is_gone_on_with_and_gives_nothing_twice(tmp_path: Path) -> None:
    from services.main.demo.crash import events_in

    quittance = command_in(tmp_path)
    assert quittance("import", "statements", SAMPLE, "--rejects", tmp_path / "r.csv").code == 0
    quittance.json("staff", "import", STAFF)
    cases = quittance.json("allocate", "--dry-run")["given"]
    file = tmp_path / ".quittance/case.db"
    before = events_in(file)
    for kill in range(1, KILLS + 1):
        aim = before + 2 + kill * cases // 3  # the run itself, and some of its cases
        child = quittance.start("allocate")
        ends = time.monotonic() + DEADLINE_S
        while child.poll() is None and events_in(file) < aim and time.monotonic() < ends:
            time.sleep(0.001)
        child.kill()
        child.communicate()
    again = quittance.json("allocate")
    assert (again["kept"] + again["given"], again["left"]) == (cases, 0)
    records = quittance.json("audit", "list", "--from", "2020-01-01")
    kinds = Counter(one["type"].partition("/")[0] for one in records)
    given = Counter(one["stream"] for one in records if one["type"].startswith("case.CaseAllocated"))
    assert (len(given), set(given.values())) == (cases, {1})
    assert (kinds["case.AllocationRun"], kinds["case.AllocationFinished"]) == (1, 1)
