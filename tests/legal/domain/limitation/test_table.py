"""Every row of the table of limitation: what starts, restarts, holds, suspends and waives the period of a debt."""

from typing import Any

import pytest

from services.legal.domain.facts.proofs import InstalmentTold
from services.legal.domain.limitation.claims import Claims, fold_proofs
from services.legal.domain.limitation.reading import limitation
from tests.legal.domain.limitation.kit import (
    CASE,
    DEBT,
    EARLIER,
    JOINT,
    OTHER,
    claims,
    cn,
    day,
    joined,
    joint,
    left,
    proof,
    read,
)

DUE = proof("due", "performance_due", "2022-03-10")


@pytest.mark.parametrize(
    ("kind", "article"),
    [
        ("demand_delivered", "195(1)"),
        ("promise", "195(2)"),
        ("part_payment", "195(2)"),
        ("plan_agreed", "195(2)"),
        ("settlement_accepted", "195(2)"),
        ("account_debited", "规定 8(3)"),
        ("public_demand", "规定 8(4)"),
        ("assignment_notice_delivered", "规定 17"),
        ("written_consent", "192"),
    ],
)
def test_what_restarts_in_time_begins_three_years_anew(kind: str, article: str) -> None:
    found = read(claims(DUE, proof("p", kind, "2024-05-06")))
    assert found.raw_on == day("2027-05-06")
    assert [link.effect for link in found.chain] == ["START", "RESTART"]
    assert article in found.chain[-1].article
    assert found.chain[-1].fact.evidence == "DATA_REACHED"


@pytest.mark.parametrize(
    "kind",
    [
        "sued", "arbitration_filed", "payment_order_applied", "preservation_applied", "enforcement_applied",
        "bankruptcy_claimed", "joined_to_suit", "set_off_in_suit",
    ],
)  # fmt: skip
def test_a_procedure_holds_the_period_and_it_runs_anew_when_the_procedure_ends(kind: str) -> None:
    filed = proof("filed", kind, "2024-05-06", thing="trk_1")
    held = read(claims(DUE, filed))
    assert (held.state, held.raw_on, held.expires_on) == ("IN_PROCEDURE", None, None)
    ended = read(claims(DUE, filed, proof("end", "procedure_ended", "2025-02-03", thing="trk_1")))
    assert ended.raw_on == day("2028-02-03")


def test_with_two_procedures_the_clock_stands_until_the_last_ends() -> None:
    one = proof("one", "sued", "2024-05-06", thing="trk_1")
    two = proof("two", "preservation_applied", "2024-06-03", thing="trk_2")
    first_ends = proof("e1", "procedure_ended", "2025-02-03", thing="trk_1")
    last_ends = proof("e2", "procedure_ended", "2025-09-01", thing="trk_2")
    assert read(claims(DUE, one, two, first_ends)).state == "IN_PROCEDURE"
    assert read(claims(DUE, one, two, first_ends, last_ends)).raw_on == day("2028-09-01")


def test_a_procedure_that_ends_on_the_day_the_next_begins_leaves_no_gap() -> None:
    order = proof("order", "payment_order_applied", "2024-05-06", thing="trk_1")
    void = proof("void", "procedure_ended", "2024-07-01", thing="trk_1")
    suit = proof("suit", "sued", "2024-07-01", thing="trk_2")
    assert read(claims(DUE, order, void, suit)).state == "IN_PROCEDURE"


def test_a_suit_begun_and_ended_on_one_day_holds_nothing_after_it() -> None:
    suit = proof("suit", "sued", "2024-05-06", thing="trk_1")
    ended = proof("ended", "procedure_ended", "2024-05-06", thing="trk_1")
    assert read(claims(DUE, suit, ended)).raw_on == day("2027-05-06")


def test_a_suit_that_was_pending_when_all_was_called_due_holds_the_period() -> None:
    suit = proof("suit", "sued", "2023-05-08", thing="trk_1")
    called = proof("all", "accelerated", "2023-06-12")
    assert read(claims(suit, called)).state == "IN_PROCEDURE"


