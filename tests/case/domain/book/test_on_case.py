"""What a book leads to on the debtor's case: opened, joined, kept in step, left."""

from datetime import timedelta

import pytest

from services.case.domain.book import rows as b
from services.case.domain.case_commands import CloseCase, RaiseDispute
from services.case.domain.events import ChargeBooked, PaymentReceived, PaymentReturned
from services.case.domain.money_commands import RecordPayment
from services.case.domain.policy import CN_RETAIL_2
from services.case.domain.state import ClosedCase, NoCase
from shared.kernel.money import CurrencyMismatch, Money
from tests.case.domain.book.driven import Driven, kinds, stream
from tests.kit.book import DAY, account, before, instalment

LATER = DAY + timedelta(days=10)


def gone(ref: str, reason: str) -> b.AccountRow:
    return account(ref, "P-1", dropped=True, drop_reason=reason)


def test_grace_is_over_on_the_fourth_day_and_days_count_from_the_due_date() -> None:
    one = Driven()
    assert one.deliver("A-1", instalment("A-1", 1, before(3))) == []
    assert isinstance(one.case, NoCase)
    opened = one.deliver("A-1", instalment("A-1", 1, before(3)), on=DAY + timedelta(days=1))
    assert kinds(opened)[:3] == ["CaseOpened", "DebtAttached", "InstalmentFellDue"]
    assert one.picture.days_past_due == 4
    without = Driven(policy=CN_RETAIL_2)
    assert kinds(without.deliver("A-1", instalment("A-1", 1, before(1))))[0] == "CaseOpened"


def test_what_the_lender_changes_is_a_charge_of_the_difference() -> None:
    one = Driven()
    one.deliver("A-1", instalment("A-1", 1, before(40)))
    more = one.deliver("A-1", instalment("A-1", 1, before(40), fee=700, interest=4_000), on=LATER)
    [charge] = [event for event in more if isinstance(event, ChargeBooked)]
    assert (charge.amounts.costs, charge.amounts.interest, charge.amounts.principal) == (700, -1_000, 0)
    assert one.picture.owed.total.minor == 104_700
    back = one.deliver("A-1", instalment("A-1", 1, before(40)), on=LATER + timedelta(days=1))
    assert "ChargeBooked" in kinds(back)
    assert one.picture.owed.total.minor == 105_000


def test_an_instalment_taken_back_is_owed_no_longer_and_one_that_was_paid_stays_history() -> None:
    one = Driven()
    rows = [
        instalment("A-1", 1, before(70), paid=105_000),
        instalment("A-1", 2, before(40)),
        instalment("A-1", 3, before(10)),
    ]
    one.deliver("A-1", *rows)
    one.deliver("A-1", rows[2], on=LATER)
    assert one.picture.owed.total.minor == 105_000
    assert sorted(one.records["A-1"].scheduled) == ["1", "3"]


def test_what_was_paid_before_the_account_joined_is_no_payment_of_the_case() -> None:
    one = Driven()
    events = one.deliver("A-1", instalment("A-1", 1, before(40), paid=20_000))
    assert not [event for event in events if isinstance(event, PaymentReceived)]
    assert one.picture.owed.total.minor == 85_000
    paid = one.deliver("A-1", instalment("A-1", 1, before(40), paid=50_000, paid_on=LATER), on=LATER)
    assert [event.amount.minor for event in paid if isinstance(event, PaymentReceived)] == [30_000]
    less = one.deliver("A-1", instalment("A-1", 1, before(40), paid=25_000), on=LATER + timedelta(days=1))
    assert [event.amount.minor for event in less if isinstance(event, PaymentReturned)] == [25_000]
    assert one.picture.owed.total.minor == 80_000


def test_where_payments_come_in_files_the_books_figures_are_only_compared() -> None:
    one = Driven(paid_in="FILES")
    one.deliver("A-1", instalment("A-1", 1, before(40)))
    assert one.deliver("A-1", instalment("A-1", 1, before(40), paid=105_000), on=LATER) == []
    pay = RecordPayment(
        ref="pay_1", account=stream("A-1"), on=LATER, amount=Money(105_000, "CNY"), channel="BANK"
    )
    one.act(pay)
    assert isinstance(one.case, ClosedCase)
    stale = one.deliver("A-1", instalment("A-1", 1, before(40)), on=LATER + timedelta(days=1))
    assert stale == [], "the lender's book is behind its bank: no second case for what was paid"
    new = one.deliver(
        "A-1", instalment("A-1", 1, before(40), paid=105_000), instalment("A-1", 2, before(0)),
        on=LATER + timedelta(days=2),
    )  # fmt: skip
    assert kinds(new)[0] == "CaseOpened"
    assert one.picture.days_past_due == 12


