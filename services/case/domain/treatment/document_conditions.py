"""The conditions of a rule, read from its `when` table: `stage = ["M1"]`, `days_past_due = { at_least = 5 }` …"""

import re

from services.case.domain.treatment import condition as c
from services.case.domain.treatment.document_tables import NOT_ONE_OF, UNKNOWN_KEY, Table
from shared.kernel import money
from shared.kernel.money import MalformedAmount, UnknownCurrency

_CODE = re.compile(r"[A-Z][A-Z0-9_+-]{0,39}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
COUNT_MAX = 100_000
EMPTY_RANGE = "NO_BOUND"
CROSSED = "NOTHING_BETWEEN"


def conditions(table: Table) -> tuple[c.Condition, ...]:
    """Every condition of the table, in the order of the names; none: the rule always holds."""
    found = []
    for field in sorted(table.given):
        one = _condition(table, field)
        if one is not None:
            found.append(one)
    return tuple(found)


def _condition(table: Table, field: str) -> c.Condition | None:
    if field in c.CODES:
        codes = table.words(field, _CODE)
        if field == c.REACHED and not set(codes) <= set(c.REACHES):
            table.fault(field, NOT_ONE_OF)
        return c.AnyOf(field, frozenset(codes))
    if field in c.COUNTS:
        return _between(table.table(field, {"at_least", "below"}), table, field)
    if field == c.ARREARS:
        return _amount(table.table(field, {"at_least", "below", "currency"}), table)
    if field in c.TRUTHS:
        return c.Truth(field, table.truth(field))
    table.fault("?", UNKNOWN_KEY)
    return None


def _between(bounds: Table, table: Table, field: str) -> c.Between:
    least = bounds.number("at_least", 0, COUNT_MAX) if "at_least" in bounds.given else None
    below = bounds.number("below", 1, COUNT_MAX) if "below" in bounds.given else None
    _sound(table, field, least, below)
    return c.Between(field, least, below)


def _amount(bounds: Table, table: Table) -> c.Amount:
    currency = bounds.word("currency", _CURRENCY)
    least = _minor(bounds, "at_least", currency)
    below = _minor(bounds, "below", currency)
    _sound(table, c.ARREARS, least, below)
    return c.Amount(c.ARREARS, currency, least, below)


def _minor(bounds: Table, key: str, currency: str) -> int | None:
    if key not in bounds.given:
        return None
    text = bounds.word(key, _AMOUNT)
    try:
        return money.parse(text, currency).minor if text and currency else None
    except (MalformedAmount, UnknownCurrency):
        bounds.fault(key, "NOT_AN_AMOUNT")
        return None


def _sound(table: Table, field: str, least: int | None, below: int | None) -> None:
    if least is None and below is None:
        table.fault(field, EMPTY_RANGE)
    elif least is not None and below is not None and below <= least:
        table.fault(field, CROSSED)
