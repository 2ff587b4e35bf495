"""Keeping a case and helping with it: by agreement of another, within the policy's bounds, until the day comes."""

from datetime import timedelta
from typing import Any

import pytest

from services.case.domain.case_commands import AssignCase
from services.case.domain.staffing.keeping import (
    AssistanceTooLong,
    AssistanceUnknown,
    HelperIsHolder,
    NotTheHolder,
    RetentionLimitReached,
    RetentionRuns,
    RetentionTooLong,
    RetentionUnknown,
)
from services.case.domain.staffing.keeping_commands import (
    DecideAssistance,
    DecideRetention,
    EndAssistance,
    EndRetention,
    RequestAssistance,
    RequestRetention,
)
from shared.kernel.four_eyes import MakerIsChecker, NotAwaitingApproval
from shared.kernel.period import EmptyPeriod
from tests.kit.life import DAY, Life, names

MEI, TOM, CHIEF = "user:mei", "user:tom", "user:chief"


def after(days: int) -> Any:
    return DAY + timedelta(days=days)


def allocated(to: str = MEI) -> Life:
    life = Life().open()
    life.do(AssignCase(ref="alc_1", on=DAY, collector=to, reason="SKILL"))
    return life


def retain(ref: str = "rtn_1", **more: Any) -> RequestRetention:
    said = {"on": DAY, "until": after(10), "reason": "WORD_GIVEN", "collector": MEI, "by": f"bank/{MEI}"}
    return RequestRetention(ref=ref, **(said | more))


def decided(ref: str = "rtn_1", **more: Any) -> DecideRetention:
    said = {"on": DAY, "declined": None, "retained": 0, "by": f"bank/{CHIEF}", "person": CHIEF}
    return DecideRetention(retention=ref, **(said | more))


def help_(ref: str = "ast_1", **more: Any) -> RequestAssistance:
    said = {
        "on": DAY,
        "until": after(5),
        "kind": "FIELD",
        "reason": "VISIT",
        "helper": TOM,
        "by": f"bank/{MEI}",
    }
    return RequestAssistance(ref=ref, **(said | more))


def agreed(ref: str = "ast_1", **more: Any) -> DecideAssistance:
    said = {"on": DAY, "declined": None, "by": f"bank/{CHIEF}", "person": CHIEF}
    return DecideAssistance(assistance=ref, **(said | more))


def status(life: Life, ref: str) -> str:
    now = life.picture()
    return (now.retentions | now.assistances)[ref].status


def test_a_case_is_retained_until_its_day() -> None:
    life = allocated()
    assert names(life.do(retain())) == ["RetentionRequested"]
    assert life.do(retain()) == ()
    assert status(life, "rtn_1") == "REQUESTED"
    assert names(life.do(decided())) == ["CaseRetained"]
    assert status(life, "rtn_1") == "RUNNING"
    assert "RetentionExpired" not in life.sweep_until(after(9))
    assert life.sweep(after(10)).count("RetentionExpired") == 1
    assert "RetentionExpired" not in life.sweep(after(11))
    assert status(life, "rtn_1") == "EXPIRED"
    life.do(retain("rtn_2", on=after(11), until=after(12)))


def test_neither_who_asks_nor_who_keeps_it_agrees() -> None:
    life = allocated()
    life.do(retain(by="bank/user:lead"))
    for by, person in (("bank/user:lead", "user:lead"), (f"bank/{MEI}", MEI), ("other-client", MEI)):
        with pytest.raises(MakerIsChecker):
            life.do(decided(by=by, person=person))
    assert names(life.do(decided(declined="NO_NEED"))) == ["RetentionDeclined"]
    assert status(life, "rtn_1") == "DECLINED"
    for again in (decided(), decided(declined="NO_NEED"), decided("rtn_9")):
        with pytest.raises(NotAwaitingApproval):
            life.do(again)
    with pytest.raises(RetentionUnknown):
        life.do(EndRetention(retention="rtn_1", on=DAY, reason="R", by="bank/x"))


