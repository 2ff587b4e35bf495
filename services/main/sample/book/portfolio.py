"""The rows of the invented book: whose the sample's accounts are, who stands beside them, and what is due.

References, balances, limits and arrears are those of the real statements; persons, terms and instalments are drawn.
An account's instalments lie so that its days past due come to the same by them as by its statements.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from random import Random
from typing import NamedTuple

from services.main.sample.book import people
from services.main.sample.book.people import Party

STATEMENTS = "statements-500.csv"
AS_OF = date(2005, 9, 30)
DAYS_PER_MONTH = 30
"""The statements tell arrears in months; instalments thirty days apart tell the same (DESIGN 6)."""
MONTHS_BACK, MONTHS_AHEAD = 5, 6
PLAN_LEAST = 20_000
"""No instalment of a plan is so small that the policy's tolerance would count it as paid."""
RELATIONS = ("配偶", "父母", "子女", "同事", "朋友")
COLLATERAL = ("存单质押", "车辆抵押", "房产抵押")

Row = tuple[object, ...]


class Statement(NamedTuple):
    """The latest line of an account's statements; amounts are in whole dollars, as published."""

    account_ref: str
    months: int
    balance: int
    limit: int


@dataclass(slots=True)
class Portfolio:
    """A delivery's rows by file, in the order of the columns of `layout.COLUMNS`."""

    parties: list[Row] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    roles: list[Row] = field(default_factory=list)
    instalments: list[Row] = field(default_factory=list)
    balances: list[Row] = field(default_factory=list)
    collateral: list[Row] = field(default_factory=list)

    def by_file(self) -> Iterator[tuple[str, list[Row]]]:
        """The file's name and its rows."""
        for name in self.__slots__:
            yield name, getattr(self, name)


def statements() -> list[Statement]:
    """Each account at the sample's last month end, in the order of the file."""
    text = (files("services.main.sample") / STATEMENTS).read_text(encoding="utf-8")
    return [
        Statement(
            line["account_ref"],
            int(line["months_past_due"]),
            int(line["statement_balance"]),
            int(line["credit_limit"]),
        )
        for line in csv.DictReader(text.splitlines())
        if line["as_of"] == AS_OF.isoformat()
    ]


def has_plan(at: int, statement: Statement) -> bool:
    """Is the balance of this account, the `at`-th, paid in instalments?"""
    return at % 8 == 0 and statement.balance >= PLAN_LEAST


def full(seed: int) -> Portfolio:
    """The whole book as of AS_OF."""
    book = Portfolio()
    for at, statement in enumerate(statements()):
        draw = Random(f"{seed}/{statement.account_ref}")
        _account(book, at, statement, draw)
        _debtor(book, at, statement, draw)
        _beside(book, at, statement, draw)
        if has_plan(at, statement):
            book.instalments.extend(_plan(statement))
    return book


def _account(book: Portfolio, at: int, statement: Statement, draw: Random) -> None:
    ref = statement.account_ref
    opened = date(1996, 1, 1) + timedelta(days=draw.randrange(3_200))
    rate = ("19.71", "18.25", "15.00", "20.00")[draw.randrange(4)]
    product = "分期卡" if has_plan(at, statement) else "信用卡"
    book.accounts.append((ref, ref, product, opened, rate, "5", statement.limit))
    overdue = max(statement.balance, 0) if statement.months else 0
    book.balances.append((ref, statement.balance, overdue, DAYS_PER_MONTH * statement.months))
    if draw.randrange(25) == 0:
        kind = COLLATERAL[draw.randrange(3)]
        book.collateral.append((ref, f"INVENTED-{ref}-1", kind, statement.limit, opened, 1))


def _debtor(book: Portfolio, at: int, statement: Statement, draw: Random) -> None:
    ref = statement.account_ref
    book.parties.append(people.person(ref, at, draw))
    book.roles.append((ref, ref, "债务人", "", "", "", ""))
    _phone(book, ref, "mobile", "申请表", draw)
    if draw.randrange(3) == 0:
        _phone(book, ref, "work", "征信报告", draw)
    book.points.append((ref, "地址", "home", people.address(draw), "申请表", ""))
    if draw.randrange(4) == 0:
        book.points.append((ref, "邮箱", "private", f"{ref.lower()}@invented.example", "本人提供", ""))


def _phone(book: Portfolio, ref: str, label: str, source: str, draw: Random) -> None:
    zone = "Asia/Urumqi" if draw.randrange(40) == 0 else ""  # else by the number itself
    book.points.append((ref, "电话", label, people.phone(draw), source, zone))


def _beside(book: Portfolio, at: int, statement: Statement, draw: Random) -> None:
    """Who else stands by the account: joint debtor, guarantor, reserved contact, attorney."""
    ref, serial = statement.account_ref, 1_000 + 10 * at
    if draw.randrange(25) == 0:
        joint = people.person(f"{ref}-J", serial, draw)
        _link(book, joint, (ref, joint.ref, "共同债务人", "", "", "", "配偶"), draw)
    if draw.randrange(10) == 0:
        company = draw.randrange(5) == 0
        made = people.organisation if company else people.person
        guarantor: Party = made(f"{ref}-G", serial + 1, draw)
        kind = "连带责任" if draw.randrange(3) else "一般保证"
        start = date(2004, 1, 1) + timedelta(days=draw.randrange(365))
        last = start + timedelta(days=3 * 365 - 1)
        _link(book, guarantor, (ref, guarantor.ref, "保证人", kind, start, last, ""), draw)
    if draw.randrange(3) == 0:
        contact = people.person(f"{ref}-C", serial + 2, draw)
        contact = contact._replace(document="", number="", born=None)  # a lender knows a name and a number
        relation = RELATIONS[draw.randrange(len(RELATIONS))]
        _link(book, contact, (ref, contact.ref, "紧急联系人", "", "", "", relation), draw)
    if draw.randrange(100) == 0:
        lawyers = people.organisation(f"{ref}-A", serial + 3, draw, lawyers=True)
        _link(book, lawyers, (ref, lawyers.ref, "律师", "", "", "", ""), draw)


def _link(book: Portfolio, party: Party, role: Row, draw: Random) -> None:
    book.parties.append(party)
    book.roles.append(role)
    _phone(book, party.ref, "mobile", "申请表", draw)


def due(months: int) -> date:
    """When the instalment falls due that is this many months old on the day of the book; negative: ahead of it."""
    return AS_OF - timedelta(days=DAYS_PER_MONTH * months)


def _plan(statement: Statement) -> Iterator[Row]:
    """Twelve instalments, of which those are unpaid that the statement's arrears say; together they are the balance."""
    oldest_unpaid = statement.months or -1
    unpaid = oldest_unpaid + MONTHS_AHEAD + 1
    share, rest = divmod(statement.balance, unpaid)
    for number, months in enumerate(range(MONTHS_BACK, -MONTHS_AHEAD - 1, -1), 1):
        if months > oldest_unpaid:
            yield statement.account_ref, number, due(months), share, 0, share, due(months)
        else:
            yield statement.account_ref, number, due(months), share + rest, 0, 0, ""
            rest = 0
