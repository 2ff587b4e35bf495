"""How far an import is, shown while it runs: each command says it in words of its own."""

from collections.abc import Callable
from typing import Generic, TypeVar

from services.main.console import Console

P = TypeVar("P")


class Shown(Generic[P]):
    """Shows progress now and then, and the last of it at the end; `words` says one moment in the reader's language."""

    def __init__(self, console: Console, words: Callable[[Console, P], str]) -> None:
        self._console, self._words, self._line = console, words, console.progress()
        self._last: P | None = None

    def __call__(self, at: P) -> None:
        self._last = at
        self._line.show(self._words(self._console, at))

    def end(self) -> None:
        """Leave the last line standing."""
        if self._last is not None:
            self._line.show(self._words(self._console, self._last), last=True)
