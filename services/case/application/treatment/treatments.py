"""What a case is treated by as of a day: the tenant's strategies, and the accounts of the case where a rule asks."""

from datetime import date, datetime

from services.case.domain.events import CaseOpened, DebtAttached
from services.case.domain.state import CaseState, NoCase, OpenCase
from services.case.domain.treatment.account_seen import AccountSeen, account_seen
from services.case.domain.treatment.strategy import StrategyBook
from services.case.domain.treatment.treating import Treating
from shared.eventstore.ledger import Ledger
from shared.eventstore.registry import Erased


class Treatments:
    """Reads for one tenant what treatment is decided by."""

    def __init__(self, *, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant

    async def of(
        self,
        case_id: str,
        case: CaseState,
        book: StrategyBook,
        *,
        as_of: date,
        known_at: datetime | None = None,
    ) -> Treating:
        """For a case as it stands; the accounts by what was recorded up to `known_at` (inclusive; None: all)."""
        accounts: list[AccountSeen] = []
        if book.asks_accounts:
            for account in sorted(_accounts(case)):
                accounts.append(await self._account(account, as_of, known_at))
        return Treating(case_id=case_id, book=book, accounts=tuple(accounts))

    async def _account(self, account: str, as_of: date, known_at: datetime | None) -> AccountSeen:
        history = await self._ledger.whole_stream(account, tenant=self._tenant)
        told = [
            seen.event
            for seen in history
            if not isinstance(seen.event, Erased) and (known_at is None or seen.recorded_at <= known_at)
        ]
        return account_seen(told, as_of)


def _accounts(case: CaseState) -> set[str]:
    worked = None if isinstance(case, NoCase) else case if isinstance(case, OpenCase) else case.was
    if worked is None:
        return set()
    opened = [account for one in worked.facts.all(CaseOpened) for account in one.debts]
    return {*opened, *(one.account for one in worked.facts.all(DebtAttached))}
