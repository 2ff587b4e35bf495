"""By what can a party, or an account, be found? Blind indexes: HMACs of values under the tenant's index key.

No value stands here, only what nobody can turn back without the key; and the key is given when the view is made
(`view(blind)`), so that it rebuilds from the ledger like every other. A way to reach somebody that ended, and a name
that was corrected, are kept as former. What was erased leaves no row when the view is rebuilt.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.events import (
    AccountBooked,
    BookEvent,
    ContactPointAdded,
    ContactPointEnded,
    IdentityCorrected,
    PartyEvent,
    PartyRegistered,
)
from services.case.domain.privacy.spelling import (
    ACCOUNT_REF,
    IDENTITY,
    MEDIUM_KINDS,
    NAME,
    PARTY_REF,
    spelt,
)
from services.case.projections.book_pages import stored
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
INDEX = sa.Table(
    "case_party_index_v1",
    _META,
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("blind", sa.LargeBinary, nullable=False),
    sa.Column("former", sa.Boolean, nullable=False),
    sa.Index("case_party_index_v1_blind", "blind"),
)
BLIND_BYTES = 16
"""Kept of an index: far more than there are people, and no more than is needed to tell them apart."""
NAME_OF_VIEW = "case.party_index"

Blind: TypeAlias = Callable[[str, str], bytes]
"""(kind, spelt value) -> its HMAC under the tenant's index key."""
PartySeen: TypeAlias = Recorded[PartyEvent | BookEvent | Erased]


class Entry(NamedTuple):
    """One value of one stream; `former`: it was so once, and is no longer."""

    entry: str
    stream: str
    kind: str
    blind: bytes
    former: bool


def index_of(blind: Blind, kind: str, value: str) -> bytes | None:
    """The index of a value as it was sent or stored; None where it holds nothing to look for."""
    said = spelt(kind, value)
    return None if said is None else blind(kind, said)[:BLIND_BYTES]


def wants(seen: PartySeen) -> Iterable[tuple[str, str]]:
    """The rows of what the event takes back."""
    match seen.event:
        case IdentityCorrected() as corrected:
            before = corrected.revision - 1
            return [(INDEX.name, _who(seen.stream, kind, before)) for kind in (NAME, IDENTITY)]
        case ContactPointEnded() as ended:
            return [(INDEX.name, _point(seen.stream, ended.point))]
        case _:
            return ()


def _who(stream: str, kind: str, revision: int) -> str:
    return f"{stream}/{kind}/{revision}"


def _point(stream: str, point: str) -> str:
    return f"{stream}/point/{point}"


def apply(blind: Blind, seen: PartySeen, rows: Working) -> None:
    """What the stream can be found by after one more event."""
    stream = seen.stream
    for key in [key for _, key in wants(seen)]:
        found = rows.get(INDEX, key)
        if found is not None:
            rows.put(INDEX, key, Entry(*found)._replace(former=True))
    for key, kind, value in _told(stream, seen.event):
        index = index_of(blind, kind, value) if isinstance(value, str) else None
        if index is None:
            rows.drop(INDEX, key)
        else:
            rows.put(INDEX, key, Entry(key, stream, kind, index, False))


def _told(stream: str, event: Any) -> Iterator[tuple[str, str, Any]]:
    """(entry, kind, value) of what an event says the stream is found by; a value may be erased or absent."""
    match event:
        case PartyRegistered():
            yield _who(stream, PARTY_REF, 0), PARTY_REF, event.party_ref
            yield _who(stream, NAME, 0), NAME, event.name
            yield _who(stream, IDENTITY, 0), IDENTITY, event.identity_no
        case IdentityCorrected():
            yield _who(stream, NAME, event.revision), NAME, event.name
            yield _who(stream, IDENTITY, event.revision), IDENTITY, event.identity_no
        case ContactPointAdded() if event.medium in MEDIUM_KINDS:
            yield _point(stream, event.point), MEDIUM_KINDS[event.medium], event.value
        case AccountBooked():
            yield _who(stream, ACCOUNT_REF, 0), ACCOUNT_REF, event.account_ref
        case _:
            return


def view(blind: Blind) -> View:
    """The view, with the key it makes indexes under."""
    return View(
        name=NAME_OF_VIEW,
        version=1,
        tables=(INDEX,),
        apply=partial(apply, blind),
        wants=wants,
        streams=("party", "account"),
        types=stored(PartyRegistered, IdentityCorrected, ContactPointAdded, ContactPointEnded, AccountBooked),
    )


def streams_of(connection: sa.Connection, index: bytes, *, limit: int) -> dict[str, bool]:
    """stream -> whether the value is a former one of it; at most `limit`, those it still holds for first."""
    former = sa.func.min(sa.cast(INDEX.c.former, sa.Integer))
    query = (
        sa.select(INDEX.c.stream, former)
        .where(INDEX.c.blind == index)
        .group_by(INDEX.c.stream)
        .order_by(former, INDEX.c.stream)
        .limit(limit)
    )
    return {stream: bool(was) for stream, was in connection.execute(query)}
