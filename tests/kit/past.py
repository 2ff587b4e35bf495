"""Invented deliveries of history: a folder of files in the layout of one earlier system, and the mapping for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

MAPPING = """
format = "quittance-history/1"
go_live = 2026-11-01
zone = "Asia/Shanghai"
currency = "CNY"
origin = "OLD_SYSTEM"
evidence = "SYSTEM_LOG"
blank = ["-"]
[files.cases]
path = "cases.csv"
may_be_absent = true
[files.calls]
path = "calls.csv"
may_be_absent = true
[files.promises]
path = "promises.csv"
may_be_absent = true
[files.plans]
path = "plans.csv"
may_be_absent = true
[files.parts]
path = "parts.csv"
may_be_absent = true
[files.placements]
path = "placements.csv"
may_be_absent = true
[files.payments]
path = "payments.csv"
may_be_absent = true
[files.holds]
path = "holds.csv"
may_be_absent = true
[codes.results]
"01" = "RIGHT_PARTY"
"02" = "NO_ANSWER"
[[cases]]
file = "cases"
columns.debtor_ref = "cust"
columns.account_ref = "acct"
columns.opened_on = "opened"
columns.arrears = "arrears"
columns.days_past_due = "dpd"
columns.closed_on = "closed"
columns.reason = "why"
[[attempts]]
file = "calls"
columns = { debtor_ref = "cust", ref = "id", at = "time", outcome = "result" }
constants = { channel = "VOICE", actor_kind = "COLLECTOR" }
codes = { outcome = "results" }
[[promises]]
file = "promises"
columns.debtor_ref = "cust"
columns.ref = "id"
columns.on = "taken"
columns.amount = "amount"
columns.due = "due"
columns.cancelled_on = "back"
columns.reason = "why"
[[plans]]
file = "plans"
columns.debtor_ref = "cust"
columns.ref = "id"
columns.on = "day"
columns.total = "total"
columns.count = "n"
columns.first_due = "first"
columns.ended_on = "ended"
columns.reason = "why"
[[plan_instalments]]
file = "parts"
columns = { debtor_ref = "cust", ref = "plan", number = "n", due = "due", amount = "amount" }
[[placements]]
file = "placements"
columns.debtor_ref = "cust"
columns.ref = "id"
columns.on = "day"
columns.until = "until"
columns.agency = "agency"
columns.evaluated_on = "seen"
columns.recalled_on = "back"
columns.reason = "why"
[[payments]]
file = "payments"
columns.debtor_ref = "cust"
columns.ref = "id"
columns.account_ref = "acct"
columns.on = "day"
columns.amount = "amount"
columns.returned_on = "back"
columns.reason = "why"
constants = { channel = "BANK_TRANSFER", evidence = "RECORDED" }
[[holds]]
file = "holds"
columns = { debtor_ref = "cust", ref = "id", kind = "kind", on = "day", until = "until" }
constants = { reason = "DEBTOR_ASKED" }
"""
COLUMNS: Mapping[str, str] = {
    "cases": "cust,acct,opened,arrears,dpd,closed,why",
    "calls": "cust,id,time,result",
    "promises": "cust,id,taken,amount,due,back,why",
    "plans": "cust,id,day,total,n,first,ended,why",
    "parts": "cust,plan,n,due,amount",
    "placements": "cust,id,day,until,agency,seen,back,why",
    "payments": "cust,id,acct,day,amount,back,why",
    "holds": "cust,id,kind,day,until",
    "consents": "cust,id,time,kind",
    "optouts": "cust,id,time,how",
}
WHOLE: Mapping[str, Sequence[str]] = {
    "cases": ("C-1,A-1,2026-02-01,5000.00,12,,", "C-2,A-2,2025-03-01,1000.00,3,2025-06-30,CURED"),
    "calls": (
        "C-1,k1,2026-02-03 10:15:00,02",
        "C-1,k2,2026-02-05 19:01,01",
        "C-2,k3,2025-04-05T09:00:00+08:00,01",
    ),
    "promises": ("C-1,p1,2026-02-05,500.00,2026-02-20,,", "C-1,p2,2026-03-01,700.00,2026-05-30,,"),
    "plans": ("C-1,l1,2026-06-10,600.00,,,2026-10-01,DEBTOR_ASKED",),
    "parts": ("C-1,l1,1,2026-07-10,250.00", "C-1,l1,2,2026-08-10,350.00"),
    "placements": ("C-1,g1,2026-03-10,2026-09-10,AGENCY_7,2026-01-31,2026-06-01,NO_RESULT",),
    "payments": (
        "C-1,y1,-,2026-02-18,500.00,,",
        "C-1,y2,A-1,2026-07-09,250.00,,",
        "C-2,y3,-,2025-06-29,1000.00,,",
    ),
    "holds": ("C-1,h1,CEASE,2026-04-01,2026-04-15",),
}
"""Two debtors: one whose case is still open, one whose case had ended; every row can be taken in."""


def delivery(folder: Path, rows: Mapping[str, Sequence[str]] = WHOLE, *, name: str = "past") -> Path:
    """A folder with these rows, by file."""
    to = folder / name
    to.mkdir(exist_ok=True)
    for file, lines in rows.items():
        (to / f"{file}.csv").write_text("\n".join((COLUMNS[file], *lines)) + "\n", encoding="utf-8")
    return to


def mapping(folder: Path, text: str = MAPPING) -> Path:
    """The mapping as a file."""
    to = folder / "past.toml"
    to.write_text(text, encoding="utf-8")
    return to
