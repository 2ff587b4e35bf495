"""A row that cannot be read is rejected with its place and reason, and nothing else is."""

# ruff: noqa: E501 - a broken row stands in one line

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from services.case.adapters.book.delivery import open_book
from services.case.application import book_reasons as r
from services.case.application.book_source import BookReject
from tests.case.adapters.book.layouts import identity_number, layout_a, layout_b, written
from tests.case.adapters.book.read import Groups, groups, reasons, rejects

SECRET = "绝密甲乙丙"
LONG = "长" * 600

BROKEN: list[tuple[str, str, str, str, str]] = [
    ("customers.csv", f"C100,PERSON,{SECRET},CN_RIC", "parties", r.MALFORMED_ROW, "row"),
    ("customers.csv", f'C100,PERSON,"{SECRET},CN_RIC,', "parties", r.MALFORMED_ROW, "row"),
    ("customers.csv", "customer,kind,name,id_type,id_no", "parties", r.HEADER_AGAIN, "row"),
    ("customers.csv", "C100,PERSON,,,", "parties", r.MISSING_VALUE, "name"),
    ("customers.csv", f",PERSON,{SECRET},,", "parties", r.MISSING_VALUE, "party_ref"),
    ("customers.csv", f"C100,PERSON,{LONG},,", "parties", r.TOO_LONG, "name"),
    ("customers.csv", f"C100,PERSON,{SECRET}\x00,,", "parties", r.BAD_TEXT, "name"),
    ("customers.csv", f"C100,PERSON,{SECRET}\u202e,,", "parties", r.BAD_TEXT, "name"),
    ("customers.csv", f"C100,ROBOT,{SECRET},,", "parties", r.UNMAPPED_CODE, "kind"),
    ("customers.csv", f"C100,PERSON,{SECRET},CN_RIC,990101198503120013", "parties", r.BAD_IDENTITY_NUMBER, "identity_no"),
    ("customers.csv", f"C100,PERSON,{SECRET},CN_RIC,360426199101010071", "parties", r.BAD_IDENTITY_NUMBER, "identity_no"),
    ("customers.csv", f"C100,PERSON,{SECRET},CN_USCC,91110000600037341L", "parties", r.BAD_IDENTITY_NUMBER, "identity_no"),
    ("customers.csv", f"C001,PERSON,{SECRET},,", "parties", r.DUPLICATE_KEY, "row"),
    ("contacts.csv", "C001,PHONE,home,13912345678,APPLICATION", "points", r.BAD_PHONE, "value"),
    ("contacts.csv", "C001,PHONE,home,154123,APPLICATION", "points", r.BAD_PHONE, "value"),
    ("contacts.csv", "C001,PHONE,home,15412340007 ext. 12,APPLICATION", "points", r.BAD_PHONE, "value"),
    ("contacts.csv", "C001,EMAIL,home,nobody,APPLICATION", "points", r.BAD_EMAIL, "value"),
    ("contacts.csv", "C001,EMAIL,home,real@qq.com,APPLICATION", "points", r.BAD_EMAIL, "value"),
    ("contacts.csv", "C001,TELEX,home,1,APPLICATION", "points", r.UNMAPPED_CODE, "medium"),
    ("contacts.csv", "C777,PHONE,home,15412340007,APPLICATION", "points", r.UNKNOWN_PARTY, "party_ref"),
    ("loans.csv", "L-9,C001,CONSUMER,2025-02-30,14.6,1.00,0,x", "accounts", r.BAD_DATE, "opened_on"),
    ("loans.csv", "L-9,C001,CONSUMER,2025-07-01,14.6.1,1.00,0,x", "accounts", r.BAD_NUMBER, "rate_ppm"),
    ("loans.csv", "L-9,C001,CONSUMER,2026-02-01,14.6,1.00,0,x", "accounts", r.DATE_ORDER, "opened_on"),
    ("loans.csv", "L-9,C001,CONSUMER,2025-07-01,14.6,1.001,0,x", "balances", r.BAD_AMOUNT, "balance"),
    ("loans.csv", "L-9,C001,CONSUMER,2025-07-01,14.6,1.00,-1,x", "balances", r.BAD_NUMBER, "days_past_due"),
    ("links.csv", "L-2,C009,GUARANTOR,JOINT,2028-07", "roles", r.BAD_DATE, "until"),
    ("links.csv", "L-2,C777,GUARANTOR,JOINT,2028-07-01", "roles", r.UNKNOWN_PARTY, "party_ref"),
    ("links.csv", "L-777,C009,GUARANTOR,JOINT,2028-07-01", "roles", r.UNKNOWN_ACCOUNT, "account_ref"),
    ("schedule.csv", "L-777,1,2026-02-05,1.00,1.00,0", "instalments", r.UNKNOWN_ACCOUNT, "account_ref"),
    ("schedule.csv", "L-1,9,2026-02-05,-1.00,1.00,0", "instalments", r.NEGATIVE_AMOUNT, "principal"),
    ("schedule.csv", "L-1,9,2026-02-05,1e3,1.00,0", "instalments", r.BAD_AMOUNT, "principal"),
    ("schedule.csv", "L-1,1,2026-02-06,1.00,1.00,0", "instalments", r.DUPLICATE_KEY, "row"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "line", "entity", "reason", "field"), BROKEN, ids=lambda it: str(it)[:20])
