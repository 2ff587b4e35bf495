"""Law 1, to the cent: balance and penalty interest against plain counting day by day, after every arrival."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.case.domain import events as e
from services.case.domain.case_facts import NO_FACTS, CaseFacts
from services.case.domain.judge import judge
from services.case.domain.policy import CN_RETAIL_1, CasePolicy
from shared.kernel.parts import Parts
from tests.kit.life import ACCOUNT, DAY, cny
from tests.laws import plain_balance
from tests.laws.plain_balance import Row

ASKED = [DAY + timedelta(days=n) for n in (0, 31, 90, 400)]
POLICIES = [
    CN_RETAIL_1,
    replace(CN_RETAIL_1, life=replace(CN_RETAIL_1.life, penalty_share_bps_max=150)),
    replace(CN_RETAIL_1, life=replace(CN_RETAIL_1.life, penalty_ppm_per_day_max=333)),
]
OPENED = Row("opened", DAY, "opened", 300_001)
FIRST_TERMS = Row("terms", DAY, "first", 500)
days = st.integers(0, 120).map(lambda n: DAY + timedelta(days=n))
minors = st.integers(1, 90_000)
parts = st.tuples(st.integers(0, 700), st.integers(0, 700), st.integers(0, 700), st.integers(0, 50_000))
taken_back = parts.map(lambda some: (-some[0], -some[1], -some[2], -some[3]))


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """What happens to an account; every payment may bounce."""
    found = [OPENED, FIRST_TERMS]
    for n in range(draw(st.integers(1, 14))):
        day, what = draw(days), draw(st.sampled_from(["charge", "terms", "paid", "paid", "back", "refund"]))
        match what:
            case "charge":
                found.append(Row(what, day, f"chg_{n}", parts=draw(parts | taken_back)))
            case "terms":
                found.append(Row(what, day, f"terms_{n}", draw(st.integers(0, 900))))
            case "refund":
                found.append(Row(what, day, f"rfd_{n}", draw(st.integers(1, 9_000))))
            case _:
                amount = draw(minors)
                found.append(Row("paid", day, f"pay_{n}", amount))
                if what == "back":
                    back = draw(st.integers(1, amount))
                    found.append(Row("back", draw(days), f"ret_{n}", back, of=f"pay_{n}"))
    return found


Stop = tuple[date, date | None, date | None]
stops = st.lists(st.tuples(days, st.none() | days, st.none() | days), max_size=3)
"""Holds that stop interest: from, until, lifted on; some end before they begin, some overlap."""


def as_facts(row: Row) -> e.CaseEvent:
    amounts = Parts(*row.parts, "CNY")
    match row.what:
        case "opened":
            return e.CaseOpened(
                debtor_ref="D", episode=1, debts=(ACCOUNT,), as_of=row.day, arrears=cny(row.amount),
                days_past_due=10,
            )  # fmt: skip
        case "charge":
            return e.ChargeBooked(charge=row.ref, account=ACCOUNT, on=row.day, amounts=amounts, reason="FEE")
        case "terms":
            return e.PenaltyTermsSet(terms=row.ref, account=ACCOUNT, on=row.day, ppm_per_day=row.amount)
        case "refund":
            return e.RefundPaid(refund=row.ref, on=row.day, amount=cny(row.amount))
        case "back":
            return e.PaymentReturned(
                returned=row.ref, payment=row.of, on=row.day, amount=cny(row.amount), reason="R"
            )
        case _:
            return e.PaymentReceived(
                account=ACCOUNT, amount=cny(row.amount), period_from=row.day,
                period_until=row.day + timedelta(days=1), payment=row.ref, channel="BANK",
            )  # fmt: skip


def holds(number: int, stop: Stop) -> list[e.CaseEvent]:
    from_, until, lifted = stop
    found: list[e.CaseEvent] = [
        e.HoldPlaced(
            hold=f"hld_{number}", kind="MORATORIUM", on=from_, until=until, reason="LAW", stops_interest=True,
            source="",
        )
    ]  # fmt: skip
    if lifted:
        found.append(e.HoldLifted(hold=f"hld_{number}", on=lifted, reason="R"))
    return found


def ends(stop: Stop) -> tuple[date, date]:
    return stop[0], min([day for day in stop[1:] if day], default=date.max)


def agree(facts: CaseFacts, known: list[Row], stopped: list[Stop], policy: CasePolicy) -> None:
    for as_of in ASKED:
        plain = plain_balance.balance(
            known, as_of, stops=[ends(stop) for stop in stopped],
            ppm_max=policy.life.penalty_ppm_per_day_max, share_bps=policy.life.penalty_share_bps_max,
        )  # fmt: skip
        sums = judge(facts, as_of, policy).balance
        assert list(sums.owed.minors) == plain.owed
        assert sums.penalty.minor == plain.penalty
        assert (sums.received.minor, sums.returned.minor) == (plain.received, plain.returned)
        assert (sums.refunded.minor, sums.unallocated.minor) == (plain.refunded, plain.unallocated)
        assert list(sums.allocated.minors) == plain.allocated


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("policy", POLICIES, ids=["as the law has it", "a low cap", "a low rate"])
@given(st.data(), rows(), stops)
def test_after_every_arrival_the_balance_is_what_counting_day_by_day_gives(
    policy: CasePolicy, data: st.DataObject, some: list[Row], stopped: list[Stop]
) -> None:
    """Law 1: exact after any correction, in whatever order it was learnt; stopped in holds that say so; capped."""
    told: list[Row | tuple[int, Stop]] = data.draw(st.permutations([*some[1:], *enumerate(stopped)]))
    facts, known, stops_known = NO_FACTS.with_(as_facts(OPENED)), [OPENED], []
    for one in told:
        if isinstance(one, Row):
            facts = facts.with_(as_facts(one))
            known.append(one)
        else:
            stops_known.append(one[1])
            for fact in holds(*one):
                facts = facts.with_(fact)
    agree(facts, known, stops_known, policy)
    half = told[: len(told) // 2]
    facts, known, stops_known = NO_FACTS.with_(as_facts(OPENED)), [OPENED], []
    for one in half:
        for fact in [as_facts(one)] if isinstance(one, Row) else holds(*one):
            facts = facts.with_(fact)
        if isinstance(one, Row):
            known.append(one)
        else:
            stops_known.append(one[1])
    agree(facts, known, stops_known, policy)


@given(st.integers(1, 5_000_000), st.integers(1, 657), st.integers(1, 400), st.integers(1, 400))
@example(1, 1, 400, 1)
@settings(max_examples=100, deadline=None)
def test_a_payment_that_bounces_leaves_the_interest_of_never_having_come(
    principal: int, ppm: int, days_: int, paid_after: int
) -> None:
    """Law 1: paid and bounced on the same day is as if nothing had come, to the cent, however small the sum."""
    opened = Row("opened", DAY, "opened", principal)
    terms = Row("terms", DAY, "terms", ppm)
    paid = Row("paid", DAY + timedelta(days=paid_after), "pay_1", principal)
    back = replace(paid, what="back", ref="ret_1", of="pay_1")
    end = DAY + timedelta(days=days_)

    def interest(*some: Row) -> int:
        facts = NO_FACTS
        for row in some:
            facts = facts.with_(as_facts(row))
        return judge(facts, end, CN_RETAIL_1).balance.penalty.minor

    never = interest(opened, terms)
    assert interest(opened, terms, paid, back) == interest(back, paid, terms, opened) == never
    assert never == (2 * principal * ppm * days_ + 1_000_000) // 2_000_000


def test_a_relief_that_freezes_stops_the_interest_from_the_claim_on() -> None:
    """Law 1: granted later, the relief protects from the day of the claim; declined, it never did."""
    opened, terms = Row("opened", DAY, "opened", 1_000_000), Row("terms", DAY, "terms", 500)
    base = NO_FACTS.with_(as_facts(opened)).with_(as_facts(terms))
    claimed, granted = DAY + timedelta(days=10), DAY + timedelta(days=20)
    until, end = DAY + timedelta(days=50), DAY + timedelta(days=100)
    facts = base.with_(e.HardshipClaimed(relief="rlf_1", cause="ILLNESS", on=claimed))
    assert judge(facts, end, CN_RETAIL_1).balance.penalty == cny(500 * 100)
    facts = facts.with_(
        e.ReliefGranted(
            relief="rlf_1", on=granted, until=until, measures=("GRACE",), ageing="FREEZE", by="user:a"
        )
    )
    plain = plain_balance.balance(
        [opened, terms], end, stops=[(claimed, until)], ppm_max=657, share_bps=10_000
    )
    assert judge(facts, end, CN_RETAIL_1).balance.penalty.minor == plain.penalty == 500 * 60
    before = judge(facts, granted - timedelta(days=1), CN_RETAIL_1).balance.penalty
    assert before == cny(500 * 19), "before it was granted nothing was frozen"
