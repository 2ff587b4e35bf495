"""The check of a pack, offline: is it what its manifest says, and is the manifest the one on record?"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from services.legal.adapters.pack.making import FORMAT, MANIFEST, MANIFEST_PDF

NO_PACK, CHANGED, MISSING, UNLISTED, OTHER_MANIFEST = (
    "NO_PACK", "CHANGED", "MISSING", "UNLISTED", "OTHER_MANIFEST",
)  # fmt: skip
MANIFEST_BYTES_MAX, CHUNK = 16 << 20, 1 << 20
ENCIPHERED = 1
"""The bit that says so of a file in a ZIP."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. `wrong`: (file, what is wrong), empty: nothing; `manifest` its SHA-256 in hex."""

    manifest: str | None
    pack: str | None
    case: str | None
    as_of: str | None
    files: int
    gaps: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The document of `legal check-pack --json`."""
        return {
            "ok": not self.wrong, "manifest": self.manifest, "pack": self.pack, "case": self.case,
            "as_of": self.as_of, "files": self.files, "gaps": list(self.gaps),
            "wrong": [{"file": file, "what": what} for file, what in self.wrong],
        }  # fmt: skip


def check(file: Path, *, manifest: str | None = None) -> Checked:
    """Compare every file with the manifest. `manifest`: the SHA-256 on record, where it is known. Raises OSError."""
    try:
        with ZipFile(file) as opened:
            return _checked(opened, manifest)
    except (BadZipFile, ValueError, KeyError, TypeError, EOFError):
        return _none()


def _none() -> Checked:
    return Checked(None, None, None, None, 0, (), ((MANIFEST, NO_PACK),))


def _checked(opened: ZipFile, wanted: str | None) -> Checked:
    names = opened.namelist()
    held_as = opened.getinfo(MANIFEST)
    if not _plain(held_as) or held_as.file_size > MANIFEST_BYTES_MAX:
        return _none()
    held = opened.read(MANIFEST)
    digest, said = hashlib.sha256(held).hexdigest(), json.loads(held)
    if said["format"] != FORMAT:
        return _none()
    listed = {str(one["name"]): (str(one["sha256"]), int(one["size"])) for one in said["files"]}
    wrong: list[tuple[str, str]] = []
    if wanted is not None and wanted.lower() != digest:
        wrong.append((MANIFEST, OTHER_MANIFEST))
    for name, (sha256, size) in listed.items():
        if names.count(name) != 1:
            wrong.append((name, MISSING if name not in names else CHANGED))
        elif not _same(opened, name, sha256, size):
            wrong.append((name, CHANGED))
    wrong += [(name, UNLISTED) for name in names if name not in {*listed, MANIFEST, MANIFEST_PDF}]
    return Checked(
        manifest=digest, pack=str(said["pack"]), case=str(said["case"]), as_of=str(said["as_of"]), files=len(listed),
        gaps=tuple(f"{one['part']}:{one['why']}" for one in said["gaps"]), wrong=tuple(wrong),
    )  # fmt: skip


def _plain(held_as: ZipInfo) -> bool:
    """Stored as it is, as every file of ours: nothing is unpacked, so nothing can swell, and nothing is enciphered."""
    return held_as.compress_type == ZIP_STORED and not held_as.flag_bits & ENCIPHERED


def _same(opened: ZipFile, name: str, sha256: str, size: int) -> bool:
    held_as = opened.getinfo(name)
    if not _plain(held_as) or held_as.file_size != size:
        return False
    try:
        with opened.open(name) as content:
            found = hashlib.sha256()
            while chunk := content.read(CHUNK):
                found.update(chunk)
            return found.hexdigest() == sha256
    except BadZipFile:  # its own checksum is wrong already
        return False
