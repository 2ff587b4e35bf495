"""Repayment plans: to the minor unit, judged instalment by instalment, cured, defaulted, completed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain import plan
from services.case.domain.events import PlanAgreed, PlanBreached, PlanDefaulted, PlanQuoted, PlanReplaced
from services.case.domain.money_commands import (
    AgreePlan,
    OfferPlan,
    QuotePlan,
    RecordPayment,
    RecordPaymentReturn,
    TerminatePlan,
)
from tests.kit.life import ACCOUNT, DAY, Life, cny, names


def agreed(*, count: int = 3, minor: int = 100_000, days_past_due: int = 120) -> Life:
    life = Life().open(days_past_due=days_past_due)
    quote = QuotePlan(ref="quo_1", on=DAY, total=cny(minor), count=count, first_due=date(2026, 3, 31))
    assert names(life.do(quote)) == ["PlanQuoted"]
    offer = OfferPlan(ref="pln_1", quote="quo_1", on=DAY, affordability="aff-1")
    assert names(life.do(offer)) == ["PlanOffered"]
    sign = AgreePlan(plan="pln_1", on=DAY, supplement="doc-1")
    assert names(life.do(sign)) == ["PlanAgreed", "HoldPlaced"]
    return life


def pay(life: Life, minor: int, day: date, ref: str) -> list[str]:
    return names(life.do(RecordPayment(ref=ref, account=ACCOUNT, on=day, amount=cny(minor), channel="BANK")))


@given(st.integers(1, 10**9), st.integers(1, 60), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_instalments_sum_to_the_total_and_come_month_by_month(minor: int, count: int, first: date) -> None:
    found = plan.schedule(cny(minor), count=count, first_due=first)
    assert sum(one.amount.minor for one in found) == minor
    assert max(one.amount.minor for one in found) - min(one.amount.minor for one in found) <= 1
    assert [one.number for one in found] == list(range(1, count + 1))
    assert [one.due.year * 12 + one.due.month for one in found] == [
        first.year * 12 + first.month + n for n in range(count)
    ]
    assert all(one.due.day <= first.day for one in found)


def test_a_plan_paid_in_time_is_completed_and_the_case_cured_and_closed() -> None:
    life = agreed()
    amounts = [one.amount.minor for one in life.last(PlanAgreed).instalments]
    assert amounts == [33_334, 33_333, 33_333]
    assert "PlanInstalmentPaid" in pay(life, amounts[0], date(2026, 3, 30), "pay_1")
    assert "PlanInstalmentPaid" in pay(life, amounts[1], date(2026, 4, 30), "pay_2")
    ended = pay(life, amounts[2], date(2026, 5, 31), "pay_3")
    assert ended == [
        "PaymentReceived", "PaymentAllocated", "PlanInstalmentPaid", "PlanCompleted", "HoldLifted", "StageEntered",
        "CaseCured", "CaseClosed",
    ]  # fmt: skip


def test_a_missed_instalment_breaches_and_money_in_time_cures() -> None:
    life = agreed()
    assert life.sweep_until(date(2026, 4, 2)) == []
    assert life.sweep(date(2026, 4, 3)) == ["PlanInstalmentMissed", "PlanBreached"]
    assert life.last(PlanBreached).cure_by == date(2026, 4, 18)
    assert pay(life, 33_334, date(2026, 4, 10), "pay_1") == [
        "PaymentReceived",
        "PaymentAllocated",
        "PlanInstalmentPaid",
        "PlanBreachCured",
    ]


@pytest.mark.parametrize("late", [False, True])
def test_a_breach_that_is_not_cured_defaults_and_no_step_is_left_out(late: bool) -> None:
    life = agreed()
    said = life.sweep(date(2026, 4, 25)) if late else life.sweep_until(date(2026, 4, 25))
    assert said == ["PlanInstalmentMissed", "PlanBreached", "PlanDefaulted", "HoldLifted"]
    assert life.last(PlanDefaulted).as_of == date(2026, 4, 18)


def test_a_payment_that_bounces_opens_a_completed_plan_and_a_closed_case_again() -> None:
    life = agreed(count=1)
    pay(life, 100_000, date(2026, 3, 20), "pay_1")
    said = names(
        life.do(
            RecordPaymentReturn(
                ref="ret_1", payment="pay_1", on=date(2026, 3, 25), amount=None, reason="NO_FUNDS"
            )
        )
    )
    assert said[:2] == ["PaymentReturned", "AllocationReversed"]
    assert said[2] == "PlanInstalmentReopened"
    assert "PlanReopened" in said
    assert "CaseReopened" in said
    assert life.picture().plans["pln_1"].status == plan.ACTIVE
    assert life.sweep(date(2026, 3, 26)) == []


def test_an_offer_stands_until_its_quote_expires_or_it_is_signed() -> None:
    life = Life().open()
    life.do(QuotePlan(ref="quo_1", on=DAY, total=cny(90_000), count=3, first_due=DAY + timedelta(days=30)))
    expires = life.last(PlanQuoted).expires
    assert plan.offered(life.worked.facts, "pln_1", as_of=DAY) is None
    life.do(OfferPlan(ref="pln_1", quote="quo_1", on=DAY + timedelta(days=1), affordability="aff-1"))
    with pytest.raises(plan.PlanEnded):
        life.do(TerminatePlan(plan="pln_1", on=DAY + timedelta(days=1), reason="DEBTOR_ASKED"))
    facts = life.worked.facts
    assert plan.offered(facts, "pln_1", as_of=DAY) is None
    stands, over = (plan.offered(facts, "pln_1", as_of=day) for day in (expires, expires + timedelta(days=1)))
    assert stands is not None
    assert over is not None
    assert (stands.status, stands.since, len(stands.instalments)) == (
        plan.OFFERED,
        DAY + timedelta(days=1),
        3,
    )
    assert (over.status, over.since) == (plan.LAPSED, expires + timedelta(days=1))
    life.do(AgreePlan(plan="pln_1", on=expires, supplement="doc-1"))
    facts = life.worked.facts
    assert plan.offered(facts, "pln_1", as_of=expires) is None
    assert plan.offered(facts, "pln_1", as_of=expires - timedelta(days=1)) == stands


def test_what_a_plan_may_not_be() -> None:
    life = Life().open()
    with pytest.raises(plan.PlanTermsRefused):
        life.do(QuotePlan(ref="quo_1", on=DAY, total=cny(100), count=61, first_due=DAY))
    with pytest.raises(plan.PlanTermsRefused):
        life.do(QuotePlan(ref="quo_1", on=DAY, total=cny(100), count=1, first_due=DAY + timedelta(days=46)))
    with pytest.raises(plan.PlanTooLarge):
        life.do(QuotePlan(ref="quo_1", on=DAY, total=cny(100_001), count=2, first_due=DAY))
    offer = OfferPlan(ref="pln_1", quote="quo_1", on=DAY, affordability="a")
    with pytest.raises(plan.QuoteUnknown):
        life.do(offer)
    with pytest.raises(plan.PlanUnknown):
        life.do(AgreePlan(plan="pln_1", on=DAY, supplement="d"))
    life.do(QuotePlan(ref="quo_1", on=DAY, total=cny(100), count=2, first_due=DAY))
    with pytest.raises(plan.AffordabilityMissing):
        life.do(OfferPlan(ref="pln_1", quote="quo_1", on=DAY, affordability=""))
    life.do(offer)
    with pytest.raises(plan.SupplementMissing):
        life.do(AgreePlan(plan="pln_1", on=DAY, supplement=""))
    with pytest.raises(plan.QuoteExpired):
        life.do(AgreePlan(plan="pln_1", on=DAY + timedelta(days=15), supplement="d"))
    life.do(OfferPlan(ref="pln_2", quote="quo_1", on=DAY, affordability="a"))
    life.do(AgreePlan(plan="pln_1", on=DAY, supplement="d"))
    assert life.do(offer) == ()
    with pytest.raises(plan.PlanAlreadyRunning):
        life.do(AgreePlan(plan="pln_2", on=DAY, supplement="d"))
    with pytest.raises(plan.PlanAlreadyRunning):
        life.do(OfferPlan(ref="pln_3", quote="quo_1", on=DAY, affordability="a"))
    assert names(life.do(TerminatePlan(plan="pln_1", on=life.today, reason="DEATH"))) == [
        "PlanTerminated",
        "HoldLifted",
    ]


def test_a_plan_is_replaced_by_ending_it_and_offering_the_next() -> None:
    life = agreed()
    life.do(TerminatePlan(plan="pln_1", on=DAY + timedelta(days=3), reason="DEBTOR_ASKED"))
    day = DAY + timedelta(days=3)
    life.do(QuotePlan(ref="quo_2", on=day, total=cny(100_000), count=6, first_due=date(2026, 3, 31)))
    life.do(OfferPlan(ref="pln_2", quote="quo_2", on=day, affordability="aff-2"))
    life.do(AgreePlan(plan="pln_2", on=day, supplement="doc-2"))
    plans = life.picture().plans
    assert (plans["pln_1"].status, plans["pln_2"].status) == (plan.TERMINATED, plan.ACTIVE)
    assert len(plans["pln_2"].instalments) == 6


def test_a_plan_that_would_run_again_beside_the_next_one_ends_where_that_one_began() -> None:
    life = Life().open(100_000)
    life.do(QuotePlan(ref="quo_1", on=DAY, total=cny(50_000), count=1, first_due=date(2026, 3, 31)))
    life.do(OfferPlan(ref="pln_1", quote="quo_1", on=DAY, affordability="aff-1"))
    life.do(AgreePlan(plan="pln_1", on=DAY, supplement="doc-1"))
    assert "PlanCompleted" in pay(life, 50_000, date(2026, 3, 10), "pay_1")
    day = date(2026, 3, 12)
    life.do(QuotePlan(ref="quo_2", on=day, total=cny(50_000), count=6, first_due=date(2026, 3, 31)))
    life.do(OfferPlan(ref="pln_2", quote="quo_2", on=day, affordability="aff-2"))
    life.do(AgreePlan(plan="pln_2", on=day, supplement="doc-2"))
    bounced = RecordPaymentReturn(
        ref="ret_1", payment="pay_1", on=date(2026, 3, 16), amount=None, reason="NO_FUNDS"
    )
    said = names(life.do(bounced))
    assert said[2:5] == ["PlanInstalmentReopened", "PlanReopened", "PlanReplaced"]
    assert life.last(PlanReplaced).as_of == day
    assert life.picture().plans["pln_1"].status == plan.TERMINATED
    assert life.sweep(date(2026, 3, 17)) == []
    assert "PlanCompleted" in pay(life, 50_000, date(2026, 3, 11), "pay_2")
