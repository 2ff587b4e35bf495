"""How a case ends: cured, settled for less, written off, closed by hand; and how it opens again."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from services.case.domain import closure, settlement
from services.case.domain.case_commands import CloseCase, PlaceHold, RaiseDispute, ReopenCase, ResolveDispute
from services.case.domain.events import CaseClosed, Settled
from services.case.domain.money_commands import (
    ApproveSettlement,
    ApproveWaiver,
    ApproveWriteOff,
    AttachDebt,
    BookCharge,
    ChargeOff,
    DetachDebt,
    ProposeSettlement,
    ProposeWaiver,
    ProposeWriteOff,
    RecordPayment,
    RecordPaymentReturn,
    RecordRefund,
    RejectSettlement,
    SetPenaltyTerms,
    TakePromise,
)
from services.case.domain.state import ClosedCase, OpenCase
from services.case.domain.waiver import WaiverTooLarge
from shared.kernel.four_eyes import MakerIsChecker, NotAwaitingApproval
from shared.kernel.parts import Parts
from tests.kit.life import ACCOUNT, DAY, Life, cny, names

NEXT = DAY + timedelta(days=1)


def pay(life: Life, minor: int, day: date, ref: str = "pay_1") -> list[str]:
    return names(life.do(RecordPayment(ref=ref, account=ACCOUNT, on=day, amount=cny(minor), channel="BANK")))


def offer(minor: int = 60_000, by: str = "user:a") -> ProposeSettlement:
    return ProposeSettlement(ref="stl_1", on=DAY, amount=cny(minor), pay_by=DAY + timedelta(days=30), by=by)


def test_a_settlement_for_less_needs_a_second_person_is_paid_and_ends_the_case() -> None:
    life = Life().open()
    assert names(life.do(offer())) == ["SettlementProposed"]
    with pytest.raises(MakerIsChecker):
        life.do(ApproveSettlement(settlement="stl_1", on=NEXT, by="user:a"))
    life.do(ApproveSettlement(settlement="stl_1", on=NEXT, by="user:b"))
    with pytest.raises(NotAwaitingApproval):
        life.do(RejectSettlement(settlement="stl_1", on=NEXT, reason="R", by="user:c"))
    assert pay(life, 60_000, DAY + timedelta(days=9)) == [
        "PaymentReceived", "PaymentAllocated", "Settled", "CaseClosed",
    ]  # fmt: skip
    settled = life.last(Settled)
    assert (settled.kind, settled.paid, settled.waived.total) == ("LESS", cny(60_000), cny(40_000))
    assert life.last(CaseClosed).reason == "SETTLED"
    assert life.picture().owed.total == cny(0)
    returned = RecordPaymentReturn(
        ref="ret_1", payment="pay_1", on=date(2026, 4, 20), amount=None, reason="NO_FUNDS"
    )
    said = names(life.do(returned))
    assert {"OriginalDebtRevived", "CaseReopened"} <= set(said)
    assert life.picture().owed.total == cny(100_000)
    assert life.picture().settlements["stl_1"].status == settlement.LAPSED


def test_a_small_discount_needs_nobody_and_an_unpaid_offer_lapses_or_defaults() -> None:
    life = Life().open()
    life.do(offer(95_000))
    assert life.picture().settlements["stl_1"].status == settlement.APPROVED
    pay(life, 50_000, NEXT)
    assert "SettlementDefaulted" in life.sweep(date(2026, 5, 1))
    other = Life().open()
    other.do(offer())
    assert other.sweep(date(2026, 5, 1)) == ["SettlementLapsed"]


def test_a_write_off_takes_two_people() -> None:
    life = Life().open()
    life.do(ProposeWriteOff(ref="wof_1", on=DAY, reason="NO_ESTATE", by="user:a"))
    with pytest.raises(MakerIsChecker):
        life.do(ApproveWriteOff(write_off="wof_1", on=DAY, by="user:a"))
    said = names(life.do(ApproveWriteOff(write_off="wof_1", on=DAY, by="user:b")))
    assert said[0] == "DebtWrittenOff"
    assert "CaseCured" not in said
    assert said[-1] == "CaseClosed"
    assert life.last(CaseClosed).reason == "WRITTEN_OFF"
    with pytest.raises(closure.CaseNotOpen):
        life.do(TakePromise(ref="prm_1", on=DAY, amount=cny(1), due=DAY, given_by="DEBTOR"))
    assert pay(life, 5_000, NEXT)[0] == "PaymentReceived"


def test_a_waiver_above_the_limit_waits_for_a_second_person() -> None:
    life = Life().open()
    life.do(
        BookCharge(
            ref="chg_1", account=ACCOUNT, on=DAY, amounts=Parts(60_000, 0, 0, 0, "CNY"), reason="COURT"
        )
    )

    def waive(ref: str, minor: int) -> ProposeWaiver:
        amounts = Parts(minor, 0, 0, 0, "CNY")
        return ProposeWaiver(
            ref=ref, account=ACCOUNT, on=DAY, amounts=amounts, reason="GOODWILL", by="user:a"
        )

    assert names(life.do(waive("wvr_1", 100))) == ["WaiverProposed", "BalanceAdjusted"]
    assert names(life.do(waive("wvr_2", 55_000))) == ["WaiverProposed"]
    with pytest.raises(MakerIsChecker):
        life.do(ApproveWaiver(waiver="wvr_2", on=DAY, by="user:a"))
    life.do(ApproveWaiver(waiver="wvr_2", on=DAY, by="user:b"))
    assert life.picture().owed == Parts(4_900, 0, 0, 100_000, "CNY")


def test_of_two_waivers_that_wait_no_more_is_approved_than_is_owed() -> None:
    life = Life().open()
    for ref in ("wvr_1", "wvr_2"):
        life.do(
            ProposeWaiver(
                ref=ref, account=ACCOUNT, on=DAY, amounts=Parts(0, 0, 0, 70_000, "CNY"), reason="GOODWILL",
                by="user:a",
            )
        )  # fmt: skip
    life.do(ApproveWaiver(waiver="wvr_1", on=DAY, by="user:b"))
    with pytest.raises(WaiverTooLarge):
        life.do(ApproveWaiver(waiver="wvr_2", on=DAY, by="user:b"))
    assert life.picture().owed.total == cny(30_000)


def test_a_dispute_holds_a_cured_case_open_until_it_is_decided() -> None:
    life = Life().open()
    life.do(RaiseDispute(ref="dsp_1", scope="AMOUNT", amount=cny(500), on=DAY))
    said = pay(life, 100_000, NEXT)
    assert "CaseCured" in said
    assert "CaseClosed" not in said
    with pytest.raises(closure.CaseHeldOpen):
        life.do(CloseCase(on=NEXT, reason="PAID"))
    ruling = ResolveDispute(
        dispute="dsp_1", on=NEXT, outcome="REJECTED", adjustment=None, account=None, first=None, by="user:b"
    )
    assert names(life.do(ruling)) == ["DisputeRejected", "HoldLifted", "CaseClosed"]
    assert isinstance(life.state, ClosedCase)


def test_a_dispute_upheld_lowers_what_is_owed() -> None:
    life = Life().open()
    life.do(RaiseDispute(ref="dsp_1", scope="AMOUNT", amount=cny(40_000), on=DAY))
    life.do(
        ResolveDispute(
            dispute="dsp_1", on=NEXT, outcome="PARTLY_UPHELD", adjustment=Parts(0, 0, 0, 30_000, "CNY"),
            account=ACCOUNT, first=None, by="user:b",
        )
    )  # fmt: skip
    assert life.picture().owed.total == cny(70_000)


def test_overpaid_money_is_found_and_refunded() -> None:
    life = Life().open()
    assert "OverpaymentFound" in pay(life, 100_300, NEXT)
    assert life.picture().balance.unallocated == cny(300)
    life.do(RecordRefund(ref="rfd_1", on=NEXT, amount=cny(300)))
    assert life.picture().balance.unallocated == cny(0)


def test_closed_and_opened_again_by_hand() -> None:
    life = Life().open()
    with pytest.raises(closure.ClosingReasonRefused):
        life.do(CloseCase(on=DAY, reason="CURED"))
    with pytest.raises(closure.ClosingReasonRefused):
        life.do(CloseCase(on=DAY, reason="PAID"))
    life.do(CloseCase(on=DAY, reason="SOLD"))
    assert life.sweep(NEXT) == []
    with pytest.raises(closure.CaseNotOpen):
        life.do(CloseCase(on=NEXT, reason="SOLD"))
    life.do(ReopenCase(on=NEXT, reason="SALE_UNDONE"))
    assert isinstance(life.state, OpenCase)
    with pytest.raises(closure.CaseStillOpen):
        life.do(ReopenCase(on=NEXT, reason="SALE_UNDONE"))


def test_what_was_opened_again_is_not_closed_on_the_same_day() -> None:
    """Two decisions of one day: opening again counts, so a closing beside it would be undone as it is told."""
    life = Life().open()
    life.do(CloseCase(on=DAY, reason="SOLD"))
    life.do(ReopenCase(on=NEXT, reason="SALE_UNDONE"))
    with pytest.raises(closure.OpenedAgainThatDay):
        life.do(CloseCase(on=NEXT, reason="ENTERED_IN_ERROR"))
    assert names(life.do(CloseCase(on=NEXT + timedelta(days=1), reason="ENTERED_IN_ERROR"))) == ["CaseClosed"]


@pytest.mark.parametrize("end", ["settled", "sold"])
def test_what_is_over_ages_no_further(end: str) -> None:
    life = Life().open()
    if end == "settled":
        life.do(offer(95_000))
        pay(life, 95_000, DAY)
    else:
        life.do(CloseCase(on=DAY, reason="SOLD"))
    assert isinstance(life.state, ClosedCase)
    closed, later = life.picture(DAY), life.picture(DAY + timedelta(days=60))
    assert (later.days_past_due, later.stage) == (closed.days_past_due, closed.stage)
    life.do(ReopenCase(on=NEXT, reason="ERROR"))
    assert life.picture(DAY + timedelta(days=60)).days_past_due == closed.days_past_due + 60


def test_a_debt_that_left_comes_back_on_a_later_day_and_leaves_no_earlier_than_it_came() -> None:
    life = Life().open()
    back = AttachDebt(account=ACCOUNT, on=NEXT, arrears=cny(500), days_past_due=3)
    life.do(DetachDebt(account=ACCOUNT, on=DAY - timedelta(days=9), reason="SOLD"))
    assert life.picture().debts == ()
    with pytest.raises(closure.DebtLeftThatDay):
        life.do(replace(back, on=DAY))
    life.do(back)
    assert life.picture().debts == (ACCOUNT,)


def test_a_charge_off_changes_nothing_that_is_owed() -> None:
    life = Life().open()
    life.do(ChargeOff(ref="cof_1", on=DAY, amount=cny(100_000)))
    assert life.picture().owed.total == cny(100_000)


def test_penalty_interest_is_capped_and_exact_after_a_correction() -> None:
    def penalised() -> Life:
        life = Life().open()
        life.do(SetPenaltyTerms(ref="ptm_1", account=ACCOUNT, on=DAY, ppm_per_day=9_999))
        return life

    late, timely = penalised(), penalised()
    # 1000.00 at the law's cap of 657 ppm a day: 29 days to the month's end are 19.053.
    assert late.sweep(date(2026, 3, 31)) == ["PenaltyInterestAccrued"]
    assert late.picture().balance.penalty == cny(1_905)
    pay(timely, 50_000, date(2026, 3, 12))
    pay(late, 50_000, date(2026, 3, 12))
    timely.sweep(date(2026, 3, 31))
    late.sweep(date(2026, 3, 31))
    assert late.picture().balance == timely.picture().balance
    # Ten days on 1000.00 are 6.57, which the payment covers before principal; 19 days on 506.57 are 6.3236 more.
    assert late.picture().balance.penalty == cny(657 + 632)


def test_no_penalty_interest_accrues_in_a_hold_that_says_so() -> None:
    life = Life().open()
    life.do(SetPenaltyTerms(ref="ptm_1", account=ACCOUNT, on=DAY, ppm_per_day=500))
    for ref, kind, stops in (("hld_1", "MORATORIUM", True), ("hld_2", "ATTORNEY", False)):
        life.do(
            PlaceHold(
                ref=ref, kind=kind, on=DAY + timedelta(days=5), until=DAY + timedelta(days=15), reason="LAW",
                stops_interest=stops,
            )
        )  # fmt: skip
    # Thirty days at 0.50 a day, ten of them stopped.
    assert life.picture(DAY + timedelta(days=30)).balance.penalty == cny(1_000)


def test_a_settled_case_opened_again_by_hand_stays_open() -> None:
    life = Life().open()
    life.do(offer(100_000))
    pay(life, 100_000, NEXT)
    assert isinstance(life.state, ClosedCase)
    life.do(ReopenCase(on=NEXT, reason="JUDGMENT_FOUND"))
    assert isinstance(life.state, OpenCase)
    assert life.sweep(NEXT + timedelta(days=1)) == []
