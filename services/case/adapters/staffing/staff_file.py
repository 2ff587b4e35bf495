"""A staff list as CSV: staff_ref, team, and whatever else is known; lists inside a cell stand between blanks or `;`."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from services.case.application.ports import MALFORMED, Reject
from services.case.application.staffing.staff_import import Numbered, StaffRow
from services.case.domain.delinquency import RETAIL
from services.case.domain.staffing.member import COLLECTOR, LEAVES, ROLES, Skills
from shared.kernel.refusal import Refused

NEEDED = ("staff_ref", "team")
COLUMNS = (
    *NEEDED, "name", "role", "stages", "products", "languages", "cap", "on", "left_on", "leave_from", "leave_until",
    "leave_kind",
)  # fmt: skip
CAP_MAX = 100_000
_WHO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}")
_WORD = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


class StaffFileUnreadable(Refused):
    """The file is no UTF-8 CSV with a header of the columns known here.

    Context: missing, unknown. `staff_ref` and `team` must be there; others may be left out.
    """

    code = "staff-file-unreadable"
    title_en = "The staff list cannot be read"
    title_zh = "无法读取人员清单"


class _Wrong(ValueError):
    """A cell that makes no sense; the message is its column."""


class StaffFile:
    """The list at `path`. Raises StaffFileUnreadable, and OSError as `open` does, when read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Numbered]:
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                yield from _lines(csv.reader(file, strict=True))
        except (UnicodeDecodeError, csv.Error):
            raise StaffFileUnreadable from None


def _lines(reader: "csv.Reader") -> Iterator[Numbered]:  # type: ignore[name-defined]
    header = [name.strip() for name in next(reader, [])]
    missing = tuple(name for name in NEEDED if name not in header)
    unknown = tuple(str(place) for place, name in enumerate(header, 1) if name not in COLUMNS)
    if missing or unknown or len(set(header)) != len(header):
        raise StaffFileUnreadable(missing=missing, unknown_columns=unknown)
    for cells in reader:
        number = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            yield number, Reject(MALFORMED, "line")
            continue
        said = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        try:
            yield number, _row(said)
        except _Wrong as wrong:
            yield number, Reject(MALFORMED, str(wrong))


def _row(said: Mapping[str, str]) -> StaffRow:
    """Raises _Wrong for the first cell that makes no sense."""
    role, kind = said.get("role") or COLLECTOR, said.get("leave_kind") or LEAVES[0]
    for column, value, allowed in (("role", role, ROLES), ("leave_kind", kind, LEAVES)):
        if value not in allowed:
            raise _Wrong(column)
    for column, form in (("staff_ref", _WHO), ("team", _WORD)):
        if not form.fullmatch(said[column]):
            raise _Wrong(column)
    name = said.get("name") or None
    if name is not None and not _NAME.fullmatch(name):
        raise _Wrong("name")
    leave_from, leave_until = _day(said, "leave_from"), _day(said, "leave_until")
    if (leave_from is None) != (leave_until is None):
        raise _Wrong("leave_until" if leave_until is None else "leave_from")
    return StaffRow(
        staff_ref=said["staff_ref"],
        name=name,
        team=said["team"],
        role=role,
        skills=Skills(
            _list(said, "stages", None), _list(said, "products", _WORD), _list(said, "languages", _LANGUAGE)
        ),
        cap=_cap(said.get("cap", "")),
        on=_day(said, "on"),
        left_on=_day(said, "left_on"),
        leave_from=leave_from,
        leave_until=leave_until,
        leave_kind=kind,
    )


def _list(said: Mapping[str, str], column: str, form: re.Pattern[str] | None) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(said.get(column, "").replace(";", " ").split()))
    for one in found:
        if not (form.fullmatch(one) if form else one in RETAIL.names[1:]):
            raise _Wrong(column)
    return found


def _cap(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) > CAP_MAX:
        raise _Wrong("cap")
    return int(text)


def _day(said: Mapping[str, str], column: str) -> date | None:
    text = said.get(column, "")
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise _Wrong(column) from None
    if found.isoformat() != text:
        raise _Wrong(column)
    return found
