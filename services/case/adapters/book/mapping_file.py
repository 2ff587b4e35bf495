"""Reads a mapping from TOML: strictly, so that nothing in it can be misspelled without being told."""

import re
from datetime import date, datetime
from pathlib import Path

from services.case.adapters.book import mapping, reading
from services.case.adapters.book.entities import (
    BY_THE_ROW,
    ENTITY,
    RATE,
    REFERENCE,
    WORD,
    Entity,
    Field,
)
from services.case.adapters.book.file_keys import HEADER_ROW_MAX, csv_form, date_forms, file_path
from services.case.adapters.book.mapping import (
    DELTA,
    FEN,
    FULL,
    YUAN,
    AsOf,
    Block,
    FileShape,
    Mapping,
    MappingUnusable,
    Operation,
)
from services.case.adapters.book.reading import Unreadable
from services.case.adapters.book.strict_table import StrictTable, parsed
from services.case.domain.book.rows import DROP_REASONS, PAID_IN_BOOK, PAID_IN_FILES

FORMAT = "quittance-book/1"
FOOTER_ROWS_MAX = 10
STARS_MAX = 3
_KEPT_AS_IT_IS = ("KEEP", *DROP_REASONS)


class _Defaults:
    """What blocks inherit from the top of the mapping, and the code tables that they can name."""

    def __init__(self, root: StrictTable) -> None:
        self.dates = date_forms(root, ("%Y-%m-%d",))
        self.unit: str = root.text("unit", YUAN, among=(YUAN, FEN))
        self.thousands = root.flag("thousands")
        self.currency: str | None = root.text("currency", None)
        if self.currency is not None:
            _constant(root, "currency", Field("currency", "currency"), self.currency)
        codes = root.table("codes")
        self.tables = {name: codes.pairs(name) for name in codes.names()}
        self.used: set[str] = set()
        self.named = codes.named


def read_mapping(path: Path) -> Mapping:
    """The mapping in the file. Raises MappingUnusable; OSError as `open` does."""
    text = path.read_bytes()
    root = parsed(text)
    root.text("format", among=(FORMAT,))
    lender = root.text("lender")
    _constant(root, "lender", Field("lender", WORD), lender)
    kind = root.text("kind", among=(FULL, DELTA))
    missing = root.text("missing", among=_KEPT_AS_IT_IS) if kind == FULL else "KEEP"
    paid_in = root.text("paid_in", among=(PAID_IN_BOOK, PAID_IN_FILES))
    zone = root.text("zone")
    _constant(root, "zone", Field("zone", "zone"), zone)
    region = root.text("region", "CN")
    if not re.fullmatch("[A-Z]{2}", region):
        raise root.refuse("region", "not-a-region")
    invented, blank = root.flag("invented"), frozenset(root.texts("blank", ()))
    files = {table.key.partition(".")[2]: _file(table) for table in _tables_in(root.table("files"))}
    if not files:
        raise root.refuse("files", "missing")
    defaults = _Defaults(root)
    as_of = _as_of(root, files, defaults)
    blocks = tuple(
        _block(table, entity, files, defaults, kind)
        for entity in ENTITY.values()
        for table in root.tables(entity.name)
    )
    root.done()
    _all_used(root, files, blocks, as_of, defaults)
    return Mapping(
        lender=lender, as_of=as_of, kind=kind, missing=missing, paid_in=paid_in, zone=zone, region=region,
        invented=invented, blank=blank, files=files, blocks=blocks, text=text,
    )  # fmt: skip


def _tables_in(table: StrictTable) -> list[StrictTable]:
    return [table.table(name) for name in table.names()]


def _constant(table: StrictTable, name: str, field: Field, value: str) -> None:
    """Refuse a value that is the same for every row and right for none."""
    try:
        match field.reads:
            case "word":
                reading.word(value, None, field.among)
            case "currency":
                reading.currency(value)
            case "zone":
                reading.zone(value)
            case "label":
                reading.label(value)
            case _:
                reading.reference(value)
    except Unreadable:
        raise table.refuse(name, "not-allowed", allowed=field.among) from None


