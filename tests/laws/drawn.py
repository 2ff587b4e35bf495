"""Facts of a case as Hypothesis draws them: any kind, any day of a quarter, any order, whether or not they fit."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from services.case.domain import events as e
from services.case.domain.facts.plan import Instalment
from shared.kernel.parts import Parts
from tests.kit.life import ACCOUNT, DAY, cny

OTHER = ACCOUNT[:-1] + "2"
ACCOUNTS = st.sampled_from([ACCOUNT, OTHER, None])
OPENED = e.CaseOpened(
    debtor_ref="D", episode=1, debts=(ACCOUNT,), as_of=DAY, arrears=cny(50_000), days_past_due=10
)
days = st.integers(0, 90).map(lambda n: DAY + timedelta(days=n))
amounts = st.integers(1, 30_000).map(cny)
parts_ = st.builds(
    Parts,
    st.integers(0, 900),
    st.integers(0, 900),
    st.integers(0, 900),
    st.integers(0, 9_000),
    st.just("CNY"),
)


def ref(prefix: str, most: int = 3) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda n: f"{prefix}_{n}")


@st.composite
def payment(draw: st.DrawFn) -> e.PaymentReceived:
    day = draw(days)
    return e.PaymentReceived(
        account=draw(ACCOUNTS),
        amount=draw(amounts),
        period_from=day - timedelta(days=draw(st.sampled_from([0, 0, 29]))),
        period_until=day + timedelta(days=1),
        payment=draw(ref("pay", 6)),
        channel="BANK",
    )


@st.composite
def stated_payment(draw: st.DrawFn) -> e.PaymentReceived:
    first = DAY + timedelta(days=30 * draw(st.integers(0, 2)))
    return e.PaymentReceived(
        account=ACCOUNT, amount=draw(amounts), period_from=first, period_until=first + timedelta(days=30)
    )


@st.composite
def plan_agreed(draw: st.DrawFn) -> e.PlanAgreed:
    day, total = draw(days), draw(amounts)
    instalments = tuple(
        Instalment(n, day + timedelta(days=10 * n), amount)
        for n, amount in enumerate(total.split(draw(st.integers(1, 4))), 1)
    )
    return e.PlanAgreed(
        plan=draw(ref("pln", 1)), quote="quo_1", on=day, total=total, instalments=instalments,
        supplement="doc", affordability="aff",
    )  # fmt: skip


@st.composite
def attempt(draw: st.DrawFn) -> e.ContactAttempted:
    day = draw(days)
    return e.ContactAttempted(
        attempt_ref=draw(ref("att", 5)), at=datetime.combine(day, time(3), UTC), on=day, channel="CALL",
        outcome="NO_ANSWER", actor_kind="DIALER", permit=None, breach=(),
    )  # fmt: skip


facts = st.one_of(
    payment(),
    payment(),
    stated_payment(),
    st.builds(
        e.PaymentReturned,
        returned=ref("ret"),
        payment=ref("pay", 6),
        on=days,
        amount=amounts,
        reason=st.just("R"),
    ),
    st.builds(e.RefundPaid, refund=ref("rfd"), on=days, amount=amounts),
    st.builds(
        e.ArrearsReported,
        account=st.just(ACCOUNT),
        as_of=days,
        days_past_due=st.integers(0, 99),
        arrears=amounts,
    ),
    st.builds(e.InstalmentFellDue, item=ref("ins"), account=st.just(OTHER), on=days, amounts=parts_),
    st.builds(
        e.DebtAttached, account=st.just(OTHER), on=days, arrears=amounts, days_past_due=st.integers(1, 40)
    ),
    st.builds(
        e.ChargeBooked,
        charge=ref("chg"),
        account=st.just(ACCOUNT),
        on=days,
        amounts=parts_,
        reason=st.just("FEE"),
    ),
    st.builds(
        e.PenaltyTermsSet,
        terms=ref("ptm", 1),
        account=st.just(ACCOUNT),
        on=days,
        ppm_per_day=st.integers(0, 900),
    ),
    st.builds(
        e.PromiseToPay, promise=ref("prm"), on=days, amount=amounts, due=days, given_by=st.just("DEBTOR")
    ),
    st.builds(e.PromiseCancelled, promise=ref("prm"), on=days, reason=st.just("R")),
    plan_agreed(),
    st.builds(e.PlanTerminated, plan=ref("pln", 1), on=days, reason=st.just("R")),
    st.builds(
        e.HoldPlaced,
        hold=ref("hld"),
        kind=st.just("MORATORIUM"),
        on=days,
        until=st.none() | days,
        reason=st.just("R"),
        stops_interest=st.booleans(),
        source=st.just(""),
    ),
    st.builds(e.HoldLifted, hold=ref("hld"), on=days, reason=st.just("R")),
    st.builds(e.HardshipClaimed, relief=ref("rlf", 1), cause=st.just("ILLNESS"), on=days),
    st.builds(
        e.ReliefGranted,
        relief=ref("rlf", 1),
        on=days,
        until=days,
        measures=st.just(("GRACE",)),
        ageing=st.sampled_from(["FREEZE", "RUN"]),
        by=st.just("user:a"),
    ),
    st.builds(
        e.DisputeRaised,
        dispute=ref("dsp", 1),
        scope=st.just("DEBT"),
        amount=st.none(),
        on=days,
        answer_by=days,
    ),
    st.builds(e.DisputeRejected, dispute=ref("dsp", 1), on=days, by=st.just("user:a")),
    st.builds(
        e.SettlementProposed,
        settlement=ref("stl", 1),
        on=days,
        amount=amounts,
        owed=amounts,
        kind=st.just("LESS"),
        pay_by=days,
        needs_approval=st.booleans(),
        by=st.just("user:a"),
    ),
    st.builds(e.SettlementApproved, settlement=ref("stl", 1), on=days, by=st.just("user:b")),
    st.builds(
        e.DebtPlacedWithAgency,
        placement=ref("plc", 1),
        agency=st.just("agency-1"),
        on=days,
        until=days,
        evaluated_on=st.just(DAY),
    ),
    st.builds(e.RecallRequested, placement=ref("plc", 1), on=days, reason=st.just("R")),
    st.builds(
        e.LegalReferred,
        referral=ref("ref", 1),
        on=days,
        reason=st.just("R"),
        owed=parts_,
        by=st.just("user:a"),
    ),
    st.builds(e.LegalReferralEnded, referral=ref("ref", 1), on=days, outcome=st.just("RETURNED")),
    attempt(),
)
many_facts = st.lists(facts, max_size=8) | st.lists(facts, min_size=25, max_size=40)
