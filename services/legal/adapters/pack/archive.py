"""A pack as a ZIP: fixed times, fixed order, nothing compressed, so that the same content is the same bytes."""

import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from zipfile import ZIP_STORED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP can hold."""
UNIX, OWNERS_ALONE = 3, 0o600


@dataclass(frozen=True, slots=True)
class FileListed:
    """A file of the pack as the manifest lists it."""

    name: str
    sha256: str
    size: int

    def as_json(self) -> dict[str, str | int]:
        """Its entry."""
        return {"name": self.name, "sha256": self.sha256, "size": self.size}


@dataclass(slots=True)
class Archive:
    """A ZIP on its way to `to`, for its owner alone; it takes that name when it is whole."""

    to: Path
    files: list[FileListed] = field(default_factory=list)
    _zip: ZipFile | None = None

    @property
    def unfinished(self) -> Path:
        """Where it lies until it is whole."""
        return self.to.with_name(f".{self.to.name}.part")

    def __enter__(self) -> "Archive":
        self.unfinished.unlink(missing_ok=True)
        handle = os.open(self.unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, OWNERS_ALONE)
        self._zip = ZipFile(os.fdopen(handle, "w+b"), "w", ZIP_STORED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._zip is not None, "entered"
        opened = self._zip.fp
        try:
            self._zip.close()
            if opened is not None:
                if kind is None:
                    opened.flush()
                    os.fsync(opened.fileno())
                opened.close()
            if kind is None:
                os.replace(self.unfinished, self.to)
        finally:
            self.unfinished.unlink(missing_ok=True)

    def put(self, name: str, content: bytes, *, listed: bool = True) -> str:
        """One more file; its SHA-256 in hex."""
        assert self._zip is not None, "entered"
        info = ZipInfo(name, EPOCH)
        info.create_system, info.external_attr = UNIX, OWNERS_ALONE << 16
        self._zip.writestr(info, content)
        digest = sha256(content).hexdigest()
        if listed:
            self.files.append(FileListed(name, digest, len(content)))
        return digest
