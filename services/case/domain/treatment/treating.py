"""What a case is treated by, beside its own facts."""

from dataclasses import dataclass

from services.case.domain.treatment.account_seen import AccountSeen
from services.case.domain.treatment.strategy import StrategyBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Treating:
    """The tenant's strategies, and the accounts of the case as of the day; `case_id` is what it is drawn by."""

    case_id: str
    book: StrategyBook
    accounts: tuple[AccountSeen, ...] = ()
