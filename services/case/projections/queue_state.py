"""What a case's place in the queues depends on beside the lender's figures: mode, holds, the debtor's word, contact.

A case of which nothing but statements is known has none of it. It is kept in the queue's row as JSON, so that a row
can be worked out from itself and one more event.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from services.case.domain import events as e
from services.case.domain.case_facts import DERIVED
from services.case.domain.queue import INTERNAL_MODE, QueueOrder
from services.case.projections.debts_reported import Debts, total
from shared.kernel.parts import Parts

REACHED = "RIGHT_PARTY"
"""The outcome of an attempt at which the debtor was spoken to."""


class Held(Struct, frozen=True, gc=False):
    """A hold in force. `until` is its last day plus one, None without an end; `part`: it covers a part of the debt."""

    kind: str
    until: date | None = None
    part: bool = False


class Moved(Struct, frozen=True, gc=False):
    """What changed the arrears after the lender's report: on a day, by `minor` units (below zero: less)."""

    on: date
    minor: int


class Tried(Struct, frozen=True, gc=False, array_like=True):
    """An attempt by its newest revision so far. `counts` False: there was no such attempt after all."""

    revision: int
    reached: bool
    counts: bool = True


class QueueState(Struct, frozen=True, omit_defaults=True):
    """The state of one case.

    `words` are promises and settlements whose day has not come, with that day; `due` the day of every promise, should
    one be judged again; `broken` the promises that were broken; `offers` settlements that wait for approval; `parts`
    the disputes about a part of the debt; `tried` the attempts, by reference; `moved` what changed the arrears
    since `reported` was; `debts` what was said of each account where there are several.
    """

    mode: str = INTERNAL_MODE
    holds: dict[str, Held] = {}
    parts: tuple[str, ...] = ()
    words: dict[str, date] = {}
    due: dict[str, date] = {}
    offers: dict[str, date] = {}
    broken: tuple[str, ...] = ()
    tried: dict[str, Tried] = {}
    reported: int = 0
    moved: dict[str, Moved] = {}
    debts: Debts = {}

    @property
    def never_reached(self) -> bool:
        """Was the debtor tried, and never spoken to?"""
        counted = [one for one in self.tried.values() if one.counts]
        return bool(counted) and not any(one.reached for one in counted)

    def stopping(self, order: QueueOrder) -> dict[str, Held]:
        """The holds in force that stop collecting of the whole debt."""
        return {
            ref: one
            for ref, one in self.holds.items()
            if not one.part and one.kind not in order.working_holds
        }


NOTHING = QueueState()
_DECODER = msgspec.json.Decoder(QueueState)
_ENCODER = msgspec.json.Encoder(order="sorted")


def read(text: str) -> QueueState:
    """The state as a row keeps it."""
    return _DECODER.decode(text) if text else NOTHING


def written(state: QueueState) -> str:
    """How a row keeps it: nothing for nothing."""
    return "" if state == NOTHING else _ENCODER.encode(state).decode()


def after(state: QueueState, event: Any, *, arrears: int, reported_on: date) -> QueueState:
    """The state after one more event; the same where it says nothing about it.

    `arrears` are those of the row before the event; what happened up to `reported_on` is in the lender's figure.
    """
    match event:
        case e.HandlingModeChanged():
            return replace(state, mode=event.mode)
        case e.HoldPlaced():
            return replace(state, holds=state.holds | {event.hold: _held(state, event)})
        case e.ReliefGranted() | e.ReliefExtended() if held := state.holds.get(DERIVED + event.relief):
            # The claim's hold goes on as the relief's, to the day of the relief.
            return replace(
                state, holds=state.holds | {DERIVED + event.relief: replace(held, until=event.until)}
            )
        case e.HoldLifted() | e.HoldExpired():
            return replace(state, holds=_without(state.holds, event.hold))
        case e.DisputeRaised() | e.DisputeReopened() if event.amount is not None:
            return replace(state, parts=(*state.parts, event.dispute))
        case e.ContactAttempted():
            one = Tried(1, event.outcome == REACHED)
            return replace(state, tried=state.tried | {event.attempt_ref: one})
        case e.ContactRevised() if (known := state.tried.get(event.attempt_ref)) is not None:
            if known.revision > event.revision:
                return state
            one = Tried(event.revision, event.outcome == REACHED, not event.retracted)
            return replace(state, tried=state.tried | {event.attempt_ref: one})
    return _word(state, event) or _offer(state, event) or _money(state, event, arrears, reported_on) or state


