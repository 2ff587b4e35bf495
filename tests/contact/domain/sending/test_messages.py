"""The message machine: receipts in any order, late answers, and that no history lets a message be sent twice unseen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contact.domain.facts import message as f
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused, Proposed
from services.contact.domain.facts.subject import PointEnded
from services.contact.domain.sending import commands as c
from services.contact.domain.sending import message as m
from services.contact.domain.sending.act import act
from services.contact.domain.sending.judging import Judged
from services.contact.domain.sending.message import Message, evolve_all
from services.contact.domain.sending.refusals import (
    MessageNotStuck,
    MessageNotUnresolved,
    MessageUnderWay,
    MessageUnknown,
    SendByPassed,
)
from services.contact.domain.sending.retry import RetryPolicy, next_try

NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
PROPOSED = Proposed(at=NOW, channel="email", role="debtor", collector_role="first_party", point="cpt_1")


class Judging:
    """Answers as it is told; puts nothing on record."""

    def __init__(self) -> None:
        self.outcome, self.until = "allow", None

    def __call__(
        self, proposed: Proposed, *, permit: str, stands_under: str | None, now: datetime, by: str
    ) -> Judged:
        return Judged(outcome=self.outcome, permit=permit, until=self.until)


class Life:
    """A message's life: commands done one after the other."""

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.now, self.judge = NOW, Judging()

    def do(self, command: c.MessageCommand) -> list[str]:
        events = act(self.messages, command, now=self.now, judge=self.judge)
        for event in events:
            if not isinstance(event, PointEnded | ContactPermitted | ContactRefused):
                evolve_all(self.messages, event)
        return [type(event).__name__ for event in events]

    def queue(self, hours: float = 24) -> "Life":
        self.do(
            c.QueueMessage(
                message="cat_1", permit="cpm_1", proposed=PROPOSED, template="t", template_version=1,
                language="en", text_hash="00", send_by=self.now + timedelta(hours=hours), values=(),
                address="a@example.com", by="user:li",
            )
        )  # fmt: skip
        return self

    def begin(self) -> list[str]:
        return self.do(
            c.BeginSending(message="cat_1", permit="cpm_2", provider="p", key="cat_1", by="system:d")
        )

    def receipt(
        self, kind: c.ReceiptKind, minute: int, receipt: str | None = None, cause: str | None = None
    ) -> list[str]:
        at = NOW + timedelta(minutes=minute)
        return self.do(c.RecordReceipt(message="cat_1", kind=kind, at=at, receipt=receipt, cause=cause))

    @property
    def message(self) -> Message:
        return self.messages["cat_1"]


def dispatched(try_no: int = 1) -> c.RecordDispatched:
    return c.RecordDispatched(message="cat_1", try_no=try_no, provider_ref="ref")


def not_sent(try_no: int = 1, cause: str = "BUSY", *, permanent: bool = False) -> c.RecordNotSent:
    return c.RecordNotSent(message="cat_1", try_no=try_no, cause=cause, permanent=permanent)


UNKNOWN = c.RecordUnknown(message="cat_1", try_no=1, cause="TIMEOUT")


def test_receipts_say_the_same_in_whatever_order_they_come() -> None:
    told = (
        ("DELIVERED", 1, "r1"), ("FAILED", 2, "r2"), ("BOUNCED", 3, "r3"), ("DELIVERED", 3, "r4"), ("FAILED", 0, "r5"),
    )  # fmt: skip
    for some in range(1, len(told) + 1):
        ends = set()
        for order in permutations(told[:some]):
            life = Life().queue()
            life.begin()
            life.do(dispatched())
            for kind, minute, receipt in order:
                life.receipt(kind, minute, receipt)  # type: ignore[arg-type]
                assert life.receipt(kind, minute, receipt) == []  # type: ignore[arg-type]
            ends.add((life.message.status, life.message.receipts, life.message.bounced))
        assert len(ends) == 1
    assert life.message.status == m.BOUNCED


def test_a_receipt_without_an_id_repeated_adds_nothing() -> None:
    life = Life().queue()
    life.begin()
    life.do(dispatched())
    assert life.receipt("DELIVERED", 1) == ["DeliveryConfirmed"]
    assert life.receipt("DELIVERED", 1) == []


