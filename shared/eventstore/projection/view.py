"""What a view is: a name, a version, tables, and how one event changes them.

`apply` is pure but for the working set it is given: no I/O, no clock, nothing kept between calls. A row depends on
the events of one stream only, because streams are parked one by one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from shared.eventstore.projection.columns import Key, Row, Shape, shape_of

Change = tuple[dict[Key, Row | None], Key, Row | None, bool]


class Working:
    """The rows a page works on: what was loaded, what became of them, and what is new.

    `get` sees only keys that the view's `wants` named (any other is as good as absent); `put` and `drop` need none.
    Rows are tuples in column order and frozen: to change one, put another.
    """

    def __init__(self, tables: Iterable[str]) -> None:
        names = tuple(tables)
        self.loaded: dict[str, dict[Key, Row]] = {name: {} for name in names}
        self.changed: dict[str, dict[Key, Row | None]] = {name: {} for name in names}
        self.added: dict[str, list[Row]] = {name: [] for name in names}
        self._journal: list[Change] | None = None
        self._added_before: dict[str, int] = {}

    def get(self, table: sa.Table, key: Key) -> Row | None:
        """The row as the page has left it so far, None where there is none."""
        changed = self.changed[table.name]
        return changed[key] if key in changed else self.loaded[table.name].get(key)

    def put(self, table: sa.Table, key: Key, row: Row) -> None:
        """Insert or replace the row of this primary key."""
        self._change(self.changed[table.name], key, row)

    def drop(self, table: sa.Table, key: Key) -> None:
        """Delete the row of this primary key, if there is one."""
        self._change(self.changed[table.name], key, None)

    def add(self, table: sa.Table, row: Row) -> None:
        """Insert a row whose key no event has used: the fast way for append-only tables."""
        self.added[table.name].append(row)

    def _change(self, changed: dict[Key, Row | None], key: Key, row: Row | None) -> None:
        if self._journal is not None:
            self._journal.append((changed, key, changed.get(key), key in changed))
        changed[key] = row

    def mark(self) -> None:
        """From here on, `undo` can take changes back."""
        self._journal = []
        self._added_before = {name: len(rows) for name, rows in self.added.items()}

    def undo(self) -> None:
        """Forget everything since `mark`."""
        for changed, key, before, was_there in reversed(self._journal or ()):
            if was_there:
                changed[key] = before
            else:
                del changed[key]
        for name, length in self._added_before.items():
            del self.added[name][length:]


def wants_nothing(_seen: Any) -> Iterable[tuple[str, Key]]:
    """For a view that never reads its own rows."""
    return ()


@dataclass(frozen=True)
class View:
    """One question, answered by tables of its own.

    `apply(seen, rows)` gets a `Recorded`, or the envelope `Row` when `opens` is False (nothing is decrypted then).
    `wants(seen)` names (table, key) of the rows that `apply` will `get`; such tables have a one-column key.
    `ephemeral` tables are made with the others but hold no facts: never folded, rebuilt or swapped.
    A change to a table or to `apply` is a new `version`, which is part of every table's name.
    """

    name: str
    version: int
    tables: tuple[sa.Table, ...]
    apply: Callable[[Any, Working], None]
    wants: Callable[[Any], Iterable[tuple[str, Key]]] = wants_nothing
    opens: bool = True
    ephemeral: tuple[sa.Table, ...] = ()
    streams: tuple[str, ...] = field(default=())
    """The stream categories (`case`) it looks at; empty: all. Events of other streams are passed over unread."""
    types: frozenset[str] = frozenset()
    """The stored types (`case.PromiseToPay`: every version of it) it looks at; empty: all.

    Events of other types are passed over unopened; the view's position moves over them all the same.
    """

    def __post_init__(self) -> None:
        if any("/" in name for name in self.types):
            raise ValueError(f"{self.name} names a version of a type; it sees every version")
        for table in (*self.tables, *self.ephemeral):
            if not table.name.endswith(f"_v{self.version}"):
                raise ValueError(f"table {table.name} does not carry the view's version {self.version}")

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """The shape of each folded table, by its name."""
        return {table.name: shape_of(table) for table in self.tables}

    @property
    def key(self) -> tuple[str, int]:
        """How checkpoints know it."""
        return (self.name, self.version)

    def working(self) -> Working:
        """An empty working set."""
        return Working(table.name for table in self.tables)
