"""Asking and telling the legal service over HTTP: a case of its own for each test, one line for each thing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from services.legal.api.acting import CASE, MATTERS
from services.legal.domain import commands as c
from services.legal.domain.facts import proofs as p
from services.legal.wiring import open_legal
from services.main import settings as reading
from services.main.session import legal_settings
from tests.legal.kit import Legal

CASES = 250
"""So many cases were told of; each test takes the next."""
PERSON, ATTORNEY = "prs_" + "7" * 32, "prs_" + "8" * 32
DIGEST = "9f" * 32
CNY = {"amount": "213.00", "currency": "CNY"}
DUE = date(2026, 1, 31)
_NUMBERS = count(1)
_NEXT = count(1)


def case_no(number: int) -> tuple[str, str]:
    """A case and its one debt, in one lane."""
    end = f"8000-8000-{number:012x}"
    return f"case-6f1c0d1e-0000-{end}", f"account-7a1c0d1e-0000-{end}"


def told_of(store: Path, *, cases: int = CASES) -> None:
    """A store in which the case service has told of so many cases, and of the one of the examples."""
    settings = legal_settings(reading.read({}, store=f"sqlite:///{store}/"))

    async def telling() -> None:
        async with open_legal(settings, provision=True) as service:
            legal = Legal(service)
            for case, debt in (*map(case_no, range(1, cases + 1)), (CASE, case_no(0xFFFF)[1])):
                await legal.do(case, c.TellOfDebts(facts=_facts(case, debt)), actor="service:case")

    asyncio.run(telling())


def _facts(case: str, debt: str) -> tuple[Any, ...]:
    return (
        p.DebtJoined(case=case, debt=debt, on=DUE, source_ref=f"told:{case}"),
        p.InstalmentTold(debt=debt, instalment="last", due=DUE, on=DUE, source_ref=f"told:{debt}"),
    )


@dataclass
class Asked:
    """A matter and a client; every command carries a key of its own unless one is given."""

    http: httpx.Client
    case: str = ""
    debt: str = ""
    matter: str = ""
    position: str | None = None
    made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.case:
            self.case, self.debt = case_no(next(_NEXT))

    def post(
        self,
        path: str,
        *,
        key: str | None = None,
        prefer: str | None = None,
        token: dict[str, str] | None = None,
        match: str | None = None,
        speaks: str = "en",
        **sent: Any,
    ) -> httpx.Response:
        """Send a command; `/…` that is not under /v1 is about the matter."""
        headers = {
            "Idempotency-Key": key or f"k-{next(_NUMBERS)}",
            "Accept-Language": speaks,
            **({"Prefer": prefer} if prefer else {}),
            **({"If-Match": match} if match else {}),
            **(token or {}),
        }
        address = path if path.startswith("/v1/") else f"{MATTERS}/{self.matter}{path}"
        answer = self.http.post(address, json=sent, headers=headers)
        self.position = answer.headers.get("Event-Position", self.position)
        return answer

    def done(self, path: str, **sent: Any) -> Any:
        """Send a command that must be carried out; its answer."""
        answer = self.post(path, **sent)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, path: str = "", **asked: str) -> Any:
        """What is told, with all that was done here."""
        headers = {"Min-Position": self.position, "Prefer": "wait=10"} if self.position and path else {}
        address = path if path.startswith("/v1/") else f"{MATTERS}/{self.matter}{path}"
        answer = self.http.get(address, params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def tag(self) -> str:
        """The matter's version as a precondition."""
        return str(self.http.get(f"{MATTERS}/{self.matter}").headers["ETag"])

    def opened(self) -> Asked:
        """A matter of the case."""
        self.matter = self.done(MATTERS, case=self.case, reason="BROKEN_PROMISES")["id"]
        return self

    def lived(self) -> Asked:
        """With a debtor, a mandate, a firm, mediation, a cost and an attorney."""
        self.made["party"] = self.done("/parties", role="DEBTOR")["id"]
        self.done("/documents", kind="MANDATE", sha256=DIGEST, pages=2)
        self.made["placement"] = self.done(
            "/placements", firm="FIRM-9", licence="31110000E00017891X", mandate=DIGEST
        )["id"]
        self.made["mediation"] = self.done("/mediations", body="PEOPLES_MEDIATION")["id"]
        self.made["cost"] = self.done("/costs", kind="COURT_FEE", amount=CNY, borne_by="DEBTOR")["id"]
        self.made["representation"] = self.done("/representations", attorney=ATTORNEY)["id"]
        return self


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]
