"""A command about a case, decided and not stored: the caller carries it out, or only sees what it leads to."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from services.case.application.handle import CaseDesk, CaseForgotten, instant_of
from services.case.application.remembered import KnownCase, RememberedCases
from services.case.application.sheet import CaseUnknown
from services.case.domain.commands import LifeCommand
from services.case.domain.decide import acted
from services.case.domain.money_commands import OpenCase
from services.case.domain.policy import CasePolicy
from services.case.domain.state import NO_CASE, ClosedCase
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import NewEvent, StreamWrite
from shared.kernel.clock import Clock, day_in
from shared.kernel.money import CurrencyMismatch
from shared.kernel.policy import PolicyBook
from shared.kernel.refusal import Refused

EPISODES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a command leads to: nothing to write where it is on record already. `policy`: the version decided by.

    `taken` is to be called once the ledger has taken the writes.
    """

    writes: Sequence[StreamWrite]
    policy: str
    taken: Callable[[], None] = lambda: None


class CaseDecisions:
    """Decisions about the cases of one tenant, as of the tenant's today."""

    def __init__(
        self, *, desk: CaseDesk, ledger: Ledger, tenant: str, policies: PolicyBook[CasePolicy], clock: Clock
    ) -> None:
        self._desk, self._ledger, self._tenant = desk, ledger, tenant
        self._policies, self._clock = policies, clock
        self.remembered = RememberedCases(clock)

    @property
    def policy(self) -> CasePolicy:
        """The policy in force now."""
        return self.policy_on(self._clock.now().date())

    def policy_on(self, day: date) -> CasePolicy:
        """The policy in force on a day."""
        return self._policies.in_force(tenant=self._tenant, on=day)

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
        remembered = None if dry_run else self.remembered.take(case_id)
        if remembered is not None:
            # Only what the ledger will check against the case's version is decided on a memory of it.
            with suppress(Refused, CurrencyMismatch):
                verdict = await self._verdict(remembered, command, actor=actor, dry_run=False)
                if verdict.writes:
                    return verdict
        case = await self._read(case_id, command)
        return await self._verdict(case, command, actor=actor, dry_run=dry_run)

    async def _verdict(self, case: KnownCase, command: LifeCommand, *, actor: str, dry_run: bool) -> Verdict:
        today = self.today
        policy = self._policies.in_force(tenant=self._tenant, on=today)
        may_reopen = await self._desk.may_reopen(case)
        events, after = acted(case.state, command, policy, today=today, may_reopen=may_reopen)
        if not events:
            return Verdict(writes=(), policy=policy.version.id)
        beside = await self._desk.beside(case, command, events)
        refs = [case.debtor_ref or case.case_id, f"staff:{actor}"]
        people = {} if dry_run else await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]} if people else {}
        new = tuple(
            NewEvent(event, instant_of(event, policy.zone), subjects, policy.zone) for event in events
        )
        then = replace(case, state=after, version=case.version + len(events))
        return Verdict(
            writes=(StreamWrite(case.case_id, case.version, new), *beside),
            policy=policy.version.id,
            taken=partial(self.remembered.keep, then),
        )

    async def _read(self, case_id: str, command: LifeCommand) -> KnownCase:
        """The case as the ledger has it."""
        read_at = self._clock.now()
        try:
            loaded = await self._desk.load(case_id)
        except CaseUnknown:
            if isinstance(command, OpenCase):
                return KnownCase(case_id, NO_CASE, 0, command.debtor_ref, read_at)
            raise
        if loaded.erased:
            raise CaseForgotten
        return KnownCase(case_id, loaded.state, loaded.version, loaded.debtor_ref, read_at)
