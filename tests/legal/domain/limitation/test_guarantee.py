"""A guarantor's period: it never moves, and a call in time turns it into limitation of what the guarantor owes."""

import pytest

from services.legal.domain.limitation.reading import limitation
from tests.legal.domain.limitation.kit import (
    DEBT,
    GENERAL_GUARANTOR,
    JOINT_GUARANTOR,
    claims,
    cn,
    day,
    guarantee,
    proof,
    read,
    retracted,
)

DUE = proof("due", "performance_due", "2023-03-10")
JOINTLY = {"account_1": [guarantee(JOINT_GUARANTOR, "JOINT")]}
GENERALLY = {"account_1": [guarantee(GENERAL_GUARANTOR, "GENERAL")]}


def test_six_months_from_the_due_date_unless_another_end_was_agreed() -> None:
    assert read(claims(DUE, **JOINTLY), person=JOINT_GUARANTOR).raw_on == day("2023-09-10")
    agreed = read(
        claims(DUE, account_1=[guarantee(JOINT_GUARANTOR, "JOINT", "2025-03-09")]), person=JOINT_GUARANTOR
    )
    assert (agreed.raw_on, agreed.expires_on) == (day("2025-03-09"), day("2025-03-09"))


def test_an_end_agreed_for_the_due_date_or_before_is_none() -> None:
    agreed = guarantee(JOINT_GUARANTOR, "JOINT", "2023-03-10")
    assert read(claims(DUE, account_1=[agreed]), person=JOINT_GUARANTOR).raw_on == day("2023-09-10")


@pytest.mark.parametrize(
    "kind", ["demand_delivered", "promise", "part_payment", "sued", "obstacle_began", "written_consent"]
)
def test_nothing_of_the_debtor_moves_a_joint_guarantors_period(kind: str) -> None:
    alone = read(claims(DUE, **JOINTLY), person=JOINT_GUARANTOR)
    beside = read(claims(DUE, proof("p", kind, "2023-06-12"), **JOINTLY), person=JOINT_GUARANTOR)
    assert (beside.state, beside.raw_on) == (alone.state, alone.raw_on) == ("EXPIRED", day("2023-09-10"))


def test_a_demand_of_a_joint_guarantor_in_time_becomes_limitation() -> None:
    call = proof("call", "demand_delivered", "2023-08-07", person=JOINT_GUARANTOR)
    again = proof("again", "demand_delivered", "2025-08-11", person=JOINT_GUARANTOR)
    known = claims(DUE, call, again, **JOINTLY)
    period = read(known, person=JOINT_GUARANTOR, period="GUARANTEE")
    assert (period.state, period.raw_on, period.governs) == ("KEPT", day("2023-09-10"), False)
    assert period.weakest is not None
    assert period.weakest.fact.id == "call"
    owed = read(known, person=JOINT_GUARANTOR)
    assert (owed.what, owed.raw_on) == ("GUARANTEE_LIMITATION", day("2028-08-11"))
    assert read(claims(DUE, again, **JOINTLY), person=JOINT_GUARANTOR).state == "EXPIRED"


def test_a_suit_against_a_joint_guarantor_holds_their_limitation() -> None:
    suit = proof("suit", "sued", "2023-08-07", person=None, others=(JOINT_GUARANTOR,), thing="trk_1")
    assert read(claims(DUE, suit, **JOINTLY), person=JOINT_GUARANTOR).state == "IN_PROCEDURE"
    ended = proof("end", "procedure_ended", "2024-02-05", thing="trk_1")
    assert read(claims(DUE, suit, ended, **JOINTLY), person=JOINT_GUARANTOR).raw_on == day("2027-02-05")


def test_a_general_guarantor_stays_bound_by_a_suit_against_the_debtor_only() -> None:
    demand = proof("d", "demand_delivered", "2023-08-07", person=GENERAL_GUARANTOR)
    assert read(claims(DUE, demand, **GENERALLY), person=GENERAL_GUARANTOR).state == "EXPIRED"
    suit = proof("suit", "sued", "2023-08-07", thing="trk_1")
    kept = read(claims(DUE, suit, **GENERALLY), person=GENERAL_GUARANTOR)
    assert (kept.what, kept.state) == ("GUARANTEE", "KEPT")
    must = proof("must", "guarantor_must_answer", "2024-09-02", person=GENERAL_GUARANTOR)
    owed = read(claims(DUE, suit, must, **GENERALLY), person=GENERAL_GUARANTOR)
    assert (owed.what, owed.raw_on) == ("GUARANTEE_LIMITATION", day("2027-09-02"))


