"""Mails as files, taken in as reports on messages: each once, however often its file is read."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from services.contact.adapters.sending.bounces import BYTES_MAX, NoNotification, receipts_of
from services.contact.application.channel_port import Receipt
from services.contact.application.handle import Meta
from services.contact.application.sending.messages import MessageDesk
from services.contact.domain.sending.refusals import MessageUnknown
from shared.kernel.clock import Clock

WHO = "system:bounces"


async def take_in(files: Sequence[Path], *, messages: MessageDesk, clock: Clock) -> dict[str, int]:
    """Take in what these mails report; how many were what. Raises what handling raises."""
    counts = {"mails": 0, "reports": 0, "recorded": 0, "other": 0, "unreadable": 0}
    for file in files:
        counts["mails"] += 1
        try:
            raw = await asyncio.to_thread(_read, file)
        except OSError:
            counts["unreadable"] += 1
            continue
        told = await take(raw, messages=messages, clock=clock)
        counts["other"] += told is None
        counts["reports"] += told is not None
        counts["recorded"] += bool(told)
    return counts


async def take(raw: bytes, *, messages: MessageDesk, clock: Clock) -> int | None:
    """Take in one mail; how many events it led to, None for what is no report on a message of ours."""
    try:
        receipts = receipts_of(raw, now=clock.now())
        return sum([await _take(one, messages) for one in receipts])
    except (NoNotification, MessageUnknown):
        return None


async def _take(receipt: Receipt, messages: MessageDesk) -> int:
    key = sha256(f"{receipt.key}|{receipt.receipt}".encode()).hexdigest()
    handled = await messages.take_receipt(receipt, Meta(actor=WHO, client=WHO, key=key))
    return len(handled.events)


def _read(file: Path) -> bytes:
    """At most one byte more than a notification may have."""
    with file.open("rb") as source:
        return source.read(BYTES_MAX + 1)
