"""How a track goes: a table of what may follow what, and what each step needs beside.

A step is proposed as the very event it would be. `take` answers with it, or refuses; whatever a track knows, it says
in its Machine: a new track is a file beside this one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from services.legal.domain.forbidden import LawForbids as LawForbids
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
    `document` the SHA-256 of the paper. `on`: its day where that is not the step's, such as the end of a period to
    perform. `alone`: towards `person` only, whoever else the track is against.
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
    on: date | None = None
    alone: bool = False


Guard: TypeAlias = Callable[[Asked], None]
Move: TypeAlias = tuple[frozenset[str], str]
"""(statuses it may be taken in, status after it or STAYS)."""
Moves: TypeAlias = Move | tuple[Move, ...]
"""One move, or several where what follows depends on where the track stands. No status is in two of them."""
Proves: TypeAlias = Proved | tuple[Proved, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One kind of track. `begins` is its first step, which makes the track, and `first` the status after that.

    `moves`: step type -> its moves. `ends`: statuses in which the procedure is over; a few steps may still follow,
    such as an appeal against a ruling, or performance. `by_time`: steps that only the sweep records, save in the
    statuses of `also_reported`. `proofs`: step type -> the limitation fact it is (a kind of the law pack).
    `needs_live_claim`: steps that sue. `guards`: what else a step needs; each raises a refusal. Where it
    depends on the track what a step proves, or whether it presses an expired claim, `proved` and `presses` are asked
    instead (`proves`, `needs_live`).
    """

    kind: str
    begins: type
    first: str
    moves: Mapping[type, Moves]
    ends: frozenset[str]
    rests: frozenset[str] = frozenset()
    by_time: frozenset[type] = frozenset()
    also_reported: Mapping[type, frozenset[str]] = field(default_factory=dict)
    proofs: Mapping[type, str] = field(default_factory=dict)
    needs_live_claim: frozenset[type] = frozenset()
    guards: Mapping[type, Guard] = field(default_factory=dict)
    proved: Mapping[type, Callable[[Asked], Proves]] = field(default_factory=dict)
    presses: Mapping[type, Callable[[Asked], bool]] = field(default_factory=dict)

    def proves(self, asked: Asked) -> tuple[Proved, ...]:
        """What the step proves towards limitation, none: nothing. A step of `proofs` is proved by the court's paper.

        Its procedure is the track. The first proof has the step's digits, further ones are made beside it.
        """
        kind = type(asked.step)
        if (ask := self.proved.get(kind)) is not None:
            said = ask(asked)
            return () if said is None else said if isinstance(said, tuple) else (said,)
        found = self.proofs.get(kind)
        return () if found is None else (Proved(kind=found, evidence=COURT_PAPER, thing=asked.track),)

    def needs_live(self, asked: Asked) -> bool:
        """Does the step sue, or threaten to, so that the law refuses it on an expired claim?"""
        ask = self.presses.get(type(asked.step))
        return type(asked.step) in self.needs_live_claim if ask is None else ask(asked)

    @property
    def steps(self) -> tuple[type, ...]:
        """Every type of step of this track."""
        return (self.begins, *self.moves)

    def goal(self, kind: type, status: str | None) -> str | None:
        """Where a step of this type leads from that status; None: it cannot be taken there."""
        if status is None:
            return self.first if kind is self.begins else None
        for of, to in _moves(self.moves.get(kind, ())):
            if status in of:
                return status if to == STAYS else to
        return None

    def status(self, steps: tuple[Any, ...]) -> str | None:
        """Where a track with these steps stands; None before it began. A step that no move allows changes nothing."""
        found: str | None = None
        for step in steps:
            found = self.goal(type(step), found) or found
        return found

    def next(self, status: str | None) -> tuple[type, ...]:
        """The steps that may follow and are reported: those by time are left out."""
        return tuple(
            kind
            for kind in self.steps
            if self.goal(kind, status) is not None and not self.comes_by_time(kind, status)
        )

    def comes_by_time(self, kind: type, status: str | None) -> bool:
        """Is it the passing of time that leads to this step there, and nobody's report?"""
        return kind in self.by_time and status not in self.also_reported.get(kind, frozenset())


def _moves(found: Moves | tuple[()]) -> tuple[Move, ...]:
    """A single move as a table of one."""
    return (found,) if found and isinstance(found[0], frozenset) else found


def against(matter: Matter, track: str) -> tuple[str, ...]:
    """The parties a track is against, as it began (an attribute of its first step); none for letters."""
    before = matter.steps(track)
    named: tuple[str, ...] = getattr(before[0], "against", ()) if before else ()
    return named


def wire_name(kind: type) -> str:
    """`SUIT_FILED` of SuitFiled: how a step is named on the wire and in words."""
    letters = "".join(f"_{c}" if c.isupper() and n else c for n, c in enumerate(kind.__name__))
    return letters.upper()


def _earliest(before: tuple[Any, ...], kind: type) -> date | None:
    """The first day on which a step can lie: that of the one it follows.

    Steps of one type in a row, such as service on each of several, may be told in any order.
    """
    return next((one.on for one in reversed(before) if type(one) is not kind), None)


def check(machine: Machine, asked: Asked, *, by_time: bool = False) -> None:
    """May the step be taken? Raises StepOutOfOrder, StepOnlyByTime, StepTooEarly, and what its guard raises.

    What time led to may be found late: of its day the guard alone judges.
    """
    kind, status = type(asked.step), machine.status(asked.before)
    comes = machine.comes_by_time(kind, status)
    if comes and not by_time:
        raise StepOnlyByTime(step=wire_name(kind))
    if machine.goal(kind, status) is None or comes != by_time:
        raise StepOutOfOrder(status=status, next=tuple(map(wire_name, machine.next(status))))
    earliest = _earliest(asked.before, kind)
    if not by_time and earliest is not None and asked.step.on < earliest:
        raise StepTooEarly(not_before=earliest)
    if (guard := machine.guards.get(kind)) is not None:
        guard(asked)
