"""What contacts and permits of a subject mean for what may be done: spent, late, twice, under way, in one second."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.contact.domain import commands as c
from services.contact.domain.facts import asking, attempt
from services.contact.domain.facts.told import AttemptTold
from services.contact.domain.permits import weighed_at
from services.contact.domain.refusals import (
    AttemptAlreadyReported,
    AttemptRetractedAlready,
    HappensInTheFuture,
    OutcomeNotKnown,
)
from services.contact.domain.sending.commands import RecordReceipt
from services.contact.domain.subject import evolve
from tests.contact.subject_kit import OTHER_PHONE, Life, call, calling, utc
from tests.golden.samples_of_contact import SAMPLES_OF_CONTACT

MORNING = utc("2026-03-02T10:00:00+08:00")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PERSON, ATTORNEY = "prs_neighbour", "prs_attorney"
UNREACHABLE = "debtor_unreachable"


@pytest.fixture
def life() -> Life:
    return Life(MORNING)


def rules(life: Life, when: Any = None, **said: Any) -> tuple[str, ...]:
    """The rules against a call at an instant."""
    return weighed_at(life.subject, replace(calling(**said), at=when or life.now), life.packs).rules


def american(life: Life, **said: Any) -> None:
    life.do(
        c.DescribeSubject(
            debtor_ref="D", jurisdictions=("US",), zones=("America/New_York",), at=MORNING - DAY
        )
    )


def test_an_attempt_spends_its_permit_once_and_only_for_what_it_was_given(life: Life) -> None:
    for permit in ("cpm_1", "cpm_2"):
        assert isinstance(life.ask(permit, calling()), asking.ContactPermitted)
    life.do(call("1", MORNING, "busy", permit="cpm_1"))
    life.do(call("2", MORNING + timedelta(seconds=30), "busy", permit="cpm_1"))
    life.do(call("3", MORNING, "busy", permit="cpm_2", point=OTHER_PHONE))
    life.do(call("4", MORNING + timedelta(seconds=40), "busy", permit="cpm_none"))
    assert life.breaches == {f"cat_{number}": ("NO-PERMIT",) for number in (2, 3, 4)}
    life.do(c.RetractAttempt(attempt="cat_1", reason="ERROR"))
    assert life.breaches == {f"cat_{number}": ("NO-PERMIT",) for number in (3, 4)}


def test_a_permit_ends_with_its_minutes_and_never_after_closing(life: Life) -> None:
    closing = utc("2026-03-02T21:58:00+08:00")
    given = life.ask("cpm_1", calling(), closing)
    assert isinstance(given, asking.ContactPermitted)
    assert given.valid_until == utc("2026-03-02T22:00:00+08:00")
    life.now = given.valid_until
    life.do(call("1", given.valid_until, "busy", permit="cpm_1"))
    assert life.breaches["cat_1"] == ("NO-PERMIT", "CN-GBT45251-HOURS")


def test_history_from_before_going_live_counts_and_is_not_judged(life: Life) -> None:
    for number in range(3):
        life.do(call(str(number), MORNING - (3 - number) * HOUR / 2, "conversation", origin="HISTORY"))
    assert life.breaches == {}
    assert rules(life) == ("CN-GBT45251-CALLS",)


def test_what_a_source_says_twice_adds_nothing_and_what_it_changes_is_refused(life: Life) -> None:
    life.do(call("1", MORNING, "busy"))
    assert life.do(call("1", MORNING, "busy")) == ()
    assert life.do(call("1", MORNING)) == ()
    with pytest.raises(AttemptAlreadyReported):
        life.do(call("1", MORNING - HOUR, "busy"))
    with pytest.raises(HappensInTheFuture):
        life.do(call("2", MORNING + 2 * timedelta(minutes=1), "busy"))
    with pytest.raises(OutcomeNotKnown):
        life.do(call("3", MORNING, "nobody_knows"))
    life.do(c.RetractAttempt(attempt="cat_1", reason="ERROR"))
    assert life.do(c.RetractAttempt(attempt="cat_1", reason="ERROR")) == ()
    with pytest.raises(AttemptRetractedAlready):
        life.do(c.RecordOutcome(attempt="cat_1", outcome=c.Outcome(outcome="busy")))


def test_a_recording_is_kept_once(life: Life) -> None:
    life.do(call("1", MORNING, "conversation"))
    stored = c.StoreRecording(attempt="cat_1", uri="s3://r/1", sha256="ab" * 32, seconds=60)
    assert [type(one) for one in life.do(stored)] == [attempt.RecordingStored, AttemptTold]
    assert life.do(stored) == ()


def test_a_call_under_way_holds_its_place_until_its_outcome_is_told(life: Life) -> None:
    for number in range(3):
        assert isinstance(life.ask(f"cpm_{number}", calling()), asking.ContactPermitted)
        life.do(call(str(number), MORNING, permit=f"cpm_{number}"))
    assert rules(life, MORNING + HOUR) == ("CN-GBT45251-CALLS",)
    life.do(c.RecordOutcome(attempt="cat_0", outcome=c.Outcome(outcome="ring_no_answer")))
    assert rules(life, MORNING + HOUR) == ()
    assert life.breaches == {}


def test_a_message_is_judged_when_it_turns_out_to_have_been_sent_after_all(life: Life) -> None:
    """Tried outside the hours, said not to have been sent, and then delivered: it broke the hours."""
    night = utc("2026-03-01T23:00:00+08:00")
    queued: Any = SAMPLES_OF_CONTACT["contact.MessageQueued/v1"]
    sending: Any = SAMPLES_OF_CONTACT["contact.MessageSending/v1"]
    not_sent: Any = SAMPLES_OF_CONTACT["contact.MessageNotSent/v1"]
    texted = calling(channel="sms")
    ref = queued.message
    for event in (
        replace(queued, proposed=texted, at=night, send_by=MORNING + DAY),
        replace(sending, at=night),
        replace(not_sent, at=night, again_at=None),
    ):
        life.subject = evolve(life.subject, event)
    assert life.breaches == life.broken == {}
    life.do(RecordReceipt(message=ref, kind="DELIVERED", at=MORNING - HOUR, receipt="r1"))
    assert life.breaches == life.broken == {ref: ("NO-PERMIT", "CN-GBT45251-HOURS")}


def test_a_permit_is_stored_with_the_role_on_record(life: Life) -> None:
    life.do(c.LinkPerson(person=PERSON, role="guarantor", person_ref="P", at=MORNING - DAY))
    given = life.ask("cpm_1", calling(person=PERSON, role="debtor"))
    assert given.proposed.role == "guarantor"


def test_a_failed_call_that_comes_late_may_make_lawful_what_was_asked_of_a_neighbour_much_later(
    life: Life,
) -> None:
    """Two failed calls, and three weeks on the neighbour is asked; the third, of the day after, is told at last."""
    first = MORNING - 30 * DAY
    asked_on = first + 20 * DAY
    for number in range(2):
        life.do(call(str(number), first + number * HOUR, "ring_no_answer"))
    neighbour = {"person": PERSON, "role": "contact", "purpose": "locate_or_relay"}
    life.do(call("n", asked_on, "conversation", **neighbour))
    life.do(call("found", asked_on + DAY, "conversation", direction="in"))
    assert life.breaches["cat_n"] == ("NO-PERMIT", "CN-GBT45251-CONTACTS")
    life.do(call("late", first + DAY, "ring_no_answer"))
    assert list(life.breaches["cat_n"]) == ["NO-PERMIT"]


def test_a_number_that_is_recorded_again_with_a_zone_is_judged_for_all_the_past(life: Life) -> None:
    life.do(
        c.DescribeSubject(
            debtor_ref="D", jurisdictions=("CN",), zones=("Asia/Shanghai",), at=MORNING - 9 * DAY
        )
    )
    life.do(call("1", MORNING - 2 * DAY, "busy"))
    life.do(c.RecordPoint(point=OTHER_PHONE, medium="phone", value="2", zone="Europe/London", at=MORNING))
    assert life.breaches["cat_1"] == ("NO-PERMIT", "CN-GBT45251-HOURS")


def test_of_calls_in_one_second_the_one_whose_permit_was_given_first_comes_first(life: Life) -> None:
    """The first was busy and gave its place back; the fourth permit could only be given because of that."""
    for number in (1, 2, 3):
        assert isinstance(life.ask(f"cpm_{number}", calling()), asking.ContactPermitted)
    life.do(call("z", MORNING, "busy", permit="cpm_1"))
    assert isinstance(life.ask("cpm_4", calling()), asking.ContactPermitted)
    for number in (2, 3, 4):
        life.do(call(str(number), MORNING, "conversation", permit=f"cpm_{number}"))
    assert life.breaches == life.broken == {}


def test_what_ends_beyond_the_horizon_is_refused_by_its_rule_alone(life: Life) -> None:
    life.do(c.RaiseFlag(flag="plan_in_force", until=MORNING + 400 * DAY))
    refused = life.ask("cpm_1", calling())
    assert isinstance(refused, asking.ContactRefused)
    assert (refused.outcome, [one.rule for one in refused.failed]) == ("deny", ["CN-CC-A70-PLAN"])
