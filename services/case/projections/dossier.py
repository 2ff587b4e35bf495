"""What does a screen show of a case at one glance, and by what do lists of cases sort and filter?

One row a case, as the record has it: what was judged and written down counts, not what would be judged today. What
is exact for a day is asked of the ledger (asked_as_of.py). `debtor_ref` and `collector` name a person and stand in
columns of their own, so that they can be scrubbed; nothing else here does.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

import msgspec
import sqlalchemy as sa

from services.case.domain import events as e
from services.case.domain import mode
from services.case.domain.case_facts import day_of
from services.case.projections import dossier_tried
from services.case.projections.debts_reported import Debts, joined, left, read, reported, total, written
from services.case.projections.dossier_things import Things, evolve, guards, still_open
from services.case.projections.policy_named import policy_named
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED, Erased
from shared.kernel import clock, money
from shared.messaging.published import instant

_META = sa.MetaData()
DOSSIERS = sa.Table(
    "case_dossier_v4",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("debtor_ref", sa.Text),
    sa.Column("collector", sa.Text),
    sa.Column("episode", sa.Integer),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("closed_on", sa.Date),
    sa.Column("reason", sa.Text),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("stage", sa.Text),
    sa.Column("days_past_due", sa.Integer),
    sa.Column("reported_on", sa.Date),
    sa.Column("arrears_minor", sa.BigInteger),
    sa.Column("currency", sa.Text),
    sa.Column("promise_due", sa.Date),
    sa.Column("plan_status", sa.Text),
    sa.Column("instalment_due", sa.Date),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("attempted_at", Instant),
    sa.Column("attempt_channel", sa.Text),
    sa.Column("attempt_outcome", sa.Text),
    sa.Column("paid_on", sa.Date),
    sa.Column("paid_ref", sa.Text),
    sa.Column("paid_minor", sa.BigInteger),
    sa.Column("returned_minor", sa.BigInteger, nullable=False),
    sa.Column("guards", sa.Text, nullable=False),
    sa.Column("things", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("debts", sa.Text, nullable=False),
    sa.Column("tried", sa.Text, nullable=False),
)  # fmt: skip
sa.Index("case_dossier_v4_promise", DOSSIERS.c.promise_due, DOSSIERS.c.case_id)
sa.Index("case_dossier_v4_instalment", DOSSIERS.c.instalment_due, DOSSIERS.c.case_id)
sa.Index("case_dossier_v4_collector", DOSSIERS.c.collector, DOSSIERS.c.case_id)
sa.Index("case_dossier_v4_debtor", DOSSIERS.c.debtor_ref, DOSSIERS.c.episode)

NOTHING = "{}"
CaseSeen: TypeAlias = Recorded[e.CaseEvent | Erased]
_encode = msgspec.json.Encoder(order="deterministic").encode


class Dossier(NamedTuple):
    """A row of the view. Days are the policy's zone's; `closed_on` is None while the case is open.

    `promise_due` is the day of the open promise that falls due first, `instalment_due` that of the running plan's
    first instalment that is not paid. `returned_minor` is what came back of the last payment. `things` is JSON:
    kind -> id -> what is known of it. `debts` is what was said of each account where there are several. `position` is
    that of the last event in it, recorded at `recorded_at`.
    """

    case_id: str
    lane: int
    debtor_ref: str | None
    collector: str | None
    episode: int | None
    opened_on: date
    closed_on: date | None
    reason: str | None
    mode: str
    stage: str | None
    days_past_due: int | None
    reported_on: date | None
    arrears_minor: int | None
    currency: str | None
    promise_due: date | None
    plan_status: str | None
    instalment_due: date | None
    attempts: int
    attempted_at: datetime | None
    attempt_channel: str | None
    attempt_outcome: str | None
    paid_on: date | None
    paid_ref: str | None
    paid_minor: int | None
    returned_minor: int
    guards: str
    things: str
    version: int
    position: int
    recorded_at: datetime
    debts: str = ""
    tried: str = ""

    def as_json(self) -> dict[str, Any]:
        """How HTTP shows it; `holds` are those nobody lifted, whose interval may lie ahead or behind."""
        held: Things = still_open(msgspec.json.decode(self.things))
        last_paid = last_try = None
        if self.paid_on is not None:
            last_paid = {
                "on": self.paid_on.isoformat(),
                "amount": self._amount(self.paid_minor),
                "returned": self._amount(self.returned_minor),
            }
        if self.attempted_at is not None:
            last_try = {
                "at": instant(self.attempted_at),
                "channel": self.attempt_channel,
                "outcome": self.attempt_outcome,
            }
        return {
            "id": self.case_id,
            "debtor_ref": self.debtor_ref,
            "collector": self.collector,
            "episode": self.episode,
            "lifecycle": "open" if self.closed_on is None else "closed",
            "opened_on": self.opened_on.isoformat(),
            "closed_on": _day(self.closed_on),
            "reason": self.reason,
            "mode": self.mode,
            "stage": self.stage,
            "days_past_due": self.days_past_due,
            "reported_on": _day(self.reported_on),
            "arrears": self._amount(self.arrears_minor),
            "keeps_open": self.guards.split(),
            "promise_due": _day(self.promise_due),
            "plan_status": self.plan_status,
            "instalment_due": _day(self.instalment_due),
            "attempts": self.attempts,
            "last_attempt": last_try,
            "last_payment": last_paid,
            "open": held,
            "version": self.version,
            "recorded_at": instant(self.recorded_at),
        }

    def _amount(self, minor: int | None) -> dict[str, str] | None:
        if minor is None or self.currency is None:
            return None
        return {"amount": money.decimal(minor, self.currency), "currency": self.currency}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def wants(seen: CaseSeen) -> Iterable[tuple[str, str]]:
    """The case's row, if there can be one yet."""
    return ((DOSSIERS.name, seen.row.stream_id),) if seen.row.version > 1 else ()


