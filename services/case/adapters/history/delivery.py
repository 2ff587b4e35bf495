"""A delivery of history as files: read into our rows, sorted by debtor outside of memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from services.case.adapters.book import reading
from services.case.adapters.book.cells import UNREADABLE, Cell, Table
from services.case.adapters.book.folder import Found, find_files, open_table
from services.case.adapters.book.mapping import FEN, BookUnusable, FileShape
from services.case.adapters.book.reading import Unreadable as Wrong
from services.case.adapters.book.spill import Spill
from services.case.adapters.history import digest
from services.case.adapters.history.entities import (
    AMOUNT,
    CURRENCY,
    DATE,
    ENTITY,
    LABEL,
    RANK,
    WORD,
    Field,
)  # fmt: skip
from services.case.adapters.history.mapping import Block, HistoryMapping, among, read_mapping
from services.case.application.book_reasons import BAD_DATE, BAD_TEXT, MISSING_VALUE
from services.case.application.history.source import PlacedRow, Unreadable
from services.case.domain.facts.imports import FileSeen
from services.case.domain.history.rows import HistoryTerms
from shared.kernel.clock import day_in, in_utc, zone
from shared.kernel.currency import DIGITS

ROWS_OF_ONE_MAX = 100_000
"""Rows of one debtor: more than that is no history of a person."""
Read = Callable[[str], Any]
_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(tuple[int, int, int, msgspec.Raw]).decode


class _Step(NamedTuple):
    field: Field
    at: int | None
    read: Read
    constant: str | None


@contextmanager
def open_history(folder: Path, mapping: bytes) -> Iterator["HistoryDelivery"]:
    """The delivery in the folder, as the mapping reads it; its temporary files are gone at the end.

    Raises: MappingUnusable, BookUnusable, before any row is read; OSError as `open` does.
    """
    delivery = HistoryDelivery(read_mapping(mapping), folder)
    try:
        yield delivery
    finally:
        delivery.close()


class HistoryDelivery:
    """A HistorySource over files. `unmapped`: columns nobody takes, by file."""

    def __init__(self, mapping: HistoryMapping, folder: Path) -> None:
        self._mapping = mapping
        self._found = find_files(folder, mapping)
        self._sorted, self._unread = Spill(), list[PlacedRow]()
        self._read_whole = False
        self.unmapped: dict[str, tuple[str, ...]] = {}
        for found in self._found:  # before any row is read: a file that lacks a column is refused as a whole
            self._fits(found, open_table(found).header)

    @property
    def terms(self) -> HistoryTerms:
        """How it is to be read."""
        return HistoryTerms(go_live=self._mapping.go_live, zone=self._mapping.zone)

    @cached_property
    def files(self) -> Sequence[FileSeen]:
        """What is known of each file."""
        seen = (digest.seen(found.path) for found in self._found)
        return [one for one in seen if one is not None]

    @property
    def names(self) -> Sequence[str]:
        """The files' places below the folder."""
        return [found.name for found in self._found]

    @cached_property
    def mapping(self) -> str:
        """What tells the mapping again: SHA-256, in hex."""
        return digest.of_mapping(self._mapping.text)

    @cached_property
    def content(self) -> str:
        """SHA-256, in hex, of mapping and files."""
        return digest.content_of(self.files, mapping=self.mapping)

    def debtors(self) -> Iterator[tuple[str, list[PlacedRow]]]:
        """The rows of one debtor after another, cases and plans before the rest; each debtor once."""
        self._read()
        for key, entries in groupby(self._sorted, itemgetter(0)):
            rows = [_placed(content) for _, _, content in entries]
            if len(rows) > ROWS_OF_ONE_MAX:
                raise BookUnusable(wrong="too-many-rows-of-one-key", allowed=(str(ROWS_OF_ONE_MAX),))
            yield key, rows

    def unread(self) -> Sequence[PlacedRow]:
        """Rows that could not be read."""
        return self._unread

    def close(self) -> None:
        """Give the disk back."""
        self._sorted.close()

    def _blocks(self, shape: FileShape) -> list[Block]:
        return [block for block in self._mapping.blocks if block.file == shape.name]

    def _fits(self, found: Found, header: list[str]) -> None:
        used = {column for block in self._blocks(found.shape) for column in block.columns.values()}
        wrong = tuple(sorted(column for column in used if header.count(column) != 1))
        if wrong:
            raise BookUnusable(file=found.shape.name, wrong="missing-columns", columns=wrong)
        left = dict.fromkeys(name for name in header if name and name not in {*used, *found.shape.ignore})
        self.unmapped[found.name] = tuple(left)

    def _read(self) -> None:
        if self._read_whole:
            return
        self._read_whole = True
        place = 0
        for index, found in enumerate(self._found):
            table = open_table(found)
            place = self._read_table(index, found, table, place)

    def _read_table(self, index: int, found: Found, table: Table, place: int) -> int:
        makers = [(block, _reader(block, table, self._mapping)) for block in self._blocks(found.shape)]
        for number, cells in table.rows:
            for block, steps in makers:
                place += 1
                name = block.entity.name
                if isinstance(cells, str):
                    self._unread.append(PlacedRow(name, index, number, Unreadable(cells, "row")))
                    break
                try:
                    row = _made(block, steps, cells, self._mapping)
                except Wrong as wrong:
                    reject = Unreadable(wrong.reason, wrong.field or "row")
                    self._unread.append(PlacedRow(name, index, number, reject))
                    continue
                entry = _ENCODE((RANK[name], index, number, msgspec.Raw(_ENCODE(row))))
                self._sorted.put(row.debtor_ref, (RANK[name] << 40) + place, entry)
        return place


