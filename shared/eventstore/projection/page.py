"""One page of one lane: rows with their opened events, and what a view makes of them.

An event that a view cannot apply (or that cannot be opened) parks its stream in that view: later events of the
stream wait behind it, all others go on. The fast fold keeps no journal; only a page with a fault is folded again,
event by event.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shared.eventstore.port import Row as LedgerRow
from shared.eventstore.port import StoreUnavailable
from shared.eventstore.projection.columns import Key, ordered
from shared.eventstore.projection.port import Names, Source, ViewTx
from shared.eventstore.projection.view import View, Working, wants_nothing

_PASSING = (OSError, StoreUnavailable)
"""Faults of the moment, not of an event: the page is read again, nothing is parked."""


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Stands where an event could not be opened; `error` is the class of the fault."""

    row: LedgerRow
    error: str


class CannotOpen(Exception):
    """Raised inside a fold for an Undecodable."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one lane in position order, and beside each its opened event (None where no view wants it)."""

    rows: Sequence[LedgerRow]
    opened: Sequence[Any]

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.rows[-1].position

    def halves(self) -> tuple["Page", "Page"]:
        """The page in two, for finding the event that the database refuses."""
        middle = len(self.rows) // 2
        return (
            Page(self.rows[:middle], self.opened[:middle]),
            Page(self.rows[middle:], self.opened[middle:]),
        )

    def seen_by(self, view: View, parked: Collection[str]) -> Sequence[Any]:
        """What `apply` gets, in order: the view's types and streams, those that are not parked."""
        seen: Sequence[Any] = self.opened if view.opens else self.rows
        rows, types = self.rows, view.types
        if types:
            some = [i for i, row in enumerate(rows) if row.type in types]
            seen, rows = [seen[i] for i in some], [rows[i] for i in some]
        if view.streams:
            ours = tuple(f"{category}-" for category in view.streams)
            seen = [one for one, row in zip(seen, rows, strict=True) if row.stream_id.startswith(ours)]
        return [one for one in seen if row_of(one).stream_id not in parked] if parked else seen


def row_of(seen: Any) -> LedgerRow:
    """The envelope of what a view sees."""
    row: LedgerRow = seen if isinstance(seen, LedgerRow) else seen.row
    return row


Wanted: TypeAlias = frozenset[tuple[str, str]] | None
"""(stream category, stored type) of what some view wants opened, an empty word for any; None for all there is."""


def wanted_by(views: Iterable[View]) -> Wanted:
    """What these views together want opened."""
    wanted = {
        (category, kind)
        for view in views
        if view.opens
        for category in view.streams or ("",)
        for kind in view.types or ("",)
    }
    return None if ("", "") in wanted else frozenset(wanted)


def _chosen(rows: Sequence[LedgerRow], wanted: Wanted) -> list[int]:
    """The places of the rows that are wanted."""
    if wanted is None:
        return list(range(len(rows)))
    whole = tuple(f"{category}-" for category, kind in wanted if not kind)
    typed: dict[str, tuple[str, ...]] = {}
    for category, kind in wanted:
        typed[kind] = (*typed.get(kind, ()), f"{category}-" if category else "")
    return [
        i
        for i, row in enumerate(rows)
        if row.stream_id.startswith(whole) or row.stream_id.startswith(typed.get(row.type, ()))
    ]


async def open_page(source: Source, rows: Sequence[LedgerRow], wanted: Wanted) -> Page:
    """Open what is wanted, in bulk; one by one only when something in the page cannot be opened."""
    chosen = _chosen(rows, wanted)
    opened: list[Any] = [None] * len(rows)
    some = rows if len(chosen) == len(rows) else [rows[i] for i in chosen]
    try:
        events = await source.opened(some) if some else []
    except _PASSING:
        raise
    except Exception:
        events = [await _open_one(source, row) for row in some]
    for i, event in zip(chosen, events, strict=True):
        opened[i] = event
    return Page(rows, opened)


async def _open_one(source: Source, row: LedgerRow) -> Any:
    try:
        return (await source.opened([row]))[0]
    except _PASSING:
        raise
    except Exception as problem:
        return Undecodable(row, type(problem).__name__)


@dataclass(slots=True)
class Folded:
    """What a page makes of a view: rows to write, and the streams that stop here with (row, error class)."""

    working: Working
    faults: list[tuple[LedgerRow, str]] = field(default_factory=list)


async def fold(view: View, page: Page, *, parked: Collection[str], tx: ViewTx, names: Names) -> Folded:
    """Load the rows the view wants, then apply the page."""
    seen = page.seen_by(view, parked)
    loaded = await _load(view, seen, tx, names)
    try:
        return Folded(_fold_fast(view, seen, loaded))
    except Exception:  # a fault of one event must not stop the others: fold again, watching
        return _fold_watching(view, seen, loaded)


async def _load(view: View, seen: Sequence[Any], tx: ViewTx, names: Names) -> dict[str, dict[Key, Any]]:
    if view.wants is wants_nothing:
        return {}
    keys: dict[str, set[Key]] = {}
    wants = view.wants
    for event in seen:
        if type(event) is not Undecodable:
            for table, key in wants(event):
                keys.setdefault(table, set()).add(key)
    return {
        table: await tx.load(view.shapes[table], names.get(table, table), sorted(some))
        for table, some in keys.items()
    }


def _fold_fast(view: View, seen: Sequence[Any], loaded: dict[str, dict[Key, Any]]) -> Working:
    working = view.working()
    working.loaded.update(loaded)
    apply = view.apply
    for event in seen:
        if type(event) is Undecodable:
            raise CannotOpen(event.error)
        apply(event, working)
    return working


def _fold_watching(view: View, seen: Sequence[Any], loaded: dict[str, dict[Key, Any]]) -> Folded:
    folded = Folded(view.working())
    folded.working.loaded.update(loaded)
    stopped: set[str] = set()
    for event in seen:
        row = row_of(event)
        if row.stream_id in stopped:
            continue
        folded.working.mark()
        try:
            if isinstance(event, Undecodable):
                raise CannotOpen(event.error)
            view.apply(event, folded.working)
        except Exception as problem:  # the worker's outer loop over events (house-style 8.8): park, go on
            folded.working.undo()
            stopped.add(row.stream_id)
            folded.faults.append(
                (row, event.error if isinstance(event, Undecodable) else type(problem).__name__)
            )
    return folded


async def write(view: View, working: Working, *, tx: ViewTx, names: Names) -> None:
    """Write what a fold left, tables in order, rows in key order. Raises Unwritable."""
    for table, shape in view.shapes.items():
        name = names.get(table, table)
        changed = working.changed[table]
        gone = sorted(key for key, row in changed.items() if row is None)
        kept = [row for row in changed.values() if row is not None]
        if gone:
            await tx.delete(shape, name, gone)
        if kept:
            await tx.upsert(shape, name, ordered(shape, kept))
        if working.added[table]:
            await tx.insert(shape, name, working.added[table])