@pytest.mark.parametrize("held", ["sending", "unresolved", "retry", "set aside", "withdrawn"])
def test_a_receipt_proves_that_it_was_sent_whatever_was_held_of_it(held: str) -> None:
    life = Life().queue()
    life.begin()
    if held == "unresolved":
        life.do(UNKNOWN)
    elif held in ("retry", "withdrawn"):
        life.do(not_sent())
    elif held == "set aside":
        life.do(not_sent(permanent=True))
    if held == "withdrawn":
        life.do(c.WithdrawMessage(message="cat_1", reason="NO_NEED"))
    assert life.receipt("DELIVERED", 1, "r1") == ["MessageDispatched", "DeliveryConfirmed"]
    assert life.message.status == m.DELIVERED
    life.now += timedelta(hours=1)
    assert life.begin() == []


def test_a_receipt_of_what_was_never_tried_is_of_no_message_of_ours() -> None:
    assert Life().queue().receipt("BOUNCED", 1, "r1") == []
    with pytest.raises(MessageUnknown):
        Life().receipt("BOUNCED", 1, "r1")


def test_a_bounce_ends_the_point_once() -> None:
    life = Life().queue()
    life.begin()
    life.do(dispatched())
    assert life.receipt("BOUNCED", 1, "r1") == ["DeliveryFailed", "PointEnded"]
    assert life.receipt("BOUNCED", 2, "r2") == ["DeliveryFailed"]
    assert life.message.counts


def test_an_answer_that_comes_after_it_was_given_up_still_counts() -> None:
    life = Life().queue()
    life.begin()
    life.do(UNKNOWN)
    assert life.do(dispatched()) == ["MessageDispatched"]
    assert life.do(dispatched()) == []
    assert life.do(UNKNOWN) == []
    assert life.do(not_sent()) == []


def test_an_answer_to_an_earlier_try_changes_nothing_about_a_later_one() -> None:
    life = Life().queue()
    life.begin()
    life.do(not_sent())
    life.now = life.message.due_at
    assert life.begin() == ["MessageSending"]
    assert life.do(not_sent(1)) == []
    assert life.do(UNKNOWN) == []
    assert life.do(dispatched(1)) == ["MessageDispatched"]


def test_what_may_have_been_sent_counts_until_somebody_knows_better() -> None:
    life = Life().queue()
    life.begin()
    life.do(UNKNOWN)
    life.do(c.RetryMessage(message="cat_1", send_by=NOW + timedelta(hours=9), by="user:li"))
    assert (life.message.status, life.message.counts) == (m.QUEUED, True)
    life.begin()
    life.do(not_sent(2))
    assert life.message.counts
    other = Life().queue()
    other.begin()
    other.do(UNKNOWN)
    assert other.do(not_sent()) == ["MessageNotSent"]
    assert not other.message.counts


def test_what_a_person_may_do_depends_on_where_it_stands() -> None:
    life = Life().queue()
    retry = c.RetryMessage(message="cat_1", send_by=NOW + timedelta(hours=9), by="user:li")
    with pytest.raises(MessageNotStuck):
        life.do(retry)
    with pytest.raises(MessageNotUnresolved):
        life.do(c.ResolveMessage(message="cat_1", sent=True, by="user:li"))
    life.begin()
    with pytest.raises(MessageUnderWay):
        life.do(c.WithdrawMessage(message="cat_1", reason="NO_NEED"))
    life.do(not_sent(permanent=True))
    with pytest.raises(SendByPassed):
        life.do(replace(retry, send_by=NOW))
    assert life.do(c.WithdrawMessage(message="cat_1", reason="NO_NEED")) == ["MessageWithdrawn"]
    assert life.do(c.WithdrawMessage(message="cat_1", reason="NO_NEED")) == []
    with pytest.raises(MessageNotStuck):
        life.do(retry)


def test_the_deadline_is_exclusive() -> None:
    life = Life().queue(hours=1)
    life.now += timedelta(hours=1)
    assert life.begin() == ["MessageWithdrawn"]
    assert life.message.may_be_retried
    early = Life().queue(hours=1)
    early.now += timedelta(hours=1) - timedelta(microseconds=1)
    assert early.begin() == ["MessageSending"]


