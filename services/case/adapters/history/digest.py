"""What files hash to, so that the same delivery is known again."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from services.case.domain.facts.imports import FileSeen

CHUNK = 1 << 20


def seen(file: Path) -> FileSeen | None:
    """A file's SHA-256 and size; None for a pipe, which can be read but once. Raises OSError."""
    if not file.is_file():
        return None
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return FileSeen(sha256=digest.hexdigest(), size=size)


def content_of(files: Sequence[FileSeen | str], *, mapping: str | None = None, terms: str = "") -> str:
    """The SHA-256, in hex, of a delivery: of its mapping and files in their order, and of how it is to be read."""
    hashes = (file if isinstance(file, str) else file.sha256 for file in files)
    return hashlib.sha256(
        "\n".join(("quittance-import/1", terms, mapping or "", *hashes)).encode()
    ).hexdigest()


def terms_of(*, corrections: bool) -> str:
    """How a statement file is to be read, as its content names it."""
    return "corrections" if corrections else ""


def of_mapping(text: bytes) -> str:
    """What tells a mapping again."""
    return content_of([], mapping=text.decode(errors="replace"))
