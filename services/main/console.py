"""What a command says, and where: answers on standard output, progress and complaints on standard error.

With `--json` standard output carries JSON alone. Tables are plain columns: nothing is said by color alone, so
output reads the same in a file, a pipe and a terminal without color.
"""

import contextlib
import json
import os
import sys
import time
import unicodedata
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, TextIO

REDRAW_S = 0.1
PLAIN_LINE_S = 2.0
GAP = "  "


class Console:
    """Speaks for one command. `chinese`: to people in Chinese; `as_json`: to programs on standard output."""

    def __init__(
        self,
        *,
        as_json: bool = False,
        chinese: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
    ) -> None:
        self.as_json, self.chinese = as_json, chinese
        self._out, self._err = out or sys.stdout, err or sys.stderr
        if isinstance(self._out, TextIOWrapper):
            # JSON is UTF-8 whatever the locale; a letter that a terminal cannot show must not end the command.
            self._out.reconfigure(encoding="utf-8" if as_json else None, errors="backslashreplace")

    def pick(self, en: str, zh: str) -> str:
        """The text in the reader's language."""
        return zh if self.chinese else en

    def answer(self, document: Any) -> None:
        """The one JSON document of a command."""
        print(compact(document), file=self._out, flush=True)

    def say(self, text: str = "") -> None:
        """A line for a person; nothing with `--json`."""
        if not self.as_json:
            print(text, file=self._out, flush=True)

    def tell(self, en: str, zh: str) -> None:
        """A line for a person, in their language; nothing with `--json`."""
        self.say(self.pick(en, zh))

    def note(self, en: str, zh: str) -> None:
        """A remark on standard error, with `--json` as well."""
        _remark(self._err, self.pick(en, zh) + "\n")

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[Any]], *, right: Sequence[int] = ()
    ) -> None:
        """Columns aligned by what a terminal shows (Chinese letters are two wide); `right`: columns of numbers."""
        cells = [[str(cell) for cell in row] for row in (headings, *rows)]
        widths = [max(width(row[i]) for row in cells) for i in range(len(headings))]
        for row in cells:
            line = GAP.join(_padded(cell, widths[i], i in right) for i, cell in enumerate(row))
            self.say(line.rstrip())

    def progress(self) -> "ProgressLine":
        """A line on standard error that is redrawn on a terminal and repeated now and then elsewhere."""
        return ProgressLine(self._err)


class ProgressLine:
    """Shows how far long work is."""

    def __init__(self, err: TextIO | None) -> None:
        self._err, self._redraws = err, err is not None and err.isatty()
        self._shown_at, self._width, self._text = float("-inf"), 0, ""

    def show(self, text: str, *, last: bool = False) -> None:
        """Show it, unless the last showing was a moment ago; `last` always shows and ends the line."""
        now = time.monotonic()
        if not last and now - self._shown_at < (REDRAW_S if self._redraws else PLAIN_LINE_S):
            return
        self._shown_at = now
        if self._redraws:
            padding = " " * max(0, self._width - width(text))
            _remark(self._err, f"\r{text}{padding}" + ("\n" if last else ""))
            self._width = width(text)
        elif text != self._text:
            _remark(self._err, text + "\n")
        self._text = text


def _remark(err: TextIO | None, text: str) -> None:
    """Write to standard error. Where it is closed or its disk is full the work goes on, and the answer stands.

    What could not be written must not be tried again at exit, where it would turn success into exit code 120.
    """
    if err is None:
        return
    try:
        err.write(text)
        err.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), err.fileno())


def compact(document: Any) -> str:
    """JSON on one line, Chinese unescaped."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)


def width(text: str) -> int:
    """How many columns a terminal uses for a text."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(cell: str, wide: int, right: bool) -> str:
    padding = " " * (wide - width(cell))
    return padding + cell if right else cell + padding


def duration(seconds: float | None) -> str:
    """`42 s`, `3 m 10 s`, `2 h 05 m`; `…` while it is not known."""
    if seconds is None:
        return "…"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} m {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} m"