def test_a_broken_row_is_rejected_alone(
    file: str, line: str, entity: str, reason: str, field: str, tmp_path: Path
) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    sound = groups(folder, mapping)
    lines = (folder / file).read_text().splitlines()
    (folder / file).write_text("\n".join([*lines, line]) + "\n")
    found = rejects(folder, mapping)
    assert (file, len(lines) + 1, entity, reason, field) in reasons(folder, mapping)
    assert {(one.file, one.number) for one in found} == {(file, len(lines) + 1)}
    assert SECRET not in repr(found)
    assert _without(groups(folder, mapping), ("L-9",)) == sound


def _without(both: tuple[Groups, Groups], keys: tuple[str, ...]) -> tuple[Groups, Groups]:
    """What stands in no row of the sound book: the account of a line of which only one half is broken."""
    parties, accounts = both
    found = {key: rows for key, rows in accounts.items() if key not in keys and rows}
    return {key: rows for key, rows in parties.items() if rows}, found


def test_the_table_breaks_more_than_a_dozen_kinds() -> None:
    kinds = {reason for _, _, _, reason, _ in BROKEN}
    assert len(kinds) >= 16
    assert kinds <= set(r.REASONS)


def test_another_currency_than_the_accounts_is_rejected(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    text = mapping.read_text().replace(
        'principal = "principal"', 'currency = "currency", principal = "principal"'
    )
    written(mapping, text)
    schedule = (folder / "schedule.csv").read_text().splitlines()
    lines = [f"{schedule[0]},currency", *(f"{line},CNY" for line in schedule[1:])]
    lines += [
        "L-1,8,2026-02-05,1.00,1.00,0,USD",
        "L-1,9,2026-02-05,1.00,1.00,0,GOLD",
        "L-1,7,2026-02-05,1.00,1.00,0,",
    ]
    (folder / "schedule.csv").write_text("\n".join(lines))
    assert [(number, reason) for _, number, _, reason, _ in reasons(folder, mapping)] == [
        (14, r.CURRENCY_CHANGED), (15, r.UNKNOWN_CURRENCY),
    ]  # fmt: skip


def test_a_zone_nobody_knows_is_rejected_and_a_known_one_taken(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    written(mapping, mapping.read_text().replace('value = "value"', 'value = "value", zone = "zone"'))
    lines = (folder / "contacts.csv").read_text().splitlines()
    zones = ["zone", "Asia/Urumqi", "Mars/Olympus", *[""] * (len(lines) - 3)]
    both = (f"{line},{zone}" for line, zone in zip(lines, zones, strict=True))
    (folder / "contacts.csv").write_text("\n".join(both))
    assert reasons(folder, mapping) == [("contacts.csv", 3, "points", r.UNKNOWN_ZONE, "zone")]
    parties, _ = groups(folder, mapping)
    assert {getattr(row, "zone", None) for row in parties["C001"]} == {None, "Asia/Urumqi"}


def test_one_broken_cell_of_a_wide_line_rejects_the_rows_it_feeds_and_no_others(tmp_path: Path) -> None:
    folder, mapping = layout_b(tmp_path / "b")
    wide = folder / "贷款台账_20260131.txt"
    text = wide.read_bytes().decode("gb18030").replace("15412340009|连带", "13912345678|连带")
    wide.write_bytes(text.encode("gb18030"))
    assert reasons(folder, mapping) == [(wide.name, 2, "points", r.BAD_PHONE, "value")]


def test_rows_that_say_the_same_are_one_and_one_that_says_less_is_no_contradiction(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    sound = groups(folder, mapping)
    for name in ("customers", "contacts", "loans", "links", "schedule"):
        file = folder / f"{name}.csv"
        lines = file.read_text().splitlines()
        file.write_text("\n".join([*lines, *lines[1:]]) + "\n")
    with (folder / "customers.csv").open("a") as file:
        file.write("C001,PERSON,欧阳试一,,\n")
    assert groups(folder, mapping) == sound
    assert rejects(folder, mapping) == []


def test_the_rows_of_a_broken_account_stay_and_the_account_is_not_missing(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    loans = folder / "loans.csv"
    loans.write_text(loans.read_text().replace("L-1,C001,CONSUMER,2025-07-01", "L-1,C001,CONSUMER,sometime"))
    with open_book(folder, mapping) as book:
        accounts = dict(book.accounts())
        assert book.nameless == 0
    broken = [one for one in accounts["L-1"] if isinstance(one.row, BookReject)]
    assert [(one.entity, one.row) for one in broken] == [("accounts", BookReject(r.BAD_DATE, "opened_on"))]
    assert sum(one.entity == "instalments" for one in accounts["L-1"]) == 3
    assert sum(one.entity == "roles" for one in accounts["L-1"]) == 2


def test_an_account_row_that_names_no_account_is_counted(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    with (folder / "loans.csv").open("a") as file:
        file.write(",C001,CONSUMER,2025-07-01,14.6,1.00,0,x\nhalf a row\n")
    with open_book(folder, mapping) as book:
        assert book.nameless == 2


def test_while_a_row_may_have_named_it_nothing_is_unknown_for_certain(tmp_path: Path) -> None:
    folder, mapping = layout_a(tmp_path / "a")
    loans, customers = folder / "loans.csv", folder / "customers.csv"
    loans.write_text(loans.read_text().replace("L-1,C001,CONSUMER,", "L-1;C001;"))
    customers.write_text(customers.read_text().replace("C009,PERSON", "C009"))
    assert [(file, reason) for file, _, _, reason, _ in reasons(folder, mapping)] == [
        ("customers.csv", r.MALFORMED_ROW), ("loans.csv", r.MALFORMED_ROW),
    ]  # fmt: skip
    parties, accounts = groups(folder, mapping)
    assert [type(row).__name__ for row in accounts["L-1"]].count("InstalmentRow") == 3
    assert [type(row).__name__ for row in accounts["L-1"]].count("RoleRow") == 2
    assert [type(row).__name__ for row in parties["C009"]] == ["PointRow"]


@pytest.mark.parametrize(
    ("number", "kind", "good"),
    [
        ("360426199101010071", "CN_RIC", True),
        ("360426 19910101 0071", "CN_RIC", True),
        ("360426199102300070", "CN_RIC", False),
        ("91110000600037341L", "CN_USCC", True),
        ("91110000600037342L", "CN_USCC", False),
        (identity_number(1), "CN_RIC", False),
        ("E12345678", "PASSPORT", True),
    ],
)
def test_identity_numbers_of_a_real_book(number: str, kind: str, good: bool, tmp_path: Path) -> None:
    _real(tmp_path, "customers.csv", lambda: f"C500,PERSON,试,{kind},{number}")
    found = {reason for _, at, _, reason, _ in reasons(tmp_path / "a", tmp_path / "a.toml") if at == 6}
    assert found == (set() if good else {r.BAD_IDENTITY_NUMBER})


@pytest.mark.parametrize(
    ("number", "reads"),
    [
        ("139 1234 5678", "+8613912345678"),
        ("+1 (212) 664-7665", "+12126647665"),
        ("１３９１２３４５６７８", "+8613912345678"),
        ("010-62770334", "+861062770334"),
        ("15412340001", None),
        ("62770334", None),
        ("无", None),
    ],
)
def test_telephone_numbers_of_a_real_book(number: str, reads: str | None, tmp_path: Path) -> None:
    _real(tmp_path, "contacts.csv", lambda: f"C009,PHONE,home,{number},APPLICATION")
    parties, _ = groups(tmp_path / "a", tmp_path / "a.toml")
    values = [getattr(row, "value", None) for row in parties["C009"] if getattr(row, "label", "") == "home"]
    assert values == ([reads] if reads else [])


def _real(folder: Path, file: str, line: Callable[[], str]) -> None:
    """Layout A as a real book with one more line; the invented rows of it are rejected, as they must be."""
    book, mapping = layout_a(folder / "a")
    written(mapping, mapping.read_text().replace("invented = true", "invented = false"))
    with (book / file).open("a") as out:
        out.write(line() + "\n")
