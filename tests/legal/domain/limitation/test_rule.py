"""Suing on an expired claim is refused by the pack's rule; where the pack allows, a second person lets it through."""

import pytest
from msgspec.structs import replace

from services.legal.adapters.law_files import shipped
from services.legal.domain.facts.matter import OverrideGiven
from services.legal.domain.limitation.reading import expired
from services.legal.domain.limitation.rule import (
    ClaimExpired,
    OverrideForbidden,
    OverrideReasonUnknown,
    check_override,
    may_sue,
)
from tests.legal.domain.limitation.kit import (
    DEBT,
    JOINT_GUARANTOR,
    OTHER,
    claims,
    cn,
    day,
    guarantee,
    proof,
    read,
    restored,
    retracted,
)

TODAY = day("2026-11-22")
DUE = proof("due", "performance_due", "2022-03-10")
DEMAND = proof("demand", "demand_delivered", "2024-05-06")


def override(reason: str) -> OverrideGiven:
    return OverrideGiven(
        override="ovr_1", track="trk_1", wanted="SUIT_FILED", reason=reason, on=TODAY, asked_by="user:lin",
        by="user:wu",
    )  # fmt: skip


def test_retracting_one_delivery_proof_flips_a_filing_and_the_guarantors_date_stays() -> None:
    told = {"account_1": [guarantee(JOINT_GUARANTOR, "JOINT", "2027-06-30")]}
    known = claims(DUE, DEMAND, **told)
    may_sue(known, cn(), debts=(DEBT,), persons=(None,), as_of=TODAY)
    guarantor = read(known, person=JOINT_GUARANTOR)

    fallen = claims(DUE, DEMAND, retracted("demand"), **told)
    with pytest.raises(ClaimExpired) as refused:
        may_sue(fallen, cn(), debts=(DEBT,), persons=(None,), as_of=TODAY)
    assert refused.value.context == {
        "rule": "CN-LIMITATION-EXPIRED", "source": "民法典 188, 192", "debts": (DEBT,), "clock": "limitation",
        "expired_on": day("2025-03-10"), "reasons": cn().limitation.override_reasons,
    }  # fmt: skip
    assert read(fallen, person=JOINT_GUARANTOR) == guarantor

    again = claims(DUE, DEMAND, retracted("demand"), restored("demand"), **told)
    may_sue(again, cn(), debts=(DEBT,), persons=(None,), as_of=TODAY)
    assert read(again) == read(known)


def test_a_retraction_made_later_counts_for_a_filing_of_an_earlier_day() -> None:
    """Who files today for yesterday knows today that the proof is none."""
    with pytest.raises(ClaimExpired):
        may_sue(
            claims(DUE, DEMAND, retracted("demand", "2026-11-20")), cn(), debts=(DEBT,), persons=(None,),
            as_of=day("2026-11-19"),
        )  # fmt: skip


def test_the_last_day_is_in_time_and_the_day_after_is_not() -> None:
    """10 March 2025 is a Monday."""
    may_sue(claims(DUE), cn(), debts=(DEBT,), persons=(None,), as_of=day("2025-03-10"))
    with pytest.raises(ClaimExpired):
        may_sue(claims(DUE), cn(), debts=(DEBT,), persons=(None,), as_of=day("2025-03-11"))


def test_where_the_working_days_are_not_announced_the_raw_day_is_the_last() -> None:
    known = claims(proof("due", "performance_due", "2024-02-29"))
    assert read(known).state == "CALENDAR_MISSING"
    assert expired(known, cn(), (DEBT,), as_of=day("2027-02-28")) == ()
    assert len(expired(known, cn(), (DEBT,), as_of=day("2027-03-01"))) == 1


def test_one_expired_debt_of_two_stands_in_the_way_and_is_named() -> None:
    known = claims(DUE, proof("d", "promise", "2025-01-06", debts=(DEBT,)), debts=(DEBT, OTHER))
    with pytest.raises(ClaimExpired) as refused:
        may_sue(known, cn(), debts=(), persons=(None,), as_of=TODAY)
    assert refused.value.debts == (OTHER,)
    may_sue(known, cn(), debts=(DEBT,), persons=(None,), as_of=TODAY)


def test_a_guarantor_is_judged_by_their_own_period() -> None:
    known = claims(DUE, DEMAND, account_1=[guarantee(JOINT_GUARANTOR, "JOINT")])
    with pytest.raises(ClaimExpired) as refused:
        may_sue(known, cn(), debts=(DEBT,), persons=(None, JOINT_GUARANTOR), as_of=TODAY)
    assert refused.value.context["clock"] == "guarantee"


def test_an_heir_owes_what_the_debtor_owes() -> None:
    assert expired(claims(DUE, DEMAND), cn(), (DEBT,), as_of=TODAY, persons=("prs_heir",)) == ()
    [over] = expired(claims(DUE), cn(), (DEBT,), as_of=TODAY, persons=("prs_heir",))
    assert over.role == "OTHER"


def test_an_override_lets_it_through_for_a_reason_of_the_pack_only() -> None:
    known = claims(DUE)
    fits = override("COUNSEL_READS_OTHERWISE")
    may_sue(known, cn(), debts=(DEBT,), persons=(None,), as_of=TODAY, override=fits)
    with pytest.raises(ClaimExpired):
        may_sue(known, cn(), debts=(DEBT,), persons=(None,), as_of=TODAY, override=override("WE_WANT_TO"))
    check_override(cn(), "COUNSEL_READS_OTHERWISE")
    with pytest.raises(OverrideReasonUnknown):
        check_override(cn(), "WE_WANT_TO")


def test_a_third_party_in_the_united_states_never_sues_on_a_time_barred_debt() -> None:
    regf = shipped()["us.regf"]
    known = claims(proof("bar", "time_bar_last_day", "2025-06-30"))
    may_sue(known, regf, debts=(DEBT,), persons=(None,), as_of=day("2025-06-30"))
    with pytest.raises(ClaimExpired) as refused:
        may_sue(
            known, regf, debts=(DEBT,), persons=(None,), as_of=TODAY,
            override=override("COUNSEL_READS_OTHERWISE"),
        )  # fmt: skip
    assert (refused.value.context["rule"], refused.value.context["reasons"]) == ("1006.26(b)", ())
    with pytest.raises(OverrideForbidden):
        check_override(regf, "COUNSEL_READS_OTHERWISE")


def test_a_pack_that_knows_no_limitation_refuses_nothing() -> None:
    law = replace(cn(), limitation=replace(cn().limitation, clock=None, title=None))
    assert expired(claims(DUE), law, (DEBT,), as_of=TODAY) == ()
