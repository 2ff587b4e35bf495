"""The platform as it is run, in both shapes: one process, or a process and a store for each service and its worker.

    with platform(shape, folder) as it:
        case = it.open_case("D-1")
        it.until(lambda: it.contact.get(…).status_code == 200)

Journeys speak HTTP to `it.case` and `it.contact` and do not know which shape they run in.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.kit.command import Command, command_in
from tests.kit.served import served

ONE, APART = "one-process", "apart"
in_both_shapes = pytest.mark.parametrize("shape", [ONE, APART])
HEARD_S = 60
"""How long a fact may take to be heard on the other side, on a machine that is busy."""
STOP_S = 20
LOST_MAX = 20
"""How often a version may be overtaken before an act about it."""
MORNING = "2026-11-20T10:00:00+08:00"
"""When journeys begin: a Friday, when contact is open in China."""


@dataclass
class Platform:
    """The services, served. `quittance`, `contact_quittance` and `legal_quittance` run commands on the store of each.

    `legal` is there where the platform was asked for it.
    """

    case: httpx.Client
    contact: httpx.Client
    quittance: Command
    contact_quittance: Command
    legal_http: httpx.Client | None = None
    legal_command: Command | None = None
    workers: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    _keys: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def legal(self) -> httpx.Client:
        """The legal service."""
        assert self.legal_http is not None, "the platform was not asked for the legal service"
        return self.legal_http

    @property
    def legal_quittance(self) -> Command:
        """Commands on the store of the legal service."""
        assert self.legal_command is not None, "the platform was not asked for the legal service"
        return self.legal_command

    def matter_of(self, case: str) -> str:
        """The newest matter about a case, once the legal service has heard of the referral."""

        def told() -> str | None:
            opened = [e for e in self.feed("legal", "legal.MatterOpened") if e["data"]["case"] == case]
            return str(opened[-1]["subject"]) if opened else None

        return str(self.until(told))

    def on_legal(self, stream: str, type_: str) -> list[dict[str, Any]]:
        """The facts of one type on a matter, or on a stream of proofs."""
        return [e["data"] for e in self.feed("legal", f"legal.{type_}") if e["subject"] == stream]

    def post(self, client: httpx.Client, path: str, body: dict[str, Any], *, case: str | None = None) -> Any:
        """POST it under a key of its own; what it answers. Fails the test where it is refused.

        `case`: the one that is decided on, where its version has to be told and the path does not name it.
        """
        key = f"journey-{next(self._keys)}"
        for _ in range(LOST_MAX):  # what the other services say of the case may come in between
            headers = {"Idempotency-Key": key} | _match(client, path, case)
            answer = client.post(path, json=body, headers=headers)
            if answer.status_code != 412:
                break
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def open_case(self, debtor_ref: str, *, days_past_due: int = 40, amount: str = "1234.50") -> str:
        """A case about a debtor with one account."""
        opening = {
            "debtor_ref": debtor_ref, "account_ref": f"{debtor_ref}-A", "days_past_due": days_past_due,
            "arrears": {"amount": amount, "currency": "CNY"},
        }  # fmt: skip
        return str(self.post(self.case, "/v1/cases", opening)["id"])

    def subject_of(self, case: str) -> str:
        """The subject of contact that the case is about, once contact has heard of the case."""

        def told() -> str | None:
            events = self.feed("contact", "contact.CaseLinked")
            return next((str(e["subject"]) for e in events if e["data"]["case"] == case), None)

        return str(self.until(told))

    def feed(self, service: str, types: str) -> list[dict[str, Any]]:
        """Every event of these types, from the service's feed."""
        client = {"case": self.case, "contact": self.contact, "legal": self.legal_http}[service]
        assert client is not None, "the platform was not asked for the legal service"
        events: list[dict[str, Any]] = []
        after = "0"
        while True:
            page = client.get(
                f"/v1/feeds/{service}/events", params={"types": types, "limit": 1000, "after": after}
            )
            assert page.status_code == 200, page.text
            events += page.json()
            if page.headers["Feed-Final"] == page.headers["Feed-Head"]:
                return events
            after = page.headers["Feed-Final"]

    def on_case(self, case: str, type_: str) -> list[dict[str, Any]]:
        """The facts of one type on a case."""
        return [e["data"] for e in self.feed("case", f"case.{type_}") if e["subject"] == case]

    def on_subject(self, subject: str, type_: str) -> list[dict[str, Any]]:
        """The facts of one type on a subject."""
        return [e["data"] for e in self.feed("contact", f"contact.{type_}") if e["subject"] == subject]

    def until(self, found: Callable[[], Any]) -> Any:
        """What `found` gives, as soon as it gives something; fails the test after HEARD_S."""
        ends = time.monotonic() + HEARD_S
        while time.monotonic() < ends:
            if told := found():
                return told
            time.sleep(0.1)
        raise AssertionError("it was not heard in time")

    def ask(self, subject: str, case: str, channel: str = "voice", **more: Any) -> Any:
        """Ask for a permit; the decision."""
        return self.post(
            self.contact,
            "/v1/contact-permits",
            {"subject": subject, "case": case, "channel": channel, **more},
        )

    def called(self, subject: str, case: str, number: int, outcome: str, **more: Any) -> Any:
        """A call that was made, as the dialer reports it."""
        return self.post(
            self.contact,
            "/v1/contact-attempts",
            {
                "subject": subject, "case": case, "channel": "voice", "source": "DIALER",
                "source_ref": f"call-{number}", "outcome": {"outcome": outcome}, **more,
            },
        )  # fmt: skip

    def now(self) -> str:
        """The time by the clock of the platform."""
        return str(self.quittance.json("clock", "show")["now"])

    def advance(self, step: str) -> None:
        """Let the clock jump ahead (`1d`, `12h`, `30m`), with new tokens where the old ones are over."""
        assert self.quittance("clock", "advance", step).code == 0
        token = self.quittance("token").out.strip()
        for client in filter(None, (self.case, self.contact, self.legal_http)):
            client.headers["Authorization"] = f"Bearer {token}"

    def kill(self, name: str) -> None:
        """End a worker as a power cut does (shape APART only)."""
        self.workers[name].kill()
        self.workers.pop(name).communicate()

    def work(self, name: str) -> None:
        """Start the worker of a service (shape APART only)."""
        commands = {
            "case": self.quittance, "contact": self.contact_quittance, "legal": self.legal_command,
        }  # fmt: skip
        command = commands[name]
        assert command is not None, "the platform was not asked for the legal service"
        self.workers[name] = command.start("work", name)

    def stop(self) -> None:
        """End the workers in good order."""
        for process in self.workers.values():
            process.send_signal(signal.SIGTERM)
        for process in self.workers.values():
            try:
                process.communicate(timeout=STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise


def _match(client: httpx.Client, path: str, case: str | None) -> dict[str, str]:
    """The version of the case or matter, which some acts want to be told."""
    parts = path.split("/")
    if path.startswith("/v1/legal-matters/") and len(parts) > 4:
        return {"If-Match": client.get("/".join(parts[:4])).headers["ETag"]}
    if case is None and path.startswith("/v1/cases/") and len(parts) > 4:
        case = parts[3]
    if case is None:
        return {}
    return {"If-Match": client.get(f"/v1/cases/{case}").headers["ETag"]}


@contextmanager
def platform(
    shape: str, folder: Path, *, at: str = MORNING, legal: bool = False, **environment: str
) -> Iterator[Platform]:
    """The platform in this shape, over new stores in `folder`, on a clock that begins at `at`.

    `legal`: apart, with the legal service as well; in one process it is always there.
    """
    common = {"QUITTANCE_TEST_CLOCK": str(folder / "clock.json"), "QUITTANCE_LOG": "error", **environment}
    with ExitStack() as opened:
        if shape == ONE:
            quittance = command_in(folder, **common)
            assert quittance("clock", "set", at).code == 0
            both = opened.enter_context(served(quittance))
            yield Platform(both.http, both.http, quittance, quittance, both.http, quittance)
            return
        common |= {"QUITTANCE_KEYS": str(folder / "keys.json")}
        of_case = command_in(folder, QUITTANCE_STORE=f"sqlite:///{folder}/of-case/", **common)
        of_contact = command_in(folder, QUITTANCE_STORE=f"sqlite:///{folder}/of-contact/", **common)
        assert of_case("clock", "set", at).code == 0
        case = opened.enter_context(served(of_case, "case"))
        contact = opened.enter_context(served(of_contact, "contact"))
        of_case.environment["QUITTANCE_CONTACT_URL"] = str(contact.http.base_url).rstrip("/")
        of_contact.environment["QUITTANCE_CASE_URL"] = str(case.http.base_url).rstrip("/")
        it = Platform(case.http, contact.http, of_case, of_contact)
        if legal:
            there = dict(of_contact.environment) | {
                "QUITTANCE_CONTACT_URL": str(contact.http.base_url).rstrip("/"),
                "QUITTANCE_STORE": f"sqlite:///{folder}/of-legal/",
            }
            of_legal = command_in(folder, **there)
            served_legal = opened.enter_context(served(of_legal, "legal"))
            for one in (of_case, of_contact):
                one.environment["QUITTANCE_LEGAL_URL"] = str(served_legal.http.base_url).rstrip("/")
            it.legal_http, it.legal_command = served_legal.http, of_legal
        opened.callback(it.stop)
        for name in ("case", "contact", *(("legal",) if legal else ())):
            it.work(name)
        yield it
