"""A command about a case, decided and not stored: the caller carries it out, or only sees what it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.case.application.handle import CaseDesk, CaseForgotten, Loaded
from services.case.application.sheet import CaseUnknown
from services.case.domain.case_facts import day_of
from services.case.domain.commands import LifeCommand
from services.case.domain.decide import act
from services.case.domain.events import CaseEvent, ContactAttempted
from services.case.domain.money_commands import OpenCase
from services.case.domain.policy import CasePolicy
from services.case.domain.state import NO_CASE, ClosedCase
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import NewEvent, StreamWrite
from shared.kernel.clock import Clock, day_in, start_of_day
from shared.kernel.policy import PolicyBook

EPISODES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a command leads to: nothing to write where it is on record already. `policy`: the version decided by."""

    writes: Sequence[StreamWrite]
    policy: str


class CaseDecisions:
    """Decisions about the cases of one tenant, as of the tenant's today."""

    def __init__(
        self, *, desk: CaseDesk, ledger: Ledger, tenant: str, policies: PolicyBook[CasePolicy], clock: Clock
    ) -> None:
        self._desk, self._ledger, self._tenant = desk, ledger, tenant
        self._policies, self._clock = policies, clock

    @property
    def policy(self) -> CasePolicy:
        """The policy in force now."""
        return self._policies.in_force(tenant=self._tenant, on=self._clock.now().date())

    @property
    def today(self) -> date:
        """The tenant's day."""
        return day_in(self._clock.now(), self.policy.zone)

    def account_id(self, debtor_ref: str, account_ref: str) -> str:
        """The stream of a debtor's account."""
        return self._ledger.stream_id("account", account_ref, debtor_ref=debtor_ref, tenant=self._tenant)

    async def next_episode(self, debtor_ref: str) -> int:
        """The number of the debtor's next case, or that of the one that is open."""
        for episode in range(1, EPISODES_MAX):
            try:
                loaded = await self._desk.load(self._desk.case_id(debtor_ref, episode))
            except CaseUnknown:
                return episode
            if not loaded.erased and not isinstance(loaded.state, ClosedCase):
                return episode
        return EPISODES_MAX

    async def decide(
        self, case_id: str, command: LifeCommand, *, actor: str, dry_run: bool = False
    ) -> Verdict:
        """Decide on the case as it is now; `dry_run` makes no one known who was not.

        Raises: CaseUnknown, CaseForgotten, the rule's refusals.
        """
        loaded = await self._known(case_id, command)
        today = self.today
        policy = self._policies.in_force(tenant=self._tenant, on=today)
        events = act(loaded.state, command, policy, today=today, may_reopen=not await self._has_next(loaded))
        if not events:
            return Verdict(writes=(), policy=policy.version.id)
        beside = await self._desk.beside(loaded, command, events)
        refs = [loaded.debtor_ref or case_id, f"staff:{actor}"]
        people = {} if dry_run else await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]} if people else {}
        new = tuple(NewEvent(event, _instant(event, policy.zone), subjects, policy.zone) for event in events)
        writes = (StreamWrite(case_id, loaded.version, new), *beside)
        return Verdict(writes=writes, policy=policy.version.id)

    async def _known(self, case_id: str, command: LifeCommand) -> Loaded:
        try:
            loaded = await self._desk.load(case_id)
        except CaseUnknown:
            if isinstance(command, OpenCase):
                return Loaded(case_id, NO_CASE, 0, 0, command.debtor_ref, False, ())
            raise
        if loaded.erased:
            raise CaseForgotten
        return loaded

    async def _has_next(self, loaded: Loaded) -> bool:
        """Whether the debtor's next case stands in the way of opening this one again."""
        if not isinstance(loaded.state, ClosedCase):
            return False
        if loaded.debtor_ref is None:
            return True
        try:
            await self._desk.load(self._desk.case_id(loaded.debtor_ref, loaded.state.episode + 1))
        except CaseUnknown:
            return False
        return True


def _instant(event: CaseEvent, zone: str) -> datetime:
    """When it happened in the world: an attempt to the second, everything else on its day."""
    return event.at if isinstance(event, ContactAttempted) else start_of_day(day_of(event), zone)
