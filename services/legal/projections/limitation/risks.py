"""Limitation at risk: which debts can soon no longer be enforced against whom, how much that is, and on what it stands.

Everything is read as of a day from all that bears on the debt. BEARS only leaves out what surely lasts longer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from services.legal.domain.clocks.counting import Span
from services.legal.domain.clocks.pack import LawPack, Length, Restarting
from services.legal.domain.clocks.reading import CALENDAR_MISSING, RUNNING, WAIVED
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.reading import DEBTOR, DebtReading, limitation
from services.legal.projections.limitation.heard import claims_of
from services.legal.projections.limitation.view import BEARS, BY_THE_BOOK, IN_CASE, OTHERS
from services.legal.projections.matters.tables import CLAIMS, MATTERS, amount, day
from shared.eventstore.projection.pinned import Pin, within

WITHIN = (180, 90, 30)
PAGE_MAX = 500
_CHUNK = 400
_MONTH_ENDS = timedelta(days=3)
"""By so many days at most is a period shorter where its last month has no such day."""
_RUNS = frozenset({RUNNING, WAIVED, CALENDAR_MISSING})
After: TypeAlias = tuple[date, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What was owed on a debt as the newest claim says, or, for the only debt of a case, its referral."""

    minor: int
    currency: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """A debt that expires against one person. `owed` None: nobody told the legal service how much it is."""

    case: str
    read: DebtReading
    owed: Owed | None
    as_of: date
    law: str

    @property
    def ends_on(self) -> date:
        """The last day to plan by: rolled where that can be told, else the raw day, which is surely in time."""
        assert self.read.raw_on is not None, "what is at risk has a last day"
        return self.read.expires_on or self.read.raw_on

    @property
    def cursor(self) -> After:
        """What a page goes on behind: the last day, and what makes it this one."""
        read = self.read
        return self.ends_on, "/".join((self.case, read.debt, read.person or "", read.what))

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        read, owed = self.read, self.owed
        return {
            "case": self.case,
            "debt": read.debt,
            "person": read.person,
            "role": read.role,
            "period": read.what,
            "clock": read.clock,
            "state": read.state,
            "day": day(self.ends_on),
            "raw_on": day(read.raw_on),
            "expires_on": day(read.expires_on),
            "days_left": (self.ends_on - self.as_of).days,
            "owed": None if owed is None else amount(owed.minor, owed.currency),
            "owed_as_of": None if owed is None else day(owed.as_of),
            "weakest": _weakest(read),
            "law": self.law,
        }


