"""What can be counted of a case: one row for each thing, with the day it is effective on and when we learnt it.

Rows are only ever added, so both clocks of a question are WHERE clauses. Money and arrears are not here: their
postings are in `case.balances`, and what a lender's statements say of an account in `case.account_months`.
`command` tells which rows came of one decision: a judgement rests on the facts that came with it.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import balance
from services.case.domain import events as e
from services.case.projections.book_pages import stored
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED, Erased

OPENED, CURED, CLOSED, REOPENED = "OPENED", "CURED", "CLOSED", "REOPENED"
DEBT_JOINED, DEBT_LEFT, STAGE, ALLOCATED = "DEBT_JOINED", "DEBT_LEFT", "STAGE", "ALLOCATED"
ATTEMPT, PAYMENT, RETURN, HISTORY = "ATTEMPT", "PAYMENT", "RETURN", "HISTORY"
REVISED, RETRACTED = "ATTEMPT_REVISED", "ATTEMPT_RETRACTED"
"""What is known of an attempt by a later revision, in place of what was; and that there was none."""
PROMISE, AMENDED, CANCELLED = "PROMISE", "AMENDED", "CANCELLED"
KEPT, PARTLY_KEPT, BROKEN, JUDGED_ANEW = "KEPT", "PARTLY_KEPT", "BROKEN", "JUDGED_ANEW"
COMPLAINT, ANSWER, HOLD, HOLD_ENDED = "COMPLAINT", "ANSWER", "HOLD", "HOLD_ENDED"
PLACED, RESTRUCTURED, RESTRUCTURE_ENDED = "PLACED", "RESTRUCTURED", "RESTRUCTURE_ENDED"
SETTLED, UNSETTLED, CHARGED_OFF, CHARGE_OFF_BACK, WRITTEN_OFF = (
    "SETTLED", "UNSETTLED", "CHARGED_OFF", "CHARGE_OFF_BACK", "WRITTEN_OFF",
)  # fmt: skip
BREACH = "BREACH"

_META = sa.MetaData()
COUNTED = sa.Table(
    "case_counted_v2",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("thing", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("collector", sa.Text),
    sa.Column("amount_minor", sa.BigInteger),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("because", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Index("case_counted_v2_kind", "kind", "effective_on"),
)

CaseSeen: TypeAlias = Recorded[e.CaseEvent | Erased]


class Said(NamedTuple):
    """What one event gives to count."""

    kind: str
    on: date
    thing: str
    code: str = ""
    channel: str = ""
    detail: str = ""
    collector: str | None = None
    minor: int | None = None
    currency: str = ""
    until: date | None = None
    revision: int = 1


def apply(seen: CaseSeen, rows: Working) -> None:
    """The rows of one event; what was erased is no longer counted."""
    event, stored_as = seen.event, seen.row
    if isinstance(event, Erased):
        return
    for line, said in enumerate(_said(event), 1):
        rows.add(
            COUNTED,
            (
                stored_as.stream_id, stored_as.version, line, stored_as.lane, said.kind, said.on,
                stored_as.recorded_at, said.thing, said.code, said.channel, said.detail, said.collector,
                said.minor, said.currency, said.until, stored_as.command_id.hex(), stored_as.type,
                said.revision,
            ),
        )  # fmt: skip


def _said(event: e.CaseEvent) -> Iterable[Said]:
    for find in (_of_the_case, _of_the_work, _of_promises, _of_care, _of_ends):
        found = find(event)
        if found:
            return found
    return ()


def _of_the_case(event: e.CaseEvent) -> list[Said]:
    """How a case runs, and which accounts are in it."""
    match event:
        case e.CaseOpened():
            arrears = event.arrears
            opened = Said(
                OPENED, event.as_of, str(event.episode), minor=arrears.minor, currency=arrears.currency
            )
            return [opened, *(Said(DEBT_JOINED, event.as_of, account) for account in event.debts)]
        case e.DebtAttached():
            joining = event.arrears
            return [
                Said(DEBT_JOINED, event.on, event.account, minor=joining.minor, currency=joining.currency)
            ]
        case e.DebtDetached():
            return [Said(DEBT_LEFT, event.on, event.account, code=event.reason)]
        case e.StageEntered():
            return [Said(STAGE, event.as_of, "", code=event.stage)]
        case e.CaseCured():
            return [Said(CURED, event.as_of, "")]
        case e.CaseClosed():
            return [Said(CLOSED, event.as_of, "", code=event.reason)]
        case e.CaseReopened():
            return [Said(REOPENED, event.as_of, "", code=event.reason)]
        case _:
            return []


def _of_the_work(event: e.CaseEvent) -> list[Said]:
    """Who has the case, whom they tried to reach, what came in."""
    match event:
        case e.CaseAllocated():
            who: object = event.collector
            held = None if who is ERASED else event.collector
            return [Said(ALLOCATED, event.on, event.allocation, code=event.reason, collector=held)]
        case e.ContactAttempted():
            detail = BREACH if event.breach else ""
            return [
                Said(
                    ATTEMPT,
                    event.on,
                    event.attempt_ref,
                    code=event.outcome,
                    channel=event.channel,
                    detail=detail,
                )
            ]
        case e.ContactRevised():
            kind, detail = RETRACTED if event.retracted else REVISED, BREACH if event.breach else ""
            return [
                Said(
                    kind, event.on, event.attempt_ref, code=event.outcome, detail=detail, revision=event.revision
                )
            ]  # fmt: skip
        case e.PaymentReceived() if event.payment is not None:
            minor, currency = event.amount.minor, event.amount.currency
            named = balance.reference(event)
            return [
                Said(
                    PAYMENT,
                    event.period_from,
                    named,
                    channel=event.channel or "",
                    minor=minor,
                    currency=currency,
                )
            ]
        case e.PaymentReturned():
            minor, currency = event.amount.minor, event.amount.currency
            return [Said(RETURN, event.on, event.payment, code=event.reason, minor=minor, currency=currency)]
        case e.DebtPlacedWithAgency():
            return [Said(PLACED, event.on, event.placement, code=event.agency, until=event.until)]
        case e.HistoryTaken():
            return [Said(HISTORY, event.on, event.thing, code=event.what, detail=event.origin)]
        case _:
            return []


def _of_promises(event: e.CaseEvent) -> list[Said]:
    """Promises, and what the record says became of them."""
    match event:
        case e.PromiseToPay() | e.PromiseAmended():
            minor, currency = event.amount.minor, event.amount.currency
            kind = PROMISE if isinstance(event, e.PromiseToPay) else AMENDED
            return [Said(kind, event.on, event.promise, minor=minor, currency=currency, until=event.due)]
        case e.PromiseCancelled():
            return [Said(CANCELLED, event.on, event.promise, code=event.reason)]
        case e.PromiseKept() | e.PromisePartlyKept():
            minor, currency = event.appropriated.minor, event.appropriated.currency
            kind = KEPT if isinstance(event, e.PromiseKept) else PARTLY_KEPT
            return [Said(kind, event.as_of, event.promise, minor=minor, currency=currency)]
        case e.PromiseBroken():
            return [Said(BROKEN, event.as_of, event.promise)]
        case e.PromiseReopened():
            return [Said(JUDGED_ANEW, event.as_of, event.promise, code=event.previous)]
        case _:
            return []


def _of_care(event: e.CaseEvent) -> list[Said]:
    """Complaints, holds, and what eases the debt."""
    match event:
        case e.ComplaintReceived():
            return [
                Said(
                    COMPLAINT, event.on, event.complaint, code=event.kind, detail=" ".join(event.attempts),
                    until=event.answer_by,
                )
            ]  # fmt: skip
        case e.ComplaintAnswered():
            return [Said(ANSWER, event.on, event.complaint, code=event.finding)]
        case e.HoldPlaced():
            return [Said(HOLD, event.on, event.hold, code=event.kind, until=event.until)]
        case e.HoldLifted():
            return [Said(HOLD_ENDED, event.on, event.hold)]
        case e.HoldExpired():
            return [Said(HOLD_ENDED, event.as_of, event.hold)]
        case e.PlanAgreed():
            return [Said(RESTRUCTURED, event.on, event.plan, code="PLAN")]
        case e.ReliefGranted():
            return [Said(RESTRUCTURED, event.on, event.relief, code="RELIEF")]
        case e.WaiverApproved():
            return [Said(RESTRUCTURED, event.on, event.waiver, code="WAIVER")]
        case e.WaiverProposed() if not event.needs_approval:
            return [Said(RESTRUCTURED, event.on, event.waiver, code="WAIVER")]
        case e.PlanDefaulted():
            return [Said(RESTRUCTURE_ENDED, event.as_of, event.plan)]
        case _:
            return []


def _of_ends(event: e.CaseEvent) -> list[Said]:
    """How a debt leaves the buckets."""
    match event:
        case e.Settled():
            return [Said(SETTLED, event.as_of, event.settlement)]
        case e.OriginalDebtRevived():
            return [Said(UNSETTLED, event.as_of, event.settlement)]
        case e.DebtChargedOff():
            return [Said(CHARGED_OFF, event.on, event.charge_off)]
        case e.ChargeOffReversed():
            return [Said(CHARGE_OFF_BACK, event.on, event.charge_off)]
        case e.DebtWrittenOff():
            return [Said(WRITTEN_OFF, event.on, event.write_off)]
        case _:
            return []


VIEW = View(
    name="case.counted",
    version=2,
    tables=(COUNTED,),
    apply=apply,
    streams=("case",),
    types=stored(
        e.CaseOpened, e.DebtAttached, e.DebtDetached, e.StageEntered, e.CaseCured, e.CaseClosed, e.CaseReopened,
        e.CaseAllocated, e.ContactAttempted, e.ContactRevised, e.PaymentReceived, e.PaymentReturned,
        e.DebtPlacedWithAgency, e.HistoryTaken, e.PromiseToPay, e.PromiseAmended, e.PromiseCancelled,
        e.PromiseKept, e.PromisePartlyKept, e.PromiseBroken, e.PromiseReopened, e.ComplaintReceived,
        e.ComplaintAnswered, e.HoldPlaced, e.HoldLifted, e.HoldExpired, e.PlanAgreed, e.ReliefGranted,
        e.WaiverApproved, e.WaiverProposed, e.PlanDefaulted, e.Settled, e.OriginalDebtRevived, e.DebtChargedOff,
        e.ChargeOffReversed, e.DebtWrittenOff,
    ),
)  # fmt: skip
