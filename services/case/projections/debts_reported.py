"""What is in arrears on a case of several accounts: what was last said of each, together.

Most cases have one account, and a row needs no more than its figures. From the second account on what was said of each
is kept beside them as JSON, the account that the case opened with under "".
"""

import msgspec
from msgspec import Struct

from services.case.domain import events as e

FIRST = ""


class Said(Struct, frozen=True, gc=False):
    """What was last said of an account: minor units in arrears, and days past due."""

    minor: int
    days: int


Debts = dict[str, Said]
_DECODER = msgspec.json.Decoder(Debts)
_ENCODER = msgspec.json.Encoder(order="sorted")


def read(text: str) -> Debts:
    """As a row keeps it."""
    return _DECODER.decode(text) if text else {}


def written(debts: Debts) -> str:
    """How a row keeps it: nothing for a case of one account."""
    return _ENCODER.encode(debts).decode() if debts else ""


def joined(debts: Debts, event: e.DebtAttached, *, version: int, minor: int, days: int) -> Debts:
    """One more account; `minor` and `days` are what the row says of the case before it.

    The account that a case was opened with is attached by the event right after (`version` 2): it is in already.
    """
    if version <= 2:
        return debts
    known = debts or {FIRST: Said(minor, days)}
    return {**known, event.account: Said(event.arrears.minor, event.days_past_due)}


def left(debts: Debts, event: e.DebtDetached) -> Debts:
    """An account left; of a case of one account that is its last."""
    key = event.account if event.account in debts else FIRST
    rest = {name: one for name, one in debts.items() if name != key}
    return rest or {FIRST: Said(0, 0)}


def reported(debts: Debts, event: e.ArrearsReported | e.ArrearsCorrected) -> Debts:
    """What the lender said of one of them; the same where there is only one."""
    if not debts:
        return debts
    key = event.account if event.account in debts else FIRST
    return {**debts, key: Said(event.arrears.minor, event.days_past_due)}


def total(debts: Debts) -> tuple[int, int]:
    """Minor units in arrears, and days past due of the account that is furthest behind."""
    return sum(one.minor for one in debts.values()), max(one.days for one in debts.values())
