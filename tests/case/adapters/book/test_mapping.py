"""A mapping is read strictly: what is misspelled, contradicts itself or is never used is refused, naming the key."""

# ruff: noqa: E501 - an inline table of TOML stands in one line

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.case.adapters.book.mapping import MappingUnusable
from services.case.adapters.book.mapping_file import read_mapping
from services.main.failures import told
from tests.case.adapters.book.layouts import MAP_A, MAP_B, written

LEAST = """
format = "quittance-book/1"
lender = "BANK"
as_of = 2026-01-31
kind = "DELTA"
paid_in = "BOOK"
zone = "Asia/Shanghai"
[files.a]
path = "a.csv"
[codes.c]
x = "CARD"
[[accounts]]
file = "a"
columns = { account_ref = "a", debtor_ref = "d", product = "p", currency = "w", rate_ppm = "r" }
rates = { rate_ppm = "percent" }
codes = { product = "c" }
"""


def refused(text: str | bytes, folder: Path) -> dict[str, Any]:
    path = folder / "MAP.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(MappingUnusable) as caught:
        read_mapping(path)
    return caught.value.context


@pytest.mark.parametrize("text", [MAP_A, MAP_B, LEAST], ids=["a", "b", "least"])
def test_a_sound_mapping_is_read(text: str, tmp_path: Path) -> None:
    assert read_mapping(written(tmp_path / "MAP.toml", text)).blocks


def test_what_a_mapping_leaves_out_has_a_default(tmp_path: Path) -> None:
    mapping = read_mapping(written(tmp_path / "MAP.toml", LEAST))
    assert (mapping.missing, mapping.region, mapping.invented, mapping.blank) == (
        "KEEP",
        "CN",
        False,
        frozenset(),
    )
    [block] = mapping.blocks
    assert (block.unit, block.dates, block.thousands, block.operation) == ("yuan", ("%Y-%m-%d",), False, None)
    shape = mapping.files["a"]
    assert (shape.format, shape.encoding, shape.delimiter, shape.header_row) == ("csv", "utf-8", ",", 1)


