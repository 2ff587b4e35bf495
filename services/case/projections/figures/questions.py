"""Every KPI by name: which views it is counted from, and how; its answer, its items, and what changed between times."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from services.case.domain.figures import catalogue
from services.case.domain.figures.asked import Asked
from services.case.domain.figures.catalogue import TEAM, Kpi
from services.case.domain.figures.measure import Figure, Item, figures
from services.case.projections import balances
from services.case.projections.figures import (
    cash,
    complaints,
    contacts,
    costs,
    counted,
    course,
    cures,
    kept,
    rolls,
    standings,
)
from services.case.projections.figures.source import Source
from services.case.projections.staffing import directory
from shared.eventstore.projection.view import View

Counting: TypeAlias = Callable[[Source], Iterator[Item]]
VIEWS: tuple[View, ...] = (counted.VIEW, standings.VIEW, costs.VIEW)
"""The views that figures have to themselves."""

_COUNTED: Mapping[str, tuple[Counting, tuple[View, ...]]] = {
    "roll": (rolls.roll, (counted.VIEW, standings.VIEW)),
    "cure": (cures.cure, (counted.VIEW, balances.VIEW)),
    "contact": (contacts.contact, (counted.VIEW,)),
    "promise": (contacts.promise, (counted.VIEW,)),
    "promise-kept": (kept.kept, (counted.VIEW,)),
    "recovery": (cash.recovery, (counted.VIEW, balances.VIEW)),
    "liquidation": (cash.liquidation, (counted.VIEW, balances.VIEW, costs.VIEW)),
    "days": (course.days, (counted.VIEW,)),
    "complaints": (complaints.complaints, (counted.VIEW,)),
    "cost": (cash.cost, (counted.VIEW, balances.VIEW, costs.VIEW)),
    "overdue": (rolls.overdue, (counted.VIEW, standings.VIEW)),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures of a KPI, and the things they were counted from where those were asked for."""

    kpi: Kpi
    asked: Asked
    figures: list[Figure]
    items: list[Item]


def views(name: str, by: str | None = None) -> tuple[View, ...]:
    """The views a KPI is counted from. Raises KpiUnknown."""
    catalogue.kpi(name)
    return (*_COUNTED[name][1], *((directory.VIEW,) if by == TEAM else ()))


def answer(connection: sa.Connection, name: str, asked: Asked, *, things: bool = False) -> Answer:
    """The KPI on both clocks of the question; with `things` also what it was counted from.

    Raises KpiUnknown, BreakdownRefused.
    """
    kpi = catalogue.kpi(name)
    kpi.broken_down(asked.by)
    source = Source(connection, asked, lambda day: directory.teams(connection, day, known_at=asked.known_at))
    count, _ = _COUNTED[name]
    history = source.history
    items = count(source)
    if history and not asked.history:
        items = (one for one in items if (one.case_id, one.thing) not in history)
    kept = list(items) if things else []
    return Answer(kpi, asked, figures(kept if things else items, kpi.by_code, history=history), kept)