def test_one_that_is_deferred_to_its_deadline_or_later_is_withdrawn() -> None:
    life = Life().queue(hours=2)
    life.judge.outcome = "defer"
    life.judge.until = NOW + timedelta(hours=1)
    assert life.begin() == ["MessageDeferred"]
    assert life.begin() == []
    life.now += timedelta(hours=1)
    life.judge.until = NOW + timedelta(hours=2)
    assert life.begin() == ["MessageWithdrawn"]


COMMANDS = st.sampled_from(
    [
        "begin", "dispatched", "busy", "refused", "unknown", "delivered", "failed", "bounced", "retry", "sent",
        "not sent", "withdraw", "aside", "wait",
    ]
)  # fmt: skip


def _done(life: Life, what: str) -> list[str]:
    tries = life.message.tries
    far = life.now + timedelta(hours=12)
    match what:
        case "begin":
            return life.begin()
        case "wait":
            life.now += timedelta(minutes=40)
            return []
        case "delivered" | "failed" | "bounced":
            return life.receipt(what.upper(), 1)  # type: ignore[arg-type]
    commands: dict[str, c.MessageCommand] = {
        "dispatched": dispatched(tries), "busy": not_sent(tries), "refused": not_sent(tries, "X", permanent=True),
        "unknown": c.RecordUnknown(message="cat_1", try_no=tries, cause="TIMEOUT"),
        "retry": c.RetryMessage(message="cat_1", send_by=far, by="user:li"),
        "sent": c.ResolveMessage(message="cat_1", sent=True, by="user:li"),
        "not sent": c.ResolveMessage(message="cat_1", sent=False, by="user:li"),
        "withdraw": c.WithdrawMessage(message="cat_1", reason="NO_NEED"),
        "aside": c.SetMessageAside(message="cat_1", cause="TEXT_CHANGED"),
    }  # fmt: skip
    try:
        return life.do(commands[what])
    except (MessageNotStuck, MessageNotUnresolved, MessageUnderWay):
        return []


@given(st.lists(COMMANDS, max_size=25))
def test_no_history_sends_again_what_was_sent_or_may_have_been_but_by_a_persons_word(told: list[str]) -> None:
    life = Life().queue()
    perhaps = sent = False
    for what in told:
        events = _done(life, what)
        if "MessageSending" in events:
            assert not sent
            assert not perhaps
        sent |= "MessageDispatched" in events
        perhaps = (perhaps or "MessageUnresolved" in events) and what not in (
            "retry",
            "not sent",
            "busy",
            "refused",
        )
        assert life.message.counts or not sent
        if life.message.status in m.WAITING:
            assert life.message.tries == 0 or not sent


def test_tries_come_at_growing_gaps_until_they_are_used_up_or_the_deadline_comes() -> None:
    policy = RetryPolicy(
        first=timedelta(seconds=10), factor=2, longest=timedelta(seconds=60), tries_max=5, spread=0
    )
    far = NOW + timedelta(days=1)
    gaps = [next_try(tries, "MAILBOX_FULL", NOW, far, policy=policy) for tries in range(1, 6)]
    assert [None if at is None else (at - NOW).total_seconds() for at in gaps] == [10, 20, 40, 60, None]
    assert next_try(99, "PROVIDER_DOWN", NOW, far, policy=policy) == NOW + timedelta(seconds=60)
    assert next_try(1, "BUSY", NOW, NOW + timedelta(seconds=10), policy=policy) is None
    assert next_try(1, "BUSY", NOW, far, wait_s=300, policy=policy) == NOW + timedelta(seconds=300)
    assert next_try(10_000, "BUSY", NOW, far, wait_s=1e12, policy=policy) is None


@given(st.integers(1, 1_000), st.floats(0, 0.999), st.floats(0, 1e6))
def test_a_try_is_never_before_now_and_never_after_the_deadline(
    tries: int, share: float, wait_s: float
) -> None:
    by = NOW + timedelta(hours=3)
    at = next_try(tries, "BUSY", NOW, by, wait_s=wait_s, share=share)
    assert at is None or NOW < at < by


def test_facts_of_a_message_whose_queuing_was_erased_change_nothing() -> None:
    messages: dict[str, Message] = {}
    evolve_all(messages, f.MessageDispatched(message="cat_9", at=NOW, try_no=1, provider_ref=None))
    assert messages == {}
