"""A clock of our own, kept in a file: set to an instant, it goes on ticking from there. For tests, demos and training.

Every process that is given the same file reads the same time, so months can be gone through in seconds. It never goes
back, because nothing that is recorded does: an event stamped yesterday after one stamped today would be out of order.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from shared.kernel.clock import Clock, SystemClock, in_utc
from shared.kernel.ids import new_token

FILE_BYTES_MAX = 4_096


class ClockFileUnreadable(Exception):
    """The file holds no clock; the message names the file."""


class ClockNeverGoesBack(Exception):
    """The instant asked for lies before what the clock shows."""


class OffsetClock:
    """Shows the instant it was set to, and what has passed since; the real time while the file is not there.

    A changed file is noticed at the next reading, which costs one `stat`. Raises ClockFileUnreadable when made.
    """

    def __init__(self, file: Path, *, real: Clock | None = None) -> None:
        self.file, self._real = file, real or SystemClock()
        self._seen: tuple[int, int, int] | None = None
        self._ahead = timedelta(0)
        self._follow(strict=True)

    @property
    def is_set(self) -> bool:
        """Has it ever been set? Until then it shows the real time."""
        self._follow()
        return self._seen is not None

    def now(self) -> datetime:
        """The present instant on this clock, aware, in UTC."""
        self._follow()
        return self._real.now() + self._ahead

    def set(self, at: datetime, *, not_before: datetime | None = None) -> datetime:
        """Go on from `at`; the file is replaced at once, never half. The new time.

        `not_before`: the newest instant anything is stamped with. Raises ClockNeverGoesBack where `at` lies before
        it, or before what the clock shows once it has been set.
        """
        at, real = in_utc(at), self._real.now()
        floor = max((one for one in (self.now() if self.is_set else None, not_before) if one), default=at)
        if at < floor:
            raise ClockNeverGoesBack
        draft = self.file.with_name(f".{self.file.name}.{new_token()}")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps({"set_to": at.isoformat(), "set_at": real.isoformat()}) + "\n")
        os.replace(draft, self.file)
        return self.now()

    def advance(self, by: timedelta) -> datetime:
        """Go on by `by` at once. The new time. Raises ClockNeverGoesBack for a negative one."""
        return self.set(self.now() + by, not_before=self.now() if by < timedelta(0) else None)

    def _follow(self, *, strict: bool = False) -> None:
        """Take in a changed file. One that is gone or damaged while we run leaves the clock as it was."""
        try:
            found = os.stat(self.file)
        except FileNotFoundError:
            return
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        if mark == self._seen:
            return
        try:
            self._ahead = _ahead(self.file)
        except (OSError, ValueError, KeyError, TypeError) as problem:
            if strict:
                raise ClockFileUnreadable(f"{self.file.name} holds no clock") from problem
        self._seen = mark


def _ahead(file: Path) -> timedelta:
    """How far the clock of this file is ahead of the real time; negative where it was set to the past."""
    with file.open("rb") as held:
        said = json.loads(held.read(FILE_BYTES_MAX))
    return in_utc(datetime.fromisoformat(said["set_to"])) - in_utc(datetime.fromisoformat(said["set_at"]))
