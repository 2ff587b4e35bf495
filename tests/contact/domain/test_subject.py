"""What each fact about a subject means for what may be done: one fact at a time, and what takes it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.contact.domain import commands as c
from services.contact.domain.events import STORED_AS
from services.contact.domain.facts import attempt, standing
from services.contact.domain.permits import weighed_at
from services.contact.domain.refusals import (
    AgreementUnknown,
)
from services.contact.domain.subject import Subject, evolve, skipped
from tests.contact.subject_kit import OTHER_PHONE, PHONE, Life, call, calling, utc
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


NOON = utc("2026-03-02T12:00:00-05:00")
AGENCY = {"collector_role": "third_party", "debts": ("D1",)}


@pytest.mark.parametrize("stored", sorted(SAMPLES_OF_CONTACT))
def test_every_kind_of_event_is_folded_and_counted(stored: str) -> None:
    event: Any = SAMPLES_OF_CONTACT[stored]
    after = evolve(Subject(), event)
    assert after.version == 1
    assert skipped(after).version == 2
    assert type(event) is STORED_AS[stored]


def test_a_debtor_nobody_described_is_in_the_places_of_the_tenant(life: Life) -> None:
    assert rules(life) == ()
    assert rules(Life(MORNING, subject=Subject(places=("XX",)))) == ("PACK-MISSING",)


def test_the_description_that_holds_at_the_instant_counts(life: Life) -> None:
    life.do(
        c.DescribeSubject(
            debtor_ref="D", jurisdictions=("CN",), zones=("Asia/Shanghai",), at=MORNING - 3 * DAY
        )
    )
    moved = c.DescribeSubject(
        debtor_ref="D", jurisdictions=("CN",), zones=("Europe/London",), at=MORNING - DAY
    )
    life.do(moved)
    assert rules(life, MORNING - 2 * DAY) == ()
    assert rules(life) == ("CN-GBT45251-HOURS",)
    assert rules(life, MORNING - 9 * DAY) == ()
    assert life.do(moved) == ()


def test_a_number_of_another_zone_widens_where_the_debtor_may_be(life: Life) -> None:
    life.do(
        c.DescribeSubject(debtor_ref="D", jurisdictions=("CN",), zones=("Asia/Shanghai",), at=MORNING - DAY)
    )
    life.do(c.RecordPoint(point=OTHER_PHONE, medium="phone", value="+44", zone="Europe/London"))
    assert rules(life) == ("CN-GBT45251-HOURS",)
    life.do(c.MisdirectPoint(point=OTHER_PHONE, source="CARRIER"))
    assert rules(life) == ()


def test_a_flag_stands_from_its_raising_to_its_lifting_by_the_same_cause(life: Life) -> None:
    life.do(c.RaiseFlag(flag="plan_in_force", cause="pln_1", debts=("D1", "D2"), at=MORNING - DAY))
    life.do(c.RaiseFlag(flag="plan_in_force", cause="pln_2", debts=("D3",), at=MORNING - DAY))
    plan = ("CN-CC-A70-PLAN",)
    assert rules(life, debts=("D1",)) == plan
    assert rules(life, MORNING - 2 * DAY, debts=("D1",)) == ()
    life.do(c.LiftFlag(flag="plan_in_force", cause="pln_1", debts=("D1",), at=MORNING - HOUR))
    assert rules(life, debts=("D1",)) == ()
    assert rules(life, MORNING - 2 * HOUR, debts=("D1",)) == plan
    assert rules(life, debts=("D2",)) == plan
    assert rules(life, debts=("D3",)) == plan
    life.do(c.LiftFlag(flag="plan_in_force", at=MORNING - HOUR))
    assert rules(life) == ()


def test_the_purpose_ends_with_the_last_case_of_a_debt_and_comes_back_with_the_next(life: Life) -> None:
    ended = ("CN-PIPL-A47-DONE",)
    life.do(c.LinkCase(case="case-1", debts=("D1", "D2"), at=MORNING - 5 * DAY))
    life.do(c.LinkCase(case="case-2", debts=("D2",), at=MORNING - 4 * DAY))
    assert rules(life) == rules(life, case="case-1") == ()
    life.do(c.UnlinkCase(case="case-1", reason="CURED", at=MORNING - 3 * DAY))
    assert rules(life, case="case-1", debts=("D1",)) == ended
    assert rules(life, case="case-2") == ()
    assert rules(life) == ()
    life.do(c.UnlinkCase(case="case-2", reason="PAID", at=MORNING - 2 * DAY))
    assert rules(life) == ended
    assert rules(life, MORNING - 49 * HOUR) == ()
    assert rules(life, purpose="closure_notice") == ()
    life.do(c.LinkCase(case="case-3", debts=("D1",), at=MORNING - DAY))
    assert rules(life) == rules(life, case="case-3") == ()


def test_a_recorded_role_beats_what_the_caller_says(life: Life) -> None:
    told = {"person": PERSON, "role": "guarantor"}
    assert rules(life, **told) == ()
    life.do(c.LinkPerson(person=PERSON, role="colleague", person_ref="P", at=MORNING - DAY))
    assert rules(life, **told) == ("CN-GBT45251-CONTACTS", "HOUSE-WORKPLACE")
    life.do(c.UnlinkPerson(person=PERSON, reason="ERROR", at=MORNING - HOUR))
    assert rules(life, **told) == ()
    assert rules(life, role="attorney") == rules(life)


def test_an_attorney_acts_until_dismissed(life: Life) -> None:
    american(life)
    life.now = NOON
    life.do(
        c.AppointRepresentative(
            person=ATTORNEY, role="attorney", person_ref="A", debts=("D1",), at=NOON - HOUR
        )
    )
    assert rules(life, **AGENCY) == ("US-REGF-6B2-ATTORNEY", "HOUSE-ATTORNEY")
    assert rules(life, collector_role="third_party", debts=("D2",)) == ()
    assert rules(life, **AGENCY, person=ATTORNEY, role="whoever") == ()
    life.do(c.DismissRepresentative(person=ATTORNEY, at=NOON - HOUR / 2))
    assert rules(life, **AGENCY) == ()


def test_consent_lifts_a_cap_until_it_is_taken_back_and_only_that_of_its_kind(life: Life) -> None:
    american(life)
    life.now = NOON
    for number in range(7):
        life.do(call(str(number), NOON - (number + 3) * HOUR - DAY, "ring_no_answer", **AGENCY))
    seven = ("US-REGF-14B2IA-7IN7",)
    assert rules(life, **AGENCY) == seven
    life.do(c.GiveConsent(consent="con_1", kind="CALLS", origin="DEBTOR", at=NOON - HOUR))
    assert rules(life, **AGENCY) == ()
    life.do(c.RevokeConsent(kind="SMS", at=NOON - HOUR / 2))
    assert rules(life, **AGENCY) == ()
    life.do(c.RevokeConsent(kind="CALLS", at=NOON - HOUR / 3))
    assert rules(life, **AGENCY) == seven


def test_texts_need_a_consent_for_the_number_that_is_not_taken_back(life: Life) -> None:
    american(life)
    life.now = NOON
    text = {**AGENCY, "channel": "sms", "content": ("opt_out_line",)}
    basis = ("US-REGF-6D5-SMS",)
    assert rules(life, **text) == basis
    life.do(c.GiveConsent(consent="con_1", kind="SMS", point=PHONE, until=NOON + DAY, at=NOON - HOUR))
    assert rules(life, **text) == ()
    assert rules(life, NOON + DAY, **text) == basis
    life.do(c.OptOut(channel="sms", at=NOON - HOUR / 2))
    assert rules(life, **text) == ("US-REGF-14H1-MEDIA", "HOUSE-MEDIA")
    life.do(c.GiveConsent(consent="con_2", kind="SMS", point=PHONE, at=NOON - HOUR / 3))
    life.do(c.RevokeConsent(kind="SMS", at=NOON - HOUR / 4))
    assert "US-REGF-6D5-SMS" in rules(life, **text)


def test_an_inconvenient_time_binds_its_channel(life: Life) -> None:
    life.do(c.DeclareInconvenient(days=(0,), channel="voice", origin="DEBTOR"))
    assert rules(life) == ("HOUSE-TIMES",)
    assert rules(life, channel="im") == ()
    assert rules(life, MORNING + DAY) == ()


def test_an_exception_counts_only_where_the_agreement_is_on_file(life: Life) -> None:
    night = MORNING + 13 * HOUR
    late = ("CN-GBT45251-HOURS",)
    assert rules(life, night, exception="agreed_hours") == late
    life.do(c.FileAgreement(agreement="agr_1", kind="agreed_hours", document="DOC-1"))
    assert rules(life, night, exception="agreed_hours") == ()
    assert rules(life, night) == late
    life.do(c.EndAgreement(agreement="agr_1", reason="WITHDRAWN"))
    assert rules(life, night, exception="agreed_hours") == late
    with pytest.raises(AgreementUnknown):
        life.do(c.EndAgreement(agreement="agr_2", reason="WITHDRAWN"))


def test_an_agency_needs_a_mandate_of_its_own_that_runs(life: Life) -> None:
    none = ("CN-PIPL-A21-MANDATE",)
    asks = {"collector_role": "third_party", "agency": "A", "creditor": "BANK"}
    assert rules(life, **asks) == none
    life.do(c.RecordMandate(agency="A", creditor="BANK", at=MORNING - DAY))
    assert rules(life, **asks) == ()
    assert rules(life, **{**asks, "agency": "B"}) == rules(life, **{**asks, "agency": None}) == none
    life.do(c.EndMandate(agency="A", at=MORNING - HOUR))
    assert rules(life, **asks) == none
    assert rules(life, MORNING - 2 * HOUR, **asks) == ()


def test_three_failed_calls_in_a_row_make_a_debtor_unreachable_and_a_conversation_ends_it(life: Life) -> None:
    ask_neighbour = {"person": PERSON, "role": "contact", "purpose": "locate_or_relay"}
    for number in range(2):
        life.do(call(str(number), MORNING - (9 - number) * HOUR + DAY * 0, "ring_no_answer"))
    assert rules(life, **ask_neighbour) == ("CN-GBT45251-CONTACTS",)
    told = life.do(call("3", MORNING - HOUR, "rejected"))
    raised = [one for one in told if isinstance(one, standing.FlagRaised)]
    assert [(one.flag, one.origin, one.cause) for one in raised] == [(UNREACHABLE, "DERIVED", "cat_3")]
    assert rules(life, **ask_neighbour) == ()
    told = life.do(call("4", MORNING, "conversation", direction="in"))
    assert [one.cause for one in told if isinstance(one, standing.FlagLifted)] == ["cat_4"]
    assert rules(life, MORNING + HOUR, **ask_neighbour) == ("CN-GBT45251-CONTACTS",)
    assert rules(life, MORNING - HOUR / 2, **ask_neighbour) == ()
    told = life.do(c.RetractAttempt(attempt="cat_4", reason="ERROR"))
    assert [one.flag for one in told if isinstance(one, standing.FlagRaised)] == [UNREACHABLE]
    told = life.do(c.RecordOutcome(attempt="cat_3", outcome=c.Outcome(outcome="conversation", at=MORNING)))
    assert [one.flag for one in told if isinstance(one, standing.FlagLifted)] == [UNREACHABLE]


def test_a_dead_number_makes_a_debtor_unreachable_unless_there_is_another(life: Life) -> None:
    ask_neighbour = {"person": PERSON, "role": "contact", "purpose": "locate_or_relay"}
    life.do(call("1", MORNING - HOUR, "not_in_service"))
    assert rules(life, **ask_neighbour) == ()
    life.do(c.RecordPoint(point=OTHER_PHONE, medium="phone", value="2", at=MORNING - HOUR / 2))
    assert rules(life, **ask_neighbour) == ("CN-GBT45251-CONTACTS",)
    life.do(c.EndPoint(point=OTHER_PHONE, reason="DEAD", at=MORNING - HOUR / 3))
    assert rules(life, **ask_neighbour) == ()


def test_a_neighbour_who_will_not_be_asked_again_is_left_alone_for_good(life: Life) -> None:
    life.do(call("0", MORNING - 3 * HOUR, "not_in_service"))
    ask_neighbour = {"person": PERSON, "role": "contact", "purpose": "locate_or_relay"}
    told = life.do(
        call("1", MORNING - HOUR, "conversation", person=PERSON, role="contact", said=("refused_contact",))
    )
    assert [one.role for one in told if isinstance(one, attempt.ThirdPartyReached)] == ["contact"]
    raised = [(one.flag, one.person) for one in told if isinstance(one, standing.FlagRaised)]
    assert raised == [("contact_refused", PERSON)]
    assert rules(life, **ask_neighbour) == ("CN-GBT45251-CONTACT-REFUSED", "HOUSE-THIRD-ONCE")
    assert rules(life, MORNING + 300 * DAY, **ask_neighbour)[0] == "CN-GBT45251-CONTACT-REFUSED"


def test_a_wrong_number_is_the_persons_no_more_until_it_is_recorded_again(life: Life) -> None:
    told = life.do(call("1", MORNING - HOUR, "conversation_wrong_party"))
    assert any(isinstance(one, attempt.WrongPartyReached) for one in told)
    assert rules(life) == ("POINT-MISDIRECTED",)
    assert rules(life, point=OTHER_PHONE) == ()
    life.do(c.RecordPoint(point=PHONE, medium="phone", value="1", at=MORNING))
    assert rules(life) == ()


def test_the_debt_is_not_spoken_of_before_the_person_is_identified(life: Life) -> None:
    identity = ("NO-PERMIT", "HOUSE-IDENTITY")
    talk = {"said": ("discloses_debt", "identifies_institution")}
    life.do(call("1", MORNING - HOUR, "conversation", **talk))
    life.do(call("2", MORNING - 2 * HOUR, "conversation", identity="FAILED", **talk))
    life.do(call("3", MORNING - 3 * HOUR + HOUR * 1.5, "conversation", identity="VERIFIED", **talk))
    assert life.breaches == {"cat_1": identity, "cat_2": identity, "cat_3": ("NO-PERMIT",)}


def test_a_wife_who_answers_must_not_learn_of_the_debt(life: Life) -> None:
    life.do(
        call(
            "1", MORNING - HOUR, "conversation_third_party", said=("discloses_debt", "identifies_institution")
        )
    )
    assert "CN-DISCLOSE-THIRD" in life.breaches["cat_1"]


def test_a_stop_request_binds_in_every_place_and_leaves_letters(life: Life) -> None:
    life.do(c.RaiseFlag(flag="cease_received", origin="DEBTOR", at=MORNING - HOUR))
    assert rules(life) == ("HOUSE-STOP",)
    assert rules(life, channel="letter") == ()
    life.do(c.LiftFlag(flag="cease_received", origin="DEBTOR", at=MORNING - HOUR / 2))
    assert rules(life) == ()
