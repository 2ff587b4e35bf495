"""A file of payments as the application reads it; adapters/bank makes it of a lender's table or a bank's statement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from msgspec import Struct

from services.case.application.ports import Reject
from services.case.domain.bank.returns import EnterReturn
from services.case.domain.entry import EnterPayment


class PaymentTold(Struct, frozen=True, gc=False):
    """A payment, and the reference that it carried from end to end, by which a return may name it.

    `batch`: of the first transaction of a collective booking, the reference of the booking.
    """

    ask: EnterPayment
    end_to_end: str | None = None
    batch: str | None = None


class ReturnTold(Struct, frozen=True, gc=False):
    """Money that went back."""

    ask: EnterReturn


@dataclass(frozen=True, slots=True)
class Ignored:
    """What stands in the file and is no payment of a debtor: a code of IGNORED."""

    reason: str


PENDING, OUTGOING, FEE, OWN_RETURNED, REVERSED_DEBIT = (
    "pending", "outgoing", "fee", "own-payment-returned", "reversed-debit",
)  # fmt: skip
IGNORED = (PENDING, OUTGOING, FEE, OWN_RETURNED, REVERSED_DEBIT)
"""Why a transaction of a bank's statement is left out, in order of precedence.

Not booked yet; money that left the account; a charge of the bank; a payment of the lender's own that came back; a
charge or payment of the lender's that the bank took back.
"""


@dataclass(frozen=True, slots=True)
class BatchTold:
    """A collective booking without its transactions: they come in another message, under the same reference."""

    source: str
    source_ref: str


Told: TypeAlias = PaymentTold | ReturnTold | BatchTold | Ignored | Reject
Numbered: TypeAlias = tuple[int, Told]
"""A row's number (in a table the header is row 1; in a statement, a transaction's place from 1), and what it says."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something of a statement does not add up; `statement` is its place in the file, from 1."""

    statement: int
    code: str


class PaymentSource(Protocol):
    """A file of payments, read once and forward."""

    @property
    def bytes_total(self) -> int:
        """Its size."""

    @property
    def bytes_read(self) -> int:
        """How much of it has been read."""

    @property
    def warnings(self) -> list[Warned]:
        """What does not add up, as far as it was read."""

    def __iter__(self) -> Iterator[Numbered]:
        """Its rows, one at a time and in constant memory."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What of a case or a debtor a text names: groups of the mapping's patterns."""

    account_ref: str | None = None
    debtor_ref: str | None = None


Texts: TypeAlias = Mapping[str, tuple[str, ...]]
"""Where a text stood (STRUCTURED, END_TO_END, MANDATE, UNSTRUCTURED) -> the texts there."""
