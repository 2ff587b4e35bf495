"""Sharing out: even where it can be, within skills and caps, nobody away, the same for whoever works it out."""

import random
from collections import Counter
from datetime import date, timedelta
from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain.facts.allocation import AllocationTerms, Candidate, CaseSeen, Shared
from services.case.domain.staffing import sharing
from services.case.domain.staffing.sharing import GIVEN, KEPT, LEFT, REFUSED, share_out
from shared.kernel.money import Money

DAY = date(2026, 12, 1)
TERMS = AllocationTerms(rule="cn-staffing/1/even-count")
STAGES = ("M1", "M2", "M3")


def case(n: int, *, minor: int = 100_000, **more: Any) -> CaseSeen:
    said = {"case": f"case-{n:04}", "stage": "M1", "arrears": Money(minor, "CNY")}
    return CaseSeen(**(said | more))


def who(n: int, **more: Any) -> Candidate:
    return Candidate(staff=f"staff-{n:02}", **more)


def share(
    cases: list[CaseSeen], staff: list[Candidate], terms: AllocationTerms = TERMS, *, seed: str = "s"
) -> dict[str, Shared]:
    return {one.seen.case: one for one in share_out(cases, staff, terms, seed=seed, day=DAY)}


def loads(found: dict[str, Shared], staff: list[Candidate]) -> list[int]:
    got = Counter(one.to for one in found.values() if one.outcome == GIVEN)
    return [got[one.staff] for one in staff]


def said(one: Shared) -> tuple[str, str, str | None]:
    return one.outcome, one.reason, one.to


@given(cases=st.integers(0, 60), staff=st.integers(1, 9), seed=st.text(max_size=4))
def test_shares_of_those_who_can_do_everything_differ_by_one_at_most(
    cases: int, staff: int, seed: str
) -> None:
    team = [who(n) for n in range(staff)]
    got = loads(share([case(n) for n in range(cases)], team, seed=seed), team)
    assert sum(got) == cases
    assert max(got) - min(got) <= 1