def _file(table: StrictTable) -> FileShape:
    path = file_path(table)
    form = table.text("format", mapping.CSV, among=(mapping.CSV, mapping.XLSX))
    ignore, optional = table.texts("ignore", ()), table.texts("optional", ())
    shape = FileShape(
        name=table.key.partition(".")[2],
        path=path,
        format=form,
        header_row=table.whole("header_row", 1, least=1, most=HEADER_ROW_MAX),
        footer_rows=table.whole("footer_rows", 0, least=0, most=FOOTER_ROWS_MAX),
        ignore=ignore,
        optional=optional,
        may_be_absent=table.flag("may_be_absent"),
        **(csv_form(table) if form == mapping.CSV else {"sheet": table.text("sheet", None)}),
    )
    table.done()
    return shape


def _as_of(root: StrictTable, files: dict[str, FileShape], defaults: _Defaults) -> date | AsOf:
    found = root.take("as_of")
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    if not isinstance(found, dict):
        raise root.refuse("as_of", "not-a-date", allowed=("2026-01-31", "file+column", "file+pattern"))
    table = StrictTable(found, "as_of")
    file = table.text("file", among=tuple(files))
    column, pattern = table.text("column", None), table.text("pattern", None)
    if (column is None) == (pattern is None):
        raise table.refuse("column", "one-of", allowed=("column", "pattern"))
    if pattern is not None and (
        pattern.count("{day}") != 1 or "/" in pattern or pattern.count("*") > STARS_MAX
    ):
        raise table.refuse("pattern", "not-a-name-with-day", allowed=("loans_{day}.csv",))
    day = AsOf(file=file, column=column, pattern=pattern, dates=date_forms(table, defaults.dates))
    table.done()
    return day


def _block(
    table: StrictTable, entity: Entity, files: dict[str, FileShape], defaults: _Defaults, kind: str
) -> Block:
    fields = {field.name: field for field in entity.fields}
    columns, constants = table.pairs("columns"), table.pairs("constants")
    for name, found in (("columns", columns), ("constants", constants)):
        for field in found:
            if field not in fields:
                raise MappingUnusable(
                    key=f"{table.named(name)}.{field}", wrong="unknown-key", allowed=tuple(fields)
                )
    for name, value in constants.items():
        within = StrictTable({}, table.named("constants"))
        if name in columns:
            raise within.refuse(name, "twice")
        if fields[name].reads in (*BY_THE_ROW, REFERENCE, "date"):
            raise within.refuse(name, "not-allowed")
        _constant(within, name, fields[name], value)
    block = Block(
        key=table.key,
        entity=entity,
        file=table.text("file", among=tuple(files)),
        columns=columns,
        constants=constants,
        made=_made(table, fields, {*columns, *constants}),
        codes=_codes(table, entity, columns, defaults),
        dates=date_forms(table, defaults.dates),
        unit=table.text("unit", defaults.unit, among=(YUAN, FEN)),
        thousands=table.flag("thousands", defaults.thousands),
        currency=defaults.currency,
        rates=_rates(table, entity, columns),
        only_with=table.texts("only_with", ()),
        operation=_operation(table, entity, kind),
        until_is_last_day=table.flag("until_is_last_day"),
    )
    table.done()
    _complete(table, block)
    return block


def _made(table: StrictTable, fields: dict[str, Field], given: set[str]) -> dict[str, tuple[str, ...]]:
    """References put together from columns: `"{借据号}/G"` is the text of that column, then "/G"."""
    found = {}
    for name, template in table.pairs("made").items():
        within = StrictTable({}, table.named("made"))
        if name not in fields or fields[name].reads != REFERENCE:
            references = tuple(one.name for one in fields.values() if one.reads == REFERENCE)
            raise within.refuse(name, "not-allowed", allowed=references)
        if name in given:
            raise within.refuse(name, "twice")
        parts = re.split(r"\{([^{}]+)\}", template)
        if len(parts) == 1 or any("{" in text or "}" in text for text in parts[::2]):
            raise within.refuse(name, "not-a-template", allowed=("{column}-G",))
        found[name] = tuple(parts)
    return found


