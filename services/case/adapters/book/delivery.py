"""One delivery of a lender's book: a folder of files and a mapping, read as rows by key in constant memory.

All files are read once, front to back. The rows go into two sorts on disk (spill.py), by party and by account, out of
which each key comes with all that the delivery says of it, whatever the order of files and rows.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

import msgspec

from services.case.adapters.book import grouping, numbers
from services.case.adapters.book.cells import Cell, Table
from services.case.adapters.book.entities import OF_PARTIES
from services.case.adapters.book.folder import Found, day_column, day_in, day_of, find_files, open_table
from services.case.adapters.book.grouping import NAMES, RANK, Judged
from services.case.adapters.book.mapping import FULL, AsOf, Block, BookUnusable, Mapping
from services.case.adapters.book.mapping_file import read_mapping
from services.case.adapters.book.reading import Unreadable
from services.case.adapters.book.rows import Numbers, RowMaker
from services.case.adapters.book.spill import Entry, Spill
from services.case.application.book_reasons import HEADER_AGAIN, OTHER_AS_OF, TOO_MANY
from services.case.application.book_source import BookReject, Group, Placed
from services.case.domain.book.rows import BookTerms, RoleRow

GROUP_ROWS_MAX = 100_000
"""More rows of one key than that come of a mapping that takes the wrong column for the key."""
CHUNK_BYTES = 1 << 20
_KEY = itemgetter(0)
_REJECTS = msgspec.msgpack.Decoder(tuple[int, int, int, str, str])


@contextmanager
def open_book(folder: Path, mapping: Path) -> Iterator["BookDelivery"]:
    """The delivery in the folder, as the mapping file reads it; its temporary files are gone at the end.

    Raises: MappingUnusable, BookUnusable, before any row is read; OSError as `open` does.
    """
    delivery = BookDelivery(read_mapping(mapping), folder)
    try:
        yield delivery
    finally:
        delivery.close()


class BookDelivery:
    """A BookSource over files. `lines`: rows of all files read so far; `unmapped`: columns nobody takes, by file.

    `headers`: all columns of the files of one shape. `makers`: what made the rows, with what each met.
    """

    def __init__(self, mapping: Mapping, folder: Path) -> None:
        self.mapping = mapping
        self.files = find_files(folder, mapping)
        self.lines = 0
        self.unmapped: dict[str, tuple[str, ...]] = {}
        self.headers: dict[str, set[str]] = {}
        self.makers: list[RowMaker] = []
        self._read_whole = False
        self._nameless = {"parties": 0, "accounts": 0}
        self._sorts = {"parties": Spill(), "accounts": Spill()}
        self._rejects, self._nobody = Spill(), Spill()
        self._parties_judged = False
        reads = numbers.phones(mapping.region, invented=mapping.invented)
        self._numbers = Numbers(reads, numbers.emails(invented=mapping.invented), mapping.invented)
        # Before any row is read: a delivery that lacks a column is refused as a whole.
        for found in self.files:
            self._fits(found, open_table(found).header)

    @cached_property
    def terms(self) -> BookTerms:
        """How it is to be read."""
        mapping = self.mapping
        return BookTerms(
            lender=mapping.lender, as_of=day_of(mapping, self.files), full=mapping.kind == FULL,
            missing=mapping.missing, paid_in=mapping.paid_in, zone=mapping.zone, entities=self._entities(),
        )  # fmt: skip

    @property
    def invented(self) -> bool:
        """Does the mapping call the book INVENTED (虚构)?"""
        return self.mapping.invented

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, in hex, of mapping and files: the same delivery again has the same."""
        whole = hashlib.sha256(b"quittance-book/1\n" + hashlib.sha256(self.mapping.text).digest())
        for found in self.files:
            with found.path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
            whole.update(hashlib.sha256(f"{found.shape.name}\n{found.name}".encode()).digest() + content)
        return whole.hexdigest()

    @property
    def nameless(self) -> int:
        """Rejected account rows of which nobody can tell the account."""
        self._read()
        return self._nameless["accounts"]

    def parties(self) -> Iterator[Group]:
        """The rows of one party after another, by party_ref; each party once."""
        self._read()
        whole = self._names_all("parties")
        for key, entries in self._by_key(iter(self._sorts["parties"])):
            rows = [self._placed(one) for one in grouping.judged(entries, whole=whole)]
            if whole and not any(one.entity == "parties" for one in rows):
                for naming in grouping.namings(entries):
                    self._nobody.put(*grouping.nobody_entry(naming))
            if rows:
                yield key, rows
        self._parties_judged = True

    def accounts(self) -> Iterator[Group]:
        """The rows of one account after another, by account_ref; each account once, even if no file names it twice."""
        if not self._parties_judged:
            for _ in self.parties():
                pass
        whole = self._names_all("accounts")
        for key, entries in self._by_key(merge(self._sorts["accounts"], self._nobody)):
            rows = [self._placed(one) for one in grouping.judged(entries, whole=whole)]
            if rows:
                yield key, rows

    def rejects(self) -> Iterator[Placed]:
        """Rows that could not be read, in the order of the files; complete once parties and accounts are read."""
        self._read()
        before = None
        for _, place, content in self._rejects:
            if place != before:  # what could not be read is met again in its group
                rank, file, number, reason, field = _REJECTS.decode(content)
                yield Placed(NAMES[rank], self.files[file].name, number, BookReject(reason, field))
            before = place

    def close(self) -> None:
        """Remove the temporary files."""
        for spill in (*self._sorts.values(), self._rejects, self._nobody):
            spill.close()

    def _names_all(self, entity: str) -> bool:
        """Is what no row names not there? Not in a delta, and not while a broken row may have named it."""
        return self.terms.full and not self._nameless[entity]

    def _entities(self) -> tuple[str, ...]:
        """What the delivery has files of."""
        given = {found.shape.name for found in self.files}
        held = {block.entity.name for block in self.mapping.blocks if block.file in given}
        return tuple(name for name in NAMES if name in held)

    def _fits(self, found: Found, header: list[str]) -> None:
        """Refuse a header that lacks a column of the mapping; note the columns that nobody takes."""
        shape, used, missing = found.shape, set[str](), set[str]()
        for block in self._blocks_of(found):
            always = block.needed_columns
            wanted = always | set(block.columns.values())
            missing |= {c for c in wanted if c not in header and (c in always or c not in shape.optional)}
            used |= wanted
        if isinstance(as_of := self.mapping.as_of, AsOf) and as_of.file == shape.name and as_of.column:
            used.add(as_of.column)
        if missing:
            raise BookUnusable(file=shape.name, wrong="missing-columns", columns=tuple(sorted(missing)))
        if twice := {column for column in used if header.count(column) > 1}:
            raise BookUnusable(file=shape.name, wrong="columns-twice", columns=tuple(sorted(twice)))
        self.headers.setdefault(shape.name, set()).update(header)
        left = tuple(dict.fromkeys(name for name in header if name and name not in {*used, *shape.ignore}))
        self.unmapped[found.name] = left

    def _blocks_of(self, found: Found) -> list[Block]:
        return [block for block in self.mapping.blocks if block.file == found.shape.name]

    def _read(self) -> None:
        """Take all files into the sorts, once."""
        if self._read_whole:
            return
        self._read_whole = True
        place = 0
        for index, found in enumerate(self.files):
            table = open_table(found)
            self._fits(found, table.header)
            makers = [self._maker(block, table.header) for block in self._blocks_of(found)]
            self.makers.extend(makers)
            if makers:
                place = self._read_table(index, found, table, makers, place)

    def _maker(self, block: Block, header: list[str]) -> RowMaker:
        return RowMaker.of(block, header, terms=self.terms, blank=self.mapping.blank, reads=self._numbers)

    def _read_table(self, index: int, found: Found, table: Table, makers: list[RowMaker], place: int) -> int:
        """Take one file; returns the next free place."""
        as_of = self.mapping.as_of
        day_at = None
        if isinstance(as_of, AsOf) and as_of.column and as_of.file == found.shape.name:
            day_at = day_column(as_of, found, table)
        for number, cells in table.rows:
            self.lines += 1
            if isinstance(cells, list) and day_at is not None and not self._of_the_day(cells[day_at]):
                cells = OTHER_AS_OF
            if isinstance(cells, str):
                place += 1
                broken = BookReject(cells, "row")
                self._put_reject(RANK[makers[0].block.entity.name], place, index, number, broken)
                if cells != HEADER_AGAIN:
                    for entity in self._nameless:
                        self._nameless[entity] += any(maker.block.entity.name == entity for maker in makers)
                continue
            for maker in makers:
                if (made := maker.make(cells)) is None:
                    continue
                place += 1
                key, row = made
                rank = RANK[maker.block.entity.name]
                if isinstance(row, BookReject):
                    self._put_reject(rank, place, index, number, row)
                    if key is None and maker.block.entity.name in self._nameless:
                        self._nameless[maker.block.entity.name] += 1
                else:
                    maker.taken += 1
                if key is not None:
                    self._put(
                        maker.block.entity.name, grouping.row_entry(key, rank, place, index, number, row)
                    )
                if isinstance(row, RoleRow) and self.terms.full:
                    self._sorts["parties"].put(*grouping.naming_entry(row.party_ref, row.account_ref, place))
        return place

    def _of_the_day(self, cell: Cell) -> bool:
        assert isinstance(self.mapping.as_of, AsOf), "only a column's day can differ from row to row"
        try:
            return day_in(self.mapping.as_of, cell) == self.terms.as_of
        except Unreadable:
            return False

    def _put(self, entity: str, entry: Entry) -> None:
        self._sorts["parties" if entity in OF_PARTIES else "accounts"].put(*entry)

    def _put_reject(self, rank: int, place: int, file: int, number: int, reject: BookReject) -> None:
        self._rejects.put(
            "", place, msgspec.msgpack.encode((rank, file, number, reject.reason, reject.field))
        )

    def _by_key(self, entries: Iterator[Entry]) -> Iterator[tuple[str, list[Entry]]]:
        """The entries of one key after another; more of one than memory should hold are rejected."""
        for key, group in groupby(entries, _KEY):
            yield key, list(islice(group, GROUP_ROWS_MAX))
            for _, place, content in group:  # noqa: B031 - what is left of it
                if (one := grouping.read_row(place, content)) is not None:
                    self._put_reject(one.rank, one.place, one.file, one.number, BookReject(TOO_MANY, "row"))

    def _placed(self, one: Judged) -> Placed:
        """The row as the reader gets it; a reject that came of judging the group is noted among the rejects."""
        if isinstance(one.row, BookReject):
            self._put_reject(one.rank, one.place, one.file, one.number, one.row)
        return Placed(NAMES[one.rank], self.files[one.file].name, one.number, one.row)
