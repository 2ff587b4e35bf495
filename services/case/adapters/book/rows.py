"""Makes rows of one block out of a table's cells: what a mapping says of an entity, laid over one header."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from services.case.adapters.book import numbers, reading
from services.case.adapters.book.cells import Cell
from services.case.adapters.book.entities import (
    AMOUNT_OWED,
    CURRENCY,
    DATE,
    LABEL,
    REFERENCE,
    TEXT,
    WHOLE,
    WORD,
    ZONE,
    Field,
)
from services.case.adapters.book.mapping import FEN, Block
from services.case.adapters.book.reading import Unreadable
from services.case.application.book_reasons import BAD_TEXT, DATE_ORDER, MISSING_VALUE, UNMAPPED_CODE
from services.case.application.book_source import BookReject
from services.case.domain.book.rows import BookRow, BookTerms
from shared.kernel.currency import DIGITS

Values = dict[str, Any]
"""What has been read of a row so far, by our field: some fields are read in the light of earlier ones."""
Read = Callable[[str, Values], Any]

_NOT_AFTER = {
    "parties": (("birth_on", None),),
    "accounts": (("opened_on", None),),
    "roles": (("from", "until"),),
    "instalments": (("paid_on", None),),
    "balances": (("as_of", None),),
    "collateral": (("valued_on", None),),
}
"""Dates that must not lie after another of the row, or after the day of the delivery (None)."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How telephone numbers and e-mail addresses of a book are read; shared by all its blocks."""

    phone: numbers.Read
    email: numbers.Read
    invented: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """One field of a row: where its cell stands (None: `value` is the same for every row), and how it is read.

    `parts`: texts and places of cells in turn, of which it is put together.
    """

    field: Field
    at: int | None
    read: Read
    value: Any = None
    parts: tuple[str | int, ...] = ()


