"""A dial list as the dialer's file: the only place where its numbers stand in clear; whole or not there at all."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from services.contact.application.dialing.list_file import COLUMNS, rows
from services.contact.domain.facts.dialing import DialListMade
from shared.kernel.ids import new_token


def list_bytes(made: DialListMade, numbers: Sequence[str | None]) -> bytes:
    """The file: UTF-8, a header, CR LF; the same for the same list, as long as no number was forgotten."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows(rows(made, numbers))
    return written.getvalue().encode()


def write_list(path: Path, made: DialListMade, numbers: Sequence[str | None]) -> None:
    """Put it at `path`, for its owner alone (mode 0600); what was there is replaced at the end. Raises OSError."""
    part = path.with_name(f".{path.name}.{new_token()}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(list_bytes(made, numbers))
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
