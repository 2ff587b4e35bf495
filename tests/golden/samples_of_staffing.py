"""Samples of what is said of the staff and of sharing cases out; `samples.py` has them with all others."""

from datetime import date

from msgspec import Struct

from services.case.domain import events as case
from services.case.domain.facts import allocation, keeping, staff
from shared.kernel.money import Money

CASE = "case-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
STAFF = "staff-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
DAY = date(2005, 9, 12)
TWD = Money(1_234_500, "TWD")

STAFFING: dict[str, Struct] = {
    "case.CaseAllocated/v1": case.CaseAllocatedFirst(
        allocation="all_01", on=DAY, reason="ASKED_BY_DEBTOR", collector="user:chen"
    ),
    "case.StaffRegistered/v1": staff.StaffRegistered(
        on=DAY,
        role="COLLECTOR",
        team="TEAM_A",
        stages=("M1", "M2"),
        products=("CARD",),
        languages=("zh-CN",),
        cap=200,
        staff_ref="user:5b0e",
        name="陈 某",
    ),
    "case.StaffRenamed/v1": staff.StaffRenamed(on=DAY, name="陈 某某"),
    "case.TeamChanged/v1": staff.TeamChanged(on=DAY, team="TEAM_B", previous="TEAM_A"),
    "case.RoleChanged/v1": staff.RoleChanged(on=DAY, role="TEAM_LEAD", previous="COLLECTOR"),
    "case.SkillsChanged/v1": staff.SkillsChanged(on=DAY, stages=("M3",), products=(), languages=()),
    "case.CaseCapChanged/v1": staff.CaseCapChanged(on=DAY, cap=None),
    "case.LeaveTaken/v1": staff.LeaveTaken(leave="lve_01", on=DAY, until=date(2005, 9, 20), kind="SICK"),
    "case.LeaveCancelled/v1": staff.LeaveCancelled(leave="lve_01", on=DAY),
    "case.StaffLeft/v1": staff.StaffLeft(on=DAY, reason="LEFT"),
    "case.StaffReturned/v1": staff.StaffReturned(on=DAY),
    "case.CaseAllocated/v2": case.CaseAllocated(
        allocation="alc_02",
        on=DAY,
        reason="ROTATION",
        run="alr_01",
        replaces="alc_01",
        collector="user:5b0e",
        previous="user:6c1f",
    ),
    "case.AllocationRun/v1": allocation.AllocationRun(
        run="alr_01",
        plan="alr_01.0",
        on=DAY,
        seed="2005-09-12",
        terms=allocation.AllocationTerms(
            rule="cn-staffing/1/by-band", rotation_days=30, bands=(1_000, 10_000)
        ),
        queue="M2",
        team="TEAM_A",
        staff=(allocation.Candidate(staff=STAFF, held=3, room=17, stages=("M2",)),),
        given=1,
        kept=0,
        left=0,
        refused=0,
        parts=1,
    ),
    "case.AllocationShared/v1": allocation.AllocationShared(
        plan="alr_01.0",
        on=DAY,
        part=1,
        items=(
            allocation.Shared(
                seen=allocation.CaseSeen(case=CASE, stage="M2", arrears=TWD),
                outcome="GIVEN",
                reason="EVEN_COUNT",
                to=STAFF,
            ),
        ),
    ),
    "case.AllocationFinished/v1": allocation.AllocationFinished(
        run="alr_01", on=DAY, given=0, refused=((CASE, "case-not-open"),)
    ),
    "case.RetentionRequested/v1": keeping.RetentionRequested(
        retention="rtn_01",
        on=DAY,
        until=date(2005, 9, 30),
        reason="WORD_GIVEN",
        collector="user:5b0e",
        by="bank/5b0e",
    ),
    "case.CaseRetained/v1": keeping.CaseRetained(
        retention="rtn_01", on=DAY, until=date(2005, 9, 30), collector="user:5b0e", by="bank/6c1f"
    ),
    "case.RetentionDeclined/v1": keeping.RetentionDeclined(
        retention="rtn_01", on=DAY, reason="NO_NEED", by="bank/6c1f"
    ),
    "case.RetentionEnded/v1": keeping.RetentionEnded(
        retention="rtn_01", on=DAY, reason="NO_NEED", by="bank/6c1f"
    ),
    "case.RetentionExpired/v1": keeping.RetentionExpired(retention="rtn_01", as_of=DAY),
    "case.AssistanceRequested/v1": keeping.AssistanceRequested(
        assistance="ast_01",
        on=DAY,
        until=date(2005, 9, 30),
        kind="FIELD",
        reason="VISIT",
        helper="user:7d20",
        by="bank/5b0e",
    ),
    "case.AssistanceGranted/v1": keeping.AssistanceGranted(
        assistance="ast_01", on=DAY, until=date(2005, 9, 30), helper="user:7d20", by="bank/6c1f"
    ),
    "case.AssistanceDeclined/v1": keeping.AssistanceDeclined(
        assistance="ast_01", on=DAY, reason="NO_NEED", by="bank/6c1f"
    ),
    "case.AssistanceEnded/v1": keeping.AssistanceEnded(
        assistance="ast_01", on=DAY, reason="DONE", by="bank/6c1f"
    ),
    "case.AssistanceExpired/v1": keeping.AssistanceExpired(assistance="ast_01", as_of=DAY),
}
