"""Until when each debt of a case can be enforced against each person who owes or guarantees it, and why.

The side that loses nothing is taken where a reading could be questioned (docs/adr/0041).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.pack import AnyClock, LawPack, Restarting
from services.legal.domain.clocks.reading import (
    CALENDAR_MISSING,
    EXPIRED,
    IN_PROCEDURE,
    NOT_STARTED,
    Link,
    Reading,
)
from services.legal.domain.clocks.running import read_clock
from services.legal.domain.facts.proofs import GuaranteeTold
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.limitation.debt import OneDebt, fact_of
from services.legal.domain.limitation.guarantee import calls_on, principal_due
from services.legal.domain.limitation.weakest import Weakest, weakest

DEBTOR, JOINT_DEBTOR, GUARANTOR, OTHER = "DEBTOR", "JOINT_DEBTOR", "GUARANTOR", "OTHER"
LIMITATION, GUARANTEE, GUARANTEE_LIMITATION, TITLE = (
    "LIMITATION", "GUARANTEE", "GUARANTEE_LIMITATION", "TITLE",
)  # fmt: skip
KEPT = "KEPT"
"""A guarantee period in which the guarantor was called on in time: it is over, and what they owe goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtReading:
    """One debt against one person; None: the debtor. `what`: LIMITATION, GUARANTEE, GUARANTEE_LIMITATION or TITLE.

    `clock` is the law pack's name for it. `begins_on`: while it has not started, the day on which it will, where that
    is known. `form` of a guarantee. `governs`: this is the reading by which it can be enforced or not; a guarantee
    period that was used is shown beside the limitation that followed. `weakest`: None where nothing bears on it.
    """

    debt: str
    person: str | None
    role: str
    what: str
    clock: str
    reading: Reading
    begins_on: date | None = None
    form: str | None = None
    governs: bool = True
    weakest: Weakest | None = None

    @property
    def state(self) -> str:
        """As the clock's; KEPT for a guarantee period that was used in time."""
        kept = self.what == GUARANTEE and self.reading.state == IN_PROCEDURE
        return KEPT if kept else self.reading.state

    @property
    def expires_on(self) -> date | None:
        """The last day in time; None while it stands, or the working calendar of that year is not announced."""
        return self.reading.expires_on

    @property
    def raw_on(self) -> date | None:
        """The last day before it rolls to a working day."""
        return self.reading.raw_on

    @property
    def chain(self) -> tuple[Link, ...]:
        """Every fact that touched it, in order, with its article."""
        return self.reading.chain

    def over(self, as_of: date) -> bool:
        """Is it over, so that nobody may be sued on it? Where the roll is not known the raw day is the last."""
        if self.state == CALENDAR_MISSING:
            return self.raw_on is not None and as_of > self.raw_on
        return self.state == EXPIRED


def limitation(claims: Claims, law: LawPack, *, as_of: date) -> tuple[DebtReading, ...]:
    """Every debt of the case against the debtor, each joint debtor and each guarantor, as of the end of a day.

    Debts that have left the case by then are left out. What was recorded later than is wanted is left out before
    (`known_at`), by whoever reads the claims.
    """
    found: list[DebtReading] = []
    for debt in claims.debts:
        one = OneDebt(claims, law, debt, as_of)
        if one.left(claims.case):
            continue
        for person in (None, *(who for who, until in one.joint.items() if until > as_of)):
            found += _of_debtor(one, person, weigh=True)
        for told in one.guarantors:
            found += _of_guarantor(one, told, weigh=True)
    return tuple(found)


def expired(
    claims: Claims,
    law: LawPack,
    debts: Iterable[str],
    *,
    as_of: date,
    persons: Iterable[str | None] = (None,),
) -> tuple[DebtReading, ...]:
    """Which of these debts can no longer be enforced against which of these persons (None: the debtor).

    Somebody of no role, such as an heir, owes what the debtor owes; who owes it with the debtor and guarantees it as
    well, is read as who owes it. `debts` none: all that are in the case.
    """
    wanted = tuple(debts) or tuple(
        debt for debt in claims.debts if not OneDebt(claims, law, debt, as_of).left(claims.case)
    )
    people, found = tuple(persons), []
    for debt in wanted:
        one = OneDebt(claims, law, debt, as_of)
        guarantors = {told.person: told for told in one.guarantors}
        for person in people:
            told = None if one.owes(person, as_of) else guarantors.get(person or "")
            read = _of_debtor(one, person) if told is None else _of_guarantor(one, told)
            found += [reading for reading in read if reading.governs and reading.over(as_of)]
    return tuple(found)


