"""The fields a mapping can fill, by entity: in the order in which a row is judged, with how each is read."""

from typing import NamedTuple

from services.case.domain.book.rows import (
    DROP_REASONS,
    GUARANTEES,
    MEDIA,
    PARTY_KINDS,
    ROLES,
    AccountRow,
    BalanceRow,
    CollateralRow,
    InstalmentRow,
    PartyRow,
    PointRow,
    RoleRow,
)

REFERENCE, TEXT, WORD, LABEL, DATE, ZONE, CURRENCY = (
    "reference", "text", "word", "label", "date", "zone", "currency",
)  # fmt: skip
AMOUNT, AMOUNT_OWED, RATE, WHOLE = "amount", "amount-owed", "rate", "whole"
IDENTITY, POINT_VALUE = "identity", "point-value"
BY_THE_ROW = (AMOUNT, AMOUNT_OWED, RATE, IDENTITY, POINT_VALUE)
"""How these are read depends on the row or the block, so a constant of them would mean nothing."""


class Field(NamedTuple):
    """A field of our rows. `needed`: never blank. `key`: needed of a dropped row too. `among`: a closed list."""

    name: str
    reads: str
    needed: bool = False
    key: bool = False
    among: tuple[str, ...] = ()


class Entity(NamedTuple):
    """A kind of row. `drops`: a delta can say that one is gone. The first field names the stream it belongs to."""

    name: str
    row: type
    fields: tuple[Field, ...]
    drops: bool


def _reference(name: str) -> Field:
    return Field(name, REFERENCE, needed=True, key=True)


_CURRENCY = Field("currency", CURRENCY)

_ALL = (
    Entity(
        "parties",
        PartyRow,
        (
            _reference("party_ref"),
            Field("kind", WORD, needed=True, among=PARTY_KINDS),
            Field("name", TEXT, needed=True),
            Field("identity_kind", WORD),
            Field("identity_no", IDENTITY),
            Field("birth_on", DATE),
            Field("language", LABEL),
        ),
        drops=False,
    ),
    Entity(
        "points",
        PointRow,
        (
            _reference("party_ref"),
            Field("medium", WORD, needed=True, key=True, among=MEDIA),
            Field("label", LABEL, needed=True, key=True),
            Field("value", POINT_VALUE, needed=True),
            Field("source", WORD, needed=True),
            Field("zone", ZONE),
        ),
        drops=True,
    ),
    Entity(
        "accounts",
        AccountRow,
        (
            _reference("account_ref"),
            Field("debtor_ref", REFERENCE, needed=True),
            Field("product", WORD, needed=True),
            Field("currency", CURRENCY, needed=True),
            Field("opened_on", DATE),
            Field("rate_ppm", RATE),
            Field("penalty_ppm_per_day", RATE),
            Field("lender", WORD),
            Field("credit_limit", AMOUNT_OWED),
            Field("drop_reason", WORD, among=DROP_REASONS),
        ),
        drops=True,
    ),
    Entity(
        "roles",
        RoleRow,
        (
            _reference("account_ref"),
            _reference("party_ref"),
            Field("role", WORD, needed=True, key=True, among=ROLES),
            Field("guarantee", WORD, among=GUARANTEES),
            Field("from", DATE),
            Field("until", DATE),
            Field("relation", WORD),
        ),
        drops=True,
    ),
    Entity(
        "instalments",
        InstalmentRow,
        (
            _reference("account_ref"),
            Field("number", LABEL, needed=True, key=True),
            Field("due_on", DATE, needed=True),
            _CURRENCY,
            *(
                Field(part, AMOUNT_OWED)
                for part in ("principal", "interest", "penalty", "fee", "cost", "paid")
            ),
            Field("paid_on", DATE),
        ),
        drops=True,
    ),
    Entity(
        "balances",
        BalanceRow,
        (
            _reference("account_ref"),
            Field("as_of", DATE, needed=True, key=True),
            _CURRENCY,
            Field("balance", AMOUNT, needed=True),
            Field("days_past_due", WHOLE),
            Field("overdue", AMOUNT_OWED),
            Field("paid", AMOUNT_OWED),
        ),
        drops=False,
    ),
    Entity(
        "collateral",
        CollateralRow,
        (
            _reference("account_ref"),
            Field("reference", REFERENCE, needed=True, key=True),
            Field("kind", WORD, needed=True),
            _CURRENCY,
            Field("value", AMOUNT_OWED),
            Field("valued_on", DATE),
            Field("priority", WHOLE),
        ),
        drops=True,
    ),
)
ENTITY = {entity.name: entity for entity in _ALL}
"""By name, in the order in which a book is taken in."""
OF_PARTIES = ("parties", "points")
NATURAL_KEY: dict[str, tuple[str, ...]] = {
    "parties": (),
    "points": ("medium", "label"),
    "accounts": (),
    "roles": ("party_ref", "role"),
    "instalments": ("number",),
    "balances": ("as_of",),
    "collateral": ("reference",),
}
"""What tells rows of one entity and one stream apart: two rows alike in these say the same thing, or one is wrong."""
