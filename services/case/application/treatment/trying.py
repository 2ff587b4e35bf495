"""Another strategy tried on the cases there are, as of a day: who would be in which segment. Reads only."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.case.application.sheet import CaseUnknown
from services.case.application.treatment.room import TreatmentRoom
from services.case.domain.judge import judge
from services.case.domain.state import ClosedCase, NoCase, OpenCase
from services.case.domain.treatment.inputs import inputs_of
from services.case.domain.treatment.strategy import Choice, Strategy, StrategyBook

PAGE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that would be in another segment, or take another arm's steps; `before` None: no strategy was in force."""

    case_id: str
    before: Choice | None
    after: Choice

    def as_json(self) -> dict[str, Any]:
        """How the command line shows it."""
        return {
            "id": self.case_id,
            "from": self.before.segment if self.before else None,
            "to": self.after.segment,
            "rule": self.after.rule,
            "arm": self.after.arm,
        }


@dataclass(slots=True)
class Tried:
    """What a strategy would do: `moves` counts (from, to), the same ones included; `differences` are the others."""

    strategy: str
    base: str | None
    as_of: date
    cases: int = 0
    moves: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def as_json(self, *, shown: int) -> dict[str, Any]:
        """The document of `strategy try --json`; at most `shown` differences are listed one by one."""
        moves = sorted(self.moves.items(), key=lambda one: (one[0][0] or "", one[0][1]))
        return {
            "as_of": self.as_of.isoformat(),
            "strategy": self.strategy,
            "base": self.base,
            "cases": self.cases,
            "different": len(self.differences),
            "moves": [{"from": before, "to": after, "cases": count} for (before, after), count in moves],
            "differences": [one.as_json() for one in self.differences[:shown]],
        }


Cases = Callable[[str, int], Awaitable[Sequence[str]]]
"""The ids of the cases that were open on the day, those after the cursor, so many at most."""


async def attempt(strategy: Strategy, *, room: TreatmentRoom, as_of: date, cases: Cases) -> Tried:
    """Choose for every open case by this strategy, and by the one in force that day; nothing is recorded."""
    book = await room.book()
    base = book.in_force(as_of)
    done = Tried(strategy.version.id, base.version.id if base else None, as_of)
    after = ""
    while page := await cases(after, PAGE):
        for case_id in page:
            try:
                await _one(case_id, strategy, base, room=room, done=done)
            except CaseUnknown:
                continue
        after = page[-1]
    return done


async def _one(
    case_id: str, strategy: Strategy, base: Strategy | None, *, room: TreatmentRoom, done: Tried
) -> None:
    seen = await room.clocks.case(case_id, as_of=done.as_of)
    case = seen.state.was if isinstance(seen.state, ClosedCase) else seen.state
    if isinstance(case, NoCase) or case is None or seen.reason is not None:
        return
    both = StrategyBook(tuple(one for one in (base, strategy) if one is not None))
    treating = await room.treatments.of(case_id, case, both, as_of=done.as_of)
    policy = room.decisions.policy_on(done.as_of)
    assert isinstance(case, OpenCase)
    picture = judge(seen.facts, done.as_of, policy)
    inputs = inputs_of(seen.facts, picture, treating.accounts, episode=case.episode)
    now = strategy.choose(inputs, case_id)
    was = None if base is None else base.choose(inputs, case_id)
    done.cases += 1
    done.moves[was.segment if was else None, now.segment] += 1
    if was is None or (was.segment, was.arm) != (now.segment, now.arm):
        done.differences.append(Difference(case_id, was, now))
