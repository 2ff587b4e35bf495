"""What a lender's book says of an account: its events folded, apart from what statements say of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from services.case.domain import events as e
from shared.kernel.money import Money
from shared.kernel.parts import Parts


class Terms(NamedTuple):
    """An account's terms; rates in parts per million."""

    product: str
    opened_on: date | None
    rate_ppm: int | None
    penalty_ppm_per_day: int | None
    lender: str | None
    credit_limit: Money | None


class Role(NamedTuple):
    """What a party is to the account; `until` is exclusive."""

    kind: str
    party: str
    guarantee: str | None
    from_: date | None
    until: date | None
    relation: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment as last said; `paid` in minor units. `was_paid`: (as of, paid) of every word about it, in order."""

    due: date
    amounts: Parts
    fee: int
    paid: int
    paid_on: date | None
    revision: int
    was_paid: tuple[tuple[date, int], ...]
    withdrawn: bool = False

    def paid_by(self, day: date) -> int:
        """What was on record as paid on a day; of an instalment that came later, what was when it came."""
        found = self.was_paid[0][1]
        for on, paid in self.was_paid:
            if on > day:
                break
            found = paid
        return found

    @property
    def said(self) -> tuple[Any, ...]:
        """What the book says of it."""
        return self.due, self.amounts, self.fee, self.paid, self.paid_on


class Stood(NamedTuple):
    """How the account stood by the lender's books on `as_of`; minor units."""

    as_of: date
    balance: int
    overdue: int | None
    days_past_due: int | None
    paid: int


class Pledge(NamedTuple):
    """What secures the account, as last said."""

    kind: str
    value: Money | None
    valued_on: date | None
    priority: int | None


@dataclass(slots=True)
class AccountRecord:
    """An account as the book has it. `left` is why it is in the book no longer, None while it is.

    `latest` is the newest day anything was said as of. `forgotten`: what pointed to the debtor was erased.
    """

    terms: Terms | None = None
    debtor: str = ""
    debtor_ref: str = ""
    currency: str = ""
    revision: int = 0
    latest: date = date.min
    left: str | None = None
    forgotten: bool = False
    roles: dict[str, Role] = field(default_factory=dict)
    instalments: dict[str, Due] = field(default_factory=dict)
    balances: dict[date, tuple[Stood, int]] = field(default_factory=dict)
    collateral: dict[str, tuple[Pledge, int]] = field(default_factory=dict)
    released: dict[str, int] = field(default_factory=dict)

    @property
    def newest_balance(self) -> Stood | None:
        """The newest balance reported."""
        return self.balances[max(self.balances)][0] if self.balances else None

    @property
    def scheduled(self) -> dict[str, Due]:
        """The instalments that are in the book."""
        return {number: one for number, one in self.instalments.items() if not one.withdrawn}

    def take(self, event: e.AccountEvent) -> None:
        """One more event; what statements say is passed over."""
        if isinstance(event, e.StatementReported | e.StatementCorrected):
            return
        day = event.as_of if isinstance(event, e.BalanceReported) else event.on
        self.latest = max(self.latest, day)
        match event:
            case e.AccountBooked():
                self._booked(event)
            case e.AccountLeftBook():
                self.left = event.reason
            case e.InstalmentScheduled():
                self._scheduled(event)
            case e.InstalmentWithdrawn():
                known = self.instalments.get(event.instalment)
                if known is not None:
                    self.instalments[event.instalment] = _withdrawn(known)
            case e.BalanceReported():
                overdue = event.overdue.minor if event.overdue else None
                said = Stood(event.as_of, event.balance.minor, overdue, event.days_past_due, event.paid.minor)
                self.balances[event.as_of] = (said, event.revision)
            case _:
                self._linked(event)

    def _booked(self, event: e.AccountBooked) -> None:
        self.terms = Terms(
            event.product, event.opened_on, event.rate_ppm, event.penalty_ppm_per_day, event.lender,
            event.credit_limit,
        )  # fmt: skip
        self.forgotten = self.forgotten or not isinstance(event.debtor_ref, str)
        self.debtor, self.debtor_ref, self.currency = event.debtor, event.debtor_ref, event.currency
        self.revision, self.left = event.revision, None

    def _scheduled(self, event: e.InstalmentScheduled) -> None:
        known = self.instalments.get(event.instalment)
        told = (event.on, event.paid.minor)
        self.instalments[event.instalment] = Due(
            event.due, event.amounts, event.fee.minor, event.paid.minor, event.paid_on, event.revision,
            (*known.was_paid, told) if known else (told,),
        )  # fmt: skip

    def _linked(self, event: e.BookEvent) -> None:
        match event:
            case e.RoleLinked():
                self.roles[event.role] = Role(
                    event.kind, event.party, event.guarantee, event.from_, event.until, event.relation
                )
            case e.RoleEnded():
                self.roles.pop(event.role, None)
            case e.CollateralReferenced():
                pledge = Pledge(event.kind, event.value, event.valued_on, event.priority)
                self.collateral[event.collateral] = (pledge, event.revision)
            case e.CollateralReleased():
                _, revision = self.collateral.pop(event.collateral, (None, 0))
                self.released[event.collateral] = revision


def _withdrawn(known: Due) -> Due:
    return Due(
        known.due, known.amounts, known.fee, known.paid, known.paid_on, known.revision, known.was_paid, True
    )


def fold_record(events: Iterable[e.AccountEvent]) -> AccountRecord:
    """The account that these events make; one without terms is not in the book."""
    record = AccountRecord()
    for event in events:
        record.take(event)
    return record
