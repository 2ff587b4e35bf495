"""The lender's own list of payments: what a mapping makes of it, and every kind of row that is broken."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.case.adapters.bank.table import PaymentTable
from services.case.adapters.bank.terms import read_terms
from services.case.adapters.book.mapping import BookUnusable, MappingUnusable
from services.case.application.bank.rows import PaymentTold, ReturnTold, Told
from services.case.application.ports import Reject
from shared.kernel.money import Money

CHINESE = """
format = "quittance-payments/1"
source = "ICBC"
channel = "BANK_TRANSFER"
dates = ["%Y年%m月%d日", "%Y%m%d"]
unit = "fen"
[file]
encoding = "gb18030"
delimiter = "|"
ignore = ["户名"]
[columns]
kind = "业务类型"
source_ref = "流水号"
value_on = "入账日"
amount = "金额"
debtor_ref = "客户号"
account_ref = "借据号"
text = "附言"
original_ref = "原流水号"
reason = "退回原因"
[constants]
currency = "CNY"
[codes.kind]
"还款" = "PAYMENT"
"冲正" = "RETURN"
[codes.reason]
"余额不足" = "AM04"
[[references]]
in = ["TEXT"]
pattern = '借据(?P<account_ref>LN[0-9]{6})'
"""
HEADER = "业务类型|流水号|入账日|金额|客户号|借据号|附言|原流水号|退回原因|户名"
GOOD = "还款|F-1|2026年3月5日|50000|D-1||||| 张三"


def rows(folder: Path, *lines: str, mapping: str = CHINESE, header: str = HEADER) -> list[tuple[int, Told]]:
    """What a file in GB18030 says under a mapping."""
    file, terms = folder / "payments.csv", folder / "map.toml"
    file.write_bytes("\r\n".join((header, *lines)).encode("gb18030"))
    terms.write_text(mapping, encoding="utf-8")
    return list(PaymentTable(file, read_terms(terms)))


def test_a_chinese_lenders_list(tmp_path: Path) -> None:
    """GB18030, fen, its own words; a text may name the account; what went back names its payment."""
    found = rows(
        tmp_path,
        GOOD,
        "还款|F-2|20260306|1|||借据LN004711 三月|||张三",
        "",
        "冲正|F-3|20260309|-50000||||F-1|余额不足|",
    )
    assert [number for number, _ in found] == [2, 3, 5]
    one, two, back = (told for _, told in found)
    assert isinstance(one, PaymentTold)
    assert (one.ask.source, one.ask.source_ref, one.ask.channel) == ("ICBC", "F-1", "BANK_TRANSFER")
    assert (one.ask.on, one.ask.amount, one.ask.debtor_ref) == (date(2026, 3, 5), Money(50_000, "CNY"), "D-1")
    assert isinstance(two, PaymentTold)
    assert two.ask.account_ref == "LN004711"
    assert isinstance(back, ReturnTold)
    assert (back.ask.original_ref, back.ask.reason, back.ask.amount) == ("F-1", "AM04", Money(50_000, "CNY"))
    assert "张三" not in repr(found)


BROKEN = [
    ("还款|F-2|20260306|1|D-1", "malformed-row", "row"),
    (HEADER, "header-again", "row"),
    ('还款|"F-2|20260306|1|D-1|||||', "malformed-row", "row"),
    ("手续费|F-2|20260306|1|D-1|||||", "unmapped-code", "kind"),
    ("还款||20260306|1|D-1|||||", "missing-value", "source_ref"),
    (f"还款|{'F' * 129}|20260306|1|D-1|||||", "too-long", "source_ref"),
    ("还款|F-2||1|D-1|||||", "missing-value", "value_on"),
    ("还款|F-2|2026-03-06|1|D-1|||||", "bad-date", "value_on"),
    ("还款|F-2|20260230|1|D-1|||||", "bad-date", "value_on"),
    ("还款|F-2|20260306||D-1|||||", "missing-value", "amount"),
    ("还款|F-2|20260306|1.5|D-1|||||", "bad-amount", "amount"),
    ("还款|F-2|20260306|-1|D-1|||||", "amount-not-positive", "amount"),
    ("还款|F-2|20260306|0|D-1|||||", "amount-not-positive", "amount"),
    ("还款|F-2|20260306|1|D\x071|||||", "bad-text", "debtor_ref"),
    ("冲正|F-2|20260306|1||||||", "missing-value", "original_ref"),
    ("冲正|F-2|20260306|1||||F-1|不明|", "unmapped-code", "reason"),
]


@pytest.mark.parametrize(("line", "reason", "field"), BROKEN)
def test_a_broken_row_is_rejected_and_no_other(tmp_path: Path, line: str, reason: str, field: str) -> None:
    """By our name of the field, never by its value."""
    found = rows(tmp_path, GOOD, line, GOOD.replace("F-1", "F-9"))
    assert found[1] == (3, Reject(reason, field))
    assert [isinstance(told, PaymentTold) for _, told in found] == [True, False, True]


def test_bytes_that_are_not_the_encoding_break_their_row_alone(tmp_path: Path) -> None:
    rows(tmp_path, GOOD)
    file = tmp_path / "payments.csv"
    file.write_bytes(file.read_bytes() + b"\r\n\xff\xff|F-2\r\n" + GOOD.encode("gb18030"))
    found = list(PaymentTable(file, read_terms(tmp_path / "map.toml")))
    assert [told if isinstance(told, Reject) else "" for _, told in found] == [
        "",
        Reject("bad-encoding", "row"),
        "",
    ]


PLAIN = """
format = "quittance-payments/1"
unit = "yuan"
thousands = true
[file]
format = "xlsx"
[columns]
source = "bank"
source_ref = "ref"
value_on = "date"
amount = "amount"
currency = "ccy"
account_ref = "account"
end_to_end = "e2e"
[codes.source]
"Bank of A" = "BANK_A"
"""


def test_a_workbook_in_yuan(tmp_path: Path) -> None:
    """Numbers and days as the workbook holds them; the bank and the currency of each row."""
    book: Any = openpyxl.Workbook()
    book.active.append(["bank", "ref", "date", "amount", "ccy", "account", "e2e", "note"])
    book.active.append(["Bank of A", 4711, datetime(2026, 3, 5), 1234.5, "CNY", "A-1", "E-1", "kept out"])
    book.active.append(["Bank of B", "R-2", "2026-03-05", "1,234.50", "CNY", "A-1", None, None])
    book.active.append(["Bank of A", "R-3", "2026-03-05", "1,234", "JPY", "A-1", None, None])
    book.active.append(["Bank of A", "R-4", "2026-03-05", "12", "ZZZ", "A-1", None, None])
    book.save(tmp_path / "p.xlsx")
    (tmp_path / "map.toml").write_text(PLAIN)
    table = PaymentTable(tmp_path / "p.xlsx", read_terms(tmp_path / "map.toml"))
    one, two, three, four = (told for _, told in table)
    assert isinstance(one, PaymentTold)
    assert (one.ask.source, one.ask.source_ref, one.ask.on) == ("BANK_A", "4711", date(2026, 3, 5))
    assert (one.ask.amount, one.end_to_end) == (Money(123_450, "CNY"), "E-1")
    assert two == Reject("unmapped-code", "source")
    assert isinstance(three, PaymentTold)
    assert three.ask.amount == Money(1_234, "JPY")
    assert four == Reject("unknown-currency", "currency")
    assert table.unmapped == ("note",)


def test_a_file_without_the_mappings_columns_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(BookUnusable) as caught:
        rows(tmp_path, GOOD, header=HEADER.replace("金额", "数额"))
    assert caught.value.context["columns"] == ("金额",)


@pytest.mark.parametrize(
    ("change", "key", "wrong"),
    [
        (('unit = "fen"', 'unit = "jiao"'), "unit", "not-allowed"),
        (('source = "ICBC"', 'source = "icbc"'), "source", "not-allowed"),
        (('source = "ICBC"', ""), "source", "missing"),
        (('amount = "金额"', ""), "columns.amount", "missing"),
        (('amount = "金额"', 'amount = "金额"\npayer = "户名"'), "columns.payer", "unknown-key"),
        (('currency = "CNY"', ""), "columns.currency", "missing"),
        (('currency = "CNY"', 'currency = "CNY"\nkind = "RETURN"'), "constants.kind", "twice"),
        (('"冲正" = "RETURN"', '"冲正" = "REFUND"'), "codes.kind.冲正", "not-allowed"),
        (("[codes.reason]", "[codes.amount]"), "codes.amount", "not-a-coded-column"),
        (('"%Y%m%d"]', '"%y%m%d"]'), "dates", "not-a-date-form"),
        (
            ("pattern = '借据(?P<account_ref>LN[0-9]{6})'", "pattern = '('"),
            "references[1].pattern",
            "not-a-pattern",
        ),
        (("(?P<account_ref>", "(?P<name>"), "references[1].pattern", "not-allowed"),
        (('in = ["TEXT"]', 'in = ["NAME"]'), "references[1].in", "not-allowed"),
        (('delimiter = "|"', 'delimiter = "||"'), "file.delimiter", "not-allowed"),
        (('format = "quittance-payments/1"', 'format = "x"'), "format", "not-allowed"),
        (('channel = "BANK_TRANSFER"', 'chanel = "BANK_TRANSFER"'), "chanel", "unknown-key"),
    ],
)
def test_a_mapping_says_nothing_that_means_nothing(
    tmp_path: Path, change: tuple[str, str], key: str, wrong: str
) -> None:
    assert change[0] in CHINESE
    with pytest.raises(MappingUnusable) as caught:
        rows(tmp_path, GOOD, mapping=CHINESE.replace(*change, 1))
    assert (caught.value.context["key"], caught.value.context["wrong"]) == (key, wrong)
