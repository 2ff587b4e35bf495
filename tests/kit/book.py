"""A lender's book as plain rows, for tests of what is taken in of it: no files, no mapping."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from services.case.application.book.import_book import BookImport
from services.case.application.book.result import BookResult
from services.case.application.book_source import ENTITIES, BookReject, Group, Placed
from services.case.domain.book import rows as b
from services.case.domain.book.account_record import fold_record
from services.case.domain.policy import RETAIL_POLICIES, CasePolicy
from shared.eventstore.ledger import Ledger
from shared.kernel.policy import PolicyBook

DAY = date(2026, 12, 31)
POLICIES: PolicyBook[CasePolicy] = PolicyBook({"default": RETAIL_POLICIES})
_ENTITY_OF: dict[type, str] = {
    b.PartyRow: "parties", b.PointRow: "points", b.AccountRow: "accounts", b.RoleRow: "roles",
    b.InstalmentRow: "instalments", b.BalanceRow: "balances", b.CollateralRow: "collateral",
}  # fmt: skip


def terms(**change: Any) -> b.BookTerms:
    """How a delivery of the invented lender is read: a full book as of DAY whose figures are payments."""
    said: dict[str, Any] = {"lender": "L", "as_of": DAY, "full": True, "paid_in": b.PAID_IN_BOOK}
    return b.BookTerms(**said | change)


@dataclass
class PlainBook:
    """A delivery; `broken` are rows that could not be read, `nameless` those of which nobody knows the account."""

    terms: b.BookTerms
    rows: Sequence[Any]
    broken: Sequence[tuple[str, str, str]] = ()
    nameless: int = 0
    _rejects: list[Placed] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Of the rows."""
        return hashlib.sha256(repr((self.terms, self.rows)).encode()).hexdigest()

    def parties(self) -> Iterator[Group]:
        """By party_ref."""
        return self._groups(("parties", "points"), "party_ref")

    def accounts(self) -> Iterator[Group]:
        """By account_ref."""
        return self._groups(tuple(one for one in ENTITIES if one not in ("parties", "points")), "account_ref")

    def _groups(self, entities: tuple[str, ...], key: str) -> Iterator[Group]:
        found: dict[str, list[Placed]] = {}
        for number, row in enumerate(self.rows, start=2):
            entity = _ENTITY_OF[type(row)]
            if entity in entities:
                placed = Placed(entity, f"{entity}.csv", number, row)
                found.setdefault(getattr(row, key), []).append(placed)
        for number, (entity, ref, reason) in enumerate(self.broken, start=1000):
            if entity in entities:
                placed = Placed(entity, f"{entity}.csv", number, BookReject(reason, "row"))
                self._rejects.append(placed)
                found.setdefault(ref, []).append(placed)
        for ref in sorted(found):
            yield ref, sorted(found[ref], key=lambda one: ENTITIES.index(one.entity))

    def rejects(self) -> Iterator[Placed]:
        """The broken rows."""
        return iter(self._rejects)


@dataclass
class Rejected:
    """What was rejected: file, row, reason, field."""

    rows: list[tuple[str, int, str, str]] = field(default_factory=list)

    def put(self, placed: Placed) -> None:
        """Note one."""
        assert isinstance(placed.row, BookReject)
        self.rows.append((placed.file, placed.number, placed.row.reason, placed.row.field))

    @property
    def reasons(self) -> list[str]:
        """The reasons alone, sorted."""
        return sorted(reason for _, _, reason, _ in self.rows)


def in_ledger(ledger: Ledger) -> Any:
    """Which accounts of a lender are in the book, by the ledger itself: a slow way to what the view knows."""

    async def pages(lender: str) -> AsyncIterator[list[str]]:
        found: dict[str, list[Any]] = {}
        for lane in await ledger.lane_numbers():
            rows = await ledger.read_lane(lane, after=0, limit=1_000_000)
            for seen in await ledger.recorded([row for row in rows if row.stream_id.startswith("account-")]):
                found.setdefault(seen.stream, []).append(seen.event)
        there = [
            stream for stream, events in sorted(found.items())
            if (record := fold_record(events)).terms and record.left is None and record.terms.lender == lender
        ]  # fmt: skip
        for start in range(0, len(there), 3):
            yield there[start : start + 3]

    return pages


async def deliver(
    ledger: Ledger, book: PlainBook, rejected: Rejected | None = None, **how: Any
) -> BookResult:
    """Import a delivery."""
    run = BookImport(
        ledger=ledger, policies=POLICIES, **({"in_book": in_ledger(ledger), "today": date.max} | how)
    )
    return await run.run(book, rejects=rejected or Rejected())


def party(ref: str, **change: Any) -> b.PartyRow:
    """A person of the book."""
    said: dict[str, Any] = {"party_ref": ref, "name": f"Name of {ref}", "identity_kind": "CN_RIC"}
    return b.PartyRow(**said | change)


def point(ref: str, value: str, **change: Any) -> b.PointRow:
    """A way to reach them."""
    said: dict[str, Any] = {
        "party_ref": ref,
        "medium": "PHONE",
        "label": "mobile",
        "value": value,
        "source": "APPLICATION",
    }
    return b.PointRow(**said | change)


def account(ref: str, debtor: str, **change: Any) -> b.AccountRow:
    """A loan in CNY."""
    said: dict[str, Any] = {"account_ref": ref, "debtor_ref": debtor, "product": "LOAN", "currency": "CNY"}
    return b.AccountRow(**said | change)


def instalment(ref: str, number: int, due: date, **change: Any) -> b.InstalmentRow:
    """1,000.00 of principal and 50.00 of interest."""
    said: dict[str, Any] = {
        "account_ref": ref,
        "number": str(number),
        "due_on": due,
        "principal": 100_000,
        "interest": 5_000,
    }
    return b.InstalmentRow(**said | change)


def before(days: int) -> date:
    """So many days before DAY."""
    return DAY - timedelta(days=days)
