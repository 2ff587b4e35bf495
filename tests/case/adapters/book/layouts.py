"""Two lenders who lay the same book out differently, written by code; all of it INVENTED (虚构).

Layout A: five UTF-8 files with commas, amounts in yuan, ISO dates, English columns. Layout B: one wide GB18030 file with
bars, a line for each account and its guarantor beside it, and a workbook of instalments; amounts in fen, dates like
2026/1/31, Chinese columns and code tables.
"""

# ruff: noqa: E501 - an inline table of TOML stands in one line

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from stdnum.cn import ric

AS_OF = date(2026, 1, 31)

MAP_A = """
format = "quittance-book/1"
lender = "INVENTED_BANK"
invented = true
as_of = 2026-01-31
kind = "FULL"
missing = "KEEP"
paid_in = "BOOK"
zone = "Asia/Shanghai"
currency = "CNY"

[files.customers]
path = "customers.csv"
[files.contacts]
path = "contacts.csv"
[files.loans]
path = "loans.csv"
ignore = ["branch"]
[files.links]
path = "links.csv"
[files.schedule]
path = "schedule*.csv"

[[parties]]
file = "customers"
columns = { party_ref = "customer", kind = "kind", name = "name", identity_kind = "id_type", identity_no = "id_no" }

[[points]]
file = "contacts"
columns = { party_ref = "customer", medium = "medium", label = "label", value = "value", source = "source" }

[[accounts]]
file = "loans"
columns = { account_ref = "loan", debtor_ref = "customer", product = "product", opened_on = "opened", rate_ppm = "rate" }
rates = { rate_ppm = "percent" }

[[roles]]
file = "links"
columns = { account_ref = "loan", party_ref = "customer", role = "role", guarantee = "guarantee", until = "until" }

[[instalments]]
file = "schedule"
columns = { account_ref = "loan", number = "no", due_on = "due", principal = "principal", interest = "interest", paid = "paid" }

[[balances]]
file = "loans"
columns = { account_ref = "loan", balance = "balance", days_past_due = "dpd" }
"""

MAP_B = """
format = "quittance-book/1"
lender = "INVENTED_BANK"
invented = true
as_of = { file = "ledger", pattern = "*_{day}.txt", dates = ["%Y%m%d"] }
kind = "FULL"
missing = "KEEP"
paid_in = "BOOK"
zone = "Asia/Shanghai"
unit = "fen"
currency = "CNY"
dates = ["%Y/%m/%d"]
blank = ["无"]

[files.ledger]
path = "贷款台账_*.txt"
encoding = "gb18030"
delimiter = "|"
ignore = ["支行"]
[files.plan]
path = "还款计划.xlsx"
format = "xlsx"
sheet = "计划"
header_row = 2

[codes.kind]
"个人" = "PERSON"
"企业" = "ORGANISATION"
[codes.document]
"身份证" = "CN_RIC"
[codes.product]
"消费贷" = "CONSUMER"
"经营贷" = "BUSINESS"
[codes.guarantee]
"一般" = "GENERAL"
"连带" = "JOINT"

[[parties]]
file = "ledger"
columns = { party_ref = "客户号", kind = "客户类型", name = "姓名", identity_kind = "证件类型", identity_no = "证件号码" }
codes = { kind = "kind", identity_kind = "document" }
[[parties]]
file = "ledger"
only_with = ["担保人客户号"]
columns = { party_ref = "担保人客户号", name = "担保人姓名" }
constants = { kind = "PERSON" }

[[points]]
file = "ledger"
only_with = ["手机"]
columns = { party_ref = "客户号", value = "手机" }
constants = { medium = "PHONE", label = "mobile", source = "APPLICATION" }
[[points]]
file = "ledger"
only_with = ["单位电话"]
columns = { party_ref = "客户号", value = "单位电话" }
constants = { medium = "PHONE", label = "work", source = "APPLICATION" }
[[points]]
file = "ledger"
only_with = ["地址"]
columns = { party_ref = "客户号", value = "地址" }
constants = { medium = "ADDRESS", label = "home", source = "APPLICATION" }
[[points]]
file = "ledger"
only_with = ["担保人手机"]
columns = { party_ref = "担保人客户号", value = "担保人手机" }
constants = { medium = "PHONE", label = "mobile", source = "APPLICATION" }

[[accounts]]
file = "ledger"
columns = { account_ref = "借据号", debtor_ref = "客户号", product = "产品", opened_on = "放款日", rate_ppm = "年利率" }
codes = { product = "product" }
rates = { rate_ppm = "fraction" }

[[roles]]
file = "ledger"
columns = { account_ref = "借据号", party_ref = "客户号" }
constants = { role = "DEBTOR" }
[[roles]]
file = "ledger"
only_with = ["担保人客户号"]
columns = { account_ref = "借据号", party_ref = "担保人客户号", guarantee = "担保方式", until = "担保到期日" }
constants = { role = "GUARANTOR" }
codes = { guarantee = "guarantee" }
until_is_last_day = true

[[instalments]]
file = "plan"
columns = { account_ref = "借据号", number = "期次", due_on = "到期日", principal = "本金", interest = "利息", paid = "已还" }

[[balances]]
file = "ledger"
columns = { account_ref = "借据号", balance = "余额", days_past_due = "逾期天数" }
"""