@given(
    minors=st.lists(st.integers(1, 9_000_000), max_size=50), staff=st.integers(1, 6), seed=st.text(max_size=4)
)
def test_bands_are_even_each_and_so_is_the_whole(minors: list[int], staff: int, seed: str) -> None:
    terms = msgspec.structs.replace(TERMS, bands=(1_000, 10_000, 50_000))
    team = [who(n) for n in range(staff)]
    cases = [case(n, minor=minor) for n, minor in enumerate(minors)]
    found = share(cases, team, terms, seed=seed)
    whole = loads(found, team)
    assert max(whole) - min(whole) <= 1
    for low, high in zip((0, 1_000, 10_000, 50_000), (1_000, 10_000, 50_000, 10**9), strict=True):
        in_band = {name: one for name, one in found.items() if low <= one.seen.arrears.minor // 100 < high}
        got = loads(in_band, team)
        assert max(got) - min(got) <= 1


@given(
    minors=st.lists(st.integers(0, 9_000_000), min_size=1, max_size=40), staff=st.integers(1, 6),
    seed=st.text(max_size=4),
)  # fmt: skip
def test_sums_differ_by_no_more_than_the_largest_amount(minors: list[int], staff: int, seed: str) -> None:
    terms = msgspec.structs.replace(TERMS, share=sharing.AMOUNT)
    team = [who(n) for n in range(staff)]
    found = share([case(n, minor=minor) for n, minor in enumerate(minors)], team, terms, seed=seed)
    sums = Counter({one.staff: 0 for one in team})
    for one in found.values():
        assert (one.outcome, one.reason) == (GIVEN, "EVEN_AMOUNT")
        sums[str(one.to)] += one.seen.arrears.minor
    assert max(sums.values()) - min(sums.values()) <= max(minors)


small_staff = st.lists(
    st.tuples(st.sets(st.sampled_from(STAGES)), st.one_of(st.none(), st.integers(0, 3)), st.booleans()),
    min_size=1,
    max_size=3,
)


@given(team=small_staff, stages=st.lists(st.sampled_from(STAGES), max_size=5), seed=st.text(max_size=3))
def test_with_skills_and_caps_as_many_are_given_as_can_be_and_as_evenly(
    team: list[tuple[set[str], int | None, bool]], stages: list[str], seed: str
) -> None:
    """Against every way there is: none gives more cases, and of those that give as many none is more even."""
    staff = [
        who(n, stages=tuple(sorted(skills)), room=room, works=works, back_on=DAY + timedelta(days=30))
        for n, (skills, room, works) in enumerate(team)
    ]
    cases = [case(n, stage=stage) for n, stage in enumerate(stages)]
    found = share(cases, staff, seed=seed)
    best: tuple[int, list[int]] | None = None
    for way in product([None, *range(len(staff))], repeat=len(cases)):
        got = Counter(to for to in way if to is not None)
        able = all(
            to is None or (staff[to].works and (not staff[to].stages or one.stage in staff[to].stages))
            for to, one in zip(way, cases, strict=True)
        )
        fits = all(one.room is None or got[place] <= one.room for place, one in enumerate(staff))
        if able and fits:
            key = (-sum(got.values()), sorted((got[n] for n in range(len(staff))), reverse=True))
            best = key if best is None else min(best, key)
    assert best is not None
    mine = loads(found, staff)
    assert (-sum(mine), sorted(mine, reverse=True)) == best
    for one in found.values():
        assert one.outcome in (GIVEN, LEFT)
        if one.outcome == LEFT:
            assert one.reason in (sharing.NO_SKILL, sharing.ON_LEAVE, sharing.CAP_REACHED)


@given(st.randoms(use_true_random=False), st.integers(0, 30), st.integers(0, 5), st.text(max_size=4))
def test_the_order_of_cases_and_staff_does_not_count_and_the_seed_does_all(
    draw: random.Random, cases: int, staff: int, seed: str
) -> None:
    some = [case(n, stage=draw.choice(STAGES), minor=draw.randrange(9_000_000)) for n in range(cases)]
    team = [
        who(n, stages=tuple(draw.sample(STAGES, 2)), room=draw.choice((None, 2, 9))) for n in range(staff)
    ]
    first = share(some, team, seed=seed)
    draw.shuffle(some)
    draw.shuffle(team)
    assert share(some, team, seed=seed) == first


def test_another_seed_draws_other_lots() -> None:
    some, team = [case(n) for n in range(40)], [who(n) for n in range(4)]
    assert share(some, team, seed="a") != share(some, team, seed="b")


def test_a_case_stays_with_its_holder_until_it_rotates() -> None:
    team = [who(1), who(2)]
    held = case(1, holder="staff-01", since=DAY - timedelta(days=30))
    assert said(share([held], team)["case-0001"]) == (KEPT, "WITH_HOLDER", "staff-01")
    for days, told in ((31, (KEPT, "WITH_HOLDER", "staff-01")), (30, (GIVEN, "ROTATION", "staff-02"))):
        terms = msgspec.structs.replace(TERMS, rotation_days=days)
        assert said(share([held], team, terms)["case-0001"]) == told
    terms = msgspec.structs.replace(TERMS, rotation_days=30)
    retained = msgspec.structs.replace(held, retained_until=DAY + timedelta(days=1))
    assert said(share([retained], team, terms)["case-0001"]) == (KEPT, "RETAINED", "staff-01")
    over = msgspec.structs.replace(held, retained_until=DAY)
    assert said(share([over], team, terms)["case-0001"]) == (GIVEN, "ROTATION", "staff-02")
    assert said(share([held], [who(1), who(2, room=0)], terms)["case-0001"]) == (
        KEPT, "NOBODY_ELSE", "staff-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("holder", "told"),
    [
        (who(1, works=False), (GIVEN, "HOLDER_GONE", "staff-02")),
        (who(1, works=False, back_on=DAY + timedelta(days=7)), (KEPT, "WITH_HOLDER", "staff-01")),
        (who(1, works=False, back_on=DAY + timedelta(days=8)), (GIVEN, "HOLDER_AWAY", "staff-02")),
        (who(1, stages=("M3",)), (GIVEN, "HOLDER_UNSKILLED", "staff-02")),
        (who(3), (GIVEN, "HOLDER_ELSEWHERE", "staff-02")),
    ],
)
def test_a_case_goes_on_when_its_holder_cannot_work_on_it(
    holder: Candidate, told: tuple[str, str, str]
) -> None:
    team = [who(2)] + ([holder] if holder.staff == "staff-01" else [])
    assert said(share([case(1, holder="staff-01")], team)["case-0001"]) == told


def test_a_case_nobody_has_goes_to_who_had_it_last() -> None:
    team = [who(n) for n in range(5)]
    some = [case(n, last="staff-03") for n in range(4)]
    assert {said(one) for one in share(some, team).values()} == {(GIVEN, "LAST_COLLECTOR", "staff-03")}
    full = [who(n, room=1 if n == 3 else None) for n in range(5)]
    found = share(some, full)
    assert sorted(one.reason for one in found.values()) == ["EVEN_COUNT"] * 3 + ["LAST_COLLECTOR"]
    got = loads(found, full)
    assert (max(got), got[3]) == (1, 1)


def test_what_nobody_can_take_is_left_over_with_its_reason() -> None:
    away = who(1, works=False, back_on=DAY + timedelta(days=2), stages=("M1",))
    assert said(share([case(1)], [])["case-0001"]) == (LEFT, "NOBODY", None)
    assert said(share([case(1, stage="M3")], [away])["case-0001"]) == (LEFT, "NO_SKILL", None)
    assert said(share([case(1)], [away])["case-0001"]) == (LEFT, "ON_LEAVE", None)
    assert said(share([case(1)], [who(1, room=0)])["case-0001"]) == (LEFT, "CAP_REACHED", None)
    assert said(share([case(1, refused="ON_HOLD")], [who(1)])["case-0001"]) == (REFUSED, "ON_HOLD", None)


def test_what_they_hold_already_counts_where_the_rule_says_so() -> None:
    team = [who(1, held=4), who(2), who(3, held=1)]
    some = [case(n) for n in range(4)]
    assert sorted(loads(share(some, team), team)) == [1, 1, 2]
    terms = msgspec.structs.replace(TERMS, over=sharing.HELD)
    assert loads(share(some, team, terms), team) == [0, 3, 1] or loads(share(some, team, terms), team) == [
        0,
        2,
        2,
    ]