def _weakest(read: DebtReading) -> dict[str, Any] | None:
    found = read.weakest
    if found is None:
        return None
    return {
        "proof": found.fact.id,
        "kind": found.fact.kind,
        "on": day(found.fact.on),
        "evidence": found.fact.evidence,
        "better": found.better,
        "raw_without": day(found.without.raw_on),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What expires within so many days: debts, each once whoever owes it; how much of it is known, by currency."""

    within: int
    debts: int
    unknown: int
    owed: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "within": self.within,
            "debts": self.debts,
            "debts_of_unknown_balance": self.unknown,
            "owed": [amount(minor, currency) for currency, minor in self.owed],
        }


def at_risk(
    connection: sa.Connection,
    ground: Ground,
    *,
    within_days: int,
    as_of: date,
    case: str | None = None,
    pin: Pin | None = None,
) -> list[AtRisk]:
    """Every debt whose period ends from `as_of` up to and including `within_days` later, soonest first."""
    until = as_of + timedelta(days=within_days)
    cases = _candidates(connection, ground.law, as_of, until, case, pin)
    found: list[AtRisk] = []
    for part in (cases[at : at + _CHUNK] for at in range(0, len(cases), _CHUNK)):
        claims = claims_of(connection, part)
        read = {one: ending(limitation(claims[one], ground.law, as_of=as_of), as_of, until) for one in part}
        owed = _owed(connection, {one: [r.debt for r in ends] for one, ends in read.items() if ends}, as_of)
        found += [
            AtRisk(case=one, read=r, owed=owed.get((one, r.debt)), as_of=as_of, law=ground.named)
            for one, ends in read.items()
            for r in ends
        ]
    return sorted(found, key=lambda one: one.cursor)


def behind(rows: Sequence[AtRisk], after: After | None, limit: int) -> list[AtRisk]:
    """The page of those rows behind the cursor, at most PAGE_MAX."""
    return [one for one in rows if after is None or one.cursor > after][: min(limit, PAGE_MAX)]


def totals(rows: Iterable[AtRisk], *, within_days: int) -> list[Total]:
    """How much expires within each of WITHIN that is not further than what was asked for."""
    known = list(rows)
    return [_total(known, days) for days in WITHIN if days <= within_days]


def _total(rows: Sequence[AtRisk], days: int) -> Total:
    ending = {
        one.read.debt: one.owed
        for one in rows
        if (one.ends_on - one.as_of).days <= days and one.read.role == DEBTOR
    }
    sums: dict[str, int] = {}
    for owed in ending.values():
        if owed is not None:
            sums[owed.currency] = sums.get(owed.currency, 0) + owed.minor
    unknown = sum(owed is None for owed in ending.values())
    return Total(within=days, debts=len(ending), unknown=unknown, owed=tuple(sorted(sums.items())))


def ending(read: Iterable[DebtReading], as_of: date, until: date) -> list[DebtReading]:
    """Those that govern, still run, and end in the span; one that stands still has no end."""
    return [
        one
        for one in read
        if one.governs
        and one.state in _RUNS
        and one.raw_on is not None
        and as_of <= (one.expires_on or one.raw_on) <= until
    ]


# -- which cases to read


def _candidates(
    connection: sa.Connection, law: LawPack, as_of: date, until: date, case: str | None, pin: Pin | None
) -> list[str]:
    """The cases of debts that may end by `until`: all but those with a restart that surely carries them further."""
    columns = IN_CASE.c
    query = sa.select(columns.case_id).distinct().order_by(columns.case_id)
    query = query.where(sa.or_(columns.left_on.is_(None), columns.left_on > as_of))
    query = query if case is None else query.where(columns.case_id == case)
    query = query.where(*within(pin, lane=columns.lane, position=columns.made_at))
    clock = law.named(law.limitation.clock or "")
    if isinstance(clock, Restarting):
        others = sa.select(OTHERS.c.thing).where(OTHERS.c.debt == columns.debt).exists()
        titles = _bears(columns, law.limitation.title_starts)
        query = query.where(others | titles | ~_lasts(columns, clock, as_of, until))
    return [str(found) for found in connection.execute(query).scalars()]


def _lasts(columns: Any, clock: Restarting, as_of: date, until: date) -> sa.ColumnElement[bool]:
    """Did something happen by `as_of` after which it surely runs beyond `until`?

    A restart that came too late is none, but then the period was over before `as_of`. Of several starts the first is
    taken here, whichever counts; instalments of the book count where nothing else starts it.
    """
    day = BEARS.c.bears_on
    late, known = day > _back(clock.length, until), day <= as_of
    again = _bears(columns, clock.restarts, late, known)
    begun = _bears(columns, clock.starts, late, known) & ~_may_bear(columns, clock.starts, ~late)
    book = _bears(columns, (BY_THE_BOOK,), late) & ~_may_bear(columns, clock.starts)
    lasts = again | begun | book
    if clock.absolute_years is None:
        return lasts
    ancient = day <= Span(years=-clock.absolute_years).after(until)
    return lasts & ~_may_bear(columns, (*clock.starts, BY_THE_BOOK), ancient)


def _back(lengths: Sequence[Length], until: date) -> date:
    """Of whatever begins after this day the shortest of these lengths ends later than `until`."""
    back = (Span(years=-one.years, months=-one.months, days=-one.days).after(until) for one in lengths)
    return max(back) + _MONTH_ENDS


def _bears(columns: Any, kinds: Sequence[str], *more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Does something of these kinds stand that concerns the debt for certain, and the debtor?"""
    bears = BEARS.c
    of_debt = bears.stream == columns.debt_stream
    of_case = (bears.stream == columns.case_stream) & bears.of_all & (bears.bears_on >= columns.joined_on)
    stands = (bears.kind.in_(kinds), bears.stands, bears.of_debtor, of_debt | of_case)
    found: sa.ColumnElement[bool] = sa.select(bears.thing).where(*stands, *more).exists()
    return found


def _may_bear(columns: Any, kinds: Sequence[str], *more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Is there anything of these kinds that may concern the debt?"""
    bears = BEARS.c
    near = bears.stream.in_((columns.debt_stream, columns.case_stream))
    found: sa.ColumnElement[bool] = sa.select(bears.thing).where(bears.kind.in_(kinds), near, *more).exists()
    return found


# -- how much it is


def _owed(
    connection: sa.Connection, ending: dict[str, list[str]], as_of: date
) -> dict[tuple[str, str], Owed]:
    debts = sorted({debt for many in ending.values() for debt in many})
    claimed = dict(_claimed(connection, debts, as_of))
    referred = _referred(connection, sorted(ending), as_of)
    found: dict[tuple[str, str], Owed] = {}
    for case, many in ending.items():
        for debt in many:
            owed = claimed.get(debt) or (referred.get(case) if _alone(connection, case) else None)
            if owed is not None:
                found[case, debt] = owed
    return found


def _claimed(connection: sa.Connection, debts: Sequence[str], as_of: date) -> Iterator[tuple[str, Owed]]:
    columns = CLAIMS.c
    query = sa.select(columns.debt, columns.owed_minor, columns.currency, columns.as_of)
    query = query.where(columns.debt.in_(debts), columns.as_of <= as_of)
    for debt, minor, currency, on in connection.execute(query.order_by(columns.as_of, columns.made_at)):
        yield debt, Owed(minor=minor, currency=currency, as_of=on)


def _referred(connection: sa.Connection, cases: Sequence[str], as_of: date) -> dict[str, Owed]:
    columns = MATTERS.c
    query = sa.select(columns.case_id, columns.owed_minor, columns.currency, columns.opened_on).where(
        columns.case_id.in_(cases), columns.opened_on <= as_of, columns.owed_minor.is_not(None)
    )
    return {
        case: Owed(minor=minor, currency=currency, as_of=on)
        for case, minor, currency, on in connection.execute(query.order_by(columns.opened_on, columns.thing))
    }


def _alone(connection: sa.Connection, case: str) -> bool:
    """Has the case one debt only, so that what is owed on the case is owed on it?"""
    columns = IN_CASE.c
    query = sa.select(sa.func.count()).where(columns.case_id == case, columns.left_on.is_(None))
    return connection.execute(query).scalar_one() == 1
