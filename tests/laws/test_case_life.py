"""Laws of a case's life over any facts: arrival never shows, money is conserved, deciding twice adds nothing."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.case.domain import events as e
from services.case.domain import mode, plan, promise
from services.case.domain.case_facts import DERIVED, NO_FACTS, CaseFacts
from services.case.domain.facts.plan import Instalment
from services.case.domain.judge import Picture, judge
from services.case.domain.parts import Parts
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.redecide import redecide
from services.case.domain.state import CaseState, fold_case
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
)
many_facts = st.lists(facts, max_size=8) | st.lists(facts, min_size=25, max_size=40)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ASKED = [DAY + timedelta(days=n) for n in (0, 20, 45, 90, 130)]


def told(*some: e.CaseEvent) -> CaseFacts:
    found = NO_FACTS
    for fact in some:
        found = found.with_(fact)
    return found


def seen(found: CaseFacts) -> list[Picture]:
    return [judge(found, day, CN_RETAIL_1) for day in ASKED]


@quick
@given(st.data(), many_facts)
def test_any_order_of_arrival_and_any_repetition_give_the_same_answers(
    data: st.DataObject, some: list[e.CaseEvent]
) -> None:
    shuffled = data.draw(st.permutations(some))
    again = data.draw(st.lists(st.sampled_from(some), max_size=10)) if some else []
    assert told(OPENED, *some) == told(OPENED, *shuffled, *again)
    assert seen(told(OPENED, *some)) == seen(told(*shuffled, *again, OPENED))


@quick
@given(many_facts)
def test_money_is_conserved_on_every_day(some: list[e.CaseEvent]) -> None:
    for picture in seen(told(OPENED, *some)):
        sums = picture.balance
        standing = sums.allocated.total + sums.unallocated
        assert standing == sums.received - sums.returned - sums.refunded
        assert sum(one.amounts.total.minor for one in sums.allocations.values()) == sums.allocated.total.minor
        assert min(sums.owed.minors) >= 0
        assert sums.unallocated.minor >= 0


@quick
@given(many_facts)
def test_what_is_known_later_never_changes_what_an_earlier_day_says(some: list[e.CaseEvent]) -> None:
    found = told(OPENED, *some)
    for day in ASKED:
        assert judge(found, day, CN_RETAIL_1) == judge(found.until(day), day, CN_RETAIL_1)


@quick
@given(many_facts)
def test_exactly_one_handling_mode_and_one_unit_of_money_serves_one_promise(some: list[e.CaseEvent]) -> None:
    for picture in seen(told(OPENED, *some)):
        assert picture.mode in (mode.INTERNAL, mode.AGENCY, mode.LEGAL)
        cleared = picture.balance.received - picture.balance.returned - picture.balance.refunded
        assert sum(view.appropriated.minor for view in picture.promises.values()) <= cleared.minor


def live(some: list[e.CaseEvent], ask: list[date]) -> tuple[CaseState, list[e.CaseEvent]]:
    """Facts as they arrive, decided again after each, as the desk does it."""
    events: list[e.CaseEvent] = [OPENED]
    state = fold_case(events)
    for number, fact in enumerate(some):
        more = (fact, *redecide(fold_case([fact], state), ask[number % len(ask)], CN_RETAIL_1))
        events += more
        state = fold_case(more, state)
    return state, events


@quick
@given(many_facts)
def test_deciding_twice_or_late_adds_nothing(some: list[e.CaseEvent]) -> None:
    state, _ = live(some, ASKED)
    for day in (ASKED[-1], ASKED[-1], ASKED[0]):
        more = redecide(state, day, CN_RETAIL_1)
        state = fold_case(more, state)
        assert redecide(state, day, CN_RETAIL_1) == ()


@quick
@given(st.data(), many_facts)
def test_folding_in_any_parts_is_folding_at_once(data: st.DataObject, some: list[e.CaseEvent]) -> None:
    state, events = live(some, ASKED)
    cut = data.draw(st.integers(0, len(events)))
    parted = fold_case(events[cut:], fold_case(events[:cut]))
    assert parted == state == fold_case(events)
    for one in (parted, fold_case(events)):
        assert getattr(one, "facts", None) == getattr(state, "facts", None)
        assert getattr(one, "judged", None) == getattr(state, "judged", None)
        assert getattr(one, "was", None) == getattr(state, "was", None)


@quick
@given(st.data(), many_facts)
def test_whatever_the_order_of_arrival_the_record_says_what_the_facts_say(
    data: st.DataObject, some: list[e.CaseEvent]
) -> None:
    pictures = []
    for order in (some, data.draw(st.permutations(some))):
        state, _ = live(order, ASKED)
        state = fold_case(redecide(state, ASKED[-1], CN_RETAIL_1), state)
        worked = getattr(state, "was", None) or state
        picture, record = judge(worked.facts, ASKED[-1], CN_RETAIL_1), worked.judged
        pictures.append(picture)
        assert (getattr(state, "reason", None) is not None) == (picture.ended is not None)
        assert (record.of("mode") or mode.INTERNAL) == picture.mode
        for ref, view in picture.promises.items():
            if view.status != promise.CANCELLED:
                assert (record.of("promise", ref) or (promise.ACTIVE,))[0] == view.status
        for ref, agreed in picture.plans.items():
            if agreed.status != plan.TERMINATED:
                assert (record.of("plan", ref) or plan.ACTIVE) == agreed.status
        held = {subject[1] for subject, stands in record.said.items() if subject[0] == "hold" and stands}
        assert held == {ref for ref in picture.holds if ref.startswith(DERIVED)}
        for payment, standing in picture.balance.allocations.items():
            if not payment.startswith(ACCOUNT) and (told_ := record.of("allocation", payment)):
                assert told_ == (standing.amounts, standing.unallocated)
    assert pictures[0] == pictures[1]
