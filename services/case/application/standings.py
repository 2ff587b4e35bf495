"""What is known of the accounts and cases being worked on: read in bulk, remembered within a bound, kept
current.

What is remembered may be older than the ledger (another process may write too); the expected versions of a
command find that out, and then the debtor is read again.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.case.application.book.names import BookNames
from services.case.domain.decide import Standing
from services.case.domain.state import (
    NO_CASE,
    Account,
    CaseState,
    ClosedCase,
    NoCase,
    fold_account,
    fold_case,
)
from services.case.domain.statement import Decision
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

DEBTORS_KEPT_MAX = 20_000
STATEMENTS_KEPT_MAX = 120_000
"""Bound on the statements remembered over all debtors, about 150 bytes each."""
EPISODES_MAX = 10_000
ERASED = "ERASED"
"""The closing reason that stands for a case whose facts were erased: it can never be worked again."""


@dataclass(slots=True)
class Debtor:
    """One debtor with one debt: the account, the newest case, and the versions both streams stand at.

    `in_book`: a lender's book has the account, under another debtor than the one that statements take it for.
    """

    account: str
    account_version: int
    case: str
    case_version: int
    standing: Standing
    in_book: bool = False

    @property
    def weight(self) -> int:
        """How many statements are remembered."""
        account = self.standing.account
        return len(account.contents) if isinstance(account, Account) else 0


class Standings:
    """Debtors by reference, for one tenant of one ledger."""

    def __init__(self, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant
        self._book = BookNames(ledger, tenant)
        self._known: OrderedDict[str, Debtor] = OrderedDict()
        self._statements = 0

    def account_stream(self, ref: str) -> str:
        """The stream id of an account."""
        return self._ledger.stream_id("account", ref, debtor_ref=ref, tenant=self._tenant)

    def case_stream(self, ref: str, episode: int) -> str:
        """The stream id of a debtor's `episode`-th case."""
        return self._ledger.stream_id("case", ref, str(episode), debtor_ref=ref, tenant=self._tenant)

    async def of(self, refs: Iterable[str]) -> dict[str, Debtor]:
        """Each debtor as far as known; those not remembered are read, all in one go."""
        found = {ref: self._known.get(ref) for ref in refs}
        missing = [ref for ref, debtor in found.items() if debtor is None]
        read = await self._read(missing) if missing else {}
        for ref, debtor in read.items():
            self._remember(ref, debtor)
        for ref in found:
            if ref in self._known:
                self._known.move_to_end(ref)
        self._forget_oldest()
        return {ref: debtor or read[ref] for ref, debtor in found.items()}

    async def fresh(self, ref: str) -> Debtor:
        """The debtor as the ledger has it now."""
        self.forget(ref)
        return (await self.of((ref,)))[ref]

    def forget(self, ref: str) -> None:
        """What was remembered of this debtor is out of date."""
        debtor = self._known.pop(ref, None)
        if debtor is not None:
            self._statements -= debtor.weight

    def advance(self, ref: str, debtor: Debtor, decision: Decision) -> None:
        """The decision is in the ledger: move the debtor on by it."""
        before = debtor.weight
        account = fold_account(decision.account, debtor.standing.account)
        debtor.account_version += len(decision.account)
        case = debtor.standing.case
        if decision.case:
            stream, version = self.case_of(ref, debtor, decision)
            case = fold_case(decision.case, case if stream == debtor.case else NO_CASE)
            debtor.case, debtor.case_version = stream, version + len(decision.case)
        debtor.standing = Standing(account, case)
        if self._known.get(ref) is debtor:
            self._statements += debtor.weight - before

    def case_of(self, ref: str, debtor: Debtor, decision: Decision) -> tuple[str, int]:
        """The stream of the case a decision is about, and its version: the newest case's, or a new one's."""
        if decision.episode == getattr(debtor.standing.case, "episode", 1):
            return debtor.case, debtor.case_version
        return self.case_stream(ref, decision.episode), 0

    def _remember(self, ref: str, debtor: Debtor) -> None:
        self.forget(ref)
        self._known[ref] = debtor
        self._statements += debtor.weight

    def _forget_oldest(self) -> None:
        while self._known and (len(self._known) > DEBTORS_KEPT_MAX or self._statements > STATEMENTS_KEPT_MAX):
            self.forget(next(iter(self._known)))

    async def _read(self, refs: Sequence[str]) -> dict[str, Debtor]:
        accounts = {ref: self.account_stream(ref) for ref in refs}
        cases = {ref: self.case_stream(ref, 1) for ref in refs}
        streams = await self._ledger.read_streams([*accounts.values(), *cases.values()], tenant=self._tenant)
        homes = await self._book.homes(refs)
        read = {}
        for ref in refs:
            history = streams.get(accounts[ref], [])
            state, version = _case(streams.get(cases[ref], []), episode=1)
            standing = Standing(fold_account(_facts(history)), state)
            elsewhere = homes.get(ref, accounts[ref]) != accounts[ref]
            read[ref] = Debtor(accounts[ref], _version(history), cases[ref], version, standing, elsewhere)
        await self._find_newest(read)
        return read

    async def _find_newest(self, read: dict[str, Debtor]) -> None:
        """A closed case may have a successor: look on, for all debtors at once, until none has."""
        episode, waiting = 1, [ref for ref, d in read.items() if isinstance(d.standing.case, ClosedCase)]
        while waiting and episode < EPISODES_MAX:
            episode += 1
            cases = {ref: self.case_stream(ref, episode) for ref in waiting}
            streams = await self._ledger.read_streams(list(cases.values()), tenant=self._tenant)
            waiting = [ref for ref in waiting if cases[ref] in streams]
            for ref in waiting:
                debtor = read[ref]
                debtor.case = cases[ref]
                state, debtor.case_version = _case(streams[cases[ref]], episode=episode)
                debtor.standing = Standing(debtor.standing.account, state)
            waiting = [ref for ref in waiting if isinstance(read[ref].standing.case, ClosedCase)]


def _facts(history: Sequence[Recorded[Any]]) -> list[Any]:
    return [recorded.event for recorded in history if not isinstance(recorded.event, Erased)]


def _version(history: Sequence[Recorded[Any]]) -> int:
    return history[-1].version if history else 0


def _case(history: Sequence[Recorded[Any]], *, episode: int) -> tuple[CaseState, int]:
    """A case and its version; one whose opening was erased counts as closed, so that the next episode can open."""
    state = fold_case(_facts(history))
    if history and isinstance(state, NoCase):
        return ClosedCase(episode, date.min, ERASED), _version(history)
    return state, _version(history)
