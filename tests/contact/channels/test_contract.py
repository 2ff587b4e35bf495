"""The contract of a channel: what `send` and `find` promise, whatever the provider does (application/channel_port.py).

Run against every provider of providers.py, each with a real server.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
import structlog

from services.contact.application.channel_port import NotTaken, Outgoing, Taken, Unknown
from tests.contact.channels.provider import SLOW_S, Provider, as_shown
from tests.contact.channels.providers import PROVIDERS

DEADLINE_S = 10.0
TEXT = "张伟先生：您尾号 1234 的账户有 1,234.50 元未还，请于 3 月 15 日前还款。退订回复 T。"


@pytest.fixture(params=sorted(PROVIDERS))
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[Provider]:
    async with PROVIDERS[request.param]() as running:
        yield running


def message(provider: Provider, key: str = "cat_1", **changes: object) -> Outgoing:
    given: dict[str, object] = {"address": provider.address, "text": TEXT, "subject_line": None}
    if provider.has_subject:
        given["subject_line"] = "还款提醒"
    return Outgoing(key=key, language="zh-CN", **(given | changes))  # type: ignore[arg-type]


async def sent(provider: Provider, key: str = "cat_1", **changes: object) -> Taken | NotTaken | Unknown:
    return await provider.channel.send(message(provider, key, **changes), deadline_s=DEADLINE_S)


def keys(provider: Provider) -> list[str]:
    return [one.key for one in provider.accepted()]


async def test_a_message_is_taken_once_word_for_word(provider: Provider) -> None:
    assert isinstance(await sent(provider), Taken)
    [taken] = provider.accepted()
    assert (taken.key, taken.address, taken.text) == ("cat_1", provider.address, as_shown(provider, TEXT))
    assert taken.subject_line == ("还款提醒" if provider.has_subject else None)


async def test_the_same_key_again_is_no_second_message_to_a_provider_that_keeps_keys(
    provider: Provider,
) -> None:
    first, again = await sent(provider), await sent(provider)
    assert isinstance(first, Taken)
    assert isinstance(again, Taken)
    if provider.keeps_keys:
        assert keys(provider) == ["cat_1"]
        assert first == again
    else:  # the same Message-ID: the reader's mailbox can tell
        assert set(keys(provider)) == {"cat_1"}


async def test_a_message_refused_for_good_was_not_sent_and_holds_up_no_other(provider: Provider) -> None:
    provider.behave("refuses")
    refused = await sent(provider)
    assert isinstance(refused, NotTaken)
    assert refused.permanent
    assert refused.cause.isupper()
    provider.behave("takes")
    assert isinstance(await sent(provider, "cat_2"), Taken)
    assert keys(provider) == ["cat_2"]


async def test_a_message_refused_for_now_can_be_tried_again_under_its_key(provider: Provider) -> None:
    provider.behave("busy")
    refused = await sent(provider)
    assert isinstance(refused, NotTaken)
    assert not refused.permanent
    provider.behave("takes")
    assert isinstance(await sent(provider), Taken)
    assert keys(provider) == ["cat_1"]


async def test_a_provider_slower_than_the_deadline_leaves_it_unknown(provider: Provider) -> None:
    provider.behave("slow")
    answer = await provider.channel.send(message(provider), deadline_s=SLOW_S / 3)
    assert isinstance(answer, Unknown)
    assert await provider.channel.find("cat_1", deadline_s=DEADLINE_S) != "NEVER_SEEN"


async def test_a_connection_lost_before_it_was_taken_never_counts_as_sent(provider: Provider) -> None:
    provider.behave("lost_before")
    answer = await sent(provider)
    assert isinstance(answer, NotTaken | Unknown)
    assert not (isinstance(answer, NotTaken) and answer.permanent)
    assert provider.accepted() == []
    provider.behave("takes")
    if isinstance(answer, Unknown):
        assert await provider.channel.find("cat_1", deadline_s=DEADLINE_S) in ("NEVER_SEEN", "CANNOT_TELL")
    assert isinstance(await sent(provider, "cat_2"), Taken)


async def test_a_connection_lost_after_it_was_taken_is_unknown_and_the_provider_never_denies_it(
    provider: Provider,
) -> None:
    provider.behave("lost_after")
    assert isinstance(await sent(provider), Unknown)
    assert keys(provider) == ["cat_1"]
    provider.behave("takes")
    found = await provider.channel.find("cat_1", deadline_s=DEADLINE_S)
    assert isinstance(found, Taken) if provider.keeps_keys else found == "CANNOT_TELL"


async def test_find_knows_what_was_taken_and_what_never_was(provider: Provider) -> None:
    taken = await sent(provider)
    found = await provider.channel.find("cat_1", deadline_s=DEADLINE_S)
    other = await provider.channel.find("cat_other", deadline_s=DEADLINE_S)
    if provider.keeps_keys:
        assert (found, other) == (taken, "NEVER_SEEN")
    else:
        assert (found, other) == ("CANNOT_TELL", "CANNOT_TELL")


async def test_a_provider_that_is_down_loses_nothing(provider: Provider) -> None:
    await provider.stop()
    answer = await sent(provider)
    assert isinstance(answer, NotTaken)
    assert not answer.permanent
    found = await provider.channel.find("cat_1", deadline_s=DEADLINE_S)
    assert found == "CANNOT_TELL"


@pytest.mark.parametrize(
    "text",
    [
        "a line\r\n.\r\nMAIL FROM:<x@example.com>\r\nRCPT TO:<y@example.com>\r\nDATA\r\nspam",
        ".leading dot\n..two\n.",
        "four bytes: 𠮷𡈽 👩‍👩‍👧‍👦 and a combining é",
        "a lone \n line, tabs \t and a very long line " + "很" * 3_000,
        '{"json": "\\"}',
        "%0d%0aBcc: x@example.com ' OR 1=1 -- <script>&amp;</script>",
    ],
    ids=["smtp", "dots", "four-bytes", "long", "json", "markup"],
)  # fmt: skip
async def test_hostile_text_arrives_as_text(provider: Provider, text: str) -> None:
    answer, shown = await sent(provider, text=text), as_shown(provider, text)
    if shown is None:
        assert isinstance(answer, NotTaken)
        assert answer.permanent
        assert provider.accepted() == []
        return
    assert isinstance(answer, Taken)
    [taken] = provider.accepted()
    assert taken.address == provider.address
    assert taken.text.replace("\r\n", "\n") == shown.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "line",
    [
        "提醒\r\nBcc: x@example.com",
        "提醒\nX-Evil: 1\n\nbody",
        "\u2028split\x85here\x00",
        "=?utf-8?q?=0D=0ABcc:_x@example.com?=",
    ],
)
async def test_a_hostile_subject_line_forges_no_header(provider: Provider, line: str) -> None:
    if not provider.has_subject:
        pytest.skip("this medium has no subject line")
    assert isinstance(await sent(provider, subject_line=line), Taken)
    [taken] = provider.accepted()
    assert taken.address == provider.address
    assert taken.text == as_shown(provider, TEXT)
    assert taken.subject_line is not None
    assert not set(taken.subject_line) & set("\r\n\x00\x85\u2028")


async def test_a_hostile_address_is_told_to_no_server(provider: Provider) -> None:
    for number, address in enumerate(provider.hostile_addresses):
        answer = await sent(provider, f"cat_{number}", address=address)
        assert answer == NotTaken("ADDRESS_INVALID", permanent=True), number
    assert provider.accepted() == []


async def test_many_at_once_are_each_taken_once(provider: Provider) -> None:
    wanted = [f"cat_{number}" for number in range(20)]
    answers = await asyncio.gather(*(sent(provider, key, text=f"text of {key}") for key in wanted))
    assert all(isinstance(answer, Taken) for answer in answers)
    assert sorted(keys(provider)) == sorted(wanted)
    assert all(one.text == as_shown(provider, f"text of {one.key}") for one in provider.accepted())


async def test_nothing_personal_is_logged_or_shown(
    provider: Provider, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    # The server of the tests is allowed to say what it sees; ours and our libraries' loggers are not.
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as ours:
        answers = [await sent(provider)]
        for how in ("refuses", "busy", "lost_before", "lost_after"):
            provider.behave(how)  # type: ignore[arg-type]
            answers.append(await sent(provider, f"cat_{how}"))
        await provider.stop()
        answers.append(await sent(provider, "cat_down"))
    said = [record.getMessage() for record in caplog.records if record.name.partition(".")[0] not in SERVERS]
    shown = capsys.readouterr()
    everything = "\n".join([*said, str(ours), repr(answers), repr(message(provider)), shown.out, shown.err])
    for personal in (provider.address, "张伟", "1,234.50"):
        assert personal not in everything


async def test_it_can_be_closed_twice(provider: Provider) -> None:
    assert isinstance(await sent(provider), Taken)
    await provider.channel.close()
    await provider.channel.close()


SERVERS = frozenset({"mail"})
"""Loggers of the servers of the tests."""
