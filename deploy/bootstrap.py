"""Create or refresh the checkout's virtual environment from its hashed lock file.

    python3 deploy/bootstrap.py            what `make demo` needs: requirements.lock
    python3 deploy/bootstrap.py --test     what `make test` needs: requirements-test.lock

Standard library only: it runs before anything is installed, on Python 3.11 or newer with `venv`.
Safe to run twice: when lock, project file and interpreter are those of the last complete run it does
nothing and says nothing. An environment with the test packages also serves a run without them.
The environment is thrown away and made anew when the interpreter behind it changes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "quittance.stamp"
UV = "uv==0.13.9"
STEP_DEADLINE_S = 1800
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock"}


def interpreter() -> str:
    """What the environment was made with: version text and the real path of the executable."""
    return f"{sys.version} {os.path.realpath(sys.executable)}"


def wanted(purpose: str) -> str:
    """The stamp of a complete environment for this purpose."""
    import tomllib  # here, because Python 3.10 must reach the message that says it is too old

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    digest = hashlib.sha256((ROOT / LOCKS[purpose]).read_bytes())
    # Of the project file only what an installation depends on: a new lint rule installs nothing.
    digest.update(repr((project["build-system"], project["project"], project["tool"]["hatch"])).encode())
    # The editable install records this folder's path, so a moved checkout is another environment.
    digest.update(f"{interpreter()} {ROOT}".encode())
    return f"{purpose} {digest.hexdigest()}"


def stamped() -> list[str]:
    """The lines the last complete run left: stamp and interpreter; empty if there was none."""
    return STAMP.read_text().splitlines() if STAMP.is_file() and PYTHON.exists() else []


def run(*command: str | Path, quiet: bool = False) -> bool:
    """Run one step; False if it failed. Output goes to standard error unless quiet."""
    sink = subprocess.DEVNULL if quiet else sys.stderr
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            stdout=sink,
            stderr=sink,
            timeout=STEP_DEADLINE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        print(f"bootstrap: gave up after {STEP_DEADLINE_S} s: {command[0]}", file=sys.stderr)
        return False
    return done.returncode == 0


def create() -> bool:
    """Make an empty environment in place of whatever is there."""
    shutil.rmtree(VENV, ignore_errors=True)
    if run(sys.executable, "-m", "venv", VENV):
        return True
    print("bootstrap: python3 -m venv failed; on Debian: apt-get install python3-venv", file=sys.stderr)
    return False


def install(lock: str) -> bool:
    """Install the lock, then this checkout, with uv; with pip where uv cannot be had."""
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", UV, quiet=True)
    pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    uv = [VENV / "bin" / "uv", "pip", "install", "-q", "-p", PYTHON]
    locked = ["--require-hashes", "-r", lock]
    editable = ["--no-deps", "--no-build-isolation", "-e", "."]
    if (VENV / "bin" / "uv").exists() and run(*uv, *locked):
        return run(*uv, *editable)
    print("bootstrap: uv is not to be had or failed; using pip, which takes some minutes", file=sys.stderr)
    return run(*pip, *locked) and run(*pip, *editable)


def main() -> int:
    """Bring `.venv` to what the lock says; 0 when it is there, 1 when a step failed."""
    parser = argparse.ArgumentParser(description="Create or refresh .venv from the hashed lock file.")
    parser.add_argument("--test", action="store_true", help="with the test packages")
    asked = "test" if parser.parse_args().test else "run"
    if sys.version_info < (3, 11):
        print(f"bootstrap: Python 3.11 or newer is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    found = stamped()
    if found and found[0] in {wanted(asked), wanted("test")}:
        return 0
    # A stamp of the test purpose stays one: a demo after a pulled lock must not leave stale test packages.
    purpose = "test" if asked == "test" or (found and found[0].startswith("test ")) else "run"
    print(f"bootstrap: installing {LOCKS[purpose]} into .venv", file=sys.stderr)
    if not (found and found[1:] == [interpreter()]) and not create():
        return 1
    STAMP.unlink(missing_ok=True)
    if not install(LOCKS[purpose]):
        print("bootstrap: failed; the message above says at which step", file=sys.stderr)
        return 1
    STAMP.write_text(f"{wanted(purpose)}\n{interpreter()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
