"""What a delivery says of one key, judged together: repetitions, contradictions, and what nobody names.

Entries of two sorts: rows, read or rejected, and notes between the two sorts: a role names a party, so the party's sort
is asked whether anybody says who that is, and what nobody says is noted back to the account's.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import msgspec

from services.case.adapters.book.entities import ENTITY, NATURAL_KEY
from services.case.adapters.book.spill import Entry
from services.case.application.book_reasons import (
    CURRENCY_CHANGED,
    DUPLICATE_KEY,
    UNKNOWN_ACCOUNT,
    UNKNOWN_PARTY,
)
from services.case.application.book_source import BookReject
from services.case.domain.book.rows import AccountRow, BookRow

NAMES = tuple(ENTITY)
RANK = {name: rank for rank, name in enumerate(NAMES)}
PLACE_BITS = 48
_ROWS = len(NAMES)
_REJECT, _NAMED, _NOBODY = _ROWS, _ROWS + 1, _ROWS + 2
_ACCOUNTS, _PARTIES = RANK["accounts"], RANK["parties"]


class Judged(NamedTuple):
    """A row of a group: its entity's rank, its place in the delivery, where it stands, and what it says."""

    rank: int
    place: int
    file: int
    number: int
    row: BookRow | BookReject


class Naming(NamedTuple):
    """A role that names a party: the account, and the role's place in the delivery."""

    account_ref: str
    place: int


_Content: TypeAlias = "tuple[int, int, Any]"
_ENCODER = msgspec.msgpack.Encoder()
_DECODERS: tuple[msgspec.msgpack.Decoder[_Content], ...] = (
    *(msgspec.msgpack.Decoder(tuple[int, int, entity.row]) for entity in ENTITY.values()),  # type: ignore[name-defined]
    msgspec.msgpack.Decoder(tuple[int, int, tuple[str, str]]),
)
_NAMING = msgspec.msgpack.Decoder(tuple[str, int])


def row_entry(key: str, rank: int, place: int, file: int, number: int, row: BookRow | BookReject) -> Entry:
    """A row for the sort, by its key, entity and place."""
    if isinstance(row, BookReject):
        return (
            key,
            _at(rank, place),
            bytes((_REJECT,)) + _ENCODER.encode((file, number, (row.reason, row.field))),
        )
    return key, _at(rank, place), bytes((rank,)) + _ENCODER.encode((file, number, row))


def naming_entry(party_ref: str, account_ref: str, place: int) -> Entry:
    """For the parties' sort: a role of an account names the party."""
    return party_ref, _at(_NAMED, place), bytes((_NAMED,)) + _ENCODER.encode((account_ref, place))


def nobody_entry(naming: Naming) -> Entry:
    """For the accounts' sort: nobody says who the party of the role at this place is."""
    rank = RANK["roles"]
    return naming.account_ref, _at(rank, naming.place), bytes((_NOBODY,))


def _at(rank: int, place: int) -> int:
    return rank << PLACE_BITS | place


def read_row(place: int, content: bytes) -> Judged | None:
    """The row in an entry; None for a note."""
    kind = content[0]
    if kind > _REJECT:
        return None
    file, number, said = _DECODERS[kind].decode(content[1:])
    row = BookReject(*said) if kind == _REJECT else said
    return Judged(place >> PLACE_BITS, place & ((1 << PLACE_BITS) - 1), file, number, row)


def namings(entries: list[Entry]) -> Iterator[Naming]:
    """The roles that name the party of these entries."""
    for _, _, content in entries:
        if content[0] == _NAMED:
            yield Naming(*_NAMING.decode(content[1:]))


def judged(entries: list[Entry], *, whole: bool) -> Iterator[Judged]:
    """The rows of one key in order; one that contradicts an earlier one, or hangs on nothing, as a reject.

    Rows that say the same are one row. A row that leaves open what the other says does not contradict it. `whole`: the
    delivery names all there is, so that what it does not name is not there.
    """
    nobody = {place for _, place, content in entries if content[0] == _NOBODY}
    rows: list[Judged] = []
    known: dict[tuple[Any, ...], int] = {}
    for _, place, content in entries:
        one = read_row(place, content)
        if one is None:
            continue
        if not isinstance(one.row, BookReject):
            if place in nobody:
                one = one._replace(row=BookReject(UNKNOWN_PARTY, "party_ref"))
            else:
                key = (one.rank, *(getattr(one.row, name) for name in NATURAL_KEY[NAMES[one.rank]]))
                if (at := known.setdefault(key, len(rows))) < len(rows):
                    first = rows[at]
                    both = _together(first.row, one.row)
                    if both is not None:
                        rows[at] = first._replace(row=both)
                        continue
                    one = one._replace(row=BookReject(DUPLICATE_KEY, "row"))
        rows.append(one)
    return _hanging(rows, whole=whole)


def _together(first: Any, second: Any) -> BookRow | None:
    """What two rows of one key say between them; None where they say different things."""
    if first == second:
        return first  # type: ignore[no-any-return]
    filled = {}
    for name in first.__struct_fields__:
        one, other = getattr(first, name), getattr(second, name)
        if one is None:
            filled[name] = other
        elif other is not None and one != other:
            return None
    both: BookRow = msgspec.structs.replace(first, **filled)
    return both


def _hanging(rows: list[Judged], *, whole: bool) -> Iterator[Judged]:
    """The rows, judged by their account's or party's own: is there one, and is it in the same currency?"""
    accounts = [one.row for one in rows if one.rank == _ACCOUNTS]
    currency = next(
        (row.currency for row in accounts if isinstance(row, AccountRow) and not row.dropped), None
    )
    of_party = bool(rows) and rows[0].rank < _ACCOUNTS
    named = any(one.rank == (_PARTIES if of_party else _ACCOUNTS) for one in rows)
    hanging = (
        BookReject(UNKNOWN_PARTY, "party_ref") if of_party else BookReject(UNKNOWN_ACCOUNT, "account_ref")
    )
    for one in rows:
        if isinstance(one.row, BookReject) or one.rank in (_ACCOUNTS, _PARTIES):
            yield one
        elif whole and not named:
            yield one._replace(row=hanging)
        elif currency is not None and getattr(one.row, "currency", None) not in (None, currency):
            yield one._replace(row=BookReject(CURRENCY_CHANGED, "currency"))
        else:
            yield one
