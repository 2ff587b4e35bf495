"""The tactics that lenders' guides recommend and the law or this house forbids, each asked for and refused by name.

T-numbers are those of domain.md 1.K, whose sources are the guides themselves.
"""

from typing import Any

import pytest

from tests.contact.questions import answer, asked

UNREACHABLE = {"t": "2026-03-01T10:00:00+08:00", "ev": "flag_set", "flag": "debtor_unreachable"}
SPEAKS = "identifies_institution"

REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "T2_visit_at_the_workplace": (
        "HOUSE-PLACE",
        {"channel": "visit", "place": "work", "staff": 2, "exception": "agreed_visit"},
    ),
    "T2_visit_without_an_appointment": (
        "HOUSE-VISIT-AGREED",
        {"channel": "visit", "place": "home", "staff": 2},
    ),
    "T3_publish_a_dunning_notice": (
        "CN-PUBLIC-SHAME",
        {"channel": "im", "content": [SPEAKS, "public_notice"]},
    ),
    "T14_ask_a_friend_to_press": (
        "CN-GBT45251-CONTACTS",
        {"person": "F", "role": "contact", "purpose": "collect"},
    ),
    "T14_tell_a_relative_of_the_debt": (
        "CN-DISCLOSE-THIRD",
        {
            "person": "F",
            "role": "contact",
            "purpose": "locate_or_relay",
            "content": [SPEAKS, "discloses_debt"],
        },
    ),
    "T15_threaten_with_the_credit_record": (
        "HOUSE-CONTENT",
        {"channel": "sms", "content": [SPEAKS, "credit_threat"]},
    ),
    "T17_post_among_family_and_friends": ("CN-PUBLIC-SHAME", {"channel": "social"}),
    "T18_press_through_the_network": (
        "CN-GBT45251-CONTACTS",
        {"person": "F", "role": "contact", "purpose": "pressure"},
    ),
    "T19_publish_a_list_of_debtors": (
        "CN-PUBLIC-SHAME",
        {"channel": "im", "content": [SPEAKS, "public_post"]},
    ),
    "T20_media_exposure": ("HOUSE-CONTENT", {"channel": "email", "content": [SPEAKS, "public_shaming"]}),
    "T21_false_urgency": ("HOUSE-CONTENT", {"channel": "letter", "content": [SPEAKS, "false_urgency"]}),
    "T21_a_postcard": ("HOUSE-CONTENT", {"channel": "letter", "content": [SPEAKS, "postcard"]}),
    "T21_an_envelope_that_tells": (
        "HOUSE-CONTENT",
        {"channel": "letter", "content": [SPEAKS, "envelope_reveals_debt"]},
    ),
    "T22_share_with_joint_creditors": (
        "HOUSE-JOINT-CREDITORS",
        {"channel": "email", "person": "B", "role": "joint_creditor", "purpose": "share"},
    ),
    "T23_penalty_as_a_deterrent": (
        "HOUSE-CONTENT",
        {"channel": "sms", "content": [SPEAKS, "penalty_as_threat"]},
    ),
    "T24_accuse_of_fraud": (
        "HOUSE-CONTENT",
        {"channel": "voice", "content": [SPEAKS, "criminal_accusation"]},
    ),
    "seed_000_pose_as_a_court": (
        "HOUSE-CONTENT",
        {"channel": "letter", "content": [SPEAKS, "impersonates_authority"]},
    ),
    "insult": ("HOUSE-CONTENT", {"channel": "voice", "content": [SPEAKS, "insult"]}),
}


@pytest.mark.parametrize("tactic", REFUSED)
def test_the_tactic_is_refused_for_good_by_its_rule(tactic: str) -> None:
    rule, proposal = REFUSED[tactic]
    history = (UNREACHABLE,) if proposal.get("role") == "contact" else ()
    decision = answer(asked(*history, **proposal))
    assert decision.outcome == "deny"
    assert rule in decision.rules


def test_T4_a_letter_that_threatens_suit_on_a_time_barred_debt_is_refused() -> None:
    barred = {"t": "2026-01-01T10:00:00+08:00", "ev": "flag_set", "flag": "time_barred"}
    decision = answer(asked(barred, channel="letter", content=[SPEAKS, "legal_threat"]))
    assert (decision.outcome, decision.rules) == ("deny", ("HOUSE-TIMEBAR",))
    assert answer(asked(barred, channel="letter")).outcome == "allow"


def test_T25_reminders_repeated_until_paid_meet_the_caps() -> None:
    calls = [
        {"t": f"2026-03-02T{hour:02d}:00:00+08:00", "ev": "call", "outcome": "conversation", "address": "a"}
        for hour in (8, 9, 10)
    ]
    decision = answer(asked(*calls, at="2026-03-02T15:00:00+08:00", address="a"))
    assert decision.rules == ("CN-GBT45251-CALLS",)
    assert decision.findings[0].observed == decision.findings[0].limit == 3
    assert decision.until is not None
    assert decision.until.isoformat() == "2026-03-03T08:00:00+08:00"


def test_what_is_lawful_is_allowed() -> None:
    assert answer(asked()).outcome == "allow"
    home = {"channel": "visit", "place": "home", "staff": 2, "exception": "agreed_visit"}
    assert answer(asked(**home)).outcome == "allow"
    relay = {"person": "F", "role": "contact", "purpose": "locate_or_relay"}
    assert answer(asked(UNREACHABLE, **relay)).outcome == "allow"
