"""The tables of the matters' view, and the rows as they are shown."""

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from shared.kernel import money

_META = sa.MetaData()


def _placed() -> list[sa.Column[Any]]:
    """What every row begins with; `made_at`: the position in the lane of the event that made it."""
    return [
        sa.Column("thing", sa.Text, primary_key=True),
        sa.Column("lane", sa.SmallInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    ]


MATTERS = sa.Table(
    "legal_matter_v1",
    _META,
    *_placed(),
    sa.Column("case_id", sa.Text),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("referral", sa.Text),
    sa.Column("closed_on", sa.Date),
    sa.Column("outcome", sa.Text),
    sa.Column("firm", sa.Text),
    sa.Column("firm_until", sa.Date),
    sa.Column("owed_minor", sa.BigInteger),
    sa.Column("currency", sa.Text),
    sa.Column("next_raw", sa.Date),
    sa.Column("moves", sa.Boolean, nullable=False),
    sa.Column("law", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Index("legal_matter_v1_opened", "opened_on", "thing"),
    sa.Index("legal_matter_v1_case", "case_id"),
    sa.Index("legal_matter_v1_next", "next_raw"),
)
TRACKS = sa.Table(
    "legal_track_v1",
    _META,
    *_placed(),
    sa.Column("matter", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("ended", sa.Boolean, nullable=False),
    sa.Column("begun_on", sa.Date, nullable=False),
    sa.Column("last_step", sa.Text, nullable=False),
    sa.Column("last_on", sa.Date, nullable=False),
    sa.Index("legal_track_v1_matter", "matter", "number"),
)
FALLS_DUE = sa.Table(
    "legal_falls_due_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("matter", sa.Text, nullable=False),
    sa.Column("raw_on", sa.Date, nullable=False),
    sa.Index("legal_falls_due_v1_day", "raw_on", "matter"),
)
CLAIMS = sa.Table(
    "legal_claim_v1",
    _META,
    *_placed(),
    sa.Column("matter", sa.Text, nullable=False),
    sa.Column("debt", sa.Text, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("owed_minor", sa.BigInteger, nullable=False),
    sa.Column("claimed_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Index("legal_claim_v1_debt", "debt", "as_of"),
)
COSTS = sa.Table(
    "legal_cost_v1",
    _META,
    *_placed(),
    sa.Column("matter", sa.Text, nullable=False),
    sa.Column("case_id", sa.Text),
    sa.Column("firm", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("borne_by", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("booked_on", sa.Date, nullable=False),
    sa.Column("track", sa.Text),
    sa.Column("reversed_on", sa.Date),
    sa.Index("legal_cost_v1_matter", "matter"),
    sa.Index("legal_cost_v1_firm", "firm"),
)


class MatterRow(NamedTuple):
    """A matter. `case_id` is None where its opening was erased; `firm` has it until `firm_until` (exclusive).

    `next_raw`: the first raw day of what was neither met nor recorded as passed, whenever that is; `moves`: a deadline
    of it can be put off by what is not on its own stream (the two years of a title). `law`: the pack that `next_raw`
    was derived by. `facts`: the matter's own facts (stored_facts.py), from which its deadlines are read as of a day.
    """

    thing: str
    lane: int
    made_at: int
    case_id: str | None
    opened_on: date
    reason: str | None
    referral: str | None
    closed_on: date | None
    outcome: str | None
    firm: str | None
    firm_until: date | None
    owed_minor: int | None
    currency: str | None
    next_raw: date | None
    moves: bool
    law: str
    version: int
    facts: str

    @property
    def cursor(self) -> tuple[date, str]:
        """What `board(after=…)` takes to go on behind this row."""
        return self.opened_on, self.thing

    def as_json(self, *, as_of: date) -> dict[str, Any]:
        """How HTTP and the command line show the matter itself."""
        return {
            "id": self.thing,
            "case": self.case_id,
            "status": "OPEN" if self.closed_on is None else "CLOSED",
            "opened_on": self.opened_on.isoformat(),
            "age_days": max(0, ((self.closed_on or as_of) - self.opened_on).days),
            "reason": self.reason,
            "referral": self.referral,
            "closed_on": day(self.closed_on),
            "outcome": self.outcome,
            "firm": None if self.firm_until is not None and self.firm_until <= as_of else self.firm,
            "owed": amount(self.owed_minor, self.currency),
            "version": self.version,
        }


class TrackRow(NamedTuple):
    """A track as its last step leaves it; `number` from 1 in the order in which tracks began."""

    thing: str
    lane: int
    made_at: int
    matter: str
    number: int
    kind: str
    status: str
    ended: bool
    begun_on: date
    last_step: str
    last_on: date

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.thing,
            "kind": self.kind,
            "status": self.status,
            "ended": self.ended,
            "begun_on": self.begun_on.isoformat(),
            "last_step": self.last_step,
            "last_on": self.last_on.isoformat(),
        }


def day(on: date | None) -> str | None:
    """A day as answers show it."""
    return None if on is None else on.isoformat()


def amount(minor: int | None, currency: str | None) -> dict[str, str] | None:
    """An amount as answers show it, None where nobody said one."""
    if minor is None or currency is None:
        return None
    return {"amount": money.decimal(minor, currency), "currency": currency}
