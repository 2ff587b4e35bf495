"""What the lender's book says of an account: facts of the account's stream, whether or not there is a case."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.parts import Parts
from shared.kernel.section import FACTS, ID


class AccountBooked(Struct, frozen=True, kw_only=True):
    """The account came into the book, or its terms changed: all of them as of `on`; `revision` counts from 0."""

    account_ref: Annotated[str, ID]
    debtor_ref: Annotated[str, ID]
    debtor: Annotated[str, FACTS]
    product: Annotated[str, FACTS]
    currency: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    revision: Annotated[int, FACTS]
    opened_on: Annotated[date | None, FACTS]
    rate_ppm: Annotated[int | None, FACTS]
    penalty_ppm_per_day: Annotated[int | None, FACTS]
    lender: Annotated[str | None, FACTS]
    credit_limit: Annotated[Money | None, FACTS]


class RoleLinkedFirst(Struct, frozen=True, kw_only=True):
    """The first shape of `RoleLinked`: it did not say under which pseudonym the other services know the party."""

    role: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    party: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    guarantee: Annotated[str | None, FACTS]
    from_: Annotated[date | None, FACTS]
    until: Annotated[date | None, FACTS]
    relation: Annotated[str | None, FACTS]


class RoleLinked(Struct, frozen=True, kw_only=True):
    """A party has a role on the account. `party` is the party's stream; `until` is exclusive.

    `guarantee` GENERAL or JOINT is a guarantor's only (Civil Code art. 687, 688), with the guarantee period (art. 692).
    `person` (`prs_…`) is the party as the other services know them, None where that was not told.
    """

    role: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    party: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    guarantee: Annotated[str | None, FACTS]
    from_: Annotated[date | None, FACTS]
    until: Annotated[date | None, FACTS]
    relation: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS] = None


def since_it_names_the_person(old: RoleLinkedFirst) -> RoleLinked:
    """The first form as it is read now."""
    return RoleLinked(
        role=old.role, kind=old.kind, party=old.party, on=old.on, guarantee=old.guarantee, from_=old.from_,
        until=old.until, relation=old.relation,
    )  # fmt: skip


class RoleEnded(Struct, frozen=True, kw_only=True):
    """The party has the role no longer, by the lender's book."""

    role: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class InstalmentScheduled(Struct, frozen=True, kw_only=True):
    """An instalment of the account as the book has it: what falls due on `due`, and what was `paid` of it in all.

    `revision` counts from 0: a later one replaces the earlier ones. `fee` is within `amounts.costs`.
    """

    instalment: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    on: Annotated[date, FACTS]
    due: Annotated[date, FACTS]
    amounts: Annotated[Parts, FACTS]
    fee: Annotated[Money, FACTS]
    paid: Annotated[Money, FACTS]
    paid_on: Annotated[date | None, FACTS]


class InstalmentWithdrawn(Struct, frozen=True, kw_only=True):
    """The instalment is no longer in the book."""

    instalment: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class BalanceReported(Struct, frozen=True, kw_only=True):
    """How the account stands by the lender's books. `content` tells a repetition from another word for the same day."""

    as_of: Annotated[date, FACTS]
    balance: Annotated[Money, FACTS]
    overdue: Annotated[Money | None, FACTS]
    days_past_due: Annotated[int | None, FACTS]
    paid: Annotated[Money, FACTS]
    revision: Annotated[int, FACTS]


class CollateralReferenced(Struct, frozen=True, kw_only=True):
    """Something secures the account: all the book says of it as of `on`; `revision` counts from 0."""

    collateral: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    kind: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    value: Annotated[Money | None, FACTS]
    valued_on: Annotated[date | None, FACTS]
    priority: Annotated[int | None, FACTS]
    reference: Annotated[str, ID]


class CollateralReleased(Struct, frozen=True, kw_only=True):
    """It secures the account no longer."""

    collateral: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class AccountLeftBook(Struct, frozen=True, kw_only=True):
    """The account is in the lender's book no longer, for `reason`; a later AccountBooked brings it back."""

    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


BookEvent: TypeAlias = (
    AccountBooked
    | RoleLinked
    | RoleEnded
    | InstalmentScheduled
    | InstalmentWithdrawn
    | BalanceReported
    | CollateralReferenced
    | CollateralReleased
    | AccountLeftBook
)
STORED_OF_ROLES: dict[str, type[Struct]] = {
    "case.RoleLinked/v1": RoleLinkedFirst,
    "case.RoleLinked/v2": RoleLinked,
}
UPCASTS_OF_ROLES: dict[str, Callable[[Any], Any]] = {"case.RoleLinked/v1": since_it_names_the_person}
