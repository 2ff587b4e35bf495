"""What else happens to what was agreed or raised: promises changed, disputes acknowledged and reopened, reports
taken back, proposals rejected.
"""

from datetime import timedelta
from itertools import permutations

import pytest

from services.case.domain import chargeoff, dispute, dispute_course, person, promise, waiver
from services.case.domain.case_commands import (
    AcknowledgeDispute,
    RaiseDispute,
    RecordAttempt,
    RecordIncapacity,
    ReopenDispute,
    ReportDeath,
    ResolveDispute,
    RetractReport,
)
from services.case.domain.case_facts import NO_FACTS
from services.case.domain.events import PromiseAmended, PromiseToPay
from services.case.domain.judge import judge
from services.case.domain.money_commands import (
    AmendPromise,
    ApproveWaiver,
    BookCharge,
    ProposeWaiver,
    ProposeWriteOff,
    RecordPayment,
    RejectWaiver,
    RejectWriteOff,
    TakePromise,
)
from services.case.domain.policy import CN_RETAIL_1
from shared.kernel import four_eyes
from shared.kernel.clock import start_of_day
from shared.kernel.money import CurrencyMismatch, Money
from shared.kernel.parts import Parts
from tests.kit.life import ACCOUNT, DAY, Life, cny, names

LATER = DAY + timedelta(days=3)


def promised(minor: int = 30_000) -> Life:
    life = Life().open()
    life.do(
        TakePromise(ref="prm_1", on=DAY, amount=cny(minor), due=DAY + timedelta(days=5), given_by="DEBTOR")
    )
    return life


def amend(minor: int, days: int, *, on: int = 3) -> AmendPromise:
    return AmendPromise(
        promise="prm_1", on=DAY + timedelta(days=on), amount=cny(minor), due=DAY + timedelta(days=days)
    )


def test_a_changed_promise_is_judged_once_and_by_what_it_became() -> None:
    life = promised()
    assert names(life.do(amend(20_000, 20))) == ["PromiseAmended"]
    assert life.do(amend(20_000, 20)) == ()
    assert life.sweep_until(DAY + timedelta(days=19)) == []
    paid = RecordPayment(
        ref="pay_1", account=None, on=DAY + timedelta(days=20), amount=cny(20_000), channel="CARD"
    )
    assert names(life.do(paid)).count("PromiseKept") == 1
    assert life.sweep_until(DAY + timedelta(days=28)) == []


def test_a_promise_changed_to_what_has_come_is_kept_at_once() -> None:
    life = promised(30_000)
    life.do(RecordPayment(ref="pay_1", account=None, on=DAY, amount=cny(20_000), channel="CARD"))
    assert names(life.do(amend(20_000, 9))) == ["PromiseAmended", "PromiseKept"]


def test_a_changed_promise_is_broken_on_its_new_day() -> None:
    life = promised()
    life.do(amend(20_000, 10))
    said = life.sweep_until(DAY + timedelta(days=20))
    assert said == ["PromiseBroken"]
    before = life.picture(DAY + timedelta(days=2)).promises["prm_1"]
    assert (before.amount, before.due) == (cny(30_000), DAY + timedelta(days=5))


def test_what_a_changed_promise_may_not_be() -> None:
    life = promised()
    with pytest.raises(promise.PromiseUnknown):
        life.do(AmendPromise(promise="prm_9", on=DAY, amount=cny(1), due=DAY))
    with pytest.raises(promise.PromiseTooFar):
        life.do(amend(20_000, 31))
    with pytest.raises(promise.PromiseTooFar):
        life.do(amend(20_000, 2))
    with pytest.raises(promise.PromiseTooLarge):
        life.do(amend(100_001, 9))
    with pytest.raises(CurrencyMismatch):
        life.do(AmendPromise(promise="prm_1", on=DAY, amount=Money(1, "USD"), due=LATER))
    life.sweep_until(DAY + timedelta(days=12))
    with pytest.raises(promise.PromiseAlreadyJudged):
        life.do(amend(20_000, 20, on=12))


