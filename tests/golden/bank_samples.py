"""One event of every type that tells of money from a bank."""

from datetime import date

from msgspec import Struct

from services.case.domain import events as case
from shared.kernel.money import Money

DAY = date(2005, 9, 12)
TWD = Money(1_234_500, "TWD")

BANK_SAMPLES: dict[str, Struct] = {
    "case.ReturnEntered/v1": case.ReturnEntered(
        source="UNIONPAY",
        source_ref="20050914-000017",
        original_ref="20050912-000471",
        end_to_end=None,
        amount=TWD,
        on=DAY,
        reason="AM04",
    ),
    "case.ReturnMatched/v1": case.ReturnMatched(
        entry="payment-6f1c0d1e-0000-8000-8000-000000000005",
        returned="ret_01",
        amount=TWD,
        on=DAY,
        by="RULE",
        rule="ORIGINAL_REF",
    ),
    "case.ReturnUnmatched/v1": case.ReturnUnmatched(on=DAY, reason="UNKNOWN_ORIGINAL"),
    "case.ReferenceTraced/v1": case.ReferenceTraced(
        thing="payment-6f1c0d1e-0000-8000-8000-000000000005", on=DAY
    ),
}
