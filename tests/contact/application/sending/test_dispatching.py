"""The dispatcher: what it does with each answer of a provider, with refusals at the last moment, and with crashes."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.contact.application.channel_port import NotTaken, Receipt, Taken, Unknown
from services.contact.application.sending.inbound import Inbound
from services.contact.application.sending.messages import ChannelSendsNoMessages, NoPointToSendTo
from services.contact.domain import commands as c
from services.contact.domain.sending import message as m
from services.contact.domain.sending.commands import BeginSending
from services.contact.domain.sending.refusals import MessageNotStuck, MessageUnknown, SendByPassed
from shared.kernel.clock import FixedClock, in_utc
from tests.contact.application.sending.room import PACE, TUESDAY, Room, Scripted, meta, room, wanted, within


def clock(at: str = "2026-03-03T10:00:00+08:00") -> FixedClock:
    return FixedClock(in_utc(datetime.fromisoformat(at)))


async def later(here: Room, **span: float) -> int:
    """Let time pass, then send what is due."""
    assert isinstance(here.clock, FixedClock)
    here.clock.advance(timedelta(**span))
    return await here.dispatcher().drain()


async def test_a_message_is_judged_its_intent_stored_and_sent_once(tmp_path: Path) -> None:
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        assert (await here.message(message)).status == m.QUEUED
        assert await here.dispatcher().drain() == 1
        assert await here.dispatcher().drain() == 0
        sent = await here.message(message)
        assert (sent.status, sent.tries, sent.provider_ref, sent.key) == (m.DISPATCHED, 1, "ref-1", message)
        assert await here.events(message) == [
            "ContactPermitted", "MessageQueued", "MessageSending", "MessageDispatched",
        ]  # fmt: skip
        [out] = provider.sent
        assert (out.key, out.address, out.text) == (
            message,
            "zhang.wei@example.com",
            "reminder: amount 1,234.50",
        )
        assert (await here.message(message)).counts
        assert here.faults == []


async def test_the_same_order_twice_is_one_message(tmp_path: Path) -> None:
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock()) as here:
        subject = await here.debtor("D-1")
        first = await here.messages.order(subject, wanted(), meta("one"))
        again = await here.messages.order(subject, wanted(), meta("one"))
        assert first.message == again.message
        assert first.queued
        assert again.queued
        await here.dispatcher().drain()
        assert len(provider.sent) == 1


async def test_a_refused_order_is_on_record_and_never_sent(tmp_path: Path) -> None:
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock()) as here:
        subject = await here.debtor("D-1")
        await here.desk.handle(subject, c.OptOut(channel="email"), meta("stop"))
        made = await here.messages.order(subject, wanted(), meta("one"))
        assert not made.queued
        assert made.decision is not None
        assert await here.events(made.message) == ["ContactRefused"]
        assert await here.dispatcher().drain() == 0
        with pytest.raises(MessageUnknown):
            await here.messages.retry(made.message, meta("retry"))


async def test_one_ordered_in_the_night_waits_for_the_morning(tmp_path: Path) -> None:
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock("2026-03-03T23:30:00+08:00")) as here:
        message = await here.order("D-1")
        waits = await here.message(message)
        assert waits.due_at == in_utc(datetime.fromisoformat("2026-03-04T08:00:00+08:00"))
        assert await later(here, hours=8) == 0
        assert await later(here, hours=1) == 1
        assert (await here.message(message)).status == m.DISPATCHED


async def test_one_that_cannot_wait_for_the_morning_is_refused(tmp_path: Path) -> None:
    async with room(tmp_path, Scripted([], []), clock=clock("2026-03-03T23:30:00+08:00")) as here:
        subject = await here.debtor("D-1")
        soon = in_utc(datetime.fromisoformat("2026-03-04T07:00:00+08:00"))
        made = await here.messages.order(subject, wanted(send_by=soon), meta("one"))
        assert not made.queued
        with pytest.raises(SendByPassed):
            await here.messages.order(subject, wanted(send_by=within(hours=-1)), meta("two"))


async def test_a_queue_drained_after_closing_is_judged_again(tmp_path: Path) -> None:
    # compliance.md 6.2: time of sending governs.
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock("2026-03-03T21:59:00+08:00")) as here:
        message = await here.order("D-1")
        assert await later(here, minutes=2) == 1
        assert provider.sent == []
        assert await here.events(message) == [
            "ContactPermitted", "MessageQueued", "ContactRefused", "MessageDeferred",
        ]  # fmt: skip
        assert await later(here, hours=10) == 1
        assert (await here.message(message)).status == m.DISPATCHED


async def test_an_opt_out_after_queueing_withdraws_it(tmp_path: Path) -> None:
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        await here.desk.handle(here.desk.subject_id("D-1"), c.OptOut(channel="email"), meta("stop"))
        await here.dispatcher().drain()
        assert provider.sent == []
        gone = await here.message(message)
        assert (gone.status, gone.cause) == (m.WITHDRAWN, m.REFUSED)


async def test_a_provider_that_is_busy_is_tried_again_at_growing_gaps(tmp_path: Path) -> None:
    provider = Scripted([NotTaken("BUSY", permanent=False)] * 3, [])
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        gaps = []
        for _ in range(3):
            await here.dispatcher().drain()
            waits = await here.message(message)
            assert waits.status == m.RETRY
            gaps.append((waits.due_at - here.clock.now()).total_seconds())
            assert await here.dispatcher().drain() == 0
            assert await later(here, seconds=gaps[-1] - 1) == 0
            assert isinstance(here.clock, FixedClock)
            here.clock.advance(timedelta(seconds=1))
        assert gaps == sorted(gaps)
        assert 30 <= gaps[0] <= 36
        assert gaps[2] > 4 * gaps[0]
        assert await here.dispatcher().drain() == 1
        sent = await here.message(message)
        assert (sent.status, sent.tries) == (m.DISPATCHED, 4)


async def test_a_provider_that_stays_down_until_the_deadline_leaves_a_dead_letter_that_can_be_retried(
    tmp_path: Path,
) -> None:
    provider = Scripted([NotTaken("PROVIDER_DOWN", permanent=False)] * 99, [])
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1", send_by=within(hours=3))
        for _ in range(40):
            await later(here, minutes=7)
        aside = await here.message(message)
        assert (aside.status, aside.cause) == (m.SET_ASIDE, "PROVIDER_DOWN")
        assert aside.tries > 6
        assert not aside.counts
        provider.answers.clear()
        await here.messages.retry(message, meta("retry"))
        await here.dispatcher().drain()
        assert (await here.message(message)).status == m.DISPATCHED
        with pytest.raises(MessageNotStuck):
            await here.messages.retry(message, meta("again"))


async def test_a_refusal_for_good_sets_it_aside_and_an_unknown_address_ends_the_point(tmp_path: Path) -> None:
    provider = Scripted([NotTaken("ADDRESS_UNKNOWN", permanent=True)], [])
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        await here.dispatcher().drain()
        assert await here.events(message) == [
            "ContactPermitted", "MessageQueued", "MessageSending", "MessageNotSent", "MessageSetAside", "PointEnded",
        ]  # fmt: skip
        with pytest.raises(NoPointToSendTo):
            await here.messages.order(here.desk.subject_id("D-1"), wanted(), meta("two"))


async def test_an_unknown_outcome_is_settled_by_asking_where_the_provider_keeps_keys(tmp_path: Path) -> None:
    provider = Scripted([Unknown("TIMEOUT"), Unknown("TIMEOUT")], [Taken("ref-9"), "NEVER_SEEN"])
    async with room(tmp_path, provider, clock=clock()) as here:
        taken, lost = await here.order("D-1"), await here.order("D-2")
        await here.dispatcher().drain()
        states = {(await here.message(one)).status for one in (taken, lost)}
        assert states == {m.DISPATCHED, m.RETRY}
        await later(here, seconds=10)
        assert [(await here.message(one)).status for one in (taken, lost)] == [m.DISPATCHED, m.DISPATCHED]
        assert len(provider.sent) == 3


async def test_an_unknown_outcome_at_a_provider_that_cannot_be_asked_is_for_a_person(tmp_path: Path) -> None:
    provider = Scripted([Unknown("CONNECTION_LOST")], [], keeps_keys=False)
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        await here.dispatcher().drain()
        stuck = await here.message(message)
        assert (stuck.status, stuck.cause) == (m.UNRESOLVED, "CONNECTION_LOST")
        assert stuck.counts
        assert await later(here, hours=1) == 0
        assert len(provider.sent) == 1
        await here.messages.resolve(message, meta("looked"), sent=False)
        assert not (await here.message(message)).counts
        await here.messages.retry(message, meta("retry"))
        await here.dispatcher().drain()
        assert (await here.message(message)).status == m.DISPATCHED
        assert [one.key for one in provider.sent] == [message, message]


async def test_one_that_is_unresolved_and_sent_again_by_hand_still_counts(tmp_path: Path) -> None:
    provider = Scripted([Unknown("CONNECTION_LOST")], [], keeps_keys=False)
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        await here.dispatcher().drain()
        await here.messages.retry(message, meta("retry"))
        waits = await here.message(message)
        assert (waits.status, waits.counts) == (m.QUEUED, True)


async def test_a_worker_that_is_lost_while_sending_is_resolved_by_the_next(tmp_path: Path) -> None:
    for number, (keeps, found, status) in enumerate(
        (
            (True, Taken("ref-7"), m.DISPATCHED),
            (True, "NEVER_SEEN", m.RETRY),
            (True, "CANNOT_TELL", m.SENDING),
            (False, "CANNOT_TELL", m.UNRESOLVED),
        )
    ):
        provider = Scripted([], [found], keeps_keys=keeps)  # type: ignore[list-item]
        folder = tmp_path / str(number)
        folder.mkdir()
        async with room(folder, provider, clock=clock()) as here:
            message = await here.order("D-1")
            await begun(here, message)
            await here.dispatcher().drain()
            assert (await here.message(message)).status == status
            assert provider.sent == []
            assert provider.asked == ([message] if keeps else [])


async def begun(here: Room, message: str, provider: str = "scripted") -> None:
    """As a worker leaves it that is killed right after it stored its intent."""
    subject = here.desk.subject_id("D-1")
    permit = here.desk.permit_id(subject, client="test", key=f"{message}-begun")
    command = BeginSending(message=message, permit=permit, provider=provider, key=message, by="system:lost")
    await here.desk.handle(subject, command, meta(f"{message}-begun"))


async def test_a_provider_that_cannot_be_asked_for_long_is_given_up_for_a_person_to_look(
    tmp_path: Path,
) -> None:
    provider = Scripted([], [])
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        await begun(here, message)
        await here.dispatcher().drain()
        assert isinstance(here.clock, FixedClock)
        here.clock.advance(timedelta(seconds=PACE.resolve_for_s))
        await asyncio.sleep(PACE.find_again_s)  # its lease is of real time
        await here.dispatcher().drain()
        assert (await here.message(message)).status == m.UNRESOLVED


async def test_what_another_provider_was_asked_is_not_asked_of_this_one(tmp_path: Path) -> None:
    provider = Scripted([], ["NEVER_SEEN"])
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        await begun(here, message, provider="the one before")
        await here.dispatcher().drain()
        assert (await here.message(message)).status == m.SENDING
        assert provider.asked == provider.sent == []


class NoHolders:
    """Nobody wrote to us."""

    async def subjects_of(self, point: str) -> tuple[str, ...]:
        """Nobody's."""
        return ()


