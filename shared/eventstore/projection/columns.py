"""Column types that mean the same on SQLite and PostgreSQL, and what the raw write path needs to know of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z of an aware instant."""
    gap = at - _EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def from_micros(micros: int) -> datetime:
    """The instant, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """An aware instant: timestamptz on PostgreSQL, integer microseconds since 1970 on SQLite."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of a dialect."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """What the driver is given."""
        return value if value is None or dialect.name == "postgresql" else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """What a query returns: UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else from_micros(value)


class Id(TypeDecorator[UUID]):
    """A UUID: uuid on PostgreSQL, 16 raw bytes on SQLite. Rows are written with raw bytes, queries return UUIDs."""

    impl = sa.LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of a dialect."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(sa.LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        """What the driver is given."""
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        """What a query returns."""
        return value if value is None or isinstance(value, UUID) else UUID(bytes=bytes(value))


Row = tuple[Any, ...]
Key = Any
"""The primary key of a row: the bare value for one column, a tuple for several."""

_ENCODE: dict[type[Any], Callable[[Any], Any]] = {
    Instant: to_micros,
    sa.Date: date.isoformat,
    sa.Boolean: int,
}
_DECODE: dict[type[Any], Callable[[Any], Any]] = {
    Instant: from_micros,
    sa.Date: date.fromisoformat,
    sa.Boolean: bool,
}


def _converter(
    table: sa.Table, by_type: dict[type[Any], Callable[[Any], Any]]
) -> Callable[[Row], Row] | None:
    steps = [(i, by_type[type(c.type)]) for i, c in enumerate(table.columns) if type(c.type) in by_type]
    if not steps:
        return None

    def convert(row: Row) -> Row:
        values = list(row)
        for i, step in steps:
            if values[i] is not None:
                values[i] = step(values[i])
        return tuple(values)

    return convert


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as the raw drivers see it. Rows are tuples in column order; `key_of` gives a row's primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    key_of: Callable[[Row], Key]
    pg_types: tuple[str, ...]
    sqlite_encode: Callable[[Row], Row] | None
    sqlite_decode: Callable[[Row], Row] | None

    def type_of(self, column: str) -> str:
        """A column's PostgreSQL type."""
        return self.pg_types[self.columns.index(column)]


def shape_of(table: sa.Table) -> Shape:
    """What the write path needs to know about a table; ValueError when it has no primary key."""
    keys = tuple(c.name for c in table.primary_key.columns)
    if not keys:
        raise ValueError(f"{table.name} has no primary key")
    columns = tuple(c.name for c in table.columns)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = tuple(c.type.dialect_impl(dialect).compile(dialect).lower() for c in table.columns)
    return Shape(
        name=table.name,
        columns=columns,
        key=keys,
        key_of=itemgetter(*(columns.index(name) for name in keys)),
        pg_types=tuple({"timestamp with time zone": "timestamptz"}.get(name, name) for name in types),
        sqlite_encode=_converter(table, _ENCODE),
        sqlite_decode=_converter(table, _DECODE),
    )


def ordered(shape: Shape, rows: Sequence[Row]) -> list[Row]:
    """Rows in key order, so that two writers never lock them crosswise."""
    return sorted(rows, key=shape.key_of)
