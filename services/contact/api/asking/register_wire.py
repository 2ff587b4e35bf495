"""How the registers of contact show their rows. Fields may be added later; readers must tolerate them."""

from typing import Any

from pydantic import Field

from services.contact.api.asking.acting import ATTEMPT, CASE, PERMIT, POINT, SUBJECT
from shared.http.wire import PageLinks, Wire


class AttemptShown(Wire):
    """A contact, by us or to us, as the record has it. `delivery` is a message's, `reached` and `outcome` a call's."""

    id: str
    subject: str
    at: str
    channel: str
    direction: str
    role: str
    person: str | None
    contact_point: str | None
    case: str | None
    purpose: str | None
    permit: str | None
    origin: str = Field(description="LIVE, LATE (reported after the fact) or HISTORY (from before go-live).")
    source: str
    outcome: str | None
    reached: str | None = Field(
        description="RIGHT_PARTY, WRONG_PARTY, THIRD_PARTY, SOMEBODY, NOBODY; null: not told."
    )
    identity: str | None
    delivery: str | None
    told_at: str | None
    revision: int
    recordings: int
    retracted_at: str | None
    retracted: str | None
    breach: list[str] = Field(description="The rules it broke, by what is known now.")
    recorded_at: str | None


class AttemptList(Wire):
    """A page of the attempt ledger, the latest contact first."""

    items: list[AttemptShown]
    page: PageLinks


class RefusalShown(Wire):
    """A contact that was refused, with every rule that stood against it."""

    id: str
    subject: str
    at: str
    outcome: str
    channel: str
    role: str
    person: str | None
    contact_point: str | None
    case: str | None
    purpose: str | None
    rules: list[str]
    reasons: list[dict[str, Any]]
    until: str | None
    at_dispatch: str | None
    recorded_at: str


class RefusalList(Wire):
    """A page of the refusal register, the latest first."""

    items: list[RefusalShown]
    page: PageLinks


class RefusalCountShown(Wire):
    """How often a rule stood against a contact by a channel on a day."""

    day: str
    rule: str
    channel: str
    refusals: int


class RefusalCounts(Wire):
    """Refusals by day, rule and channel, the latest day first; a refusal by several rules counts for each."""

    items: list[RefusalCountShown]


class BreachShown(Wire):
    """What a contact of ours broke. `found` LATER: by a fact that came after it."""

    attempt: str
    subject: str
    at: str
    channel: str | None
    case: str | None
    found: str
    found_at: str
    revision: int
    rules: list[str]
    reasons: list[dict[str, Any]]
    packs: list[dict[str, Any]]
    withdrawn_at: str | None


class BreachList(Wire):
    """A page of breaches, those of the latest contacts first."""

    items: list[BreachShown]
    page: PageLinks


ATTEMPT_SHOWN: dict[str, Any] = {
    "id": ATTEMPT, "subject": SUBJECT, "at": "2026-11-22T02:31:00.000000Z", "channel": "voice", "direction": "out",
    "role": "debtor", "person": None, "contact_point": POINT, "case": CASE, "purpose": None, "permit": PERMIT,
    "origin": "LIVE", "source": "DIALER", "outcome": "ring_no_answer", "reached": "NOBODY", "identity": None,
    "delivery": None, "told_at": "2026-11-22T02:31:40.000000Z", "revision": 1, "recordings": 0, "retracted_at": None,
    "retracted": None, "breach": [], "recorded_at": "2026-11-22T02:31:41.000000Z",
}  # fmt: skip
_REASON = {
    "rule": "CN-GBT45251-HOURS",
    "message": "…",
    "verdict": "deny",
    "counted": [],
    "cure": {"kind": "WAIT"},
}
REFUSAL_SHOWN: dict[str, Any] = {
    "id": PERMIT, "subject": SUBJECT, "at": "2026-11-22T14:14:05.000000Z", "outcome": "defer", "channel": "voice",
    "role": "debtor", "person": None, "contact_point": POINT, "case": CASE, "purpose": None,
    "rules": ["CN-GBT45251-HOURS"], "reasons": [_REASON], "until": "2026-11-23T00:00:00.000000Z", "at_dispatch": None,
    "recorded_at": "2026-11-22T14:14:05.000000Z",
}  # fmt: skip
BREACH_SHOWN: dict[str, Any] = {
    "attempt": ATTEMPT, "subject": SUBJECT, "at": "2026-11-22T02:31:00.000000Z", "channel": "voice", "case": CASE,
    "found": "AT_ONCE", "found_at": "2026-11-22T02:31:41.000000Z", "revision": 1, "rules": ["NO-PERMIT"],
    "reasons": [{**_REASON, "rule": "NO-PERMIT"}], "packs": [], "withdrawn_at": None,
}  # fmt: skip
