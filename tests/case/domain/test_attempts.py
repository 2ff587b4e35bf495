"""An attempt counts as it is known now: an outcome corrected, corrected back, or an attempt that never was."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.case.domain import attempts, conduct, next_action
from services.case.domain import case_commands as c
from services.case.domain import events as e
from services.case.domain.policy import CN_RETAIL_1, CN_RETAIL_2
from services.case.domain.treatment.condition import NOT_TRIED, RIGHT_PARTY, TRIED
from services.case.domain.treatment.inputs import inputs_of
from shared.kernel.policy import PolicyVersion
from tests.kit.life import DAY, Life, names

DUTIES = replace(CN_RETAIL_2, version=PolicyVersion("cn-retail/2", DAY))
"""A policy by which somebody is called within so many days."""
LAST = DUTIES.life.first_contact_days


def attempt(ref: str, day: int = 0, *, permit: str | None = None) -> c.RecordAttempt:
    """Nobody answered."""
    return c.RecordAttempt(
        attempt_ref=ref, at=at(on(day)), on=on(day), channel="VOICE", outcome="NO_ANSWER", actor_kind="COLLECTOR",
        permit=permit, rules=("NO-PERMIT",) if permit is None else (),
    )  # fmt: skip


def revised(
    ref: str, revision: int, outcome: str, day: int = 0, *, permit: str | None = None, retracted: bool = False
) -> c.ReviseAttempt:
    """What is known by a later revision."""
    return c.ReviseAttempt(
        attempt_ref=ref, revision=revision, at=at(on(day)), on=on(day), outcome=outcome, permit=permit, rules=(),
        retracted=retracted,
    )  # fmt: skip


def on(day: int) -> date:
    """So many days after the case opened."""
    return DAY + timedelta(days=day)


def at(day: date) -> datetime:
    """At ten in the morning."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def whys(life: Life) -> list[str]:
    """Why the debtor is to be called."""
    found = next_action.next_actions(life.worked.facts, life.picture(), life.policy)
    return [why.code for one in found if one.action == "CALL" for why in one.why]


def reached(life: Life) -> str:
    """What the rules of segments go by."""
    return inputs_of(life.worked.facts, life.picture(), (), episode=1).reached


def test_an_outcome_corrected_and_corrected_back_counts_everywhere() -> None:
    life = Life().open(days_past_due=12)
    life.do(attempt("cat_1"))
    assert ("NEVER_REACHED" in whys(life), reached(life)) == (True, TRIED)
    assert names(life.do(revised("cat_1", 2, "RIGHT_PARTY"))) == ["ContactRevised"]
    assert ("NEVER_REACHED" in whys(life), reached(life)) == (False, RIGHT_PARTY)
    life.do(revised("cat_1", 3, "NO_ANSWER"))
    assert ("NEVER_REACHED" in whys(life), reached(life)) == (True, TRIED)
    life.do(revised("cat_1", 4, "NO_ANSWER", retracted=True))
    assert ("NEVER_REACHED" in whys(life), reached(life)) == (False, NOT_TRIED)


@pytest.mark.parametrize("order", [(2, 3), (3, 2)])
def test_the_newest_revision_counts_whichever_came_last(order: tuple[int, int]) -> None:
    life = Life().open(days_past_due=12)
    life.do(attempt("cat_1"))
    outcomes = {2: "RIGHT_PARTY", 3: "THIRD_PARTY"}
    for number in order:
        life.do(revised("cat_1", number, outcomes[number]))
    [known] = attempts.known(life.worked.facts)
    assert (known.outcome, known.channel, known.actor_kind) == ("THIRD_PARTY", "VOICE", "COLLECTOR")


def test_a_revision_of_an_attempt_the_case_was_never_told_of_is_no_attempt() -> None:
    life = Life().open(days_past_due=12)
    life.do(revised("cat_1", 2, "RIGHT_PARTY"))
    assert attempts.known(life.worked.facts) == []


def test_an_attempt_that_never_was_is_no_first_contact() -> None:
    life = Life(policy=DUTIES).open(days_past_due=12)
    life.do(attempt("cat_1", LAST))
    assert "FirstContactFellDue" not in life.sweep_until(on(LAST + 3))
    told = life.do(revised("cat_1", 2, "NO_ANSWER", LAST, retracted=True))
    assert names(told) == ["ContactRevised", "FirstContactFellDue"]
    assert names(life.do(revised("cat_1", 3, "NO_ANSWER", LAST))) == ["ContactRevised", "FellDueRetracted"]


def test_an_attempt_revised_keeps_the_hold_it_was_made_in_until_a_permit_covers_it() -> None:
    life = Life().open()
    life.do(c.PlaceHold(ref="hld_1", kind="CEASE", on=DAY, until=None, reason="LAW", stops_interest=False))
    life.do(attempt("cat_1", 1))
    assert life.last(e.ContactAttempted).breach == ("CEASE", "NO-PERMIT")
    life.do(revised("cat_1", 2, "RIGHT_PARTY", 1))
    assert life.last(e.ContactRevised).breach == ("CEASE",)
    life.do(revised("cat_1", 3, "RIGHT_PARTY", 1, permit="cpm_1"))
    assert life.last(e.ContactRevised).breach == ()
    [listed] = conduct.held_attempts(life.worked.facts, on(9), CN_RETAIL_1)
    assert (set(listed.known), set(listed.in_force), listed.permit) == ({"CEASE"}, {"CEASE"}, "cpm_1")
    life.do(revised("cat_1", 4, "RIGHT_PARTY", 1, retracted=True))
    assert conduct.held_attempts(life.worked.facts, on(9), CN_RETAIL_1) == ()


def test_a_permit_that_proves_to_be_none_leaves_the_holds_of_its_day() -> None:
    life = Life().open()
    life.do(c.PlaceHold(ref="hld_1", kind="CEASE", on=DAY, until=None, reason="LAW", stops_interest=False))
    life.do(attempt("cat_1", 1, permit="cpm_1"))
    assert life.last(e.ContactAttempted).breach == ()
    life.do(revised("cat_1", 2, "NO_ANSWER", 1))
    assert life.last(e.ContactRevised).breach == ("CEASE",)
