"""Which cases are there, open or closed, and how does each stand?

One row a case. `debtor_ref` is None once the debtor's identity has been erased; other values stay None where the
facts of the case were erased before the view saw them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.events import (
    ArrearsCorrected,
    ArrearsReported,
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    DebtAttached,
    DebtDetached,
    PaymentReceived,
    StageEntered,
)
from services.case.projections.debts_reported import Debts, joined, left, read, reported, total, written
from services.case.projections.policy_named import policy_named
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED, Erased
from shared.kernel import clock, money

_META = sa.MetaData()
CASES = sa.Table(
    "case_list_v3",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("debtor_ref", sa.Text),
    sa.Column("episode", sa.Integer),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("stage", sa.Text),
    sa.Column("days_past_due", sa.Integer),
    sa.Column("arrears_minor", sa.BigInteger),
    sa.Column("currency", sa.Text),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("paid_minor", sa.BigInteger, nullable=False),
    sa.Column("closed_on", sa.Date),
    sa.Column("reason", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("debts", sa.Text, nullable=False),
    sa.Index("case_list_v3_opened", "opened_on", "case_id"),
    sa.Index("case_list_v3_debtor", "debtor_ref", "episode"),
)

PAGE_MAX = 500
SUM_END = 2**63

CaseSeen: TypeAlias = Recorded[CaseEvent | Erased]


class CaseRow(NamedTuple):
    """A row of the view. Dates are days in the policy's zone; `closed_on` is None while the case is open.

    `as_of` is the day of the latest report; `paid_minor` sums the payments received; `version` is the stream's.
    `made_at` is the position in `lane` of the event that made the row: a list pinned before it does not show it.
    `debts` is what was said of each account where there are several (debts_reported.py).
    """

    case_id: str
    lane: int
    debtor_ref: str | None
    episode: int | None
    opened_on: date
    stage: str | None
    days_past_due: int | None
    arrears_minor: int | None
    currency: str | None
    as_of: date
    paid_minor: int
    closed_on: date | None
    reason: str | None
    version: int
    made_at: int
    debts: str

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show a case."""
        currency = self.currency

        def amount(minor: int | None) -> dict[str, str] | None:
            if minor is None or currency is None:
                return None
            return {"amount": money.decimal(minor, currency), "currency": currency}

        return {
            "id": self.case_id,
            "debtor_ref": self.debtor_ref,
            "episode": self.episode,
            "lifecycle": "open" if self.closed_on is None else "closed",
            "stage": self.stage,
            "days_past_due": self.days_past_due,
            "arrears": amount(self.arrears_minor),
            "paid": amount(self.paid_minor),
            "as_of": self.as_of.isoformat(),
            "opened_on": self.opened_on.isoformat(),
            "closed_on": self.closed_on.isoformat() if self.closed_on else None,
            "reason": self.reason,
            "version": self.version,
        }


def wants(seen: CaseSeen) -> Iterable[tuple[str, str]]:
    """The case's row, if there can be one yet."""
    return ((CASES.name, seen.row.stream_id),) if seen.row.version > 1 else ()


def apply(seen: CaseSeen, rows: Working) -> None:
    """The case's row after one more event."""
    stored = seen.row
    found = rows.get(CASES, stored.stream_id)
    row = CaseRow(*found) if found else _new(seen)
    after = _after(row, seen.event)
    rows.put(CASES, stored.stream_id, after._replace(version=stored.version))


def _new(seen: CaseSeen) -> CaseRow:
    """What the envelope alone says of a case."""
    stored = seen.row
    day = clock.day_in(stored.effective_at, policy_named(stored.policy).zone)
    return CaseRow(
        stored.stream_id, stored.lane, None, None, day, None, None, None, None, day, 0, None, None, 0,
        stored.position, "",
    )  # fmt: skip


