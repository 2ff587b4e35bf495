"""A dialer's files: every line read or told apart by its reason, whatever stands in it; the list written whole."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contact.adapters.dialing.list_csv import list_bytes, write_list
from services.contact.adapters.dialing.result_file import (
    DialerMappingUnusable,
    dialer_mapping,
    read_results,
)
from services.contact.adapters.handed_in_file import LINE_BYTES_MAX, read_cells
from services.contact.application.dialing.results import DialResult
from services.contact.application.handed_in import Flaw, HandedInUnusable
from services.contact.domain.outcomes import OUTCOMES
from tests.golden.samples_of_paper import SAMPLES_OF_PAPER

LIST: Any = SAMPLES_OF_PAPER["contact.DialListMade/v1"]
HEADER = "source_ref,permit,list,line,at,outcome,seconds,identity,said,told_at\n"
AT = "2026-11-23T10:00:00+08:00"


def results(folder: Path, text: str | bytes, mapping: str | None = None) -> list[tuple[int, Any]]:
    file = folder / "results.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    codes = None
    if mapping is not None:
        codes = folder / "mapping.toml"
        codes.write_text(mapping)
    return list(read_results(file, dialer_mapping(codes)))


def test_a_line_with_everything_in_it(tmp_path: Path) -> None:
    line = f"CDR-1,cpm_1,dls_1,7,{AT},ANSWERED,40,VERIFIED,discloses_debt states_debt,2026-11-23T04:00:00Z\n"
    assert results(tmp_path, "\ufeff" + HEADER + line) == [
        (
            2,
            DialResult(
                source_ref="CDR-1", permit="cpm_1", list="dls_1", line=7, outcome="conversation", seconds=40,
                identity="VERIFIED", said=("discloses_debt", "states_debt"),
                at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC), told_at=datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
            ),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (f"CDR-1,,,,{AT},SANG,,,,", Flaw("outcome-unknown", "outcome")),
        (f",,,,{AT},BUSY,,,,", Flaw("missing", "source_ref")),
        ("CDR-1,,,,,BUSY,,,,", Flaw("missing", "at")),
        ("CDR-1,,,,2026-11-23T10:00:00,BUSY,,,,", Flaw("malformed", "at")),
        ("CDR-1,,,,23.11.2026,BUSY,,,,", Flaw("malformed", "at")),
        ("CDR-1,,,,2026-11-23,BUSY,,,,", Flaw("malformed", "at")),
        ("CDR-1,,,,9999-12-31T23:59:59-12:00,BUSY,,,,", Flaw("malformed", "at")),
        (f"CDR-1,,,x,{AT},BUSY,,,,", Flaw("malformed", "line")),
        (f"CDR-1,,,,{AT},BUSY,-4,,,", Flaw("malformed", "seconds")),
        (f"CDR-1,,,,{AT},BUSY,٤,,,", Flaw("malformed", "seconds")),
        (f"CDR-1,,,,{AT},BUSY,,MAYBE,,", Flaw("outcome-unknown", "identity")),
        (f"{'x' * 300},,,,{AT},BUSY,,,,", Flaw("malformed", "source_ref")),
        (f"CDR\x00,,,,{AT},BUSY,,,,", Flaw("malformed", "source_ref")),
        (f"CDR-1,,,,{AT},BUSY", Flaw("malformed-row")),
        (f'CDR-1,",,,{AT},BUSY,,,,', Flaw("malformed-row")),
        ("x" * LINE_BYTES_MAX * 2, Flaw("too-long")),
    ],
)
def test_a_line_that_says_nothing_we_understand_spoils_no_other(
    tmp_path: Path, line: str, flaw: Flaw
) -> None:
    good = f"CDR-2,cpm_1,,,{AT},BUSY,,,,\n"
    found = results(tmp_path, HEADER + line + "\n\n" + good)
    assert found[0] == (2, flaw)
    assert found[1][0] == 4
    assert isinstance(found[1][1], DialResult)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    assert results(tmp_path, HEADER.encode() + b"\xff\xfe,,,,,,,,,\n") == [(2, Flaw("bad-encoding"))]


@pytest.mark.parametrize("text", ["", "at,outcome\n", "source_ref,at,at,outcome\n", '"x\n', "\xff"])
def test_a_file_without_its_columns_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(HandedInUnusable):
        results(tmp_path, text.encode("latin-1"))


def test_a_mapping_of_columns_codes_and_zone(tmp_path: Path) -> None:
    mapping = (
        'zone = "Asia/Shanghai"\n[columns]\nsource_ref = "call_id"\nat = "start"\noutcome = "code"\npermit = "token"\n'
        '[outcomes]\nsit = "not_in_service"\n'
    )
    calls = ("C1,2026-11-23 10:00:00,SIT", "C2,2026-11-23 10:00:00,busy", "C3,2026-11-23 10:00:00,BUSY")
    text = "call_id,start,code,token\n" + "".join(f"{call},cpm_1\n" for call in calls)
    found = results(tmp_path, text, mapping)
    assert [one.outcome if isinstance(one, DialResult) else one for _, one in found] == [
        "not_in_service", "busy", Flaw("outcome-unknown", "outcome"),
    ]  # fmt: skip
    assert found[0][1].at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "mapping",
    [
        "not toml [", 'zone = "Mars/Base"', '[columns]\nphone = "x"', '[outcomes]\nX = "sang"', "[more]\na = 1",
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_mean_anything_is_refused(tmp_path: Path, mapping: str) -> None:
    with pytest.raises(DialerMappingUnusable):
        results(tmp_path, HEADER, mapping)


def test_our_own_words_are_always_understood() -> None:
    mapping = dialer_mapping()
    assert {mapping.outcome(one) for one in OUTCOMES} == OUTCOMES


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    file = tmp_path_factory.mktemp("f") / "x.csv"
    file.write_bytes(HEADER.encode() + text)
    for line, found in read_results(file, dialer_mapping()):
        assert line >= 2
        assert isinstance(found, Flaw | DialResult)


def test_the_list_is_written_whole_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("what was there")
    write_list(file, LIST, ["+8613800138000"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == list_bytes(LIST, ["+8613800138000"])
    assert os.listdir(tmp_path) == ["list.csv"]
    [(_, cells)] = read_cells(file, ("list", "line", "number", "permit"))
    assert not isinstance(cells, Flaw)
    assert (cells["number"], cells["line"], cells["list"]) == ("+8613800138000", "1", LIST.list)
    assert list_bytes(LIST, [None]).count(b"\r\n") == 1


def test_where_it_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_list(tmp_path / "none" / "list.csv", LIST, [None])
    assert os.listdir(tmp_path) == []
