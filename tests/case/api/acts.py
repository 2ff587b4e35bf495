"""Acting on cases over HTTP: a new case for each test, and one line for each thing that is done to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

import httpx

from services.main.settings import AUDIENCE_DEFAULT, ISSUER_FILE
from shared.http.development_issuer import DevelopmentIssuer
from shared.kernel.clock import SystemClock
from tests.kit.served import Served

_NUMBERS = count(1)


def cny(amount: str) -> dict[str, str]:
    """Yuan."""
    return {"amount": amount, "currency": "CNY"}


@dataclass
class Acted:
    """A case and a client; every act carries a key of its own unless one is given."""

    http: httpx.Client
    case_id: str = ""
    account: str = ""
    position: str | None = None

    def open(self, arrears: str = "1000.00", days: int = 12, **other: Any) -> Acted:
        """A new debtor's case."""
        debtor = f"D-{id(self.http)}-{next(_NUMBERS)}"
        sent = {"debtor_ref": debtor, "account_ref": "A-1", "arrears": cny(arrears), "days_past_due": days}
        answer = self.post("", **(sent | other))
        assert answer.status_code == 201, answer.text
        self.case_id = answer.json()["id"]
        [self.account] = self.get()["debts"]
        return self

    def post(
        self,
        path: str,
        *,
        key: str | None = None,
        match: str | None = None,
        prefer: str | None = None,
        token: dict[str, str] | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """Send a command about the case, or to an address under `/v1/`; `match`: an If-Match, "now" for the version."""
        headers = {"Idempotency-Key": key or f"k-{next(_NUMBERS)}", **(token or {})}
        if match:
            headers["If-Match"] = self.etag if match == "now" else match
        if prefer:
            headers["Prefer"] = prefer
        base = f"/v1/cases/{self.case_id}" if self.case_id else "/v1/cases"
        answer = self.http.post(
            path if path.startswith("/v1/") else f"{base}{path}", json=sent, headers=headers
        )
        self.position = answer.headers.get("Event-Position", self.position)
        return answer

    def done(self, path: str, **sent: Any) -> Any:
        """Send a command that must be carried out; its answer."""
        answer = self.post(path, **sent)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, path: str = "", **asked: str) -> Any:
        """What is told of the case, with all that was done to it here."""
        headers = {"Min-Position": self.position, "Prefer": "wait=10"} if self.position else {}
        answer = self.http.get(f"/v1/cases/{self.case_id}{path}", params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def none(self, prefix: str) -> str:
        """An id of the case that nothing has."""
        return f"{prefix}_{self.case_id.removeprefix('case-').replace('-', '')}{'0' * 16}"

    @property
    def etag(self) -> str:
        """The version there is."""
        return self.http.get(f"/v1/cases/{self.case_id}").headers["ETag"]

    def day(self, days: int) -> str:
        """The tenant's today and so many days."""
        today = date.fromisoformat(self.get("/balance")["as_of"])
        return (today + timedelta(days=days)).isoformat()

    def standing(self, name: str, ref: str) -> Any:
        """How one thing stands."""
        return self.get("/standing")["things"][name][ref]


def refused(answer: httpx.Response) -> tuple[int, str]:
    """The status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def second_person(server: Served) -> dict[str, str]:
    """Another person's token, of the approver's scope alone."""
    [file] = server.quittance.folder.rglob(ISSUER_FILE)
    token = DevelopmentIssuer.open(file).token(
        audience=AUDIENCE_DEFAULT,
        tenant="default",
        clock=SystemClock(),
        client="second-person",
        scopes=("ops:approve",),
    )
    return {"Authorization": f"Bearer {token}"}
