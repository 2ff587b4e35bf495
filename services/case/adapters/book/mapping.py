"""What a mapping says: how one lender's files are read as our rows. Data only; `mapping_file` reads it from TOML."""

from dataclasses import dataclass, field
from datetime import date

from services.case.adapters.book.entities import Entity
from shared.kernel.refusal import Refused

CSV, XLSX = "csv", "xlsx"
ENCODINGS = ("utf-8", "gb18030")
FULL, DELTA = "FULL", "DELTA"
YUAN, FEN = "yuan", "fen"
"""Amounts in the currency's main unit, or in its minor one; the words are meant for every currency."""


class MappingUnusable(Refused):
    """The mapping is not one that a book can be read by, so nothing was read.

    A key that means nothing here is refused, because a misspelled one would silently change what debtors owe. The
    manual page "map a lender's book" lists all of them. Context: `key`, what is `wrong` with it, what is `allowed`,
    or the `line` of the file where it stops to be TOML.
    """

    code = "mapping-unusable"
    title_en = "The mapping cannot be used"
    title_zh = "数据映射文件无法使用"


class BookUnusable(Refused):
    """A file of the delivery cannot be read as the mapping says, so none of it was taken in.

    A single broken row is rejected alone and all others are taken in; here a whole file is missing, is no such file,
    or lacks columns that the mapping names. Context: the `file` as the mapping names it, what is `wrong` with it, and
    the mapping's `columns` that are concerned.
    """

    code = "book-unusable"
    title_en = "A file cannot be read as the mapping says"
    title_zh = "交付文件无法按映射读取"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShape:
    """One file of a delivery, or several alike: `path` may be a pattern (`instalments_*.csv`) below the folder.

    `header_row` counts from 1; the last `footer_rows` are totals and no rows. `ignore`: columns that are knowingly not
    taken in. `optional`: columns that the mapping uses and that may be absent. `may_be_absent`: the delivery is
    complete without the file.
    """

    name: str
    path: str
    format: str = CSV
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str | None = None
    header_row: int = 1
    footer_rows: int = 0
    ignore: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    may_be_absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The column of a delta that says what became of a row: one of `drop` (it is gone) or of `keep`."""

    column: str
    drop: tuple[str, ...]
    keep: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of one entity out of one file. `key`: where it stands in the mapping, such as `points[2]`.

    `columns` and `constants` by our field. `made`: references put together, texts and columns in turn, a text first.
    `only_with`: the block has nothing to say of a line where all of these
    columns are blank. `until_is_last_day`: the lender's end of a period is its last day, ours the day after.
    """

    key: str
    entity: Entity
    file: str
    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    made: dict[str, tuple[str, ...]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...]
    unit: str
    thousands: bool
    currency: str | None
    rates: dict[str, str] = field(default_factory=dict)
    only_with: tuple[str, ...] = ()
    operation: Operation | None = None
    until_is_last_day: bool = False

    @property
    def needed_columns(self) -> set[str]:
        """The columns that a header must have for the block, whatever the file's mapping calls optional."""
        needed = {one.name for one in self.entity.fields if one.needed}
        found = {*self.only_with, *(column for parts in self.made.values() for column in parts[1::2])}
        if self.operation is not None:
            found.add(self.operation.column)
        return found | {column for name, column in self.columns.items() if name in needed}


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """Where the day of the delivery is found: where `{day}` stands in the `pattern` of the `file`'s name, or in its
    `column`."""

    file: str
    dates: tuple[str, ...]
    pattern: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A whole mapping; `text` is the file as it stands, for the delivery's fingerprint."""

    lender: str
    as_of: date | AsOf
    kind: str
    missing: str
    paid_in: str
    zone: str
    region: str
    invented: bool
    blank: frozenset[str]
    files: dict[str, FileShape]
    blocks: tuple[Block, ...]
    text: bytes
