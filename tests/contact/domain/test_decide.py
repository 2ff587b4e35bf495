"""What the worked cases leave open: unknown places and zones, clock changes, two clocks, expiry, replies, mandates."""

from datetime import datetime

import msgspec
import pytest

from services.contact.adapters.pack_files import shipped
from services.contact.domain.decide import decide
from services.contact.domain.explaining import explained
from tests.contact.questions import answer, asked

NEW_YORK = {"jurisdictions": ("US",), "zones": ("America/New_York",), "collector_role": "third_party"}


def test_a_place_without_a_pack_is_refused() -> None:
    decision = answer(asked(jurisdictions=("CN", "FR")))
    assert (decision.outcome, decision.rules) == ("deny", ("PACK-MISSING",))
    assert answer(asked(jurisdictions=())).rules == ("PACK-MISSING",)


def test_the_law_of_the_country_binds_in_its_states() -> None:
    """Whoever says `US-MA` alone has said `US`: at nine in the evening no agency calls there."""
    boston = {"zones": ("America/New_York",), "collector_role": "third_party"}
    evening = asked(at="2026-11-02T21:02:00-05:00", jurisdictions=("US-MA",), **boston)
    assert "US-REGF-6B1I-HOURS" in answer(evening).rules
    assert {pack.id for pack in answer(evening).packs} == {"us.regf", "us-ma.940cmr7", "house"}
    unzoned = answer(asked(jurisdictions=("US-MA",), zones=None, collector_role="third_party"))
    assert unzoned.zones == ("America/New_York",)


def test_a_place_whose_pack_binds_others_has_zones_all_the_same() -> None:
    """Regulation F does not bind a lender's own people; the zones of its country are known from it."""
    decision = answer(asked(jurisdictions=("US",), zones=None))
    assert "ZONE-UNKNOWN" not in decision.rules
    assert {"America/New_York", "Pacific/Honolulu"} <= set(decision.zones)


def test_without_packs_nobody_may_be_contacted() -> None:
    assert decide(asked(), ()).rules == ("PACK-MISSING",)


def test_a_zone_that_is_not_in_the_database_is_refused() -> None:
    assert answer(asked(zones=("Asia/Shanghai", "Asia/Atlantis"))).rules == ("ZONE-UNKNOWN",)
    assert answer(asked(zones=("../../etc/passwd",))).rules == ("ZONE-UNKNOWN",)


def test_no_hour_that_is_open_everywhere_is_refused_and_says_so() -> None:
    everywhere = (
        "Asia/Shanghai",
        "America/New_York",
        "Europe/London",
        "Pacific/Honolulu",
        "Pacific/Auckland",
    )
    decision = answer(asked(zones=everywhere))
    assert decision.outcome == "deny"
    assert "ZONE-EMPTY" in decision.rules


def test_an_allowance_ends_with_the_window() -> None:
    decision = answer(asked(at="2026-03-02T21:58:30+08:00"))
    assert decision.outcome == "allow"
    assert decision.valid_until == datetime.fromisoformat("2026-03-02T22:00:00+08:00")


def test_the_last_second_before_closing_is_open_and_the_closing_is_not() -> None:
    assert answer(asked(at="2026-03-02T21:59:59+08:00")).outcome == "allow"
    assert answer(asked(at="2026-03-02T22:00:00+08:00")).outcome == "defer"


def test_the_hour_that_a_clock_change_leaves_out_opens_after_it() -> None:
    """New York skips 02:00 to 03:00 on 8 March 2026; what ends at 02:30 then ends at 03:30."""
    asleep = {"t": "2026-03-01T10:00:00-05:00", "ev": "inconvenient", "from": "22:00", "to": "02:30"}
    decision = answer(
        asked(asleep, at="2026-03-07T23:00:00-05:00", channel="letter", **NEW_YORK), house=False
    )
    assert decision.outcome == "allow"
    decision = answer(asked(asleep, at="2026-03-07T20:59:59-05:00", **NEW_YORK), house=False)
    assert decision.outcome == "allow"
    decision = answer(asked(asleep, at="2026-03-07T22:30:00-05:00", **NEW_YORK), house=False)
    assert decision.until == datetime.fromisoformat("2026-03-08T08:00:00-04:00")


def test_a_number_found_to_be_another_persons_no_longer_counts_once_that_is_known() -> None:
    calls = [
        {
            "t": f"2026-06-0{day}T10:00:00-04:00", "ev": "call", "outcome": "ring_no_answer", "address": "w",
            "debts": ["D"],
        }
        for day in range(1, 8)
    ]  # fmt: skip
    learnt = {
        "t": "2026-06-04T09:00:00-04:00", "ev": "number_disproved", "address": "w",
        "known_at": "2026-06-09T09:00:00-04:00",
    }  # fmt: skip
    question = asked(*calls, learnt, at="2026-06-07T15:00:00-04:00", address="a", **NEW_YORK)
    as_known = question.as_known(question.proposal.at)
    assert answer(as_known, house=False).rules == ("US-REGF-14B2IA-7IN7",)
    assert answer(question, house=False).outcome == "allow"


