"""Random bytes drawn from the system in one call for many boxes, each byte handed out once.

Every `os.urandom` gives up the interpreter's lock, and a busy writer thread is slow to give it back; one draw for
hundreds of sections spares that. A copy of a process (fork) must never hand out what its parent hands out: the child
starts with nothing drawn. One thread per Drawing.
"""

import os
import weakref

DRAWN_AT_ONCE = 16_384
_all: "weakref.WeakSet[Drawing]" = weakref.WeakSet()


class Drawing:
    """`take(n)` gives n fresh random bytes of the operating system's."""

    def __init__(self) -> None:
        self._drawn, self._used = b"", 0
        _all.add(self)

    def take(self, count: int) -> bytes:
        """`count` bytes (at most DRAWN_AT_ONCE) that nobody was given before."""
        end = self._used + count
        if end > len(self._drawn):
            self._drawn, self._used, end = os.urandom(DRAWN_AT_ONCE), 0, count
        taken = self._drawn[self._used : end]
        self._used = end
        return taken

    def forget(self) -> None:
        """Throw away what was drawn and not yet handed out."""
        self._drawn, self._used = b"", 0


def _forget_all() -> None:
    for drawing in _all:
        drawing.forget()


os.register_at_fork(after_in_child=_forget_all)
