"""Where packs lie until they are fetched: a folder beside the keys that nobody else may look into, for an hour."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

PRIVATE = 0o700
KEPT = timedelta(hours=1)
"""So long a pack may be fetched; then it is removed. A later one is asked for anew."""


@dataclass(frozen=True, slots=True)
class PackFolder:
    """`PackPlace` in `root`; made when the first pack is."""

    root: Path
    now: Callable[[], datetime]

    def file_of(self, pack: str) -> Path:
        """Where the pack is, or will be."""
        self.root.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        return self.root / f"{pack}.zip"

    def sweep(self) -> None:
        """Remove what has lain for longer than KEPT, finished or not."""
        if not self.root.is_dir():
            return
        for file in self.root.iterdir():
            with suppress(FileNotFoundError):
                if self.now() - datetime.fromtimestamp(file.stat().st_mtime, tz=UTC) > KEPT:
                    file.unlink()
