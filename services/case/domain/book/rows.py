"""The rows of a lender's book in our words, whatever columns, codes and units the lender uses.

A mapping (adapters/book) makes them of the lender's files; nothing here knows a file. References are the lender's own
words and point to people: they go into sealed sections and are looked up by HMAC, never logged. Amounts are minor
units; dates are civil days in the lender's zone.
"""

from datetime import date
from typing import TypeAlias

from msgspec import Struct

PARTY_KINDS = ("PERSON", "ORGANISATION")
ROLES = ("DEBTOR", "JOINT_DEBTOR", "GUARANTOR", "RESERVED_CONTACT", "ATTORNEY", "REPRESENTATIVE")
GUARANTEES = ("GENERAL", "JOINT")
"""How a guarantor is liable: after the debtor (一般保证, Civil Code art. 687) or beside (连带责任保证, art. 688)."""
MEDIA = ("PHONE", "EMAIL", "ADDRESS", "WECHAT")
PAID_IN_BOOK, PAID_IN_FILES = "BOOK", "FILES"
ENTITIES = ("parties", "points", "accounts", "roles", "instalments", "balances", "collateral")
"""What a book consists of, in the order in which it is taken in."""


class PartyRow(Struct, frozen=True, gc=False, kw_only=True):
    """A person or organisation. `identity_kind` names the document (`CN_RIC`, `CN_USCC`, `PASSPORT`, …)."""

    party_ref: str
    kind: str = "PERSON"
    name: str
    identity_kind: str | None = None
    identity_no: str | None = None
    birth_on: date | None = None
    language: str | None = None


class PointRow(Struct, frozen=True, gc=False, kw_only=True):
    """A way to reach a party. `label` tells a party's points of one medium apart (`mobile`, `home`, `2`).

    `value` is as it is to be used: a phone number in E.164 where it can be read so. `zone` is an IANA name. `source`
    says where the lender has it from (`APPLICATION`, `DEBTOR`, `BUREAU`, …).
    """

    party_ref: str
    medium: str
    label: str
    value: str
    source: str
    zone: str | None = None
    dropped: bool = False


class AccountRow(Struct, frozen=True, gc=False, kw_only=True):
    """An account: whose it is, and under which terms. `rate_ppm` is the contract's yearly rate in parts per million.

    `penalty_ppm_per_day` is the penalty rate on overdue principal in parts per million a day. `dropped`: a delta says
    that the account left the book, for `drop_reason` (one of DROP_REASONS); then only `account_ref` is sure to be
    given, and `debtor_ref`, `product` and `currency` may be empty.
    """

    account_ref: str
    debtor_ref: str
    product: str
    currency: str
    opened_on: date | None = None
    rate_ppm: int | None = None
    penalty_ppm_per_day: int | None = None
    lender: str | None = None
    credit_limit: int | None = None
    dropped: bool = False
    drop_reason: str | None = None


DROP_REASONS = ("PAID", "SOLD", "RECALLED", "ENTERED_IN_ERROR")


class RoleRow(Struct, frozen=True, gc=False, kw_only=True):
    """What a party is to an account. The guarantee fields are a guarantor's only; `until` is exclusive."""

    account_ref: str
    party_ref: str
    role: str
    guarantee: str | None = None
    from_: date | None = None
    until: date | None = None
    relation: str | None = None
    dropped: bool = False


class InstalmentRow(Struct, frozen=True, gc=False, kw_only=True):
    """An instalment of an account: what falls due on `due_on`, by part, and how much of it the lender has as paid.

    `paid` is all that was paid on it so far, `paid_on` the day of the latest of that where the lender says it.
    `currency` is the one the amounts were read in, None where nobody said; another than the account's is a mistake.
    Of a `dropped` one only `account_ref` and `number` are given; `due_on` is the day of the delivery.
    """

    account_ref: str
    number: str
    due_on: date
    principal: int = 0
    interest: int = 0
    penalty: int = 0
    fee: int = 0
    cost: int = 0
    paid: int = 0
    paid_on: date | None = None
    currency: str | None = None
    dropped: bool = False


class BalanceRow(Struct, frozen=True, gc=False, kw_only=True):
    """How an account stands by the lender's books: where there are no instalments, days past due come from here.

    `paid` is what came in since the balance before this one (beside instalments it is not counted: they say it).
    """

    account_ref: str
    as_of: date
    balance: int
    days_past_due: int | None = None
    overdue: int | None = None
    paid: int = 0
    currency: str | None = None


class CollateralRow(Struct, frozen=True, gc=False, kw_only=True):
    """What secures an account; `reference` is the lender's word for it (a register number, not an address)."""

    account_ref: str
    reference: str
    kind: str
    value: int | None = None
    valued_on: date | None = None
    priority: int | None = None
    currency: str | None = None
    dropped: bool = False


BookRow: TypeAlias = PartyRow | PointRow | AccountRow | RoleRow | InstalmentRow | BalanceRow | CollateralRow


class BookTerms(Struct, frozen=True, gc=False, kw_only=True):
    """How a delivery is to be read: as of which day, whether it is the whole book, and what it leaves out means.

    `full` False: a delta, in which what is not named did not change. `missing`: of a full book, what an account that
    is not in it means, one of DROP_REASONS or `KEEP`. `paid_in`: whether the lender's `paid` figures are payments
    (BOOK), or payments come in bank files and the figures are only compared (FILES). `entities`: what the delivery
    holds files of; of what it has no file of, nothing is missing from it.
    """

    lender: str
    as_of: date
    full: bool
    missing: str = "KEEP"
    paid_in: str = PAID_IN_FILES
    zone: str = "Asia/Shanghai"
    entities: tuple[str, ...] = ENTITIES