def _after(row: CaseRow, event: CaseEvent | Erased) -> CaseRow:
    match event:
        case ArrearsCorrected() if event.as_of < row.as_of:
            return row
        case ArrearsReported() | ArrearsCorrected():
            after = row._replace(
                days_past_due=event.days_past_due,
                arrears_minor=event.arrears.minor,
                currency=event.arrears.currency,
                as_of=event.as_of,
            )
            return _together(after, reported(read(row.debts), event)) if row.debts else after
        case DebtAttached():
            known = (row.arrears_minor or 0, row.days_past_due or 0)
            debts = joined(read(row.debts), event, version=row.version + 1, minor=known[0], days=known[1])
            return _together(row, debts) if debts else row
        case DebtDetached():
            return _together(row, left(read(row.debts), event))
        case StageEntered():
            # A stage passed on the way to the one reported is of an earlier day: its days are older than those known.
            days = event.days_past_due if event.as_of >= row.as_of else row.days_past_due
            return row._replace(stage=event.stage, days_past_due=days)
        case PaymentReceived():
            paid = row.paid_minor + event.amount.minor
            if not -SUM_END <= paid < SUM_END:
                raise OverflowError("a case's payments exceed 64 bits")
            return row._replace(paid_minor=paid)
        case CaseOpened():
            debtor: object = event.debtor_ref
            return row._replace(
                debtor_ref=None if debtor is ERASED else event.debtor_ref,
                episode=event.episode,
                opened_on=event.as_of,
                days_past_due=event.days_past_due,
                arrears_minor=event.arrears.minor,
                currency=event.arrears.currency,
                as_of=event.as_of,
            )
        case CaseClosed():
            return row._replace(closed_on=event.as_of, reason=event.reason)
        case CaseReopened():
            return row._replace(closed_on=None, reason=None)
        case _:
            return row


def _together(row: CaseRow, debts: Debts) -> CaseRow:
    """The row of a case of several accounts."""
    minor, days = total(debts)
    return row._replace(arrears_minor=minor, days_past_due=days, debts=written(debts))


VIEW = View(name="case.list", version=3, tables=(CASES,), apply=apply, wants=wants, streams=("case",))


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases are open and closed; open ones by stage, closed ones by reason."""

    open: int
    closed: int
    by_reason: dict[str, int]
    by_stage: dict[str, int]


def counts(connection: sa.Connection) -> CaseCounts:
    """`report cases`."""
    is_open = CASES.c.closed_on.is_(None)
    total = sa.func.count()
    by_stage = connection.execute(
        sa.select(CASES.c.stage, total).where(is_open).group_by(CASES.c.stage).order_by(CASES.c.stage)
    ).all()
    by_reason = connection.execute(
        sa.select(CASES.c.reason, total).where(~is_open).group_by(CASES.c.reason).order_by(CASES.c.reason)
    ).all()
    return CaseCounts(
        open=sum(n for _, n in by_stage),
        closed=sum(n for _, n in by_reason),
        by_reason={reason or "ERASED": n for reason, n in by_reason},
        by_stage={stage or "ERASED": n for stage, n in by_stage},
    )


def page(
    connection: sa.Connection,
    *,
    after: tuple[date, str] | None = None,
    limit: int = 50,
    stage: str | None = None,
    lifecycle: str | None = None,
    debtor_ref: str | None = None,
    days_from: int | None = None,
    days_until: int | None = None,
    among: sa.Select[tuple[str]] | None = None,
    pin: Pin | None = None,
) -> list[CaseRow]:
    """Cases by (opened_on, case_id), those after the cursor, which is the last row's pair, and made within `pin`.

    `lifecycle` is "open", "closed" or None for both; `days_from` belongs to the range of days past due, `days_until`
    no longer does; `among` selects the ids that count, None all; `limit` is at most PAGE_MAX.
    """
    query = sa.select(CASES).order_by(CASES.c.opened_on, CASES.c.case_id).limit(min(limit, PAGE_MAX))
    if after is not None:
        day, case_id = after
        later = (CASES.c.opened_on == day) & (CASES.c.case_id > case_id)
        query = query.where(CASES.c.opened_on >= day, (CASES.c.opened_on > day) | later)
    if stage is not None:
        query = query.where(CASES.c.stage == stage)
    if lifecycle is not None:
        still_open = CASES.c.closed_on.is_(None)
        query = query.where(still_open if lifecycle == "open" else ~still_open)
    if debtor_ref is not None:
        query = query.where(CASES.c.debtor_ref == debtor_ref)
    if days_from is not None:
        query = query.where(CASES.c.days_past_due >= days_from)
    if days_until is not None:
        query = query.where(CASES.c.days_past_due < days_until)
    if among is not None:
        query = query.where(CASES.c.case_id.in_(among))
    query = query.where(*within(pin, lane=CASES.c.lane, position=CASES.c.made_at))
    return [CaseRow(*row) for row in connection.execute(query)]


def one(connection: sa.Connection, case_id: str) -> CaseRow | None:
    """The row of a case, None if the view does not hold it."""
    found = connection.execute(sa.select(CASES).where(CASES.c.case_id == case_id)).first()
    return CaseRow(*found) if found else None


def some(connection: sa.Connection, case_ids: Sequence[str]) -> dict[str, CaseRow]:
    """The rows of several cases (at most PAGE_MAX), by id."""
    query = sa.select(CASES).where(CASES.c.case_id.in_(list(case_ids)[:PAGE_MAX]))
    return {row[0]: CaseRow(*row) for row in connection.execute(query)}
