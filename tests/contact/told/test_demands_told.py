"""The other services are told whether a contact demanded payment, whom it reached, and what is kept to prove it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from services.contact.domain import commands as c
from services.contact.domain.facts.told import AttemptTold
from services.contact.domain.sending.commands import RecordReceipt
from services.contact.domain.subject import evolve
from tests.contact.subject_kit import PHONE, Life, call, calling, utc
from tests.golden.samples_of_contact import SAMPLES_OF_CONTACT

MORNING = utc("2026-03-02T10:00:00+08:00")
MINUTE = timedelta(minutes=1)
DEBT = "account-1"


def told(led: tuple[Any, ...]) -> AttemptTold:
    """The one telling among the events of a command."""
    [found] = [one for one in led if isinstance(one, AttemptTold)]
    return found


def sent(life: Life, **proposed: Any) -> str:
    """A message that is with its provider."""
    queued: Any = SAMPLES_OF_CONTACT["contact.MessageQueued/v1"]
    sending: Any = SAMPLES_OF_CONTACT["contact.MessageSending/v1"]
    asked = calling(channel="sms", debts=(DEBT,), **proposed)
    for event in (
        replace(queued, proposed=asked, at=MORNING, send_by=MORNING + timedelta(days=1)),
        replace(sending, at=MORNING),
    ):
        life.subject = evolve(life.subject, event)
    return str(queued.message)


def test_a_message_that_collects_is_a_demand_once_it_arrived() -> None:
    life = Life(MORNING + 5 * MINUTE)
    ref = sent(life, purpose="collect")
    said = told(life.do(RecordReceipt(message=ref, kind="DELIVERED", at=MORNING + MINUTE, receipt="r1")))
    assert (said.demand, said.outcome, said.delivered_at) == (True, "DELIVERED", MORNING + MINUTE)
    assert (said.debts, said.point, said.person, said.misdirected) == ((DEBT,), PHONE, None, False)


def test_a_message_that_serves_the_debtor_demands_nothing() -> None:
    life = Life(MORNING + 5 * MINUTE)
    ref = sent(life, purpose="service")
    assert not told(
        life.do(RecordReceipt(message=ref, kind="DELIVERED", at=MORNING + MINUTE, receipt="r1"))
    ).demand


def test_a_talk_is_a_demand_where_the_debts_were_spoken_of_with_the_debtor() -> None:
    def talk(**said: Any) -> bool:
        life = Life(MORNING + 5 * MINUTE)
        return told(life.do(call("1", MORNING, said.pop("outcome", "conversation"), **said))).demand

    assert talk(purpose="collect", discussed=(DEBT,), identity="VERIFIED")
    assert not talk(purpose="collect", discussed=(DEBT,), identity="FAILED")
    assert not talk(purpose="collect")
    assert not talk(purpose="service", discussed=(DEBT,))
    assert not talk(purpose="collect", discussed=(DEBT,), outcome="voicemail_limited_content")


def test_a_number_found_to_be_a_strangers_takes_its_contacts_along_until_it_is_recorded_again() -> None:
    life = Life(MORNING + 5 * MINUTE)
    ref = sent(life, purpose="collect")
    life.do(RecordReceipt(message=ref, kind="DELIVERED", at=MORNING + MINUTE, receipt="r1"))
    wrong = told(life.do(c.MisdirectPoint(point=PHONE, person=None, source="CARRIER", at=MORNING + MINUTE)))
    assert (wrong.attempt, wrong.revision, wrong.misdirected) == (ref, 2, True)
    right = c.RecordPoint(
        point=PHONE, medium="phone", value="+8613800000000", person=None, source="CORE",
        at=MORNING + 2 * MINUTE,
    )  # fmt: skip
    again = told(life.do(right))
    assert (again.attempt, again.revision, again.misdirected) == (ref, 3, False)


def test_a_recording_of_a_talk_is_told() -> None:
    life = Life(MORNING + 5 * MINUTE)
    life.do(call("1", MORNING, "conversation", purpose="collect", discussed=(DEBT,)))
    said = told(life.do(c.StoreRecording(attempt="cat_1", uri="s3://r/1", sha256="ab" * 32, seconds=60)))
    assert (said.recorded, said.demand) == (True, True)
