"""The planted person's book sent over HTTP: taken in, broken, cancelled; when the import has ended nothing is left."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.canary import book
from tests.canary.needles import CANARY, in_text
from tests.canary.test_canary import Place, logging, person

_KEYS = itertools.count()


class Sending:
    """Sends a book and remembers what was answered."""

    def __init__(self, http: httpx.Client) -> None:
        self.http, self.told = http, ""

    def ask(self, method: str, path: str, **sent: Any) -> Any:
        headers = {"Idempotency-Key": f"sent-{next(_KEYS)}", **sent.pop("headers", {})}
        answer = self.http.request(method, path, headers=headers if method == "POST" else {}, **sent)
        self.told += f"{answer.url}\n{answer.text}\n{answer.headers}\n"
        assert answer.status_code < 300, answer.text
        return answer.json()

    def send(self, folder: Path, mapping: Path) -> str:
        """Ask for the import and send its files; its id."""
        files = sorted(folder.iterdir())
        sent = {"kind": "book", "files": [one.name for one in files], "mapping": mapping.read_text()}
        job = self.ask("POST", "/v1/case-imports", json=sent)["id"]
        for one in files:
            self.ask(
                "POST", f"/v1/case-imports/{job}/files/{one.name}", content=one.read_bytes(),
                headers={"Content-Type": "text/csv"},
            )  # fmt: skip
        return str(job)

    def start(self, job: str) -> Any:
        """Take it in and wait; what became of each row."""
        return self.ask("POST", f"/v1/case-imports/{job}/starts", json={"wait": True})


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_book_that_was_sent_is_nowhere_in_clear(place: Place) -> None:
    good, bad = book.whole(place.lender / "good"), book.broken(place.lender / "bad")
    (place.work / "none.csv").write_text(
        "account_ref,as_of,months_past_due,statement_balance,payment_received,credit_limit,currency\n"
        "A-1,2026-10-31,1,100.00,0,1000,CNY\n"
    )
    assert place.run("import", "statements", "none.csv").code == 0
    with logging(place) as http:
        http.headers.update(person(place))
        sending = Sending(http)
        done = sending.start(sending.send(*good))
        assert (done["status"], done["counts"]["rejected"]) == ("DONE", 0), done
        broken = sending.send(*bad)
        sending.start(broken)
        sending.ask("GET", f"/v1/case-imports/{broken}/rows", params={"limit": 100})
        cancelled = sending.send(*bad)
        assert place.leaks(), "what is on its way lies in its folder, and this search would see it"
        sending.ask("POST", f"/v1/case-imports/{cancelled}/cancellations", json={})
        sending.ask("GET", "/v1/case-imports")
        found = sending.ask(
            "POST", "/v1/party-searches", json={"kind": "PHONE", "value": CANARY.mobile, "purpose": "AUDIT"}
        )
        assert len(found["parties"]) == 2
        assert in_text(sending.told, "what was answered") == []
    assert place.leaks() == []
