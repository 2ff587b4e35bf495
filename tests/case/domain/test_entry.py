"""Raw payments: which case the rule is sure of, and how an entry stands after what happened to it."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from services.case.domain import entry as rules
from services.case.domain import events as e
from services.case.domain.entry import Candidate, EnterPayment, Found, InPool, Matched, NotFound, fold_entry
from services.case.domain.payment import AmountNotPositive, ReturnTooLarge
from shared.eventstore.registry import ERASED
from shared.kernel.money import CurrencyMismatch, Money
from tests.kit.life import ACCOUNT, DAY, cny

CASE = Candidate(case="case-1", open=True, opened_on=DAY, currency="CNY", debts=(ACCOUNT,))
NEXT = DAY + timedelta(days=1)


def asked(**other: Any) -> EnterPayment:
    said = {
        "source": "UNIONPAY", "source_ref": "R-1", "account_ref": None, "debtor_ref": "D-1", "amount": cny(30_000),
        "on": NEXT, "channel": "CARD",
    }  # fmt: skip
    return EnterPayment(**(said | other))


def other(candidate: Candidate, **changed: Any) -> Candidate:
    fields = {name: getattr(candidate, name) for name in candidate.__slots__}
    return Candidate(**(fields | changed))


def entry(*more: e.EntryEvent) -> rules.EntryState:
    return fold_entry((rules.entered(asked()), *more))


def matched(case: str = "case-1", payment: str = "pay_1") -> e.PaymentMatched:
    return e.PaymentMatched(
        case=case, payment=payment, account=None, amount=cny(30_000), on=NEXT, by="RULE", rule="DEBTOR"
    )


def mismatch(minor: int = 30_000) -> e.PaymentMismatchDiscovered:
    return e.PaymentMismatchDiscovered(
        case="case-1", payment="pay_1", returned="ret_1", amount=cny(minor), on=NEXT, reason="WRONG_DEBTOR"
    )


@pytest.mark.parametrize(
    ("ask", "candidates", "reason"),
    [
        ({}, (), rules.NO_CASE),
        ({}, (other(CASE, open=False),), rules.CASE_CLOSED),
        ({"account_ref": "A"}, (CASE, other(CASE, case="case-2")), rules.SEVERAL_CASES),
        ({"account_ref": "A"}, (other(CASE, debts=()),), rules.ACCOUNT_NOT_IN_CASE),
        ({"amount": Money(5, "USD")}, (CASE,), rules.OTHER_CURRENCY),
        ({"on": DAY - timedelta(days=1)}, (CASE,), rules.BEFORE_THE_CASE),
        ({"amount": Money(5, "USD"), "on": date.min}, (CASE,), rules.OTHER_CURRENCY),
    ],
)
def test_where_it_is_not_sure_the_rule_leaves_it_to_a_person(
    ask: dict[str, Any], candidates: tuple[Candidate, ...], reason: str
) -> None:
    assert rules.find(asked(**ask), candidates) == NotFound(reason)


def test_the_one_open_case_gets_it() -> None:
    closed = other(CASE, case="case-0", open=False)
    assert rules.find(asked(), (closed, CASE)) == Found("case-1", None, "DEBTOR")
    assert rules.find(asked(account_ref="A"), (CASE,)) == Found("case-1", ACCOUNT, "DEBTOR_AND_ACCOUNT")
    assert rules.find(asked(account_ref="A", debtor_ref=None), (CASE,)) == Found("case-1", ACCOUNT, "ACCOUNT")
    assert rules.find(asked(on=DAY), (CASE,)) == Found("case-1", None, "DEBTOR")


def test_the_same_reference_is_the_same_payment() -> None:
    known = entry()
    assert not rules.known(rules.NO_ENTRY, asked())
    assert rules.known(known, asked())
    for changed in (
        {"amount": cny(1)}, {"on": DAY}, {"channel": "CASH"}, {"debtor_ref": None}, {"debtor_ref": "D-2"},
        {"account_ref": "A"},
    ):  # fmt: skip
        with pytest.raises(rules.DuplicateSourceRef):
            rules.known(known, asked(**changed))


def test_what_was_erased_is_not_compared() -> None:
    forgotten: Any = msgspec.structs.replace(
        rules.entered(asked()), source_ref=ERASED, debtor_ref=ERASED, account_ref=ERASED
    )
    assert rules.known(fold_entry((forgotten,)), asked(debtor_ref="D-2"))
    with pytest.raises(rules.DuplicateSourceRef):
        rules.known(fold_entry((forgotten,)), asked(amount=cny(1)))


def test_an_entry_waits_is_matched_moved_and_taken_back() -> None:
    waits = entry(e.PaymentUnmatched(on=NEXT, reason=rules.NO_CASE))
    assert isinstance(waits, InPool)
    assert (waits.reason, waits.left) == (rules.NO_CASE, cny(30_000))
    placed = entry(matched())
    assert isinstance(placed, Matched)
    assert (placed.case, placed.payment, placed.matches) == ("case-1", "pay_1", 1)
    back = entry(matched(), mismatch(20_000))
    assert back == InPool(rules.entered(asked()), cny(20_000), "WRONG_DEBTOR", 1)
    again = entry(matched(), mismatch(20_000), matched("case-2", "pay_2"))
    assert isinstance(again, Matched)
    assert (again.case, again.left, again.matches) == ("case-2", cny(20_000), 2)


def test_only_what_waits_can_be_matched_and_only_what_is_matched_moved() -> None:
    assert rules.pooled(entry()) == entry()
    assert rules.matched(entry(matched())) == entry(matched())
    with pytest.raises(rules.PaymentAlreadyMatched):
        rules.pooled(entry(matched()))
    with pytest.raises(rules.PaymentNotMatched):
        rules.matched(entry())
    with pytest.raises(rules.PaymentGoneBack):
        rules.pooled(entry(matched(), mismatch(0)))
    for ask in (rules.pooled, rules.matched):
        with pytest.raises(rules.PaymentForgotten):
            ask(rules.NO_ENTRY)


def test_money_in_the_pool_bounces_at_most_once() -> None:
    pool = entry()
    assert isinstance(pool, InPool)

    def back(minor: int | None, currency: str = "CNY") -> e.PaymentEntryReversed:
        amount = None if minor is None else Money(minor, currency)
        return rules.taken_back(pool, ref="ret_1", on=DAY, amount=amount, reason="NO_FUNDS")

    assert (back(None).amount, back(None).on) == (cny(30_000), NEXT), "never before it came"
    gone = entry(back(10_000))
    assert isinstance(gone, InPool)
    assert gone.left == cny(20_000)
    for minor, refusal in ((0, AmountNotPositive), (-1, AmountNotPositive), (30_001, ReturnTooLarge)):
        with pytest.raises(refusal):
            back(minor)
    with pytest.raises(CurrencyMismatch):
        back(1, "USD")
    pool = InPool(pool.said, cny(0), "X")
    with pytest.raises(rules.PaymentGoneBack):
        back(None)


def test_nothing_is_no_payment() -> None:
    for minor in (0, -1):
        with pytest.raises(AmountNotPositive):
            rules.entered(asked(amount=cny(minor)))


def test_what_makes_no_sense_is_a_fact_we_cannot_use() -> None:
    assert fold_entry((matched(), mismatch())) == rules.NO_ENTRY
    assert entry(matched(), e.PaymentUnmatched(on=NEXT, reason="X")) == entry(matched())
