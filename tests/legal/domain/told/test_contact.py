"""What a contact of ours proves: a demand that arrived, on the day it did, as long as what is known bears it out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.legal.domain.act import act
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims, Proofs, fold_proofs
from services.legal.domain.matter import Matter
from services.legal.domain.told import contact as rules
from services.legal.domain.told.said import Said
from tests.legal.domain.told.test_case import CASE, DEBT, GROUND, NOW, OTHER, Book

MESSAGE: dict[str, Any] = {
    "attempt": "cat_1", "revision": 1, "at": "2026-11-21T18:00:00Z", "began_at": "2026-11-20T04:00:00Z",
    "cases": [CASE], "channel": "sms", "role": "debtor", "outcome": "DELIVERED", "retracted": False, "person": None,
    "point": "cpt_1", "debts": [DEBT], "purpose": "collect", "demand": True,
    "delivered_at": "2026-11-20T18:30:00Z", "misdirected": False, "recorded": False,
}  # fmt: skip


class Told(Book):
    """The same, told by contact."""

    def contact(self, **said: Any) -> int:
        """One AttemptTold; how many events it led to."""
        self.told += 1
        about = Said(
            name="AttemptTold", about="subject-1", at=NOW, event=f"c{self.told}", data=MESSAGE | said
        )
        claims = Claims(case=CASE, streams=self.streams)
        commands = rules.follow(about, claims, zone="Asia/Shanghai")
        for command in commands:
            led = act(Matter(), Claims(case=CASE, streams=self.streams), command, GROUND, now=NOW)
            for where, events in led.proofs.items():
                self.streams[where] = fold_proofs(events, begin=self.streams.get(where, Proofs()))
        return len(commands)

    @property
    def demand(self) -> p.ProofRecorded | None:
        """The demand that stands."""
        return self.standing().get("demand_delivered")


@pytest.fixture
def told() -> Told:
    found = Told()
    found.opened(DEBT, OTHER)
    return found


def test_it_took_effect_on_the_day_it_arrived_where_the_lender_is(told: Told) -> None:
    assert told.contact() == 1
    assert told.demand is not None
    assert (told.demand.on, told.demand.evidence) == (date(2026, 11, 21), "DATA_REACHED")
    assert (told.demand.debts, told.demand.medium, told.demand.to) == ((DEBT,), "sms", "debtor")
    assert told.contact() == 0


@pytest.mark.parametrize(
    "said",
    [
        {"demand": False}, {"outcome": "SENT"}, {"outcome": "UNDELIVERED"}, {"misdirected": True},
        {"retracted": True}, {"debts": ["account-6f1c0d1e-0000-8000-8000-0000000000ff"]},
        {"channel": "voice", "outcome": "voicemail_limited_content"},
    ],
)  # fmt: skip
def test_what_proves_nothing_is_no_proof(told: Told, said: dict[str, Any]) -> None:
    assert told.contact(**said) == 0
    assert told.demand is None


@pytest.mark.parametrize(
    ("said", "grade"),
    [
        ({"channel": "letter"}, "CARRIER"),
        ({"channel": "email"}, "DATA_REACHED"),
        ({"channel": "voice", "outcome": "conversation"}, "STATED"),
        ({"channel": "visit", "outcome": "conversation", "recorded": True}, "RECORDING"),
    ],
)
def test_every_channel_has_its_evidence(told: Told, said: dict[str, Any], grade: str) -> None:
    told.contact(**said)
    assert told.demand is not None
    assert told.demand.evidence == grade


def test_a_number_found_to_be_a_strangers_takes_the_proof_and_gives_it_back(told: Told) -> None:
    told.contact()
    before = told.demand
    assert told.contact(revision=2, misdirected=True) == 1
    assert told.demand is None
    assert told.contact(revision=3) == 1
    assert told.demand == before
    assert len(told.streams[CASE].proofs) == 3, "two due days and one demand"


def test_a_later_day_of_arrival_replaces_the_earlier(told: Told) -> None:
    told.contact()
    told.contact(revision=2, delivered_at="2026-11-21T18:30:00Z")
    assert told.demand is not None
    assert told.demand.on == date(2026, 11, 22)
