"""The cases that a payment may be for: read from the ledger; only an account without its debtor is asked of a view."""

from collections.abc import Awaitable, Callable, Sequence

from services.case.application.deciding import CaseDecisions
from services.case.application.handle import CaseDesk, Loaded
from services.case.application.sheet import CaseUnknown
from services.case.domain import events as e
from services.case.domain.balance import currency_of
from services.case.domain.entry import Candidate, EnterPayment
from services.case.domain.state import NoCase, OpenCase

CasesOf = Callable[[str], Awaitable[Sequence[str]]]
"""Account key -> the cases that such an account is in, as far as the views know."""


class Matching:
    """Looks for the cases of one tenant's payments."""

    def __init__(self, *, desk: CaseDesk, decisions: CaseDecisions, cases_of: CasesOf) -> None:
        self._desk, self._decisions, self._cases_of = desk, decisions, cases_of

    async def candidates(self, ask: EnterPayment) -> list[Candidate]:
        """The debtor's newest case, or the cases that hold the account where no debtor is named."""
        key = None if ask.account_ref is None else self._decisions.account_id("", ask.account_ref)[:-2]
        found: list[Loaded | None] = []
        if ask.debtor_ref is not None:
            found = [await self._newest(ask.debtor_ref)]
        elif key is not None and ask.account_ref is not None:
            # Where a lender reports statements only, the account's reference is the debtor's as well.
            newest = await self._newest(ask.account_ref)
            others = [name for name in await self._cases_of(key) if newest is None or name != newest.case_id]
            found = [newest, *[await self._case(name) for name in others]]
            found = [one for one in found if one is not None and _debts(one, key)]
        return [_candidate(one, key) for one in found if one is not None]

    async def _newest(self, debtor_ref: str) -> Loaded | None:
        """The debtor's open case, or the one that closed last."""
        episode = await self._decisions.next_episode(debtor_ref)
        found = await self._case(self._desk.case_id(debtor_ref, episode))
        if found is None and episode > 1:
            found = await self._case(self._desk.case_id(debtor_ref, episode - 1))
        return found

    async def _case(self, case_id: str) -> Loaded | None:
        try:
            loaded = await self._desk.load(case_id)
        except CaseUnknown:
            return None
        return None if loaded.erased else loaded


def _worked(loaded: Loaded) -> OpenCase | None:
    state = loaded.state
    return state if isinstance(state, OpenCase) else None if isinstance(state, NoCase) else state.was


def _debts(loaded: Loaded, key: str | None) -> tuple[str, ...]:
    """The case's debts, those of the account with this key where one is given."""
    worked = _worked(loaded)
    debts = () if worked is None else worked.debts
    return tuple(debt for debt in debts if key is None or debt[:-2] == key)


def _candidate(loaded: Loaded, key: str | None) -> Candidate:
    worked = _worked(loaded)
    assert worked is not None, "a case that was erased is no candidate"
    return Candidate(
        case=loaded.case_id,
        open=isinstance(loaded.state, OpenCase),
        opened_on=next(worked.facts.all(e.CaseOpened)).as_of,
        currency=currency_of(worked.facts),
        debts=_debts(loaded, key),
    )