def _placed(content: bytes) -> PlacedRow:
    rank, file, number, raw = _DECODE(content)
    entity = list(ENTITY.values())[rank]
    return PlacedRow(entity.name, file, number, msgspec.msgpack.decode(raw, type=entity.row))


def _reader(block: Block, table: Table, mapping: HistoryMapping) -> list[_Step]:
    found = []
    for one in block.entity.fields:
        column = block.columns.get(one.name)
        at = table.header.index(column) if column is not None else None
        found.append(_Step(one, at, _read(one, block, mapping), block.constants.get(one.name)))
    return found


def _read(one: Field, block: Block, mapping: HistoryMapping) -> Read:
    codes: Mapping[str, str] | None = block.codes.get(one.name)
    match one.reads:
        case "reference":
            return reading.reference
        case "word":
            return lambda cell: reading.word(cell, codes, among(one))
        case "label":
            return lambda cell: reading.label(cell if codes is None else codes.get(cell, ""))
        case "currency":
            return lambda cell: reading.currency(cell if codes is None else codes.get(cell, ""))
        case "date":
            return reading.dates(block.dates)
        case "time":
            return lambda cell: _time(cell, block.times, mapping.zone)
    return reading.whole


def _time(cell: str, forms: tuple[str, ...], zone_name: str) -> datetime:
    """An instant in UTC: as one of the forms where the lender is, or RFC 3339 with its offset."""
    for form in forms:
        try:
            found = datetime.strptime(cell, form).replace(tzinfo=zone(zone_name))
        except ValueError:
            continue
        reading.in_range(found.date())
        return in_utc(found)
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        raise Wrong(BAD_DATE) from None
    if found.tzinfo is None:
        raise Wrong(BAD_DATE)
    reading.in_range(found.date())
    return in_utc(found)


def _made(block: Block, steps: Sequence[_Step], cells: list[Cell], mapping: HistoryMapping) -> Any:
    """The row. Raises Wrong, naming the field."""
    values: dict[str, Any] = {}
    for step in steps:
        name = step.field.name
        cell: Cell = step.constant if step.at is None else cells[step.at] if step.at < len(cells) else ""
        if cell is None or cell == "" or (isinstance(cell, str) and cell in mapping.blank):
            if step.field.needed:
                raise Wrong(MISSING_VALUE, name)
            continue
        try:
            values[name] = _value(step, cell, block, values)
        except Wrong as wrong:
            raise Wrong(wrong.reason, name) from None
    if "at" in values:
        values["on"] = day_in(values["at"], mapping.zone)
    return block.entity.row(**values)


def _value(step: _Step, cell: Cell, block: Block, values: Mapping[str, Any]) -> Any:
    if cell is UNREADABLE:
        raise Wrong(BAD_TEXT)
    if isinstance(cell, date):
        if step.field.reads != DATE:
            raise Wrong(BAD_TEXT)
        return reading.in_range(cell)
    assert isinstance(cell, str), "a cell is a text, a day, or unreadable"
    if step.field.reads == AMOUNT:
        places = DIGITS[values["currency"]]
        return reading.amount(cell, places, minor_units=block.unit == FEN, thousands=block.thousands)
    if step.at is None and step.field.reads in (WORD, LABEL, CURRENCY):
        return cell
    return step.read(cell)
