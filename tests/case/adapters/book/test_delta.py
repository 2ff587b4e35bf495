"""A delta: what is named changed, what is dropped needs its keys alone, and what is not named is for the ledger."""

# ruff: noqa: E501 - an inline table of TOML stands in one line

from __future__ import annotations

from datetime import date
from pathlib import Path

from services.case.adapters.book.checked import check
from services.case.adapters.book.delivery import open_book
from services.case.application import book_reasons as r
from services.case.domain.book.rows import AccountRow, CollateralRow, InstalmentRow, PointRow, RoleRow
from tests.case.adapters.book.layouts import written
from tests.case.adapters.book.read import groups, reasons

MAP = """
format = "quittance-book/1"
lender = "INVENTED_BANK"
invented = true
as_of = { file = "accounts", column = "day" }
kind = "DELTA"
paid_in = "BOOK"
zone = "Asia/Shanghai"
currency = "CNY"
[files.accounts]
path = "accounts.csv"
[files.points]
path = "points.csv"
may_be_absent = true
[files.rest]
path = "rest.csv"
optional = ["note"]
ignore = ["gone"]
[codes.reason]
"结清" = "PAID"
"转让" = "SOLD"
[[points]]
file = "points"
columns = { party_ref = "p", medium = "m", label = "l", value = "v", source = "s" }
op = { column = "op", drop = ["D"], keep = ["A", "U", ""] }
[[accounts]]
file = "accounts"
columns = { account_ref = "a", debtor_ref = "d", product = "p", drop_reason = "why", opened_on = "opened" }
codes = { drop_reason = "reason" }
op = { column = "op", drop = ["D"], keep = ["A", "U"] }
[[roles]]
file = "rest"
only_with = ["party"]
columns = { account_ref = "a", party_ref = "party", role = "role" }
op = { column = "op", drop = ["D"], keep = ["A"] }
[[instalments]]
file = "rest"
only_with = ["no"]
columns = { account_ref = "a", number = "no", due_on = "due", principal = "amount", currency = "note" }
op = { column = "op", drop = ["D"], keep = ["A"] }
[[collateral]]
file = "rest"
only_with = ["register"]
columns = { account_ref = "a", reference = "register", kind = "kind" }
op = { column = "op", drop = ["D"], keep = ["A"] }
"""
ACCOUNTS = "a,d,p,opened,why,op,day"
REST = "a,party,role,no,due,amount,register,kind,op"


def delivery(folder: Path, *, accounts: str, rest: str = "", points: str = "") -> tuple[Path, Path]:
    made = folder / "x"
    made.mkdir(exist_ok=True)
    written(made / "accounts.csv", f"{ACCOUNTS}\n{accounts}\n")
    written(made / "rest.csv", f"{REST}\n{rest}\n")
    if points:
        written(made / "points.csv", f"p,m,l,v,s,op\n{points}\n")
    return made, written(folder / "MAP.toml", MAP)


def test_what_is_dropped_needs_its_keys_alone(tmp_path: Path) -> None:
    folder, mapping = delivery(
        tmp_path,
        accounts="A1,,,not a date,结清,D,2026-01-31\nA2,D2,CARD,2020-01-01,,U,2026-01-31",
        rest="A2,P2,GUARANTOR,,,,,,D\nA2,,,3,broken,broken,,,D\nA2,,,4,2026-02-01,5.00,,,A\nA2,,,,,,REG-1,,D",
        points="P2,PHONE,mobile,broken,,D\nP2,PHONE,work,15412340001,DEBTOR,",
    )
    assert reasons(folder, mapping) == []
    parties, accounts = groups(folder, mapping)
    assert (
        PointRow(party_ref="P2", medium="PHONE", label="mobile", value="", source="", dropped=True)
        in parties["P2"]
    )
    assert accounts["A1"] == [
        AccountRow(account_ref="A1", debtor_ref="", product="", currency="", lender=None, dropped=True, drop_reason="PAID")
    ]  # fmt: skip
    assert RoleRow(account_ref="A2", party_ref="P2", role="GUARANTOR", dropped=True) in accounts["A2"]
    assert (
        InstalmentRow(account_ref="A2", number="3", due_on=date(2026, 1, 31), dropped=True) in accounts["A2"]
    )
    assert CollateralRow(account_ref="A2", reference="REG-1", kind="", dropped=True) in accounts["A2"]
    [added] = [row for row in accounts["A2"] if isinstance(row, InstalmentRow) and not row.dropped]
    assert (added.principal, added.currency) == (500, "CNY")


