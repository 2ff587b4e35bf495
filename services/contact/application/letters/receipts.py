"""What the post says of letters: delivered, or returned and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.contact.application.channel_port import Receipt
from services.contact.application.handed_in import Flaw, Reject, TakenIn
from services.contact.application.handle import Meta
from services.contact.application.letters.batches import BatchDesk
from services.contact.application.sending.messages import MessageDesk
from shared.kernel.refusal import Refused

DELIVERED, RETURNED = "DELIVERED", "RETURNED"
STATUSES = (DELIVERED, RETURNED)
BOUNCED = frozenset({"ADDRESS_UNKNOWN", "ADDRESS_INCOMPLETE", "MOVED", "DECEASED"})
"""Reasons for which nothing will ever arrive there."""
FAILED = frozenset({"REFUSED", "UNCLAIMED", "DAMAGED", "LOST", "OTHER"})
REASONS = tuple(sorted(BOUNCED | FAILED))


class LetterUnknown(Refused):
    """No letter of that number, or of that message, went to the printer. The number stands on the sheet."""

    code = "letter-unknown"
    title_en = "There is no such letter"
    title_zh = "没有该信函"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalReceipt:
    """`letter`: the number on the sheet, or the message's id. `reason`: of one returned; `receipt`: the post's id."""

    letter: str
    status: str
    at: datetime
    reason: str | None = None
    receipt: str | None = None


class PostalReceipts:
    """Takes what the post says of one tenant's letters."""

    def __init__(self, *, batches: BatchDesk, messages: MessageDesk) -> None:
        self._batches, self._messages = batches, messages

    async def printed(self) -> Mapping[str, str]:
        """Letter number, and message id, -> message id of every letter that went to the printer."""
        found: dict[str, str] = {}
        for made in await self._batches.made():
            for letter in made.letters:
                found[letter.letter] = found[letter.key] = letter.key
        return found

    async def take(self, told: PostalReceipt, printed: Mapping[str, str], *, actor: str) -> bool:
        """Record it; False where it was on record. Raises LetterUnknown, MessageUnknown, what the ledger raises."""
        message = printed.get(told.letter.strip().upper()) or printed.get(told.letter.strip())
        if message is None:
            raise LetterUnknown
        named = told.receipt or f"{told.status}|{told.at.isoformat()}|{told.reason or ''}"
        receipt = Receipt(kind=_kind(told), at=told.at, receipt=named, key=message, cause=told.reason)
        meta = Meta(actor=actor, client="post", key=f"{message}|{named}")
        return bool((await self._messages.take_receipt(receipt, meta)).events)

    async def take_in(
        self, rows: Iterable[tuple[int, PostalReceipt | Flaw]], *, actor: str, reject: Reject
    ) -> TakenIn:
        """Take every row of a file, in its order."""
        printed, done = await self.printed(), TakenIn()
        for line, row in rows:
            done.lines += 1
            flaw = row if isinstance(row, Flaw) else None
            if isinstance(row, PostalReceipt):
                try:
                    new = await self.take(row, printed, actor=actor)
                except Refused as refused:
                    flaw = Flaw(refused.code)
                else:
                    done.new += new
                    done.unchanged += not new
            if flaw is not None:
                done.rejected += 1
                reject(line, flaw)
        return done


def _kind(told: PostalReceipt) -> Literal["DELIVERED", "FAILED", "BOUNCED"]:
    if told.status == DELIVERED:
        return "DELIVERED"
    return "BOUNCED" if told.reason in BOUNCED else "FAILED"
