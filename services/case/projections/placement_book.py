"""Which cases are with an agency or the legal service, since when, and when does each come back?"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import mode
from services.case.domain.events import (
    DebtPlacedWithAgency,
    LegalReferralEnded,
    LegalReferred,
    ModeEvent,
    PlacementExpired,
    RecallConfirmed,
    RecallRequested,
)
from services.case.projections.book_pages import After, amount, day, placed, stored, thing, turned
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

STATUSES = (mode.LIVE, mode.RECALLED, mode.CONFIRMED, mode.EXPIRED)
REFERRAL_STATUSES = (mode.LIVE, mode.ENDED)

_META = sa.MetaData()
PLACEMENTS = sa.Table(
    "case_placement_v1",
    _META,
    *placed(),
    sa.Column("placement", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("placed_on", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("evaluated_on", sa.Date, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("recalled_on", sa.Date),
    sa.Column("reason", sa.Text),
    sa.Column("confirmed_on", sa.Date),
    sa.Index("case_placement_v1_until", "until", "thing"),
    sa.Index("case_placement_v1_case", "case_id"),
)
REFERRALS = sa.Table(
    "case_referral_v1",
    _META,
    *placed(),
    sa.Column("referral", sa.Text, nullable=False),
    sa.Column("referred_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("owed_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("ended_on", sa.Date),
    sa.Column("outcome", sa.Text),
    sa.Index("case_referral_v1_since", "referred_on", "thing"),
    sa.Index("case_referral_v1_case", "case_id"),
)

ModeSeen: TypeAlias = Recorded[ModeEvent | Erased]


class PlacementRow(NamedTuple):
    """A placement: the agency may collect from `placed_on` up to, not including, `until`, or an earlier recall."""

    thing: str
    lane: int
    made_at: int
    case_id: str
    placement: str
    agency: str
    placed_on: date
    until: date
    evaluated_on: date
    status: str
    recalled_on: date | None = None
    reason: str | None = None
    confirmed_on: date | None = None

    @property
    def cursor(self) -> After:
        """What `placements(after=…)` takes to go on behind this row."""
        return self.until, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.placement,
            "case": self.case_id,
            "agency": self.agency,
            "placed_on": day(self.placed_on),
            "until": day(min(self.until, self.recalled_on or self.until)),
            "evaluated_on": day(self.evaluated_on),
            "status": self.status,
            "recalled_on": day(self.recalled_on),
            "reason": self.reason,
            "confirmed_on": day(self.confirmed_on),
        }


class ReferralRow(NamedTuple):
    """A referral to the legal service, with what was owed when the case was handed over."""

    thing: str
    lane: int
    made_at: int
    case_id: str
    referral: str
    referred_on: date
    reason: str
    owed_minor: int
    currency: str
    status: str
    ended_on: date | None = None
    outcome: str | None = None

    @property
    def cursor(self) -> After:
        """What `referrals(after=…)` takes to go on behind this row."""
        return self.referred_on, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.referral,
            "case": self.case_id,
            "referred_on": day(self.referred_on),
            "reason": self.reason,
            "owed": amount(self.owed_minor, self.currency),
            "status": self.status,
            "ended_on": day(self.ended_on),
            "outcome": self.outcome,
        }


def wants(seen: ModeSeen) -> Iterable[tuple[str, str]]:
    """The row of the placement or referral."""
    match seen.event:
        case DebtPlacedWithAgency() | RecallRequested() | RecallConfirmed() | PlacementExpired() as moved:
            return ((PLACEMENTS.name, thing(seen.stream, moved.placement)),)
        case LegalReferred() | LegalReferralEnded() as referred:
            return ((REFERRALS.name, thing(seen.stream, referred.referral)),)
    return ()


def apply(seen: ModeSeen, rows: Working) -> None:
    """The placement or referral after one more event; one whose facts were erased is not shown."""
    case_id = seen.stream
    match seen.event:
        case DebtPlacedWithAgency() | RecallRequested() | RecallConfirmed() | PlacementExpired() as moved:
            key = thing(case_id, moved.placement)
            found = rows.get(PLACEMENTS, key)
            after = _placement(PlacementRow(*found) if found else None, moved, seen)
            if after is not None:
                rows.put(PLACEMENTS, key, after)
        case LegalReferred() as referred:
            key, owed = thing(case_id, referred.referral), referred.owed.total
            if rows.get(REFERRALS, key) is None:
                row = ReferralRow(
                    key, seen.lane, seen.position, case_id, referred.referral, referred.on, referred.reason,
                    owed.minor, owed.currency, mode.LIVE,
                )  # fmt: skip
                rows.put(REFERRALS, key, row)
        case LegalReferralEnded() as ended:
            key = thing(case_id, ended.referral)
            found = rows.get(REFERRALS, key)
            if found is not None:
                row = ReferralRow(*found)
                rows.put(
                    REFERRALS,
                    key,
                    row._replace(status=mode.ENDED, ended_on=ended.on, outcome=ended.outcome),
                )


def _placement(
    row: PlacementRow | None,
    event: DebtPlacedWithAgency | RecallRequested | RecallConfirmed | PlacementExpired,
    seen: ModeSeen,
) -> PlacementRow | None:
    if row is None:
        if not isinstance(event, DebtPlacedWithAgency):
            return None
        key = thing(seen.stream, event.placement)
        return PlacementRow(
            key, seen.lane, seen.position, seen.stream, event.placement, event.agency, event.on, event.until,
            event.evaluated_on, mode.LIVE,
        )  # fmt: skip
    match event:
        case DebtPlacedWithAgency():
            return None
        case RecallRequested():
            return row._replace(status=mode.RECALLED, recalled_on=event.on, reason=event.reason)
        case RecallConfirmed():
            return row._replace(status=mode.CONFIRMED, confirmed_on=event.on)
        case PlacementExpired():
            return row._replace(status=mode.EXPIRED) if row.status == mode.LIVE else None


VIEW = View(
    name="case.placements",
    version=1,
    tables=(PLACEMENTS, REFERRALS),
    apply=apply,
    wants=wants,
    streams=("case",),
    types=stored(
        DebtPlacedWithAgency,
        RecallRequested,
        RecallConfirmed,
        PlacementExpired,
        LegalReferred,
        LegalReferralEnded,
    ),
)


def placements(
    connection: sa.Connection,
    *,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    status: str | None = None,
    agency: str | None = None,
    case_id: str | None = None,
) -> list[PlacementRow]:
    """Placements by (until, thing), those that end next first, at most PAGE_MAX."""
    columns = PLACEMENTS.c
    wanted = {"status": status, "agency": agency, "case_id": case_id}
    query = sa.select(PLACEMENTS)
    query = query.where(*(columns[name] == value for name, value in wanted.items() if value is not None))
    query = turned(query, columns, "until", after=after, limit=limit, pin=pin)
    return [PlacementRow(*row) for row in connection.execute(query)]


def referrals(
    connection: sa.Connection,
    *,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    status: str | None = None,
    case_id: str | None = None,
) -> list[ReferralRow]:
    """Referrals by (referred_on, thing), the oldest first, at most PAGE_MAX."""
    columns = REFERRALS.c
    wanted = {"status": status, "case_id": case_id}
    query = sa.select(REFERRALS)
    query = query.where(*(columns[name] == value for name, value in wanted.items() if value is not None))
    query = turned(query, columns, "referred_on", after=after, limit=limit, pin=pin)
    return [ReferralRow(*row) for row in connection.execute(query)]
