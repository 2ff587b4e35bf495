"""Where a case stands, what its rank is made of, and passing one by."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from services.case.domain import case_commands as c
from services.case.domain import events as e
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.queue import NOTHING_OWED, SKIPS, QueueOrder, queue_of
from services.case.domain.skip import SkipReasonUnknown
from tests.kit.life import DAY, Life, cny, names

AT = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)


def skip(reason: str, ref: str = "skp_1") -> c.SkipCase:
    """A collector passes the case by."""
    return c.SkipCase(ref=ref, on=DAY, at=AT, queue="M1", collector="user:chen", reason=reason)


def test_who_collects_comes_before_a_hold_and_a_hold_before_the_debtors_word() -> None:
    owing = partial(queue_of, stage="M2", arrears=cny(1))
    assert owing() == "M2"
    assert queue_of(stage="M2", arrears=cny(0)) == NOTHING_OWED
    assert owing(promised=True) == "promised"
    assert queue_of(stage="M2", arrears=cny(0), promised=True) == "promised"
    assert owing(promised=True, on_hold=True) == "on-hold"
    assert owing(promised=True, on_hold=True, mode="AGENCY") == "agency"
    assert owing(promised=True, on_hold=True, mode="LEGAL") == "legal"


def test_broken_promises_and_never_being_reached_add_to_a_rank_within_bounds() -> None:
    order = QueueOrder(
        stage_weight={}, per_day=0, days_max=0, per_thousand=0, thousands_max=0,
        per_broken_promise=7, broken_promises_max=2, unreached=3,
    )  # fmt: skip
    parts = partial(order.parts, stage="M1", days_past_due=9, arrears=cny(10**9))
    assert parts() == (0, 0, 0, 0, 0)
    assert parts(broken_promises=1) == (0, 0, 0, 7, 0)
    assert parts(broken_promises=9, never_reached=True) == (0, 0, 0, 14, 3)
    assert order.priority(stage="M1", days_past_due=9, arrears=cny(10**9)) == 0


@pytest.mark.parametrize("reason", SKIPS)
def test_a_skip_is_recorded_with_its_reason_and_for_how_long(reason: str) -> None:
    life = Life().open()
    assert names(life.do(skip(reason))) == ["CaseSkipped"]
    skipped = life.last(e.CaseSkipped)
    rule = CN_RETAIL_1.queue.skips[reason]
    assert (skipped.reason, skipped.queue, skipped.collector) == (reason, "M1", "user:chen")
    assert (skipped.at, skipped.until, skipped.everybody) == (
        AT, AT + timedelta(minutes=rule.minutes), rule.everybody,
    )  # fmt: skip
    assert rule.minutes > 0
    assert life.do(skip(reason)) == ()


def test_a_skip_without_a_known_reason_is_refused() -> None:
    life = Life().open()
    with pytest.raises(SkipReasonUnknown):
        life.do(skip("NO_MOOD"))
    assert "CaseSkipped" not in names(life.events)


def test_a_hold_placed_for_a_time_expires_once_however_late_the_sweep() -> None:
    life = Life().open()
    until = DAY + timedelta(days=5)
    life.do(c.PlaceHold(ref="hld_1", kind="CEASE", on=DAY, until=until, reason="ASKED", stops_interest=False))
    assert "HoldExpired" not in life.sweep_until(until - timedelta(days=1))
    late = life.sweep(until + timedelta(days=9))
    assert late.count("HoldExpired") == 1
    assert "HoldExpired" not in life.sweep(until + timedelta(days=10))
    assert life.last(e.HoldExpired).as_of == until


def test_a_hold_lifted_before_its_end_does_not_expire() -> None:
    life = Life().open()
    until = DAY + timedelta(days=5)
    life.do(c.PlaceHold(ref="hld_1", kind="CEASE", on=DAY, until=until, reason="ASKED", stops_interest=False))
    life.do(c.LiftHold(hold="hld_1", on=DAY + timedelta(days=2), reason="ENDED"))
    assert "HoldExpired" not in life.sweep_until(until + timedelta(days=2))
