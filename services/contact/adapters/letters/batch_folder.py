"""A batch as a folder for the printer: its letters and two manifests, whole or not there at all."""

import os
import shutil
from hashlib import sha256
from pathlib import Path

from services.contact.adapters.letters.spool import LetterSpool
from services.contact.application.letters import manifest
from services.contact.domain.facts.letters import LetterBatchMade
from shared.kernel.ids import new_token


class LetterChanged(ValueError):
    """A letter of the spool, or a file of an earlier print, is not what the record says: nothing was written."""


def write_batch(made: LetterBatchMade, spool: LetterSpool, out: Path) -> Path:
    """The folder `batch-000001` in `out`; there already, it is compared, and left as it is.

    Raises: LetterChanged, FileNotFoundError for a letter the spool has no more, OSError.
    """
    target = out / f"batch-{made.batch:06d}"
    files = {
        "manifest.json": manifest.as_json(made.batch, made.at, made.letters),
        "manifest.csv": manifest.as_csv(made),
    }
    if sha256(files["manifest.json"]).hexdigest() != made.manifest:
        raise LetterChanged("manifest.json")
    if target.exists():
        _compare(made, files, target)
        return target
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = out / f".batch-{made.batch:06d}.{new_token()}"
    part.mkdir(mode=0o700)
    try:
        for letter in made.letters:
            pdf = spool.letter(letter.letter)
            if sha256(pdf).hexdigest() != letter.sha256:
                raise LetterChanged(manifest.file_of(letter))
            _write(part / manifest.file_of(letter), pdf)
        for name, content in files.items():
            _write(part / name, content)
        os.rename(part, target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target


def _compare(made: LetterBatchMade, files: dict[str, bytes], target: Path) -> None:
    """Raises LetterChanged unless the folder holds what was printed."""
    wanted = {manifest.file_of(one): one.sha256 for one in made.letters}
    wanted |= {name: sha256(content).hexdigest() for name, content in files.items()}
    for name, digest in wanted.items():
        file = target / name
        if not file.is_file() or sha256(file.read_bytes()).hexdigest() != digest:
            raise LetterChanged(name)


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
