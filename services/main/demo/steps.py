"""A step of the demo: say what comes, show the command line, run it as a process of its own."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.main.console import Console

STEP_DEADLINE_S = 300


@dataclass(slots=True)
class Steps:
    """Runs commands of ours on one store. What they print goes to where the demo's text goes."""

    console: Console
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    ran: list[tuple[str, int]] = field(default_factory=list)

    def title(self, en: str, zh: str) -> None:
        """What comes next, after an empty line."""
        self.console.say()
        self.console.tell(f"── {en}", f"── {zh}")

    def run(self, *arguments: str, store: Path | None = None) -> int:
        """Show `quittance …` and run it to its end; its exit code."""
        with self.start(*arguments, store=store) as child:
            code = child.wait(timeout=STEP_DEADLINE_S)
        self.ran.append((self.shown(arguments, store), code))
        return code

    def start(
        self, *arguments: str, store: Path | None = None, quiet: bool = False
    ) -> "subprocess.Popen[bytes]":
        """Show `quittance …` and start it; `quiet`: what it prints comes through its `stdout`, its log is dropped."""
        self.console.say(f"$ {self.shown(arguments, store)}")
        sys.stdout.flush()
        named = () if store is None else ("--store", f"sqlite:///{store}/")
        return subprocess.Popen(
            [sys.executable, "-m", "services.main", *arguments, *named],
            env=dict(self.environment),
            # With --json the demo's own answer has standard output to itself.
            stdout=subprocess.PIPE if quiet else sys.stderr if self.console.as_json else None,
            stderr=subprocess.DEVNULL if quiet else None,
        )

    @staticmethod
    def shown(arguments: tuple[str, ...], store: Path | None) -> str:
        """The command line as one would type it."""
        named = () if store is None else ("--store", f"sqlite:///{store}/")
        return shlex.join(("quittance", *arguments, *named))
