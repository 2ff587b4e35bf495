"""What the end of a day leads to in each case, each fact as one command.

It may run twice, late, by two workers at once, or be killed: what was said is found to be on record, and what two say
at once is one command with one id. Late, it looks at the newest day alone: a step stands on the day it took effect,
whenever it is found, and of a warning only the narrowest is still of use.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from services.legal.application.handle import LegalDesk, Meta
from services.legal.domain import commands as c
from services.legal.domain.deadlines.day_end import SWEEP, next_look, of_claims, of_matter
from services.legal.domain.facts.proofs import LimitationNear
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from services.legal.domain.thing_ids import STEP
from shared.eventstore.port import Busy, LedgerClosed, OutcomeUnknown, StoreFull, StoreUnavailable

ROUNDS_MAX = 20
"""A step may let the next one fall due; more than so many on one day are a fault."""
PASSING = (Busy, LedgerClosed, OSError, OutcomeUnknown, StoreFull, StoreUnavailable)
"""Faults of the moment, not of a case: the day is begun again later."""


class DayWithoutEnd(Exception):
    """A case of which something more was to be said after ROUNDS_MAX rounds."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A case that was looked at: after `seen` events nothing can be said of it before `next_day`."""

    case_id: str
    seen: int
    next_day: date


@dataclass(slots=True)
class Swept:
    """What a run did: cases looked at, cases about which something was said, events of that.

    `failed` holds the cases that could not be looked at, with the class of the fault; `looked` those that were.
    """

    cases: int = 0
    changed: int = 0
    events: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)


async def sweep(
    cases: Iterable[str], *, desk: LegalDesk, as_of: date, stopping: Callable[[], bool] = lambda: False
) -> Swept:
    """Look at each case as of the end of `as_of`, until `stopping` says so. One that fails does not stop the others.

    Raises only PASSING.
    """
    done = Swept()
    for case in cases:
        if stopping():
            break
        done.cases += 1
        try:
            events, looked = await _one(case, desk, as_of)
        except PASSING:
            raise
        except Exception as problem:  # the worker's outer loop over cases: name it, go on with the others
            done.failed.append((case, type(problem).__name__))
        else:
            done.changed += events > 0
            done.events += events
            done.looked.append(looked)
    return done


async def _one(case: str, desk: LegalDesk, as_of: date) -> tuple[int, Looked]:
    events = 0
    for _ in range(ROUNDS_MAX):
        claims, _ = await desk.shelf.claims(case)
        matters = await desk.shelf.matters_of(claims)
        added = await _say(case, claims, matters, desk, as_of)
        if added is None:
            return events, Looked(
                case, _seen(claims, matters), next_look(matters, claims, desk.ground, as_of=as_of)
            )
        events += added
    raise DayWithoutEnd


async def _say(
    case: str, claims: Claims, matters: Iterable[Matter], desk: LegalDesk, as_of: date
) -> int | None:
    """How many events were added; None where nothing is to be said. What somebody else said meanwhile adds none."""
    wanted: list[tuple[str, c.TakeStep | c.WarnOfDeadline | c.WarnOfLimitation]] = []
    for matter in matters:
        if (begun := matter.opened) is None:
            continue
        said = of_matter(matter, claims, desk.ground, as_of=as_of, step_id=_ids(desk, begun.matter))
        wanted += [(begun.matter, one) for one in said]
    wanted += [(case, one) for one in of_claims(claims, desk.ground, as_of=as_of)]
    if not wanted:
        return None
    events = 0
    for about, command in wanted:
        handled = await desk.handle(about, command, Meta(actor=SWEEP, client=SWEEP, key=_key(command)))
        events += len(handled.events)
    return events


def _ids(desk: LegalDesk, matter: str) -> Callable[[str, str], str]:
    def step_id(track: str, begun_by: str) -> str:
        return desk.thing_id(STEP, matter, client=SWEEP, operation=track, key=begun_by)

    return step_id


def _key(command: c.TakeStep | c.WarnOfDeadline | c.WarnOfLimitation) -> str:
    """What makes it this fact and no other, whichever worker says it."""
    if isinstance(command, c.TakeStep):
        return command.step.step
    near = command.near
    ends = near.expires_on or near.raw_on
    if isinstance(near, LimitationNear):
        return f"{near.debt}|{near.clock}|{near.person}|{ends}|{near.within}"
    return f"{near.deadline}|{near.thing}|{near.begun_by}|{ends}|{near.within}"


def _seen(claims: Claims, matters: Iterable[Matter]) -> int:
    """How many events there are of the case, its debts and its matters: the view counts the same."""
    about = dict.fromkeys((claims.case, *claims.debts))
    proofs = sum(claims.streams[one].version for one in about if one in claims.streams)
    return proofs + sum(matter.version for matter in matters)
