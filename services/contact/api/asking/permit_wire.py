"""The permit object as HTTP shows it (surfaces.md 2.6). Fields may be added later; readers must tolerate them."""

from typing import Any

from pydantic import Field

from services.contact.api.asking.acting import CASE, PERMIT, POINT, SUBJECT
from shared.http.wire import Wire


class PackShown(Wire):
    """A policy pack that took part; `provisional`: it rests on sources that nobody has opened in full."""

    id: str
    version: str
    hash: str
    provisional: bool


class CapShown(Wire):
    """A cap and what is used of it, with the contacts it counts. `days` are civil days, of which today is the last."""

    rule: str
    days: int
    limit: int
    used: int
    left: int
    scope: list[str] = Field(description="What the contacts share: person, debt, address, creditor.")
    counted: list[str]


class NextShown(Wire):
    """When, and by which channel, contact is open; `until` null: not followed to its close."""

    channel: str
    from_: str = Field(alias="from")
    until: str | None


class PermitShown(Wire):
    """A decision: may this contact be made? `token` goes into the report of the attempt."""

    id: str
    outcome: str = Field(description="allow, deny, or defer: it opens by itself at `cure.until`.")
    subject: str
    case: str | None
    channel: str
    contact_point: str | None
    person: str | None = Field(description="null: the debtor.")
    role: str
    purpose: str | None
    evaluated_at: str
    local_time_of_subject: str | None = Field(examples=["22:14"])
    zones: list[str]
    reasons: list[dict[str, Any]] = Field(
        description="Every rule that stood against it: words, events counted, source, cure."
    )
    warnings: list[str] = Field(
        description="Rules that only warn, or `RULE:code` let through by an override."
    )
    obligations: list[str] = Field(description="What must be done with the contact.")
    next_allowed: list[NextShown]
    caps_after: list[CapShown] = Field(description="The caps once this permit holds its place in them.")
    packs: list[PackShown]
    valid_for_s: int
    valid_until: str | None = Field(description="From then on it covers no contact any more.")
    token: str | None
    at_dispatch: str | None = Field(description="The permit that it refuses to honour at sending.")
    inputs_hash: str = Field(examples=["sha256:…"])


class DecidedAgain(Wire):
    """The decision taken again at its own instant."""

    identical: bool = Field(description="On what was known then it comes to what is stored.")
    then: dict[str, Any]
    now: dict[str, Any]


class PermitPage(PermitShown):
    """A permit as it can be read again: whether it was spent, and what the decision would be if it were taken again."""

    spent_by: str | None = Field(description="The attempt or message that was made under it.")
    again: DecidedAgain
    links: dict[str, str]


PACK: dict[str, Any] = {"id": "cn.retail", "version": "2026.2.0", "hash": "9f86d0…", "provisional": True}
REASON: dict[str, Any] = {
    "rule": "CN-GBT45251-HOURS", "message": "No collection between 22:00 and 08:00 of the debtor's day",
    "verdict": "deny", "counted": [], "observed": None, "limit": None, "presumption": False, "overrides": [],
    "cure": {"kind": "WAIT", "until": "2026-11-23T00:00:00.000000Z"},
    "source": {
        "title": "GB/T 45251-2025", "issuer": "SAMR", "pinpoint": None, "quote": None, "force": "standard",
        "confidence": "secondary",
    },
    "pack": {"id": "cn.retail", "version": "2026.2.0", "hash": "9f86d0…"},
}  # fmt: skip
SHOWN: dict[str, Any] = {
    "id": PERMIT, "outcome": "defer", "subject": SUBJECT, "case": CASE, "channel": "voice", "contact_point": POINT,
    "person": None, "role": "debtor", "purpose": None, "evaluated_at": "2026-11-22T14:14:05.000000Z",
    "local_time_of_subject": "22:14", "zones": ["Asia/Shanghai"], "reasons": [REASON], "warnings": [],
    "obligations": [],
    "next_allowed": [
        {"channel": "voice", "from": "2026-11-23T00:00:00.000000Z", "until": "2026-11-23T14:00:00.000000Z"}
    ],
    "caps_after": [
        {
            "rule": "CN-GBT45251-CALLS", "days": 1, "limit": 3, "used": 0, "left": 3, "scope": ["person"],
            "counted": [],
        }
    ],
    "packs": [PACK], "valid_for_s": 0, "valid_until": None, "token": None, "at_dispatch": None,
    "inputs_hash": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
}  # fmt: skip
