"""Samples of what a preservation and an enforcement record."""

from datetime import date
from typing import Any

from msgspec import Struct

from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import preservation as v
from shared.kernel.money import Money

OF = "6f1c3a529d0e8b7a8c440a5be1d2f37b"
PARTY = f"pty_{OF}0123456789abcdef"
SUIT = f"trk_{OF}fedcba9876543210"
DAY = date(2026, 5, 1)
UNTIL = date(2027, 4, 30)
SHA = "9f" * 32
CNY = Money(5_000_000, "CNY")


def _step(track: str, step: str) -> dict[str, Any]:
    return {"track": f"trk_{OF}{track}", "step": f"stp_{OF}{step}", "on": DAY, "document": SHA}


_HELD = _step("0000000000000001", "0000000000000001")
_ENFORCED = _step("0000000000000002", "0000000000000002")

SAMPLES_OF_PRESERVATION: dict[str, Struct] = {
    f"legal.{type(one).__name__}/v1": one
    for one in (
        v.PreservationApplied(
            **_HELD,
            phase="PRE_SUIT",
            court="CN-3100-0101",
            against=(PARTY,),
            amount=CNY,
            follows=None,
            override=None,
        ),
        v.SecurityGiven(**_HELD, kind="INSURANCE", amount=CNY),
        v.PreservationRuled(**_HELD, amount=CNY),
        v.PreservationRefused(**_HELD, reason="NO_RISK_SHOWN"),
        v.PreservationExecuted(
            **_HELD, asset="BANK_DEPOSIT", amount=CNY, until=UNTIL, described="尾号0719账户"
        ),
        v.PreservationRenewalAsked(**_HELD, executed=f"stp_{OF}0000000000000001"),
        v.PreservationRenewed(**_HELD, executed=None, until=UNTIL),
        v.PreservationLapsed(**_HELD, reason="NO_SUIT"),
        v.PreservationLifted(**_HELD, reason="SETTLED"),
        v.PreservationConverted(**_HELD, into=SUIT),
        e.EnforcementApplied(
            **_ENFORCED, title=SUIT, court="CN-3100-0101", against=(PARTY,), amount=CNY, override=None
        ),
        e.EnforcementAccepted(**_ENFORCED, case_no="(2026)沪0101执1234号"),
        e.EnforcementNotAccepted(**_ENFORCED, reason="NO_JURISDICTION"),
        e.EnforcementNoticeServed(**_ENFORCED, person=None, kind="POST"),
        e.AssetsSearched(**_ENFORCED, found=("BANK_DEPOSIT", "MOVABLE")),
        e.AssetSeized(
            **_ENFORCED, asset="A1", kind="MOVABLE", amount=CNY, until=UNTIL, described="沪A·00000 小型轿车"
        ),
        e.AssetReleased(**_ENFORCED, asset="A1", reason="PAID"),
        e.AssetAppraised(**_ENFORCED, asset="A1", value=CNY),
        e.AuctionHeld(**_ENFORCED, asset="A1", round=2, outcome="SOLD", price=CNY),
        e.ProceedsDistributed(**_ENFORCED, amount=CNY, to_us=Money(4_000_000, "CNY")),
        e.EnforcementSatisfied(**_ENFORCED, amount=CNY),
        e.EnforcementTerminatedForNow(**_ENFORCED, reason="NO_ASSETS"),
        e.EnforcementResumed(**_ENFORCED, found=("INCOME",)),
        e.EnforcementClosed(**_ENFORCED, reason="SETTLED"),
    )
}
