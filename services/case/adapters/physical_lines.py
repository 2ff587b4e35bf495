"""The physical lines of a file that is read a chunk at a time: in constant memory, however long a line is."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

LINE_BYTES_MAX = 64 << 10
CHUNK_BYTES = 256 << 10

Line: TypeAlias = tuple[int, bytes | None]
"""A physical line's number and bytes without its end; None for one above LINE_BYTES_MAX."""


def physical_lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    """Every physical line from number 1; ends are LF, CRLF, or both in one file."""
    number, rest, overlong = 0, b"", False
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        if not others:
            overlong = overlong or len(rest) + len(first) > LINE_BYTES_MAX
            rest = b"" if overlong else rest + first
            continue
        number += 1
        yield number, None if overlong else _bounded(rest + first)
        rest, overlong = others.pop(), False
        for line in others:
            number += 1
            yield number, _bounded(line)
        if len(rest) > LINE_BYTES_MAX:
            rest, overlong = b"", True
    if rest or overlong:
        yield number + 1, None if overlong else _bounded(rest)


def _bounded(line: bytes) -> bytes | None:
    """The line without a CR at its end; None if it is too long."""
    return line.removesuffix(b"\r") if len(line) <= LINE_BYTES_MAX else None
