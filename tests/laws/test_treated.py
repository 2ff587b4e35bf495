"""Treatment of any case: one segment, nothing said twice, nothing left unsaid, no step passed by in silence."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.case.domain import events as e
from services.case.domain.judge import judge
from services.case.domain.next_day import next_day
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.redecide import redecide
from services.case.domain.state import CaseState, OpenCase, fold_case
from services.case.domain.treatment import said
from services.case.domain.treatment.next_look import next_look
from services.case.domain.treatment.strategy import StrategyBook
from services.case.domain.treatment.treat import decided, treat
from services.case.domain.treatment.treating import Treating
from tests.kit.life import DAY
from tests.kit.treated import book, shipped_from, small, step
from tests.laws.drawn import OPENED, many_facts

quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
BY_DAYS = [
    {"name": "late", "segment": "TWO", "when": {"days_past_due": {"at_least": 45}}},
    {"name": "soon", "segment": "ONE", "when": {"days_past_due": {"at_least": 12}}},
]
BOOKS = (
    book(),
    book(small(rules=BY_DAYS)),
    book(small(), small(version="test-treatment/2", effective_from=DAY + timedelta(days=20), adopt="AT_ONCE")),
    book(small(segments=[{"name": "OTHER"}, {"name": "ONE", "steps": [step("a", 9, **{"from": "stage"})]},
                         {"name": "TWO", "steps": [step("b", 40, "REVIEW", **{"from": "case"})]}])),
    book(shipped_from(DAY + timedelta(days=15))),
)  # fmt: skip
books = st.sampled_from(BOOKS)


def treating(strategies: StrategyBook) -> Treating:
    return Treating(case_id=CASE, book=strategies)


def swept(state: CaseState, day: date, strategies: StrategyBook) -> CaseState:
    state = fold_case(redecide(state, day, CN_RETAIL_1), state)
    return fold_case(treat(state, day, CN_RETAIL_1, treating(strategies)), state)


@quick
@given(many_facts, st.integers(0, 120), books)
def test_what_was_said_is_not_said_again(
    some: list[e.CaseEvent], after: int, strategies: StrategyBook
) -> None:
    day = DAY + timedelta(days=after)
    state = swept(fold_case([OPENED, *some]), day, strategies)
    assert treat(state, day, CN_RETAIL_1, treating(strategies)) == ()
    assert redecide(state, day, CN_RETAIL_1) == ()


@quick
@given(many_facts, st.integers(0, 120), books)
def test_nothing_is_said_before_the_next_look(
    some: list[e.CaseEvent], after: int, strategies: StrategyBook
) -> None:
    day = DAY + timedelta(days=after)
    state = swept(fold_case([OPENED, *some]), day, strategies)
    following = min(
        next_day(state, day, CN_RETAIL_1), next_look(state, day, CN_RETAIL_1, treating(strategies))
    )
    assert following > day
    while (day := day + timedelta(days=1)) < min(following, DAY + timedelta(days=300)):
        assert treat(state, day, CN_RETAIL_1, treating(strategies)) == ()


@quick
@given(many_facts, books)
def test_every_step_of_a_visit_is_accounted_for(some: list[e.CaseEvent], strategies: StrategyBook) -> None:
    """A case swept day by day: each step on record once and in the end, none both taken and skipped at once."""
    state, day, told = fold_case([OPENED, *some]), DAY, []
    while day < DAY + timedelta(days=200):
        judged = redecide(state, day, CN_RETAIL_1)
        state = fold_case(judged, state)
        treated = treat(state, day, CN_RETAIL_1, treating(strategies))
        state = fold_case(treated, state)
        told += [*judged, *treated]
        day += timedelta(days=1)
    ends: Counter[str] = Counter()
    for event in told:
        if isinstance(event, e.StrategyStepDue):
            assert event.planned <= event.as_of <= event.until
            ends[event.step] += 1
        elif isinstance(event, e.StrategyStepWithdrawn):
            ends[event.step] -= 1
        elif isinstance(event, e.StrategyStepTaken | e.StrategyStepSkipped):
            assert ends[event.step] in (0, 1), "a step ends once"
            ends[event.step] = -1_000
    for segment in (one for one in told if isinstance(one, e.SegmentDecided)):
        version = strategies.named(segment.strategy)
        assert version is not None
        assert version.segment(segment.segment) is not None
    pins = [one for one in told if isinstance(one, e.StrategyPinned) and one.because != "ANCHOR"]
    assert [one.visit for one in pins] == sorted({one.visit for one in pins})
    if isinstance(state, OpenCase) and said.pin_said(state.judged) is not None:
        found = decided(state, judge(state.facts, day, CN_RETAIL_1), CN_RETAIL_1, treating(strategies))
        assert found is not None


@quick
@given(many_facts, st.randoms(), st.integers(0, 120), books)
def test_the_order_in_which_facts_came_does_not_count(
    some: list[e.CaseEvent], random: object, after: int, strategies: StrategyBook
) -> None:
    day, mixed = DAY + timedelta(days=after), list(some)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = fold_case([OPENED, *some]), fold_case([OPENED, *mixed])
    if not isinstance(one, OpenCase) or not isinstance(other, OpenCase):
        return
    choices = [
        decided(case, judge(case.facts, day, CN_RETAIL_1), CN_RETAIL_1, treating(strategies))
        for case in (one, other)
    ]
    assert choices[0] == choices[1]
