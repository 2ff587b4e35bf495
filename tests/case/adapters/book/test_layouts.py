"""Two lenders' layouts of one book are read to the same rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.case.adapters.book.delivery import open_book
from services.case.domain.book.rows import (
    AccountRow,
    BalanceRow,
    InstalmentRow,
    PartyRow,
    PointRow,
    RoleRow,
)
from tests.case.adapters.book.layouts import AS_OF, layout_a, layout_b
from tests.case.adapters.book.read import groups, rejects

LAYOUTS = pytest.mark.parametrize("layout", [layout_a, layout_b], ids=["five files", "wide and workbook"])


def test_both_layouts_say_the_same(tmp_path: Path) -> None:
    assert groups(*layout_a(tmp_path / "a")) == groups(*layout_b(tmp_path / "b"))


@LAYOUTS
def test_nothing_of_a_sound_book_is_rejected_and_every_column_is_accounted_for(
    layout: type[object], tmp_path: Path
) -> None:
    folder, mapping = layout(tmp_path / "x")  # type: ignore[misc, call-arg]
    assert rejects(folder, mapping) == []
    with open_book(folder, mapping) as book:
        assert not any(book.unmapped.values())
        assert book.nameless == 0
        assert book.invented
        terms = book.terms
    assert (terms.lender, terms.as_of, terms.full, terms.missing) == ("INVENTED_BANK", AS_OF, True, "KEEP")
    assert set(terms.entities) == {"parties", "points", "accounts", "roles", "instalments", "balances"}


@LAYOUTS
def test_what_a_row_says(layout: type[object], tmp_path: Path) -> None:
    parties, accounts = groups(*layout(tmp_path / "x"))  # type: ignore[misc, call-arg]
    assert list(parties) == ["C001", "C002", "C003", "C009"]
    assert list(accounts) == ["L-1", "L-2", "L-3", "L-4"]
    [person] = [row for row in parties["C003"] if isinstance(row, PartyRow)]
    assert (person.name, person.kind, person.identity_kind) == ("诸葛试三㐀", "PERSON", "CN_RIC")
    phones = {
        row.label: row for row in parties["C001"] if isinstance(row, PointRow) and row.medium == "PHONE"
    }
    assert phones["mobile"].value == "+8615412340001"
    assert phones["mobile"].zone == "Asia/Shanghai"
    assert AccountRow(
        account_ref="L-1", debtor_ref="C001", product="CONSUMER", currency="CNY", opened_on=date(2025, 7, 1),
        rate_ppm=146_000, lender="INVENTED_BANK",
    ) in accounts["L-1"]  # fmt: skip
    assert RoleRow(
        account_ref="L-1", party_ref="C009", role="GUARANTOR", guarantee="JOINT", until=date(2028, 7, 2)
    ) in accounts["L-1"]  # fmt: skip
    assert InstalmentRow(
        account_ref="L-1", number="2", due_on=date(2026, 1, 5), principal=100_002, interest=1_232, paid=5_050,
        currency="CNY",
    ) in accounts["L-1"]  # fmt: skip
    assert BalanceRow(
        account_ref="L-3", as_of=AS_OF, balance=-205, days_past_due=0, currency="CNY"
    ) in accounts["L-3"]  # fmt: skip


def test_a_delivery_has_one_fingerprint_until_a_byte_of_it_changes(tmp_path: Path) -> None:
    def fingerprint(folder: Path, mapping: Path) -> str:
        with open_book(folder, mapping) as book:
            return book.fingerprint

    folder, mapping = layout_a(tmp_path / "a")
    first = fingerprint(folder, mapping)
    assert first == fingerprint(*layout_a(tmp_path / "again" / "a"))
    loans = folder / "loans.csv"
    loans.write_text(loans.read_text() + "\n")
    second = fingerprint(folder, mapping)
    mapping.write_text(mapping.read_text() + "\n")
    assert len({first, second, fingerprint(folder, mapping)}) == 3
