"""How clocks run: what restarts, holds, suspends and waives them, and what is too late."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.legal.adapters.law_files import shipped
from services.legal.domain.clocks.counting import Span, after_business_days
from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.reading import Reading
from services.legal.domain.clocks.running import read_clock

TODAY = date(2026, 11, 22)


def fact(kind: str, on: str, **more: str) -> ClockFact:
    return ClockFact(kind=kind, on=date.fromisoformat(on), **more)


def clock(name: str, *facts: ClockFact, as_of: date = TODAY, pack: str = "cn.law") -> Reading:
    found = shipped()[pack].named(name)
    assert found is not None
    return read_clock(found, facts, as_of)


def test_a_clock_that_nothing_started_says_so() -> None:
    for name in ("limitation", "guarantee"):
        reading = clock(name)
        assert (reading.state, reading.raw_on, reading.expires_on) == ("NOT_STARTED", None, None)
    assert clock("limitation", fact("demand_delivered", "2025-01-01")).state == "NOT_STARTED"


def test_a_suit_holds_the_clock_until_it_ends_and_then_it_runs_anew() -> None:
    due, sued = fact("performance_due", "2022-05-10"), fact("sued", "2024-03-01")
    held = clock("limitation", due, sued, fact("demand_delivered", "2024-06-01"))
    assert (held.state, held.raw_on, held.expires_on) == ("IN_PROCEDURE", None, None)
    assert [link.effect for link in held.chain] == ["START", "HELD"]
    again = clock("limitation", due, sued, fact("procedure_ended", "2025-02-03"))
    assert again.raw_on == date(2028, 2, 3)


def test_a_suit_after_expiry_holds_nothing() -> None:
    late = clock("limitation", fact("performance_due", "2018-01-15"), fact("sued", "2022-01-04"))
    assert late.state == "EXPIRED"
    assert late.chain[-1].effect == "TOO_LATE"


def test_the_last_day_is_in_time_also_where_it_rolled() -> None:
    """15 March 2026 is a Sunday: a demand that arrives on Monday the 16th still restarts."""
    due = fact("performance_due", "2023-03-15")
    assert clock("limitation", due, fact("demand_delivered", "2026-03-16")).raw_on == date(2029, 3, 16)
    assert clock("limitation", due, fact("demand_delivered", "2026-03-17")).state == "EXPIRED"


def test_an_obstacle_in_the_last_six_months_suspends_and_gives_six_months_more() -> None:
    due = fact("performance_due", "2021-06-10")
    began = fact("obstacle_began", "2024-02-01")
    assert clock("limitation", due, began, as_of=date(2024, 6, 30)).state == "SUSPENDED"
    ended = clock("limitation", due, began, fact("obstacle_ended", "2024-08-20"), as_of=date(2024, 9, 1))
    assert (ended.state, ended.raw_on) == ("RUNNING", date(2025, 2, 20))


def test_an_obstacle_that_was_over_before_the_last_six_months_changes_nothing() -> None:
    reading = clock(
        "limitation",
        fact("performance_due", "2021-06-10"),
        fact("obstacle_began", "2022-02-01"),
        fact("obstacle_ended", "2022-08-20"),
    )
    assert reading.raw_on == date(2024, 6, 10)


def test_a_written_consent_waives_what_had_run_out_and_says_so_while_it_runs() -> None:
    due, consent = fact("performance_due", "2018-01-15"), fact("written_consent", "2022-04-08")
    assert clock("limitation", due, consent, as_of=date(2024, 1, 1)).state == "WAIVED"
    assert clock("limitation", due, consent, as_of=date(2025, 4, 9)).state == "EXPIRED"


def test_nothing_restarts_beyond_twenty_years() -> None:
    years = [fact("demand_delivered", f"{year}-01-10") for year in range(2006, 2024, 2)]
    reading = clock("limitation", fact("performance_due", "2004-06-01"), *years)
    assert reading.raw_on == date(2024, 6, 1)


def test_a_guarantee_period_never_restarts() -> None:
    due = fact("principal_due", "2025-08-31")
    alone = clock("guarantee", due)
    for kind in ("demand_delivered", "promise", "part_payment", "sued"):
        assert clock("guarantee", due, fact(kind, "2025-12-01")).expires_on == alone.expires_on


def test_pre_suit_preservation_is_kept_by_a_suit_in_time_only() -> None:
    executed = fact("pre_suit_preservation_executed", "2026-05-01")
    assert clock("preservation_suit", executed, fact("sued", "2026-06-01")).state == "IN_PROCEDURE"
    assert clock("preservation_suit", executed, fact("sued", "2026-06-02")).state == "EXPIRED"


def test_an_award_between_two_laws_is_planned_on_the_shorter() -> None:
    assert clock("award_set_aside", fact("award_received", "2026-01-20")).raw_on == date(2026, 4, 20)
    assert clock("award_set_aside", fact("award_received", "2025-07-01")).raw_on == date(2026, 1, 1)
    assert clock("award_set_aside", fact("award_received", "2026-04-10")).raw_on == date(2026, 7, 10)


def test_of_several_instalments_the_last_one_starts_the_clock() -> None:
    reading = clock(
        "limitation", fact("last_instalment_due", "2024-02-29"), fact("performance_due", "2022-02-28")
    )
    assert reading.raw_on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("span", "day", "landed"),
    [
        (Span(months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Span(months=6), date(2025, 8, 31), date(2026, 2, 28)),
        (Span(years=3), date(2024, 2, 29), date(2027, 2, 28)),
        (Span(months=-6), date(2026, 3, 31), date(2025, 9, 30)),
        (Span(days=15), date(2026, 1, 30), date(2026, 2, 14)),
        (Span(months=12), date(2025, 12, 31), date(2026, 12, 31)),
    ],
)
def test_spans_end_where_the_code_says(span: Span, day: date, landed: date) -> None:
    assert span.after(day) == landed


def test_an_observed_holiday_and_its_day_are_both_left_out() -> None:
    assert after_business_days(date(2026, 6, 29), 5) == date(2026, 7, 7)


RESTARTS = ("demand_delivered", "promise", "part_payment", "plan_agreed")
days = st.integers(0, 3000).map(lambda n: date(2016, 1, 4) + timedelta(days=n))
proofs = st.lists(st.tuples(st.sampled_from(RESTARTS), days), max_size=8, unique=True).map(
    lambda found: [ClockFact(kind=kind, on=on, id=f"p{i}") for i, (kind, on) in enumerate(found)]
)
DUE = ClockFact(kind="performance_due", on=date(2016, 1, 4), id="due")


@settings(max_examples=200, deadline=None)
@given(proofs, st.randoms())
def test_order_of_arrival_does_not_matter(told: list[ClockFact], random: object) -> None:
    facts = [DUE, *told]
    one = clock("limitation", *facts)
    random.shuffle(facts)  # type: ignore[attr-defined]
    assert clock("limitation", *facts) == one


@settings(max_examples=200, deadline=None)
@given(proofs, st.tuples(st.sampled_from(RESTARTS), days))
def test_expiry_is_monotone_under_adding_proofs(told: list[ClockFact], more: tuple[str, date]) -> None:
    before = clock("limitation", DUE, *told)
    after = clock("limitation", DUE, *told, ClockFact(kind=more[0], on=more[1], id="more"))
    assert before.raw_on is not None
    assert after.raw_on is not None
    assert after.raw_on >= before.raw_on


@settings(max_examples=200, deadline=None)
@given(proofs, st.tuples(st.sampled_from(RESTARTS), days))
def test_a_retraction_undoes_exactly(told: list[ClockFact], more: tuple[str, date]) -> None:
    proof = ClockFact(kind=more[0], on=more[1], id="more")
    never = ClockFact(kind="retracted", on=TODAY, ref="more")
    assert clock("limitation", DUE, *told, proof, never) == clock("limitation", DUE, *told)


def test_a_retraction_counts_from_the_day_it_was_made() -> None:
    facts = (
        fact("performance_due", "2021-04-06"),
        fact("demand_delivered", "2023-05-08", id="d"),
        fact("retracted", "2023-06-01", ref="d"),
    )
    assert clock("limitation", *facts, as_of=date(2023, 5, 31)).raw_on == date(2026, 5, 8)
    assert clock("limitation", *facts, as_of=date(2023, 6, 1)).raw_on == date(2024, 4, 6)
