"""Sorts more rows than memory holds: sorted runs in temporary files, merged when they are read.

The rows hold names, telephone and identity numbers. So the files have no name (they vanish with the process, however it
ends), and every block in them is sealed under a key that is drawn for the run and never leaves its memory: what is
left on the disk afterwards, or is swapped or copied meanwhile, can be read by nobody.
"""

import heapq
import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Entry = tuple[str, int, bytes]
"""Key, place among the entries of the key, content. Entries are sorted by key, then place."""

RUN_BYTES_MAX = 8 << 20
ENTRY_BYTES = 160
"""About what an entry costs in memory beside its content."""
BLOCK_ENTRIES = 256
RUNS_MAX = 32
"""Runs of one size that are merged into one of the next, so that the merge itself holds few blocks in memory."""

_DECODER = msgspec.msgpack.Decoder(list[Entry])
_ENCODER = msgspec.msgpack.Encoder()


class Spill:
    """Entries put in any order, and read in order as often as needed. Closing it gives the disk back at once."""

    def __init__(self) -> None:
        self._seal = AESGCM(AESGCM.generate_key(bit_length=256))
        self._blocks = 0
        self._waiting: list[Entry] = []
        self._bytes = 0
        self._levels: list[list[_Run]] = [[]]

    def put(self, key: str, place: int, content: bytes) -> None:
        """Add an entry. Raises OSError where the temporary folder is full or not to be written."""
        self._waiting.append((key, place, content))
        self._bytes += len(content) + ENTRY_BYTES
        if self._bytes >= RUN_BYTES_MAX:
            self._flush()

    def __iter__(self) -> Iterator[Entry]:
        """All entries in order."""
        self._waiting.sort()
        runs = [self._read(run) for level in self._levels for run in level]
        return heapq.merge(*runs, iter(self._waiting)) if runs else iter(self._waiting)

    def close(self) -> None:
        """Give the disk back."""
        for level in self._levels:
            for run in level:
                run.file.close()
        self._levels, self._waiting = [[]], []

    def _flush(self) -> None:
        self._waiting.sort()
        self._levels[0].append(self._written(self._waiting))
        self._waiting, self._bytes = [], 0
        for level, runs in enumerate(self._levels):
            if len(runs) < RUNS_MAX:
                break
            if level + 1 == len(self._levels):
                self._levels.append([])
            self._levels[level + 1].append(self._written(heapq.merge(*map(self._read, runs))))
            for run in runs:
                run.file.close()
            self._levels[level] = []

    def _written(self, entries: Iterable[Entry]) -> "_Run":
        run, block = _Run(), []
        for entry in entries:
            block.append(entry)
            if len(block) == BLOCK_ENTRIES:
                self._append(run, block)
                block = []
        if block:
            self._append(run, block)
        run.file.flush()
        return run

    def _append(self, run: "_Run", block: list[Entry]) -> None:
        nonce = self._blocks.to_bytes(
            12, "big"
        )  # the key is this run's alone, so a count never repeats under it
        self._blocks += 1
        sealed = self._seal.encrypt(nonce, _ENCODER.encode(block), None)
        run.file.write(sealed)
        run.blocks.append((nonce, len(sealed)))

    def _read(self, run: "_Run") -> Iterator[Entry]:
        at, descriptor = 0, run.file.fileno()
        for nonce, length in run.blocks:
            yield from _DECODER.decode(self._seal.decrypt(nonce, os.pread(descriptor, length, at), None))
            at += length


class _Run:
    """A sorted run: a file without a name, and the nonce and length of each of its blocks."""

    __slots__ = ("blocks", "file")

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile(prefix="quittance-")  # noqa: SIM115 - closed with the run
        self.blocks: list[tuple[bytes, int]] = []
