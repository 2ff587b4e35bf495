"""What the post says of letters: delivered, or returned and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.contact.application.channel_port import Receipt
from services.contact.application.handed_in import Flaw, Reject, TakenIn
from services.contact.application.letters.batches import BatchDesk
from services.contact.application.sending.inbound import Inbound
from shared.eventstore.port import KeyReused
from shared.kernel.refusal import Refused

PROVIDER = "print-spool"
"""The name of the spool that letters are handed to (adapters/letters/spool.py)."""
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


class ReceiptReused(Refused):
    """The post told something else of this letter under the same receipt number before; what it said first stands.

    A receipt that corrects an earlier one has a number of its own, or none.
    """

    code = "postal-receipt-reused"
    title_en = "Another receipt of the letter has that number"
    title_zh = "该信函已有相同编号的回执"


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

    def __init__(self, *, batches: BatchDesk, inbound: Inbound) -> None:
        self._batches, self._inbound = batches, inbound

    async def printed(self) -> Mapping[str, str]:
        """Letter number, and message id, -> message id of every letter that went to the printer."""
        found: dict[str, str] = {}
        for made in await self._batches.made():
            for letter in made.letters:
                found[letter.letter] = found[letter.key] = letter.key
        return found

    async def take(self, told: PostalReceipt, printed: Mapping[str, str]) -> bool:
        """Record it; False where it was on record.

        Raises: LetterUnknown, ReceiptReused, MessageUnknown, what the ledger raises.
        """
        message = printed.get(told.letter.strip().upper()) or printed.get(told.letter.strip())
        if message is None:
            raise LetterUnknown
        named = told.receipt or f"{told.status}|{told.at.isoformat()}|{told.reason or ''}"
        receipt = Receipt(
            kind=_kind(told), at=told.at, receipt=f"{message}|{named}", key=message, cause=told.reason
        )
        try:
            return bool((await self._inbound.report(PROVIDER, receipt)).events)
        except KeyReused:
            raise ReceiptReused from None

    async def take_in(self, rows: Iterable[tuple[int, PostalReceipt | Flaw]], *, reject: Reject) -> TakenIn:
        """Take every row of a file, in its order."""
        printed, done = await self.printed(), TakenIn()
        for line, row in rows:
            done.lines += 1
            flaw = row if isinstance(row, Flaw) else None
            if isinstance(row, PostalReceipt):
                try:
                    new = await self.take(row, printed)
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
