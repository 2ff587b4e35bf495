"""Who may collect, what limits it, and what is recorded whatever we think of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.case.domain import hold, mode, relief
from services.case.domain.case_commands import (
    AnswerComplaint,
    AssignCase,
    ClaimHardship,
    ConfirmRecall,
    EndLegalReferral,
    EscalateComplaint,
    GrantRelief,
    LiftHold,
    LogComplaint,
    PlaceHold,
    PlaceWithAgency,
    RecallPlacement,
    RecordAttempt,
    RecordCircumstance,
    RecordIncapacity,
    ReferToLegal,
    ReportDeath,
)
from services.case.domain.complaint import ComplaintAlreadyAnswered
from services.case.domain.events import ContactAttempted
from services.case.domain.money_commands import AttachDebt, DetachDebt
from services.case.domain.payment import DebtNotInCase
from tests.kit.life import ACCOUNT, DAY, Life, cny, names

NEXT = DAY + timedelta(days=1)
OTHER = ACCOUNT[:-1] + "2"


def place(on: date = DAY) -> PlaceWithAgency:
    return PlaceWithAgency(
        ref="plc_1", agency="agency-1", on=on, until=DAY + timedelta(days=60), evaluated_on=DAY
    )


def attempt(ref: str = "att-1", permit: str | None = None) -> RecordAttempt:
    return RecordAttempt(
        attempt_ref=ref, at=datetime(2026, 3, 3, 2, tzinfo=UTC), on=NEXT, channel="VOICE", outcome="NO_ANSWER",
        actor_kind="AGENCY", permit=permit,
    )  # fmt: skip


def test_a_placement_changes_the_mode_until_it_is_recalled() -> None:
    life = Life().open()
    assert names(life.do(place())) == ["DebtPlacedWithAgency", "HandlingModeChanged"]
    with pytest.raises(mode.ModeNotFree):
        life.do(ReferToLegal(ref="ref_1", on=DAY, reason="SUE", by="user:a"))
    assert names(life.do(RecallPlacement(placement="plc_1", on=NEXT, reason="COMPLAINT"))) == [
        "RecallRequested",
        "HandlingModeChanged",
    ]
    assert names(life.do(ConfirmRecall(placement="plc_1", on=NEXT))) == ["RecallConfirmed"]
    assert names(life.do(ReferToLegal(ref="ref_1", on=NEXT, reason="SUE", by="user:a"))) == [
        "LegalReferred",
        "HandlingModeChanged",
    ]
    assert life.picture().mode == mode.LEGAL
    assert life.picture().guards == {"SUIT"}
    life.do(EndLegalReferral(referral="ref_1", on=NEXT, outcome="WITHDRAWN"))
    assert life.picture().mode == mode.INTERNAL


def test_a_placement_ends_with_its_term() -> None:
    life = Life().open()
    life.do(place())
    assert life.sweep(DAY + timedelta(days=60)) == ["PlacementExpired", "HandlingModeChanged"]


def test_an_agency_must_be_evaluated_and_a_hold_forbids_to_hand_over() -> None:
    life = Life().open()
    with pytest.raises(mode.AgencyNotEvaluated):
        life.do(
            PlaceWithAgency(
                ref="plc_1", agency="a", on=DAY, until=NEXT, evaluated_on=DAY - timedelta(days=366)
            )
        )
    life.do(ClaimHardship(ref="rlf_1", cause="ILLNESS", on=DAY))
    with pytest.raises(mode.HoldForbidsHandover):
        life.do(place())


def test_hardship_is_claimed_granted_and_ends_by_its_day() -> None:
    life = Life().open()
    assert names(life.do(ClaimHardship(ref="rlf_1", cause="ILLNESS", on=DAY))) == [
        "HardshipClaimed",
        "HoldPlaced",
    ]
    with pytest.raises(relief.ReliefTermsRefused):
        life.do(
            GrantRelief(
                relief="rlf_1",
                on=NEXT,
                until=DAY + timedelta(days=30),
                measures=("GIFT",),
                ageing="RUN",
                by="u",
            )
        )
    life.do(
        GrantRelief(
            relief="rlf_1",
            on=NEXT,
            until=DAY + timedelta(days=60),
            measures=("GRACE",),
            ageing="FREEZE",
            by="u",
        )
    )
    assert life.sweep(DAY + timedelta(days=59)) == []
    assert life.picture().days_past_due == 120
    said = life.sweep(DAY + timedelta(days=60))
    assert said[:2] == ["ReliefEnded", "HoldLifted"]
    assert life.picture().days_past_due == 180


def test_a_contact_is_recorded_and_flagged_where_a_hold_forbade_it() -> None:
    life = Life().open()
    life.do(PlaceHold(ref="hld_1", kind="CEASE", on=DAY, until=None, reason="ASKED", stops_interest=False))
    life.do(attempt())
    assert life.last(ContactAttempted).breach == ("CEASE",)
    assert life.do(attempt()) == ()
    life.do(attempt("att-2", permit="permit-1"))
    assert life.last(ContactAttempted).breach == ()
    life.do(LiftHold(hold="hld_1", on=NEXT, reason="ASKED"))
    life.do(attempt("att-3"))
    assert life.last(ContactAttempted).breach == ()
    with pytest.raises(hold.HoldUnknown):
        life.do(LiftHold(hold="hld_9", on=NEXT, reason="ASKED"))


def test_a_complaint_holds_until_it_is_answered() -> None:
    life = Life().open()
    assert names(life.do(LogComplaint(ref="cmp_1", kind="CONDUCT", on=DAY, attempts=("att-1",)))) == [
        "ComplaintReceived",
        "HoldPlaced",
    ]
    answer = AnswerComplaint(complaint="cmp_1", on=NEXT, finding="BREACH", redress=cny(100), by="user:a")
    assert names(life.do(answer)) == ["ComplaintAnswered", "HoldLifted"]
    with pytest.raises(ComplaintAlreadyAnswered):
        life.do(answer)
    assert names(life.do(EscalateComplaint(complaint="cmp_1", on=NEXT, to="OMBUDSMAN"))) == [
        "ComplaintEscalated"
    ]


def test_death_and_incapacity_hold_the_case() -> None:
    life = Life().open()
    assert names(life.do(ReportDeath(ref="dth_1", on=DAY, confirmed=False))) == [
        "DeathReported",
        "HoldPlaced",
    ]
    assert names(life.do(ReportDeath(ref="dth_1", on=NEXT, confirmed=True))) == ["DeathConfirmed"]
    life.do(RecordIncapacity(ref="inc_1", on=NEXT))
    assert life.picture().hold_kinds == {"DECEASED", "INCAPABLE"}


def test_debts_join_and_leave_and_what_is_known_is_kept() -> None:
    life = Life().open()
    life.do(AttachDebt(account=OTHER, on=DAY, arrears=cny(5_000), days_past_due=140))
    assert (life.picture().owed.total, life.picture().days_past_due) == (cny(105_000), 140)
    life.do(DetachDebt(account=OTHER, on=NEXT, reason="SOLD"))
    assert (life.picture().owed.total, life.picture().debts) == (cny(100_000), (ACCOUNT,))
    with pytest.raises(DebtNotInCase):
        life.do(DetachDebt(account=OTHER, on=NEXT, reason="SOLD"))
    said = life.do(RecordCircumstance(ref="cir_1", topic="REASON", value="LOST_JOB", source="CALL", on=DAY))
    assert names(said) == ["CircumstanceRecorded"]
    assert names(life.do(AssignCase(ref="asn_1", on=DAY, collector="user:c", reason="SKILL"))) == [
        "CaseAllocated"
    ]
