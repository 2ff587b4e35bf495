"""Asking and telling the contact service over HTTP: a new subject for each test, one line for each thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx

_NUMBERS = count(1)
NAMED = ["identifies_institution"]
PHONE = {"medium": "phone", "value": "+8613800138000"}
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Noon in Shanghai, a Monday that is past."""


@dataclass
class Asked:
    """A subject and a client; every command carries a key of its own unless one is given."""

    http: httpx.Client
    ref: str = ""
    subject: str = ""
    point: str = ""
    position: str | None = None
    made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ref = self.ref or f"D-{id(self.http)}-{next(_NUMBERS)}"

    def post(
        self,
        path: str,
        *,
        key: str | None = None,
        prefer: str | None = None,
        token: dict[str, str] | None = None,
        speaks: str = "en",
        **sent: Any,
    ) -> httpx.Response:
        """Send a command; `/…` that is not under /v1 is about the subject."""
        headers = {
            "Idempotency-Key": key or f"k-{next(_NUMBERS)}",
            "Accept-Language": speaks,
            **(token or {}),
        }
        if prefer:
            headers["Prefer"] = prefer
        address = path if path.startswith("/v1/") else f"/v1/subjects/{self.subject}{path}"
        answer = self.http.post(address, json=sent, headers=headers)
        self.position = answer.headers.get("Event-Position", self.position)
        return answer

    def done(self, path: str, **sent: Any) -> Any:
        """Send a command that must be carried out; its answer."""
        answer = self.post(path, **sent)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, path: str, **asked: str) -> Any:
        """What is told, with all that was done here."""
        headers = {"Min-Position": self.position, "Prefer": "wait=10"} if self.position else {}
        address = path if path.startswith("/v1/") else f"/v1/subjects/{self.subject}{path}"
        if path == "/contactability" or path.startswith("/v1/contact-permits"):
            headers = {}
        answer = self.http.get(address, params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def described(self) -> Asked:
        """A debtor in Shanghai with a number."""
        asked = self.done("/v1/contact-permits", debtor_ref=self.ref, channel="letter", content=NAMED)
        self.subject = asked["subject"]
        place = {"jurisdictions": ["CN"], "zones": ["Asia/Shanghai"]}
        self.done("/descriptions", debtor_ref=self.ref, **place)
        self.point = self.done("/contact-points", address=PHONE)["id"]
        return self

    def permit(self, **sent: Any) -> Any:
        """Ask for a call to the debtor."""
        said = {"subject": self.subject, "channel": "voice", "contact_point": self.point, "content": NAMED}
        return self.done("/v1/contact-permits", **(said | sent))

    def called(self, at: datetime, outcome: str | None = "conversation", **sent: Any) -> Any:
        """Report a call of ours."""
        said: dict[str, Any] = {
            "subject": self.subject, "channel": "voice", "contact_point": self.point, "content": NAMED,
            "source": "DIALER", "source_ref": f"CDR-{next(_NUMBERS)}", "at": at.isoformat(),
        }  # fmt: skip
        if outcome:
            said["outcome"] = {"outcome": outcome}
        return self.done("/v1/contact-attempts", **(said | sent))

    def lived(self) -> Asked:
        """Called at noon without a permit, at night, and refused for what was left unsaid."""
        self.made["attempt"] = self.called(NOON)["id"]
        self.called(NOON + timedelta(hours=11))
        self.made["permit"] = self.permit(content=[])["id"]
        return self


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]