def test_a_suit_that_was_withdrawn_does_not_keep_a_general_guarantor() -> None:
    suit = proof("suit", "sued", "2023-06-12", thing="trk_1")
    gone = proof("gone", "procedure_withdrawn", "2023-07-10", thing="trk_1")
    again = proof("again", "sued", "2023-09-11", thing="trk_2")
    assert read(claims(DUE, suit, gone, **GENERALLY), person=GENERAL_GUARANTOR).state == "EXPIRED"
    assert read(claims(DUE, suit, gone, again, **GENERALLY), person=GENERAL_GUARANTOR).state == "KEPT"


def test_a_form_that_is_unclear_is_a_general_guarantee() -> None:
    unclear = {"account_1": [guarantee(JOINT_GUARANTOR, "UNCLEAR")]}
    demand = proof("d", "demand_delivered", "2023-08-07", person=JOINT_GUARANTOR)
    assert read(claims(DUE, demand, **unclear), person=JOINT_GUARANTOR).state == "EXPIRED"


def test_a_period_recorded_for_the_guarantee_does_not_move_with_the_schedule() -> None:
    own = proof("own", "principal_due", "2022-09-12", person=JOINT_GUARANTOR)
    assert read(claims(DUE, own, **JOINTLY), person=JOINT_GUARANTOR).raw_on == day("2023-03-12")


def test_all_called_due_starts_it_earlier_than_the_last_instalment() -> None:
    known = claims(
        proof("last", "last_instalment_due", "2026-03-10"),
        proof("all", "accelerated", "2024-03-11"),
        **JOINTLY,
    )
    assert read(known, person=JOINT_GUARANTOR).raw_on == day("2024-09-11")


def test_it_has_not_begun_while_the_last_instalment_is_to_come() -> None:
    known = claims(proof("last", "last_instalment_due", "2030-03-11"), **JOINTLY)
    found = read(known, person=JOINT_GUARANTOR)
    assert (found.state, found.begins_on) == ("NOT_STARTED", day("2030-03-11"))


def test_a_guarantor_who_was_released_is_not_read() -> None:
    from services.legal.domain.facts.proofs import RoleTaken

    taken = RoleTaken(
        role_ref=f"guarantee:{JOINT_GUARANTOR}", debt=DEBT, on=day("2024-01-08"), source_ref="taken:1"
    )
    known = claims(DUE, account_1=[guarantee(JOINT_GUARANTOR, "JOINT"), taken])
    assert all(one.person != JOINT_GUARANTOR for one in limitation(known, cn(), as_of=day("2026-11-22")))
    assert any(one.person == JOINT_GUARANTOR for one in limitation(known, cn(), as_of=day("2024-01-07")))


def test_the_latest_word_about_a_guarantor_counts() -> None:
    told = [guarantee(JOINT_GUARANTOR, "GENERAL"), guarantee(JOINT_GUARANTOR, "JOINT", "2026-12-30")]
    found = read(claims(DUE, account_1=told), person=JOINT_GUARANTOR)
    assert (found.form, found.raw_on) == ("JOINT", day("2026-12-30"))


def test_each_guarantor_has_a_period_of_their_own() -> None:
    known = claims(
        DUE,
        proof("call", "demand_delivered", "2023-08-07", person=JOINT_GUARANTOR),
        account_1=[guarantee(JOINT_GUARANTOR, "JOINT"), guarantee("prs_third", "JOINT")],
    )
    assert read(known, person=JOINT_GUARANTOR).what == "GUARANTEE_LIMITATION"
    assert read(known, person="prs_third").state == "EXPIRED"


def test_retracting_a_demand_of_the_debtor_leaves_the_guarantors_date() -> None:
    demand = proof("d", "demand_delivered", "2025-06-02")
    before = read(claims(DUE, demand, **JOINTLY), person=JOINT_GUARANTOR)
    after = read(claims(DUE, demand, retracted("d"), **JOINTLY), person=JOINT_GUARANTOR)
    assert before == after
