"""How a track goes: a table of what may follow what, and what each step needs beside.

A step is proposed as the very event it would be. `take` answers with it, or refuses; whatever a track knows, it says
in its Machine: a new track is a file beside this one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from shared.kernel.refusal import Refused

STAYS = ""
"""As a move's goal: the status stays what it was."""
COURT_PAPER = "COURT_PAPER"
"""How a step before a court or tribunal is proved: by its own paper."""


class TrackUnknown(Refused):
    """The matter has no track of that id. `GET /v1/legal-matters/{id}` lists those it has."""

    code = "track-unknown"
    title_en = "The matter has no such track"
    title_zh = "该法务事项没有这一程序"


class StepOutOfOrder(Refused):
    """That step cannot follow where the track stands. Context: `status`, and `next`: what can.

    A step that was entered in error is retracted first.
    """

    code = "step-out-of-order"
    title_en = "The step cannot follow where the track stands"
    title_zh = "程序当前状态不允许该步骤"


class StepOnlyByTime(Refused):
    """Nobody reports that step: the passing of time leads to it, and it is recorded by itself."""

    code = "step-only-by-time"
    title_en = "The step follows from the passing of time and is not reported"
    title_zh = "该步骤由期限届满自动记录，不能人工填报"


class StepInTheFuture(Refused):
    """A step is reported once it has happened: its day is not later than today where the lender is."""

    code = "step-in-the-future"
    title_en = "The step lies in the future"
    title_zh = "步骤日期不能晚于今天"


class StepTooEarly(Refused):
    """The step lies before the one it follows on. Correct the day, or retract the earlier step."""

    code = "step-too-early"
    title_en = "The step lies before the one it follows"
    title_zh = "步骤日期早于前一步骤"


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a step is judged by. `before` are the track's steps that stand; `step` the one proposed."""

    matter: Matter
    claims: Claims
    track: str
    before: tuple[Any, ...]
    step: Any
    ground: Ground
    now: datetime

    def done(self, kind: type) -> Any | None:
        """The newest step of a type on the track, None if there is none."""
        return next((one for one in reversed(self.before) if isinstance(one, kind)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What a step proves towards limitation: `kind` is one of the law pack's; `evidence` how well it is proved.

    `debts` none: all of the case; `person` None: towards or by the debtor, `others` whom besides. `thing`: the track,
    where the step begins or ends a procedure, so that the end finds its beginning. `medium` how a demand went,
    `document` the SHA-256 of the paper.
    """

    kind: str
    evidence: str
    debts: tuple[str, ...] = ()
    person: str | None = None
    medium: str | None = None
    to: str | None = None
    document: str | None = None
    thing: str | None = None
    others: tuple[str, ...] = ()


Guard: TypeAlias = Callable[[Asked], None]
Move: TypeAlias = tuple[frozenset[str], str]
"""(statuses it may be taken in, status after it or STAYS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One kind of track. `begins` is its first step, which makes the track, and `first` the status after that.

    `moves`: step type -> Move. `ends`: statuses with nothing to come. `by_time`: steps that only the sweep records.
    `proofs`: step type -> the limitation fact it is (a kind of the law pack). `needs_live_claim`: steps that sue.
    `guards`: what else a step needs; each raises a refusal. Where it depends on the track what a step proves, or
    whether it presses an expired claim, `proved` and `presses` are asked instead (`proves`, `needs_live`).
    """

    kind: str
    begins: type
    first: str
    moves: Mapping[type, Move]
    ends: frozenset[str]
    by_time: frozenset[type] = frozenset()
    proofs: Mapping[type, str] = field(default_factory=dict)
    needs_live_claim: frozenset[type] = frozenset()
    guards: Mapping[type, Guard] = field(default_factory=dict)
    proved: Mapping[type, Callable[[Asked], Proved | None]] = field(default_factory=dict)
    presses: Mapping[type, Callable[[Asked], bool]] = field(default_factory=dict)

    def proves(self, asked: Asked) -> Proved | None:
        """What the step proves towards limitation, None: nothing. A step of `proofs` is proved by the court's paper.

        Its procedure is the track.
        """
        kind = type(asked.step)
        if (ask := self.proved.get(kind)) is not None:
            return ask(asked)
        found = self.proofs.get(kind)
        return None if found is None else Proved(kind=found, evidence=COURT_PAPER, thing=asked.track)

    def needs_live(self, asked: Asked) -> bool:
        """Does the step sue, or threaten to, so that the law refuses it on an expired claim?"""
        ask = self.presses.get(type(asked.step))
        return type(asked.step) in self.needs_live_claim if ask is None else ask(asked)

    @property
    def steps(self) -> tuple[type, ...]:
        """Every type of step of this track."""
        return (self.begins, *self.moves)

    def status(self, steps: tuple[Any, ...]) -> str | None:
        """Where a track with these steps stands; None before it began."""
        found: str | None = None
        for step in steps:
            if isinstance(step, self.begins):
                found = self.first
            elif (move := self.moves.get(type(step))) is not None and move[1] != STAYS:
                found = move[1]
        return found

    def next(self, status: str | None) -> tuple[type, ...]:
        """The steps that may follow, those by time left out."""
        if status is None:
            return (self.begins,)
        return tuple(
            kind for kind, (of, _) in self.moves.items() if status in of and kind not in self.by_time
        )


def wire_name(kind: type) -> str:
    """`SUIT_FILED` of SuitFiled: how a step is named on the wire and in words."""
    letters = "".join(f"_{c}" if c.isupper() and n else c for n, c in enumerate(kind.__name__))
    return letters.upper()


def check(machine: Machine, asked: Asked, *, by_time: bool = False) -> None:
    """May the step be taken? Raises StepOutOfOrder, StepOnlyByTime, StepTooEarly, and what its guard raises."""
    kind, status = type(asked.step), machine.status(asked.before)
    if kind in machine.by_time and not by_time:
        raise StepOnlyByTime(step=wire_name(kind))
    may = (kind is machine.begins and status is None) or (
        status is not None and kind in machine.moves and status in machine.moves[kind][0]
    )
    if not may:
        raise StepOutOfOrder(status=status, next=tuple(map(wire_name, machine.next(status))))
    last = asked.before[-1] if asked.before else None
    if last is not None and asked.step.on < last.on:
        raise StepTooEarly(not_before=last.on)
    if (guard := machine.guards.get(kind)) is not None:
        guard(asked)
