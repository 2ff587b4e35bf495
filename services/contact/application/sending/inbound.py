"""What providers tell us by themselves: what became of a message, and that somebody wrote to us.

A provider tells it late, twice, in any order, or not at all; the provider's own id of a report or message is the key,
so that whatever it tells again is answered and not recorded again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import msgspec

from services.contact.application import thing_ids
from services.contact.application.channel_port import Receipt
from services.contact.application.handle import ContactDesk, Handled, Meta
from services.contact.domain.sending import commands as c
from services.contact.domain.sending.refusals import MessageUnknown
from services.contact.domain.sending.replies import TakeReply, sent_last_at
from services.contact.domain.sending.stop_words import says_stop
from shared.http.signing_keys import Checks
from shared.kernel.clock import Clock

MEDIUM: Mapping[str, str] = {"sms": "phone", "email": "email"}
"""What kind of point somebody writes from, by channel."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who calls us: for which channel, and by which keys their callbacks are known."""

    channel: str
    keys: tuple[Checks, ...] = field(repr=False)


class Holders(Protocol):
    """Whose a point is."""

    async def subjects_of(self, point: str) -> Sequence[str]:
        """The subjects that a point was recorded for, or that were sent messages there, as of now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A message that somebody sent us from `address`, under the provider's own id `ref`."""

    provider: str
    channel: str
    ref: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime


class Inbound:
    """Takes what providers tell, for one tenant."""

    def __init__(self, *, desk: ContactDesk, holders: Holders, clock: Clock) -> None:
        self._desk, self._holders, self._clock = desk, holders, clock

    async def report(self, provider: str, receipt: Receipt) -> Handled:
        """Record what a provider reports of a message it was asked to send.

        Raises: MessageUnknown for one that was never told to this provider; KeyReused where the same report said
        something else before; what handling raises.
        """
        message = receipt.key
        subject_id = thing_ids.subject_of(thing_ids.ATTEMPT, message) if message is not None else None
        if message is None or subject_id is None:
            raise MessageUnknown
        known = (await self._desk.load(subject_id)).state.messages.get(message)
        if known is None or known.provider != provider:
            raise MessageUnknown
        command = c.RecordReceipt(
            message=message, kind=receipt.kind, at=min(receipt.at, self._clock.now()), receipt=receipt.receipt,
            cause=receipt.cause,
        )  # fmt: skip
        fingerprint = sha256(msgspec.json.encode([receipt.kind, receipt.at, message, receipt.cause])).digest()
        return await self._desk.handle(subject_id, command, _meta(provider, receipt.receipt, fingerprint))

    async def reply(self, reply: Reply) -> tuple[Handled, ...]:
        """Record that somebody wrote to us, once for every subject it concerns; none where nobody has that number.

        A wish for no more messages concerns everybody who shares the number; anything else whoever was sent the last
        message there.

        Raises: AttemptAlreadyReported, KeyReused where the same id said something else before; what handling raises.
        """
        point = self._desk.point_id(MEDIUM[reply.channel], reply.address)
        subjects = await self._holders.subjects_of(point)
        if not says_stop(reply.text):
            subjects = await self._last_written_to(subjects, point)
        fingerprint = sha256(msgspec.json.encode([reply.at, point, reply.text])).digest()
        taken = []
        for subject_id in subjects:
            command = TakeReply(
                attempt=self._desk.attempt_id(subject_id, reply.provider, reply.ref), source=reply.provider,
                source_ref=reply.ref, channel=reply.channel, point=point, at=reply.at, text=reply.text,
            )  # fmt: skip
            meta = _meta(reply.provider, reply.ref, fingerprint)
            taken.append(await self._desk.handle(subject_id, command, meta))
        return tuple(taken)

    async def _last_written_to(self, subjects: Sequence[str], point: str) -> Sequence[str]:
        if len(subjects) < 2:
            return subjects
        sent = [(sent_last_at((await self._desk.load(one)).state, point), one) for one in subjects]
        last = max((at for at, _ in sent if at is not None), default=None)
        return [one for at, one in sent if at == last]


def _meta(provider: str, ref: str, fingerprint: bytes) -> Meta:
    who = f"provider:{provider}"
    return Meta(actor=who, client=who, key=ref, fingerprint=fingerprint)
