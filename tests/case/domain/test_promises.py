"""Promises to pay: taken within bounds, judged by cleared money, judged again when it bounces."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from services.case.domain import promise
from services.case.domain.events import PromiseBroken, PromiseKept, PromisePartlyKept, PromiseReopened
from services.case.domain.money_commands import CancelPromise, RecordPayment, RecordPaymentReturn, TakePromise
from services.case.domain.payment import AmountNotPositive, ReturnTooLarge
from tests.kit.life import ACCOUNT, DAY, Life, cny, names


def take(ref: str = "prm_1", minor: int = 30_000, due: int = 10) -> TakePromise:
    return TakePromise(ref=ref, on=DAY, amount=cny(minor), due=DAY + timedelta(days=due), given_by="DEBTOR")


def pay(life: Life, minor: int, day: date, ref: str = "pay_1") -> list[str]:
    return names(life.do(RecordPayment(ref=ref, account=ACCOUNT, on=day, amount=cny(minor), channel="BANK")))


def test_a_promise_is_kept_on_the_day_the_money_is_there() -> None:
    life = Life().open()
    assert names(life.do(take())) == ["PromiseToPay"]
    assert pay(life, 10_000, DAY + timedelta(days=3)) == ["PaymentReceived", "PaymentAllocated"]
    day = DAY + timedelta(days=5)
    assert pay(life, 20_000, day, "pay_2") == ["PaymentReceived", "PaymentAllocated", "PromiseKept"]
    assert life.last(PromiseKept) == PromiseKept(
        promise="prm_1", as_of=day, appropriated=cny(30_000), because=("pay_1", "pay_2")
    )


def test_a_promise_waits_for_the_working_days_of_grace() -> None:
    # Due Thursday 12 March 2026; two working days later is Monday the 16th.
    life = Life().open()
    life.do(take())
    assert life.sweep_until(date(2026, 3, 15)) == []
    assert life.sweep(date(2026, 3, 16)) == ["PromiseBroken"]
    assert life.last(PromiseBroken).as_of == date(2026, 3, 16)
    assert life.sweep(date(2026, 3, 16)) == life.sweep(date(2026, 5, 1)) == []


def test_a_part_of_the_money_keeps_a_part_of_the_promise() -> None:
    life = Life().open()
    life.do(take())
    pay(life, 10_000, DAY + timedelta(days=1))
    assert life.sweep(date(2026, 4, 1)) == ["PromisePartlyKept"]
    assert life.last(PromisePartlyKept).appropriated == cny(10_000)


def test_a_return_opens_a_kept_promise_again_and_it_is_broken() -> None:
    life = Life().open()
    life.do(take())
    pay(life, 30_000, DAY + timedelta(days=4))
    back = RecordPaymentReturn(
        ref="ret_1", payment="pay_1", on=date(2026, 3, 25), amount=None, reason="NO_FUNDS"
    )
    assert names(life.do(back)) == [
        "PaymentReturned",
        "AllocationReversed",
        "PromiseReopened",
        "PromiseBroken",
    ]
    assert life.last(PromiseReopened).previous == promise.KEPT
    with pytest.raises(ReturnTooLarge):
        life.do(replace(back, ref="ret_2"))
    assert life.picture(date(2026, 3, 24)).promises["prm_1"].status == promise.KEPT
    assert life.picture(date(2026, 3, 25)).promises["prm_1"].status == promise.BROKEN


def test_a_payment_learnt_late_mends_a_broken_promise() -> None:
    life = Life().open()
    life.do(take())
    life.sweep(date(2026, 3, 20))
    assert pay(life, 30_000, DAY + timedelta(days=9)) == [
        "PaymentReceived",
        "PaymentAllocated",
        "PromiseReopened",
        "PromiseKept",
    ]


def test_one_unit_of_money_serves_one_promise() -> None:
    life = Life().open()
    life.do(take(minor=10_000, due=2))
    life.sweep(date(2026, 3, 10))
    life.do(
        TakePromise(
            ref="prm_2", on=date(2026, 3, 3), amount=cny(10_000), due=date(2026, 3, 20), given_by="DEBTOR"
        )
    )
    pay(life, 10_000, date(2026, 3, 5))
    statuses = {ref: view.status for ref, view in life.picture().promises.items()}
    assert statuses == {"prm_1": promise.KEPT, "prm_2": promise.ACTIVE}


def test_what_a_promise_may_not_be() -> None:
    life = Life().open()
    with pytest.raises(AmountNotPositive):
        life.do(take(minor=0))
    with pytest.raises(promise.PromiseTooFar):
        life.do(take(due=31))
    with pytest.raises(promise.PromiseTooFar):
        life.do(take(due=-1))
    with pytest.raises(promise.PromiseTooLarge):
        life.do(take(minor=100_001))
    life.do(take())
    assert life.do(take()) == ()
    with pytest.raises(promise.PromiseAlreadyOpen):
        life.do(take("prm_2"))


def test_a_cancelled_promise_is_not_judged() -> None:
    life = Life().open()
    life.do(take())
    with pytest.raises(promise.PromiseUnknown):
        life.do(CancelPromise(promise="prm_9", on=DAY, reason="ASKED"))
    life.do(CancelPromise(promise="prm_1", on=DAY, reason="ASKED"))
    assert life.sweep(date(2026, 5, 1)) == []