async def test_receipts_in_any_order_settle_it_and_a_bounce_ends_the_point(tmp_path: Path) -> None:
    provider = Scripted([Unknown("CONNECTION_LOST")], [], keeps_keys=False)
    async with room(tmp_path, provider, clock=clock()) as here:
        message = await here.order("D-1")
        await here.dispatcher().drain()
        bounced = Receipt(
            kind="BOUNCED", at=within(minutes=-1), receipt="r2", key=message, cause="ADDRESS_UNKNOWN"
        )
        delivered = Receipt(kind="DELIVERED", at=within(minutes=-5), receipt="r1", key=message)
        inbound = Inbound(desk=here.desk, holders=NoHolders(), clock=here.clock)
        for one in (bounced, bounced, delivered, bounced):
            await inbound.report("scripted", one)
        settled = await here.message(message)
        assert (settled.status, settled.cause) == (m.BOUNCED, "ADDRESS_UNKNOWN")
        assert (await here.events(message))[3:] == [
            "MessageUnresolved", "MessageDispatched", "DeliveryFailed", "PointEnded", "DeliveryConfirmed",
        ]  # fmt: skip


async def test_a_text_that_comes_out_differently_is_not_sent(tmp_path: Path) -> None:
    for cause in ("TEXT_CHANGED", "TEXT_UNAVAILABLE"):
        folder = tmp_path / cause
        folder.mkdir()
        provider = Scripted([], [])
        async with room(folder, provider, clock=clock()) as here:
            message = await here.order("D-1")
            here.texts.changed, here.texts.gone = cause == "TEXT_CHANGED", cause == "TEXT_UNAVAILABLE"
            await here.dispatcher().drain()
            aside = await here.message(message)
            assert (aside.status, aside.cause) == (m.SET_ASIDE, cause)
            assert provider.sent == []


