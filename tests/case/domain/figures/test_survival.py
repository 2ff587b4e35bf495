"""Medians of spells that still run: against a published worked example, and against an implementation not ours."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain.figures.survival import Spell, median, survival, survival_median

# Freireich et al. 1963, remission in weeks under 6-mercaptopurine, as worked in Kaplan-Meier chapters of textbooks
# (Kleinbaum & Klein, Survival Analysis, table 2.1): 9 ends among 21 patients.
ENDED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
RUNNING = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
PUBLISHED = {6: "0.857", 7: "0.807", 10: "0.753", 13: "0.690", 16: "0.627", 22: "0.538", 23: "0.448"}
spells = st.lists(st.builds(Spell, st.integers(0, 60), st.booleans()), max_size=60)


def test_the_published_example_of_kaplan_and_meier() -> None:
    told = [Spell(days, True) for days in ENDED] + [Spell(days, False) for days in RUNNING]
    found = survival(told)
    assert {days: f"{float(share):.3f}" for days, share in found} == PUBLISHED
    assert survival_median(told) == 23, "the published median; the mean of those that ended would say 12"


def test_average_of_closed_only_is_biased_low() -> None:
    told = [Spell(10, True), Spell(20, True), Spell(300, False), Spell(300, False), Spell(300, False)]
    assert median([10, 20]) == 15
    assert survival_median(told) is None, "most still run: nobody knows, and 15 would be wrong"
    assert survival_median([*told[:2], Spell(300, False)]) == 20


def test_of_nothing_there_is_no_median() -> None:
    assert (median([]), survival_median([])) == (None, None)
    assert median([1, 2]) == Fraction(3, 2)


@given(spells)
def test_without_running_spells_it_is_plain_counting(told: list[Spell]) -> None:
    ended = [Spell(days, True) for days, _ in told]
    for days, share in survival(ended):
        assert share == Fraction(sum(one.days > days for one in ended), len(ended))


@given(spells)
def test_shares_only_fall_and_more_running_spells_never_shorten_the_median(told: list[Spell]) -> None:
    shares = [share for _, share in survival(told)]
    assert shares == sorted(shares, reverse=True)
    before, after = survival_median(told), survival_median([*told, Spell(1_000, False)])
    assert after is None or (before is not None and before <= after)


def test_as_statsmodels_has_it() -> None:
    duration = pytest.importorskip("statsmodels.duration.survfunc", reason="not in this environment")
    told = [Spell((n * 37) % 90, ended=n % 3 != 0) for n in range(400)]
    theirs = duration.SurvfuncRight([one.days for one in told], [int(one.ended) for one in told])
    ours = survival(told)
    assert [days for days, _ in ours] == list(theirs.surv_times)
    assert [float(share) for _, share in ours] == pytest.approx(list(theirs.surv_prob), abs=1e-12)
    assert survival_median(told) == theirs.quantile(0.5)