def test_two_accounts_are_one_case_and_the_last_to_leave_ends_it() -> None:
    one = Driven()
    one.deliver("A-1", instalment("A-1", 1, before(40)))
    joined = one.deliver("A-2", instalment("A-2", 1, before(100)))
    assert kinds(joined)[:2] == ["DebtAttached", "InstalmentFellDue"]
    assert (one.picture.days_past_due, one.picture.owed.total.minor) == (100, 210_000)
    left = one.deliver("A-2", gone("A-2", "SOLD"), on=LATER)
    assert "DebtDetached" in kinds(left)
    assert one.picture.ended is None
    assert one.picture.days_past_due == 50
    ended = one.deliver("A-1", gone("A-1", "RECALLED"), on=LATER)
    assert isinstance(one.case, ClosedCase)
    assert one.case.reason == "RECALLED"
    assert "CaseClosed" in kinds(ended)


def test_an_account_that_comes_back_joins_again_with_all_that_is_owed_then() -> None:
    one = Driven()
    one.deliver("A-1", instalment("A-1", 1, before(40)))
    one.deliver("A-2", instalment("A-2", 1, before(100)))
    one.deliver("A-2", gone("A-2", "RECALLED"), on=LATER)
    back = one.deliver("A-2", instalment("A-2", 1, before(100), paid=5_000), on=LATER + timedelta(days=1))
    assert kinds(back)[0] == "DebtAttached"
    assert one.picture.owed.total.minor == 105_000 + 100_000
    paid = one.deliver("A-2", instalment("A-2", 1, before(100), paid=105_000), on=LATER + timedelta(days=2))
    assert [event.amount.minor for event in paid if isinstance(event, PaymentReceived)] == [100_000]
    assert one.picture.owed.total.minor == 105_000


def test_paid_off_by_the_book_cures_and_by_files_only_says_so() -> None:
    book, files = Driven(), Driven(paid_in="FILES")
    for one in (book, files):
        one.deliver("A-1", instalment("A-1", 1, before(40)))
        one.deliver("A-1", gone("A-1", "PAID"), on=LATER)
        assert isinstance(one.case, ClosedCase)
    assert (book.case.reason, files.case.reason) == ("CURED", "PAID")  # type: ignore[union-attr]
    assert book.picture.balance.received.minor == 105_000


def test_an_open_dispute_keeps_the_case_of_an_account_that_left_but_not_one_entered_in_error() -> None:
    for reason, ends in (("RECALLED", False), ("ENTERED_IN_ERROR", True)):
        one = Driven()
        one.deliver("A-1", instalment("A-1", 1, before(40)))
        one.act(RaiseDispute(ref="dsp_1", scope="AMOUNT", amount=None, on=DAY))
        one.deliver("A-1", gone("A-1", reason), on=LATER)
        assert isinstance(one.case, ClosedCase) == ends


def test_without_instalments_the_lenders_days_past_due_count() -> None:
    one = Driven()

    def said(day: int, dpd: int | None, balance: int = 90_000, paid: int = 0) -> list[str]:
        on = DAY + timedelta(days=day)
        row = b.BalanceRow(account_ref="A-1", as_of=on, balance=balance, days_past_due=dpd, paid=paid)
        return kinds(one.deliver("A-1", row, on=on))

    assert said(0, 0) == []
    assert said(1, None) == [], "nobody said"
    assert said(2, 12)[:3] == ["CaseOpened", "DebtAttached", "ArrearsReported"]
    assert "StageEntered" in said(30, 40)
    assert "PaymentReceived" in said(31, 41, 60_000, 30_000)
    assert one.picture.owed.total.minor == 60_000
    assert said(32, 0, 0, 60_000)[-2:] == ["CaseCured", "CaseClosed"]


def test_penalty_runs_by_the_contract_unless_the_lender_sends_it() -> None:
    one = Driven()
    contract = account("A-1", "P-1", penalty_ppm_per_day=500)
    assert "PenaltyTermsSet" in kinds(one.deliver("A-1", contract, instalment("A-1", 1, before(40))))
    one.as_of = LATER
    assert one.picture.owed.penalty == 500
    sent = one.deliver("A-1", contract, instalment("A-1", 1, before(40), penalty=420), on=LATER)
    assert "PenaltyTermsSet" in kinds(sent), "ended: nobody is charged twice"


def test_another_currency_than_the_cases_is_refused() -> None:
    one = Driven()
    one.deliver("A-1", instalment("A-1", 1, before(40)))
    with pytest.raises(CurrencyMismatch):
        one.deliver("A-2", account("A-2", "P-1", currency="USD"), instalment("A-2", 1, before(40)))


def test_the_same_word_again_opens_no_case_once_somebody_closed_it() -> None:
    one = Driven()
    said = b.BalanceRow(account_ref="A-1", as_of=DAY, balance=90_000, days_past_due=45)
    assert kinds(one.deliver("A-1", said))[0] == "CaseOpened"
    one.as_of = LATER
    one.act(CloseCase(on=LATER, reason="ENTERED_IN_ERROR"))
    assert isinstance(one.case, ClosedCase)
    assert one.deliver("A-1", said) == []
    newer = b.BalanceRow(account_ref="A-1", as_of=LATER, balance=90_000, days_past_due=55)
    assert one.deliver("A-1", newer, on=LATER) == [], "the day it ended is not after its end"
    after = LATER + timedelta(days=1)
    newest = b.BalanceRow(account_ref="A-1", as_of=after, balance=90_000, days_past_due=56)
    assert kinds(one.deliver("A-1", newest, on=after))[0] == "CaseOpened"
