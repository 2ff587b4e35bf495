"""The grid says of every instant what the decision would say of it, and its next open slot is what a deferral names."""

from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
import pytest

from services.contact.adapters.pack_files import shipped
from services.contact.domain.asked import Question
from services.contact.domain.asking.grid import grid, next_open
from services.contact.domain.decide import decide
from tests.contact.questions import asked

PACKS = shipped(house=True)


def _called(at: str, **more: object) -> dict[str, object]:
    return {"t": at, "ev": "call", "outcome": "conversation", "debts": ["D"], "address": "p", **more}


THREE_TODAY = [_called(f"2026-03-02T0{hour}:30:00+08:00") for hour in (8, 8, 9)]
QUESTIONS = {
    "an ordinary morning": asked(),
    "three conversations today": asked(*THREE_TODAY),
    "at night": asked(at="2026-03-02T23:10:00+08:00"),
    "two zones": asked(
        at="2026-03-06T12:00:00-05:00", jurisdictions=("US",), zones=("America/New_York", "America/Los_Angeles"),
        collector_role="third_party",
    ),
    "an inconvenient weekday and a flag that ends": asked(
        {"t": "2026-03-01T10:00:00+08:00", "ev": "inconvenient", "days": [2], "from": "12:00", "to": "14:00"},
        {"t": "2026-03-01T00:00:00Z", "ev": "flag_set", "flag": "moratorium", "until": "2026-03-04T09:17:00+08:00"},
    ),
    "a text whose check goes stale": asked(
        {"t": "2026-01-04T15:45:00-05:00", "ev": "sms_consent", "address": "p"},
        at="2026-03-03T12:00:00-05:00", jurisdictions=("US",), zones=("America/New_York",), channel="sms", address="p",
        collector_role="third_party", content=["optout_line"],
    ),
    "over a clock change": asked(
        at="2026-03-06T12:00:00-05:00", jurisdictions=("US",), zones=("America/New_York",),
        collector_role="third_party",
    ),
}  # fmt: skip
every = pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))


def _at(question: Question, at: datetime) -> Question:
    return msgspec.structs.replace(question, proposal=msgspec.structs.replace(question.proposal, at=at))


@every
def test_slots_follow_one_another_over_seven_days(question: Question) -> None:
    slots = grid(question, PACKS)
    at = question.proposal.at
    assert (slots[0].from_, slots[-1].until) == (at, at + timedelta(days=7))
    for before, after in pairwise(slots):
        assert before.until == after.from_
        assert before.rules != after.rules


@every
def test_every_half_hour_of_the_grid_is_what_would_be_decided_then(question: Question) -> None:
    slots = grid(question, PACKS)
    for step in range(7 * 48):
        at = question.proposal.at + step * timedelta(minutes=30, seconds=7)
        slot = next(slot for slot in slots if slot.from_ <= at < slot.until or slot is slots[-1])
        assert slot.rules == decide(_at(question, at), PACKS).rules, at


@every
def test_the_next_open_slot_is_the_one_a_deferral_names(question: Question) -> None:
    found, decision = next_open(grid(question, PACKS)), decide(question, PACKS)
    if decision.outcome == "defer":
        assert found is not None
        assert found.from_ == decision.until
    if decision.outcome == "allow":
        assert found is not None
        assert found.from_ == question.proposal.at


def test_where_no_pack_is_nothing_opens() -> None:
    slots = grid(asked(jurisdictions=("ZZ",)), PACKS)
    assert [(slot.open, slot.rules) for slot in slots] == [(False, ("PACK-MISSING",))]
    assert next_open(slots) is None
    [slot] = grid(asked(zones=("No/Where",)), PACKS)
    assert slot.rules == ("ZONE-UNKNOWN",)