def reported(state: QueueState, *, arrears: int, as_of: date) -> QueueState:
    """The state once the lender has reported the arrears as of a day: what happened up to then is in that figure."""
    if not state.moved:
        return state
    moved = {ref: one for ref, one in state.moved.items() if one.on > as_of}
    return replace(state, reported=arrears if moved else 0, moved=moved)


def together(state: QueueState, debts: Debts) -> QueueState:
    """The state of a case of several accounts, once more was said of one of them."""
    minor, _ = total(debts)
    return replace(state, debts=debts, reported=minor if state.moved else 0)


def arrears_now(state: QueueState, arrears: int) -> int:
    """Minor units in arrears: what the lender reported and what moved it since, never below zero."""
    if not state.moved:
        return arrears
    return max(state.reported + sum(one.minor for one in state.moved.values()), 0)


def _held(state: QueueState, placed: e.HoldPlaced) -> Held:
    return Held(placed.kind, placed.until, part=bool(placed.source) and placed.source in state.parts)


def _without(held: Mapping[str, Any], ref: str) -> dict[str, Any]:
    return {name: one for name, one in held.items() if name != ref}


def _word(state: QueueState, event: Any) -> QueueState | None:
    """A promise is out until it is judged or taken back; one judged again is out until the new judgement."""
    match event:
        case e.PromiseToPay() | e.PromiseAmended():
            day = {event.promise: event.due}
            return replace(state, words=state.words | day, due=state.due | day)
        case e.PromiseBroken():
            return replace(
                state, words=_without(state.words, event.promise), broken=(*state.broken, event.promise)
            )
        case e.PromiseKept() | e.PromisePartlyKept() | e.PromiseCancelled():
            return replace(state, words=_without(state.words, event.promise))
        case e.PromiseReopened():
            broken = tuple(ref for ref in state.broken if ref != event.promise)
            day = {event.promise: state.due.get(event.promise, event.as_of)}
            return replace(state, words=state.words | day, broken=broken)
    return None


def _offer(state: QueueState, event: Any) -> QueueState | None:
    """A settlement binds once it is approved, or at once where nobody has to."""
    match event:
        case e.SettlementProposed() if not event.needs_approval:
            return replace(state, words=state.words | {event.settlement: event.pay_by})
        case e.SettlementProposed():
            return replace(state, offers=state.offers | {event.settlement: event.pay_by})
        case e.SettlementApproved() if event.settlement in state.offers:
            due = state.offers[event.settlement]
            return replace(
                state,
                words=state.words | {event.settlement: due},
                offers=_without(state.offers, event.settlement),
            )
        case e.SettlementRejected() | e.SettlementLapsed() | e.SettlementDefaulted() | e.Settled():
            return replace(
                state,
                words=_without(state.words, event.settlement),
                offers=_without(state.offers, event.settlement),
            )
    return None


def _money(state: QueueState, event: Any, arrears: int, reported_on: date) -> QueueState | None:
    """What is overdue changes with every payment, instalment, charge and adjustment after the report."""
    match event:
        case e.PaymentReceived() if event.payment is not None:
            return _moved(state, event.payment, event.period_from, 0, arrears, reported_on)
        case e.PaymentAllocated() if event.payment in state.moved:
            day = state.moved[event.payment].on
            return _moved(state, event.payment, day, -_overdue(event.amounts), arrears, reported_on)
        case e.AllocationReversed() if event.payment in state.moved:
            return _moved(state, event.payment, state.moved[event.payment].on, 0, arrears, reported_on)
        case e.AllocationReversed() if event.because:
            # It was in the lender's figure, and has bounced since.
            return _moved(state, event.payment, event.as_of, _overdue(event.amounts), arrears, reported_on)
        case e.InstalmentFellDue():
            return _moved(state, event.item, event.on, _overdue(event.amounts), arrears, reported_on)
        case e.ChargeBooked():
            return _moved(state, event.charge, event.on, _overdue(event.amounts), arrears, reported_on)
        case e.DebtWrittenOff():
            return _moved(state, event.write_off, event.on, -_overdue(event.owed), arrears, reported_on)
        case e.BalanceAdjusted():
            return _moved(state, event.adjustment, event.on, _overdue(event.amounts), arrears, reported_on)
    return None


def _moved(
    state: QueueState, ref: str, on: date, minor: int, arrears: int, reported_on: date
) -> QueueState | None:
    if on <= reported_on:
        return None
    base = state.reported if state.moved else arrears
    return replace(state, reported=base, moved=state.moved | {ref: Moved(on, minor)})


def _overdue(amounts: Parts) -> int:
    return amounts.interest + amounts.principal
