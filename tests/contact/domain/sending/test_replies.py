"""What people answer: which words say stop, whose answer it is, and what is kept of their words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contact.domain.facts.attempt import AttemptStarted
from services.contact.domain.facts.reply import ReplyReceived
from services.contact.domain.facts.standing import MediumOptedOut
from services.contact.domain.refusals import AttemptAlreadyReported
from services.contact.domain.sending.replies import TEXT_CHARS_MAX, TakeReply, readable
from services.contact.domain.sending.stop_words import says_stop
from tests.contact.subject_kit import PHONE, Life, calling, utc

NOON = utc("2026-03-03T12:00:00+08:00")


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "stop", " Stop. ", "STOP!!!", "stop please", "Stop calling me", "QUIT", "end", "Opt out", "opt-out",
        "OPTOUT", "unsubscribe", "Unsubscribe me now", "cancel", "revoke", "TD", "td", "T", "N", "ＴＤ", "退订", "退訂",
        "退订，谢谢", "回T", "拒收", "“退订”",
    ],
)  # fmt: skip
def test_what_says_stop(text: str) -> None:
    assert says_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "!!!", "I will pay at the end of the month", "End of month ok", "cancel my card", "T-shirt", "no",
        "不退订会怎样", "我会还款", "nonstop", "stopping by tomorrow", "Revoke? What do you mean", "1", "TDK", "t b c",
    ],
)  # fmt: skip
def test_what_a_person_has_to_read(text: str) -> None:
    assert not says_stop(text)


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_kept(text: str) -> None:
    says_stop(text)
    kept = readable(text)
    assert readable(kept) == kept
    assert not any(ord(one) < 32 and one != "\n" for one in kept)
    kept.encode()


def test_a_long_text_is_kept_as_far_as_it_goes() -> None:
    assert len(readable("长" * 9_000)) == TEXT_CHARS_MAX


def _reply(text: str = "TD", **more: Any) -> TakeReply:
    said: dict[str, Any] = {
        "attempt": "cat_r", "source": "sms-gateway", "source_ref": "in_1", "channel": "sms", "point": PHONE,
        "at": NOON, "text": text,
    }  # fmt: skip
    return TakeReply(**said | more)


def test_a_stop_word_is_a_contact_its_words_and_an_opt_out_in_one_write() -> None:
    life = Life(NOON)
    led = life.do(_reply())
    assert [type(one) for one in led[:3]] == [AttemptStarted, ReplyReceived, MediumOptedOut]
    assert life.do(_reply()) == ()
    started, _, out = led[:3]
    assert (started.direction, started.role, out.point, out.origin) == ("in", "debtor", PHONE, "DEBTOR")


def test_the_same_id_for_another_contact_is_refused() -> None:
    life = Life(NOON)
    life.do(_reply())
    with pytest.raises(AttemptAlreadyReported):
        life.do(_reply(point="cpt_other"))


def test_a_reply_from_ahead_of_our_clock_is_of_now() -> None:
    life = Life(NOON)
    [started, *_] = life.do(_reply(at=NOON + timedelta(minutes=5)))
    assert started.at == NOON


def test_after_a_stop_word_no_message_may_go_to_that_number_and_calls_are_not_messages() -> None:
    life = Life(NOON)
    life.do(_reply())
    later = NOON + timedelta(minutes=1)
    texting = {"channel": "sms", "content": ("identifies_institution",)}
    assert type(life.ask("cpm_1", calling(**texting), later)).__name__ == "ContactRefused"
    other = life.ask("cpm_2", calling("cpt_other", **texting), later)
    assert type(other).__name__ == "ContactPermitted"
    assert type(life.ask("cpm_3", calling(), later)).__name__ == "ContactPermitted"
