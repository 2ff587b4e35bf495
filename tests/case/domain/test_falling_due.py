"""What falls due: first contact, answers, reviews; late is said once, taken back when it proves wrong; and grace."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.case.domain import case_commands as c
from services.case.domain import events as e
from services.case.domain.falling_due import first_contact_by
from services.case.domain.hold import GraceRefused
from services.case.domain.policy import CN_RETAIL_1, CN_RETAIL_2
from services.case.domain.relief import ENDED, GRANTED, ReliefAlreadyDecided, ReliefTermsRefused
from shared.kernel.policy import PolicyVersion
from tests.kit.life import DAY, Life, names

POLICY = replace(CN_RETAIL_2, version=PolicyVersion("cn-retail/2", DAY))
"""The second policy as if it had come into force on DAY."""
FIRST_CALL = DAY + timedelta(days=POLICY.life.first_contact_days)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def life(*, days_past_due: int = 20) -> Life:
    return Life(policy=POLICY).open(days_past_due=days_past_due)


def attempt(ref: str, day: date) -> c.RecordAttempt:
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return c.RecordAttempt(
        attempt_ref=ref,
        at=at,
        on=day,
        channel="VOICE",
        outcome="NO_ANSWER",
        actor_kind="COLLECTOR",
        permit=None,
    )


def willing(day: date = DAY) -> c.RecordCircumstance:
    return c.RecordCircumstance(ref="cir_1", topic="WILLINGNESS", value="WILLING", source="CALL", on=day)


def grace(ref: str, day: date, days: int) -> c.PlaceHold:
    return c.PlaceHold(
        ref=ref,
        kind="GRACE",
        on=day,
        until=day + timedelta(days=days),
        reason="GOOD_WILL",
        stops_interest=False,
    )


def test_a_debtor_nobody_called_is_late_once_on_the_day() -> None:
    case = life()
    assert "FirstContactFellDue" not in case.sweep_until(FIRST_CALL - timedelta(days=1))
    assert case.sweep(FIRST_CALL) == ["FirstContactFellDue"]
    assert case.last(e.FirstContactFellDue) == e.FirstContactFellDue(as_of=FIRST_CALL, opened_on=DAY)
    assert "FirstContactFellDue" not in case.sweep_until(after(40))


def test_a_call_in_time_or_one_told_of_later_is_in_time() -> None:
    called = life()
    called.do(attempt("dialer/1", FIRST_CALL))
    assert "FirstContactFellDue" not in called.sweep_until(after(40))
    late = life()
    late.sweep_until(after(20))
    told = late.do(attempt("dialer/1", FIRST_CALL))
    assert names(told) == ["ContactAttempted", "FellDueRetracted"]
    assert told[1] == e.FellDueRetracted(
        what="FIRST_CONTACT", subject="", number=0, due_on=FIRST_CALL, as_of=after(20)
    )
    assert late.sweep_until(after(30)) == []
    after_all = life()
    after_all.sweep_until(after(20))
    assert names(after_all.do(attempt("dialer/1", after(9)))) == ["ContactAttempted"]


def test_while_contact_is_forbidden_nobody_is_late() -> None:
    case = life()
    case.do(
        c.PlaceHold(ref="hld_1", kind="CEASE", on=DAY, until=after(30), reason="ASKED", stops_interest=False)
    )
    assert "FirstContactFellDue" not in case.sweep_until(after(29))
    assert "FirstContactFellDue" in case.sweep(after(30))
    assert case.last(e.FirstContactFellDue).as_of == after(30)


def test_a_rule_begins_with_its_policy() -> None:
    assert first_contact_by(DAY, CN_RETAIL_1) is None
    assert first_contact_by(DAY - timedelta(days=1), POLICY) is None
    assert first_contact_by(DAY, POLICY) == FIRST_CALL
    assert "FirstContactFellDue" not in Life(policy=CN_RETAIL_1).open().sweep_until(after(40))


def test_a_case_that_is_over_calls_nobody() -> None:
    case = life()
    case.do(c.CloseCase(on=after(2), reason="SOLD"))
    assert case.sweep_until(after(20)) == []


def test_a_dispute_and_a_complaint_are_late_after_their_day_and_not_when_answered_on_it() -> None:
    case = life(days_past_due=120)
    case.do(attempt("dialer/1", DAY))
    case.do(c.RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=DAY))
    case.do(c.LogComplaint(ref="cmp_1", kind="CONDUCT", on=DAY, attempts=()))
    case.do(c.LogComplaint(ref="cmp_2", kind="PRIVACY", on=DAY, attempts=()))
    answer_by = case.last(e.ComplaintReceived).answer_by
    case.sweep_until(answer_by - timedelta(days=1))
    case.do(
        c.AnswerComplaint(complaint="cmp_2", on=answer_by, finding="NO_BREACH", redress=None, by="user:li")
    )
    assert [one.complaint for one in case.events if isinstance(one, e.ComplaintAnswerFellDue)] == ["cmp_1"]
    decide_by = case.last(e.DisputeRaised).answer_by
    assert case.sweep_until(decide_by).count("DisputeAnswerFellDue") == 1
    assert case.last(e.DisputeAnswerFellDue) == e.DisputeAnswerFellDue(dispute="dsp_1", as_of=decide_by)
    # The decision was taken in time, and told of late.
    told = case.do(
        c.ResolveDispute(
            dispute="dsp_1", on=decide_by, outcome="REJECTED", adjustment=None, account=None, first=None,
            by="user:li",
        )
    )  # fmt: skip
    assert "FellDueRetracted" in names(told)
    assert case.last(e.FellDueRetracted).what == "DISPUTE_ANSWER"
    assert "FellDueRetracted" not in case.sweep_until(answer_by + timedelta(days=60))


def test_answers_are_owed_after_the_case_is_closed() -> None:
    case = life()
    case.do(c.CloseCase(on=DAY, reason="SOLD"))
    case.do(c.LogComplaint(ref="cmp_1", kind="CONDUCT", on=after(1), attempts=()))
    assert case.sweep_until(after(40)) == ["ComplaintAnswerFellDue"]


def granted(until: int = 200) -> Life:
    case = life(days_past_due=120)
    case.do(attempt("dialer/1", DAY))
    case.do(c.ClaimHardship(ref="rlf_1", cause="ILLNESS", on=DAY))
    case.do(
        c.GrantRelief(
            relief="rlf_1", on=DAY, until=after(until), measures=("GRACE",), ageing="RUN", by="user:li"
        )
    )
    return case


def test_a_relief_is_reviewed_every_ninety_days_while_it_runs() -> None:
    case = granted()
    said = case.sweep_until(after(230))
    reviews = [one for one in case.events if isinstance(one, e.ReliefReviewFellDue)]
    assert [(one.number, one.as_of) for one in reviews] == [(1, after(90)), (2, after(180))]
    assert said.index("ReliefEnded") > said.index("ReliefReviewFellDue")


def test_a_relief_that_runs_is_given_a_later_end() -> None:
    case = granted(until=100)
    case.sweep_until(after(95))
    extend = c.ExtendRelief(ref="rex_1", relief="rlf_1", on=after(95), until=after(200), by="user:li")
    assert names(case.do(extend)) == ["ReliefExtended"]
    assert case.do(extend) == ()
    assert case.picture().reliefs["rlf_1"].until == after(200)
    assert case.picture(after(94)).reliefs["rlf_1"].until == after(100), "as it stood then"
    with pytest.raises(ReliefTermsRefused):
        case.do(replace_until(extend, "rex_2", after(199)))
    with pytest.raises(ReliefTermsRefused):
        case.do(replace_until(extend, "rex_2", after(POLICY.life.relief_days_max + 1)))
    assert "ReliefEnded" not in case.sweep_until(after(199))
    assert case.picture().reliefs["rlf_1"].status == GRANTED
    assert case.sweep(after(200)).count("ReliefEnded") == 1
    assert case.picture().reliefs["rlf_1"].status == ENDED
    with pytest.raises(ReliefAlreadyDecided):
        case.do(replace_until(extend, "rex_3", after(300)))


def replace_until(ask: c.ExtendRelief, ref: str, until: date) -> c.ExtendRelief:
    return c.ExtendRelief(ref=ref, relief=ask.relief, on=ask.on, until=until, by=ask.by)


def test_grace_is_for_a_willing_debtor_in_m1_once_and_for_three_days_at_most() -> None:
    case = life(days_past_due=5)
    with pytest.raises(GraceRefused) as unknown:
        case.do(grace("hld_1", DAY, 2))
    assert unknown.value.context["why"] == "GOOD_WILL_NOT_RECORDED"
    case.do(willing())
    with pytest.raises(GraceRefused) as long:
        case.do(grace("hld_1", DAY, 4))
    assert (long.value.context["why"], long.value.context["days_max"]) == ("LENGTH", 3)
    assert names(case.do(grace("hld_1", DAY, 3))) == ["HoldPlaced"]
    assert case.do(grace("hld_1", DAY, 3)) == ()
    assert "GRACE" in case.picture().hold_kinds
    assert "HoldExpired" in case.sweep_until(after(3))
    with pytest.raises(GraceRefused) as again:
        case.do(grace("hld_2", after(3), 1))
    assert again.value.context["why"] == "GIVEN_BEFORE"


def test_grace_is_not_for_later_stages_nor_for_ever_nor_without_a_rule() -> None:
    late = life(days_past_due=45)
    late.do(willing())
    with pytest.raises(GraceRefused) as stage:
        late.do(grace("hld_1", DAY, 1))
    assert stage.value.context["why"] == "NOT_IN_M1"
    early = life(days_past_due=5)
    early.do(willing())
    with pytest.raises(GraceRefused):
        early.do(c.PlaceHold(ref="hld_1", kind="GRACE", on=DAY, until=None, reason="R", stops_interest=False))
    before = Life(policy=CN_RETAIL_1).open(days_past_due=5)
    before.do(willing())
    with pytest.raises(GraceRefused) as none:
        before.do(grace("hld_1", DAY, 1))
    assert none.value.context["why"] == "NOT_OFFERED"
