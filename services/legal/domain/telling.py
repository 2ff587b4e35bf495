"""What the other services are told of a matter: one MatterTold for each thing that concerns them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.legal.domain.events import STEPS
from services.legal.domain.facts import matter as m
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.all_tracks import LETTER, machine_of
from services.legal.domain.tracks.machine import wire_name
from shared.kernel.money import Money

OPENED, CLOSED, REOPENED, STEP, LETTERS, COST, COST_REVERSED, REPRESENTED, REPRESENTATION_ENDED, DEADLINE = (
    "OPENED", "CLOSED", "REOPENED", "STEP", "LETTER", "COST", "COST_REVERSED", "REPRESENTED",
    "REPRESENTATION_ENDED", "DEADLINE",
)  # fmt: skip
MEDIATION = "MEDIATION"
_DUE = ("answer_until", "hearing_on", "perform_until", "perform_by", "until", "pay_by")
"""The fields of a step that say by when something is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """One word, without what all words of a matter have in common."""

    what: str
    on: date
    thing: str
    code: str | None = None
    track_kind: str | None = None
    amount: Money | None = None
    borne_by: str | None = None
    person: str | None = None
    attorney: str | None = None
    due_on: date | None = None
    retracted: bool = False


def of(before: Matter, events: Sequence[Any]) -> tuple[m.MatterTold, ...]:
    """What is to be told after these events of a command."""
    begun = before.opened or next((one for one in events if isinstance(one, m.MatterOpened)), None)
    if begun is None:
        return ()
    counts: dict[tuple[str, str | None], int] = {}
    for told in before.told:
        counts[told.what, told.thing] = counts.get((told.what, told.thing), 0) + 1
    found = []
    for word in (word for event in events for word in _words(before, event)):
        nth = counts[word.what, word.thing] = counts.get((word.what, word.thing), 0) + 1
        found.append(_told(begun, word, nth))
    return tuple(found)


def _told(begun: m.MatterOpened, word: _Word, nth: int) -> m.MatterTold:
    return m.MatterTold(
        told=f"{word.what}:{word.thing}:{nth}", what=word.what, case=begun.case, matter=begun.matter,
        referral=begun.referral, on=word.on, thing=word.thing, code=word.code, track_kind=word.track_kind,
        amount=word.amount, borne_by=word.borne_by, person=word.person, attorney=word.attorney,
        due_on=word.due_on, retracted=word.retracted,
    )  # fmt: skip


def _words(before: Matter, event: Any) -> Iterator[_Word]:
    """The words of one event, none for what is the legal service's own business."""
    if isinstance(event, STEPS):
        yield _step(event)
        return
    match event:
        case m.MatterOpened():
            yield _Word(what=OPENED, on=event.on, thing=event.matter, code=event.reason)
        case m.MatterClosed():
            yield _Word(what=CLOSED, on=event.on, thing=event.matter, code=event.outcome)
        case m.MatterReopened():
            yield _Word(what=REOPENED, on=event.on, thing=event.matter, code=event.reason)
        case m.MediationOffered() | m.MediationAgreed() | m.MediationFailed():
            yield _mediation(event)
        case m.MatterCostBooked():
            yield _cost(event, COST, event.on)
        case m.MatterCostReversed():
            booked = next((one for one in before.all(m.MatterCostBooked) if one.cost == event.cost), None)
            if booked is not None:
                yield _cost(booked, COST_REVERSED, event.on)
        case m.DebtorRepresented():
            yield _represented(event, REPRESENTED, event.on)
        case m.RepresentationEnded():
            began = [
                one for one in before.all(m.DebtorRepresented) if one.representation == event.representation
            ]
            yield from (_represented(one, REPRESENTATION_ENDED, event.on) for one in began[:1])
        case m.DeadlineNear():
            yield _deadline(event)
        case m.StepRetracted():
            yield from _retracted(before, event)


def _step(event: Any) -> _Word:
    machine = machine_of(type(event))
    kind = None if machine is None else machine.kind
    due = next((getattr(event, name) for name in _DUE if getattr(event, name, None) is not None), None)
    return _Word(
        what=LETTERS if kind == LETTER else STEP, on=event.on, thing=event.step, code=wire_name(type(event)),
        track_kind=kind, amount=_money(event), person=getattr(event, "person", None), due_on=due,
    )  # fmt: skip


def _money(event: Any) -> Money | None:
    found = getattr(event, "amount", None)
    return found if isinstance(found, Money) else None


def _mediation(event: m.MediationOffered | m.MediationAgreed | m.MediationFailed) -> _Word:
    agreed = event if isinstance(event, m.MediationAgreed) else None
    return _Word(
        what=STEP, on=event.on, thing=event.mediation, code=wire_name(type(event)), track_kind=MEDIATION,
        amount=None if agreed is None else agreed.amount, due_on=None if agreed is None else agreed.pay_by,
    )  # fmt: skip


def _cost(booked: m.MatterCostBooked, what: str, on: date) -> _Word:
    return _Word(
        what=what, on=on, thing=booked.cost, code=booked.kind, amount=booked.amount, borne_by=booked.borne_by
    )


def _represented(began: m.DebtorRepresented, what: str, on: date) -> _Word:
    return _Word(what=what, on=on, thing=began.representation, person=began.person, attorney=began.attorney)


def _deadline(near: m.DeadlineNear) -> _Word:
    return _Word(
        what=DEADLINE, on=near.as_of, thing=near.thing, code=near.deadline,
        due_on=near.expires_on or near.raw_on,
    )  # fmt: skip


def _retracted(before: Matter, event: m.StepRetracted) -> Iterator[_Word]:
    said = next((one for one in reversed(before.told) if one.thing == event.step), None)
    if said is not None:
        yield _Word(
            what=said.what, on=event.on, thing=event.step, code=said.code, track_kind=said.track_kind,
            retracted=True,
        )  # fmt: skip
