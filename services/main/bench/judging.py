"""contact.decide: how many decisions a second one process takes, without a store or a request around them."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from services.contact.adapters.pack_files import shipped
from services.contact.domain.asked import Debtor, Past, Proposal, Question
from services.contact.domain.decide import decide
from services.contact.domain.pack import Pack
from services.contact.domain.verdict import ALLOW, DEFER
from services.main.bench.figures import Figure

NOW = datetime(2026, 11, 18, 3, tzinfo=UTC)
"""Eleven in the morning in Shanghai; ten in the evening of the day before in New York."""
NIGHT = datetime(2026, 11, 18, 15, tzinfo=UTC)
PAST = 20
"""Contacts of the last six weeks that a decision looks at."""
DECIDED, QUICK = 3_000, 50
ROUNDS = 3


def decisions(*, quick: bool) -> list[Figure]:
    """contact.decide: decisions a second, allowed at once, and put off until the morning."""
    packs = shipped(house=True)
    asked = {
        "cn, 20 contacts, allowed": (_question("CN", "Asia/Shanghai", NOW), ALLOW),
        "cn, 20 contacts, put off until morning": (_question("CN", "Asia/Shanghai", NIGHT), DEFER),
        "us, 20 contacts, two zones, allowed": (
            _question("US", "America/New_York", NOW + timedelta(hours=14)),
            ALLOW,
        ),
    }
    count = QUICK if quick else DECIDED
    return [
        Figure("contact.decide", name, round(median(_rate(question, packs, outcome, count))), "decisions/s")
        for name, (question, outcome) in asked.items()
    ]


def _rate(question: Question, packs: tuple[Pack, ...], outcome: str, count: int) -> list[float]:
    """Decisions a second, a figure a round. Raises AssertionError for another outcome than the row says."""
    if decide(question, packs).outcome != outcome:
        raise AssertionError("the question has another answer than the row says")
    return [_one_round(lambda: decide(question, packs), count) for _ in range(ROUNDS)]


def _one_round(decided: Callable[[], object], count: int) -> float:
    started = time.perf_counter()
    for _ in range(count):
        decided()
    return count / (time.perf_counter() - started)


def _question(place: str, zone: str, at: datetime) -> Question:
    past = tuple(
        Past(
            t=at - timedelta(days=2 * number + 8, hours=number % 5),
            ev="call" if number % 3 else "sms",
            ref=f"cat_{number}",
            outcome="ring_no_answer" if number % 2 else "conversation",
            debts=("debt",),
            address="cpt_1",
            creditor="lender",
        )
        for number in range(PAST)
    )
    zones = (zone, "America/Chicago") if place == "US" else (zone,)
    return Question(
        debtor=Debtor(id="debtor", jurisdictions=(place,), zones=zones),
        proposal=Proposal(
            at=at,
            channel="voice",
            debts=("debt",),
            address="cpt_1",
            creditor="lender",
            content=("identifies_institution",),
        ),
        collector_role="first_party" if place == "CN" else "third_party",
        history=past,
    )
