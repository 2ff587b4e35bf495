"""What to do next: what the debtor is owed comes first, and nothing is free that a hold, a mode or a rule forbids."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.action_order import ACTIONS, RETAIL_ACTIONS
from services.case.domain.commands import LifeCommand
from services.case.domain.next_action import NextAction, next_actions
from services.case.projections import action_words
from tests.kit.life import ACCOUNT, DAY, Life, cny

LATER = DAY + timedelta(days=10)


def told(life: Life) -> dict[str, NextAction]:
    """The actions of a case by name; each is there once in these tests."""
    found = next_actions(life.worked.facts, life.picture(), life.policy)
    for one in found:
        for language in "en", "zh-CN":
            assert action_words.title(one.action, language)
            assert "{" not in action_words.sentence(one, language)
            assert all(action_words.blocked(by, language) for by in one.blocked_by)
    assert [bool(one.blocked_by) for one in found] == sorted(bool(one.blocked_by) for one in found)
    return {one.action: one for one in found}


def blocks(one: NextAction) -> list[str]:
    """What stands in the way, by code."""
    return [by.code for by in one.blocked_by]


def called(outcome: str, number: int) -> c.RecordAttempt:
    """A call."""
    return c.RecordAttempt(
        attempt_ref=f"att_{number}", at=datetime(2026, 3, 2, 2, tzinfo=UTC), on=DAY, channel="VOICE",
        outcome=outcome, actor_kind="COLLECTOR", permit=None,
    )  # fmt: skip


def promise() -> m.TakePromise:
    """Due in ten days."""
    return m.TakePromise(ref="prm_1", on=DAY, amount=cny(30_000), due=LATER, given_by="DEBTOR")


def test_a_new_case_is_called_first() -> None:
    found = told(Life().open(days_past_due=12))
    assert list(found) == ["CALL", "TAKE_PROMISE", "OFFER_PLAN"]
    assert action_words.sentence(found["CALL"], "en") == "Stage M1, 12 days past due, 1000.00 CNY in arrears."


def test_late_stages_may_be_settled_placed_and_sued() -> None:
    found = told(Life().open(days_past_due=200))
    assert list(found)[3:] == ["OFFER_SETTLEMENT", "PLACE_WITH_AGENCY", "REFER_TO_LEGAL"]
    assert not any(one.blocked_by for one in found.values())


def test_an_open_promise_waits_and_then_asks_for_its_proof_and_broken_for_a_call() -> None:
    life = Life().open(days_past_due=12)
    life.do(promise())
    found = told(life)
    assert list(found) == ["OFFER_PLAN", "CALL", "TAKE_PROMISE"]
    assert [(by.kind, by.code, by.ref) for by in found["CALL"].blocked_by] == [
        ("RULE", "PROMISE_OPEN", "prm_1")
    ]
    life.sweep_until(LATER)
    assert next(iter(told(life))) == "RECORD_PAYMENT_PROOF"
    life.sweep_until(LATER + timedelta(days=6))
    found = told(life)
    assert found["CALL"].points == RETAIL_ACTIONS.points["CALL"] + RETAIL_ACTIONS.broken_promise
    assert [why.code for why in found["CALL"].why] == ["LATE_BY", "BROKEN_PROMISES"]


def test_who_was_never_spoken_to_is_called_sooner() -> None:
    life = Life().open()
    before = told(life)["CALL"].points
    life.do(called("NO_ANSWER", 1))
    assert told(life)["CALL"].points == before + RETAIL_ACTIONS.never_reached
    life.do(called("RIGHT_PARTY", 2))
    assert told(life)["CALL"].points == before


CARE: dict[str, tuple[LifeCommand, str]] = {
    "ANSWER_DISPUTE": (c.RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=DAY), "DISPUTE"),
    "ANSWER_COMPLAINT": (c.LogComplaint(ref="cmp_1", kind="CONDUCT", on=DAY, attempts=()), "COMPLAINT"),
    "ASSESS_HARDSHIP": (c.ClaimHardship(ref="rlf_1", cause="ILLNESS", on=DAY), "HARDSHIP"),
    "CONFIRM_DEATH": (c.ReportDeath(ref="rep_1", on=DAY, confirmed=False), "DECEASED"),
}


@pytest.mark.parametrize("action", CARE)
def test_what_the_debtor_is_owed_comes_first_and_stops_the_call(action: str) -> None:
    command, kind = CARE[action]
    life = Life().open()
    life.do(command)
    found = told(life)
    assert next(iter(found)) == action
    assert found[action].about is not None
    assert found[action].blocked_by == ()
    assert blocks(found["CALL"]) == [kind]


def test_an_answer_that_is_late_weighs_more_every_day() -> None:
    life = Life().open()
    life.do(c.RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=DAY))
    points = []
    for day in (0, 10, 20, 30):
        life.today = DAY + timedelta(days=day)
        points.append(told(life)["ANSWER_DISPUTE"].points)
    assert points == sorted(points)
    assert points[1] < points[2] < points[3]
    assert told(life)["ANSWER_DISPUTE"].why[-1].code == "LATE"


def test_a_dispute_of_a_part_leaves_the_call_free_and_the_agency_not() -> None:
    life = Life().open(days_past_due=200)
    life.do(c.RaiseDispute(ref="dsp_1", scope="PAYMENT_NOT_CREDITED", amount=cny(500), on=DAY))
    found = told(life)
    assert found["CALL"].blocked_by == ()
    assert blocks(found["PLACE_WITH_AGENCY"]) == ["DISPUTE"]
    assert "RECORD_PAYMENT_PROOF" in found


def test_with_an_agency_nobody_calls_and_a_dispute_recalls_it() -> None:
    life = Life().open(days_past_due=200)
    until = DAY + timedelta(days=90)
    life.do(c.PlaceWithAgency(ref="plc_1", agency="A-1", on=DAY, until=until, evaluated_on=DAY))
    found = told(life)
    assert [(by.kind, by.code, by.until) for by in found["CALL"].blocked_by] == [("MODE", "AGENCY", until)]
    life.do(c.RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=DAY))
    assert next(iter(told(life))) == "RECALL_PLACEMENT"
    life.do(c.RecallPlacement(placement="plc_1", on=DAY, reason="DISPUTE"))
    found = told(life)
    assert ("RECALL_PLACEMENT" in found, found["CONFIRM_RECALL"].about) == (False, "plc_1")


def test_with_legal_nothing_is_ours_to_collect() -> None:
    life = Life().open(days_past_due=200)
    life.do(c.ReferToLegal(ref="ref_1", on=DAY, reason="NO_OTHER_WAY", by="user:chen"))
    found = told(life)
    assert all("LEGAL" in blocks(one) for one in found.values())


def test_a_second_person_is_asked_to_decide_and_an_agreed_settlement_waits() -> None:
    life = Life().open(days_past_due=200)
    life.do(m.ProposeSettlement(ref="stl_1", on=DAY, amount=cny(10_000), pay_by=LATER, by="user:chen"))
    life.do(m.ProposeWriteOff(ref="wof_1", on=DAY, reason="UNCOLLECTABLE", by="user:chen"))
    found = told(life)
    assert {"DECIDE_SETTLEMENT", "DECIDE_WRITE_OFF"} <= set(found)
    assert blocks(found["OFFER_SETTLEMENT"]) == ["SETTLEMENT_OPEN"]
    life.do(m.ApproveSettlement(settlement="stl_1", on=DAY, by="user:wang"))
    found = told(life)
    assert ("DECIDE_SETTLEMENT" in found, blocks(found["CALL"])) == (False, ["SETTLEMENT_AGREED"])


def test_a_relief_is_reviewed_before_it_ends() -> None:
    life = Life().open()
    until = DAY + timedelta(days=60)
    life.do(c.ClaimHardship(ref="rlf_1", cause="ILLNESS", on=DAY))
    granted: Any = c.GrantRelief(
        relief="rlf_1", on=DAY, until=until, measures=("GRACE",), ageing="RUN", by="user:chen"
    )
    life.do(granted)
    assert "REVIEW_RELIEF" not in told(life)
    life.sweep(until - timedelta(days=RETAIL_ACTIONS.relief_review_days))
    assert told(life)["REVIEW_RELIEF"].about == "rlf_1"


def test_nothing_is_collected_from_a_case_that_is_over() -> None:
    life = Life().open()
    life.do(m.RecordPayment(ref="pay_1", account=ACCOUNT, on=DAY, amount=cny(100_000), channel="BANK"))
    assert told(life) == {}


def test_every_action_has_its_words() -> None:
    assert set(action_words.ACTIONS) == set(ACTIONS)