def identity_number(serial: int, born: str = "19850312") -> str:
    """A resident's number of a place that does not exist, with the right check digit."""
    number = f"990101{born}{serial:03d}"
    return number + ric.calc_check_digit(number + "0")


class Person(NamedTuple):
    ref: str
    name: str
    identity: str
    mobile: str
    work: str = ""
    address: str = ""


class Loan(NamedTuple):
    ref: str
    debtor: str
    product: str
    opened: date
    rate_ppm: int
    balance: int
    dpd: int
    guarantor: str = ""
    guarantee: str = ""
    last_day: date | None = None


class Instalment(NamedTuple):
    loan: str
    number: int
    due: date
    principal: int
    interest: int
    paid: int


PEOPLE = (
    Person("C001", "欧阳试一", identity_number(1), "15412340001", "15412349001", "虚构市示例路 1 号"),
    Person("C002", "司马试二", identity_number(2), "15412340002", "", "虚构市示例路 2 号"),
    Person("C003", "诸葛试三㐀", identity_number(3), "15412340003"),
)
GUARANTORS = (Person("C009", "端木试九", "", "15412340009"),)
LOANS = (
    Loan(
        "L-1", "C001", "CONSUMER", date(2025, 7, 1), 146_000, 1_150_075, 31, "C009", "JOINT", date(2028, 7, 1)
    ),
    Loan("L-2", "C001", "BUSINESS", date(2025, 9, 15), 85_500, 500_000, 0),
    Loan("L-3", "C002", "CONSUMER", date(2025, 3, 9), 146_000, -205, 0),
    Loan("L-4", "C003", "CONSUMER", date(2024, 3, 9), 0, 99, 120, "C009", "GENERAL", date(2027, 2, 28)),
)
DUE = (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
INSTALMENTS = tuple(
    Instalment(loan.ref, number, DUE[number - 1].replace(day=5 + at), 100_000 + number, 1_234 - number, paid)
    for at, loan in enumerate(LOANS)
    for number, paid in ((1, 101_234), (2, 5_050), (3, 0))
)


def yuan(fen: int) -> str:
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def slashes(day: date) -> str:
    return f"{day.year}/{day.month}/{day.day}"


def write_csv(path: Path, header: str, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def layout_a(folder: Path) -> tuple[Path, Path]:
    """The book as five files; returns the folder and the mapping."""
    folder.mkdir(parents=True, exist_ok=True)
    people = [
        (p.ref, "PERSON", p.name, "CN_RIC" if p.identity else "", p.identity) for p in (*PEOPLE, *GUARANTORS)
    ]
    write_csv(folder / "customers.csv", "customer,kind,name,id_type,id_no", people)
    points = [
        (p.ref, medium, label, value, "APPLICATION")
        for p in (*PEOPLE, *GUARANTORS)
        for medium, label, value in (
            ("PHONE", "mobile", p.mobile), ("PHONE", "work", p.work), ("ADDRESS", "home", p.address),
        )
        if value
    ]  # fmt: skip
    write_csv(folder / "contacts.csv", "customer,medium,label,value,source", points)
    write_csv(
        folder / "loans.csv",
        "loan,customer,product,opened,rate,balance,dpd,branch",
        [
            (
                n.ref,
                n.debtor,
                n.product,
                n.opened,
                f"{n.rate_ppm / 10_000:.4f}",
                yuan(n.balance),
                n.dpd,
                "东城",
            )
            for n in LOANS
        ],
    )
    links = [(n.ref, n.debtor, "DEBTOR", "", "") for n in LOANS]
    links += [
        (n.ref, n.guarantor, "GUARANTOR", n.guarantee, date.fromordinal(n.last_day.toordinal() + 1))
        for n in LOANS
        if n.last_day
    ]
    write_csv(folder / "links.csv", "loan,customer,role,guarantee,until", links)
    schedule = [
        (i.loan, i.number, i.due, yuan(i.principal), yuan(i.interest), yuan(i.paid)) for i in INSTALMENTS
    ]
    write_csv(folder / "schedule.csv", "loan,no,due,principal,interest,paid", schedule)
    return folder, written(folder.parent / f"{folder.name}.toml", MAP_A)


WIDE = (
    "支行|客户号|客户类型|姓名|证件类型|证件号码|手机|单位电话|地址|借据号|产品|放款日|年利率|余额|逾期天数|"
    "担保人客户号|担保人姓名|担保人手机|担保方式|担保到期日"
)


def wide_lines() -> list[str]:
    """The lines of layout B's wide file, its header first."""
    products, guarantees = (
        {"CONSUMER": "消费贷", "BUSINESS": "经营贷"},
        {"JOINT": "连带", "GENERAL": "一般", "": ""},
    )
    people = {person.ref: person for person in (*PEOPLE, *GUARANTORS)}
    lines = [WIDE]
    for n in LOANS:
        p, g = people[n.debtor], people.get(n.guarantor)
        cells = (
            "东城", p.ref, "个人", p.name, "身份证", p.identity, p.mobile, p.work or "无", p.address, n.ref,
            products[n.product], slashes(n.opened), f"{n.rate_ppm / 1_000_000:.6f}", n.balance, n.dpd,
            g.ref if g else "", g.name if g else "", g.mobile if g else "", guarantees[n.guarantee],
            slashes(n.last_day) if n.last_day else "",
        )  # fmt: skip
        lines.append("|".join(map(str, cells)))
    return lines


def layout_b(folder: Path, *, change: Callable[[Any], None] | None = None) -> tuple[Path, Path]:
    """The book as a wide file and a workbook; returns the folder and the mapping. `change`: edits the sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "\r\n".join(wide_lines()) + "\r\n"
    (folder / "贷款台账_20260131.txt").write_bytes(text.encode("gb18030"))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "计划"
    sheet.append(["还款计划（虚构 INVENTED）"])
    sheet.append(["借据号", "期次", "到期日", "本金", "利息", "已还"])
    for at, i in enumerate(INSTALMENTS):  # dates as a workbook may have them: a day, or a text
        due = i.due if at % 2 else slashes(i.due)
        sheet.append([i.loan, i.number, due, i.principal, i.interest, str(i.paid)])
    if change:
        change(sheet)
    book.create_sheet("说明").append(["虚构数据"])
    book.save(folder / "还款计划.xlsx")
    return folder, written(folder.parent / f"{folder.name}.toml", MAP_B)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
