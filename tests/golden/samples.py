"""One event of every registered type, as `tests.golden.write` stores it. A new type adds its sample here."""

from datetime import date

from msgspec import Struct

from services.case.domain import events as case
from shared.kernel.money import Money

ACCOUNT = "account-6f1c3a52-9d0e-5b7a-8c44-0a5be1d2f37b"
MONTH_END = date(2005, 8, 31)

SAMPLES: dict[str, Struct] = {
    "case.StatementReported/v1": case.StatementReported(
        account_ref="TW-0004711",
        as_of=MONTH_END,
        months_past_due=2,
        balance=Money(-1_250, "TWD"),
        payment=Money(300_000, "TWD"),
        credit_limit=Money(20_000_000, "TWD"),
        content="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    "case.CaseOpened/v1": case.CaseOpened(
        debtor_ref="TW-0004711",
        episode=2,
        debts=(ACCOUNT,),
        as_of=MONTH_END,
        arrears=Money(1_234_500, "TWD"),
        days_past_due=60,
    ),
    "case.ArrearsReported/v1": case.ArrearsReported(
        account=ACCOUNT, as_of=MONTH_END, days_past_due=30, arrears=Money(0, "TWD")
    ),
    "case.StageEntered/v1": case.StageEntered(
        as_of=MONTH_END, stage="M2", previous="M1", days_past_due=60, scheme="retail/1"
    ),
    "case.PaymentReceived/v1": case.PaymentReceived(
        account=ACCOUNT,
        amount=Money(300_000, "TWD"),
        period_from=date(2005, 8, 1),
        period_until=date(2005, 9, 1),
    ),
    "case.CaseCured/v1": case.CaseCured(as_of=MONTH_END),
    "case.CaseClosed/v1": case.CaseClosed(as_of=MONTH_END, reason="CURED"),
}
