"""What a delivery changes about an account: its rows against what is on record, and the difference as events."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.case.domain import events as e
from services.case.domain.book import reasons as r
from services.case.domain.book import rows as b
from services.case.domain.book.account_record import AccountRecord, Pledge, Role, Stood
from services.case.domain.book.account_record import Terms as AccountTerms
from services.case.domain.book.reasons import ROW, RowRefused
from shared.kernel.money import Money
from shared.kernel.parts import Parts

INSTALMENTS_MAX = 600
"""Of one account, ever: fifty years of months; what follows from all of them at once is still one command."""


@dataclass(frozen=True, slots=True)
class Names:
    """How things are called in facts: ids that say nothing to who has not the key. `parties`: those on record."""

    party: Callable[[str], str]
    person: Callable[[str], str]
    role: Callable[[b.RoleRow], str]
    collateral: Callable[[b.CollateralRow], str]
    parties: Collection[str]


@dataclass(slots=True)
class AccountChange:
    """What a delivery adds to an account's stream, and the rows that are not taken in. `record`: how it then stands.

    `left`: why the account left by this delivery, None where it did not; `changed` counts rows that said something new.
    """

    record: AccountRecord
    events: list[e.BookEvent] = field(default_factory=list)
    refused: list[RowRefused] = field(default_factory=list)
    left: str | None = None
    changed: int = 0

    def add(self, events: Sequence[e.BookEvent]) -> None:
        """Events that take effect at once."""
        for event in events:
            self.record.take(event)
        self.events += events


def account_change(
    known: AccountRecord,
    rows: Sequence[b.BookRow],
    terms: b.BookTerms,
    *,
    broken: Collection[str],
    names: Names,
) -> AccountChange:
    """The events by which the record becomes what the rows say; none where they say nothing new.

    `broken`: entities of which a row of this account could not be read, so that nothing of them counts as missing.
    `known` is brought up to date.
    """
    change = AccountChange(known)
    said = next((row for row in rows if isinstance(row, b.AccountRow)), None)
    late = terms.as_of < known.latest
    wrong = _wrong(known, said, names)
    if wrong is not None:
        reason, name = wrong
        change.refused = [RowRefused(row, reason, name if row is said else ROW) for row in rows]
        return change
    if said is not None and not said.dropped:
        _put(change, said, _booked(known, said, terms, names), late)
        if known.terms is None or known.left is not None:
            change.refused += [RowRefused(row, r.UNKNOWN_ACCOUNT, ROW) for row in rows if row is not said]
            return change
    for row in rows:
        if not isinstance(row, b.AccountRow):
            _take(change, row, terms, names, late)
    if terms.full and not late and (said is None or not said.dropped):
        change.add(_missing(known, rows, terms, broken, names))
    if said is not None and said.dropped and known.left is None:
        leaves = e.AccountLeftBook(on=terms.as_of, reason=said.drop_reason or "RECALLED")
        if _put(change, said, [leaves], late):
            change.left = leaves.reason
    return change


def leaves(known: AccountRecord, reason: str, on: date) -> AccountChange:
    """The account is missing from a full book."""
    change = AccountChange(known)
    if known.terms is not None and known.left is None and not known.forgotten and on >= known.latest:
        change.add([e.AccountLeftBook(on=on, reason=reason)])
        change.left = reason
    return change


def _wrong(known: AccountRecord, said: b.AccountRow | None, names: Names) -> tuple[str, str] | None:
    """Why nothing about the account can be taken in."""
    if known.forgotten:
        return r.FORGOTTEN, ROW
    there = known.terms is not None and known.left is None
    if said is None or said.dropped:
        return (
            None
            if there or (said is not None and known.terms is not None)
            else (r.UNKNOWN_ACCOUNT, "account_ref")
        )
    if said.debtor_ref not in names.parties:
        return r.UNKNOWN_PARTY, "debtor_ref"
    if known.terms is not None and names.party(said.debtor_ref) != known.debtor:
        return r.DEBTOR_CHANGED, "debtor_ref"
    if known.terms is not None and said.currency != known.currency:
        return r.CURRENCY_CHANGED, "currency"
    return None


def _put(change: AccountChange, row: b.BookRow, said: Sequence[e.BookEvent], late: bool) -> bool:
    """Take events in, unless a later delivery spoke already; whether they were."""
    if said and late:
        change.refused.append(RowRefused(row, r.OUT_OF_ORDER, ROW))
        return False
    change.add(said)
    change.changed += bool(said)
    return True


def _take(change: AccountChange, row: b.BookRow, terms: b.BookTerms, names: Names, late: bool) -> None:
    known, on = change.record, terms.as_of
    currency = getattr(row, "currency", None)
    if currency is not None and currency != known.currency:
        change.refused.append(RowRefused(row, r.CURRENCY_CHANGED, "currency"))
        return
    match row:
        case b.RoleRow():
            if row.party_ref not in names.parties:
                change.refused.append(RowRefused(row, r.UNKNOWN_PARTY, "party_ref"))
                return
            if row.role == "DEBTOR" and not row.dropped and names.party(row.party_ref) != known.debtor:
                change.refused.append(RowRefused(row, r.DEBTOR_CHANGED, "party_ref"))
                return
            said = _role(known, row, on, names)
        case b.InstalmentRow():
            if row.number not in known.instalments and len(known.instalments) >= INSTALMENTS_MAX:
                change.refused.append(RowRefused(row, r.TOO_MANY, "number"))
                return
            said = _instalment(known, row, on)
        case b.BalanceRow():
            said = _balance(known, row)
        case b.CollateralRow():
            said = _collateral(known, row, on, names)
        case _:
            return
    _put(change, row, said, late)


def _booked(known: AccountRecord, row: b.AccountRow, terms: b.BookTerms, names: Names) -> list[e.BookEvent]:
    limit = None if row.credit_limit is None else Money(row.credit_limit, row.currency)
    lender = row.lender or terms.lender
    said = AccountTerms(row.product, row.opened_on, row.rate_ppm, row.penalty_ppm_per_day, lender, limit)
    if known.terms == said and known.left is None:
        return []
    return [
        e.AccountBooked(
            account_ref=row.account_ref, debtor_ref=row.debtor_ref, debtor=names.party(row.debtor_ref),
            product=row.product, currency=row.currency, on=terms.as_of,
            revision=0 if known.terms is None else known.revision + 1, opened_on=row.opened_on,
            rate_ppm=row.rate_ppm, penalty_ppm_per_day=row.penalty_ppm_per_day, lender=lender, credit_limit=limit,
        )
    ]  # fmt: skip


def _role(known: AccountRecord, row: b.RoleRow, on: date, names: Names) -> list[e.BookEvent]:
    name = names.role(row)
    before = known.roles.get(name)
    if row.dropped:
        return [e.RoleEnded(role=name, on=on)] if before else []
    now = Role(row.role, names.party(row.party_ref), row.guarantee, row.from_, row.until, row.relation)
    if now == before:
        return []
    return [
        e.RoleLinked(
            role=name, kind=now.kind, party=now.party, on=on, guarantee=now.guarantee, from_=now.from_,
            until=now.until, relation=now.relation, person=names.person(row.party_ref),
        )
    ]  # fmt: skip


def _instalment(known: AccountRecord, row: b.InstalmentRow, on: date) -> list[e.BookEvent]:
    before = known.instalments.get(row.number)
    there = before is not None and not before.withdrawn
    if row.dropped:
        return [e.InstalmentWithdrawn(instalment=row.number, on=on)] if there else []
    currency = known.currency
    amounts = Parts(row.fee + row.cost, row.interest, row.penalty, row.principal, currency)
    if before is not None and there and before.said == (row.due_on, amounts, row.fee, row.paid, row.paid_on):
        return []
    return [
        e.InstalmentScheduled(
            instalment=row.number, revision=0 if before is None else before.revision + 1, on=on, due=row.due_on,
            amounts=amounts, fee=Money(row.fee, currency), paid=Money(row.paid, currency), paid_on=row.paid_on,
        )
    ]  # fmt: skip


def _balance(known: AccountRecord, row: b.BalanceRow) -> list[e.BookEvent]:
    before = known.balances.get(row.as_of)
    now = Stood(row.as_of, row.balance, row.overdue, row.days_past_due, row.paid)
    if before is not None and before[0] == now:
        return []
    currency = known.currency
    return [
        e.BalanceReported(
            as_of=row.as_of, balance=Money(row.balance, currency),
            overdue=None if row.overdue is None else Money(row.overdue, currency),
            days_past_due=row.days_past_due, paid=Money(row.paid, currency),
            revision=0 if before is None else before[1] + 1,
        )
    ]  # fmt: skip


def _collateral(known: AccountRecord, row: b.CollateralRow, on: date, names: Names) -> list[e.BookEvent]:
    name = names.collateral(row)
    before = known.collateral.get(name)
    if row.dropped:
        return [e.CollateralReleased(collateral=name, on=on)] if before else []
    value = None if row.value is None else Money(row.value, known.currency)
    now = Pledge(row.kind, value, row.valued_on, row.priority)
    if before is not None and before[0] == now:
        return []
    last = before[1] if before else known.released.get(name)
    return [
        e.CollateralReferenced(
            collateral=name, revision=0 if last is None else last + 1, kind=row.kind, on=on, value=value,
            valued_on=row.valued_on, priority=row.priority, reference=row.reference,
        )
    ]  # fmt: skip


def _missing(
    known: AccountRecord,
    rows: Sequence[b.BookRow],
    terms: b.BookTerms,
    broken: Collection[str],
    names: Names,
) -> list[e.BookEvent]:
    """What a full book no longer names. An instalment that was paid in full is history, and stays."""
    on = terms.as_of
    found: list[e.BookEvent] = []
    roles = _not_named(known.roles, [names.role(row) for row in rows if isinstance(row, b.RoleRow)])
    pledges = [names.collateral(row) for row in rows if isinstance(row, b.CollateralRow)]
    numbers = [row.number for row in rows if isinstance(row, b.InstalmentRow)]
    if _covered("roles", terms, broken):
        found += [e.RoleEnded(role=name, on=on) for name in roles]
    if _covered("instalments", terms, broken):
        found += [
            e.InstalmentWithdrawn(instalment=number, on=on)
            for number, one in _not_named(known.scheduled, numbers).items()
            if one.paid < one.amounts.total.minor
        ]
    if _covered("collateral", terms, broken):
        found += [
            e.CollateralReleased(collateral=name, on=on) for name in _not_named(known.collateral, pledges)
        ]
    return found


def _covered(entity: str, terms: b.BookTerms, broken: Collection[str]) -> bool:
    return entity in terms.entities and entity not in broken


def _not_named(known: Mapping[str, Any], named: Collection[str]) -> dict[str, Any]:
    there = set(named)
    return {name: one for name, one in known.items() if name not in there}
