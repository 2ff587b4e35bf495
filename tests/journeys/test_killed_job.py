"""kill -9 of a server in the middle of an import: the next one goes on, and what was taken in adds nothing again."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from tests.case.api.history.sending import ENDED_S, HEADER, Sending, line
from tests.kit.command import Command
from tests.kit.served import Served, served

LINES = 6_000
KILLED_AT = 900


def _accounts(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as connection:
        asked = "SELECT count(*) FROM ledger_event WHERE type = 'case.StatementReported'"
        [found] = connection.execute(asked).fetchone()
        return int(found)


def _killed_on_the_way(running: Served, file: Path) -> None:
    ends = time.monotonic() + ENDED_S
    while _accounts(file) < KILLED_AT and time.monotonic() < ends:
        time.sleep(0.005)
    running.process.kill()
    running.process.wait()


def test_a_killed_servers_import_is_gone_on_with_by_the_next(quittance: Command) -> None:
    file = quittance.folder / ".quittance/case.db"
    with served(quittance) as first:
        job = Sending(first.http).ask().files(s=HEADER + "".join(line(f"K-{n}") for n in range(LINES)))
        assert job.post("/starts", key="go").status_code == 201
        left = Sending(first.http).ask().files(s=HEADER + line("K-LEFT"))
        _killed_on_the_way(first, file)
    before = _accounts(file)
    assert KILLED_AT <= before < LINES, "killed too late to show anything"
    with served(quittance) as second:
        job.http = left.http = second.http
        done: Any = job.ended()
        assert (done["status"], done["attempt"]) == ("DONE", 2)
        assert done["counts"] | {"events": 0} == {
            "rows": LINES, "added": LINES - before, "unchanged": before, "rejected": 0, "events": 0,
        }  # fmt: skip
        assert _accounts(file) == LINES, "nothing is there twice, nothing is missing"
        again = job.post("/starts", key="go")
        assert again.headers["Idempotent-Replayed"] == "true"
        # One that waited for its word waits still, with its file.
        assert left.shown()["status"] == "WAITING"
        said = left.post("/starts", wait=True)
        assert (said.status_code, said.json()["counts"]["added"]) == (207, 1)
        _nothing_left(quittance, second.http)
    assert quittance.json("audit", "verify")["found"] == 0


def _nothing_left(quittance: Command, http: httpx.Client) -> None:
    folder = quittance.folder / ".quittance/imports/default"
    ends = time.monotonic() + ENDED_S
    while [one for one in folder.iterdir() if one.is_dir()] and time.monotonic() < ends:
        assert http.get("/livez").status_code == 200
        time.sleep(0.05)
    assert [one.name for one in folder.iterdir()] == ["lock"]


def test_a_running_import_is_stopped_and_what_it_took_in_stays(quittance: Command) -> None:
    file = quittance.folder / ".quittance/case.db"
    with served(quittance) as running:
        job = Sending(running.http).ask().files(s=HEADER + "".join(line(f"R-{n}") for n in range(LINES)))
        waits = Sending(running.http).ask().files(s=HEADER + line("R-NEXT"))
        for one in (job, waits):
            assert one.post("/starts").status_code == 201
        ends = time.monotonic() + ENDED_S
        while not _accounts(file) and time.monotonic() < ends:
            time.sleep(0.005)
        assert job.shown()["progress"] is not None
        assert waits.shown()["status"] == "QUEUED", "one at a time"
        assert job.post("/cancellations").status_code == 201
        assert job.shown()["status"] == "CANCELLED"
        assert waits.ended()["status"] == "DONE"
        assert 0 < _accounts(file) < LINES
    with served(quittance) as again:
        job.http = again.http
        assert job.shown()["status"] == "CANCELLED", "nobody goes on with it"


def test_a_server_that_ends_leaves_its_import_to_the_next(quittance: Command) -> None:
    file = quittance.folder / ".quittance/case.db"
    with served(quittance) as first:
        job = Sending(first.http).ask().files(s=HEADER + "".join(line(f"E-{n}") for n in range(LINES)))
        assert job.post("/starts").status_code == 201
        while not _accounts(file):
            time.sleep(0.005)
    with served(quittance) as second:
        job.http = second.http
        done = job.ended()
        assert (done["status"], done["counts"]["added"] + done["counts"]["unchanged"]) == ("DONE", LINES)
        assert done["counts"]["unchanged"] > 0
