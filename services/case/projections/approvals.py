"""What waits for a second person, and who decided what was proposed?

One row a proposal that needs two people: settlements below the free discount, waivers above the limit, write-offs, and
that a collector keeps a case or another helps with it, where no money is given up.
What stands without a second person is not here. A proposal on a closed case waits, but cannot be decided until the
case is opened again.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import settlement
from services.case.domain.events import (
    CaseClosed,
    CaseEvent,
    CaseReopened,
    DebtWrittenOff,
    OriginalDebtRevived,
    Settled,
    SettlementApproved,
    SettlementDefaulted,
    SettlementLapsed,
    SettlementProposed,
    SettlementRejected,
    WaiverApproved,
    WaiverProposed,
    WaiverRejected,
    WriteOffProposed,
    WriteOffRejected,
)
from services.case.domain.facts import keeping as k
from services.case.projections.book_pages import After, amount, day, placed, stored, thing, turned
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased, ErasedValue

SETTLEMENT, WAIVER, WRITE_OFF = "SETTLEMENT", "WAIVER", "WRITE_OFF"
RETENTION, ASSISTANCE = "RETENTION", "ASSISTANCE"
KINDS = (SETTLEMENT, WAIVER, WRITE_OFF, RETENTION, ASSISTANCE)
WAITING, APPROVED, REJECTED, LAPSED = "WAITING", "APPROVED", "REJECTED", "LAPSED"
STATUSES = (WAITING, APPROVED, REJECTED, LAPSED)

_META = sa.MetaData()
CASES = sa.Table(
    "case_approval_case_v2",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("closed", sa.Boolean, nullable=False),
)
APPROVALS = sa.Table(
    "case_approval_v2",
    _META,
    *placed(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger),
    sa.Column("given_up_minor", sa.BigInteger),
    sa.Column("currency", sa.Text),
    sa.Column("proposed_on", sa.Date, nullable=False),
    sa.Column("proposed_by", sa.Text),
    sa.Column("expires_on", sa.Date),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("decided_on", sa.Date),
    sa.Column("decided_by", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("became", sa.Text),
    sa.Column("gains", sa.Text),
    sa.Index("case_approval_v2_since", "proposed_on", "thing"),
    sa.Index("case_approval_v2_status", "status", "proposed_on", "thing"),
    sa.Index("case_approval_v2_case", "case_id"),
)

ApprovalSeen: TypeAlias = Recorded[CaseEvent | Erased]
Proposed: TypeAlias = (
    SettlementProposed | WaiverProposed | WriteOffProposed | k.RetentionRequested | k.AssistanceRequested
)
_PROPOSED = (
    SettlementProposed, WaiverProposed, WriteOffProposed, k.RetentionRequested, k.AssistanceRequested,
)  # fmt: skip


class ApprovalRow(NamedTuple):
    """A proposal. The one who made it, or decided it, is None once that name was erased.

    `amount_minor` is what a settlement would bring, `given_up_minor` what would be given up. From `expires_on` on
    nothing can be decided. `became`: what a settlement that was approved came to, PAID, LAPSED or DEFAULTED. `gains`:
    who would keep the case, or help with it.
    """

    thing: str
    lane: int
    made_at: int
    case_id: str
    kind: str
    item: str
    amount_minor: int | None
    given_up_minor: int | None
    currency: str | None
    proposed_on: date
    proposed_by: str | None
    expires_on: date | None
    status: str
    decided_on: date | None
    decided_by: str | None
    reason: str | None
    became: str | None
    gains: str | None = None
    closed: bool = False

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.proposed_on, self.thing

    def approvable(self, *, by: str | None, today: date) -> bool:
        """May this person decide it today? Never who proposed it (shared/kernel/four_eyes.py), nor who gains by it."""
        late = self.expires_on is not None and today >= self.expires_on
        others = by is None or (self.proposed_by != by and self.gains != by.rpartition("/")[2])
        return self.status == WAITING and others and not late and not self.closed

    def as_json(self, *, by: str | None, today: date) -> dict[str, Any]:
        """How HTTP and the command line show it to the person `by` (None: nobody in particular)."""
        return {
            "id": self.item,
            "kind": self.kind,
            "case": self.case_id,
            "amount": amount(self.amount_minor, self.currency or ""),
            "given_up": amount(self.given_up_minor, self.currency or ""),
            "proposed_by": self.proposed_by,
            "proposed_on": day(self.proposed_on),
            "expires_on": day(self.expires_on),
            "status": self.status,
            "approvable": self.approvable(by=by, today=today),
            "mine": by is not None and self.proposed_by == by,
            "decided_by": self.decided_by,
            "decided_on": day(self.decided_on),
            "reason": self.reason,
            "became": self.became,
        }


_DECISIONS = (
    SettlementApproved, SettlementRejected, WaiverApproved, WaiverRejected, DebtWrittenOff, WriteOffRejected,
    k.CaseRetained, k.RetentionDeclined, k.AssistanceGranted, k.AssistanceDeclined,
)  # fmt: skip
_ENDS = (
    SettlementLapsed, Settled, SettlementDefaulted, OriginalDebtRevived, k.RetentionExpired, k.AssistanceExpired,
)  # fmt: skip


def wants(seen: ApprovalSeen) -> Iterable[tuple[str, str]]:
    """The proposal's row, and that of its case."""
    match seen.event:
        case proposed if isinstance(proposed, _PROPOSED):
            return ((APPROVALS.name, _thing(seen.stream, proposed)), (CASES.name, seen.stream))
        case CaseClosed() | CaseReopened():
            return ((CASES.name, seen.stream),)
        case _ as event:
            named = isinstance(event, _DECISIONS + _ENDS)
            return ((APPROVALS.name, _thing(seen.stream, event)),) if named else ()


