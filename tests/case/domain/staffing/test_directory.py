"""The staff directory's rules: who is in which team when, on leave, gone and back; told late or in order."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.case.domain.facts.staff import LeaveTaken, StaffEvent, StaffRegistered, TeamChanged
from services.case.domain.staffing.directory import (
    CancelLeave,
    ChangeStaff,
    LeaveService,
    LeaveUnknown,
    RegisterStaff,
    ReturnToService,
    StaffCommand,
    StaffGone,
    StaffRefTaken,
    StaffUnknown,
    TakeLeave,
    decide,
)
from services.case.domain.staffing.member import Member, Skills, member
from shared.kernel.period import EmptyPeriod

DAY = date(2026, 3, 2)
WHO = "staff-6f1c0d1e-0000-8000-8000-000000000005"


def days(n: int) -> date:
    return DAY + timedelta(days=n)


class Record:
    """One member of staff's record."""

    def __init__(self) -> None:
        self.told: list[StaffEvent] = []

    def do(self, ask: StaffCommand) -> list[str]:
        found = decide(WHO, self.told, ask)
        self.told += found
        return [type(event).__name__ for event in found]

    def on(self, n: int) -> Member:
        found = member(WHO, self.told, as_of=days(n))
        assert found is not None
        return found


def joined(**more: object) -> RegisterStaff:
    said = {"on": DAY, "staff_ref": "user:mei", "name": "陈 某", "role": "COLLECTOR", "team": "A"}
    return RegisterStaff(**(said | more))  # type: ignore[arg-type]


@pytest.fixture
def mei() -> Record:
    record = Record()
    record.do(joined(cap=2))
    return record


def test_nobody_is_there_before_they_join(mei: Record) -> None:
    assert member(WHO, mei.told, as_of=days(-1)) is None
    assert (mei.on(0).team, mei.on(0).cap, mei.on(0).works(DAY)) == ("A", 2, True)


def test_the_same_again_adds_nothing_and_something_else_is_refused(mei: Record) -> None:
    assert mei.do(joined(cap=2)) == []
    with pytest.raises(StaffRefTaken):
        mei.do(joined(cap=3))


def test_a_change_holds_from_its_day(mei: Record) -> None:
    assert mei.do(ChangeStaff(on=days(10), team="B", uncapped=True)) == ["TeamChanged", "CaseCapChanged"]
    assert mei.do(ChangeStaff(on=days(10), team="B", uncapped=True)) == []
    assert [(mei.on(n).team, mei.on(n).cap) for n in (9, 10)] == [("A", 2), ("B", None)]


def test_a_change_told_late_changes_the_days_it_is_about_and_no_later_one(mei: Record) -> None:
    mei.do(ChangeStaff(on=days(10), team="B"))
    mei.do(ChangeStaff(on=days(5), team="C"))
    assert [mei.on(n).team for n in (4, 5, 9, 10)] == ["A", "C", "C", "B"]


def test_leave_is_half_open_and_ends_when_it_is_taken_back(mei: Record) -> None:
    away = TakeLeave(leave="l1", on=days(3), until=days(6), kind="SICK")
    assert mei.do(away) == ["LeaveTaken"]
    assert mei.do(away) == []
    assert [mei.on(0).works(days(n)) for n in range(2, 7)] == [True, False, False, False, True]
    assert mei.do(CancelLeave(leave="l1", on=days(5))) == ["LeaveCancelled"]
    assert mei.do(CancelLeave(leave="l1", on=days(5))) == []
    assert [mei.on(0).works(days(n)) for n in range(2, 7)] == [True, False, False, True, True]
    assert mei.do(CancelLeave(leave="l1", on=days(3))) == ["LeaveCancelled"]
    assert mei.on(0).leaves == ()
    with pytest.raises(LeaveUnknown):
        mei.do(CancelLeave(leave="l2", on=days(5)))
    with pytest.raises(EmptyPeriod):
        mei.do(TakeLeave(leave="l3", on=days(5), until=days(5), kind="SICK"))


def test_who_has_left_takes_no_leave_and_changes_nothing_until_they_return(mei: Record) -> None:
    assert mei.do(LeaveService(on=days(7), reason="LEFT")) == ["StaffLeft"]
    assert mei.do(LeaveService(on=days(8), reason="LEFT")) == []
    assert [mei.on(n).active for n in (6, 7)] == [True, False]
    with pytest.raises(StaffGone):
        mei.do(ChangeStaff(on=days(8), team="B"))
    with pytest.raises(StaffGone):
        mei.do(TakeLeave(leave="l1", on=days(8), until=days(9), kind="SICK"))
    assert mei.do(ReturnToService(on=days(9))) == ["StaffReturned"]
    assert [mei.on(n).active for n in (8, 9)] == [False, True]


def test_nothing_is_said_of_nobody() -> None:
    nobody = Record()
    for ask in (
        ChangeStaff(on=DAY, team="B"),
        LeaveService(on=DAY, reason="LEFT"),
        ReturnToService(on=DAY),
        TakeLeave(leave="l1", on=DAY, until=days(1), kind="SICK"),
    ):
        with pytest.raises(StaffUnknown):
            nobody.do(ask)


def test_a_skill_that_a_case_does_not_ask_for_is_not_missed() -> None:
    skills = Skills(("M1",), ("CARD",), ("zh",))
    assert skills.suit(stage="M1", product=None, language=None)
    assert not skills.suit(stage="M2")
    assert not skills.suit(stage="M1", product="LOAN")
    assert not skills.suit(stage="M1", language="yue")
    assert Skills().suit(stage="M4+", product="LOAN", language="yue")


@given(st.lists(st.integers(0, 8), min_size=1, max_size=5, unique=True))
def test_the_order_in_which_moves_of_different_days_are_told_does_not_count(moved: list[int]) -> None:
    first = StaffRegistered(
        on=DAY, role="COLLECTOR", team="T", stages=(), products=(), languages=(), cap=None, staff_ref="u", name=None
    )  # fmt: skip
    moves = [TeamChanged(on=days(n), team=f"T{n}", previous="T") for n in moved]
    leave = LeaveTaken(leave="l", on=days(1), until=days(4), kind="SICK")
    seen = {
        tuple(member(WHO, [first, leave, *order], as_of=days(n)) for n in range(9))
        for order in permutations(moves)
    }
    assert len(seen) == 1
