"""Buckets are data without holes, and queues stand in the order their policy says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain.delinquency import RETAIL, Bucket, BucketScheme, days_past_due
from services.case.domain.policy import CN_RETAIL_1, DEFAULT_TENANT, POLICIES, CasePolicy
from services.case.domain.queue import NOTHING_OWED, QueueOrder, queue_of
from shared.kernel.money import Money
from shared.kernel.policy import PolicyVersion


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (0, "M0"),
        (1, "M1"),
        (30, "M1"),
        (31, "M2"),
        (60, "M2"),
        (61, "M3"),
        (90, "M3"),
        (91, "M4+"),
        (9999, "M4+"),
    ],
)
def test_the_edges_of_the_stages(days: int, stage: str) -> None:
    assert RETAIL.stage_of(days) == stage


@given(st.integers(0, 40_000))
def test_every_day_count_falls_in_exactly_one_bucket(days: int) -> None:
    holders = [
        b.name for b in RETAIL.buckets if b.from_dpd <= days and (b.until_dpd is None or days < b.until_dpd)
    ]
    assert holders == [RETAIL.stage_of(days)]


@pytest.mark.parametrize(
    "buckets",
    [
        (),
        (Bucket("A", 1, None),),
        (Bucket("A", 0, 30),),
        (Bucket("A", 0, 30), Bucket("B", 31, None)),
        (Bucket("A", 0, 30), Bucket("B", 29, None)),
        (Bucket("A", 0, None), Bucket("B", 30, None)),
        (Bucket("A", 0, 0), Bucket("B", 0, None)),
        (Bucket("A", 0, 30), Bucket("A", 30, None)),
    ],
)
def test_a_scheme_with_a_hole_an_overlap_or_an_end_cannot_be_made(buckets: tuple[Bucket, ...]) -> None:
    with pytest.raises(ValueError, match="broken/1"):
        BucketScheme("broken/1", buckets)


def test_a_month_past_due_counts_as_the_policy_says() -> None:
    assert days_past_due(4, days_per_month=CN_RETAIL_1.days_per_month) == 120


def test_a_case_that_owes_nothing_stands_in_a_queue_of_its_own() -> None:
    assert queue_of(stage="M2", arrears=Money(0, "TWD")) == NOTHING_OWED
    assert queue_of(stage="M2", arrears=Money(1, "TWD")) == "M2"


amounts = st.integers(0, 10**12)


@given(st.sampled_from(RETAIL.names), st.integers(0, 5000), amounts, amounts)
def test_more_arrears_never_stand_further_back(stage: str, days: int, less: int, more: int) -> None:
    order = CN_RETAIL_1.queue
    low, high = sorted((less, more))
    assert order.priority(stage=stage, days_past_due=days, arrears=Money(low, "CNY")) <= order.priority(
        stage=stage, days_past_due=days, arrears=Money(high, "CNY")
    )


def test_a_place_in_the_queue_is_the_sum_of_the_policys_weights() -> None:
    order = QueueOrder(stage_weight={"M2": 1000}, per_day=2, days_max=90, per_thousand=5, thousands_max=10)
    assert order.priority(stage="M2", days_past_due=60, arrears=Money(350_000, "CNY")) == 1000 + 120 + 15
    assert order.priority(stage="M9", days_past_due=999, arrears=Money(10**12, "CNY")) == 180 + 50


def test_a_policy_weighs_only_stages_it_has() -> None:
    stray = QueueOrder(stage_weight={"M9": 1}, per_day=0, days_max=0, per_thousand=0, thousands_max=0)
    with pytest.raises(ValueError, match="x/1"):
        CasePolicy(
            version=PolicyVersion("x/1", date(2026, 1, 1)),
            scheme=RETAIL,
            queue=stray,
            days_per_month=30,
            zone="UTC",
        )


def test_the_default_tenant_has_a_policy_for_the_sample_of_2005() -> None:
    assert POLICIES.in_force(tenant=DEFAULT_TENANT, on=date(2005, 4, 30)) is CN_RETAIL_1
