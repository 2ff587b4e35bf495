"""What can be asked about letters, in one place."""

from dataclasses import dataclass

from services.contact.application.letters.batches import BatchDesk, Spool
from services.contact.application.letters.receipts import PostalReceipts
from services.contact.application.sending.inbound import Inbound
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class LetterRoom:
    """Batches for the printer, and receipts of the post."""

    batches: BatchDesk
    receipts: PostalReceipts


def letter_room(
    *, ledger: Ledger, tenant: str, clock: Clock, spool: Spool | None, inbound: Inbound
) -> LetterRoom:
    """The room; `spool` None: nothing is printed by this process."""
    batches = BatchDesk(ledger=ledger, tenant=tenant, clock=clock, spool=spool)
    return LetterRoom(batches, PostalReceipts(batches=batches, inbound=inbound))
