"""DDL: the engine's own two tables, and making, emptying and swapping the tables of views."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.port import Names, ViewTx
from shared.eventstore.projection.view import View

_META = sa.MetaData()

CHECKPOINT = sa.Table(
    "projection_checkpoint",
    _META,
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("epoch", sa.BigInteger, nullable=False, server_default="0"),
)
PARKED = sa.Table(
    "projection_parked",
    _META,
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("stream_id", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="1"),
    sa.Column("parked_at", Instant, nullable=False),
    sa.Index("projection_parked_stream", "projection", "version", "lane", "stream_id"),
)

SHADOW = ".shadow"
"""Added to a projection's name while it is rebuilt beside the live one."""


def _create(table: sa.Table, dialect: Dialect) -> list[str]:
    made = [str(CreateTable(table).compile(dialect=dialect))]
    return made + [str(CreateIndex(index).compile(dialect=dialect)) for index in sorted_indexes(table)]


def sorted_indexes(table: sa.Table) -> list[sa.Index]:
    """The secondary indexes of a table, by name."""
    return sorted(table.indexes, key=lambda index: str(index.name))


def shadow_name(table: str) -> str:
    """Where a rebuild writes what will become `table`."""
    return f"{table}__shadow"


def shadow_names(view: View) -> Names:
    """Logical to physical table names of a rebuild."""
    return {table.name: shadow_name(table.name) for table in view.tables}


async def complete(tx: ViewTx, views: Sequence[View], lanes: Iterable[int]) -> bool:
    """Is everything there that `ensure` would make?"""
    needed = {CHECKPOINT.name, PARKED.name}
    needed |= {table.name for view in views for table in (*view.tables, *view.ephemeral)}
    if not needed <= await tx.tables():
        return False
    standing = await tx.checkpoints(sorted({view.name for view in views}), lock=False)
    held = {(row.name, row.version, row.lane) for row in standing}
    return {(*view.key, lane) for view in views for lane in lanes} <= held


async def ensure(tx: ViewTx, views: Sequence[View], dialect: Dialect, lanes: Iterable[int]) -> list[str]:
    """Make what is missing: the engine's tables, the views' tables, and a checkpoint for every lane.

    A view that lost a table or all its checkpoints starts again from position 0 with empty tables: half a view would
    answer wrongly. Returns the names of the views that start from nothing.
    """
    await tx.lock_tables()
    existing = await tx.tables()
    for table in (CHECKPOINT, PARKED):
        if table.name not in existing:
            for statement in _create(table, dialect):
                await tx.execute(statement)
    held: dict[tuple[str, int], set[int]] = {}
    for row in await tx.checkpoints(sorted({view.name for view in views}), lock=False):
        held.setdefault((row.name, row.version), set()).add(row.lane)
    fresh = []
    for view in views:
        for table in view.ephemeral:
            if table.name not in existing:
                await _make(tx, table, dialect)
        if view.key not in held or any(table.name not in existing for table in view.tables):
            await _start_over(tx, view, dialect, existing)
            held.pop(view.key, None)
            fresh.append(view.name)
        for lane in sorted(set(lanes) - held.get(view.key, set())):
            await tx.set_position(view.key, lane, 0)
    return fresh


async def _start_over(tx: ViewTx, view: View, dialect: Dialect, existing: set[str]) -> None:
    for table in view.tables:
        if table.name in existing:
            await tx.execute(f"DROP TABLE {table.name}")
        await _make(tx, table, dialect)
    await tx.forget(*view.key)


async def _make(tx: ViewTx, table: sa.Table, dialect: Dialect) -> None:
    for statement in _create(table, dialect):
        await tx.execute(statement)


async def make_shadow(tx: ViewTx, view: View, dialect: Dialect) -> None:
    """Empty shadow tables, without secondary indexes (those are made when the rows are in)."""
    for table in view.tables:
        name = shadow_name(table.name)
        await tx.execute(f"DROP TABLE IF EXISTS {name}")
        copy = table.to_metadata(sa.MetaData(), name=name)
        await tx.execute(str(CreateTable(copy).compile(dialect=dialect)))


async def index_shadow(tx: ViewTx, view: View, dialect: Dialect, token: str) -> None:
    """The secondary indexes of the shadow tables; `token` keeps their names apart from the live ones'."""
    for table in view.tables:
        copy = table.to_metadata(sa.MetaData(), name=shadow_name(table.name))
        for index in sorted_indexes(copy):
            index.name = sa.sql.quoted_name(f"{index.name}_{token}", quote=None)
            await tx.execute(str(CreateIndex(index).compile(dialect=dialect)))


async def swap_tables(tx: ViewTx, view: View) -> None:
    """The shadow tables take the place of the live ones, within the caller's transaction."""
    for table in view.tables:
        await tx.execute(f"DROP TABLE IF EXISTS {table.name}")
        await tx.execute(f"ALTER TABLE {shadow_name(table.name)} RENAME TO {table.name}")
