"""How the lender gives a debt up in its books, and cases that open again."""

from datetime import date
from typing import Annotated

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.parts import Parts
from shared.kernel.section import FACTS, STAFF


class DebtChargedOff(Struct, frozen=True, kw_only=True):
    """The loss is recognised in the books; the debt is still owed."""

    charge_off: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]


class ChargeOffReversed(Struct, frozen=True, kw_only=True):
    """A charge-off was taken back."""

    charge_off: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class WriteOffProposed(Struct, frozen=True, kw_only=True):
    """Somebody proposed to give the debt up, of which `owed` was owed."""

    write_off: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    owed: Annotated[Money, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class WriteOffRejected(Struct, frozen=True, kw_only=True):
    """A second person did not agree: the debt is not given up."""

    write_off: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class DebtWrittenOff(Struct, frozen=True, kw_only=True):
    """The lender gave the debt up."""

    write_off: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    owed: Annotated[Parts, FACTS]
    by: Annotated[str, STAFF]


class CaseReopened(Struct, frozen=True, kw_only=True):
    """A closed case is worked again."""

    as_of: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    because: Annotated[tuple[str, ...], FACTS]
