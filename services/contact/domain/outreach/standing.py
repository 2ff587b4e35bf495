"""Where outreach about a case stands on a day: what follows from the set of facts that were heard of it.

Facts are told apart and put in order by the version of the publisher's event, never by when they came, so that any
order of hearing, and any repetition, leads to the same standing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.contact.domain.facts.outreach import CaseHeard
from shared.kernel.money import Money, zero

OPENED, STAGE, CLOSED, PAID, MODE, ARREARS = "OPENED", "STAGE", "CLOSED", "PAID", "MODE", "ARREARS"
PROMISE, DUE, PLAN, HOLD, DISPUTE, RELIEF = "PROMISE", "DUE", "PLAN", "HOLD", "DISPUTE", "RELIEF"
OVER, AGAIN = "OVER", "AGAIN"
KINDS = (OPENED, STAGE, ARREARS, CLOSED, PAID, MODE, PROMISE, DUE, PLAN, HOLD, DISPUTE, RELIEF, OVER, AGAIN)
PAUSING = (PLAN, HOLD, DISPUTE, RELIEF)
INTERNAL = "INTERNAL"
NEW, RUNNING, SOFTENED, PAUSED, ENDED = "NEW", "RUNNING", "SOFTENED", "PAUSED", "ENDED"
BEFORE_ANY = "M0"
"""The stage of what is not overdue: an account before there is a case about it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` with why: the reason of an end, the reasons of a pause, the promises that soften and their last day."""

    state: str
    because: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A promise, plan, hold … or due date. It runs from `on` up to and not including `ends` (None: open).

    `due` is the day it falls due; `told_at` when its newest dates were heard.
    """

    ref: str
    kind: str
    on: date
    due: date | None
    ends: date | None
    cause: str | None
    amount: Money | None
    told_at: datetime

    def runs(self, day: date) -> bool:
        """Does it run on that day?"""
        return self.on <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Visit:
    """A time in one stage: from `entered` up to and not including `left` (None: still), heard of first at `told_at`."""

    stage: str
    entered: date
    left: date | None
    told_at: datetime

    def holds(self, day: date) -> bool:
        """Was the case in the stage on that day?"""
        return self.entered <= day and (self.left is None or day < self.left)


class Heard:
    """All that was heard about one case."""

    def __init__(self, facts: Mapping[int, CaseHeard]) -> None:
        self._facts = tuple(facts[version] for version in sorted(facts))
        self.things = _things(self._facts)
        self.visits = tuple(_visits(self._facts))

    @property
    def paid_on(self) -> tuple[date, ...]:
        """The days on which payments were received."""
        return tuple(one.on for one in self._facts if one.kind == PAID)

    def owed(self, day: date, debts: int = 1) -> tuple[Money, date | None] | None:
        """What was in arrears on a day, of all `debts`, and since when; None: nobody knows, or money came since."""
        told = [one for one in self._facts if one.amount is not None and one.on <= day]
        whole = max((one for one in told if one.kind == OPENED), key=_dated, default=None)
        parts: dict[str, CaseHeard] = {}
        for one in sorted((one for one in told if one.kind == ARREARS and one.thing), key=_dated):
            if whole is None or _dated(one) >= _dated(whole):
                parts[one.thing or ""] = one
        counted = [*parts.values()] if len(parts) >= debts else [whole] if whole and not parts else []
        if not counted or any(self._paid_since(one, day) for one in counted):
            return None
        since = min((one.until for one in counted if one.until is not None), default=None)
        return sum_of([one.amount for one in counted if one.amount is not None]), since

    def _paid_since(self, fact: CaseHeard, day: date) -> bool:
        """Did money come that the fact cannot have counted?"""
        return any(
            one.kind == PAID and one.version > fact.version and fact.on <= one.on <= day
            for one in self._facts
        )

    def of(self, *kinds: str) -> Iterator[Thing]:
        """Things of these kinds, by reference."""
        return (self.things[ref] for ref in sorted(self.things) if self.things[ref].kind in kinds)

    def standing(self, day: date) -> Standing:
        """How outreach stands on a day."""
        spans = [one for one in self._facts if one.kind in (OPENED, CLOSED) and one.on <= day]
        last = max(spans, key=lambda one: (one.on, one.version), default=None)
        if last is None and not any(one.on <= day for one in self.of(DUE)):
            return Standing(NEW)
        if last is not None and last.kind == CLOSED:
            return Standing(ENDED, (last.cause or CLOSED,))
        reasons = tuple(sorted({_reason(one) for one in self.of(*PAUSING) if one.runs(day)}))
        mode = self._mode(day)
        if mode != INTERNAL:
            reasons = (*reasons, f"MODE_{mode}")
        if reasons:
            return Standing(PAUSED, reasons)
        promises = [one for one in self.of(PROMISE) if one.runs(day) and one.due is not None]
        if promises:
            until = max(one.due for one in promises if one.due)
            return Standing(SOFTENED, tuple(one.ref for one in promises), until)
        return Standing(RUNNING)

    @property
    def ended_on(self) -> date | None:
        """The day on which the case was closed, where it was not reopened."""
        spans = [one for one in self._facts if one.kind in (OPENED, CLOSED)]
        last = max(spans, key=lambda one: (one.on, one.version), default=None)
        return last.on if last is not None and last.kind == CLOSED else None

    def turns(self, after: date) -> Iterator[date]:
        """Later days on which the standing may change although nothing new is heard."""
        for one in self._facts:
            if one.on > after:
                yield one.on
        for thing in self.things.values():
            for day in (thing.on, thing.ends):
                if day is not None and day > after:
                    yield day

    def stage(self, day: date) -> str | None:
        """The stage on a day."""
        return next((one.stage for one in self.visits if one.holds(day)), None)

    def _mode(self, day: date) -> str:
        told = [one for one in self._facts if one.kind == MODE and one.on <= day]
        last = max(told, key=lambda one: (one.on, one.version), default=None)
        return INTERNAL if last is None or last.cause is None else last.cause


def _dated(one: CaseHeard) -> tuple[date, int]:
    return one.on, one.version


def sum_of(amounts: Sequence[Money]) -> Money:
    """All of them; of one currency. Raises CurrencyMismatch."""
    total = zero(amounts[0].currency)
    for one in amounts:
        total += one
    return total


def _reason(thing: Thing) -> str:
    return f"{HOLD}_{thing.cause}" if thing.kind == HOLD and thing.cause else thing.kind


def _things(facts: Iterable[CaseHeard]) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for one in facts:
        if one.thing is None or one.kind == ARREARS:
            continue
        was = found.get(one.thing)
        if one.kind == OVER and was is not None:
            ends = one.on if was.ends is None else min(one.on, was.ends)
            found[one.thing] = _changed(was, ends=ends)
        elif one.kind == AGAIN and was is not None:
            found[one.thing] = _changed(was, ends=_end_of(was.kind, was.due))
        elif one.kind not in (OVER, AGAIN):
            dated = one.until if one.until is not None or was is None else was.due
            found[one.thing] = Thing(
                ref=one.thing, kind=one.kind, on=one.on if was is None else min(was.on, one.on), due=dated,
                ends=_end_of(one.kind, dated), cause=one.cause,
                amount=one.amount if one.amount is not None or was is None else was.amount, told_at=one.heard_at,
            )  # fmt: skip
    return found


def _end_of(kind: str, until: date | None) -> date | None:
    """A hold or relief ends by its own day; a promise or a due date runs on until somebody says what became of it."""
    return until if kind in PAUSING else None


def _changed(was: Thing, *, ends: date | None) -> Thing:
    return Thing(was.ref, was.kind, was.on, was.due, ends, was.cause, was.amount, was.told_at)


def _visits(facts: Iterable[CaseHeard]) -> Iterator[Visit]:
    """The stages one after another; a case that is closed is in none, and reopened again in the one it had."""
    stage: str | None = None
    begun: tuple[str, date, datetime] | None = None
    for one in sorted(facts, key=lambda one: (one.on, one.version)):
        if one.kind == CLOSED:
            if begun is not None:
                yield Visit(begun[0], begun[1], one.on, begun[2])
            begun = None
        elif one.kind in (OPENED, STAGE, DUE):
            stage = one.stage or (stage if one.kind != DUE else stage or BEFORE_ANY)
            if stage is not None and (begun is None or begun[0] != stage):
                if begun is not None:
                    yield Visit(begun[0], begun[1], one.on, begun[2])
                begun = (stage, one.on, one.heard_at)
    if begun is not None:
        yield Visit(begun[0], begun[1], None, begun[2])
