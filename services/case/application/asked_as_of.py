"""One case on two clocks: what we knew at `known_at` about what was true as of a day.

The facts recorded by then are folded, and judged for the day asked about; so an answer for an earlier `known_at`
never changes, and the order in which facts arrived never shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.case.application.handle import CaseDesk, folded_until
from services.case.application.sheet import EPISODES_MAX, CaseUnknown, is_case_id
from services.case.domain.case_facts import CaseFacts, day_of
from services.case.domain.events import CaseClosed, CaseOpened, CaseReopened
from services.case.domain.judge import Picture, judge
from services.case.domain.policy import CasePolicy
from services.case.domain.state import CaseState, ClosedCase, NoCase, OpenCase
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel.policy import PolicyBook


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsOf:
    """The answer: `version` and `position` are those of the last event that was known; `history` all of these.

    `facts` are those known by then, days after `as_of` included; `closed_on` is None and `reason` too while open.
    """

    case_id: str
    debtor_ref: str | None
    episode: int
    as_of: date
    known_at: datetime | None
    version: int
    position: int
    state: CaseState
    facts: CaseFacts
    picture: Picture
    history: Sequence[Recorded[Any]]
    opened_on: date
    closed_on: date | None
    reason: str | None


class CaseClocks:
    """Questions about cases of one tenant on both clocks."""

    def __init__(self, *, desk: CaseDesk, tenant: str, policies: PolicyBook[CasePolicy]) -> None:
        self._desk, self._tenant, self._policies = desk, tenant, policies

    async def case(
        self, case_id: str, *, as_of: date, known_at: datetime | None = None, or_later: bool = False
    ) -> CaseAsOf:
        """The case as of the end of a day, by what was recorded up to `known_at` (inclusive; None: all).

        `or_later`: as of the newest day that any fact names, where that is after `as_of`.
        Raises: CaseUnknown, also where nothing of the case was known, or it had not begun, by then.
        """
        loaded = await self._desk.load(case_id)
        known = [seen for seen in loaded.history if known_at is None or seen.recorded_at <= known_at]
        state = folded_until(known)
        worked = None if isinstance(state, NoCase) else state if isinstance(state, OpenCase) else state.was
        if worked is None or isinstance(state, NoCase):
            raise CaseUnknown
        facts = worked.facts
        day = max(as_of, facts.last_day) if or_later else as_of
        opened = next(facts.all(CaseOpened), None)
        if opened is None or opened.as_of > day:
            raise CaseUnknown
        policy = self._policies.in_force(tenant=self._tenant, on=day)
        picture = judge(facts, day, policy)
        reason = picture.ended or _still_closed(known, state, day)
        return CaseAsOf(
            case_id=case_id,
            debtor_ref=loaded.debtor_ref,
            episode=state.episode,
            as_of=day,
            known_at=known_at,
            version=known[-1].version,
            position=known[-1].position,
            state=state,
            facts=facts,
            picture=picture,
            history=known,
            opened_on=opened.as_of,
            closed_on=_closed_on(known, facts, day, policy) if reason else None,
            reason=reason,
        )

    async def named(
        self, name: str, *, as_of: date, known_at: datetime | None = None, or_later: bool = False
    ) -> CaseAsOf:
        """The case of that id, or the newest one that the account or debtor of that reference had by then.

        Raises: CaseUnknown.
        """
        if is_case_id(name):
            return await self.case(name, as_of=as_of, known_at=known_at, or_later=or_later)
        found: CaseAsOf | None = None
        for episode in range(1, EPISODES_MAX + 1):
            try:
                found = await self.case(
                    self._desk.case_id(name, episode), as_of=as_of, known_at=known_at, or_later=or_later
                )
            except CaseUnknown:
                break
        if found is None:
            raise CaseUnknown
        return found


def _closing(known: Sequence[Recorded[Any]], day: date) -> CaseClosed | None:
    """The closing on record that stands as of a day, None where the case was open by the record."""
    last: CaseClosed | CaseReopened | None = None
    for seen in known:
        if not isinstance(seen.event, Erased) and isinstance(seen.event, CaseClosed | CaseReopened):
            last = seen.event if seen.event.as_of <= day else last
    return last if isinstance(last, CaseClosed) else None


def _still_closed(known: Sequence[Recorded[Any]], state: CaseState, day: date) -> str | None:
    """Facts that would open a case again leave it closed where the debtor has a newer one: the record says so."""
    closing = _closing(known, day)
    return closing.reason if closing is not None and isinstance(state, ClosedCase) else None


def _closed_on(known: Sequence[Recorded[Any]], facts: CaseFacts, day: date, policy: CasePolicy) -> date:
    """The day it closed: as recorded, else the first day from which the facts have it closed."""
    closing = _closing(known, day)
    if closing is not None:
        return closing.as_of
    first = day
    for before in sorted({day_of(fact) for fact in facts.until(day).by_key.values()}, reverse=True):
        if judge(facts, before, policy).ended is None:
            break
        first = before
    return first