@pytest.mark.parametrize("kind", ["procedure_withdrawn", "procedure_not_accepted"])
def test_a_suit_taken_back_or_not_taken_up_counts_for_nothing_but_its_service_is_a_demand(kind: str) -> None:
    suit = proof("suit", "sued", "2024-05-06", thing="trk_1")
    over = proof("over", kind, "2024-08-05", thing="trk_1")
    gone = read(claims(DUE, suit, over))
    assert gone.raw_on == day("2025-03-10")
    assert [link.effect for link in gone.chain] == ["START", "UNDONE", "UNDONE"]
    assert read(claims(DUE, suit, over), as_of="2024-08-04").state == "IN_PROCEDURE"
    served = proof("served", "demand_delivered", "2024-06-17", evidence="COURT_PAPER")
    assert read(claims(DUE, suit, served, over)).raw_on == day("2027-06-17")


def test_an_obstacle_in_the_last_six_months_suspends_for_whom_it_concerns() -> None:
    due = proof("due", "performance_due", "2021-06-10")
    began = proof("o", "obstacle_began", "2024-02-01", thing="flood", person=None)
    ended = proof("e", "obstacle_ended", "2024-08-20", thing="flood")
    with_joint = {"account_1": [joint()]}
    assert read(claims(due, began, **with_joint), as_of="2024-06-30").state == "SUSPENDED"
    assert read(claims(due, began, ended, **with_joint), as_of="2024-09-01").raw_on == day("2025-02-20")
    other = read(claims(due, began, ended, **with_joint), as_of="2024-09-01", person=JOINT)
    assert (other.state, other.raw_on) == ("EXPIRED", day("2024-06-10"))


def test_an_obstacle_that_outlasts_a_restart_suspends_the_new_period_too() -> None:
    due = proof("due", "performance_due", "2018-06-11")
    began = proof("o", "obstacle_began", "2021-02-01", thing="closed")
    demand = proof("d", "demand_delivered", "2021-03-01")
    found = read(claims(due, began, demand, proof("e", "obstacle_ended", "2025-05-05", thing="closed")))
    assert found.raw_on == day("2025-11-05")


def test_a_demand_for_one_debt_says_nothing_of_another() -> None:
    known = claims(
        proof("due", "performance_due", "2022-03-10"),
        proof("d", "demand_delivered", "2024-05-06", debts=(DEBT,)),
        debts=(DEBT, OTHER),
    )
    assert read(known).raw_on == day("2027-05-06")
    assert read(known, debt=OTHER).raw_on == day("2025-03-10")


@pytest.mark.parametrize("towards", [None, JOINT])
def test_what_restarts_for_one_joint_debtor_restarts_for_all(towards: str | None) -> None:
    known = claims(DUE, proof("d", "demand_delivered", "2024-05-06", person=towards), account_1=[joint()])
    assert read(known).raw_on == day("2027-05-06")
    assert read(known, person=JOINT).raw_on == day("2027-05-06")


def test_a_demand_of_a_stranger_or_a_guarantor_restarts_nothing_of_the_debtor() -> None:
    assert read(claims(DUE, proof("d", "demand_delivered", "2024-05-06", person="prs_x"))).raw_on == day(
        "2025-03-10"
    )


def test_a_waiver_binds_only_who_gave_it() -> None:
    due = proof("due", "performance_due", "2020-03-10")
    known = claims(due, proof("w", "written_consent", "2025-01-06", person=JOINT), account_1=[joint()])
    assert read(known, person=JOINT, as_of="2026-03-02").state == "CALENDAR_MISSING"
    assert read(known, person=JOINT).raw_on == day("2028-01-06")
    debtor = read(known)
    assert (debtor.state, debtor.raw_on) == ("EXPIRED", day("2023-03-10"))
    assert debtor.chain[-1].effect == "TOO_LATE"


def test_in_time_a_written_consent_of_one_is_an_agreement_for_all() -> None:
    known = claims(DUE, proof("w", "written_consent", "2024-01-08", person=JOINT), account_1=[joint()])
    assert read(known).raw_on == day("2027-01-08")
    assert read(known).chain[-1].fact.kind == "co_debtor_consent"


def test_a_promise_after_expiry_waives_nothing_a_written_consent_does() -> None:
    due = proof("due", "performance_due", "2018-03-12")
    assert read(claims(due, proof("p", "promise", "2024-01-08"))).state == "EXPIRED"
    consent = read(claims(due, proof("w", "written_consent", "2024-01-08")))
    assert consent.raw_on == day("2027-01-08")


def test_acceleration_beats_the_last_instalment_and_the_latest_due_date_counts_otherwise() -> None:
    book = {
        "account_1": [
            _instalment("i1", "2023-01-10"), _instalment("i2", "2024-01-10"), _instalment("i3", "2026-01-12"),
        ]
    }  # fmt: skip
    assert read(claims(**book)).raw_on == day("2029-01-12")
    assert read(claims(**book), as_of="2025-06-30").raw_on == day("2027-01-10")
    assert read(claims(proof("all", "accelerated", "2024-06-03"), **book)).raw_on == day("2027-06-03")