def _thing(case_id: str, event: Any) -> str:
    """The key of what an event proposes or decides: kinds may use one reference each."""
    for kind in KINDS:
        name = kind.lower()
        if hasattr(event, name):
            return thing(case_id, kind, getattr(event, name))
    raise AssertionError("every proposal has a reference")


def apply(seen: ApprovalSeen, rows: Working) -> None:
    """The proposal after one more event; what was proposed in an erased section is not shown."""
    match seen.event:
        case proposed if isinstance(proposed, _PROPOSED):
            row = _proposed(seen, proposed)
            if row is not None and rows.get(APPROVALS, row.thing) is None:
                rows.put(APPROVALS, row.thing, row[:-1])
                if rows.get(CASES, seen.stream) is None:
                    rows.put(CASES, seen.stream, (seen.stream, False))
        case CaseClosed() | CaseReopened() as moved:
            if rows.get(CASES, seen.stream) is not None:
                rows.put(CASES, seen.stream, (seen.stream, isinstance(moved, CaseClosed)))
        case _ as event:
            if isinstance(event, _DECISIONS + _ENDS):
                key = _thing(seen.stream, event)
                found = rows.get(APPROVALS, key)
                if found is not None:
                    rows.put(APPROVALS, key, _after(ApprovalRow(*found), event)[:-1])


def _name(value: object) -> str | None:
    """Who did it, None once the name was erased."""
    return None if isinstance(value, ErasedValue) else str(value)


def _proposed(seen: ApprovalSeen, event: Proposed) -> ApprovalRow | None:
    """The row of a proposal, None where no second person is needed."""
    if isinstance(event, k.RetentionRequested | k.AssistanceRequested):
        return _of_keeping(seen, event)
    expires: date | None = None
    brings: int | None = None
    match event:
        case SettlementProposed():
            kind, item, expires = SETTLEMENT, event.settlement, event.pay_by
            brings, given_up = event.amount.minor, event.owed - event.amount
        case WaiverProposed():
            kind, item, given_up = WAIVER, event.waiver, event.amounts.total
        case WriteOffProposed():
            kind, item, given_up = WRITE_OFF, event.write_off, event.owed
    if not isinstance(event, WriteOffProposed) and not event.needs_approval:
        return None
    return ApprovalRow(
        thing(seen.stream, kind, item), seen.lane, seen.position, seen.stream, kind, item, brings, given_up.minor,
        given_up.currency, event.on, _name(event.by), expires, WAITING, None, None, None, None,
    )  # fmt: skip


def _of_keeping(seen: ApprovalSeen, event: k.RetentionRequested | k.AssistanceRequested) -> ApprovalRow:
    """That somebody keeps a case, or helps with it: no money is given up."""
    if isinstance(event, k.RetentionRequested):
        kind, item, gains = RETENTION, event.retention, _name(event.collector)
    else:
        kind, item, gains = ASSISTANCE, event.assistance, _name(event.helper)
    return ApprovalRow(
        thing(seen.stream, kind, item), seen.lane, seen.position, seen.stream, kind, item, None, None, None,
        event.on, _name(event.by), event.until, WAITING, None, None, None, None, gains,
    )  # fmt: skip


def _after(row: ApprovalRow, event: Any) -> ApprovalRow:
    match event:
        case (
            SettlementApproved()
            | WaiverApproved()
            | DebtWrittenOff()
            | k.CaseRetained()
            | k.AssistanceGranted()
        ):
            return row._replace(status=APPROVED, decided_on=event.on, decided_by=_name(event.by))
        case (
            SettlementRejected()
            | WaiverRejected()
            | WriteOffRejected()
            | k.RetentionDeclined()
            | k.AssistanceDeclined()
        ):
            return row._replace(
                status=REJECTED, decided_on=event.on, decided_by=_name(event.by), reason=event.reason
            )
        case SettlementLapsed() | k.RetentionExpired() | k.AssistanceExpired() if row.status == WAITING:
            return row._replace(status=LAPSED)
        case SettlementLapsed():
            return row._replace(became=settlement.LAPSED)
        case Settled():
            return row._replace(became=settlement.PAID)
        case SettlementDefaulted():
            return row._replace(became=settlement.DEFAULTED)
        case OriginalDebtRevived():
            return row._replace(became=None)
    return row


VIEW = View(
    name="case.approvals",
    version=2,
    tables=(APPROVALS, CASES),
    apply=apply,
    wants=wants,
    streams=("case",),
    types=stored(*_PROPOSED, CaseClosed, CaseReopened, *_DECISIONS, *_ENDS),
)


def page(
    connection: sa.Connection,
    *,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    status: str | None = None,
    kind: str | None = None,
    case_id: str | None = None,
    maker: str | None = None,
    not_by: str | None = None,
) -> list[ApprovalRow]:
    """Proposals by (proposed_on, thing), the oldest first, at most PAGE_MAX.

    `maker`: those of this person; `not_by`: those of everybody else.
    """
    columns = APPROVALS.c
    query = sa.select(APPROVALS, CASES.c.closed).join(CASES, CASES.c.case_id == columns.case_id)
    wanted = {"status": status, "kind": kind, "case_id": case_id, "proposed_by": maker}
    query = query.where(*(columns[name] == value for name, value in wanted.items() if value is not None))
    if not_by is not None:
        query = query.where(columns.proposed_by.is_distinct_from(not_by))
    query = turned(query, columns, "proposed_on", after=after, limit=limit, pin=pin)
    return [ApprovalRow(*row) for row in connection.execute(query)]
