"""Mails as files, taken in as reports on messages and as answers of people: each once, however often it is read."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from services.contact.adapters.sending.answers import answer_of
from services.contact.adapters.sending.bounces import BYTES_MAX, NoNotification, receipts_of
from services.contact.adapters.sending.email_smtp import NAME
from services.contact.application.sending.inbound import Inbound
from services.contact.domain.refusals import AttemptAlreadyReported
from services.contact.domain.sending.refusals import MessageUnknown
from shared.eventstore.port import KeyReused
from shared.kernel.clock import Clock

Kind: TypeAlias = Literal["reports", "answers", "other"]


async def take_in(files: Sequence[Path], *, inbound: Inbound, clock: Clock) -> dict[str, int]:
    """Take in what these mails report; how many were what. Raises what handling raises."""
    counts = {"mails": 0, "reports": 0, "answers": 0, "recorded": 0, "other": 0, "unreadable": 0}
    for file in files:
        counts["mails"] += 1
        try:
            raw = await asyncio.to_thread(_read, file)
        except OSError:
            counts["unreadable"] += 1
            continue
        kind, recorded = await take(raw, inbound=inbound, clock=clock)
        counts[kind] += 1
        counts["recorded"] += recorded
    return counts


async def take(raw: bytes, *, inbound: Inbound, clock: Clock) -> tuple[Kind, int]:
    """Take in one mail: what it was, and whether anything of it was new."""
    try:
        receipts = receipts_of(raw, now=clock.now())
    except NoNotification:
        return await _answer(raw, inbound, clock)
    recorded = 0
    for receipt in receipts:
        try:
            recorded += len((await inbound.report(NAME, receipt)).events)
        except KeyReused:  # told before, by a mail without a date: it is of the day it is read
            continue
        except MessageUnknown:
            return "other", recorded
    return "reports", min(recorded, 1)


async def _answer(raw: bytes, inbound: Inbound, clock: Clock) -> tuple[Kind, int]:
    """An answer of somebody whose address is on record; anybody else's is not ours to keep."""
    reply = answer_of(raw, now=clock.now())
    if reply is None:
        return "other", 0
    try:
        taken = await inbound.reply(reply)
    except (KeyReused, AttemptAlreadyReported):
        return "answers", 0
    return ("answers" if taken else "other"), min(sum(len(one.events) for one in taken), 1)


def _read(file: Path) -> bytes:
    """At most one byte more than a notification may have."""
    with file.open("rb") as source:
        return source.read(BYTES_MAX + 1)
