"""What follows for a case from a word of the legal service: the referral, the balance, what is to be done in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from services.case.domain import events as e
from services.case.domain import mode
from services.case.domain.case_commands import CloseCase, PlaceHold, ReferToLegal
from services.case.domain.facts.legal import LegalReferralRefused, LegalStepReported
from services.case.domain.legal.commands import HearLegal
from services.case.domain.money_commands import RecordPayment
from services.case.domain.next_action import NextAction, next_actions
from services.case.projections import action_words, timeline_words
from services.case.projections.case_timeline import _encode, _facts
from tests.kit.life import ACCOUNT, DAY, Life, cny, names

MATTER = "matter-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
COUNT = iter(range(1, 1_000))


def word(what: str, **said: Any) -> HearLegal:
    number = next(COUNT)
    told: dict[str, Any] = {
        "told": f"{what}:{number}", "matter": MATTER, "referral": None, "on": DAY, "ref": f"ref_{number}",
        "charge_ref": f"chg_{number}",
    }  # fmt: skip
    return HearLegal(what=what, **(told | said))


def deadlines(life: Life) -> list[NextAction]:
    found = next_actions(life.worked.facts, life.picture(), life.policy)
    return [one for one in found if one.action == "MEET_LEGAL_DEADLINE"]


def test_a_matter_of_a_referral_changes_nothing_until_it_is_closed() -> None:
    life = Life().open()
    life.do(ReferToLegal(ref="ref_a", on=DAY, reason="NO_OTHER_WAY", by="user:lin"))
    assert names(life.do(word("OPENED", referral="ref_a", code="NO_OTHER_WAY"))) == ["LegalStepReported"]
    closed = life.do(word("CLOSED", referral="ref_a", code="PAID"))
    assert names(closed) == ["LegalStepReported", "LegalReferralEnded", "HandlingModeChanged"]
    assert life.last(e.LegalReferralEnded).outcome == "PAID"
    assert life.picture().mode == mode.INTERNAL


def test_heard_twice_it_is_there_once() -> None:
    life = Life().open()
    said = word("COST", thing="cst_1", code="COURT_FEE", amount=cny(5_000), borne_by="DEBTOR")
    assert names(life.do(said))[:2] == ["LegalStepReported", "ChargeBooked"]
    assert life.do(said) == ()


def test_a_matter_opened_by_hand_takes_the_case_and_gives_it_back() -> None:
    life = Life().open()
    opened = life.do(word("OPENED", code="BY_HAND"))
    assert "LegalReferred" in names(opened)
    assert life.last(LegalStepReported).referral == life.last(e.LegalReferred).referral
    assert life.picture().mode == mode.LEGAL
    life.do(word("CLOSED", code="WITHDRAWN"))
    assert life.picture().mode == mode.INTERNAL
    life.do(word("REOPENED", code="PAYMENT_RETURNED"))
    assert life.picture().mode == mode.LEGAL
    life.do(word("CLOSED", code="SATISFIED"))
    assert life.picture().mode == mode.INTERNAL


def test_what_a_hold_forbids_is_refused_where_everybody_sees_it() -> None:
    life = Life().open()
    life.do(PlaceHold(ref="hld_1", kind="MORATORIUM", on=DAY, until=None, reason="LAW", stops_interest=False))
    assert names(life.do(word("OPENED"))) == ["LegalStepReported", "LegalReferralRefused"]
    refused = life.last(LegalReferralRefused)
    assert (refused.reason, refused.because) == ("hold-forbids-handover", ("MORATORIUM",))
    assert life.picture().mode == mode.INTERNAL


def test_a_closed_case_is_not_taken_up_and_still_hears() -> None:
    life = Life().open()
    life.do(CloseCase(on=DAY, reason="SOLD"))
    assert names(life.do(word("OPENED"))) == ["LegalStepReported", "LegalReferralRefused"]
    assert life.last(LegalReferralRefused).reason == "case-not-open"
    cost = word("COST", thing="cst_1", code="COURT_FEE", amount=cny(5_000), borne_by="DEBTOR")
    assert names(life.do(cost)) == ["LegalStepReported"]


def test_costs_that_the_debtor_bears_are_owed_as_long_as_they_are_borne() -> None:
    life = Life().open()
    before = life.picture().owed.costs
    life.do(word("COST", thing="cst_1", code="COURT_FEE", amount=cny(5_000), borne_by="DEBTOR"))
    life.do(word("COST", thing="cst_2", code="LAWYER", amount=cny(90_000), borne_by="LENDER"))
    assert life.picture().owed.costs - before == 5_000
    assert life.last(e.ChargeBooked).account == ACCOUNT
    life.do(word("COST", thing="cst_1", code="COURT_FEE", amount=cny(4_000), borne_by="DEBTOR"))
    assert life.picture().owed.costs - before == 4_000
    life.do(word("COST_REVERSED", thing="cst_1", code="COURT_FEE", amount=cny(4_000), borne_by="DEBTOR"))
    assert life.picture().owed.costs == before


def test_a_limitation_that_is_near_is_something_to_do_until_it_is_saved_or_over() -> None:
    life = Life().open()
    due = DAY + timedelta(days=30)
    near = word("LIMITATION", matter=None, thing=ACCOUNT, code="limitation", due_on=due, within=30, on=DAY)
    life.do(near)
    [one] = deadlines(life)
    assert (one.about, one.blocked_by) == (ACCOUNT, ())
    for language in ("en", "zh-CN"):
        assert str(due) in action_words.sentence(one, language)
    life.sweep(DAY + timedelta(days=1))
    payment = RecordPayment(
        ref="pay_1", account=None, amount=cny(100), on=DAY + timedelta(days=1), channel="BANK"
    )
    life.do(payment)
    assert deadlines(life) == []


def test_a_deadline_of_a_matter_is_something_to_do_until_the_matter_is_closed() -> None:
    life = Life().open()
    life.do(word("DEADLINE", thing="trk_1", code="APPEAL", due_on=DAY + timedelta(days=7)))
    assert [one.about for one in deadlines(life)] == ["trk_1"]
    life.do(word("CLOSED", code="WITHDRAWN", on=DAY))
    assert deadlines(life) == []


def test_every_word_reads_in_both_languages() -> None:
    said: dict[str, Any] = {
        "thing": "stp_1", "code": "SUIT_FILED", "track_kind": "SUIT", "amount": cny(5_000), "borne_by": "DEBTOR",
    }  # fmt: skip
    for what in (
        "OPENED", "CLOSED", "REOPENED", "STEP", "LETTER", "COST", "COST_REVERSED", "REPRESENTED",
        "REPRESENTATION_ENDED", "DEADLINE", "LIMITATION", "SOMETHING_NEW",
    ):  # fmt: skip
        for retracted in (False, True):
            life = Life().open()
            life.do(word(what, **said, due_on=date(2026, 5, 1), retracted=retracted))
            kept = msgspec.json.decode(_encode(_facts(life.last(LegalStepReported))))
            for language in ("en", "zh-CN"):
                text = timeline_words.words("case.LegalStepReported", kept, language)
                assert text
                assert "{" not in text