SLIPS: list[tuple[str, str, str, str]] = [
    ('lender = "BANK"', 'lender = "BANK"\nlendr = 1', "lendr", "unknown-key"),
    ('path = "a.csv"', 'path = "a.csv"\nencodng = "utf-8"', "files.a.encodng", "unknown-key"),
    ('file = "a"', 'file = "a"\ncolums = {}', "accounts[1].colums", "unknown-key"),
    ('debtor_ref = "d"', 'debtor = "d"', "accounts[1].columns.debtor", "unknown-key"),
    ("[[accounts]]", "[[acounts]]", "acounts", "unknown-key"),
    ('format = "quittance-book/1"', 'format = "quittance-book/2"', "format", "not-allowed"),
    ('format = "quittance-book/1"', "", "format", "missing"),
    ('lender = "BANK"', 'lender = "Bank of somewhere"', "lender", "not-allowed"),
    ('kind = "DELTA"', 'kind = "delta"', "kind", "not-allowed"),
    ('kind = "DELTA"', 'kind = "FULL"', "missing", "missing"),
    ('kind = "DELTA"', 'kind = "DELTA"\nmissing = "SOLD"', "missing", "unknown-key"),
    ('paid_in = "BOOK"', "", "paid_in", "missing"),
    ("Asia/Shanghai", "Asia/Shanghia", "zone", "not-allowed"),
    ("as_of = 2026-01-31", 'as_of = "2026-01-31"', "as_of", "not-a-date"),
    ("as_of = 2026-01-31", "as_of = 2026-01-31T00:00:00Z", "as_of", "not-a-date"),
    ("as_of = 2026-01-31", 'as_of = { file = "b", column = "x" }', "as_of.file", "not-allowed"),
    ("as_of = 2026-01-31", 'as_of = { file = "a" }', "as_of.column", "one-of"),
    ("as_of = 2026-01-31", 'as_of = { file = "a", pattern = "a_2026.csv" }', "as_of.pattern", "not-a-name-with-day"),
    ("as_of = 2026-01-31", 'as_of = { file = "a", pattern = "****{day}" }', "as_of.pattern", "not-a-name-with-day"),
    ('lender = "BANK"', 'lender = "BANK"\nregion = "China"', "region", "not-a-region"),
    ('lender = "BANK"', 'lender = "BANK"\ninvented = "yes"', "invented", "not-true-or-false"),
    ('lender = "BANK"', 'lender = "BANK"\nblank = "-"', "blank", "not-a-list-of-texts"),
    ('lender = "BANK"', 'lender = "BANK"\nblank = ["-", "-"]', "blank", "twice"),
    ('lender = "BANK"', 'lender = "BANK"\nunit = "cent"', "unit", "not-allowed"),
    ('lender = "BANK"', 'lender = "BANK"\ncurrency = "RMB"', "currency", "not-allowed"),
    ('lender = "BANK"', 'lender = "BANK"\ndates = ["%d.%m.%y"]', "dates", "not-a-date-form"),
    ('lender = "BANK"', 'lender = "BANK"\ndates = []', "dates", "missing"),
    ('path = "a.csv"', 'path = "a.csv"\ndelimiter = ", "', "files.a.delimiter", "not-allowed"),
    ('path = "a.csv"', 'path = "a.csv"\nencoding = "latin-1"', "files.a.encoding", "not-allowed"),
    ('path = "a.csv"', 'path = "a.csv"\nsheet = "1"', "files.a.sheet", "unknown-key"),
    ('path = "a.csv"', 'path = "a.xlsx"\nformat = "xlsx"\ndelimiter = ","', "files.a.delimiter", "unknown-key"),
    ('path = "a.csv"', 'path = "a.csv"\nheader_row = 0', "files.a.header_row", "not-a-number-in-range"),
    ('path = "a.csv"', 'path = "a.csv"\n[files.b]\npath = "b.csv"', "files.b", "never-used"),
    ('file = "a"', 'file = "b"', "accounts[1].file", "not-allowed"),
    ('debtor_ref = "d", ', "", "accounts[1].columns.debtor_ref", "missing"),
    ('currency = "w", ', "", "accounts[1].columns.currency", "missing"),
    ('rates = { rate_ppm = "percent" }', "", "accounts[1].rates.rate_ppm", "missing"),
    ('rates = { rate_ppm = "percent" }', 'rates = { rate_ppm = "bps" }', "accounts[1].rates.rate_ppm", "not-allowed"),
    ('rates = { rate_ppm = "percent" }', 'rates = { product = "ppm" }', "accounts[1].rates.product", "not-a-rate"),
    ('product = "c" }', 'product = "d" }', "accounts[1].codes.product", "no-such-table"),
    ('product = "c" }', 'debtor_ref = "c" }', "accounts[1].codes.debtor_ref", "not-a-coded-column"),
    ('x = "CARD"', 'x = "信用卡"', "codes.c.x", "not-allowed"),
    ('x = "CARD"', "x = 1", "codes.c.x", "not-a-text"),
    ('x = "CARD"', 'x = "CARD"\n[codes.d]\ny = "Y"', "codes.d", "never-used"),
    ('file = "a"', 'file = "a"\nconstants = { product = "CARD" }', "accounts[1].constants.product", "twice"),
    ('file = "a"', 'file = "a"\nconstants = { opened_on = "2026-01-01" }', "accounts[1].constants.opened_on", "not-allowed"),
    ('file = "a"', 'file = "a"\nconstants = { lender = "the bank" }', "accounts[1].constants.lender", "not-allowed"),
    ('file = "a"', 'file = "a"\nmade = { debtor_ref = "{x}" }', "accounts[1].made.debtor_ref", "twice"),
    ('file = "a"', 'file = "a"\nmade = { product = "{x}" }', "accounts[1].made.product", "not-allowed"),
    ('file = "a"', 'file = "a"\nop = { column = "o", drop = ["D"], keep = ["A"] }', "accounts[1].columns.drop_reason", "missing"),
    ('file = "a"', 'file = "a"\nop = { column = "o", drop = ["D"], keep = ["D"] }', "accounts[1].op.keep", "twice"),
    ('file = "a"', 'file = "a"\nop = { column = "o", drop = ["D"] }', "accounts[1].op.keep", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("stands", "slip", "key", "wrong"), SLIPS, ids=[f"{s[2]}: {s[3]} {n}" for n, s in enumerate(SLIPS)]
)
def test_a_slip_is_named(stands: str, slip: str, key: str, wrong: str, tmp_path: Path) -> None:
    assert stands in LEAST
    found = refused(LEAST.replace(stands, slip), tmp_path)
    assert (found["key"], found["wrong"]) == (key, wrong)


@pytest.mark.parametrize("template", ["D-1", "{x", "x}", "{}", "{x}{", "{{x}}"])
def test_what_is_no_template(template: str, tmp_path: Path) -> None:
    text = LEAST.replace('debtor_ref = "d", ', "").replace(
        'file = "a"', f'file = "a"\nmade = {{ debtor_ref = "{template}" }}'
    )
    assert refused(text, tmp_path)["wrong"] == "not-a-template"


def test_a_drop_column_is_for_a_delta_and_for_what_can_be_dropped(tmp_path: Path) -> None:
    op = 'op = { column = "o", drop = ["D"], keep = ["A"] }'
    full = LEAST.replace('kind = "DELTA"', 'kind = "FULL"\nmissing = "KEEP"').replace(
        'file = "a"', f'file = "a"\n{op}'
    )
    assert refused(full, tmp_path)["wrong"] == "not-in-a-full-book"
    party = f'[[parties]]\nfile = "a"\n{op}\ncolumns = {{ party_ref = "p", name = "n", kind = "k" }}\n'
    assert refused(LEAST + party, tmp_path) == {
        "key": "parties[1].op",
        "wrong": "never-dropped",
        "allowed": (),
    }


def test_an_identity_number_needs_its_kind_and_amounts_a_currency(tmp_path: Path) -> None:
    party = (
        '[[parties]]\nfile = "a"\ncolumns = { party_ref = "p", name = "n", kind = "k", identity_no = "i" }\n'
    )
    assert refused(LEAST + party, tmp_path)["key"] == "parties[1].columns.identity_kind"
    plan = '[[instalments]]\nfile = "a"\ncolumns = { account_ref = "a", number = "n", due_on = "d", principal = "p" }\n'
    assert refused(LEAST + plan, tmp_path)["key"] == "instalments[1].columns.currency"


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("lender = ", {"wrong": "not-toml", "line": 1}),
        ("\n\n[files\n", {"wrong": "not-toml", "line": 3}),
        ("a = 1\na = 2\n", {"wrong": "not-toml", "line": 2}),
        ("x = " + "[" * 100_000, {"wrong": "not-toml", "line": 1}),
        ("名 = ".encode("gb18030"), {"wrong": "not-utf-8"}),
        (b"#" * (2 << 20), {"wrong": "too-long"}),
        ("", {"key": "format", "wrong": "missing", "allowed": ()}),
    ],
    ids=str,
)
def test_what_is_no_mapping(text: str | bytes, context: dict[str, Any], tmp_path: Path) -> None:
    assert refused(text, tmp_path) == context


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "MAP.toml").write_bytes(b"\xef\xbb\xbf" + LEAST.encode())
    assert read_mapping(tmp_path / "MAP.toml").lender == "BANK"


def test_a_person_is_told_the_key_in_both_languages(tmp_path: Path) -> None:
    written(tmp_path / "MAP.toml", LEAST.replace('unit = "yuan"', "").replace("lender =", "lendr ="))
    with pytest.raises(MappingUnusable) as caught:
        read_mapping(tmp_path / "MAP.toml")
    telling = told(caught.value)
    assert telling is not None
    code, en, zh = telling
    assert code == 1
    assert "key: lender; wrong: missing" in en
    assert "映射" in zh
    assert "lender" in zh