def test_an_operation_nobody_mapped_and_a_drop_without_a_reason(tmp_path: Path) -> None:
    folder, mapping = delivery(
        tmp_path,
        accounts="A1,D1,CARD,,,X,2026-01-31\nA2,,,,,D,2026-01-31\nA3,,,,没了,D,2026-01-31\n,,,,结清,D,2026-01-31",
    )
    assert [(number, reason, field) for _, number, _, reason, field in reasons(folder, mapping)] == [
        (2, r.UNMAPPED_CODE, "op"), (3, r.MISSING_VALUE, "drop_reason"), (4, r.UNMAPPED_CODE, "drop_reason"),
        (5, r.MISSING_VALUE, "account_ref"),
    ]  # fmt: skip


def test_what_the_delta_does_not_name_is_left_to_the_ledger(tmp_path: Path) -> None:
    folder, mapping = delivery(
        tmp_path,
        accounts="A1,D1,CARD,,,A,2026-01-31",
        rest="A9,P9,GUARANTOR,,,,,,A\nA9,,,1,2026-02-01,5.00,,,A",
        points="P9,PHONE,work,15412340001,DEBTOR,A",
    )
    assert reasons(folder, mapping) == []
    found = check(folder, mapping)
    assert found.left_to_ledger == 3
    assert found.as_json()["left_to_ledger"] == 3


def test_changed_and_dropped_at_once_is_a_contradiction(tmp_path: Path) -> None:
    folder, mapping = delivery(
        tmp_path,
        accounts="A1,D1,CARD,,,A,2026-01-31\nA1,,,,转让,D,2026-01-31",
        points="P,PHONE,m,15412340001,DEBTOR,",
    )
    assert [reason for _, _, _, reason, _ in reasons(folder, mapping)] == [r.DUPLICATE_KEY]


def test_the_day_is_that_of_the_files_column_and_rows_of_another_day_are_rejected(tmp_path: Path) -> None:
    folder, mapping = delivery(
        tmp_path,
        accounts="half\nA1,D1,CARD,,,A,2026-01-31\nA2,D2,CARD,,,A,2026-01-30\nA3,D3,CARD,,,A,\nA4,D4,CARD,,,A,2026-01-31",
    )
    with open_book(folder, mapping) as book:
        assert book.terms.as_of == date(2026, 1, 31)
        assert book.terms.entities == ("accounts", "roles", "instalments", "collateral")
        assert [key for key, _ in book.accounts()] == ["A1", "A4"]
        assert book.nameless == 3
    assert [(number, reason) for _, number, _, reason, _ in reasons(folder, mapping)] == [
        (2, r.MALFORMED_ROW), (4, r.OTHER_AS_OF), (5, r.OTHER_AS_OF),
    ]  # fmt: skip


def test_a_check_says_what_of_the_mapping_met_nothing(tmp_path: Path) -> None:
    found = check(*delivery(tmp_path, accounts="A1,D1,CARD,,,A,2026-01-31"))
    assert set(found.unused) == {
        "files.points", "files.rest.optional: note", "files.rest.ignore: gone", "roles[1]", "instalments[1]",
        "collateral[1]", "accounts[1].codes.drop_reason: 结清", "accounts[1].codes.drop_reason: 转让",
    }  # fmt: skip
