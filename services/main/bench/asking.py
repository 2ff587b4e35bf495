"""contact.permit: how long a dialer waits for a permit at 200 requests a second; contact.race: fifty ask at once."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from services.main.bench.asking_part import BEGINS
from services.main.bench.figures import Figure
from services.main.bench.places import checkout, database, folder, postgres_server
from services.main.bench.posting import LOAD_DEADLINE_S, Answering

PART, PACED = "services.main.bench.asking_part", "services.main.bench.paced"
RATE = 200
CONNECTIONS = 32
SEED = 20261122
PERMITS, ATTEMPTS = "/v1/contact-permits", "/v1/contact-attempts"
MIX = (("permit", 60), ("attempt", 25), ("again", 10), ("grid", 5))
"""Of a hundred requests: a permit is asked for, a contact reported, a decision read again, seven days looked at."""
ASKED_AT_ONCE = 50
PAST = 6
"""Contacts of earlier days that every subject has."""


@contextmanager
def _server(place: str, at: Path) -> Iterator[Answering]:
    """The contact service in a process of its own, until the end of the block."""
    with (at / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", PART, place, str(at)],
            cwd=checkout(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server did not start:\n{(at / 'server.log').read_text()[-2000:]}")
        yield Answering(**json.loads(line))
    finally:
        process.terminate()
        process.communicate()


def _driven(to: Answering, requests: list[tuple[str, ...]], *, rate: int) -> dict[str, dict[str, float]]:
    """Send them at a pace; label -> count, p50_ms, p99_ms."""
    asked = {"connections": CONNECTIONS, "rate": rate, "token": to.token, "requests": requests}
    done = subprocess.run(
        [sys.executable, "-m", PACED, str(to.port)],
        cwd=checkout(),
        input=json.dumps(asked).encode(),
        capture_output=True,
        timeout=LOAD_DEADLINE_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load did not end well:\n{done.stderr.decode(errors='replace')[-2000:]}")
    said: dict[str, dict[str, float]] = json.loads(done.stdout)
    return said


class _Asks:
    """Requests about subjects taken at random, every one under a key of its own."""

    def __init__(self, subjects: int) -> None:
        self._dice, self._keys, self._subjects = random.Random(SEED), 0, subjects

    def past(self) -> list[tuple[str, ...]]:
        """What was done on the days before: PAST calls to every subject."""
        return [
            self._attempt(subject, days=2 + 3 * number)
            for number in range(PAST)
            for subject in range(self._subjects)
        ]

    def mixed(self, count: int, *, known: str) -> list[tuple[str, ...]]:
        """`count` requests of MIX; `known` is a permit that can be read again."""
        labels = self._dice.choices([name for name, _ in MIX], [part for _, part in MIX], k=count)
        return [self._one(label, self._dice.randrange(self._subjects), known) for label in labels]

    def _one(self, label: str, subject: int, known: str) -> tuple[str, ...]:
        match label:
            case "permit":
                return self.permit(subject)
            case "attempt":
                return self._attempt(subject, days=0)
            case "again":
                return ("again", f"{PERMITS}/{known}")
            case _:
                return ("grid", f"/v1/subjects/{known_subject(known)}/contactability")

    def permit(self, subject: int) -> tuple[str, ...]:
        """May this debtor be called?"""
        return ("permit", PERMITS, self._key(), json.dumps(self._call(subject)))

    def _attempt(self, subject: int, *, days: int) -> tuple[str, ...]:
        self._keys += 1
        body = self._call(subject) | {
            "source": "BENCH",
            "source_ref": f"cdr-{self._keys}",
            "at": (BEGINS - timedelta(days=days, minutes=self._keys % 50)).isoformat(),
            "outcome": {"outcome": "ring_no_answer" if self._keys % 3 else "conversation"},
        }
        return ("attempt", ATTEMPTS, self._key(), json.dumps(body))

    def _call(self, subject: int) -> dict[str, object]:
        number = {"medium": "phone", "value": f"+86138{subject:08d}"}
        return {
            "debtor_ref": f"D-{subject}",
            "channel": "voice",
            "address": number,
            "content": ["identifies_institution"],
        }

    def _key(self) -> str:
        self._keys += 1
        return f"bench-{self._keys}"


def known_subject(permit: str) -> str:
    """The subject that a permit's id carries."""
    digits = permit.removeprefix("cpm_")[:32]
    return f"subject-{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def permits(*, quick: bool) -> list[Figure]:
    """contact.permit and contact.race on both back ends."""
    figures = []
    with folder() as at:
        figures += _measured("sqlite", "sqlite", at, quick=quick)
    with postgres_server() as pg, database(pg) as url, folder() as at:
        figures += _measured("postgresql", url, at, quick=quick)
    return figures


def _measured(name: str, place: str, at: Path, *, quick: bool) -> list[Figure]:
    subjects, seconds, rate = (20, 2, 50) if quick else (1_500, 30, RATE)
    asks = _Asks(subjects)
    with _server(place, at) as to:
        _driven(to, asks.past(), rate=1_000)
        known = _answer(to, asks.permit(0))["id"]
        took = _driven(to, asks.mixed(rate * seconds, known=known), rate=rate)
        allowed = _raced(to, asks.permit(subjects + 1), ASKED_AT_ONCE)
    return [
        Figure(
            "contact.permit", f"{name}, {rate}/s mixed, {label}, {part}", round(one[f"{part}_ms"], 1), "ms"
        )
        for label, one in sorted(took.items())
        for part in ("p50", "p99")
    ] + [Figure("contact.race", f"{name}, {ASKED_AT_ONCE} ask at once", allowed, "allowed")]


def _answer(to: Answering, ask: tuple[str, ...]) -> dict[str, str]:
    import httpx

    _, path, key, body = ask
    headers = {
        "Authorization": f"Bearer {to.token}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
    }
    said: dict[str, str] = httpx.post(
        f"http://127.0.0.1:{to.port}{path}", content=body, headers=headers
    ).json()
    return said


def _raced(to: Answering, ask: tuple[str, ...], count: int) -> int:
    """How many of so many asks at once for one number were allowed."""
    from concurrent.futures import ThreadPoolExecutor

    label, path, key, body = ask
    with ThreadPoolExecutor(count) as crowd:
        answers = crowd.map(lambda n: _answer(to, (label, path, f"{key}-{n}", body)), range(count))
        return sum(one["outcome"] == "allow" for one in answers)
