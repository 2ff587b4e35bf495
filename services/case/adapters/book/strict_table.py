"""A TOML table that is read key by key, and in which a key that nobody asked for is refused."""

import re
import tomllib
from typing import Any

from services.case.adapters.book.mapping import MappingUnusable

MAPPING_BYTES_MAX = 1 << 20


class StrictTable:
    """A table at `key` of a mapping. Every reader takes its key out; `done` refuses what is left.

    Raises: MappingUnusable, naming the key.
    """

    def __init__(self, found: dict[str, Any], key: str = "") -> None:
        self._left, self.key = dict(found), key

    def named(self, name: str) -> str:
        """The whole key of one of the table's."""
        return f"{self.key}.{name}" if self.key else name

    def refuse(self, name: str, wrong: str, *, allowed: tuple[str, ...] = ()) -> MappingUnusable:
        """What to raise for one of the table's keys."""
        return MappingUnusable(key=self.named(name), wrong=wrong, allowed=allowed)

    def take(self, name: str, default: Any = ...) -> Any:
        """The value as it stands."""
        if name not in self._left and default is ...:
            raise self.refuse(name, "missing")
        return self._left.pop(name, default)

    def text(self, name: str, default: Any = ..., *, among: tuple[str, ...] = ()) -> Any:
        """A text that is not blank, one of `among` where that is given; or the default."""
        value = self.take(name, default)
        if value is default:
            return value
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(name, "not-a-text")
        if among and value not in among:
            raise self.refuse(name, "not-allowed", allowed=among)
        return value

    def texts(self, name: str, default: Any = ...) -> Any:
        """A list of texts as a tuple; each once."""
        value = self.take(name, default)
        if value is default:
            return value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.refuse(name, "not-a-list-of-texts")
        if len(set(value)) != len(value):
            raise self.refuse(name, "twice")
        return tuple(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """Yes or no."""
        value = self.take(name, default)
        if not isinstance(value, bool):
            raise self.refuse(name, "not-true-or-false")
        return value

    def whole(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number in a range, both ends included."""
        value = self.take(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.refuse(name, "not-a-number-in-range", allowed=(str(least), str(most)))
        return value

    def pairs(self, name: str) -> dict[str, str]:
        """A table of texts; empty where there is none."""
        found = self.take(name, {})
        if not isinstance(found, dict):
            raise self.refuse(name, "not-a-table")
        for key, value in found.items():
            if not isinstance(value, str):
                raise MappingUnusable(key=f"{self.named(name)}.{key}", wrong="not-a-text")
        return dict(found)

    def table(self, name: str) -> "StrictTable":
        """A table within; empty where there is none."""
        found = self.take(name, {})
        if not isinstance(found, dict):
            raise self.refuse(name, "not-a-table")
        return StrictTable(found, self.named(name))

    def tables(self, name: str) -> list["StrictTable"]:
        """The tables of a list (`[[name]]`), counted from 1; none where there is no such list."""
        found = self.take(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self.refuse(name, "not-a-list-of-tables")
        return [StrictTable(one, f"{self.named(name)}[{number}]") for number, one in enumerate(found, 1)]

    def names(self) -> list[str]:
        """The keys not taken yet."""
        return list(self._left)

    def done(self) -> None:
        """Refuse what is left."""
        for name in self._left:
            raise self.refuse(name, "unknown-key")


def parsed(text: bytes) -> StrictTable:
    """The root table of a TOML text. Raises MappingUnusable with the line where it stops to be one."""
    if len(text) > MAPPING_BYTES_MAX:
        raise MappingUnusable(wrong="too-long")
    try:
        return StrictTable(tomllib.loads(text.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise MappingUnusable(wrong="not-utf-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        line = re.search(r"at line (\d+)", str(problem))  # else it stops at the end of the document
        raise MappingUnusable(
            wrong="not-toml", line=int(line[1]) if line else text.count(b"\n") + 1
        ) from None
