"""Arrays for the server, packed here in its binary format: psycopg's own list dumper costs several times as much.

Format (server source, `array_send`): dimensions, has-nulls, element type; then for the one dimension its length and
lower bound; then each element as a length and bytes, -1 for null. All integers big-endian.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any, ClassVar, TypeVar, cast

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_NONE = Struct("!iiI").pack
_ONE = Struct("!iiIii").pack
_LENGTH = Struct("!i").pack
_INT4 = Struct("!ii").pack
_INT8 = Struct("!iq").pack
_NULL = _LENGTH(-1)
_UUID_LENGTH = _LENGTH(16)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Packed(bytes):
    """The bytes of an array. A subclass for each element type, because psycopg finds the type by the class."""

    element: ClassVar[int]
    array: ClassVar[int]


class Texts(Packed):
    """text[]"""

    element, array = 25, 1009


class Blobs(Packed):
    """bytea[]"""

    element, array = 17, 1001


class Uuids(Packed):
    """uuid[]"""

    element, array = 2950, 2951


class Ints(Packed):
    """integer[]"""

    element, array = 23, 1007


class BigInts(Packed):
    """bigint[]"""

    element, array = 20, 1016


class Times(Packed):
    """timestamptz[]"""

    element, array = 1184, 1185


K = TypeVar("K", bound=Packed)


def _framed(kind: type[K], count: int, elements: bytes, *, nulls: bool = False) -> K:
    if not count:
        return kind(_NONE(0, 0, kind.element))
    return kind(_ONE(1, int(nulls), kind.element, count, 1) + elements)


def _one(value: bytes | None) -> bytes:
    return _NULL if value is None else _LENGTH(len(value)) + value


def _constant(values: Sequence[Any]) -> bool:
    """Whether all are the first one: so it is in most columns of a batch, and packing one is then enough."""
    return bool(values) and values.count(values[0]) == len(values)


def _sized(kind: type[K], values: Sequence[bytes | None]) -> K:
    nulls = None in values
    if _constant(values):
        return _framed(kind, len(values), _one(values[0]) * len(values), nulls=nulls)
    if nulls:
        return _framed(kind, len(values), b"".join(map(_one, values)), nulls=True)
    known = cast("Sequence[bytes]", values)
    parts = [part for value in known for part in (_LENGTH(len(value)), value)]
    return _framed(kind, len(values), b"".join(parts))


def texts(values: Sequence[str | None]) -> Texts:
    """text[] of these."""
    if _constant(values):
        one = None if values[0] is None else values[0].encode()
        return _framed(Texts, len(values), _one(one) * len(values), nulls=one is None)
    return _sized(Texts, [None if value is None else value.encode() for value in values])


def blobs(values: Sequence[bytes | None]) -> Blobs:
    """bytea[] of these."""
    return _sized(Blobs, values)


def uuids(values: Sequence[bytes | None]) -> Uuids:
    """uuid[] of these, 16 raw bytes each."""
    if None in values:
        return _sized(Uuids, values)
    packed = _UUID_LENGTH + _UUID_LENGTH.join(cast("Sequence[bytes]", values))
    return _framed(Uuids, len(values), packed)


def ints(values: Sequence[int]) -> Ints:
    """integer[] of these."""
    if _constant(values):
        return _framed(Ints, len(values), _INT4(4, values[0]) * len(values))
    return _framed(Ints, len(values), b"".join([_INT4(4, value) for value in values]))


def bigints(values: Sequence[int]) -> BigInts:
    """bigint[] of these."""
    return _framed(BigInts, len(values), b"".join([_INT8(8, value) for value in values]))


def times(values: Sequence[datetime]) -> Times:
    """timestamptz[] of these aware times: microseconds since 2000-01-01T00:00Z."""
    if _constant(values):
        return _framed(Times, len(values), _time(values[0]) * len(values))
    return _framed(Times, len(values), b"".join(map(_time, values)))


def _time(value: datetime) -> bytes:
    return _INT8(8, (value - _EPOCH) // _MICROSECOND)


class _AsIs(Dumper):
    format = Format.BINARY

    def dump(self, obj: Any) -> bytes:
        return bytes(obj) if type(obj) is memoryview else obj


def register(connection: psycopg.AsyncConnection[Any]) -> None:
    """Teach a connection to send packed arrays as they are."""
    for kind in (Texts, Blobs, Uuids, Ints, BigInts, Times):
        dumper = type(f"{kind.__name__}Dumper", (_AsIs,), {"oid": kind.array})
        connection.adapters.register_dumper(kind, dumper)
