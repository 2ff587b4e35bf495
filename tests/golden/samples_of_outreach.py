"""Samples of outreach: what was heard of a case, what became of its steps, and strategies."""

from datetime import UTC, date, datetime

from msgspec import Struct

from services.contact.domain.facts import outreach as f
from shared.kernel.money import Money

AT = datetime(2026, 3, 2, 2, 0, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 11, 30, tzinfo=UTC)
DAY = date(2026, 3, 2)
CASE = "case-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
SUBJECT = "subject-6f1c3a52-9d0e-5b7a-8c44-0a5be1d2f37b"
OF = "6f1c3a529d0e8b7a8c440a5be1d2f37b"
PERMIT, MESSAGE, TASK = f"cpm_{OF}00000000000000a1", f"cat_{OF}00000000000000b2", f"dtk_{OF}00000000000000d1"
STEP = f.StepNamed(step="soft-reminder", time=1, scope="M1", anchor=DAY, strategy="cn-retail-outreach/1")

SAMPLES_OF_OUTREACH: dict[str, Struct] = {
    "contact.CaseHeard/v1": f.CaseHeard(
        about=CASE, subject=SUBJECT, version=7, kind="PROMISE", on=DAY, thing=f"prm_{OF}00000000000000e1",
        until=date(2026, 3, 9), stage="M1", cause="COMPLAINT", event="0191d3a5-1111-8111-8111-000000000001",
        heard_at=AT, amount=Money(50_000, "CNY"),
    ),
    "contact.OutreachStarted/v1": f.OutreachStarted(at=AT, stage="M1"),
    "contact.OutreachSoftened/v1": f.OutreachSoftened(
        at=AT, because=(f"prm_{OF}00000000000000e1",), until=date(2026, 3, 9)
    ),
    "contact.OutreachPaused/v1": f.OutreachPaused(at=AT, reasons=("HOLD_COMPLAINT", "MODE_AGENCY")),
    "contact.OutreachResumed/v1": f.OutreachResumed(at=AT),
    "contact.OutreachEnded/v1": f.OutreachEnded(at=AT, reason="CURED"),
    "contact.StepTaken/v1": f.StepTaken(
        of=STEP, at=AT, channel="sms", permit=PERMIT, message=MESSAGE, task=TASK
    ),
    "contact.StepSkipped/v1": f.StepSkipped(
        of=STEP, at=AT, reason="REFUSED", rules=("HOUSE-MEDIA",), permit=PERMIT
    ),
    "contact.StepDeferred/v1": f.StepDeferred(
        of=STEP, at=AT, reason="NO_POINT", rules=("HOUSE-MEDIA",), permit=PERMIT, until=LATER
    ),
    "contact.DialTaskRaised/v1": f.DialTaskRaised(
        task=TASK, about=CASE, subject=SUBJECT, situation="soft_reminder", at=AT, until=LATER
    ),
    "contact.DialTaskEnded/v1": f.DialTaskEnded(task=TASK, at=AT, reason="PAUSED"),
    "contact.OutreachStrategyProposed/v1": f.OutreachStrategyProposed(
        strategy="cn-retail-outreach/2", content="9f" * 32, effective_from=DAY, at=AT, document="{}", by="user:anna"
    ),
    "contact.OutreachStrategyPublished/v1": f.OutreachStrategyPublished(
        strategy="cn-retail-outreach/2", content="9f" * 32, effective_from=DAY, at=AT, by="user:ben"
    ),
    "contact.OutreachStrategyRejected/v1": f.OutreachStrategyRejected(
        strategy="cn-retail-outreach/2", content="9f" * 32, at=AT, reason="TOO_STERN", by="user:ben"
    ),
}  # fmt: skip
