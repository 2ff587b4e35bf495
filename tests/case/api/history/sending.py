"""Sending an import: asked for, its files, and the word to start."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

_NUMBERS = count(1)
HEADER = "account_ref,as_of,months_past_due,statement_balance,payment_received,credit_limit,currency\n"
ENDED_S = 60.0
POLL_S = 0.3
"""Nobody reads the server's log while it works, and a pipe holds some 300 lines of it."""


def line(ref: str, *, months: int = 1, balance: str = "100.00", as_of: str = "2006-01-31") -> str:
    """A line of a statement file."""
    return f"{ref},{as_of},{months},{balance},0,1000,TWD\n"


@dataclass
class Sending:
    """A client, and the import it speaks of."""

    http: httpx.Client
    id: str = ""

    def post(
        self, path: str, *, key: str | None = None, prefer: str | None = None, **sent: Any
    ) -> httpx.Response:
        """A command under /v1/case-imports, or about the import."""
        headers = {"Idempotency-Key": key or f"import-{next(_NUMBERS)}"} | (
            {"Prefer": prefer} if prefer else {}
        )
        own = f"/{self.id}{path}" if self.id else path
        return self.http.post(f"/v1/case-imports{own}", json=sent, headers=headers)

    def ask(self, kind: str = "statements", *names: str, **more: Any) -> Sending:
        """Ask for an import of these files."""
        said = self.post("", kind=kind, files=list(names or ("s.csv",)), **more)
        assert said.status_code == 201, said.text
        self.id = said.json()["id"]
        return self

    def file(
        self,
        name: str,
        content: bytes | str,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a file."""
        sent = {
            "Idempotency-Key": key or f"file-{next(_NUMBERS)}",
            "Content-Type": "text/csv",
            **(headers or {}),
        }
        raw = content.encode() if isinstance(content, str) else content
        return self.http.post(f"/v1/case-imports/{self.id}/files/{name}", content=raw, headers=sent)

    def files(self, **contents: bytes | str) -> Sending:
        """Send these files, each of which must arrive; `calls` is `calls.csv`."""
        for name, content in contents.items():
            said = self.file(f"{name}.csv", content)
            assert said.status_code == 201, said.text
        return self

    def shown(self) -> Any:
        """The import as it stands."""
        said = self.http.get(f"/v1/case-imports/{self.id}")
        assert said.status_code == 200, said.text
        return said.json()

    def ended(self) -> Any:
        """The import once it has ended."""
        ends = time.monotonic() + ENDED_S
        while time.monotonic() < ends:
            if (said := self.shown())["status"] in ("DONE", "FAILED", "CANCELLED"):
                return said
            time.sleep(POLL_S)
        raise AssertionError("the import did not end")

    def rows(self, **asked: Any) -> list[Any]:
        """What became of the rows, over all pages."""
        found: list[Any] = []
        while True:
            said = self.http.get(f"/v1/case-imports/{self.id}/rows", params=asked)
            assert said.status_code == 200, said.text
            found += said.json()["items"]
            if (after := said.json()["page"]["next"]) is None:
                return found
            asked = {**asked, "cursor": after}
