"""`quittance serve all` on a free port, as a process, for tests that speak HTTP to it."""

from __future__ import annotations

import json
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from shared.http.access import OF_PERSONS
from tests.kit.command import Command

START_DEADLINE_S = 60
STOP_DEADLINE_S = 15


@dataclass(frozen=True)
class Served:
    """A running server: a client for it, with a token of every scope where it makes them, and its process."""

    http: httpx.Client
    process: subprocess.Popen[str]
    quittance: Command

    def token(self, *scopes: str, tenant: str = "default") -> dict[str, str]:
        """The header with a token of these scopes, of every scope if none are named, for this tenant."""
        named = [word for scope in scopes for word in ("--scope", scope)]
        person = ("--person", "tester") if OF_PERSONS & set(scopes) else ()
        made = self.quittance("token", "--tenant", tenant, *named, *person)
        assert made.code == 0, made.err
        return {"Authorization": f"Bearer {made.out.strip()}"}


@contextmanager
def served(quittance: Command, *what: str) -> Iterator[Served]:
    """Start it, wait until it takes requests, and end it with SIGTERM if the test has not."""
    process = quittance.start("serve", *(what or ("all",)), "--port", "0", "--json")
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], START_DEADLINE_S)
        line = process.stdout.readline() if ready else ""
        assert line, "the server did not start"
        said = json.loads(line)
        token = {"Authorization": f"Bearer {said['token']}"} if "token" in said else {}
        with httpx.Client(base_url=said["address"], headers=token, timeout=30) as client:
            yield Served(client, process, quittance)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
