"""The planted person on SQLite: taken in, looked for, shown, revealed, provoked, cut off; found nowhere in clear."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.canary import book, provoked
from tests.canary.needles import CANARY, in_bytes, in_folder, in_sqlite, in_text
from tests.kit import camt
from tests.kit.command import Command, Ran, command_in

DEADLINE_S = 420
"""Some three thousand requests, and imports that are killed on a machine that may be busy."""
PAID = date(2026, 1, 20)
WAIT = {"Prefer": "wait=20"}


class Place:
    """A folder for the store, one for temporary files, and the lender's files apart from both."""

    def __init__(self, folder: Path) -> None:
        self.work, self.temporary, self.lender = folder / "work", folder / "tmp", folder / "lender"
        for one in (self.work, self.temporary, self.lender):
            one.mkdir()
        self.quittance = command_in(self.work, TMPDIR=str(self.temporary))
        self.said: list[str] = []

    @property
    def store(self) -> Path:
        return self.work / ".quittance"

    def run(self, *arguments: str | Path, typed: str | None = None, **environment: str) -> Ran:
        """Run a command, with something on its standard input; nothing of the person may be in what it says."""
        done = subprocess.run(
            Command.line(*arguments), cwd=self.work, env=self.quittance.environment | environment,
            input=typed, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        self.said.append(done.stdout + done.stderr)
        return Ran(done.returncode, done.stdout, done.stderr)

    def search(self, kind: str, typed: str) -> Ran:
        """Look for somebody on the command line."""
        return self.run("party", "find", "--by", kind, "--json", typed=typed)

    def leaks(self) -> list[str]:
        """Everything that gives the person away, wherever the product wrote."""
        found = in_folder(self.work) + in_folder(self.temporary)
        for number, said in enumerate(self.said):
            found += in_text(said, f"what command {number} said")
        for database in ("case.db", "contact.db", "legal.db"):
            if (self.store / database).is_file():
                found += in_sqlite(self.store / database)
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@contextmanager
def logging(place: Place) -> Iterator[httpx.Client]:
    """A server that logs all it can, into a file of the searched folder."""
    with (place.work / "server.log").open("ab") as log:
        process = subprocess.Popen(
            Command.line("serve", "all", "--port", "0", "--json"), cwd=place.work, stdout=subprocess.PIPE, stderr=log,
            env=place.quittance.environment | {"QUITTANCE_LOG": "debug"}, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            with httpx.Client(base_url=said["address"], timeout=60) as http:
                yield http
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def person(place: Place) -> dict[str, str]:
    made = place.quittance("token", "--person", "clerk-1")
    assert made.code == 0, made.err
    return {"Authorization": f"Bearer {made.out.strip()}"}


def look_everywhere(http: httpx.Client) -> tuple[str, list[str]]:
    """Find, show and reveal the person over HTTP, then read feed, trail, log and meters; the case, and the leaks."""
    leaks: list[str] = []

    def told(answer: httpx.Response, *but: str) -> Any:
        assert answer.status_code in (200, 201), answer.text
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        leaks.extend(
            in_text(f"{answer.text}\n{headers}\n{answer.url}", str(answer.request.url.path), but=but)
        )
        return answer.json() if "json" in answer.headers["content-type"] else answer.text

    keys = iter(range(1000))

    def post(path: str, *but: str, **sent: Any) -> Any:
        return told(http.post(path, json=sent, headers={**WAIT, "Idempotency-Key": f"k{next(keys)}"}), *but)

    for kind, value in (
        ("PHONE", f"{CANARY.mobile[:3]} {CANARY.mobile[3:7]} {CANARY.mobile[7:]}"), ("NAME", CANARY.name),
        ("IDENTITY_NO", CANARY.identity_no.lower()), ("EMAIL", CANARY.email.upper()), ("PARTY_REF", book.REF),
    ):  # fmt: skip
        found = post("/v1/party-searches", kind=kind, value=value, purpose="CONTACT")["parties"]
        assert found, kind
    party, case = found[0]["id"], found[0]["roles"][0]["cases"][0]
    told(http.get(f"/v1/parties/{party}", headers=WAIT))
    assert len(told(http.get(f"/v1/cases/{case}/parties", headers=WAIT))["items"]) == 2
    fields = ["NAME", "IDENTITY_NO", "BIRTH_ON", "PHONE", "EMAIL", "ADDRESS", "WECHAT"]
    clear = post(
        f"/v1/subjects/{party}/pii-reveals", CANARY.name, CANARY.identity_no, f"+86{CANARY.mobile}",
        f"+86{CANARY.work}", CANARY.email, CANARY.address, purpose="CONTACT", fields=fields, case=case,
    )["data"]  # fmt: skip
    assert (clear["NAME"], clear["ADDRESS"], clear["EMAIL"]) == (
        [CANARY.name],
        [CANARY.address],
        [CANARY.email],
    )
    for path in (
        f"/v1/cases/{case}", f"/v1/cases/{case}/timeline", f"/v1/cases/{case}/dossier", f"/v1/cases/{case}/standing",
        "/v1/cases", "/v1/feeds/case/events?limit=1000", "/v1/audit/access-log?limit=200", "/metrics",
        "/openapi.json",
    ):  # fmt: skip
        told(http.get(path, headers=WAIT))
    search = post("/v1/audit/searches", debtor_ref=book.REF)
    told(http.get(search["links"]["records"], params={"limit": 200}, headers=WAIT))
    return case, leaks


@pytest.mark.timeout(DEADLINE_S)
def test_the_person_is_nowhere_in_clear(place: Place) -> None:
    """The whole of it; the lender's own files and the answer to the reveal are the only places that may have it."""
    folder, mapping = book.whole(place.lender / "good")
    wrong, wrong_mapping = book.broken(place.lender / "bad")
    assert place.run("import", "book", folder, "--mapping", mapping).code == 0
    assert (
        place.run("import", "book", wrong, "--mapping", wrong_mapping, "--rejects", "rejected.csv").code == 1
    )
    assert len((place.work / "rejected.csv").read_text().splitlines()) > 10
    assert place.run("import", "book", wrong, "--mapping", wrong_mapping, "--check").code == 1
    with logging(place) as http:
        http.headers.update(person(place))
        case, leaks = look_everywhere(http)
        asked, more = provoked.provoke(http, http.get("/openapi.json").json(), case)
        assert asked > 2_000
        assert sorted({*leaks, *more}) == []
    for typed, arguments in (
        (CANARY.mobile, ("party", "find", "--by", "phone")), (CANARY.name, ("party", "find", "--by", "nothing")),
        (CANARY.name, ("party", "find", "--by", "name", "--purpose", "NOSY")), ("", ("party", "find", "--by", "name")),
        (CANARY.email, ("party", "find", "--by", "email", "--json")), (None, ("party", "show", book.LOAN)),
        (None, ("audit", "who-read", book.LOAN, "--json")), (None, ("audit", "list", "--json")),
        (None, ("audit", "verify")), (None, ("events", "tail", "--json")), (None, ("projection", "rebuild", "--all")),
        (None, ("case", "show", case, "--json")), (None, ("doctor",)),
    ):  # fmt: skip
        place.run(*arguments, typed=typed)
    assert (place.work / "server.log").stat().st_size > 1_000
    assert place.leaks() == []


def test_a_leak_anywhere_would_be_found(place: Place) -> None:
    """The same search, with one thing planted in each kind of place."""
    folder, mapping = book.whole(place.lender / "good")
    assert place.run("import", "book", folder, "--mapping", mapping).code == 0
    assert place.leaks() == []
    for planted in (
        place.work / "server.log", place.store / "notes.db-wal", place.temporary / "spilled",
        place.work / "rejected.csv",
    ):  # fmt: skip
        planted.write_bytes(b"\x00\x01" + CANARY.mobile.encode() + b"\x02")
        assert place.leaks(), planted
        planted.unlink()
    place.said.append(f"quittance: there is no {CANARY.name}")
    assert place.leaks()


@pytest.mark.timeout(DEADLINE_S)
def test_an_import_that_is_killed_leaves_nothing(place: Place) -> None:
    """`kill -9` while a book of 1,500 people is taken in, looked at while it stands and after it fell."""
    folder, mapping = book.whole(place.lender / "good", others=1_500)
    for wait_s in (0.9, 1.8):
        process = place.quittance.start("import", "book", folder, "--mapping", mapping)
        time.sleep(wait_s)
        process.send_signal(signal.SIGSTOP)
        open_files = Path(f"/proc/{process.pid}/fd")
        found = []
        for one in list(open_files.iterdir()) if open_files.is_dir() else []:
            target = os.readlink(one)
            if target.startswith(str(place.temporary)) and "(deleted)" in target:
                found += in_bytes(one.read_bytes(), target)
        process.kill()
        place.said.append("".join(process.communicate()))
        assert found + place.leaks() == []
    assert place.run("import", "book", folder, "--mapping", mapping).code == 0
    assert place.leaks() == []


def test_what_is_sorted_outside_of_memory_is_sealed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry of the book spilled to the disk: the blocks are there, and nobody can read them."""
    from services.case.adapters.book import spill
    from services.case.adapters.book.delivery import open_book

    folder, mapping = book.whole(place.lender / "good")
    monkeypatch.setattr(spill, "RUN_BYTES_MAX", 1)
    monkeypatch.setattr("tempfile.tempdir", str(place.temporary))
    seen = 0
    with open_book(folder, mapping) as delivery:
        assert [len(list(groups)) for groups in (delivery.parties(), delivery.accounts())] == [2, 1]
        for one in Path("/proc/self/fd").iterdir():
            try:
                target = os.readlink(one)
            except FileNotFoundError:
                continue  # the listing itself
            if target.startswith(str(place.temporary)):
                raw = one.read_bytes()
                seen += len(raw)
                assert in_bytes(raw, target) == []
    assert seen > 500, f"nothing was spilled under {sys.platform}"
    assert in_folder(place.temporary) == []


def test_who_paid_and_what_they_wrote_is_nowhere_in_clear(place: Place) -> None:
    """A bank's statement names the payer, their account, and what they wrote; its references are the payer's words."""
    folder, mapping = book.whole(place.lender / "good")
    assert place.run("import", "book", folder, "--mapping", mapping).code == 0
    said = camt.statement(
        camt.Tx(on=PAID, ref="B-1", traced=CANARY.mobile, text=f"{CANARY.note} {CANARY.email}"),
        camt.Tx(on=PAID, ref="B-2", structured=CANARY.identity_no, text=CANARY.address),
        camt.Tx(on=PAID, ref="B-3", traced=CANARY.mobile, reason="AC04", credit=False, text=CANARY.name),
    )
    said = said.replace(camt.PAYER, CANARY.name).replace(camt.PAYER_ACCOUNT, CANARY.identity_no)
    (place.lender / "statement.xml").write_text(said)
    done = place.run("import", "payments", place.lender / "statement.xml", "--json")
    assert done.answer["imported"] == 3, done.out
    place.run("projection", "rebuild", "--all")
    place.run("audit", "list", "--json")
    place.run("events", "tail", "--json")
    assert place.leaks() == []
