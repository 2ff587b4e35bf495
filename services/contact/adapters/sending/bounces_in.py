"""Mails as files, taken in as reports on messages: each once, however often its file is read."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from services.contact.adapters.sending.bounces import BYTES_MAX, NoNotification, receipts_of
from services.contact.adapters.sending.email_smtp import NAME
from services.contact.application.sending.inbound import Inbound
from services.contact.domain.sending.refusals import MessageUnknown
from shared.eventstore.port import KeyReused
from shared.kernel.clock import Clock


async def take_in(files: Sequence[Path], *, inbound: Inbound, clock: Clock) -> dict[str, int]:
    """Take in what these mails report; how many were what. Raises what handling raises."""
    counts = {"mails": 0, "reports": 0, "recorded": 0, "other": 0, "unreadable": 0}
    for file in files:
        counts["mails"] += 1
        try:
            raw = await asyncio.to_thread(_read, file)
        except OSError:
            counts["unreadable"] += 1
            continue
        told = await take(raw, inbound=inbound, clock=clock)
        counts["other"] += told is None
        counts["reports"] += told is not None
        counts["recorded"] += bool(told)
    return counts


async def take(raw: bytes, *, inbound: Inbound, clock: Clock) -> int | None:
    """Take in one mail; how many events it led to, None for what is no report on a message of ours."""
    recorded = 0
    try:
        for receipt in receipts_of(raw, now=clock.now()):
            with suppress(KeyReused):  # told before, by a mail without a date: it is of the day it is read
                recorded += len((await inbound.report(NAME, receipt)).events)
    except (NoNotification, MessageUnknown):
        return None
    return recorded


def _read(file: Path) -> bytes:
    """At most one byte more than a notification may have."""
    with file.open("rb") as source:
        return source.read(BYTES_MAX + 1)
