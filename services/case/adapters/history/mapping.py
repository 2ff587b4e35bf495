"""How a delivery of history is to be read: a mapping in TOML, read as strictly as the mapping of a book.

format = "quittance-history/1"
go_live = 2026-11-01                 # the first day that is ours
zone = "Asia/Shanghai"
currency = "CNY"                     # where no column says it
origin = "OLD_SYSTEM"                # who says it, where no column does
evidence = "SYSTEM_LOG"              # what it rests on, likewise
[files.calls]
path = "calls.csv"
[[attempts]]
file = "calls"
columns = { debtor_ref = "cust", ref = "id", at = "time", channel = "kind", outcome = "result" }
constants = { actor_kind = "COLLECTOR" }
codes = { outcome = "results" }
[codes.results]
"01" = "RIGHT_PARTY"
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.case.adapters.book import reading
from services.case.adapters.book.file_keys import HEADER_ROW_MAX, csv_form, date_forms, file_path
from services.case.adapters.book.mapping import CSV, FEN, XLSX, YUAN, FileShape, MappingUnusable
from services.case.adapters.book.reading import Unreadable
from services.case.adapters.book.strict_table import StrictTable, parsed
from services.case.adapters.history.entities import CODED, CURRENCY, ENTITY, WORD, Entity, Field
from services.case.domain.history.evidence import GRADES
from services.case.domain.hold import KINDS

FORMAT = "quittance-history/1"
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")
_AMONG = {"evidence": tuple(GRADES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of one entity out of one file; `columns`, `constants` and `codes` by our field."""

    key: str
    entity: Entity
    file: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...]
    times: tuple[str, ...]
    unit: str
    thousands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryMapping:
    """A whole mapping; `text` is the file as it stands."""

    go_live: date
    zone: str
    blank: frozenset[str]
    files: dict[str, FileShape]
    blocks: tuple[Block, ...]
    text: bytes


class _Defaults:
    """What blocks inherit from the top of the mapping, and the code tables that they can name."""

    def __init__(self, root: StrictTable) -> None:
        self.dates, self.times = date_forms(root, ("%Y-%m-%d",)), _times(root, TIMES)
        self.unit: str = root.text("unit", YUAN, among=(YUAN, FEN))
        self.thousands = root.flag("thousands")
        self.constants: dict[str, str] = {}
        for name, reads in (("currency", CURRENCY), ("origin", WORD), ("evidence", WORD)):
            value = root.text(name, None)
            if value is not None:
                constant(root, name, Field(name, reads), value)
                self.constants[name] = value
        codes = root.table("codes")
        self.tables = {name: codes.pairs(name) for name in codes.names()}
        self.used: set[str] = set()


def read_mapping(text: bytes) -> HistoryMapping:
    """The mapping that the text is. Raises MappingUnusable."""
    root = parsed(text)
    root.text("format", among=(FORMAT,))
    go_live = root.take("go_live")
    if not isinstance(go_live, date) or isinstance(go_live, datetime):
        raise root.refuse("go_live", "not-a-date", allowed=("2026-11-01",))
    zone = root.text("zone")
    try:
        reading.zone(zone)
    except Unreadable:
        raise root.refuse("zone", "not-allowed") from None
    blank = frozenset(root.texts("blank", ()))
    tables = root.table("files")
    files = {name: _file(tables.table(name), name) for name in tables.names()}
    if not files:
        raise root.refuse("files", "missing")
    defaults = _Defaults(root)
    blocks = tuple(
        _block(table, entity, files, defaults)
        for entity in ENTITY.values()
        for table in root.tables(entity.name)
    )
    root.done()
    if not blocks:
        raise root.refuse("attempts", "missing", allowed=tuple(ENTITY))
    for name in files:
        if all(block.file != name for block in blocks):
            raise root.refuse(f"files.{name}", "never-used")
    for name in defaults.tables:
        if name not in defaults.used:
            raise root.refuse(f"codes.{name}", "never-used")
    return HistoryMapping(go_live=go_live, zone=zone, blank=blank, files=files, blocks=blocks, text=text)


