"""How much memory a workbook would take, measured before anything opens it.

calamine holds a sheet as a rectangle as large as its outermost cells, and every cell that shares a text holds a copy of
it. So a small file could ask for more memory than there is: by its compression, by one cell far out, or by one long
text in many cells. The file is read here once, a part at a time, without being understood any further.
"""

import re
import zipfile
import zlib
from array import array
from dataclasses import dataclass, field
from pathlib import Path

UNPACKED_BYTES_MAX = 256 << 20
TEXT_BYTES_MAX = 512 << 20
CELLS_MAX = 5_000_000
"""Of a sheet's rectangle: about 160 MB in memory. A larger table is delivered as CSV, or as several workbooks."""
PARTS_MAX = 10_000
CHUNK_BYTES = 1 << 20
TOO_LARGE, NO_WORKBOOK = "too-large", "not-a-workbook"

_OVERLAP = 256
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,9})["']""")
_SHARES = re.compile(rb"""\bt\s*=\s*["']s["']""")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^>]{0,64}>\s{0,8}<(?:\w+:)?v>\s{0,8}([0-9]{1,9})\s{0,8}<""")
_TEXT_ENDS = re.compile(rb"</(?:\w+:)?si\s*>")


def wrong_with(path: Path) -> str | None:
    """Why the workbook may not be opened: TOO_LARGE, NO_WORKBOOK; None where it may. Raises OSError as `open` does."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
                return TOO_LARGE
            texts = _Texts()
            for part in (part for part in parts if "sharedstrings" in part.filename.lower()):
                texts.read(packed, part)
            if (
                any(_reach(packed, part, texts) > CELLS_MAX for part in parts)
                or texts.copied > TEXT_BYTES_MAX
            ):
                return TOO_LARGE
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        # A part that is damaged, encrypted, packed in another way, or longer than it says.
        return NO_WORKBOOK
    return None


@dataclass(slots=True)
class _Texts:
    """The lengths of the texts that cells share, the longest, and how much their copies come to; all in bytes."""

    lengths: "array[int]" = field(default_factory=lambda: array("l"))
    longest: int = 0
    copied: int = 0

    def read(self, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        """Measure the texts of a part."""
        begun = 0
        with packed.open(part) as unpacked:
            while chunk := unpacked.read(CHUNK_BYTES):
                at = 0
                for end in _TEXT_ENDS.finditer(chunk):  # one cut in two counts with the one behind it
                    self.lengths.append(begun + end.start() - at)
                    self.longest = max(self.longest, self.lengths[-1])
                    begun, at = 0, end.end()
                begun += len(chunk) - at
        self.longest = max(self.longest, begun)

    def copies(self, chunk: bytes) -> None:
        """Add what the cells of a chunk copy; a cell that cannot be read copies the longest."""
        if not self.longest:
            return
        sharing, told = len(_SHARES.findall(chunk)), 0
        if sharing * self.longest < CHUNK_BYTES:  # too little to look at, whichever texts they are
            self.copied += sharing * self.longest
            return
        for number in _SHARED.findall(chunk):
            told += 1
            self.copied += self.lengths[int(number)] if int(number) < len(self.lengths) else 0
        self.copied += (sharing - told) * self.longest


def _reach(packed: zipfile.ZipFile, part: zipfile.ZipInfo, texts: _Texts) -> int:
    """At most how many cells the rectangle of a sheet has. Reads the part, of whatever kind, to its end.

    Cells need not say their place; then they stand one after another, and all could stand in one row.
    """
    rows, columns, placed, cells, tail = 0, 0, 0, 0, b""
    with packed.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK_BYTES):
            cells += len(_CELL.findall(chunk))
            for letters, digits in _PLACE.findall(tail + chunk):
                rows, columns = max(rows, int(digits)), max(columns, _column(letters))
                placed += bool(letters)
            texts.copies(chunk)
            tail = chunk[-_OVERLAP:]
    if placed < cells:
        rows, columns = max(rows, cells), max(columns, cells - placed)
    return rows * max(columns, 1)


def _column(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
