"""What a process of the loss test writes down about itself, outside the store: the witness the store is judged by.

A writer's journal, a line each, written before and after: `> key ref expected events` (about to send), `= key position
replayed` (acknowledged; 1 if an earlier sending had stored it), `x key` (refused: the stream had moved). A follower's:
`position event-id`. A line without its newline was being written when the process was killed, and does not count.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Intent:
    """A command as it was sent: `events` events for the stream of `ref`, decided on version `expected`."""

    key: str
    ref: str
    expected: int
    events: int


@dataclass(slots=True)
class Told:
    """A writer's journal as read back."""

    intents: dict[str, Intent] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    replayed: int = 0

    def add(self, line: str) -> None:
        """One line; a torn one must be left out by the caller."""
        mark, key, *rest = line.split()
        if mark == ">":
            self.intents[key] = Intent(key, rest[0], int(rest[1]), int(rest[2]))
        elif mark == "=":
            self.acknowledged[key] = int(rest[0])
            self.replayed += int(rest[1])
        else:
            self.refused.add(key)

    def unanswered(self) -> list[Intent]:
        """Sent, and no answer written down: at most one for each task."""
        return [
            i for i in self.intents.values() if i.key not in self.acknowledged and i.key not in self.refused
        ]


class Journal:
    """Append-only, one write a line or page: what was written survives `kill -9` of the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        whole = os.pread(self._file, os.fstat(self._file).st_size, 0)
        kept = whole.rfind(b"\n") + 1
        os.ftruncate(self._file, kept)
        self.lines = whole[:kept].decode().splitlines()

    def write(self, *lines: str) -> None:
        """All lines in one write."""
        os.write(self._file, "".join(f"{line}\n" for line in lines).encode())


class Tail:
    """Reads what was added to a journal since the last look, whole lines only."""

    def __init__(self, path: Path) -> None:
        self._path, self._seen = path, 0

    def more(self) -> list[str]:
        """The new lines."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._seen)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._seen += len(whole)
        return whole.decode().splitlines()
