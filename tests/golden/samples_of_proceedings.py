"""Samples of what is recorded of suits, orders for payment and arbitrations; `samples.py` has them with all others."""

from datetime import date
from itertools import count
from typing import Any

from msgspec import Struct

from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s
from shared.kernel.money import Money

OF = "6f1c3a529d0e8b7a8c440a5be1d2f37b"
DEBT = "account-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f3a1"
PARTY, OTHER = f"pty_{OF}0000000000000001", f"pty_{OF}0000000000000002"
OVERRIDE = f"ovr_{OF}0000000000000001"
WIFE = "prs_6f1c0d1e4a1b6c2d3e4f506172839405"
SUM, LESS, FEE = Money(1_016_800, "CNY"), Money(900_000, "CNY"), Money(5_425, "CNY")
BY, SECOND = "user:wang", "user:lin"
PAPER = "c4" * 32
_NUMBERS = count(1)


def _step(of: str, on: str, **more: Any) -> dict[str, Any]:
    number = next(_NUMBERS)
    track = {"suit": 1, "order": 2, "arbitration": 3}[of]
    return {
        "track": f"trk_{OF}{track:016x}", "step": f"stp_{OF}{number:016x}", "on": date.fromisoformat(on),
        "document": PAPER if number % 2 else None, **more,
    }  # fmt: skip


def _suit(on: str, **more: Any) -> dict[str, Any]:
    return _step("suit", on, **more)


def _order(on: str, **more: Any) -> dict[str, Any]:
    return _step("order", on, **more)


def _arbitration(on: str, **more: Any) -> dict[str, Any]:
    return _step("arbitration", on, **more)


