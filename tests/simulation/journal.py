"""What became of every act, line by line on disk: a run whose process was killed goes on where it was."""

import json
from pathlib import Path
from typing import Any


class Journal:
    """Key -> what it came to. A line that was not written whole is no line."""

    def __init__(self, path: Path | None) -> None:
        self._known: dict[str, Any] = {}
        self._file = None
        if path is None:
            return
        if path.exists():
            whole = path.read_bytes().rpartition(b"\n")[0]
            for line in whole.splitlines():
                key, outcome = json.loads(line)
                self._known[key] = outcome
            path.write_bytes(whole + b"\n" if whole else b"")
        self._file = path.open("a", encoding="utf-8")

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def __getitem__(self, key: str) -> Any:
        return self._known[key]

    def __setitem__(self, key: str, outcome: Any) -> None:
        self._known[key] = outcome
        if self._file:
            self._file.write(json.dumps([key, outcome]) + "\n")
            self._file.flush()

    def close(self) -> None:
        """No more lines."""
        if self._file:
            self._file.close()
