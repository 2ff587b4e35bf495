"""What people write back: their own words, not what they quote; and what no person wrote."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from services.contact.adapters.sending.answers import answer_of
from services.contact.domain.sending.stop_words import says_stop

NOW = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


def mail(text: str, subject: str = "Re: 来自示例银行的通知", **headers: str) -> bytes:
    made = EmailMessage()
    given = {
        "From": "张伟 <Zhang.Wei@EXAMPLE.com>", "To": "reminders@lender.example", "Subject": subject,
        "Date": "Wed, 4 Mar 2026 11:00:00 +0800", "Message-ID": "<1@example.com>",
    }  # fmt: skip
    for name, value in (given | headers).items():
        if value:
            made[name] = value
    made.set_content(text)
    return made.as_bytes()


def test_an_answer_is_who_when_and_what() -> None:
    answer = answer_of(
        mail("我下周还款。\n\n在 2026年3月4日，示例银行 写道：\n> 张伟您好\n> 请回复“退订”"), now=NOW
    )
    assert answer is not None
    assert (answer.address, answer.text) == ("zhang.wei@example.com", "我下周还款。")
    assert answer.at == datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
    assert "zhang" not in repr(answer)
    assert answer_of(mail("another text"), now=NOW) is not None


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("退订\n\n> 张伟您好", "Re: 通知"),
        ("STOP\r\nOn Wed, 4 Mar 2026, Example Bank wrote:\n> Hello", "Re: notice"),
        ("Unsubscribe\n\n-----Original Message-----\nFrom: bank", "RE: RE: notice"),
        ("\n> only what was quoted", "Re: 回复：退订"),
        ("", "unsubscribe"),
    ],
)
def test_stop_is_heard(text: str, subject: str) -> None:
    answer = answer_of(mail(text, subject), now=NOW)
    assert answer is not None
    assert says_stop(answer.text)


@pytest.mark.parametrize("text", ["我没有退订，请继续发送。", "> 退订\n", "please do not stop writing"])
def test_what_only_quotes_or_speaks_of_stopping_is_not_stop(text: str) -> None:
    answer = answer_of(mail(text, "Re: 来自示例银行的通知"), now=NOW)
    assert answer is not None
    assert not says_stop(answer.text)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff\x00", mail("away", **{"Auto-Submitted": "auto-replied"}), mail("news", **{"List-Id": "<l>"}),
        mail("x", From=""), mail("x", From="a@example.com, b@example.com"), mail("", ""),
        mail("x", Precedence="bulk"),
    ],
    ids=["empty", "bytes", "absence", "list", "nobody", "two", "nothing", "bulk"],
)  # fmt: skip
def test_what_no_person_wrote_is_no_answer(raw: bytes) -> None:
    assert answer_of(raw, now=NOW) is None