def test_the_change_that_is_effective_last_counts_in_whatever_order_they_came() -> None:
    given = PromiseToPay(
        promise="prm_1", on=DAY, amount=cny(500), due=DAY + timedelta(days=2), given_by="DEBTOR"
    )
    changes = [
        PromiseAmended(promise="prm_1", revision=number, on=on, amount=cny(number), due=LATER)
        for number, on in ((1, DAY), (2, DAY + timedelta(days=2)), (3, DAY + timedelta(days=1)))
    ]
    amounts = set()
    for order in permutations([given, *changes]):
        facts = Life().open().worked.facts
        for fact in order:
            facts = facts.with_(fact)
        view = judge(facts, LATER, CN_RETAIL_1).promises["prm_1"]
        amounts.add(view.amount.minor)
    assert amounts == {2}
    assert NO_FACTS.with_(changes[0]).plain is False


def disputed() -> Life:
    life = Life().open()
    life.do(RaiseDispute(ref="dsp_1", scope="AMOUNT", amount=cny(8_000), on=DAY))
    return life


def decide(ref: str, outcome: str = "REJECTED") -> ResolveDispute:
    return ResolveDispute(
        dispute=ref, on=DAY, outcome=outcome, adjustment=None, account=None, first=None, by="user:a"
    )


def test_a_dispute_is_acknowledged_once_and_not_after_its_decision() -> None:
    life = disputed()
    tell = AcknowledgeDispute(dispute="dsp_1", on=LATER, by="user:a")
    assert names(life.do(tell)) == ["DisputeAcknowledged"]
    assert life.do(tell) == ()
    assert life.picture().disputes["dsp_1"].acknowledged_on == LATER
    with pytest.raises(dispute.DisputeUnknown):
        life.do(AcknowledgeDispute(dispute="dsp_9", on=LATER, by="user:a"))
    other = disputed()
    other.do(decide("dsp_1"))
    with pytest.raises(dispute.DisputeAlreadyDecided):
        other.do(AcknowledgeDispute(dispute="dsp_1", on=DAY, by="user:a"))


def test_a_decided_dispute_goes_on_under_its_own_reference() -> None:
    life = disputed()
    again = ReopenDispute(ref="dsp_2", dispute="dsp_1", on=DAY, material="doc-9")
    with pytest.raises(dispute_course.DisputeStillOpen):
        life.do(again)
    assert "HoldLifted" in names(life.do(decide("dsp_1")))
    assert names(life.do(again)) == ["DisputeReopened", "HoldPlaced"]
    assert life.do(again) == ()
    found = life.picture().disputes
    assert (found["dsp_1"].status, found["dsp_2"].status) == (dispute.REJECTED, dispute.OPEN)
    assert (found["dsp_2"].previous, found["dsp_2"].amount) == ("dsp_1", cny(8_000))
    assert "DISPUTE" in life.picture().hold_kinds
    with pytest.raises(dispute_course.DisputeStillOpen):
        life.do(ReopenDispute(ref="dsp_3", dispute="dsp_1", on=DAY, material="doc-9"))
    with pytest.raises(dispute.DisputeUnknown):
        life.do(ReopenDispute(ref="dsp_3", dispute="dsp_9", on=DAY, material="doc-9"))
    assert "DisputeUpheld" in names(life.do(decide("dsp_2", "UPHELD")))
    assert "DISPUTE" not in life.picture().hold_kinds


def test_a_disputed_amount_is_of_the_cases_currency() -> None:
    life = Life().open()
    with pytest.raises(CurrencyMismatch):
        life.do(RaiseDispute(ref="dsp_1", scope="AMOUNT", amount=Money(1, "USD"), on=DAY))


@pytest.mark.parametrize(
    ("report", "kind"),
    [
        (ReportDeath(ref="rep_1", on=DAY, confirmed=False), "DECEASED"),
        (ReportDeath(ref="rep_1", on=DAY, confirmed=True), "DECEASED"),
        (RecordIncapacity(ref="rep_1", on=DAY), "INCAPABLE"),
    ],
)
def test_a_wrong_report_holds_until_it_is_taken_back(
    report: ReportDeath | RecordIncapacity, kind: str
) -> None:
    life = Life().open()
    with pytest.raises(person.ReportUnknown):
        life.do(RetractReport(report="rep_1", on=DAY, reason="WRONG_PERSON"))
    life.do(report)
    assert kind in life.picture().hold_kinds
    back = RetractReport(report="rep_1", on=LATER, reason="WRONG_PERSON")
    assert names(life.do(back)) == ["ReportRetracted", "HoldLifted"]
    assert life.do(back) == ()
    assert kind not in life.picture().hold_kinds
    assert kind in life.picture(DAY).hold_kinds


