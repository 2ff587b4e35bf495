"""Attempts inside holds: judged by their own day, by what was known then and by what is known now."""

from datetime import UTC, date, datetime, time, timedelta

from services.case.domain import conduct
from services.case.domain.case_commands import LiftHold, PlaceHold, RecordAttempt
from services.case.domain.events import ContactAttempted
from services.case.domain.policy import CN_RETAIL_1
from tests.kit.life import DAY, Life


def attempt(ref: str, day: int, permit: str | None = None) -> RecordAttempt:
    on = DAY + timedelta(days=day)
    return RecordAttempt(
        attempt_ref=ref, at=datetime.combine(on, time(2), UTC), on=on, channel="CALL", outcome="NO_ANSWER",
        actor_kind="DIALER", permit=permit,
    )  # fmt: skip


def hold(ref: str, day: int, until: int | None, kind: str = "CEASE") -> PlaceHold:
    end = None if until is None else DAY + timedelta(days=until)
    return PlaceHold(
        ref=ref, kind=kind, on=DAY + timedelta(days=day), until=end, reason="LAW", stops_interest=False
    )


def listed(life: Life, day: int = 90) -> dict[str, tuple[set[str], set[str]]]:
    found = conduct.held_attempts(life.worked.facts, DAY + timedelta(days=day), CN_RETAIL_1)
    return {one.attempt_ref: (set(one.later_discovered), set(one.later_cleared)) for one in found}


def test_an_attempt_is_judged_by_its_own_day_however_late_it_is_told() -> None:
    life = Life().open()
    life.do(hold("hld_1", 5, 10))
    life.sweep(DAY + timedelta(days=20))
    breaches = {}
    for day in (4, 5, 9, 10):
        life.do(attempt(f"a{day}", day))
        breaches[day] = life.last(ContactAttempted).breach
    assert breaches == {4: (), 5: ("CEASE",), 9: ("CEASE",), 10: ()}
    assert listed(life) == {"a5": (set(), set()), "a9": (set(), set())}


def test_a_hold_told_of_later_lists_the_attempts_it_covers() -> None:
    life = Life().open()
    life.do(attempt("before", 3))
    life.do(attempt("inside", 6))
    life.do(attempt("permitted", 7, permit="prm-1"))
    assert listed(life) == {}
    life.do(hold("hld_1", 5, None, kind="ATTORNEY"))
    assert life.worked.facts.one(ContactAttempted, "inside").breach == ()  # type: ignore[union-attr]
    assert listed(life) == {"inside": ({"ATTORNEY"}, set()), "permitted": ({"ATTORNEY"}, set())}
    assert listed(life, 6) == {"inside": ({"ATTORNEY"}, set())}


def test_a_hold_that_turns_out_to_have_ended_earlier_clears_what_was_held_against_an_attempt() -> None:
    life = Life().open()
    life.do(hold("hld_1", 1, 30))
    life.do(attempt("a", 10))
    assert listed(life) == {"a": (set(), set())}
    life.do(LiftHold(hold="hld_1", on=DAY + timedelta(days=8), reason="ENDED"))
    assert listed(life) == {"a": (set(), {"CEASE"})}


def test_an_attempt_before_the_case_meets_no_hold() -> None:
    life = Life().open()
    life.do(attempt("early", -3))
    assert life.last(ContactAttempted).breach == ()
    assert conduct.forbidding(life.worked.facts, date(2020, 1, 1), CN_RETAIL_1) == frozenset()
