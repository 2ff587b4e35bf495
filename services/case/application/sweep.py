"""The daily sweep: every case that time may change judged as of the end of a day, as one command each.

It may run twice, late, by two workers at once, or be killed: a case for which nothing follows is not written, one
already swept is found to say nothing new, and what two write at once is one command with one id.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from services.case.application.handle import CaseDesk, CaseForgotten, Loaded, Meta
from services.case.application.sheet import CaseUnknown
from services.case.domain.case_commands import Sweep
from services.case.domain.next_day import NEVER, next_day
from services.case.domain.policy import CasePolicy
from services.case.domain.redecide import redecide
from services.case.domain.state import CaseState, fold_case
from services.case.domain.treatment.next_look import next_look
from services.case.domain.treatment.treat import treat
from services.case.domain.treatment.treating import Treating
from shared.eventstore.port import Busy, LedgerClosed, OutcomeUnknown, StoreFull, StoreUnavailable
from shared.kernel.policy import PolicyBook

ACTOR = "system:sweep"
Treatment: TypeAlias = Callable[[str, CaseState], Awaitable[Treating]]
"""What a case is treated by, of its id and of how it stands."""
PASSING = (Busy, LedgerClosed, OSError, OutcomeUnknown, StoreFull, StoreUnavailable)
"""Faults of the moment, not of a case: the day is begun again later."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A case that was judged: at this version nothing can be said of it before `next_day`."""

    case_id: str
    version: int
    next_day: date


@dataclass(slots=True)
class Swept:
    """What a run did: cases judged, cases about which something was said, events of that.

    `failed` holds the cases that could not be judged, with the class of the fault; `looked` those that were.
    """

    cases: int = 0
    changed: int = 0
    events: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)


async def sweep(
    cases: Iterable[str],
    *,
    desk: CaseDesk,
    tenant: str,
    policies: PolicyBook[CasePolicy],
    as_of: date,
    stopping: Callable[[], bool] = lambda: False,
    treatment: Treatment | None = None,
) -> Swept:
    """Judge each case as of the end of `as_of`, until `stopping` says so. One that fails does not stop the others.

    `treatment`: what they are treated by as well; None: their segments and steps are left alone.

    A case that is gone or was erased is passed over. Raises only PASSING.
    """
    done, policy = Swept(), policies.in_force(tenant=tenant, on=as_of)
    for case_id in cases:
        if stopping():
            break
        done.cases += 1
        try:
            await _one(case_id, desk=desk, policy=policy, as_of=as_of, done=done, treatment=treatment)
        except (CaseUnknown, CaseForgotten):
            done.looked.append(Looked(case_id, 0, NEVER))
        except PASSING:
            raise
        except Exception as problem:  # the worker's outer loop over cases: name it, go on with the others
            done.failed.append((case_id, type(problem).__name__))
    return done


async def _one(
    case_id: str,
    *,
    desk: CaseDesk,
    policy: CasePolicy,
    as_of: date,
    done: Swept,
    treatment: Treatment | None,
) -> None:
    loaded = await desk.load(case_id)
    state = loaded.state
    treating = None if treatment is None else await treatment(case_id, state)
    if await _has_more_to_say(loaded, desk=desk, policy=policy, as_of=as_of, treating=treating):
        # The version is part of the key: what was recorded since the last sweep may have more to say.
        meta = Meta(
            actor=ACTOR,
            client=ACTOR,
            key=f"{as_of}|{loaded.version}",
            fingerprint=as_of.isoformat().encode(),
            today=as_of,
        )
        handled = await desk.handle(case_id, Sweep(on=as_of, treating=treating), meta)
        done.changed += bool(handled.events)
        done.events += len(handled.events)
        if handled.version != loaded.version + len(handled.events):
            return  # somebody else wrote as well: the next sweep looks again
        state = fold_case(handled.events, state)
        done.looked.append(Looked(case_id, handled.version, _next(state, as_of, policy, treating)))
        return
    done.looked.append(Looked(case_id, loaded.version, _next(state, as_of, policy, treating)))


def _next(state: CaseState, as_of: date, policy: CasePolicy, treating: Treating | None) -> date:
    """The first day on which anything may follow by time alone."""
    judged = next_day(state, as_of, policy)
    return judged if treating is None else min(judged, next_look(state, as_of, policy, treating))


async def _has_more_to_say(
    loaded: Loaded, *, desk: CaseDesk, policy: CasePolicy, as_of: date, treating: Treating | None
) -> bool:
    """Does anything follow by the day? Whether a later case stands in the way is asked only where something does."""
    if treating is not None and treat(loaded.state, as_of, policy, treating):
        return True
    if not redecide(loaded.state, as_of, policy):
        return False
    return bool(redecide(loaded.state, as_of, policy, may_reopen=await desk.may_reopen(loaded)))
