"""A case is judged once for a day: the picture stays with the facts it was drawn from, and with no others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.case.domain.case_commands import RecordAttempt
from services.case.domain.case_facts import NO_FACTS, PICTURES_MAX, UNJUDGED, CaseFacts
from services.case.domain.events import PaymentReceived
from services.case.domain.judge import judge
from services.case.domain.money_commands import RecordPayment, TakePromise
from services.case.domain.policy import CN_RETAIL_1
from tests.kit.life import ACCOUNT, DAY, Life, cny


def a_life() -> Life:
    life = Life().open()
    life.do(TakePromise(ref="prm_1", on=DAY, amount=cny(500), due=DAY + timedelta(days=9), given_by="DEBTOR"))
    return life


def attempt(ref: str) -> RecordAttempt:
    return RecordAttempt(
        attempt_ref=ref,
        at=datetime(2026, 3, 2, 3, tzinfo=UTC),
        on=DAY,
        channel="VOICE",
        outcome="REACHED",
        actor_kind="COLLECTOR",
        permit=None,
    )


def anew(facts: CaseFacts) -> CaseFacts:
    """The same facts, nothing drawn of them."""
    return CaseFacts(dict(facts.by_key), facts.plain)


def test_the_picture_is_drawn_once_for_a_day_and_a_policy() -> None:
    facts = a_life().worked.facts
    picture = judge(facts, DAY, CN_RETAIL_1)
    assert judge(facts, DAY, CN_RETAIL_1) is picture
    assert judge(facts, DAY + timedelta(days=1), CN_RETAIL_1) is not picture
    other = replace(CN_RETAIL_1, life=replace(CN_RETAIL_1.life, promise_grace_days=9))
    later = DAY + timedelta(days=12)
    by_first, by_other = (judge(facts, later, policy).promises["prm_1"] for policy in (CN_RETAIL_1, other))
    assert by_first.status != by_other.status
    for days in range(3 * PICTURES_MAX):
        judge(facts, DAY + timedelta(days=days), CN_RETAIL_1)
    assert len(facts.pictures) <= PICTURES_MAX


def test_a_new_fact_is_judged_and_an_attempt_changes_no_picture() -> None:
    life = a_life()
    before = life.picture()
    life.do(attempt("dial-1"))
    facts = life.worked.facts
    assert [type(fact) for fact in facts.by_key.values()].count(UNJUDGED[0]) == 1
    assert life.picture() is before
    assert judge(anew(facts), life.today, life.policy) == before
    life.do(RecordPayment(ref="pay_1", account=ACCOUNT, on=DAY, amount=cny(500), channel="BANK"))
    assert life.picture().owed != before.owed
    assert judge(anew(life.worked.facts), life.today, life.policy) == life.picture()
    assert judge(life.worked.facts.until(DAY - timedelta(days=1)), DAY, life.policy) != before
    assert not NO_FACTS.pictures


def test_facts_told_one_by_one_stand_in_the_order_of_facts_told_at_once() -> None:
    life = a_life()
    for number, days in enumerate((5, 0, 9, 0, 2)):
        day, ref = DAY - timedelta(days=days), f"pay_{9 - number}"
        life.do(RecordPayment(ref=ref, account=ACCOUNT, on=day, amount=cny(10), channel="BANK"))
        facts = life.worked.facts
        told, at_once = list(facts.all(PaymentReceived)), list(anew(facts).all(PaymentReceived))
        assert told == at_once
        assert len(told) == number + 1
        for before in (DAY - timedelta(days=6), DAY - timedelta(days=2), DAY):
            assert facts.until(before) == anew(facts).until(before)
            assert facts.until(before).until(day) == anew(facts).until(min(before, day))