async def test_messages_of_a_channel_that_is_not_configured_wait_and_come_too_late_in_the_end(
    tmp_path: Path,
) -> None:
    async with room(tmp_path, clock=clock()) as here:
        message = await here.order("D-1")
        assert await here.dispatcher().drain() == 0
        assert (await here.message(message)).status == m.QUEUED
        assert await later(here, hours=25) == 1
        late = await here.message(message)
        assert (late.status, late.cause) == (m.WITHDRAWN, m.EXPIRED)
        await here.messages.retry(message, meta("retry"))
        assert (await here.message(message)).status == m.QUEUED


async def test_only_messages_that_we_send_ourselves_can_be_ordered(tmp_path: Path) -> None:
    async with room(tmp_path, clock=clock()) as here:
        subject = await here.debtor("D-1")
        with pytest.raises(ChannelSendsNoMessages):
            await here.messages.order(subject, wanted(channel="voice"), meta("one"))
        with pytest.raises(NoPointToSendTo):
            await here.messages.order(subject, wanted(channel="sms"), meta("two"))
        with pytest.raises(NoPointToSendTo):
            await here.messages.order(subject, wanted(point="cpt_other"), meta("three"))
        with pytest.raises(MessageUnknown):
            await here.messages.retry("cat_no", meta("four"))


def test_the_morning_is_the_morning() -> None:
    assert TUESDAY.isoweekday() == 2
