"""Signs of accounts: each seen by its figures, none by what came later."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain import events as e
from services.case.domain.treatment.account_seen import account_seen
from services.case.domain.treatment.backtest import as_first_said, fell_behind, horizons, observe
from services.case.domain.treatment.signs import SignRule, WarningRules, overdue_days, signs_of, watched
from shared.kernel.parts import Parts
from tests.kit.life import cny

ENDS = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
RULES = WarningRules(
    listed_from=20,
    just_in_days=31,
    signs=(
        SignRule(sign="UTILISATION", points=20, threshold=90),
        SignRule(sign="PAYMENT_SHRINKS", points=5, threshold=50),
        SignRule(sign="PART_PAID", points=5, threshold=10),
        SignRule(sign="NOTHING_PAID", points=10, threshold=0),
        SignRule(sign="DUE_AFTER_LATE", points=40, threshold=7),
        SignRule(sign="FIRST_PAYMENT_DEFAULT", points=40, threshold=0),
        SignRule(sign="EARLIER_EPISODES", points=40, threshold=1),
        SignRule(sign="JUST_IN", points=40, threshold=31),
    ),
)


def month(
    n: int, behind: int = 0, balance: int = 1_000, payment: int = 500, limit: int = 10_000, revision: int = 0
) -> Any:
    told = {"account_ref": "A", "as_of": ENDS[n], "months_past_due": behind, "balance": cny(balance),
            "payment": cny(payment), "credit_limit": cny(limit), "content": ""}  # fmt: skip
    if revision:
        return e.StatementCorrected(**told, replaces="", revision=revision)
    return e.StatementReported(**told)


def item(name: str, due: date, total: int, paid: int = 0, paid_on: date | None = None, revision: int = 0,
         on: date = date(2026, 1, 1)) -> Any:  # fmt: skip
    amounts = Parts(0, 0, 0, total, "CNY")
    return e.InstalmentScheduled(
        instalment=name,
        revision=revision,
        on=on,
        due=due,
        amounts=amounts,
        fee=cny(0),
        paid=cny(paid),
        paid_on=paid_on,
    )


def booked(opened_on: date | None = date(2025, 12, 15)) -> Any:
    return e.AccountBooked(
        account_ref="A", debtor_ref="D", debtor="party-1", product="LOAN", currency="CNY", on=date(2026, 1, 1),
        revision=0, opened_on=opened_on, rate_ppm=None, penalty_ppm_per_day=None, lender=None, credit_limit=None,
    )  # fmt: skip


def seen(events: list[Any], day: date) -> dict[str, dict[str, int]]:
    return {one.sign: dict(one.figures) for one in signs_of(account_seen(events, day), day, RULES)}


@pytest.mark.parametrize(
    ("events", "day", "sign", "figures"),
    [
        ([month(0, balance=9_500)], ENDS[0], "UTILISATION", {"per_cent": 95, "balance": 9_500, "limit": 10_000}),
        ([month(0, payment=1_000), month(1, payment=400)], ENDS[1], "PAYMENT_SHRINKS",
         {"per_cent": 40, "before": 1_000, "last": 400}),
        ([month(0, balance=9_000), month(1, payment=300)], ENDS[1], "PART_PAID",
         {"per_cent": 3, "owed": 9_000, "paid": 300}),
        ([month(0), month(1, payment=0)], ENDS[1], "NOTHING_PAID", {"owed": 1_000, "paid": 0}),
        ([month(0, 1), month(1), month(2)], ENDS[2], "EARLIER_EPISODES", {"episodes": 1}),
        ([month(0), month(1, 1)], ENDS[1], "JUST_IN", {"days": 1}),
        ([booked(), month(0, 1), month(1)], ENDS[1], "FIRST_PAYMENT_DEFAULT", {"missed": 1}),
        ([item("1", date(2026, 2, 10), 100, 100, date(2026, 2, 20)), item("2", date(2026, 3, 10), 100)],
         date(2026, 3, 5), "DUE_AFTER_LATE", {"due_in_days": 5, "amount": 100}),
        ([booked(), item("1", date(2026, 2, 10), 100, 100, date(2026, 2, 20))], date(2026, 2, 21),
         "FIRST_PAYMENT_DEFAULT", {"missed": 1}),
    ],
)  # fmt: skip
def test_a_sign_says_what_it_was_seen_by(
    events: list[Any], day: date, sign: str, figures: dict[str, int]
) -> None:
    assert seen(events, day)[sign] == figures


def test_an_account_in_order_shows_no_sign() -> None:
    paid = [item("1", date(2026, 2, 10), 100, 100, date(2026, 2, 9)), item("2", date(2026, 3, 10), 100)]
    assert seen([booked(), month(0), month(1), *paid], ENDS[1]) == {}
    assert seen([], ENDS[0]) == {}


def test_who_has_been_overdue_for_long_is_for_collections() -> None:
    late = account_seen([month(0, 1), month(1, 2), month(2, 3)], ENDS[2])
    assert overdue_days(late, ENDS[2]) == 59
    assert not watched(late, ENDS[2], RULES)
    assert watched(account_seen([month(2, 1)], ENDS[2]), ENDS[2], RULES)
    assert overdue_days(account_seen([], ENDS[2]), ENDS[2]) is None
    assert not watched(account_seen([], ENDS[2]), ENDS[2], RULES)


MONTHS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 3),
        st.integers(-500, 12_000),
        st.integers(-100, 3_000),
        st.integers(0, 2),
    ),
    max_size=12,
)
ITEMS = st.lists(
    st.tuples(st.integers(0, 150), st.integers(0, 200), st.integers(0, 150), st.integers(-40, 60)), max_size=6
)


def events_of(months: list[Any], items: list[Any]) -> list[Any]:
    told = [
        month(n, behind, balance, payment, revision=revision)
        for n, behind, balance, payment, revision in months
    ]
    first = date(2026, 1, 1)
    for n, (due, total, paid, late) in enumerate(items):
        day = first + timedelta(days=due)
        on = day + timedelta(days=late)
        told.append(item(str(n), day, total + 1, 0, on=first))
        told.append(item(str(n), day, total + 1, min(paid, total + 1), on, revision=1, on=max(on, first)))
    return told


@given(MONTHS, ITEMS, st.integers(0, 150), st.booleans())
def test_nothing_that_came_later_is_looked_at(
    months: list[Any], items: list[Any], days: int, opened: bool
) -> None:
    """As of a day an account shows the same signs whether or not the days after it are known."""
    day = date(2026, 1, 1) + timedelta(days=days)
    told = [*([booked()] if opened else []), *events_of(months, items)]
    by_then = [one for one in told if (one.as_of if hasattr(one, "as_of") else one.on) <= day]
    assert signs_of(account_seen(told, day), day, RULES) == signs_of(account_seen(by_then, day), day, RULES)
    assert overdue_days(account_seen(told, day), day) == overdue_days(account_seen(by_then, day), day)


@given(MONTHS, st.randoms())
def test_the_order_of_arrival_does_not_count(months: list[Any], random: Any) -> None:
    firsts = {n: month(n, behind, balance, payment) for n, behind, balance, payment, _ in months}
    told = list(firsts.values()) + [month(n, 1, 77, 7, revision=1) for n in list(firsts)[:2]]
    mixed = list(told)
    random.shuffle(mixed)
    assert account_seen(told, ENDS[-1]) == account_seen(mixed, ENDS[-1])


def test_a_backtest_counts_the_first_word_and_what_came_after() -> None:
    listed = [month(0, 1), month(1), month(2), month(3, 1)]
    calm = [month(0), month(1), month(2), month(3)]
    unlisted_but_fell = [month(2), month(3, 2)]
    tallies = horizons(RULES)
    for events in (listed, calm, unlisted_but_fell, [month(2)]):
        observe(events, ENDS[2], RULES, tallies)
    month_, two = tallies
    assert (month_.total.accounts, month_.total.fell, month_.total.listed, month_.total.hits) == (3, 2, 1, 1)
    assert (month_.unknown, two.unknown) == (1, 1)
    assert month_.by_sign["EARLIER_EPISODES"].hits == 1
    corrected = [*calm, month(2, 1, revision=1)]
    assert as_first_said(corrected) == tuple(calm)
    tallies = horizons(RULES)
    observe(corrected, ENDS[2], RULES, tallies)
    assert tallies[0].total.accounts == 1, "nobody knew then that it was overdue"


def test_what_is_overdue_on_the_day_is_not_observed() -> None:
    tallies = horizons(RULES)
    observe([month(0, 1), month(1)], ENDS[0], RULES, tallies)
    assert tallies[0].total.accounts == 0


def test_an_instalment_is_not_behind_by_a_word_of_its_due_date() -> None:
    day, due = date(2026, 1, 31), date(2026, 2, 28)
    on_the_day = [
        booked(),
        item("1", due, 1_000, 0, on=date(2026, 1, 1)),
        item("1", due, 1_000, 0, on=due, revision=1),
    ]
    assert fell_behind(account_seen(on_the_day, date(2026, 3, 31)), day) is None
    after = [*on_the_day, item("1", due, 1_000, 0, on=date(2026, 3, 5), revision=2)]
    assert fell_behind(account_seen(after, date(2026, 3, 31)), day) is True
    paid = [*on_the_day, item("1", due, 1_000, 1_000, due, on=date(2026, 3, 5), revision=2)]
    assert fell_behind(account_seen(paid, date(2026, 3, 31)), day) is False
