"""What matters cost, by matter or by firm, by who bears it; what was taken back is left out."""

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.legal.projections.matters.tables import COSTS, amount
from shared.eventstore.projection.pinned import Pin, within

BY = ("matter", "firm")
PAGE_MAX = 500


class CostRow(NamedTuple):
    """The costs of a matter or firm in one currency. `firm` None: paid to no firm; `case` None: several, or unknown."""

    of: str | None
    case: str | None
    currency: str
    costs: int
    total: int
    lender: int
    debtor: int
    other_side: int

    @property
    def cursor(self) -> tuple[str, str]:
        """What `costs(after=…)` takes to go on behind this row."""
        return self.of or "", self.currency

    def as_json(self, by: str) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        shown = {
            name: amount(getattr(self, name), self.currency)
            for name in ("total", "lender", "debtor", "other_side")
        }
        return {
            "matter": self.of if by == "matter" else None,
            "firm": self.of if by == "firm" else None,
            "case": self.case,
            "costs": self.costs,
            **shown,
        }


def costs(
    connection: sa.Connection,
    *,
    by: str,
    as_of: date,
    case: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[CostRow]:
    """What was booked up to and including `as_of` and not taken back by then, by (matter or firm, currency)."""
    columns = COSTS.c
    of = sa.func.coalesce(columns.matter if by == "matter" else columns.firm, "")
    borne = [
        sa.func.sum(sa.case((columns.borne_by == who, columns.amount_minor), else_=0))
        for who in ("LENDER", "DEBTOR", "OTHER_SIDE")
    ]
    single = sa.case((sa.func.count(sa.distinct(columns.case_id)) == 1, sa.func.min(columns.case_id)))
    query = sa.select(
        of, single, columns.currency, sa.func.count(), sa.func.sum(columns.amount_minor), *borne
    ).where(
        columns.booked_on <= as_of,
        sa.or_(columns.reversed_on.is_(None), columns.reversed_on > as_of),
        *within(pin, lane=columns.lane, position=columns.made_at),
    )
    query = query if case is None else query.where(columns.case_id == case)
    if after is not None:
        query = query.where(sa.or_(of > after[0], sa.and_(of == after[0], columns.currency > after[1])))
    query = query.group_by(of, columns.currency).order_by(of, columns.currency).limit(min(limit, PAGE_MAX))
    return [_row(tuple(row)) for row in connection.execute(query)]


def _row(found: tuple[Any, ...]) -> CostRow:
    of, case, currency, number, *sums = found
    return CostRow(of or None, case, currency, number, *(int(one) for one in sums))