def apply(seen: CaseSeen, rows: Working) -> None:
    """The case's row after one more event."""
    stored = seen.row
    found = rows.get(DOSSIERS, stored.stream_id)
    row = Dossier(*found) if found else _new(seen)
    if not isinstance(seen.event, Erased):
        row = _figures(_with_things(row, seen.event), seen.event)
    rows.put(
        DOSSIERS,
        stored.stream_id,
        row._replace(version=stored.version, position=stored.position, recorded_at=stored.recorded_at),
    )


def _new(seen: CaseSeen) -> Dossier:
    """What the envelope alone says of a case."""
    stored = seen.row
    day = clock.day_in(stored.effective_at, policy_named(stored.policy).zone)
    return Dossier(
        stored.stream_id, stored.lane, None, None, None, day, None, None, mode.INTERNAL, None, None, None, None,
        None, None, None, None, 0, None, None, None, None, None, None, 0, "", NOTHING, 0, 0, stored.recorded_at,
    )  # fmt: skip


def _with_things(row: Dossier, event: e.CaseEvent) -> Dossier:
    """The row with what was agreed or raised, and the days that lists sort by."""
    things: Things = {} if row.things == NOTHING else msgspec.json.decode(row.things)
    if not evolve(things, event):
        return row
    held = still_open(things)
    dues = [one["due"] for one in held.get("promises", {}).values()]
    plans = things.get("plans", {})
    running = held.get("plans", {})
    # The plan that runs, else the one that was agreed last.
    ref = max(running or plans, key=lambda ref: (plans[ref]["from"], ref), default=None)
    unpaid = [
        one["due"]
        for plan in running.values()
        for one in plan.get("instalments", ())
        if one["status"] != "PAID"
    ]
    return row._replace(
        things=_encode(things).decode(),
        guards=" ".join(guards(things)),
        promise_due=date.fromisoformat(min(dues)) if dues else None,
        plan_status=plans[ref]["status"] if ref else None,
        instalment_due=date.fromisoformat(min(unpaid)) if unpaid else None,
    )


