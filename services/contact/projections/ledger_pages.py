"""What the lists of the contact service share: their first columns, what stood earlier, and pages newest first.

A row is what the record has now; what it had before is kept beside it with the span in which it stood, so that a list
can be read as it was known at a time, or as it was at the position it was begun at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

import sqlalchemy as sa

from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin, within
from shared.eventstore.projection.view import Working
from shared.eventstore.recorded import Recorded

PAGE_MAX = 500
After: TypeAlias = tuple[datetime, str]
"""Where the last page ended: the instant its last row is sorted by, and that row's thing."""
SUBJECT = "subject"
"""The category of the streams that the views look at."""


def stored(*kinds: type) -> frozenset[str]:
    """The stored types of these events."""
    return frozenset(f"contact.{kind.__name__}" for kind in kinds)


def instant(at: datetime | None) -> str | None:
    """An instant as answers show it: UTC, RFC 3339."""
    return None if at is None else at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def placed() -> list[sa.Column[Any]]:
    """The columns every row begins with; `made_at`: the position in the lane of the event that made it so."""
    return [
        sa.Column("thing", sa.Text, primary_key=True),
        sa.Column("lane", sa.SmallInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
    ]


def newest_first(
    query: sa.Select[Any], columns: Any, *, after: After | None, limit: int, pin: Pin | None
) -> sa.Select[Any]:
    """The query's rows by (at, thing), the latest first, those behind the cursor and within the pin."""
    if after is not None:
        at, last = after
        query = query.where(columns.at <= at, (columns.at < at) | (columns.thing < last))
    query = query.where(*within(pin, lane=columns.lane, position=columns.made_at))
    return query.order_by(columns.at.desc(), columns.thing.desc()).limit(min(limit, PAGE_MAX))


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of rows as they are, and one of rows as they were.

    Rows begin with `placed()` and end with `said_at` (when the record came to say so) and `version` (of the event in
    its stream); of rows that were, `until` (exclusive) and `until_made` are when and where the next was recorded.
    """

    now: sa.Table
    before: sa.Table

    def lay(self, rows: Working, row: Sequence[Any], seen: Recorded[Any]) -> None:
        """The row as `seen` leaves it, less its last two columns; what stood until now is laid aside."""
        key = row[0]
        found = rows.get(self.now, key)
        if found is not None:
            rows.add(self.before, (*found, seen.recorded_at, seen.position))
        said = (key, seen.lane, seen.position, *row[3:], seen.recorded_at, seen.version)
        rows.put(self.now, key, said)

    def lift(self, rows: Working, key: str, seen: Recorded[Any]) -> None:
        """The row is gone from here on; what stood until now is laid aside."""
        found = rows.get(self.now, key)
        if found is not None:
            rows.add(self.before, (*found, seen.recorded_at, seen.position))
            rows.drop(self.now, key)

    def page(
        self,
        connection: sa.Connection,
        wanted: dict[str, object],
        *,
        from_: datetime | None,
        until: datetime | None,
        known_at: datetime | None,
        after: After | None,
        limit: int,
        pin: Pin | None,
    ) -> list[Any]:
        """Rows with these column values (None: any; PRESENT, ABSENT, Holds), the latest first, at most PAGE_MAX.

        `from_` up to and not including `until` is of `at`. `known_at`: as the record had them up to and including
        then. `pin`: as the view had them there.
        """
        then = known_at is not None or pin is not None
        selects = []
        for table in (self.now, self.before) if then else (self.now,):
            columns = table.c
            some = sa.select(*(columns[column.name] for column in self.now.c)).where(*_named(columns, wanted))
            some = some if from_ is None else some.where(columns.at >= from_)
            some = some if until is None else some.where(columns.at < until)
            some = some if known_at is None else some.where(columns.said_at <= known_at)
            selects.append(some.where(*self._stood(known_at, pin)) if table is self.before else some)
        if not then:
            query = newest_first(selects[0], self.now.c, after=after, limit=limit, pin=None)
        else:
            union = sa.union_all(*selects).subquery()
            query = newest_first(sa.select(union), union.c, after=after, limit=limit, pin=pin)
        return list(connection.execute(query))

    def _stood(self, known_at: datetime | None, pin: Pin | None) -> list[sa.ColumnElement[bool]]:
        """What was said before stood then if the next was not recorded by `known_at`, and lies behind the pin."""
        columns = self.before.c
        found: list[sa.ColumnElement[bool]] = []
        if known_at is not None:
            found.append(columns.until > known_at)
        if pin is not None:
            found.append(sa.not_(sa.and_(*within(pin, lane=columns.lane, position=columns.until_made))))
        return [sa.or_(*found)] if found else []


PRESENT, ABSENT = object(), object()
"""Asked of a column: that it holds something; that it holds nothing."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Asked of a column of words separated by blanks: that this is one of them."""

    word: str


def _named(columns: Any, wanted: dict[str, object]) -> list[sa.ColumnElement[bool]]:
    return [_asked(columns[name], value) for name, value in wanted.items() if value is not None]


def _asked(column: Any, value: object) -> sa.ColumnElement[bool]:
    if value is PRESENT:
        found = column.is_not(None)
    elif value is ABSENT:
        found = column.is_(None)
    elif isinstance(value, Holds):
        found = (sa.literal(" ") + column + " ").contains(f" {value.word} ", autoescape=True)
    else:
        found = column == value
    return cast("sa.ColumnElement[bool]", found)


def kept(name: str, version: int, columns: Any, *, indexes: Sequence[str] = ("subject",)) -> Kept:
    """The two tables of a list; `columns()` gives the columns between `placed()` and `said_at`, `at` among them."""
    meta = sa.MetaData()

    def table(text: str, *more: Any) -> sa.Table:
        return sa.Table(
            text,
            meta,
            *placed(),
            *columns(),
            sa.Column("said_at", Instant, nullable=False),
            *more,
            sa.Index(f"{text}_at", "at", "thing"),
            *(sa.Index(f"{text}_{column}", column, "at") for column in indexes),
        )

    now = table(f"{name}_v{version}", sa.Column("version", sa.Integer, nullable=False))
    before = table(
        f"{name}_before_v{version}",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("until_made", sa.BigInteger, nullable=False),
    )
    return Kept(now, before)