_OF_SUITS: tuple[Struct, ...] = (
    s.SuitAssessed(
        **_suit("2026-03-02"), procedure="ORDINARY", court="CN-3100-0115", cause="LOAN_CONTRACT",
        against=(PARTY, OTHER), amount=SUM, by=BY, debts=(DEBT,),
    ),
    s.SuitApproved(**_suit("2026-03-03"), by=SECOND),
    s.SuitRejected(**_suit("2026-03-03"), reason="NOT_WORTH_IT", by=SECOND),
    s.SuitFiled(**_suit("2026-03-05"), amount=SUM, override=OVERRIDE),
    s.SuitAccepted(
        **_suit("2026-03-10"), case_no="（2026）沪0115民初1234号", fee_due=date(2026, 3, 17), fee=FEE
    ),
    s.SuitNotAccepted(**_suit("2026-03-10"), reason="NO_JURISDICTION"),
    s.CourtFeePaid(**_suit("2026-03-12"), fee=FEE),
    s.SuitServed(**_suit("2026-03-16"), person=WIFE, kind="HOUSEHOLD_ADULT"),
    s.ServiceNoticePublished(**_suit("2026-06-01"), person=None, medium="RMFYB"),
    s.ServedByNotice(**_suit("2026-07-01"), person=None, published_on=date(2026, 6, 1)),
    s.DefenceReceived(**_suit("2026-03-30"), person=WIFE, limitation_pleaded=True),
    s.SuitProcedureChanged(**_suit("2026-03-20"), procedure="ORDINARY", reason="NOT_FOUND"),
    s.HearingSet(**_suit("2026-07-02"), hearing_on=date(2026, 7, 20), room="第三法庭"),
    s.SuitHeard(**_suit("2026-07-20"), outcome="RESERVED"),
    s.SuitMediated(**_suit("2026-07-20"), amount=LESS, perform_by=date(2026, 12, 31)),
    s.SuitWithdrawn(**_suit("2026-07-20"), reason="SETTLED", settlement=f"stl_{OF}0000000000000001"),
    s.SuitDismissed(**_suit("2026-07-21"), reason="NO_STANDING"),
    s.JudgmentIssued(
        **_suit("2026-08-03"), outcome="PARTLY_WON", amount=LESS, perform_days=10, limitation_upheld=False
    ),
    s.JudgmentServed(**_suit("2026-08-06"), person=None, kind="DIRECT"),
    s.SuitAppealed(**_suit("2026-08-12"), by_side="THEIRS"),
    s.AppealWithdrawn(**_suit("2026-08-20"), reason="FEE_NOT_PAID"),
    s.AppealRemanded(**_suit("2026-10-12"), reason="FACTS_UNCLEAR"),
    s.AppealJudged(**_suit("2026-10-12"), outcome="WON", amount=SUM, perform_days=10),
    s.JudgmentEffective(
        **_suit("2026-10-12"), amount=SUM, perform_until=date(2026, 10, 22), because="APPEAL_JUDGED"
    ),
    s.JudgmentPerformed(**_suit("2026-10-20"), amount=SUM),
)  # fmt: skip
_OF_ORDERS: tuple[Struct, ...] = (
    o.PaymentOrderAssessed(
        **_order("2026-03-02"), court="CN-3100-0115", against=(PARTY,), amount=SUM, by=BY, debts=(DEBT,)
    ),
    o.PaymentOrderApproved(**_order("2026-03-03"), by=SECOND),
    o.PaymentOrderRejected(**_order("2026-03-03"), reason="WILL_OBJECT", by=SECOND),
    o.PaymentOrderApplied(**_order("2026-03-05"), amount=SUM, override=None),
    o.PaymentOrderAccepted(**_order("2026-03-10"), case_no="（2026）沪0115民督12号", fee=FEE),
    o.PaymentOrderRefused(**_order("2026-03-10"), reason="NOT_CLEAR"),
    o.PaymentOrderIssued(**_order("2026-03-20"), amount=SUM),
    o.PaymentOrderServed(**_order("2026-03-25"), person=None, kind="DIRECT"),
    o.PaymentOrderNotServed(**_order("2026-04-20"), reason="MOVED_AWAY"),
    o.PaymentOrderObjected(**_order("2026-04-01"), person=None, to_suit=True),
    o.PaymentOrderUnopposed(**_order("2026-04-10"), perform_until=date(2026, 4, 9)),
    o.PaymentOrderPerformed(**_order("2026-04-09"), amount=SUM),
    o.PaymentOrderWithdrawn(**_order("2026-03-26"), reason="PAID"),
)
_OF_ARBITRATIONS: tuple[Struct, ...] = (
    a.ArbitrationAssessed(
        **_arbitration("2026-03-02"), institution="SHIAC", against=(PARTY,), amount=SUM, by=BY, debts=(DEBT,)
    ),
    a.ClauseVerified(**_arbitration("2026-03-03"), clause="d5" * 32, by=BY),
    a.ClauseNotFound(**_arbitration("2026-03-03"), reason="NO_INSTITUTION_NAMED", by=BY),
    a.ArbitrationApproved(**_arbitration("2026-03-04"), by=SECOND),
    a.ArbitrationRejected(**_arbitration("2026-03-04"), reason="NOT_WORTH_IT", by=SECOND),
    a.ArbitrationFiled(**_arbitration("2026-03-05"), amount=SUM, override=None),
    a.ArbitrationAccepted(**_arbitration("2026-03-09"), case_no="SHIAC-2026-0815", fee=FEE),
    a.ArbitrationNotAccepted(**_arbitration("2026-03-09"), reason="CLAUSE_DOUBTFUL"),
    a.ArbitrationServed(**_arbitration("2026-03-16"), person=None, kind="POST"),
    a.TribunalFormed(**_arbitration("2026-04-01"), arbitrators=1),
    a.ArbitrationHearingSet(**_arbitration("2026-04-02"), hearing_on=date(2026, 4, 20)),
    a.ArbitrationHeard(**_arbitration("2026-04-20"), outcome="RESERVED"),
    a.AwardIssued(
        **_arbitration("2026-05-06"), outcome="WON", amount=SUM, perform_until=date(2026, 5, 16)
    ),
    a.ArbitrationConciliated(**_arbitration("2026-04-20"), amount=LESS, perform_until=date(2026, 12, 31)),
    a.ArbitrationWithdrawn(**_arbitration("2026-04-20"), reason="PAID", settlement=None),
    a.AwardReceived(**_arbitration("2026-05-08"), person=None),
    a.AwardEffective(**_arbitration("2026-05-06"), amount=SUM, perform_until=date(2026, 5, 16)),
    a.AwardPerformed(**_arbitration("2026-05-15"), amount=SUM),
    a.SetAsideApplied(**_arbitration("2026-07-01"), by_side="THEIRS"),
    a.AwardUpheld(**_arbitration("2026-09-01")),
    a.AwardSetAside(**_arbitration("2026-09-01"), reason="NO_CLAUSE"),
    a.EnforcementOfAwardRefused(**_arbitration("2026-09-01"), reason="NOT_HEARD"),
)  # fmt: skip
SAMPLES_OF_PROCEEDINGS: dict[str, Struct] = {
    f"legal.{type(one).__name__}/v1": one for one in (*_OF_SUITS, *_OF_ORDERS, *_OF_ARBITRATIONS)
}
