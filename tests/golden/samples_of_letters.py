"""Samples of what is recorded of a lawyer's letter."""

from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct

from services.legal.domain.facts import letter as f
from shared.kernel.parts import Parts

OF = "6f1c3a529d0e8b7a8c440a5be1d2f37b"
LETTER = f"ltr_{OF}0123456789abcdef"
MESSAGE = f"cat_{OF}fedcba9876543210"
PERMIT = f"cpm_{OF}fedcba9876543210"
DAY, ANSWER = date(2026, 11, 23), date(2026, 12, 14)
SHA, SEAL = "9f" * 32, "a7" * 32


def _step(number: int, **more: Any) -> dict[str, Any]:
    return {"track": LETTER, "step": f"stp_{OF}{number:016x}", "on": DAY, **more}


SAMPLES_OF_LETTERS: dict[str, Struct] = {
    f"legal.{type(one).__name__}/v1": one
    for one in (
        f.LetterRequested(
            **_step(1), person=None, role="DEBTOR", template="demand", language="zh-CN", by="user:lin"
        ),
        f.LetterDrafted(
            **_step(2), kind="DEMAND", template="demand", template_version=1, content=SEAL, language="zh-CN",
            as_of=date(2026, 11, 20), subject="subject-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b",
            debts=("account-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b",),
            claimed=Parts(0, 12_300, 4_500, 1_000_000, "CNY"), limitation="RUNNING", answer_days=15, sha256=SHA,
            pages=1, values=(("amount", "10168.00 CNY"), ("name", "张伟")),
            recipient=("张伟", "上海市徐汇区漕溪北路 88 号 1201 室"), by="user:lin",
        ),
        f.LetterReturned(**_step(3), reason="AMOUNT", remark="利息请按合同重新计算", by="user:zhao"),
        f.LetterApproved(**_step(4), sha256=SHA, by="user:zhao"),
        f.LetterSigned(
            **_step(5), placement=f"plf_{OF}0000000000000001", firm="FIRM-9", sha256=SHA, seal=SEAL,
            lawyer="lawyer:chen",
        ),
        f.LetterDispatchBegun(**_step(6), channel="letter", try_no=1),
        f.LetterDispatched(
            **_step(7), channel="letter", try_no=1, message=MESSAGE, permit=PERMIT, carrier_no="EA123456789CN"
        ),
        f.LetterDispatchRefused(
            **_step(8), channel="email", try_no=1, permit=PERMIT, rules=("HOUSE-STOP",),
            until=datetime(2026, 11, 24, 0, 0, tzinfo=UTC),
        ),
        f.LetterDelivered(
            **_step(9), proof="SIGNED", message=MESSAGE, document=SHA, answer_until=ANSWER
        ),
        f.LetterUndeliverable(**_step(10), reason="RETURNED", message=MESSAGE),
        f.LetterAnswered(**_step(11), answer="ASKS_FOR_TIME", document=SHA),
        f.LetterDeadlinePassed(**_step(12), answer_until=ANSWER),
        f.LetterWithdrawn(**_step(13), reason="PAID"),
        f.LetterClosed(**_step(14), reason="DONE"),
    )
}  # fmt: skip
