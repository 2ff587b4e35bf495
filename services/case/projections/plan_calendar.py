"""Which instalments of plans fall due when, which were missed, and until when can a breach be cured?

One row an instalment and one a plan, as the record has them. The money behind them is judged case by case; a plan
that is looked at on two clocks is read from its case (asked_as_of.py).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain import plan
from services.case.domain.events import (
    PlanAgreed,
    PlanBreachCured,
    PlanBreached,
    PlanCompleted,
    PlanDefaulted,
    PlanEvent,
    PlanInstalmentMissed,
    PlanInstalmentPaid,
    PlanInstalmentReopened,
    PlanReopened,
    PlanReplaced,
    PlanTerminated,
)
from services.case.projections.book_pages import After, amount, day, placed, stored, thing, turned
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

STATUSES = (plan.OPEN, plan.PAID, plan.MISSED)
PLAN_STATUSES = (plan.ACTIVE, plan.BREACHED, plan.DEFAULTED, plan.COMPLETED, plan.TERMINATED)

_META = sa.MetaData()
PLANS = sa.Table(
    "case_plan_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("cure_by", sa.Date),
    sa.Column("terminated_on", sa.Date),
)
INSTALMENTS = sa.Table(
    "case_plan_instalment_v1",
    _META,
    *placed(),
    sa.Column("plan_thing", sa.Text, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Index("case_plan_instalment_v1_due", "due", "thing"),
    sa.Index("case_plan_instalment_v1_status", "status", "due", "thing"),
    sa.Index("case_plan_instalment_v1_case", "case_id"),
)

PlanSeen: TypeAlias = Recorded[PlanEvent | Erased]


class PlanStanding(NamedTuple):
    """A plan's status since a day; `cure_by` is the last day to cure a breach, where there is one.

    `terminated_on`: somebody ended it then, which counts again should it reopen.
    """

    thing: str
    status: str
    since: date
    cure_by: date | None
    terminated_on: date | None = None


class InstalmentRow(NamedTuple):
    """An instalment, with how its plan stands."""

    thing: str
    lane: int
    made_at: int
    case_id: str
    plan: str
    number: int
    due: date
    amount_minor: int
    currency: str
    status: str
    plan_status: str
    cure_by: date | None

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.due, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "plan": self.plan,
            "case": self.case_id,
            "number": self.number,
            "due": day(self.due),
            "amount": amount(self.amount_minor, self.currency),
            "status": self.status,
            "plan_status": self.plan_status,
            "cure_by": day(self.cure_by),
        }


def wants(seen: PlanSeen) -> Iterable[tuple[str, str]]:
    """The row of the plan, or that of the instalment."""
    match seen.event:
        case Erased():
            return ()
        case PlanInstalmentPaid() | PlanInstalmentMissed() | PlanInstalmentReopened() as one:
            return ((INSTALMENTS.name, thing(seen.stream, one.plan, one.number)),)
        case PlanAgreed():
            return ((PLANS.name, thing(seen.stream, seen.event.plan)),)
    return ((PLANS.name, thing(seen.stream, seen.event.plan)),) if isinstance(seen.event, _OF_A_PLAN) else ()


_SAID: dict[type, str] = {
    PlanInstalmentPaid: plan.PAID,
    PlanInstalmentMissed: plan.MISSED,
    PlanInstalmentReopened: plan.OPEN,
}
_OF_A_PLAN = (
    PlanTerminated, PlanReplaced, PlanBreached, PlanBreachCured, PlanDefaulted, PlanCompleted, PlanReopened,
)  # fmt: skip


def apply(seen: PlanSeen, rows: Working) -> None:
    """The plan or its instalment after one more event; of a plan whose terms were erased nothing is shown."""
    match seen.event:
        case PlanAgreed() as agreed:
            _agreed(seen, agreed, rows)
        case PlanInstalmentPaid() | PlanInstalmentMissed() | PlanInstalmentReopened() as one:
            key = thing(seen.stream, one.plan, one.number)
            found = rows.get(INSTALMENTS, key)
            if found is not None:
                rows.put(INSTALMENTS, key, (*found[:-1], _SAID[type(one)]))
        case _ as event:
            if isinstance(event, _OF_A_PLAN):
                key = thing(seen.stream, event.plan)
                known = rows.get(PLANS, key)
                if known is not None:
                    rows.put(PLANS, key, _standing(PlanStanding(*known), event))


def _agreed(seen: PlanSeen, agreed: PlanAgreed, rows: Working) -> None:
    case_id = seen.stream
    of = thing(case_id, agreed.plan)
    if rows.get(PLANS, of) is not None:
        return
    rows.put(PLANS, of, PlanStanding(of, plan.ACTIVE, agreed.on, None))
    for one in agreed.instalments:
        key = thing(case_id, agreed.plan, one.number)
        place = (key, seen.lane, seen.position, case_id, of, agreed.plan)
        terms = (one.number, one.due, one.amount.minor, one.amount.currency)
        rows.put(INSTALMENTS, key, (*place, *terms, plan.OPEN))


def _standing(
    row: PlanStanding,
    event: PlanTerminated
    | PlanReplaced
    | PlanBreached
    | PlanBreachCured
    | PlanDefaulted
    | PlanCompleted
    | PlanReopened,
) -> PlanStanding:
    match event:
        case PlanTerminated():
            return PlanStanding(row.thing, plan.TERMINATED, event.on, None, event.on)
        case PlanReopened() if row.terminated_on is not None:
            return row._replace(status=plan.TERMINATED, since=row.terminated_on, cure_by=None)
        case PlanBreached():
            return row._replace(status=plan.BREACHED, since=event.as_of, cure_by=event.cure_by)
    status = {
        PlanReplaced: plan.TERMINATED,
        PlanBreachCured: plan.ACTIVE,
        PlanReopened: plan.ACTIVE,
        PlanDefaulted: plan.DEFAULTED,
        PlanCompleted: plan.COMPLETED,
    }[type(event)]
    return row._replace(status=status, since=event.as_of, cure_by=None)


VIEW = View(
    name="case.plans",
    version=1,
    tables=(PLANS, INSTALMENTS),
    apply=apply,
    wants=wants,
    streams=("case",),
    types=stored(PlanAgreed, *_SAID, *_OF_A_PLAN),
)


def page(
    connection: sa.Connection,
    *,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
    status: str | None = None,
    plan_status: str | None = None,
    due_from: date | None = None,
    due_until: date | None = None,
    case_id: str | None = None,
) -> list[InstalmentRow]:
    """Instalments by (due, thing), at most PAGE_MAX. `due_until` belongs to the range no longer."""
    columns = INSTALMENTS.c
    shown = [columns[name] for name in InstalmentRow._fields if name not in ("plan_status", "cure_by")]
    query = sa.select(*shown, PLANS.c.status, PLANS.c.cure_by).join(
        PLANS, PLANS.c.thing == columns.plan_thing
    )
    if status is not None:
        query = query.where(columns.status == status)
    if plan_status is not None:
        query = query.where(PLANS.c.status == plan_status)
    if due_from is not None:
        query = query.where(columns.due >= due_from)
    if due_until is not None:
        query = query.where(columns.due < due_until)
    if case_id is not None:
        query = query.where(columns.case_id == case_id)
    query = turned(query, columns, "due", after=after, limit=limit, pin=pin)
    return [InstalmentRow(*row) for row in connection.execute(query)]
