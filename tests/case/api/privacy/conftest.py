"""`serve all` over a small store with an invented book: one debtor, a guarantor, a case of theirs."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.eventstore.sqlite.store import SqliteStore
from tests.case.api.declared import checked
from tests.kit import parties
from tests.kit.command import command_in
from tests.kit.ledgers import opened
from tests.kit.parties import Person
from tests.kit.served import Served, served

STATEMENTS = (
    "account_ref,as_of,months_past_due,statement_balance,payment_received,credit_limit,currency\n"
    "A-1,2026-10-31,1,100.00,0,1000,CNY\n"
    "A-2,2026-10-31,1,100.00,0,1000,CNY\n"
)
DEBTOR = Person(
    ref="A-1", name="欧阳雨晴",
    points=(("PHONE", "+8613812345678"), ("EMAIL", "ouyang@example.com"), ("ADDRESS", "浙江省杭州市西湖区文三路1号")),
)  # fmt: skip
GUARANTOR = Person(
    ref="P-2", name="李四", identity_no=None, birth_on=None, points=(("PHONE", "+8613812345678"),)
)
WAIT = {"Prefer": "wait=20"}
_KEYS = itertools.count()


@dataclass
class House:
    """The server, and who is in its book."""

    server: Served
    debtor: str
    guarantor: str
    case: str
    position: str = "0"

    @property
    def http(self) -> httpx.Client:
        return self.server.http

    def as_person(self, person: str, *scopes: str) -> dict[str, str]:
        """The header of a person's token, with all scopes unless some are named."""
        named = [word for scope in scopes for word in ("--scope", scope)]
        made = self.server.quittance("token", "--person", person, *named)
        assert made.code == 0, made.err
        return {"Authorization": f"Bearer {made.out.strip()}"}

    def post(
        self, path: str, *, key: str | None = None, token: dict[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or f"look-{next(_KEYS)}", **WAIT, **(token or {})}
        answer = self.http.post(path, json=sent, headers=headers)
        self.position = answer.headers.get("Event-Position", self.position)
        return answer

    def search(self, kind: str, value: str, **other: Any) -> httpx.Response:
        return self.post(
            "/v1/party-searches", **({"kind": kind, "value": value, "purpose": "CONTACT"} | other)
        )

    def reveal(self, party: str, *fields: str, **other: Any) -> httpx.Response:
        sent = {"purpose": "CONTACT", "fields": list(fields or ("PHONE",))} | other
        return self.post(f"/v1/subjects/{party}/pii-reveals", **sent)

    def log(self, *, token: dict[str, str] | None = None, **asked: Any) -> Any:
        answer = self.http.get(
            "/v1/audit/access-log",
            params=asked,
            headers={**WAIT, "Min-Position": self.position, **(token or {})},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


def people(folder: Path) -> tuple[str, str]:
    """Write the book of the store in this folder."""

    async def write() -> tuple[str, str]:
        async with opened(SqliteStore(folder / "case.db"), folder, deployment="local") as ledger:
            debtor = await parties.book(ledger, DEBTOR, account="A-1")
            guarantor = await parties.book(ledger, GUARANTOR)
            await parties.link(ledger, guarantor, "A-1", role="GUARANTOR")
            return debtor, guarantor

    return asyncio.run(write())


@contextmanager
def housed(folder: Path, **environment: str) -> Iterator[House]:
    """A server over the book in a folder of its own; its views have caught up."""
    quittance = command_in(folder, QUITTANCE_LOG="error", **environment)
    (folder / "statements.csv").write_text(STATEMENTS)
    done = quittance("import", "statements", "statements.csv")
    assert done.code == 0, done.err
    debtor, guarantor = people(folder / ".quittance")
    assert quittance("projection", "rebuild", "--all").code == 0
    with served(quittance) as running:
        document = running.http.get("/openapi.json").json()
        running.http.event_hooks = {"response": [checked(document)]}
        found = running.http.get("/v1/cases", headers=WAIT).json()["items"]
        case = next(one["id"] for one in found if one["debtor_ref"] == "A-1")
        yield House(running, debtor, guarantor, case)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The server of a module's tests."""
    with housed(tmp_path_factory.mktemp("house")) as it:
        yield it
