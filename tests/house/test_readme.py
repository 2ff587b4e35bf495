"""Every `quittance …` line in a bash block of the README and the how-tos runs, on a store that holds the sample.

A line is run as it stands, with QUITTANCE_STORE set; `serve` and `work` are stopped with SIGTERM
once they are up. Blocks of another language, or of none, are shown and not run.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.main.cli import app

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "services/main/sample/statements-500.csv"
APART = ("ask-on-two-clocks.md", "keep-the-staff-directory.md", "share-out-cases.md")
"""Pages that need files of their own (tests/journeys/test_reports_on_two_clocks.py types what they tell), or a staff
directory, by which queues are handed out otherwise (tests/journeys/test_staff.py)."""
HOW_TO = [page for page in sorted((ROOT / "docs/how-to").glob("*.md")) if page.name not in APART]
PAGES = [ROOT / "README.md", *HOW_TO]
BLOCK = re.compile(r"^```bash\n(.*?)^```", re.DOTALL | re.MULTILINE)
FOREVER = ("serve", "work")
UP_S = 20


def typed(text: str) -> list[str]:
    """The `quittance` lines of a page's bash blocks, in order, without what stands behind ` #`."""
    lines = (line.strip() for block in BLOCK.findall(text) for line in block.splitlines())
    return [line.partition("  #")[0].strip() for line in lines if line.startswith("quittance ")]


def complaint(line: str, environment: Mapping[str, str]) -> str | None:
    """What is wrong with a line: it failed, or a service that did not come up or did not stop."""
    words = shlex.split(line)[1:]
    if words[0] in FOREVER:
        return _started_and_stopped(line, environment)
    # In this process: what is tested is the command, not twenty starts of the interpreter.
    done = CliRunner().invoke(app, words, env=environment, prog_name="quittance")
    return None if done.exit_code == 0 else f"{line}: exit code {done.exit_code}: {done.output[-300:]}"


def _started_and_stopped(line: str, environment: Mapping[str, str]) -> str | None:
    port = {"QUITTANCE_PORT": "0"}  # a free one; the line itself names none or the default
    command = [sys.executable, "-m", "services.main", *shlex.split(line)[1:]]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**environment, **port},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as service:
        assert service.stdout is not None
        try:
            said, ends = "", time.monotonic() + UP_S
            while not said.strip() and time.monotonic() < ends and service.poll() is None:
                said = service.stdout.readline()
            service.send_signal(signal.SIGTERM)
            code = service.wait(timeout=UP_S)
        except subprocess.TimeoutExpired:
            return f"{line}: did not stop"
        finally:
            service.kill()  # nothing is left behind, whatever happened; no-op once it has ended
    return None if said.strip() and code == 0 else f"{line}: exit code {code} after {said!r}"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings that name a store with the sample in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUITTANCE_")}
    folder = tmp_path_factory.mktemp("readme")
    # One page lets time pass: a clock of its own counts for all of them.
    clock = {"QUITTANCE_TEST_CLOCK": str(folder / "clock.json")}
    found = {**kept, **clock, "QUITTANCE_STORE": f"sqlite:///{folder}/"}
    assert complaint(f"quittance import statements {SAMPLE}", found) is None
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_tells_to_type_runs(page: Path, environment: dict[str, str]) -> None:
    wrong = [found for line in typed(page.read_text()) if (found := complaint(line, environment))]
    assert wrong == []


def test_the_readme_tells_to_type_something() -> None:
    assert len(typed((ROOT / "README.md").read_text())) >= 5


def test_a_line_that_fails_is_reported(environment: dict[str, str]) -> None:
    [line] = typed("```bash\ncd somewhere\nquittance report buckets --as-of yesterday  # no date\n```\n")
    assert line == "quittance report buckets --as-of yesterday"
    assert "exit code 2" in (complaint(line, environment) or "")
