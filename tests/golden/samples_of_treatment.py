"""Samples of what happens by a treatment strategy."""

from datetime import date

from msgspec import Struct

from services.case.domain import events as case
from shared.kernel.money import Money

MONTH_END = date(2005, 8, 31)
DAY = date(2005, 9, 12)
TWD = Money(1_234_500, "TWD")

SAMPLES_OF_TREATMENT: dict[str, Struct] = {
    "case.StrategyProposed/v1": case.StrategyProposed(
        strategy="cn-retail-treatment/2",
        content="9f" * 32,
        effective_from=DAY,
        on=DAY,
        document="{}",
        by="user:anna",
    ),
    "case.StrategyPublished/v1": case.StrategyPublished(
        strategy="cn-retail-treatment/2", content="9f" * 32, effective_from=DAY, on=DAY, by="user:ben"
    ),
    "case.StrategyRejected/v1": case.StrategyRejected(
        strategy="cn-retail-treatment/2", content="9f" * 32, on=DAY, reason="TOO_STERN", by="user:ben"
    ),
    "case.SegmentDecided/v1": case.SegmentDecided(
        as_of=DAY,
        segment="M2-STANDARD",
        rule="m2",
        strategy="cn-retail-treatment/1",
        arm="CHALLENGER",
        draw=417,
        stage="M2",
        days_past_due=60,
        arrears=TWD,
        products=("CREDIT_CARD",),
        broken_promises=1,
        reached="TRIED",
        episode=2,
        first_payment_default=False,
        reason="CASH_GAP",
        ability=None,
        willingness="HIGH",
    ),
    "case.StrategyPinned/v1": case.StrategyPinned(
        as_of=DAY,
        visit=2,
        strategy="cn-retail-treatment/1",
        segment="M2-STANDARD",
        arm="CHALLENGER",
        stage="M2",
        stage_from=MONTH_END,
        because="STAGE",
    ),
    "case.StrategyStepDue/v1": case.StrategyStepDue(
        step="2.first-call",
        as_of=DAY,
        planned=DAY,
        until=DAY,
        act="CALL",
        channel="CALL",
        template="m2-call",
        who="COLLECTOR",
    ),
    "case.StrategyStepTaken/v1": case.StrategyStepTaken(
        step="2.first-call", as_of=DAY, because="att_01", by=None
    ),
    "case.StrategyStepSkipped/v1": case.StrategyStepSkipped(
        step="1.remind", as_of=DAY, planned=None, act="REMIND", reason="STAGE_JUMPED", by=None
    ),
    "case.StrategyStepWithdrawn/v1": case.StrategyStepWithdrawn(
        step="2.first-call", as_of=DAY, planned=DAY, reason="NEVER_DUE"
    ),
}