def test_before_anything_is_due_it_says_from_when_it_will_run() -> None:
    found = read(claims(account_1=[_instalment("i1", "2030-01-10")]))
    assert (found.state, found.begins_on, found.raw_on) == ("NOT_STARTED", day("2030-01-10"), None)


def test_twenty_years_are_the_end_whatever_came_between() -> None:
    due = proof("due", "performance_due", "2004-06-01")
    years = [proof(f"d{year}", "demand_delivered", f"{year}-01-10") for year in range(2006, 2024, 2)]
    assert read(claims(due, *years)).raw_on == day("2024-06-01")


def test_facts_of_a_case_concern_the_debts_that_were_in_it_that_day() -> None:
    moved = [joined(DEBT, "2019-02-01", case=EARLIER), left(DEBT, "2023-06-01", case=EARLIER)]
    while_in = proof("a", "demand_delivered", "2023-05-31", case=EARLIER)
    after = proof("b", "demand_delivered", "2023-06-01", case=EARLIER)
    known = claims(DUE, case_0=[*moved, while_in], account_1=moved)
    assert read(known).raw_on == day("2026-05-31")
    assert read(claims(DUE, case_0=[*moved, after], account_1=moved)).raw_on == day("2025-03-10")


def test_a_proof_from_before_the_case_began_concerns_the_debts_it_began_with() -> None:
    known = claims(
        proof("due", "performance_due", "2018-03-12"),
        proof("d", "demand_delivered", "2018-12-10"),
        joined(OTHER, "2020-01-06"),
        account_2=[joined(OTHER, "2020-01-06")],
    )
    assert read(known).raw_on == day("2021-12-10")
    assert read(known, debt=OTHER).state == "NOT_STARTED"


def test_a_debt_that_has_left_the_case_is_not_read_there() -> None:
    gone = left(DEBT, "2024-01-08")
    known = claims(DUE, gone, debts=(DEBT, OTHER))
    assert {one.debt for one in limitation(known, cn(), as_of=day("2026-11-22"))} == {OTHER}
    assert {one.debt for one in limitation(known, cn(), as_of=day("2024-01-07"))} == {DEBT, OTHER}


def test_after_a_title_its_own_two_years_count_for_whom_it_binds() -> None:
    suit = proof("suit", "sued", "2023-05-08", thing="trk_1", others=(JOINT,))
    ended = proof("end", "procedure_ended", "2023-11-06", thing="trk_1")
    title = proof("title", "title_performance_due", "2023-11-20", thing="trk_1")
    known = claims(DUE, suit, ended, title, account_1=[joint()])
    found = read(known)
    assert (found.what, found.clock, found.state) == ("TITLE", "enforcement_application", "EXPIRED")
    assert found.raw_on == day("2025-11-20")
    assert read(known, person=JOINT).what == "LIMITATION"
    waits = read(known, as_of="2023-11-19")
    assert (waits.what, waits.state, waits.begins_on) == ("TITLE", "NOT_STARTED", day("2023-11-20"))
    assert read(known, as_of="2023-11-05").what == "LIMITATION"
    asked = proof("asked", "demand_delivered", "2025-01-06")
    assert read(claims(DUE, suit, ended, title, asked)).raw_on == day("2027-01-06")


def test_a_case_that_nobody_told_of_has_no_readings() -> None:
    assert limitation(Claims(CASE), cn(), as_of=day("2026-11-22")) == ()


def _instalment(name: str, due: str) -> Any:
    return InstalmentTold(
        debt=DEBT, instalment=name, due=day(due), on=day("2019-01-07"), source_ref=f"book:{name}"
    )


def test_what_was_proved_of_a_case_that_had_not_begun_counts_as_of_days_before_it_too() -> None:
    known = Claims(
        CASE,
        {
            CASE: fold_proofs(
                [joined(DEBT, "2026-03-11"), DUE, proof("p", "demand_delivered", "2025-03-01")]
            ),
            DEBT: fold_proofs([joined(DEBT, "2026-03-11")]),
        },
    )
    before, after = (limitation(known, cn(), as_of=day(on))[0].raw_on for on in ("2026-03-10", "2026-03-11"))
    assert before == after == day("2028-03-01")
