"""Money is exact, strict about what it reads, and splits without losing a cent."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import money
from shared.kernel.currency import DIGITS
from shared.kernel.money import CurrencyMismatch, MalformedAmount, Money, UnknownCurrency

minors = st.integers(-(10**18) + 1, 10**18 - 1)
currencies = st.sampled_from(sorted(DIGITS))


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1234.50", "CNY", 123450),
        ("1234.5", "CNY", 123450),
        ("1234", "CNY", 123400),
        ("-0.05", "TWD", -5),
        ("-0", "TWD", 0),
        ("007", "TWD", 700),
        ("7", "JPY", 7),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12345),
        ("9999999999999999.99", "CNY", 10**18 - 1),
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    ["", " ", "1 ", " 1", "+1", "--1", "1.", ".5", "1.234", "1e3", "1E3", "1,000", "1_000", "0x1", "NaN", "inf",
     "١٢", "1.5.5", "1\n", "12345678901234567", "1.0\x00", "−1", "1" * 10_000],
)  # fmt: skip
def test_anything_else_is_refused_without_echoing_it(text: str) -> None:
    with pytest.raises(MalformedAmount) as refusal:
        money.parse(text, "CNY")
    assert str(refusal.value) == "malformed-amount"
    assert set(refusal.value.context) <= {"places_max", "digits_max"}


@pytest.mark.parametrize("code", ["", "cny", "XXX", "XAU", "CN", "CNYY", "人民币"])
def test_a_currency_outside_iso_4217_is_refused_before_the_amount_is_looked_at(code: str) -> None:
    with pytest.raises(UnknownCurrency):
        money.parse("not money", code)


def test_a_yen_has_no_decimals() -> None:
    with pytest.raises(MalformedAmount):
        money.parse("1.0", "JPY")


@given(minors, currencies)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert money.parse(amount.decimal(), currency) == amount
    assert money.from_json(money.to_json(amount)) == amount
    assert msgspec.json.decode(msgspec.json.encode(amount), type=Money) == amount


@given(minors, st.integers(1, 400))
def test_a_split_sums_to_the_whole_and_its_parts_differ_by_one_unit_at_most(minor: int, parts: int) -> None:
    pieces = Money(minor, "CNY").split(parts)
    sizes = [piece.minor for piece in pieces]
    assert sum(sizes) == minor
    assert len(sizes) == parts
    assert sizes == sorted(sizes, key=abs, reverse=True)
    assert max(sizes) - min(sizes) <= 1


def test_the_first_parts_carry_the_remainder() -> None:
    assert [p.decimal() for p in money.parse("100.00", "CNY").split(3)] == ["33.34", "33.33", "33.33"]
    assert [p.decimal() for p in money.parse("-100.00", "CNY").split(3)] == ["-33.34", "-33.33", "-33.33"]


def test_money_is_not_split_into_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Money(1, "CNY").split(0)


@given(minors, minors)
def test_sums_and_comparisons_are_those_of_the_minor_units(one: int, other: int) -> None:
    left, right = Money(one, "CNY"), Money(other, "CNY")
    assert (left + right).minor == one + other
    assert left - right == -(right - left)
    assert (left < right, left <= right, left > right, left >= right) == (
        one < other, one <= other, one > other, one >= other)  # fmt: skip


def test_currencies_never_mix() -> None:
    yuan, yen = money.zero("CNY"), money.zero("JPY")
    assert yuan != yen
    for clash in (lambda: yuan + yen, lambda: yuan - yen, lambda: yuan < yen, lambda: yuan >= yen):
        with pytest.raises(CurrencyMismatch):
            clash()


def test_a_credit_balance_floors_at_zero() -> None:
    assert Money(-5, "TWD").floored() == money.zero("TWD")
    assert Money(5, "TWD").floored() == Money(5, "TWD")


@pytest.mark.parametrize(
    "value",
    [None, "1", 1, [], {}, {"amount": "1"}, {"amount": 1, "currency": "CNY"},
     {"amount": 1.5, "currency": "CNY"}, {"amount": "1", "currency": 5},
     {"amount": "1", "currency": "CNY", "minor": 100}],
)  # fmt: skip
def test_a_wire_shape_that_is_not_two_strings_is_refused(value: object) -> None:
    with pytest.raises(MalformedAmount):
        money.from_json(value)


def test_the_table_has_the_exponents_of_iso_4217() -> None:
    known = {"TWD": 2, "CNY": 2, "USD": 2, "JPY": 0, "KRW": 0, "KWD": 3, "CLF": 4}
    assert {code: DIGITS[code] for code in known} == known
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in DIGITS)
