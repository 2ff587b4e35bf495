"""Costs as a CSV file: a header with the columns of `COLUMNS` in any order, one cost a line, UTF-8.

`case` and `team` may be empty, and not both be named. Amounts are plain decimals of at most the currency's places.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.case.application.ports import MALFORMED, UNKNOWN_CURRENCY, Reject
from services.case.domain.figures.cost import KINDS, BookCost
from shared.kernel import money
from shared.kernel.money import MalformedAmount, UnknownCurrency
from shared.kernel.refusal import Refused

COLUMNS = ("source_ref", "kind", "amount", "currency", "on", "case", "team")
FIELD_LETTERS_MAX = 4_096
YEARS = range(1970, 2200)
_REF = re.compile(r"[A-Za-z0-9._:/@+#-]{1,100}")
_WORD = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_CASE = re.compile(r"case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CostHeaderUnusable(Refused):
    """The first line does not name the columns of a cost file, so no line of it can be understood.

    The header must hold source_ref, kind, amount, currency, on, case and team, each once and nothing else, in UTF-8.
    Context: `missing` columns, `unknown` (how many we do not know), `repeated` columns.
    """

    code = "cost-header-unusable"
    title_en = "The first line is not the header of a cost file"
    title_zh = "文件首行不是成本文件的表头"


class _Bad(Exception):
    """One field cannot be read."""

    def __init__(self, field: str, reason: str = MALFORMED) -> None:
        self.reject = Reject(reason, field)


@dataclass(frozen=True, slots=True)
class CostFile:
    """One pass over a file of costs that `source` reports."""

    path: Path
    source: str

    def __iter__(self) -> Iterator[tuple[int, BookCost | Reject]]:
        """(line number, what it says or why it cannot be read). Raises CostHeaderUnusable, OSError."""
        order: dict[str, int] | None = None
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            rows = csv.reader(file, strict=True)
            while True:
                try:
                    fields = next(rows, None)
                except csv.Error:
                    if order is None:
                        raise CostHeaderUnusable(missing=COLUMNS) from None
                    yield rows.line_num, Reject(MALFORMED, "line")
                    continue
                if fields is None:
                    break
                if order is None:
                    order = _order(fields)
                elif any(field.strip() for field in fields):
                    yield rows.line_num, self._read(fields, order)
        if order is None:
            raise CostHeaderUnusable(missing=COLUMNS)

    def _read(self, fields: list[str], order: dict[str, int]) -> BookCost | Reject:
        if len(fields) != len(COLUMNS) or any(len(field) > FIELD_LETTERS_MAX for field in fields):
            return Reject(MALFORMED, "line")
        said = {name: fields[place].strip() for name, place in order.items()}
        try:
            return self._cost(said)
        except _Bad as bad:
            return bad.reject

    def _cost(self, said: dict[str, str]) -> BookCost:
        """The first column that is wrong, in the order of COLUMNS, names the reason. Raises _Bad."""
        for name, shape in (("source_ref", _REF), ("case", _CASE), ("team", _WORD)):
            if not shape.fullmatch(said[name]) and (said[name] or name == "source_ref"):
                raise _Bad(name)
        if said["kind"] not in KINDS:
            raise _Bad("kind")
        if said["case"] and said["team"]:
            raise _Bad("team")
        try:
            amount = money.parse(said["amount"], said["currency"])
        except UnknownCurrency:
            raise _Bad("currency", UNKNOWN_CURRENCY) from None
        except MalformedAmount:
            raise _Bad("amount") from None
        if amount.minor <= 0:
            raise _Bad("amount")
        return BookCost(
            source=self.source, source_ref=said["source_ref"], kind=said["kind"], amount=amount, on=_day(said["on"]),
            case=said["case"] or None, team=said["team"] or None,
        )  # fmt: skip


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise _Bad("on")
    return day


def _order(header: list[str]) -> dict[str, int]:
    """Column -> where it stands. Raises CostHeaderUnusable."""
    names = [name.strip() for name in header]
    missing = tuple(column for column in COLUMNS if column not in names)
    repeated = tuple(column for column in COLUMNS if names.count(column) > 1)
    unknown = sum(name not in COLUMNS for name in names)
    if missing or repeated or unknown:
        raise CostHeaderUnusable(missing=missing, repeated=repeated, unknown=unknown)
    return {column: names.index(column) for column in COLUMNS}
