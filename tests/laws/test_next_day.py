"""Between a day a case was judged for and its next day nothing falls due: so nobody needs to look, and nobody does."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.case.domain import events as e
from services.case.domain.next_day import next_day
from services.case.domain.policy import CN_RETAIL_1, CN_RETAIL_2, CasePolicy
from services.case.domain.redecide import redecide
from services.case.domain.state import fold_case
from shared.kernel.policy import PolicyVersion
from tests.kit.life import DAY
from tests.laws.drawn import OPENED, many_facts

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LATEST = 400
POLICIES = (CN_RETAIL_1, replace(CN_RETAIL_2, version=PolicyVersion("cn-retail/2", DAY)))
policies = st.sampled_from(POLICIES)


@quick
@given(many_facts, st.integers(0, 130), policies)
def test_nothing_is_said_before_the_next_day(some: list[e.CaseEvent], after: int, policy: CasePolicy) -> None:
    day = DAY + timedelta(days=after)
    state = fold_case([OPENED, *some])
    state = fold_case(redecide(state, day, policy), state)
    following = next_day(state, day, policy)
    assert following > day
    while (day := day + timedelta(days=1)) < min(following, DAY + timedelta(days=LATEST)):
        assert redecide(state, day, policy) == ()


@quick
@given(many_facts, policies)
def test_a_case_is_looked_at_a_few_times_and_then_left_alone(
    some: list[e.CaseEvent], policy: CasePolicy
) -> None:
    state, day, looks = fold_case([OPENED, *some]), DAY, 0
    while day < DAY + timedelta(days=LATEST):
        state = fold_case(redecide(state, day, policy), state)
        day = next_day(state, day, policy)
        looks += 1
    assert looks <= 4 * len(some) + 40, "not once a day, for more than a year"
