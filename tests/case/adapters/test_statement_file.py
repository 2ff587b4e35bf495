"""The reader of statement files takes what is plain and rejects the rest line by line, in constant memory."""

import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.case.adapters import physical_lines, statement_file
from services.case.adapters.physical_lines import CHUNK_BYTES, LINE_BYTES_MAX
from services.case.adapters.statement_file import COLUMNS, StatementFile, StatementHeaderUnusable
from services.case.application.ports import Numbered, Reject
from services.case.domain.commands import StatementLine

HEADER = ",".join(COLUMNS).encode()
GOOD = b"TWC-1,2005-04-30,2,1234.50,-10,20000,TWD"
LINE = StatementLine("TWC-1", date(2005, 4, 30), 2, 123450, -1000, 2000000, "TWD")


def read(folder: Path, data: bytes) -> list[Numbered]:
    path = folder / "statements.csv"
    path.write_bytes(data)
    return list(StatementFile(path))


def body(folder: Path, *lines: bytes) -> list[Numbered]:
    return read(folder, b"\n".join((HEADER, *lines)) + b"\n")


def malformed(field: str) -> Reject:
    return Reject("malformed", field)


@pytest.mark.parametrize(
    "data",
    [
        HEADER + b"\n" + GOOD + b"\n",
        HEADER + b"\n" + GOOD,
        HEADER + b"\r\n" + GOOD + b"\r\n",
        b"\xef\xbb\xbf" + HEADER + b"\n" + GOOD + b"\n",
        HEADER.replace(b",", b" , ") + b"\n" + GOOD,
        HEADER + b'\n"TWC-1","2005-04-30","2","1234.50","-10","20000","TWD"\n',
        b"currency,credit_limit,payment_received,statement_balance,months_past_due,as_of,account_ref\n"
        b"TWD,20000,-10,1234.50,2,2005-04-30,TWC-1\n",
        b'"account_ref","as_of","months_past_due","statement_balance","payment_received","credit_limit",'
        b'"currency"\n' + GOOD,
    ],
)  # fmt: skip
def test_every_plain_spelling_reads_the_same(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == [(2, LINE)]


def test_blank_lines_are_left_out_and_still_counted(tmp_path: Path) -> None:
    assert [number for number, _ in body(tmp_path, b"", GOOD, b"   ", b"\r", GOOD, b"")] == [3, 6]


@pytest.mark.parametrize(
    ("line", "reject"),
    [
        (b"TWC-1,2005-04-30,2,1,1,1", malformed("line")),
        (b"TWC-1,2005-04-30,2,1,1,1,TWD,", malformed("line")),
        (b",,,,,,", malformed("account_ref")),
        (b"just text", malformed("line")),
        (b'"TWC-1,2005-04-30,2,1,1,1,TWD', malformed("line")),
        (b'"TWC-1"x,2005-04-30,2,1,1,1,TWD', malformed("line")),
        (b"\xff\xfe,2005-04-30,2,1,1,1,TWD", malformed("line")),
        (b"\xed\xa0\x80,2005-04-30,2,1,1,1,TWD", malformed("line")),
        (b"TWC\x001,2005-04-30,2,1,1,1,TWD", malformed("account_ref")),
        (b"TWC\x1b[31m,2005-04-30,2,1,1,1,TWD", malformed("account_ref")),
        (b"TWC\r1,2005-04-30,2,1,1,1,TWD", malformed("account_ref")),
        ("TWC\u202e1,2005-04-30,2,1,1,1,TWD".encode(), malformed("account_ref")),
        ("TWC\u200b1,2005-04-30,2,1,1,1,TWD".encode(), malformed("account_ref")),
        (b" TWC-1,2005-04-30,2,1,1,1,TWD", malformed("account_ref")),
        (b"TWC-1 ,2005-04-30,2,1,1,1,TWD", malformed("account_ref")),
        (b"T" * 129 + b",2005-04-30,2,1,1,1,TWD", malformed("account_ref")),
        (b"TWC-1,2005-04-31,2,1,1,1,TWD", malformed("as_of")),
        (b"TWC-1,2005-4-30,2,1,1,1,TWD", malformed("as_of")),
        (b"TWC-1,20050430,2,1,1,1,TWD", malformed("as_of")),
        (b"TWC-1,2005-W17-6,2,1,1,1,TWD", malformed("as_of")),
        (b"TWC-1,30/04/2005,2,1,1,1,TWD", malformed("as_of")),
        (b"TWC-1,2005-04-30T00:00,2,1,1,1,TWD", malformed("as_of")),
        ("TWC-1,２００５-04-30,2,1,1,1,TWD".encode(), malformed("as_of")),
        (b"TWC-1,0001-01-01,2,1,1,1,TWD", malformed("as_of")),
        (b"TWC-1,9999-12-31,2,1,1,1,TWD", malformed("as_of")),
        (b"TWC-1,,2,1,1,1,TWD", malformed("as_of")),
        (b"TWC-1,2005-04-30,-1,1,1,1,TWD", malformed("months_past_due")),
        (b"TWC-1,2005-04-30,1000,1,1,1,TWD", malformed("months_past_due")),
        (b"TWC-1,2005-04-30,1.0,1,1,1,TWD", malformed("months_past_due")),
        (b"TWC-1,2005-04-30,,1,1,1,TWD", malformed("months_past_due")),
        ("TWC-1,2005-04-30,²,1,1,1,TWD".encode(), malformed("months_past_due")),
        (b"TWC-1,2005-04-30,2,1.234,1,1,TWD", malformed("statement_balance")),
        (b"TWC-1,2005-04-30,2,1e3,1,1,TWD", malformed("statement_balance")),
        (b"TWC-1,2005-04-30,2,10000000000000.00,1,1,TWD", malformed("statement_balance")),
        (b"TWC-1,2005-04-30,2,1,-10000000000000,1,TWD", malformed("payment_received")),
        (b"TWC-1,2005-04-30,2,,1,1,TWD", malformed("statement_balance")),
        (b"TWC-1,2005-04-30,2,1,NaN,1,TWD", malformed("payment_received")),
        (b'TWC-1,2005-04-30,2,"1,000",1,1,TWD', malformed("statement_balance")),
        (b"TWC-1,2005-04-30,2,1,1,12345678901234567,TWD", malformed("credit_limit")),
        (b"TWC-1,2005-04-30,2,1,1,-1,TWD", malformed("credit_limit")),
        (b"TWC-1,2005-04-30,2,1,1,1,", malformed("currency")),
        (b"TWC-1,2005-04-30,2,1,1,1,twd", Reject("unknown-currency", "currency")),
        (b"TWC-1,2005-04-30,2,1,1,1,ZZZ", Reject("unknown-currency", "currency")),
        (b"TWC-1,2005-04-30,2,1.5,1,1,JPY", malformed("statement_balance")),
    ],
)  # fmt: skip
def test_a_line_that_is_not_plain_is_rejected_for_its_first_fault(
    tmp_path: Path, line: bytes, reject: Reject
) -> None:
    assert body(tmp_path, line, GOOD) == [(2, reject), (3, LINE)]


def test_the_first_fault_in_the_stated_order_is_the_reason(tmp_path: Path) -> None:
    every, later = b"\x07,nope,-1,x,x,x,ZZZ", b"TWC-1,2005-04-30,2,x,x,x,ZZZ"
    assert body(tmp_path, every, later) == [
        (2, malformed("account_ref")),
        (3, Reject("unknown-currency", "currency")),
    ]


def test_two_spellings_of_one_reference_are_one_account(tmp_path: Path) -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    rows = body(tmp_path, *(f"{ref},2005-04-30,0,1,1,1,TWD".encode() for ref in (composed, decomposed)))
    assert [line.account_ref for _, line in rows if isinstance(line, StatementLine)] == [composed, composed]


@pytest.mark.parametrize(
    ("header", "context"),
    [
        (b"", {"missing": COLUMNS}),
        (b"\n" + HEADER, {"missing": COLUMNS, "repeated": (), "unknown": 1}),
        (HEADER.replace(b",currency", b""), {"missing": ("currency",), "repeated": (), "unknown": 0}),
        (HEADER + b",notes", {"missing": (), "repeated": (), "unknown": 1}),
        (HEADER + b",as_of", {"missing": (), "repeated": ("as_of",), "unknown": 0}),
        (HEADER.replace(b",", b";"), {"missing": COLUMNS, "repeated": (), "unknown": 1}),
        (HEADER.upper(), {"missing": COLUMNS, "repeated": (), "unknown": 7}),
        (HEADER.decode().encode("utf-16"), {"missing": COLUMNS}),
        (GOOD, {"missing": COLUMNS, "repeated": (), "unknown": 7}),
        (b"x" * (LINE_BYTES_MAX + 1), {"missing": COLUMNS, "repeated": (), "unknown": 1}),
    ],
)
def test_a_file_without_the_header_is_refused_and_the_refusal_names_columns_not_values(
    tmp_path: Path, header: bytes, context: dict[str, object]
) -> None:
    with pytest.raises(StatementHeaderUnusable) as refusal:
        read(tmp_path, header + b"\n" + GOOD if header else b"")
    assert refusal.value.context == context


def test_an_overlong_line_is_rejected_without_being_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(HEADER + b"\n" + GOOD + b"\n")
        for _ in range(64):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + GOOD + b"\n" + b"y" * (LINE_BYTES_MAX + 1))
    source = StatementFile(path)
    tracemalloc.start()
    rows = list(source)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == [(2, LINE), (3, malformed("line")), (4, LINE), (5, malformed("line"))]
    assert peak < 8 * CHUNK_BYTES
    assert source.bytes_read == source.bytes_total == path.stat().st_size


@pytest.mark.parametrize("chunk", [1, 2, 7, 64, 4096])
def test_where_a_chunk_ends_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    data = b"\n".join(
        (HEADER, GOOD, b"", b"bad\r", b"z" * 200, GOOD.replace(b"TWC-1", "账户一".encode()) + b"\r")
    )
    monkeypatch.setattr(physical_lines, "LINE_BYTES_MAX", 150)
    whole = read(tmp_path, data)
    monkeypatch.setattr(statement_file, "CHUNK_BYTES", chunk)
    assert read(tmp_path, data) == whole
    assert [number for number, _ in whole] == [2, 4, 5, 6]


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=80).filter(lambda raw: b"\n" not in raw), max_size=12))
def test_any_bytes_are_read_or_rejected_never_more(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    rows = body(tmp_path_factory.mktemp("any"), *lines)
    blank = [not raw.strip() for raw in lines]
    assert [number for number, _ in rows] == [i + 2 for i, empty in enumerate(blank) if not empty]
    assert all(isinstance(row, StatementLine | Reject) for _, row in rows)