def _of_debtor(one: OneDebt, person: str | None, *, weigh: bool = False) -> list[DebtReading]:
    rule, facts = one.law.limitation, tuple(one.of_debtors(person))
    role = DEBTOR if person is None else JOINT_DEBTOR if person in one.joint else OTHER
    title = _title(one, person, role, facts, weigh=weigh)
    if title is not None:
        return [title]
    clock = _clock(one, rule.clock)
    if clock is None or rule.clock is None:
        return []
    due = [*facts, *one.instalments()]
    return [_read(one, person, role, LIMITATION, clock, tuple(due), weigh=weigh)]


def _title(
    one: OneDebt, person: str | None, role: str, facts: tuple[ClockFact, ...], *, weigh: bool
) -> DebtReading | None:
    """The title's own period from the day it took effect: it starts once what it orders was to be performed.

    None of one that was set aside.
    """
    rule = one.law.limitation
    clock = _clock(one, rule.title)
    gone = {f.thing for f in facts if f.kind in rule.title_ends and f.on <= one.as_of}
    stand = tuple(f for f in facts if f.kind not in rule.title_starts or f.thing not in gone)
    begun = {f.thing for f in facts if f.kind in _ends(one) and f.thing is not None and f.on <= one.as_of}
    if clock is None or not any(
        f.kind in rule.title_starts and (f.on <= one.as_of or f.thing in begun) for f in stand
    ):
        return None
    return _read(one, person, role, TITLE, clock, stand, weigh=weigh)


def _ends(one: OneDebt) -> tuple[str, ...]:
    """The kinds by which a procedure ends, as it does where a title takes effect."""
    clock = _clock(one, one.law.limitation.clock)
    return clock.procedure_ends if isinstance(clock, Restarting) else ()


def _of_guarantor(one: OneDebt, told: GuaranteeTold, *, weigh: bool = False) -> list[DebtReading]:
    """The guarantee period, which nothing moves; and, once it was used, the limitation of what the guarantor owes."""
    rule, person = one.law.limitation, told.person
    facts = tuple(one.of_guarantor(person))
    title = _title(one, person, GUARANTOR, facts, weigh=weigh)
    period = _clock(one, rule.guarantee)
    if period is None:
        return [] if title is None else [title]
    calls = calls_on(one, told)
    due = principal_due(one, told)
    undone = tuple(fact for fact in facts if fact.kind in period.undoings)
    known = (*(() if due is None else (due,)), *calls, *undone)
    first = _read(one, person, GUARANTOR, GUARANTEE, period, known, form=told.form, weigh=weigh)
    if title is not None:
        return [_beside(first), title]
    after = _converted(one, told, first, facts, weigh=weigh)
    return [first] if after is None else [_beside(first), after]


def _converted(
    one: OneDebt, told: GuaranteeTold, period: DebtReading, facts: tuple[ClockFact, ...], *, weigh: bool
) -> DebtReading | None:
    """Limitation of what the guarantor owes: from the call on a joint one, or once a general one must answer (694)."""
    clock = _clock(one, one.law.limitation.guarantee_clock)
    if clock is None or period.state != KEPT:
        return None
    if told.form == "JOINT":
        call = period.chain[-1].fact
        again = (f for f in facts if f.id != call.id or f.kind not in one.law.limitation.demands)
        facts = (call, *again)
    else:
        must = (f for f in one.proofs if f.kind in clock.starts and f.person in (None, told.person))
        starts = tuple(fact_of(f) for f in must if f.on <= one.as_of)
        if not starts:
            return None
        facts = (*starts, *(f for f in facts if f.kind not in clock.starts))
    return _read(one, told.person, GUARANTOR, GUARANTEE_LIMITATION, clock, facts, form=told.form, weigh=weigh)


def _clock(one: OneDebt, name: str | None) -> AnyClock | None:
    return None if name is None else one.law.named(name)


def _beside(reading: DebtReading) -> DebtReading:
    """Shown, while another reading governs."""
    return replace(reading, governs=False)


def _read(
    one: OneDebt,
    person: str | None,
    role: str,
    what: str,
    clock: AnyClock,
    facts: tuple[ClockFact, ...],
    *,
    form: str | None = None,
    weigh: bool,
) -> DebtReading:
    reading = read_clock(clock, facts, one.as_of)
    to_come = [fact.on for fact in facts if fact.kind in clock.starts and fact.on > one.as_of]
    return DebtReading(
        debt=one.debt, person=person, role=role, what=what, clock=clock.name, reading=reading, form=form,
        begins_on=min(to_come, default=None) if reading.state == NOT_STARTED else None,
        weakest=weakest(clock, facts, reading, one.as_of) if weigh else None,
    )  # fmt: skip
