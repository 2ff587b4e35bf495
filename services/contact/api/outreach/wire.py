"""The shapes of answers about outreach and its strategies."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from services.contact.api.asking.acting import ATTEMPT, CASE, PERMIT, SUBJECT
from services.contact.application.outreach.shown import STATUSES
from services.contact.application.outreach.strategies import STATUSES as VERSION_STATUSES
from services.contact.projections.outreach.outreaches import STATES
from shared.http.bodies import Sent
from shared.http.wire import PageLinks, Wire

OUTREACH = CASE.replace("case-", "outreach-")
TOML_MAX = 60_000
TOML = 'version = "cn-retail-outreach/2"\neffective_from = 2026-12-01\n…'
SUMMARY: dict[str, Any] = {
    "id": "cn-retail-outreach-2", "version": "cn-retail-outreach/2", "status": "PUBLISHED",
    "effective_from": "2026-12-01", "content": "9f" * 32, "steps": 9, "proposed_at": "2026-11-20T01:00:00Z",
    "decided_at": "2026-11-21T01:00:00Z",
}  # fmt: skip
ROW: dict[str, Any] = {
    "id": OUTREACH, "about": CASE, "subject": SUBJECT, "state": "RUNNING", "because": [],
    "since": "2026-11-22T01:00:00.000000Z", "taken": 1, "skipped": 0,
}  # fmt: skip


class OutreachStrategySent(Sent):
    """An outreach strategy's file."""

    toml: Annotated[str, StringConstraints(min_length=1, max_length=TOML_MAX)] = Field(
        description="The whole file (docs/how-to/write-an-outreach-strategy.md).", examples=[TOML]
    )


class OutreachDecisionSent(Sent):
    """The second person agrees."""


class OutreachRejectionSent(Sent):
    """Why not."""

    reason: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")] = Field(
        examples=["TOO_STERN"]
    )


class OutreachStrategyShown(Wire):
    """An outreach strategy's version; `content` is the SHA-256, in hex, of its canonical JSON."""

    id: str
    version: str
    status: str = Field(description="How it stands.", json_schema_extra={"enum": list(VERSION_STATUSES)})
    effective_from: str
    content: str
    steps: int
    proposed_at: str | None
    decided_at: str | None


class OutreachStrategyList(Wire):
    """All versions, by the day they begin."""

    items: list[OutreachStrategyShown]
    in_force: str | None = Field(description="The version in force today.")


class OutreachStrategyWhole(OutreachStrategyShown):
    """A version with all it says."""

    document: dict[str, Any] = Field(description="Its stages and steps, as the file had them.")


class OutreachShown(Wire):
    """Outreach about one case as a list shows it."""

    id: str
    about: str | None = Field(description="The case, or the account where there is no case yet.")
    subject: str | None
    state: str = Field(json_schema_extra={"enum": list(STATES)}, description="As it was last said.")
    because: list[str]
    since: str
    taken: int
    skipped: int


class OutreachPage(Wire):
    """A page of outreach."""

    items: list[OutreachShown]
    page: PageLinks


class OutreachStepShown(Wire):
    """A step: answered (TAKEN, SKIPPED), to be answered (DUE, WAITING with `reason` until `at`), or PLANNED."""

    step: str
    time: int = Field(description="Which time of a step that is repeated, from 1.")
    scope: str = Field(description="The stage, or what falls due.")
    anchor: str = Field(description="The day from which it is counted.")
    strategy: str
    status: str = Field(json_schema_extra={"enum": list(STATUSES)})
    channel: str | None
    opens: str | None
    ends: str | None
    at: str | None
    reason: str | None
    rules: list[str]
    permit: str | None
    message: str | None
    task: str | None


class DialTaskShown(Wire):
    """Somebody is to call until then."""

    id: str
    until: str


class OutreachSheet(Wire):
    """Outreach about one case, from the ledger itself: what was done, what is next, and why not."""

    id: str
    about: str | None
    subject: str | None
    version: int
    state: str = Field(json_schema_extra={"enum": list(STATES)}, description="By all that is known now.")
    because: list[str] = Field(description="The promises that soften it, the reasons of a pause, of an end.")
    until: str | None
    stage: str | None
    steps: list[OutreachStepShown]
    dial_tasks: list[DialTaskShown]
    look_at: str | None = Field(description="When something may have to be done next.")


SHEET: dict[str, Any] = {
    "id": OUTREACH, "about": CASE, "subject": SUBJECT, "version": 7, "state": "RUNNING", "because": [],
    "until": None, "stage": "M1", "dial_tasks": [], "look_at": "2026-11-27T02:00:00Z",
    "steps": [
        {
            "step": "soft-reminder", "time": 1, "scope": "M1", "anchor": "2026-11-22",
            "strategy": "cn-retail-outreach/1", "status": "TAKEN", "channel": "sms", "opens": None, "ends": None,
            "at": "2026-11-22T01:30:00Z", "reason": None, "rules": [], "permit": PERMIT,
            "message": ATTEMPT, "task": None,
        }
    ],
}  # fmt: skip
