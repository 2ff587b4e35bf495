"""http.*: commands over HTTP, beside the same request that does nothing, and beside what a team would write instead."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from services.main.bench import book, crud_app
from services.main.bench.figures import Ask, Figure, over_rounds
from services.main.bench.places import checkout, database, folder, on_loop, postgres_server
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import SystemClock

PART, LOAD = "services.main.bench.posting_part", "services.main.bench.load"
CONNECTIONS = 64
SHARDS = 1
"""One lane, as in the other benchmarks. With the 8 that PostgreSQL has by default 64 callers make smaller batches."""
PAGE = 5_000
SEED = 20261122
LOAD_DEADLINE_S = 330
PAYMENT, ATTEMPT = "payments", "contact-attempts"
_BODIES: dict[str, dict[str, Any]] = {
    PAYMENT: {"amount": {"amount": "1.00", "currency": "TWD"}, "channel": "BANK_TRANSFER"},
    ATTEMPT: {"channel": "VOICE", "outcome": "NO_ANSWER", "actor_kind": "COLLECTOR"},
}
_BASES = {PAYMENT: "no-payments", ATTEMPT: "no-attempts"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done: copies of the sample, and requests of each kind in a round."""

    rounds: int
    copies: int
    requests: int


FULL, QUICK = Size(5, 20, 4_000), Size(1, 1, 70)


@dataclass(frozen=True, slots=True)
class Answering:
    """A server that answers."""

    port: int
    token: str


@contextmanager
def server(what: str, url: str, at: Path) -> Iterator[Answering]:
    """A process that serves ours, or what a team would write, until the end of the block."""
    with (at / f"{what}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", PART, what, url, str(at)],
            cwd=checkout(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server did not start:\n{(at / f'{what}.log').read_text()[-2000:]}")
        yield Answering(**json.loads(line))
    finally:
        process.terminate()
        process.communicate()


def driven(
    to: Answering, requests: Sequence[Sequence[str]], *, connections: int = CONNECTIONS
) -> dict[str, float]:
    """Send them all; what the load generator says of it: `rate`, `p50_ms`, `p99_ms`."""
    done = subprocess.run(
        [sys.executable, "-m", LOAD, str(to.port)],
        cwd=checkout(),
        input=json.dumps({"connections": connections, "token": to.token, "requests": requests}).encode(),
        capture_output=True,
        timeout=LOAD_DEADLINE_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load did not end well:\n{done.stderr.decode(errors='replace')[-2000:]}")
    said: dict[str, float] = json.loads(done.stdout)
    return said


class Posts:
    """Requests to cases taken at random, every one under a key of its own."""

    def __init__(self, case_ids: Sequence[str]) -> None:
        self._case_ids, self._dice, self._keys = case_ids, random.Random(SEED), 0
        self._at = SystemClock().now().isoformat()

    def next(self, count: int, kind: str, *, noop: bool = False) -> list[tuple[str, str, str]]:
        """`count` more."""
        return [self._one(self._dice.choice(self._case_ids), kind, noop=noop) for _ in range(count)]

    def _one(self, case_id: str, kind: str, *, noop: bool) -> tuple[str, str, str]:
        self._keys += 1
        body = dict(_BODIES[kind])
        if kind == ATTEMPT:
            body |= {"at": self._at, "attempt_ref": f"dial-{self._keys}"}
        return (
            f"/v1/cases/{case_id}/{_BASES[kind] if noop else kind}",
            f"bench-{self._keys}",
            json.dumps(body),
        )


async def open_cases(ledger: Ledger) -> list[str]:
    """The cases that are open, by the names of their events alone."""
    found: dict[str, None] = {}
    for lane in await ledger.lane_numbers():
        at = 0
        while rows := await ledger.read_lane(lane, after=at, limit=PAGE):
            for row in rows:
                if row.type == "case.CaseOpened":
                    found[row.stream_id] = None
                elif row.type == "case.CaseClosed":
                    found.pop(row.stream_id, None)
            at = rows[-1].position
    return list(found)


async def _filled(ours: str, theirs: str, at: Path, copies: int) -> list[str]:
    """Both databases with the same cases; their ids."""
    async with book.worked(ours, at, copies=copies, shards=SHARDS) as case:
        case_ids = await open_cases(case.ledger)
    engine = crud_app.engine_for(theirs)
    await crud_app.make_tables(engine, case_ids)
    await engine.dispose()
    return case_ids


def commands(*, quick: bool) -> list[Figure]:
    """http.command, http.vs_crud, http.latency."""
    size = QUICK if quick else FULL
    took: dict[str, list[dict[str, float]]] = {}
    with postgres_server() as pg, ExitStack() as opened:
        at = opened.enter_context(folder())
        ours, theirs = (opened.enter_context(database(pg)) for _ in range(2))
        case_ids = on_loop(_filled(ours, theirs, at, size.copies))
        posts = Posts(case_ids)
        we = opened.enter_context(server("ours", ours, at))
        they = opened.enter_context(server("crud", theirs, at))

        def measured(name: str, to: Answering, kind: str, *, noop: bool = False) -> float:
            found = driven(to, posts.next(size.requests, kind, noop=noop))
            took.setdefault(name, []).append(found)
            return found["rate"]

        def one(_: int) -> dict[str, float]:
            return {
                f"{kind} {who}": measured(f"{kind} {who}", to, kind, noop=who == "noop")
                for kind in (ATTEMPT, PAYMENT)
                for who, to in (("ours", we), ("noop", we), ("crud", they))
            }

        if not quick:
            one(-1)  # connections are opened and cases met
            took.clear()
        asks = [
            Ask(
                f"http.{row}",
                f"{kind}, {CONNECTIONS} connections, {SHARDS} lane",
                f"{kind} ours",
                f"{kind} {base}",
            )
            for row, base in (("command", "noop"), ("vs_crud", "crud"))
            for kind in (ATTEMPT, PAYMENT)
        ]
        figures = over_rounds(one, asks, rounds=size.rounds, unit="requests/s")
    for kind in (ATTEMPT, PAYMENT):
        figures += _latency(kind, took[f"{kind} ours"])
    return figures


def _latency(kind: str, rounds: list[dict[str, float]]) -> list[Figure]:
    """What one of so many callers at once waits for an answer."""
    return [
        Figure(
            "http.latency",
            f"{kind}, {CONNECTIONS} connections, {label}",
            round(median(one[f"{label}_ms"] for one in rounds), 1),
            "ms",
        )
        for label in ("p99", "p50")
    ]
