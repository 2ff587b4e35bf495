"""The rows of the attempt ledger and of its breaches, and how HTTP and the command line show them."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from services.contact.projections.ledger_pages import After, instant, kept
from shared.eventstore.projection.columns import Instant


def _attempt_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("at", Instant, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("channel", "direction", "role", "collector_role")
        ),
        *(sa.Column(name, sa.Text) for name in ("person", "point", "case_id", "purpose", "permit")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("origin", "source")),
        *(sa.Column(name, sa.Text) for name in ("outcome", "reached", "identity", "delivery")),
        sa.Column("told_at", Instant),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("recordings", sa.Integer, nullable=False),
        sa.Column("retracted_at", Instant),
        sa.Column("retracted", sa.Text),
        sa.Column("rules", sa.Text),
    ]


def _breach_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("at", Instant, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("case_id", sa.Text),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("found_at", Instant, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("failed", sa.Text, nullable=False),
        sa.Column("packs", sa.Text, nullable=False),
        sa.Column("withdrawn_at", Instant),
    ]


ATTEMPTS = kept("contact_attempt", 1, _attempt_columns, indexes=("subject", "case_id"))
BREACHES = kept("contact_breach", 1, _breach_columns)


class AttemptRow(NamedTuple):
    """A contact as the record had it from `said_at` on.

    `told_at` and `revision` are of the outcome; `reached` says whom; `delivery` is a message's status; `rules` are
    those it broke, separated by blanks, None where it broke none.
    """

    thing: str
    lane: int
    made_at: int
    subject: str
    at: datetime
    channel: str
    direction: str
    role: str
    collector_role: str
    person: str | None
    point: str | None
    case_id: str | None
    purpose: str | None
    permit: str | None
    origin: str
    source: str
    outcome: str | None
    reached: str | None
    identity: str | None
    delivery: str | None
    told_at: datetime | None
    revision: int
    recordings: int
    retracted_at: datetime | None
    retracted: str | None
    rules: str | None
    said_at: datetime | None = None
    version: int = 0

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.at, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.thing,
            "subject": self.subject,
            "at": instant(self.at),
            "channel": self.channel,
            "direction": self.direction,
            "role": self.role,
            "person": self.person,
            "contact_point": self.point,
            "case": self.case_id,
            "purpose": self.purpose,
            "permit": self.permit,
            "origin": self.origin,
            "source": self.source,
            "outcome": self.outcome,
            "reached": self.reached,
            "identity": self.identity,
            "delivery": self.delivery,
            "told_at": instant(self.told_at),
            "revision": self.revision,
            "recordings": self.recordings,
            "retracted_at": instant(self.retracted_at),
            "retracted": self.retracted,
            "breach": _split(self.rules),
            "recorded_at": instant(self.said_at),
        }


class BreachRow(NamedTuple):
    """What a contact of ours broke, as the record had it from `said_at` on. `found`: AT_ONCE or LATER.

    `failed` is JSON of the rules with the events each counted, `packs` of the packs it was judged by.
    """

    thing: str
    lane: int
    made_at: int
    subject: str
    at: datetime
    revision: int
    channel: str | None
    case_id: str | None
    found: str
    found_at: datetime
    rules: str
    failed: str
    packs: str
    withdrawn_at: datetime | None
    said_at: datetime | None = None
    version: int = 0

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.at, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "attempt": self.thing,
            "subject": self.subject,
            "at": instant(self.at),
            "channel": self.channel,
            "case": self.case_id,
            "found": self.found,
            "found_at": instant(self.found_at),
            "revision": self.revision,
            "rules": _split(self.rules),
            "failed": msgspec.json.decode(self.failed),
            "packs": msgspec.json.decode(self.packs),
            "withdrawn_at": instant(self.withdrawn_at),
        }


def _split(rules: str | None) -> list[str]:
    return rules.split() if rules else []
