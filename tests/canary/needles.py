"""What the planted person's data looks like, in every shape in which it could leak, and the search for it."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from stdnum.cn import ric

_NUMBER = "99010119770707071"


@dataclass(frozen=True)
class Canary:
    """Somebody who does not exist, with letters and digits that stand nowhere else."""

    name: str = "禤龘靐"
    mobile: str = "15412977341"
    work: str = "15471299773"
    identity_no: str = _NUMBER + ric.calc_check_digit(_NUMBER + "0")
    address: str = "虚构市龘靐路七零七一号院九栋"
    email: str = "xuan.dali.c7071@canary-mail.test"
    note: str = "备注龘靐勿外传七零七一"

    @property
    def values(self) -> dict[str, str]:
        """Every value as it was written."""
        said = dict(self.__dict__)
        return {name: said.get(name, getattr(self, name)) for name in self.__dataclass_fields__}


CANARY = Canary()


def spellings(canary: Canary) -> dict[str, str]:
    """label -> a text that gives the person away."""
    mobile = canary.mobile
    found = canary.values | {
        "E.164": f"+86{mobile}",
        "country code": f"86{mobile}",
        "spaced": f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
        "dashed": f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
        "identity without its check digit": canary.identity_no[:-1],
        "local part": canary.email.partition("@")[0],
        "folded address": canary.email.upper(),
        "half of the name": canary.name[1:],
        "half of the address": canary.address[3:9],
    }
    return {label: text for label, text in found.items() if text}


def needles(canary: Canary = CANARY) -> dict[str, bytes]:
    """label -> bytes, for every spelling in every encoding."""
    found: dict[str, bytes] = {}
    for label, text in spellings(canary).items():
        raw = text.encode()
        found[f"{label}, UTF-8"] = raw
        found[f"{label}, UTF-16"] = text.encode("utf-16-le")
        found[f"{label}, hexadecimal"] = raw.hex().encode()
        if not text.isascii():
            found[f"{label}, GB18030"] = text.encode("gb18030")
            found[f"{label}, escaped"] = json.dumps(text)[1:-1].encode()
        if quote(text, safe="") != text:
            found[f"{label}, URL"] = quote(text, safe="").encode()
        for shift in range(3):
            # What stays the same wherever the value stands in what was encoded.
            coded = base64.b64encode(b"\0" * shift + raw)
            first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
            found[f"{label}, base64 at {shift}"] = coded[first:last]
            found[f"{label}, base64url at {shift}"] = coded[first:last].translate(_URLSAFE)
    return found


_URLSAFE = bytes.maketrans(b"+/", b"-_")
NEEDLES = needles()
LONGEST = max(map(len, NEEDLES.values()))
CHUNK = 1 << 20


def in_bytes(raw: bytes, where: str, *, but: Iterable[str] = ()) -> list[str]:
    """`where: label` for each needle in these bytes; `but`: spellings that may stand there."""
    allowed = [text.encode() for text in but]
    for text in allowed:
        raw = raw.replace(text, b"")
    return [f"{where}: {label}" for label, needle in NEEDLES.items() if needle in raw]


def in_text(text: str, where: str, *, but: Iterable[str] = ()) -> list[str]:
    """As `in_bytes`."""
    return in_bytes(text.encode("utf-8", "surrogatepass"), where, but=but)


def in_file(path: Path) -> list[str]:
    """As `in_bytes`, of a file of any size."""
    found: set[str] = set()
    with path.open("rb") as file:
        kept = b""
        while part := file.read(CHUNK):
            found |= set(in_bytes(kept + part, str(path)))
            kept = (kept + part)[-LONGEST:]
    return sorted(found)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file, hidden ones too."""
    for here, _, names in os.walk(folder):
        yield from (path for path in (Path(here, name) for name in names) if path.is_file())


def in_folder(folder: Path) -> list[str]:
    """As `in_file`, of every file below a folder; and of their names."""
    found = []
    for path in files_below(folder):
        found += in_text(str(path.relative_to(folder)), f"the name of {path.name}")
        found += in_file(path)
    return found


def in_sqlite(file: Path) -> list[str]:
    """As `in_bytes`, of every value of every table, as the database gives them out."""
    found = []
    with closing(sqlite3.connect(file)) as base:
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            for row in base.execute(f'SELECT * FROM "{table}"'):
                found += _in_row(dict(enumerate(row)), table)
    return sorted(set(found))


def _in_row(row: Mapping[int, object], table: str) -> list[str]:
    found = []
    for value in row.values():
        if isinstance(value, bytes):
            found += in_bytes(value, table)
        elif isinstance(value, str):
            found += in_text(value, table)
        elif isinstance(value, int):
            found += in_text(str(value), table)
    return found