def _codes(
    table: StrictTable, entity: Entity, columns: dict[str, str], defaults: _Defaults
) -> dict[str, dict[str, str]]:
    """The code table of each coded column: of a name in `[codes]`, all of whose words the field can take."""
    found = {}
    for name, named in table.pairs("codes").items():
        within = StrictTable({}, table.named("codes"))
        field = next((one for one in entity.fields if one.name == name), None)
        if field is None or name not in columns or field.reads not in (WORD, "currency", "label"):
            raise within.refuse(name, "not-a-coded-column")
        if named not in defaults.tables:
            raise within.refuse(name, "no-such-table", allowed=tuple(defaults.tables))
        defaults.used.add(named)
        for code, ours in defaults.tables[named].items():
            _constant(StrictTable({}, defaults.named(named)), code, field, ours)
        found[name] = defaults.tables[named]
    return found


def _rates(table: StrictTable, entity: Entity, columns: dict[str, str]) -> dict[str, str]:
    found = table.pairs("rates")
    rates = tuple(field.name for field in entity.fields if field.reads == RATE)
    for name, unit in found.items():
        if name not in rates or name not in columns:
            raise MappingUnusable(key=f"{table.named('rates')}.{name}", wrong="not-a-rate", allowed=rates)
        if unit not in reading.RATE_UNITS:
            allowed = tuple(reading.RATE_UNITS)
            raise MappingUnusable(key=f"{table.named('rates')}.{name}", wrong="not-allowed", allowed=allowed)
    for name in rates:
        if name in columns and name not in found:
            raise MappingUnusable(key=f"{table.named('rates')}.{name}", wrong="missing")
    return found


def _operation(table: StrictTable, entity: Entity, kind: str) -> Operation | None:
    if "op" not in table.names():
        return None
    within = table.table("op")
    if kind != DELTA or not entity.drops:
        raise table.refuse("op", "not-in-a-full-book" if kind != DELTA else "never-dropped")
    found = Operation(column=within.text("column"), drop=within.texts("drop"), keep=within.texts("keep"))
    within.done()
    if both := set(found.drop) & set(found.keep):
        raise within.refuse("keep", "twice", allowed=tuple(sorted(both)))
    return found


def _complete(table: StrictTable, block: Block) -> None:
    """Refuse a block that could not make one row."""
    if not block.columns and not block.made:
        raise table.refuse("columns", "missing")
    given = {*block.columns, *block.constants, *block.made}
    for field in block.entity.fields:
        if (
            field.key
            and field.name not in given
            and not (block.entity.name == "balances" and field.name == "as_of")
        ):
            raise table.refuse(f"columns.{field.name}", "missing")
        needed = field.needed and not (field.name == "currency" and block.currency)
        if needed and field.name not in given and not (field.name == "as_of" or _only_drops(block)):
            raise table.refuse(f"columns.{field.name}", "missing")
    amounts = [f.name for f in block.entity.fields if f.reads.startswith("amount") and f.name in given]
    if amounts and "currency" not in given and not block.currency:
        raise table.refuse("columns.currency", "missing")
    if block.entity.name == "accounts" and block.operation and "drop_reason" not in given:
        raise table.refuse("columns.drop_reason", "missing")
    if "identity_no" in given and "identity_kind" not in given:
        raise table.refuse("columns.identity_kind", "missing")


def _only_drops(block: Block) -> bool:
    return block.operation is not None and not block.operation.keep


def _all_used(
    root: StrictTable,
    files: dict[str, FileShape],
    blocks: tuple[Block, ...],
    as_of: date | AsOf,
    defaults: _Defaults,
) -> None:
    """Refuse what the mapping declares and never uses: it is a slip, and files would go unread because of it."""
    if not blocks:
        raise root.refuse("parties", "missing", allowed=tuple(ENTITY))
    named = {block.file for block in blocks} | ({as_of.file} if isinstance(as_of, AsOf) else set())
    for name in files:
        if name not in named:
            raise root.refuse(f"files.{name}", "never-used")
    for name in defaults.tables:
        if name not in defaults.used:
            raise root.refuse(f"codes.{name}", "never-used")