def test_the_policy_bounds_how_long_and_how_many() -> None:
    life = allocated()
    with pytest.raises(RetentionTooLong):
        life.do(retain(until=after(31)))
    with pytest.raises(EmptyPeriod):
        life.do(retain(until=DAY))
    with pytest.raises(NotTheHolder):
        life.do(retain(collector=TOM))
    life.do(retain(until=after(30)))
    with pytest.raises(RetentionRuns):
        life.do(retain("rtn_2"))
    with pytest.raises(RetentionLimitReached):
        life.do(decided(retained=10))
    assert names(life.do(decided(retained=9))) == ["CaseRetained"]


def test_a_retention_ends_by_hand_and_when_the_case_goes_to_another() -> None:
    life = allocated()
    life.do(retain())
    life.do(decided())
    assert names(life.do(EndRetention(retention="rtn_1", on=after(2), reason="R", by="bank/x"))) == [
        "RetentionEnded"
    ]
    assert status(life, "rtn_1") == "ENDED"
    other = allocated()
    other.do(retain())
    other.do(decided())
    told = other.do(AssignCase(ref="alc_2", on=after(1), collector=TOM, reason="ILL"))
    assert names(told) == ["CaseAllocated", "RetentionExpired"]
    assert (told[0].previous, told[0].replaces) == (MEI, "alc_1")  # type: ignore[union-attr]
    with pytest.raises(NotTheHolder):
        other.do(retain("rtn_2", on=after(1)))


def test_a_case_that_went_on_before_anybody_agreed_is_not_retained() -> None:
    life = allocated()
    life.do(retain())
    life.do(AssignCase(ref="alc_2", on=DAY, collector=TOM, reason="ILL"))
    with pytest.raises(NotAwaitingApproval):
        life.do(decided())


def test_of_two_allocations_of_one_day_the_later_counts_whatever_their_names() -> None:
    for first, second in (("alc_1", "alc_2"), ("alc_2", "alc_1")):
        life = Life().open()
        life.do(AssignCase(ref=first, on=DAY, collector=MEI, reason="SKILL"))
        life.do(AssignCase(ref=second, on=DAY, collector=TOM, reason="SKILL"))
        with pytest.raises(NotTheHolder):
            life.do(retain())
        life.do(retain(collector=TOM))


def test_somebody_helps_for_a_time_and_the_case_stays_whose_it_is() -> None:
    life = allocated()
    assert names(life.do(help_())) == ["AssistanceRequested"]
    for by, person in ((f"bank/{MEI}", MEI), (f"bank/{TOM}", TOM)):
        with pytest.raises(MakerIsChecker):
            life.do(agreed(by=by, person=person))
    assert names(life.do(agreed())) == ["AssistanceGranted"]
    assert status(life, "ast_1") == "RUNNING"
    with pytest.raises(HelperIsHolder):
        life.do(help_("ast_2"))
    with pytest.raises(HelperIsHolder):
        life.do(help_("ast_2", helper=MEI))
    with pytest.raises(AssistanceTooLong):
        life.do(help_("ast_2", helper="user:ann", until=after(31)))
    assert life.sweep(after(5)).count("AssistanceExpired") == 1
    assert status(life, "ast_1") == "EXPIRED"


def test_help_ends_by_hand_and_is_declined() -> None:
    life = allocated()
    life.do(help_())
    with pytest.raises(AssistanceUnknown):
        life.do(EndAssistance(assistance="ast_1", on=DAY, reason="DONE", by="bank/x"))
    life.do(agreed())
    done = EndAssistance(assistance="ast_1", on=after(2), reason="DONE", by="bank/x")
    assert names(life.do(done)) == ["AssistanceEnded"]
    assert life.do(done) == ()
    assert status(life, "ast_1") == "ENDED"
    assert "AssistanceExpired" not in life.sweep_until(after(6))
    life.do(help_("ast_2", on=after(6), until=after(8)))
    assert names(life.do(agreed("ast_2", on=after(6), declined="NO_NEED"))) == ["AssistanceDeclined"]


def test_what_nobody_agreed_to_lapses_on_its_day() -> None:
    life = allocated()
    life.do(retain(until=after(3)))
    life.do(help_(until=after(3)))
    told = life.sweep_until(after(3))
    assert {"RetentionExpired", "AssistanceExpired"} <= set(told)
    with pytest.raises(NotAwaitingApproval):
        life.do(agreed(on=after(3)))
