"""One case on two clocks: what we knew at `known_at` about what was true as of a day.

The facts recorded by then are folded, and judged for the day asked about; so an answer for an earlier `known_at`
never changes, and the order in which facts arrived never shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.case.application.handle import CaseDesk, folded_until
from services.case.application.sheet import CaseUnknown
from services.case.domain.judge import Picture, judge
from services.case.domain.policy import CasePolicy
from services.case.domain.state import CaseState, NoCase, OpenCase
from shared.eventstore.recorded import Recorded
from shared.kernel.policy import PolicyBook


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsOf:
    """The answer: `version` and `position` are those of the last event that was known; `history` all of these."""

    case_id: str
    debtor_ref: str | None
    episode: int
    as_of: date
    known_at: datetime | None
    version: int
    position: int
    state: CaseState
    picture: Picture
    history: Sequence[Recorded[Any]]


class CaseClocks:
    """Questions about cases of one tenant on both clocks."""

    def __init__(self, *, desk: CaseDesk, tenant: str, policies: PolicyBook[CasePolicy]) -> None:
        self._desk, self._tenant, self._policies = desk, tenant, policies

    async def case(self, case_id: str, *, as_of: date, known_at: datetime | None = None) -> CaseAsOf:
        """The case as of the end of a day, by what was recorded up to `known_at` (inclusive; None: all).

        Raises: CaseUnknown, also where nothing of the case was known, or it had not begun, by then.
        """
        loaded = await self._desk.load(case_id)
        known = [seen for seen in loaded.history if known_at is None or seen.recorded_at <= known_at]
        state = folded_until(known)
        worked = None if isinstance(state, NoCase) else state if isinstance(state, OpenCase) else state.was
        if worked is None or isinstance(state, NoCase):
            raise CaseUnknown
        policy = self._policies.in_force(tenant=self._tenant, on=as_of)
        picture = judge(worked.facts, as_of, policy)
        if not picture.debts and not any(picture.balance.by_account):
            raise CaseUnknown
        return CaseAsOf(
            case_id=case_id,
            debtor_ref=loaded.debtor_ref,
            episode=state.episode,
            as_of=as_of,
            known_at=known_at,
            version=known[-1].version,
            position=known[-1].position,
            state=state,
            picture=picture,
            history=known,
        )