def test_what_was_paid_and_is_not_owed_after_all_is_overpaid_or_put_elsewhere() -> None:
    life = Life().open(100_000)
    fee = BookCharge(
        ref="chg_1", account=ACCOUNT, on=DAY, amounts=Parts(5_000, 0, 0, 0, "CNY"), reason="COURT_FEE"
    )
    life.do(fee)
    life.do(RecordPayment(ref="pay_1", account=None, on=DAY, amount=cny(5_000), channel="CARD"))
    assert life.picture().owed.minors == (0, 0, 0, 100_000)
    back = BookCharge(
        ref="chg_2", account=ACCOUNT, on=LATER, amounts=Parts(-5_000, 0, 0, 0, "CNY"), reason="COURT_FEE"
    )
    assert names(life.do(back)) == ["ChargeBooked", "AllocationReversed", "PaymentAllocated"]
    assert life.picture().owed.minors == (0, 0, 0, 95_000)
    life.do(RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=LATER))
    life.do(RecordPayment(ref="pay_2", account=None, on=LATER, amount=cny(95_000), channel="CARD"))
    life.do(
        ResolveDispute(
            dispute="dsp_1",
            on=LATER,
            outcome="PARTLY_UPHELD",
            adjustment=Parts(0, 0, 0, 8_000, "CNY"),
            account=None,
            first=None,
            by="user:a",
        )
    )
    assert (life.picture().owed.total, life.picture().overpaid) == (cny(0), cny(8_000))


def test_a_dispute_takes_off_no_more_than_was_disputed() -> None:
    def upheld(minor: int) -> ResolveDispute:
        taken_off = Parts(0, 0, 0, minor, "CNY")
        return ResolveDispute(
            dispute="dsp_1",
            on=DAY,
            outcome="UPHELD",
            adjustment=taken_off,
            account=None,
            first=None,
            by="user:a",
        )

    life = disputed()
    with pytest.raises(dispute.AdjustmentTooLarge):
        life.do(upheld(8_001))
    assert "BalanceAdjusted" in names(life.do(upheld(8_000)))
    whole = Life().open(100_000)
    whole.do(RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=DAY))
    with pytest.raises(dispute.AdjustmentTooLarge):
        whole.do(upheld(100_001))
    assert "BalanceAdjusted" in names(whole.do(upheld(100_000)))


def test_one_attempt_one_reference() -> None:
    life = Life().open()

    def attempt(outcome: str) -> RecordAttempt:
        at = start_of_day(DAY, "Asia/Shanghai")
        return RecordAttempt(
            attempt_ref="A-1",
            at=at,
            on=DAY,
            channel="VOICE",
            outcome=outcome,
            actor_kind="AGENCY",
            permit=None,
        )

    life.do(attempt("NO_ANSWER"))
    assert life.do(attempt("NO_ANSWER")) == ()
    with pytest.raises(person.AttemptRefTaken):
        life.do(attempt("ANSWERED"))


def test_what_a_second_person_rejects_does_not_stand() -> None:
    life = Life().open()
    amounts = Parts(0, 0, 0, 90_000, "CNY")
    life.do(
        ProposeWaiver(ref="wvr_1", account=ACCOUNT, on=DAY, amounts=amounts, reason="GOODWILL", by="user:a")
    )
    with pytest.raises(four_eyes.MakerIsChecker):
        life.do(RejectWaiver(waiver="wvr_1", on=DAY, reason="TOO_MUCH", by="user:a"))
    assert names(life.do(RejectWaiver(waiver="wvr_1", on=DAY, reason="TOO_MUCH", by="user:b"))) == [
        "WaiverRejected"
    ]
    assert life.picture().waivers["wvr_1"].status == waiver.REJECTED
    with pytest.raises(four_eyes.NotAwaitingApproval):
        life.do(ApproveWaiver(waiver="wvr_1", on=DAY, by="user:b"))
    life.do(ProposeWriteOff(ref="wof_1", on=DAY, reason="UNCOLLECTABLE", by="user:a"))
    life.do(RejectWriteOff(write_off="wof_1", on=DAY, reason="STILL_COLLECTABLE", by="user:b"))
    assert chargeoff.awaiting(life.worked.facts) == ()
    with pytest.raises(four_eyes.NotAwaitingApproval):
        life.do(RejectWriteOff(write_off="wof_1", on=DAY, reason="STILL_COLLECTABLE", by="user:b"))
