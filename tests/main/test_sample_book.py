"""The invented book of the sample: repeatable, marked, impossible to take for anybody's, and read as it is meant."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import phonenumbers
import pytest
from stdnum.cn import ric

from services.case.adapters.book.checked import check
from services.case.adapters.book.delivery import open_book
from services.case.adapters.book.rejects_file import BookRejectsFile
from services.case.domain.book.rows import (
    AccountRow,
    BalanceRow,
    CollateralRow,
    InstalmentRow,
    PartyRow,
    PointRow,
    RoleRow,
)
from services.main.sample.book import portfolio
from services.main.sample.book.broken import KINDS
from services.main.sample.book.writing import EXPECTED, FolderTaken, write
from tests.case.adapters.book.read import groups
from tests.kit.command import command_in


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sample") / "book"
    write(made)
    return made


def test_one_seed_gives_the_same_bytes_and_another_gives_others(folder: Path, tmp_path: Path) -> None:
    def contents(path: Path) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in path.iterdir()}

    for options in ({"broken": True}, {"delta": True}, {}):
        write(tmp_path / "a", **options)
        write(tmp_path / "b", **options)
        assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert contents(tmp_path / "a") == contents(folder)
    write(tmp_path / "b", seed=2)
    assert contents(tmp_path / "a") != contents(tmp_path / "b")


def test_every_file_says_that_it_is_invented(tmp_path: Path) -> None:
    for options in ({}, {"delta": True}, {"broken": True}):
        write(tmp_path / "x", **options)
        for file in (tmp_path / "x").iterdir():
            first = file.read_text(encoding="utf-8", errors="replace").splitlines()[0]
            assert "INVENTED" in file.name or ("INVENTED" in first and "虚构" in first), file.name


def test_the_whole_of_it_is_read_and_nothing_is_left_over(folder: Path) -> None:
    found = check(folder, folder / "MAP.toml")
    assert found.clean
    assert found.invented
    assert found.unused == ()
    assert found.keys["accounts"] == 500
    assert found.rows["parties"] > 600
    assert set(found.rows) == {
        "parties",
        "points",
        "accounts",
        "roles",
        "instalments",
        "balances",
        "collateral",
    }


def test_no_number_in_it_can_be_anybodys(folder: Path) -> None:
    parties, _ = groups(folder, folder / "MAP.toml")
    rows = [row for group in parties.values() for row in group]
    phones = [row.value for row in rows if isinstance(row, PointRow) and row.medium == "PHONE"]
    identities = [
        row.identity_no for row in rows if isinstance(row, PartyRow) and row.identity_kind == "CN_RIC"
    ]
    assert len(phones) > 700
    assert len(identities) > 500
    assert not any(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)
    assert not any(ric.is_valid(number) for number in identities)
    assert len(set(identities)) == len(identities)


def test_a_real_book_of_these_files_is_rejected_number_by_number(folder: Path, tmp_path: Path) -> None:
    text = (folder / "MAP.toml").read_text(encoding="utf-8")
    real = tmp_path / "real.toml"
    real.write_text(text.replace("invented = true", "invented = false"), encoding="utf-8")
    found = check(folder, real)
    assert set(found.rejects) == {"bad-phone", "bad-identity-number", "bad-email"}


def test_the_accounts_are_the_samples_and_each_has_its_debtor(folder: Path) -> None:
    _, accounts = groups(folder, folder / "MAP.toml")
    assert list(accounts) == sorted(statement.account_ref for statement in portfolio.statements())
    roles: Counter[str] = Counter()
    for ref, rows in accounts.items():
        [account] = [row for row in rows if isinstance(row, AccountRow)]
        assert (account.debtor_ref, account.currency, account.lender) == (ref, "TWD", "INVENTED_BANK")
        roles.update(row.role for row in rows if isinstance(row, RoleRow))
    assert set(roles) == {"DEBTOR", "JOINT_DEBTOR", "GUARANTOR", "RESERVED_CONTACT", "ATTORNEY"}
    assert roles["DEBTOR"] == 500
    assert any(isinstance(row, CollateralRow) for rows in accounts.values() for row in rows)


def test_instalments_tell_the_same_days_past_due_and_balance_as_the_statements(folder: Path) -> None:
    _, accounts = groups(folder, folder / "MAP.toml")
    told: Counter[int] = Counter()
    for rows in accounts.values():
        plan = [row for row in rows if isinstance(row, InstalmentRow)]
        [balance] = [row for row in rows if isinstance(row, BalanceRow)]
        if plan:
            unpaid = [row for row in plan if row.paid < row.principal]
            overdue = [(portfolio.AS_OF - row.due_on).days for row in unpaid if row.due_on < portfolio.AS_OF]
            assert max(overdue, default=0) == balance.days_past_due
            assert sum(row.principal - row.paid for row in plan) == balance.balance
            told[balance.days_past_due or 0] += 1
    assert sum(told.values()) > 30
    assert len(told) > 2


def test_the_second_delivery_changes_phones_adds_instalments_and_drops_an_account(
    folder: Path, tmp_path: Path
) -> None:
    write(tmp_path / "x", delta=True)
    mapping = tmp_path / "x" / "MAP.toml"
    before, plans = groups(folder, folder / "MAP.toml")
    parties, accounts = groups(tmp_path / "x", mapping)
    with open_book(tmp_path / "x", mapping) as book:
        assert (book.terms.full, book.terms.as_of) == (False, date(2005, 10, 31))
        assert book.terms.entities == ("points", "accounts", "instalments")
    changed = [row for rows in parties.values() for row in rows if isinstance(row, PointRow)]
    known = {
        (row.party_ref, row.label): row
        for rows in before.values()
        for row in rows
        if isinstance(row, PointRow)
    }
    assert sum(row.dropped for row in changed) == 1
    assert len(changed) > 40
    assert all(known[row.party_ref, row.label].value != row.value for row in changed)
    dropped = [row for rows in accounts.values() for row in rows if isinstance(row, AccountRow)]
    assert [(row.dropped, row.drop_reason) for row in dropped] == [(True, "RECALLED")]
    added = [row for rows in accounts.values() for row in rows if isinstance(row, InstalmentRow)]
    assert {row.account_ref for row in added if row.number == "13"} == {
        ref for ref, rows in plans.items() if any(isinstance(row, InstalmentRow) for row in rows)
    }
    paid = [row for row in added if row.number != "13"]
    assert paid
    assert all(row.paid == row.principal and row.paid_on == row.due_on for row in paid)


def test_a_broken_book_loses_no_good_row_and_lists_every_broken_one(folder: Path, tmp_path: Path) -> None:
    written = write(tmp_path / "x", broken=True)
    listed, sound = tmp_path / "rejects.csv", check(folder, folder / "MAP.toml")
    with open_book(tmp_path / "x", written.mapping) as book:
        rows = Counter(
            one.entity for each in (book.parties(), book.accounts()) for _, group in each for one in group
        )
        with BookRejectsFile(listed) as sink:
            for placed in book.rejects():
                sink.put(placed)
    assert listed.read_bytes() == (tmp_path / "x" / EXPECTED).read_bytes()
    with listed.open(encoding="utf-8") as file:
        reasons = Counter(line["reason"] for line in csv.DictReader(file))
    assert set(reasons) == {kind.reason for kind in KINDS}
    assert len(reasons) == 18
    total = sum(sound.rows.values())
    assert written.broken / (total + written.broken) == pytest.approx(0.05, abs=0.002)
    assert check(tmp_path / "x", written.mapping).rows == sound.rows
    assert all(rows[entity] >= count for entity, count in sound.rows.items())
    good, good_accounts = groups(folder, folder / "MAP.toml")
    some, some_accounts = groups(tmp_path / "x", written.mapping)
    assert {key: group for key, group in some.items() if group} == good
    assert {key: group for key, group in some_accounts.items() if group} == good_accounts


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(FolderTaken):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    (tmp_path / "letter.txt").rename(tmp_path / "parties.csv")
    with pytest.raises(FolderTaken):
        write(tmp_path)
    assert (tmp_path / "parties.csv").read_text() == "mine"


def test_the_command_says_what_it_wrote_and_refuses_what_it_must(tmp_path: Path) -> None:
    quittance = command_in(tmp_path)
    done = quittance("sample", "book", "book")
    assert done.code == 0
    assert "INVENTED" in done.out
    assert "quittance import book book --mapping book/MAP.toml" in done.out
    said = quittance.json("sample", "book", "book", "--delta")
    assert (said["invented"], said["seed"], said["mapping"]) == (True, 1, "book/MAP.toml")
    assert set(said["rows"]) == {"points", "accounts", "instalments"}
    assert quittance("sample", "book", "book", "--delta", "--broken").code == 2
    (tmp_path / "file").write_text("x")
    assert quittance("sample", "book", "file").code == 1
    assert quittance("sample", "book", ".").code == 1
