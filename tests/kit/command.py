"""The `quittance` command as its users run it: a process of its own, with an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEADLINE_S = 90


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The JSON document on standard output, which must hold nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Command:
    """Runs `quittance` in `folder`, on the default store there unless the environment says otherwise."""

    folder: Path
    environment: dict[str, str]
    deadline_s: float = DEADLINE_S

    def __call__(self, *arguments: str | Path, **environment: str) -> Ran:
        """Run to the end."""
        done = subprocess.run(
            self.line(*arguments),
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=self.deadline_s,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def json(self, *arguments: str | Path) -> Any:
        """Run with --json, expect success, and give the answer."""
        done = self(*arguments, "--json")
        assert done.code == 0, done.err
        return done.answer

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start and do not wait; the caller ends it."""
        return subprocess.Popen(
            self.line(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @staticmethod
    def line(*arguments: str | Path) -> list[str]:
        """The command line."""
        return [sys.executable, "-m", "services.main", *map(str, arguments)]


def command_in(folder: Path, **environment: str) -> Command:
    """The command with nothing of the caller's own settings in its environment."""
    # A hundred short processes: compiled modules are kept, or each of them compiles SQLAlchemy again.
    dropped = ("QUITTANCE_", "PG", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    return Command(folder, kept | environment)