def test_an_answer_is_free_once_by_the_same_medium() -> None:
    out = {"t": "2026-06-01T09:00:00-04:00", "ev": "optout", "channel": "sms"}
    wrote = {"t": "2026-06-10T09:00:00-04:00", "ev": "sms", "direction": "in", "address": "a"}
    we = {"t": "2026-06-10T09:05:00-04:00", "ev": "sms", "direction": "out", "address": "a"}
    ask = {"at": "2026-06-10T10:00:00-04:00", "channel": "sms", "address": "a", "content": ["opt_out_line"]}
    assert answer(asked(out, wrote, **ask, reply=True, **NEW_YORK), house=False).outcome == "allow"
    assert answer(asked(out, wrote, **ask, reply=False, **NEW_YORK), house=False).outcome == "deny"
    assert answer(asked(out, wrote, we, **ask, reply=True, **NEW_YORK), house=False).outcome == "deny"
    mailed = {**wrote, "ev": "email"}
    assert "US-REGF-14H1-MEDIA" in answer(asked(out, mailed, **ask, reply=True, **NEW_YORK)).rules


def test_an_agency_without_a_mandate_is_refused() -> None:
    agency = {"collector_role": "third_party"}
    runs = {"t": "2026-01-01T00:00:00+08:00", "ev": "mandate", "until": "2026-06-30T00:00:00+08:00"}
    assert answer(asked(**agency)).rules == ("CN-PIPL-A21-MANDATE",)
    assert answer(asked(runs, **agency)).outcome == "allow"
    assert answer(asked({**runs, "until": "2026-03-02T10:00:00+08:00"}, **agency)).outcome == "deny"


def test_two_lenders_do_not_use_up_each_others_cap() -> None:
    calls = [
        {"t": f"2026-03-02T{h:02d}:00:00+08:00", "ev": "call", "outcome": "conversation", "creditor": "X"}
        for h in (8, 9, 10)
    ]
    ask = {"at": "2026-03-02T15:00:00+08:00"}
    assert answer(asked(*calls, creditor="Y", **ask), house=False).outcome == "allow"
    assert answer(asked(*calls, creditor="X", **ask), house=False).outcome == "defer"
    assert answer(asked(*calls, **ask), house=False).outcome == "defer"


def test_every_failing_rule_is_named_and_explained_in_both_languages() -> None:
    ceased = {"t": "2026-06-01T09:00:00-04:00", "ev": "flag_set", "flag": "cease_received"}
    question = asked(
        ceased, at="2026-06-10T22:30:00-04:00", channel="sms", address="a", content=[], **NEW_YORK
    )
    packs = shipped(house=True)
    decision = answer(question)
    assert set(decision.rules) == {
        "US-REGF-6B1I-HOURS", "US-REGF-6C1-CEASE", "US-REGF-6D5-SMS", "US-REGF-6E-OPTOUTLINE",
        "HOUSE-STOP",
    }  # fmt: skip
    assert decision.outcome == "deny"
    for found in decision.findings:
        texts = [explained(found, packs, language=language) for language in ("en", "zh-CN")]
        assert texts[0]["message"] != texts[1]["message"]
        assert texts[0]["source"]["confidence"] == "verified"
        assert "{" not in texts[0]["message"] + texts[1]["message"]


def test_packs_on_press_reports_say_so_where_they_decide() -> None:
    used = {one.id: one.provisional for one in answer(asked()).packs}
    assert used == {"cn.retail": True, "house": False}


@pytest.mark.parametrize("outcome", ["carrier_said_nothing_yet", None])
def test_a_call_whose_outcome_is_not_known_counts(outcome: str | None) -> None:
    calls = [
        {"t": f"2026-04-0{d}T10:00:00-04:00", "ev": "call", "outcome": outcome, "debts": ["D"]}
        for d in range(1, 8)
    ]
    question = asked(*calls, at="2026-04-07T15:00:00-04:00", **NEW_YORK)
    assert answer(question, house=False).rules == ("US-REGF-14B2IA-7IN7",)


def test_what_happens_after_the_proposal_is_not_counted() -> None:
    later = {"t": "2026-03-02T12:00:00+08:00", "ev": "flag_set", "flag": "purpose_ended"}
    assert answer(asked(later)).outcome == "allow"
    assert answer(msgspec.structs.replace(asked(later), history=())).outcome == "allow"


def test_a_flag_on_another_debt_that_ends_later_does_not_hide_this_ones() -> None:
    def stays(debt: str, until: str) -> dict[str, object]:
        return {
            "t": "2026-05-01T00:00:00+01:00", "ev": "flag_set", "flag": "moratorium", "debts": [debt],
            "until": f"{until}T00:00:00+01:00",
        }  # fmt: skip

    there = {"jurisdictions": ("GB",), "zones": ("Europe/London",), "at": "2026-05-20T10:00:00+01:00"}
    decision = answer(asked(stays("D", "2026-06-30"), stays("E", "2026-07-30"), **there), house=False)
    assert decision.rules == ("UK-BS-R11",)
    assert decision.until == datetime.fromisoformat("2026-06-30T08:00:00+01:00")
