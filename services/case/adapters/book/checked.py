"""`import book --check`: what a delivery and its mapping come to, without a ledger and without writing anything."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from services.case.adapters.book.delivery import BookDelivery, open_book
from services.case.adapters.book.entities import OF_PARTIES
from services.case.application.book_reasons import REASONS
from services.case.application.book_source import BookReject, Group, Placed
from services.case.domain.book.rows import AccountRow, PartyRow

SHOWN_MAX = 100
"""Rejected rows that a report shows; the list of rejects holds all."""


@dataclass(slots=True)
class Checked:
    """What `--check` found. `rows`: what would be taken in, by entity; `keys`: of how many `accounts` and `parties`.

    `unmapped`: columns by file that the mapping neither uses nor ignores. `unused`: entries of the mapping that met
    nothing. `rejects` by reason, `first_rejects` the first of them in the order of the files. `left_to_ledger`: rows of
    accounts and parties that the delivery does not hold itself; only the ledger knows whether they are on record.
    """

    lender: str
    as_of: date
    full: bool
    invented: bool
    fingerprint: str
    files: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    unmapped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    rejects: Counter[str] = field(default_factory=Counter)
    first_rejects: list[Placed] = field(default_factory=list)
    nameless: int = 0
    left_to_ledger: int = 0

    @property
    def rejected(self) -> int:
        """Rows that would not be taken in."""
        return self.rejects.total()

    @property
    def clean(self) -> bool:
        """Nothing is rejected, and every column is accounted for."""
        return not self.rejected and not any(self.unmapped.values())

    def as_json(self) -> dict[str, Any]:
        """The document of `import book --check --json`."""
        return {
            "check": True,
            "invented": self.invented,
            "lender": self.lender,
            "as_of": self.as_of.isoformat(),
            "full": self.full,
            "fingerprint": self.fingerprint,
            "files": self.files,
            "lines": self.lines,
            "rows": dict(self.rows),
            "accounts": self.keys["accounts"],
            "parties": self.keys["parties"],
            "dropped": dict(self.dropped),
            "left_to_ledger": self.left_to_ledger,
            "unmapped": {file: list(columns) for file, columns in self.unmapped.items() if columns},
            "unused": list(self.unused),
            "rejected": self.rejected,
            "rejects": {reason: self.rejects[reason] for reason in REASONS if self.rejects[reason]},
            "first_rejects": [_said(placed) for placed in self.first_rejects],
        }


def check(folder: Path, mapping: Path) -> Checked:
    """Read the whole delivery and say what it comes to. Raises MappingUnusable, BookUnusable; OSError."""
    with open_book(folder, mapping) as book:
        return checked(book)


def checked(book: BookDelivery) -> Checked:
    """What an open delivery comes to."""
    terms = book.terms
    found = Checked(terms.lender, terms.as_of, terms.full, book.invented, book.fingerprint)
    for groups in (book.parties(), book.accounts()):
        _count(found, groups)
    found.lines, found.nameless, found.unmapped = book.lines, book.nameless, book.unmapped
    found.files = {file.name: file.path.stat().st_size for file in book.files}
    found.unused = tuple(_unused(book))
    rejects = book.rejects()
    found.first_rejects = list(islice(rejects, SHOWN_MAX))
    for placed in chain(found.first_rejects, rejects):
        assert isinstance(placed.row, BookReject), "rejects are rejects"
        found.rejects[placed.row.reason] += 1
    return found


def _count(found: Checked, groups: Iterator[Group]) -> None:
    for _, placed in groups:
        taken = [one for one in placed if not isinstance(one.row, BookReject)]
        named = any(isinstance(one.row, AccountRow | PartyRow) for one in taken)
        found.keys[_of(placed[0].entity)] += bool(taken)
        for one in taken:
            found.rows[one.entity] += 1
            found.dropped[one.entity] += getattr(one.row, "dropped", False)
        if not named:
            found.left_to_ledger += len(taken)
    for entity in [entity for entity, rows in found.dropped.items() if not rows]:
        del found.dropped[entity]


def _of(entity: str) -> str:
    return "parties" if entity in OF_PARTIES else "accounts"


def _unused(book: BookDelivery) -> Iterator[str]:
    """The mapping's keys that met nothing in this delivery: optional files and columns, codes, blocks without a row."""
    mapping = book.mapping
    held = {shape.name for shape, _, _ in book.files}
    for shape in mapping.files.values():
        if shape.name not in held:
            yield f"files.{shape.name}"
        else:
            headers = book.headers[shape.name]
            yield from (
                f"files.{shape.name}.{kind}: {column}"
                for kind, columns in (("ignore", shape.ignore), ("optional", shape.optional))
                for column in columns
                if column not in headers
            )
    for block in mapping.blocks:
        makers = [maker for maker in book.makers if maker.block is block]
        if makers and not any(maker.taken for maker in makers):
            yield block.key
        for name, table in block.codes.items():
            met = set().union(*(maker.codes_met.get(name, set()) for maker in makers))
            yield from (f"{block.key}.codes.{name}: {code}" for code in table if makers and code not in met)


def _said(placed: Placed) -> dict[str, Any]:
    assert isinstance(placed.row, BookReject), "rejects are rejects"
    return {
        "file": placed.file,
        "row": placed.number,
        "entity": placed.entity,
        "reason": placed.row.reason,
        "field": placed.row.field,
    }
