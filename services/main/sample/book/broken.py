"""Breaks some rows of an invented book in many ways, and says what a reader must reject, row by row.

Every broken row is a spoilt copy of a good one that stays, further up: whoever loses a good row is found out.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from services.main.sample.book.layout import COLUMNS

SHARE = 20
"""One row in so many is broken."""
HEAD_LINES = 2
Cells = list[str]


class Kind(NamedTuple):
    """A way to break a row of one file: which rows it works on, and what is wrong then (our reason and field)."""

    file: str
    reason: str
    field: str
    column: str
    spoil: Callable[[str], str]
    fits: Callable[[Cells], bool] = lambda _: True


class Broken(NamedTuple):
    """A broken row's place and what is wrong with it, as the list of rejects has it."""

    file: str
    row: int
    entity: str
    reason: str
    field: str


def _other_digit(number: str) -> str:
    return number[:-2] + str((int(number[-2]) + 1) % 10) + number[-1]


_PHONE, _PERSON = (lambda cells: cells[1] == "电话"), (lambda cells: cells[3] == "身份证")
KINDS = (
    Kind("parties", "bad-identity-number", "identity_no", "证件号码", _other_digit, _PERSON),
    Kind("points", "bad-phone", "value", "内容", lambda _: "154-无", _PHONE),
    Kind("accounts", "bad-date", "opened_on", "开户日期", lambda _: "2004-02-30"),
    Kind("roles", "unknown-account", "account_ref", "账号", lambda ref: f"{ref}-X"),
    Kind("instalments", "negative-amount", "principal", "本金", lambda amount: f"-{amount}"),
    Kind("balances", "bad-amount", "balance", "余额", lambda amount: f"{amount}元"),
    Kind("collateral", "bad-number", "priority", "顺位", lambda _: "首位"),
    Kind("parties", "missing-value", "name", "姓名", lambda _: ""),
    Kind("points", "unmapped-code", "medium", "联系方式", lambda _: "传真"),
    Kind("balances", "malformed-row", "row", "", str),
    Kind("roles", "unknown-party", "party_ref", "客户号", lambda ref: f"{ref}-X"),
    Kind("instalments", "duplicate-key", "row", "本金", lambda amount: str(int(amount) + 1)),
    Kind("points", "bad-encoding", "row", "", str),
    Kind("points", "unknown-zone", "zone", "时区", lambda _: "Asia/Invented"),
    Kind("parties", "date-order", "birth_on", "出生日期", lambda _: "2035-01-01"),
    Kind("points", "too-long", "value", "内容", lambda text: text * 60, lambda cells: cells[1] == "地址"),
    Kind("parties", "bad-text", "name", "姓名", lambda name: f"{name}\x07"),
    Kind("roles", "header-again", "row", "", str),
)
"""Eighteen ways."""


def broken(texts: dict[str, str], seed: int) -> tuple[dict[str, bytes], list[Broken]]:
    """The files with broken rows among the good ones, and the list of what is broken, in the order of the files."""
    draw = Random(f"{seed}/broken")
    lines: dict[str, list[tuple[bytes, Kind | None]]] = {
        file: [(line.encode(), None) for line in text.splitlines()] for file, text in texts.items()
    }
    wanted = sum(len(found) - HEAD_LINES for found in lines.values()) // (SHARE - 1)
    taken: set[tuple[Kind, bytes]] = set()
    for at in range(wanted):
        kind = KINDS[at % len(KINDS)]
        _spoil(lines[kind.file], kind, draw, taken)
    found = [
        Broken(f"{file}.csv", row, file, kind.reason, kind.field)
        for file in texts
        for row, (_, kind) in enumerate(lines[file], 1)
        if kind is not None
    ]
    return {file: b"\n".join(line for line, _ in lines[file]) + b"\n" for file in texts}, found


def _spoil(
    lines: list[tuple[bytes, Kind | None]], kind: Kind, draw: Random, taken: set[tuple[Kind, bytes]]
) -> None:
    """Put a spoilt copy of one of the good rows somewhere below it; of each row one of a kind, as all are listed."""
    while True:
        at = HEAD_LINES + draw.randrange(len(lines) - HEAD_LINES)
        line, spoilt = lines[at]
        cells = line.decode("utf-8", "replace").split(",")
        if spoilt is None and kind.fits(cells) and (kind, line) not in taken:
            break
    taken.add((kind, line))
    below = at + 1 + draw.randrange(len(lines) - at)
    lines.insert(below, (_spoilt(cells, kind), kind))


def _spoilt(cells: Cells, kind: Kind) -> bytes:
    columns = COLUMNS[kind.file].split(",")
    match kind.reason:
        case "malformed-row":
            return ",".join(cells[:-1]).encode()
        case "header-again":
            return ",".join(columns).encode()
        case "bad-encoding":
            return ",".join(cells).encode("gb18030")
    at = columns.index(kind.column)
    return ",".join([*cells[:at], kind.spoil(cells[at]), *cells[at + 1 :]]).encode()