@dataclass(slots=True)
class RowMaker:
    """Makes rows of one block; `codes_met` are the mapping's codes that occurred, by field."""

    block: Block
    terms: BookTerms
    blank: frozenset[str]
    steps: tuple[_Step, ...]
    only_with: tuple[int, ...]
    operation_at: int | None
    taken: int = 0
    codes_met: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, block: Block, header: list[str], *, terms: BookTerms, blank: frozenset[str], reads: Numbers
    ) -> "RowMaker":
        """The maker for files of one header, in which every column that the block needs is known to stand."""
        maker = cls(block, terms, blank, (), (), None)
        maker.only_with = tuple(header.index(column) for column in block.only_with)
        if block.operation is not None:
            maker.operation_at = header.index(block.operation.column)
        maker.steps = tuple(maker._steps(header, reads))
        return maker

    def make(self, cells: list[Cell]) -> tuple[str | None, BookRow | BookReject] | None:
        """The row's key, as far as it can be told, and the row or why it is none; None where the block says nothing.

        Of a row that a delta drops only its keys are read: what else stands in it may be broken or blank.
        """
        if self.only_with and not any(self._holds(cells[at]) for at in self.only_with):
            return None
        key: str | None = None
        name = self.steps[0].field.name
        try:
            values: Values = {}
            key = values[name] = self._value(self.steps[0], cells, values)
            name = "op"
            dropped = self.operation_at is not None and self._drops(cells[self.operation_at])
            for step in self.steps[1:]:
                name = step.field.name
                if not dropped or step.field.key or name == "drop_reason":
                    values[name] = step.value if step.at is None else self._value(step, cells, values)
            return key, self._dropped(values) if dropped else self._row(values)
        except Unreadable as why:
            return key, BookReject(why.reason, why.field or name)

    def _steps(self, header: list[str], reads: Numbers) -> "list[_Step]":
        """A step for every field that the mapping fills and this header has, in the order of judgement."""
        block, steps = self.block, []
        for one in block.entity.fields:
            read = self._reader(one, reads)
            column = block.columns.get(one.name)
            if one.name in block.constants:
                steps.append(_Step(one, None, read, read(block.constants[one.name], {})))
            elif one.name in block.made:
                parts = [header.index(p) if at % 2 else p for at, p in enumerate(block.made[one.name])]
                steps.append(_Step(one, -1, read, parts=tuple(parts)))
            elif column in header:
                steps.append(_Step(one, header.index(column), read))
            elif one.name == "currency" and block.currency is not None:
                steps.append(_Step(one, None, read, block.currency))
            elif one.name == "lender":
                steps.append(_Step(one, None, read, self.terms.lender))
            elif one.name == "as_of":
                steps.append(_Step(one, None, read, self.terms.as_of))
        return steps

    def _value(self, step: _Step, cells: list[Cell], values: Values) -> Any:
        assert step.at is not None, "a step without a cell has its value"
        cell = self._made_of(step.parts, cells) if step.parts else cells[step.at]
        if isinstance(cell, str):
            if cell and cell not in self.blank:
                return step.read(cell, values)
            if step.field.name == "currency" and self.block.currency is not None:
                return self.block.currency
            if step.field.needed:
                raise Unreadable(MISSING_VALUE)
            return None
        if isinstance(cell, date) and step.field.reads == DATE:
            return reading.in_range(cell)
        raise Unreadable(BAD_TEXT)

    def _made_of(self, parts: tuple[str | int, ...], cells: list[Cell]) -> str:
        """The parts together; blank as soon as one of the cells is."""
        found = [part if isinstance(part, str) else cells[part] for part in parts]
        if not all(isinstance(part, str) for part in found):
            raise Unreadable(BAD_TEXT)
        blank = any(not self._holds(cells[part]) for part in parts if isinstance(part, int))
        return "" if blank else "".join(str(part) for part in found)

    def _holds(self, cell: Cell) -> bool:
        return cell != "" and cell not in self.blank

    def _drops(self, cell: Cell) -> bool:
        operation = self.block.operation
        assert operation is not None, "only asked where a block has the column"
        if cell in operation.drop or cell in operation.keep:
            return cell in operation.drop
        raise Unreadable(UNMAPPED_CODE)

    def _dropped(self, values: Values) -> BookRow:
        """The row of something that is gone; what an account is gone for must be said."""
        entity = self.block.entity
        if entity.name == "accounts" and values.get("drop_reason") is None:
            raise Unreadable(MISSING_VALUE)
        values = {**_OF_A_DROPPED.get(entity.name, {}), **values, "dropped": True}
        if entity.name == "instalments":
            values["due_on"] = self.terms.as_of
        return self._made(values)

    def _row(self, values: Values) -> BookRow:
        """The row, once all its fields are read. Raises Unreadable where they contradict each other."""
        entity = self.block.entity.name
        if self.block.until_is_last_day and values.get("until"):
            values["until"] += timedelta(days=1)
        for earlier, later in _NOT_AFTER.get(entity, ()):
            start, end = values.get(earlier), values.get(later) if later else self.terms.as_of
            if start and end and (start > end or (later and start == end)):
                raise Unreadable(DATE_ORDER, later or earlier)
        if entity == "points" and values["medium"] == "PHONE" and values.get("zone") is None:
            values["zone"] = numbers.zone_of(values["value"])
        if entity == "accounts":
            values["drop_reason"] = None
        return self._made(values)

    def _made(self, values: Values) -> BookRow:
        given = {_ATTRIBUTE.get(name, name): found for name, found in values.items() if found is not None}
        row: BookRow = self.block.entity.row(**given)
        return row

    def _reader(self, one: Field, reads: Numbers) -> Read:
        """How a field's text becomes its value."""
        block, table = self.block, self.block.codes.get(one.name)
        met = self.codes_met.setdefault(one.name, set()) if table is not None else set()
        match one.reads:
            case "word" | "label" | "currency":
                return _coded(one, table, met)
            case "amount" | "amount-owed":
                return _amounts(block, owed=one.reads == AMOUNT_OWED)
            case "rate":
                unit = block.rates.get(one.name, "ppm")
                return lambda cell, _: reading.rate(cell, unit)
            case "identity":
                return lambda cell, values: numbers.identity(
                    cell, values.get("identity_kind"), invented=reads.invented
                )
            case "point-value":
                return _points(reads)
            case "date":
                read = reading.dates(block.dates)
                return lambda cell, _: read(cell)
            case _:
                plain = _PLAIN[one.reads]
                return lambda cell, _: plain(cell)


_ATTRIBUTE = {"from": "from_"}
_OF_A_DROPPED: Mapping[str, Mapping[str, str]] = {
    "accounts": {"debtor_ref": "", "product": "", "currency": ""},
    "points": {"value": "", "source": ""},
    "collateral": {"kind": ""},
}
_PLAIN: Mapping[str, Callable[[str], Any]] = {
    REFERENCE: reading.reference, TEXT: reading.text, ZONE: reading.zone, WHOLE: reading.whole,
}  # fmt: skip


def _coded(one: Field, table: Mapping[str, str] | None, met: set[str]) -> Read:
    def read(cell: str, _: Values) -> str:
        if table is not None:
            if cell not in table:
                raise Unreadable(UNMAPPED_CODE)
            met.add(cell)
            cell = table[cell]
        if one.reads == WORD:
            return reading.word(cell, None, one.among)
        if one.reads == LABEL:
            return reading.point_label(cell) if one.name == "label" else reading.label(cell)
        return reading.currency(cell)

    return read


def _amounts(block: Block, *, owed: bool) -> Read:
    minor_units, thousands = block.unit == FEN, block.thousands

    def read(cell: str, values: Values) -> int:
        currency = values.get(CURRENCY)
        if currency is None:
            raise Unreadable(MISSING_VALUE)
        minor = reading.amount(cell, DIGITS[currency], minor_units=minor_units, thousands=thousands)
        return reading.not_negative(minor) if owed else minor

    return read


def _points(reads: Numbers) -> Read:
    """A telephone number, an e-mail address, or another text, by the row's medium."""

    def read(cell: str, values: Values) -> str:
        match values.get("medium"):
            case "PHONE":
                return reads.phone(cell)
            case "EMAIL":
                return reads.email(cell)
            case _:
                return reading.text(cell)

    return read
