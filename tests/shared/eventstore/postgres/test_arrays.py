"""Packed arrays arrive as the server's own."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.eventstore.postgres import arrays
from shared.eventstore.postgres.connecting import connect

OLD, NEW = (
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC),
)
ONE = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        (arrays.texts(["a", "", None, "逾期 '\\{}"]), ["a", "", None, "逾期 '\\{}"]),
        (arrays.blobs([b"", b"\0\xff", None, b"x" * 5000]), [b"", b"\0\xff", None, b"x" * 5000]),
        (arrays.uuids([ONE.bytes, ONE.bytes]), [ONE, ONE]),
        (arrays.uuids([None, ONE.bytes, None]), [None, ONE, None]),
        (arrays.ints([0, -1, 2**31 - 1]), [0, -1, 2**31 - 1]),
        (arrays.bigints([0, -1, 2**63 - 1]), [0, -1, 2**63 - 1]),
        (arrays.times([OLD, NEW]), [OLD, NEW]),
        (arrays.texts(["same"] * 3), ["same"] * 3),
        (arrays.texts([None, None]), [None, None]),
        (arrays.blobs([b"x", b"x"]), [b"x", b"x"]),
        (arrays.blobs([b"x", b"yy"]), [b"x", b"yy"]),
        (arrays.uuids([None, None]), [None, None]),
        (arrays.ints([7, 7]), [7, 7]),
        (arrays.times([NEW, NEW]), [NEW, NEW]),
        (arrays.texts([]), []),
        (arrays.uuids([]), []),
        (arrays.times([]), []),
    ],
)
async def test_a_packed_array_comes_back(pg_dsn: str, packed: arrays.Packed, expected: list[Any]) -> None:
    link = await connect(pg_dsn, service="case")
    async with link:
        row = await (await link.cursor(binary=True).execute("SELECT %b", (packed,))).fetchone()
    assert row is not None
    assert row[0] == expected
