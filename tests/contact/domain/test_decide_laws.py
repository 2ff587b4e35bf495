"""Laws of the decision: what must hold for any history, any proposal, any packs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contact.adapters.pack_files import shipped
from services.contact.domain.asked import Past, Question
from services.contact.domain.decide import PERMIT_SPAN, decide
from services.contact.domain.verdict import ALLOW, DEFER, DENY
from tests.contact.questions import asked

BEGIN = datetime(2026, 2, 20, tzinfo=UTC)
instants = st.integers(0, 14 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
PLACES = st.sampled_from(
    [
        (("CN",), ("Asia/Shanghai",)),
        (("US",), ("America/New_York",)),
        (("US",), ("America/New_York", "America/Los_Angeles")),
        (("US", "US-MA"), ("America/New_York",)),
        (("GB",), ("Europe/London",)),
        (("CN", "US"), ("Asia/Shanghai", "America/New_York")),
        (("US",), ()),
    ]
)


@st.composite
def pasts(draw: st.DrawFn) -> dict[str, Any]:
    """Something that happened within two weeks."""
    ev = draw(
        st.sampled_from(["call", "sms", "email", "prior_consent", "optout", "flag_set", "inconvenient"])
    )
    one: dict[str, Any] = {"t": draw(instants).isoformat(), "ev": ev, "address": draw(st.sampled_from("ab"))}
    if ev in ("call", "sms", "email"):
        one |= {"direction": draw(st.sampled_from(["in", "out"])), "debts": [draw(st.sampled_from("DE"))]}
    if ev == "call":
        one["outcome"] = draw(
            st.sampled_from(["conversation", "ring_no_answer", "busy", "voicemail_full_message"])
        )
    if ev == "optout":
        one["channel"] = draw(st.sampled_from(["voice", "sms", "email"]))
    if ev == "flag_set":
        one["flag"] = draw(
            st.sampled_from(["cease_received", "attorney_represented", "plan_in_force", "moratorium"])
        )
        if draw(st.booleans()):
            one["until"] = (BEGIN + timedelta(days=draw(st.integers(15, 40)))).isoformat()
    if ev == "inconvenient":
        one |= {
            "days": draw(st.lists(st.integers(0, 6), max_size=3, unique=True)),
            "from": "09:00",
            "to": "17:30",
        }
    return one


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question of two weeks, asked after them."""
    places, zones = draw(PLACES)
    at = BEGIN + timedelta(days=14, minutes=draw(st.integers(0, 48 * 60)))
    return asked(
        *draw(st.lists(pasts(), max_size=12)),
        at=at.isoformat(),
        jurisdictions=places,
        zones=zones,
        collector_role=draw(st.sampled_from(["third_party", "first_party"])),
        channel=draw(st.sampled_from(["voice", "sms", "email", "letter"])),
        address=draw(st.sampled_from("ab")),
        content=["identifies_institution", "opt_out_line"],
        reply=draw(st.booleans()),
    )


LAW, ALL = shipped(house=False), shipped(house=True)


@settings(max_examples=150, deadline=None)
@given(questions(), st.randoms())
def test_the_order_in_which_history_is_told_does_not_count(question: Question, random: Any) -> None:
    history = list(question.history)
    random.shuffle(history)
    told_otherwise = msgspec.structs.replace(question, history=tuple(history))
    assert decide(told_otherwise, ALL) == decide(question, ALL)


@settings(max_examples=120, deadline=None)
@given(questions())
def test_a_deferral_ends_at_the_first_open_instant_and_no_sooner(question: Question) -> None:
    decision = decide(question, LAW)
    if decision.outcome != DEFER:
        return
    assert decision.until is not None
    assert decide(_at(question, decision.until), LAW).outcome == ALLOW
    just_before = decision.until - timedelta(seconds=1)
    if just_before >= question.proposal.at:
        assert decide(_at(question, just_before), LAW).outcome != ALLOW


@settings(max_examples=150, deadline=None)
@given(questions())
def test_one_more_pack_never_allows_what_was_refused(question: Question) -> None:
    by_law, by_all = decide(question, LAW), decide(question, ALL)
    assert set(by_law.rules) <= set(by_all.rules) or by_all.outcome == DENY
    if by_all.outcome == ALLOW:
        assert by_law.outcome == ALLOW


@settings(max_examples=150, deadline=None)
@given(questions(), st.sampled_from(["cease_received", "purpose_ended", "attorney_represented"]))
def test_a_ban_more_never_allows_what_was_refused(question: Question, flag: str) -> None:
    before = decide(question, ALL)
    ban = Past(t=BEGIN, ev="flag_set", flag=flag, ref="ban")
    after = decide(msgspec.structs.replace(question, history=(*question.history, ban)), ALL)
    if after.outcome == ALLOW:
        assert before.outcome == ALLOW


@settings(max_examples=150, deadline=None)
@given(questions())
def test_an_allowance_holds_to_its_end_and_never_over_a_closing(question: Question) -> None:
    decision = decide(question, ALL)
    if decision.outcome != ALLOW:
        return
    assert decision.valid_until is not None
    assert question.proposal.at < decision.valid_until <= question.proposal.at + PERMIT_SPAN
    last = decision.valid_until - timedelta(seconds=1)
    assert decide(_at(question, last), ALL).outcome == ALLOW


@settings(max_examples=100, deadline=None)
@given(questions())
def test_what_was_learnt_later_does_not_change_what_was_known(question: Question) -> None:
    later = question.proposal.at + timedelta(days=1)
    news = tuple(msgspec.structs.replace(one, known_at=later) for one in question.history[::2])
    known = question.history[1::2]
    all_told = msgspec.structs.replace(question, history=(*news, *known))
    only_known = msgspec.structs.replace(question, history=known)
    as_known = all_told.as_known(question.proposal.at)
    assert decide(as_known, ALL) == decide(only_known, ALL)


def _at(question: Question, at: datetime) -> Question:
    """The question asked later, with nothing new having happened."""
    moved = msgspec.structs.replace(question.proposal, at=at)
    known = tuple(one for one in question.history if one.t <= question.proposal.at)
    return msgspec.structs.replace(question, proposal=moved, history=known)
