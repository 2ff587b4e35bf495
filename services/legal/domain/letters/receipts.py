"""What the contact service tells of a letter that it posted: it arrived, came back, or after all did the other.

A later word about the same message replaces an earlier one. An answer that came stands: it proves that it arrived.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.legal.domain.commands import MatterCommand, RetractStep, TakeStep
from services.legal.domain.facts import letter as f
from services.legal.domain.letters import kinds
from services.legal.domain.letters.answering import answer_until
from services.legal.domain.letters.machine import MACHINE
from services.legal.domain.matter import Matter

DELIVERED, UNDELIVERABLE = "DELIVERED", "UNDELIVERED"
"""As the contact service says it; whatever else it says of a message tells nothing of a letter."""
CAME_BACK, TOLD_OTHERWISE = "RETURNED", "CONTACT_TOLD_OTHERWISE"
PROOF_OF = {"letter": kinds.CARRIER, "email": kinds.DATA_REACHED}
"""What a provider's word proves; that somebody signed for it is recorded by hand, with the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What contact says of `message` (`cat_…`): `on` is the lender's day of it. `retracted`: it never was."""

    message: str
    channel: str
    outcome: str
    on: date
    retracted: bool = False


def letter_of(matter: Matter, message: str) -> str | None:
    """The letter (`ltr_…`) that was posted as this message, None: none of this matter."""
    sent = (one for one in matter.all(f.LetterDispatched) if one.message == message)
    return next((one.track for one in sent), None)


def of_attempt(matter: Matter, told: Heard, *, step: str, by: str) -> tuple[MatterCommand, ...]:
    """What is to be done, in this order, about a message of one of the matter's letters; nothing: none.

    `step`: the id for the step that it becomes. Raises nothing: what cannot follow any more is left out.
    """
    letter = letter_of(matter, told.message)
    if letter is None or told.outcome not in (DELIVERED, UNDELIVERABLE):
        return ()
    said = _said(matter.steps(letter), told.message)
    wanted = None if told.retracted else told.outcome
    if said is not None and _is(said, wanted, told.on):
        return ()
    undone = _undone(matter.steps(letter), said, told, by) if said is not None else ()
    if undone is None or (wanted is None and said is None):
        return ()
    taken = _step(matter, letter, told, step) if wanted is not None else None
    gone = {one.step for one in undone}
    left = tuple(one for one in matter.steps(letter) if one.step not in gone)
    if taken is None or not _follows(taken, left):
        return undone
    return (*undone, TakeStep(step=taken, by=by))


def _follows(step: f.LetterStep, before: tuple[Any, ...]) -> bool:
    return step.on >= before[-1].on and MACHINE.goal(type(step), MACHINE.status(before)) is not None


def _said(steps: tuple[Any, ...], message: str) -> Any | None:
    """The newest word on this message."""
    told = (one for one in reversed(steps) if isinstance(one, f.LetterDelivered | f.LetterUndeliverable))
    return next((one for one in told if one.message == message), None)


def _is(said: Any, wanted: str | None, on: date) -> bool:
    if wanted == DELIVERED:
        return isinstance(said, f.LetterDelivered) and said.on == on
    return wanted == UNDELIVERABLE and isinstance(said, f.LetterUndeliverable)


def _undone(steps: tuple[Any, ...], said: Any, told: Heard, by: str) -> tuple[RetractStep, ...] | None:
    """The earlier word and what followed from it by itself, newest first; None where an answer stands on it."""
    if isinstance(said, f.LetterUndeliverable) and told.outcome == DELIVERED and not told.retracted:
        return ()  # it came back, and arrived after all: both happened
    return tuple(_each(steps, said, told, by)) or None


def _each(steps: tuple[Any, ...], said: Any, told: Heard, by: str) -> Iterator[RetractStep]:
    after = steps[steps.index(said) :]
    if any(not isinstance(one, f.LetterDeadlinePassed) for one in after[1:]):
        return
    for one in reversed(after):
        yield RetractStep(step=one.step, track=one.track, on=told.on, reason=TOLD_OTHERWISE, by=by)


def _step(matter: Matter, letter: str, told: Heard, step: str) -> f.LetterStep:
    if told.outcome == UNDELIVERABLE:
        return f.LetterUndeliverable(
            track=letter, step=step, on=told.on, reason=CAME_BACK, message=told.message
        )
    return f.LetterDelivered(
        track=letter, step=step, on=told.on, proof=PROOF_OF.get(told.channel, kinds.CARRIER),
        message=told.message, document=None, answer_until=answer_until(matter, letter, told.on),
    )  # fmt: skip