def _file(table: StrictTable, name: str) -> FileShape:
    path = file_path(table)
    form = table.text("format", CSV, among=(CSV, XLSX))
    own: dict[str, Any] = {"sheet": table.text("sheet", None)} if form == XLSX else csv_form(table)
    shape = FileShape(
        name=name, path=path, format=form, ignore=table.texts("ignore", ()),
        header_row=table.whole("header_row", 1, least=1, most=HEADER_ROW_MAX),
        may_be_absent=table.flag("may_be_absent"), **own,
    )  # fmt: skip
    table.done()
    return shape


def _times(table: StrictTable, default: tuple[str, ...]) -> tuple[str, ...]:
    forms: tuple[str, ...] = table.texts("times", default)
    for form in forms:
        if re.sub(r"%[YmdHMS]", "", form).find("%") >= 0 or not {"%Y", "%m", "%d", "%H", "%M"} <= set(
            re.findall(r"%.", form)
        ):
            raise table.refuse("times", "not-a-time-form", allowed=("%Y", "%m", "%d", "%H", "%M", "%S"))
    if not forms:
        raise table.refuse("times", "missing")
    return forms


def _block(table: StrictTable, entity: Entity, files: dict[str, FileShape], defaults: _Defaults) -> Block:
    fields = {one.name: one for one in entity.fields}
    columns, given = table.pairs("columns"), table.pairs("constants")
    for name, found in (("columns", columns), ("constants", given)):
        for one in found:
            if one not in fields:
                key = f"{table.named(name)}.{one}"
                raise MappingUnusable(key=key, wrong="unknown-key", allowed=tuple(fields))
    for one, value in given.items():
        within = StrictTable({}, table.named("constants"))
        if one in columns:
            raise within.refuse(one, "twice")
        if fields[one].reads not in CODED:
            raise within.refuse(one, "not-allowed")
        constant(within, one, fields[one], value)
    own = {
        name: value for name, value in defaults.constants.items() if name in fields and name not in columns
    }
    for needed in entity.fields:
        if needed.needed and needed.name not in {*columns, *own, *given}:
            raise table.refuse(f"columns.{needed.name}", "missing")
    block = Block(
        key=table.key, entity=entity, file=table.text("file", among=tuple(files)), columns=columns,
        constants={**own, **given}, codes=_codes(table, fields, columns, defaults),
        dates=date_forms(table, defaults.dates), times=_times(table, defaults.times),
        unit=table.text("unit", defaults.unit, among=(YUAN, FEN)),
        thousands=table.flag("thousands", defaults.thousands),
    )  # fmt: skip
    table.done()
    return block


def _codes(
    table: StrictTable, fields: Mapping[str, Field], columns: Mapping[str, str], defaults: _Defaults
) -> dict[str, Mapping[str, str]]:
    """The code table of each coded column: of a name in `[codes]`, all of whose words the field can take."""
    found: dict[str, Mapping[str, str]] = {}
    for name, named in table.pairs("codes").items():
        within = StrictTable({}, table.named("codes"))
        if name not in columns or fields[name].reads not in CODED:
            raise within.refuse(name, "not-a-coded-column")
        if named not in defaults.tables:
            raise within.refuse(name, "no-such-table", allowed=tuple(defaults.tables))
        defaults.used.add(named)
        for code, ours in defaults.tables[named].items():
            constant(StrictTable({}, f"codes.{named}"), code, fields[name], ours)
        found[name] = defaults.tables[named]
    return found


def among(one: Field) -> tuple[str, ...]:
    """The closed list of a field, empty where it has none."""
    if one.among:
        return one.among
    return KINDS if one.name == "kind" else _AMONG.get(one.name, ())


def constant(table: StrictTable, name: str, one: Field, value: str) -> None:
    """Refuse a value that is the same for every row and right for none."""
    try:
        if one.reads == WORD:
            reading.word(value, None, among(one))
        elif one.reads == CURRENCY:
            reading.currency(value)
        else:
            reading.label(value)
    except Unreadable:
        raise table.refuse(name, "not-allowed", allowed=among(one)) from None
