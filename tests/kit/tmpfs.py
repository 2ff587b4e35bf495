"""A file system that runs full quickly: for tests of what happens when the disk does."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MOUNT_DEADLINE_S = 20


@contextmanager
def small_tmpfs(*, megabytes: int) -> Iterator[Path]:
    """Mount an empty tmpfs of that size and yield its folder; skips the test, saying why, where mounting is refused.

    The folder is open to the unprivileged user the test servers run as. It is unmounted at the end, lazily if
    something still holds a file in it.
    """
    if os.geteuid() != 0:
        pytest.skip("full-disk test needs root to mount a small tmpfs")
    folder = Path(tempfile.mkdtemp(prefix="quittance-full-"))
    options = f"size={megabytes}m,mode=0755"
    mounted = _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
    if mounted is not None:
        folder.rmdir()
        pytest.skip(f"full-disk test needs a small tmpfs; mount refused: {mounted}")
    try:
        yield folder
    finally:
        if _run("umount", str(folder)) is not None:
            _run("umount", "--lazy", str(folder))
        folder.rmdir()


def _run(*command: str) -> str | None:
    """None when it worked, else the reason in one line."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOUNT_DEADLINE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if done.returncode == 0 else (done.stderr.strip() or f"status {done.returncode}")
