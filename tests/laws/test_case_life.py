"""Laws of domain.md 4.6 over any facts of a case, without a ledger: the pure half of what test_on_the_ledger.py and
test_one_of_each.py prove through the real desk. What each law means here stands in tests/laws/__init__.py.
"""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.case.domain import conduct, mode, plan, promise
from services.case.domain import events as e
from services.case.domain.case_commands import RecordAttempt
from services.case.domain.case_facts import DERIVED, NO_FACTS, CaseFacts
from services.case.domain.decide import decide_case
from services.case.domain.judge import Picture, judge
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.redecide import redecide
from services.case.domain.state import CaseState, fold_case
from tests.kit.life import ACCOUNT, DAY
from tests.laws.drawn import OPENED, many_facts

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
    """Law 3: the order of arrival and repetitions never show in an effective answer."""
    shuffled = data.draw(st.permutations(some))
    again = data.draw(st.lists(st.sampled_from(some), max_size=10)) if some else []
    assert told(OPENED, *some) == told(OPENED, *shuffled, *again)
    assert seen(told(OPENED, *some)) == seen(told(*shuffled, *again, OPENED))


@quick
@given(many_facts)
def test_money_is_conserved_on_every_day(some: list[e.CaseEvent]) -> None:
    """Law 1, on the effective clock: allocations + unallocated = payments - returns - refunds."""
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
    """Law 3: a day is judged by the facts effective by then, whatever else is known."""
    found = told(OPENED, *some)
    for day in ASKED:
        assert judge(found, day, CN_RETAIL_1) == judge(found.until(day), day, CN_RETAIL_1)


@quick
@given(many_facts)
def test_one_mode_one_running_plan_and_one_unit_of_money_serves_one_promise(some: list[e.CaseEvent]) -> None:
    """Law 10: exactly one handling mode and at most one running plan on any day, for any facts whatever."""
    for picture in seen(told(OPENED, *some)):
        assert picture.mode in (mode.INTERNAL, mode.AGENCY, mode.LEGAL)
        assert sum(view.status in plan.RUNNING for view in picture.plans.values()) <= 1
        assert sum(one.kind == "PLAN" for one in picture.holds.values()) <= 1
        cleared = picture.balance.received - picture.balance.returned - picture.balance.refunded
        assert sum(view.appropriated.minor for view in picture.promises.values()) <= cleared.minor


def recorded(attempt: e.ContactAttempted) -> RecordAttempt:
    return RecordAttempt(
        attempt_ref=attempt.attempt_ref, at=attempt.at, on=attempt.on, channel=attempt.channel,
        outcome=attempt.outcome, actor_kind=attempt.actor_kind, permit=None,
    )  # fmt: skip


def stopped(known: list[e.CaseEvent], day: date) -> bool:
    """Plain: a moratorium placed by hand lies over the day. A second fact of one name is not a second hold."""
    placed = {one.hold: one for one in sorted(holds_of(known, e.HoldPlaced), key=repr, reverse=True)}
    lifted = {one.hold: one.on for one in sorted(holds_of(known, e.HoldLifted), key=repr, reverse=True)}
    return any(
        one.on <= day and (one.until is None or day < one.until) and not lifted.get(ref, date.max) <= day
        for ref, one in placed.items()
    )


def holds_of(known: list[e.CaseEvent], kind: type) -> list[Any]:
    return [one for one in known if isinstance(one, kind)]


@quick
@given(many_facts)
def test_attempts_inside_holds_are_flagged_as_known_and_listed_as_learnt(some: list[e.CaseEvent]) -> None:
    """Law 5: flagged by what was known when recorded; what is learnt later is listed, and changes no record."""
    state: CaseState = fold_case([OPENED])
    known, flagged = [], {}
    for fact in some:
        events: tuple[e.CaseEvent, ...] = (fact,)
        if isinstance(fact, e.ContactAttempted):
            if fact.attempt_ref in flagged:
                continue
            events = decide_case(state, recorded(fact), CN_RETAIL_1, as_of=ASKED[-1], may_reopen=False)
            for one in events:
                assert isinstance(one, e.ContactAttempted)
                flagged[one.attempt_ref] = one
                assert ("MORATORIUM" in one.breach) == stopped(known, one.on)
        known += events
        state = fold_case(events, state)
    facts = getattr(state, "was", None) or state
    listed = {one.attempt_ref: one for one in conduct.held_attempts(facts.facts, ASKED[-1], CN_RETAIL_1)}
    assert all(listed[ref].known == frozenset(one.breach) for ref, one in flagged.items() if one.breach)
    for ref, one in flagged.items():
        inside = stopped(known, one.on)
        assert (ref in listed and "MORATORIUM" in listed[ref].in_force) == inside
        if inside and "MORATORIUM" not in one.breach:
            assert "MORATORIUM" in listed[ref].later_discovered
        if not inside and "MORATORIUM" in one.breach:
            assert "MORATORIUM" in listed[ref].later_cleared


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
    """Law 9, for the sweep: judging again, late or as of an earlier day adds no event."""
    state, _ = live(some, ASKED)
    for day in (ASKED[-1], ASKED[-1], ASKED[0]):
        more = redecide(state, day, CN_RETAIL_1)
        state = fold_case(more, state)
        assert redecide(state, day, CN_RETAIL_1) == ()


@quick
@given(st.data(), many_facts)
def test_folding_in_any_parts_is_folding_at_once(data: st.DataObject, some: list[e.CaseEvent]) -> None:
    """Law 2: folding in parts of any size gives the state of folding at once."""
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
    """Law 3: whatever the order of arrival, the recorded judgements end up saying what the facts say.

    A case known by statements alone is judged with each statement, by another rule (statement.py).
    """
    assume(not told(OPENED, *some).plain)
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