def _figures(row: Dossier, event: e.CaseEvent) -> Dossier:
    match event:
        case e.ArrearsCorrected() if row.reported_on is not None and event.as_of < row.reported_on:
            return row
        case e.ArrearsReported() | e.ArrearsCorrected():
            after = _reported(row, event)
            return _together(after, reported(read(row.debts), event)) if row.debts else after
        case e.DebtAttached():
            known = (row.arrears_minor or 0, row.days_past_due or 0)
            debts = joined(read(row.debts), event, version=row.version + 1, minor=known[0], days=known[1])
            return _together(row, debts) if debts else row
        case e.DebtDetached():
            return _together(row, left(read(row.debts), event))
        case e.CaseOpened():
            debtor: object = event.debtor_ref
            whose = None if debtor is ERASED else event.debtor_ref
            opened = row._replace(debtor_ref=whose, episode=event.episode, opened_on=event.as_of)
            return _reported(opened, event)
        case e.StageEntered():
            # A stage passed on the way to the one reported is of an earlier day: its days are older than those known.
            older = row.reported_on is not None and event.as_of < row.reported_on
            days = row.days_past_due if older else event.days_past_due
            return row._replace(stage=event.stage, days_past_due=days)
        case e.CaseClosed():
            return row._replace(closed_on=event.as_of, reason=event.reason)
        case e.CaseReopened():
            return row._replace(closed_on=None, reason=None)
        case e.HandlingModeChanged():
            return row._replace(mode=event.mode)
        case e.CaseAllocated():
            collector: object = event.collector
            return row._replace(collector=None if collector is ERASED else event.collector)
        case e.ContactAttempted() | e.ContactRevised():
            return _tried(row, event)
        case e.PaymentReceived() if row.paid_on is None or day_of(event) >= row.paid_on:
            return row._replace(
                paid_on=day_of(event),
                paid_ref=event.payment,
                paid_minor=event.amount.minor,
                returned_minor=0,
                currency=event.amount.currency,
            )
        case e.PaymentReturned() if row.paid_ref is not None and event.payment == row.paid_ref:
            return row._replace(returned_minor=row.returned_minor + event.amount.minor)
        case _:
            return row


def _reported(row: Dossier, event: e.CaseOpened | e.ArrearsReported | e.ArrearsCorrected) -> Dossier:
    return row._replace(
        days_past_due=event.days_past_due,
        reported_on=event.as_of,
        arrears_minor=event.arrears.minor,
        currency=event.arrears.currency,
    )


def _tried(row: Dossier, event: e.ContactAttempted | e.ContactRevised) -> Dossier:
    """The row with an attempt, or with what is known of it by now; the last attempt may be another for that."""
    after = dossier_tried.after(row.tried, event)
    counted, last = dossier_tried.counted(after)
    return row._replace(
        tried=after,
        attempts=counted,
        attempted_at=None if last is None else last.at,
        attempt_channel=None if last is None else last.channel,
        attempt_outcome=None if last is None else last.outcome,
    )


def _together(row: Dossier, debts: Debts) -> Dossier:
    """The row of a case of several accounts."""
    minor, days = total(debts)
    return row._replace(arrears_minor=minor, days_past_due=days, debts=written(debts))


VIEW = View(name="case.dossier", version=4, tables=(DOSSIERS,), apply=apply, wants=wants, streams=("case",))


def dossier(connection: sa.Connection, case_id: str) -> Dossier | None:
    """A case at one glance, None if the view does not hold it."""
    found = connection.execute(sa.select(DOSSIERS).where(DOSSIERS.c.case_id == case_id)).first()
    return Dossier(*found) if found else None


def among(*, collector: str | None, mode: str | None) -> sa.Select[tuple[str]] | None:
    """The ids of the cases that a collector has, or that are handled so; None where neither is asked for."""
    wanted = [
        column == value
        for column, value in ((DOSSIERS.c.collector, collector), (DOSSIERS.c.mode, mode))
        if value is not None
    ]
    return sa.select(DOSSIERS.c.case_id).where(*wanted) if wanted else None
