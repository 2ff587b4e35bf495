"""Writes the invented book to a folder: files, and the mapping that reads them."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from services.main.sample.book import layout
from services.main.sample.book.broken import Broken
from services.main.sample.book.broken import broken as with_broken_rows
from services.main.sample.book.delta import delta as second
from services.main.sample.book.portfolio import Portfolio, full

SEED = 1
MAPPING = "MAP.toml"
EXPECTED = "INVENTED-rejects.csv"
"""What an import of a broken book must reject: the same bytes as its list of rejects."""
OURS = frozenset({MAPPING, EXPECTED, *(f"{name}.csv" for name in layout.COLUMNS)})


class FolderTaken(Exception):
    """The folder holds files that are not of an earlier run; nothing was written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows by file, good and broken, and where the mapping is."""

    mapping: Path
    rows: dict[str, int]
    broken: int


def write(folder: Path, *, seed: int = SEED, delta: bool = False, broken: bool = False) -> Written:
    """Write the first delivery, or the second (`delta`), with broken rows among the good ones where asked (`broken`).

    Raises: FolderTaken; OSError as writing does.
    """
    if folder.exists() and not all(_is_ours(path) for path in folder.iterdir()):
        raise FolderTaken
    book = second(seed) if delta else full(seed)
    texts = _texts(book, delta=delta)
    contents = {file: text.encode() for file, text in texts.items()}
    expected: list[Broken] = []
    if broken:
        contents, expected = with_broken_rows(texts, seed)
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in OURS:
        (folder / earlier).unlink(missing_ok=True)
    for file, content in contents.items():
        (folder / f"{file}.csv").write_bytes(content)
    mapping = files("services.main.sample.book") / ("delta.toml" if delta else "full.toml")
    (folder / MAPPING).write_bytes(mapping.read_bytes())
    if broken:
        lines = ["file,row,entity,reason,field", *(",".join(map(str, one)) for one in expected)]
        (folder / EXPECTED).write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = {file: len(text.splitlines()) - 2 for file, text in texts.items()}
    return Written(folder / MAPPING, rows, len(expected))


def _is_ours(path: Path) -> bool:
    """Did an earlier run write it? Lenders have a parties.csv too."""
    if path.name not in OURS or not path.is_file():
        return False
    with path.open("rb") as file:
        return path.name == EXPECTED or b"INVENTED" in file.readline(1024)


def _texts(book: Portfolio, *, delta: bool) -> dict[str, str]:
    return {file: layout.text(file, rows, delta=delta) for file, rows in book.by_file() if rows or not delta}
