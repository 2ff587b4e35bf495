"""Reading the tables of a file strictly: what is wrong is noted with its place, and reading goes on."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

MISSING, UNKNOWN_KEY, NOT_A_TABLE, NOT_A_LIST = "MISSING", "UNKNOWN_KEY", "NOT_A_TABLE", "NOT_A_LIST"
NOT_ONE_OF, NOT_A_WORD, NOT_A_DAY, NOT_A_NUMBER = "NOT_ONE_OF", "NOT_A_WORD", "NOT_A_DAY", "NOT_A_NUMBER"
OUT_OF_RANGE, EMPTY, TWICE, NOT_A_TRUTH = "OUT_OF_RANGE", "EMPTY", "TWICE", "NOT_A_TRUTH"
ITEMS_MAX = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """Where, as `rules/0/when/stage`, and what: a stable code. Never a value of the file."""

    where: str
    code: str


class Tables:
    """A whole file, and all that is found wrong with it."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.faults: list[Fault] = []

    def top(self, keys: Collection[str]) -> "Table":
        """The file's outermost table."""
        table = Table(self, "", self.given)
        table.only(keys)
        return table


class Table:
    """One table. Whoever asks for what is not there, or is no such thing, gets a stand-in and leaves a fault."""

    def __init__(self, root: Tables, where: str, given: Mapping[str, Any]) -> None:
        self._root, self._where, self.given = root, where, given

    def fault(self, key: str, code: str) -> None:
        """Note a fault of one of its keys."""
        place = "/".join(part for part in (self._where, key) if part)
        self._root.faults.append(Fault(place, code))

    def only(self, keys: Collection[str]) -> None:
        """No other key may stand here."""
        for key in self.given:
            if key not in keys:
                self.fault("?", UNKNOWN_KEY)  # what was sent is never told again

    def _value(self, key: str) -> Any:
        if key not in self.given:
            self.fault(key, MISSING)
        return self.given.get(key)

    def table(self, key: str, keys: Collection[str] | None) -> "Table":
        """A table inside; None: its keys are checked by whoever reads it."""
        value = self._value(key)
        if not isinstance(value, Mapping):
            if key in self.given:
                self.fault(key, NOT_A_TABLE)
            return Table(Tables({}), "", {})
        found = Table(self._root, "/".join(part for part in (self._where, key) if part), value)
        if keys is not None:
            found.only(keys)
        return found

    def tables(self, key: str, *, at_least: int = 1) -> list["Table"]:
        """A list of tables; one that may be empty may be absent."""
        if at_least == 0 and key not in self.given:
            return []
        found = []
        for n, value in enumerate(self._list(key, at_least)):
            if isinstance(value, Mapping):
                place = "/".join(part for part in (self._where, key, str(n)) if part)
                found.append(Table(self._root, place, value))
            else:
                self.fault(f"{key}/{n}", NOT_A_TABLE)
        return found

    def _list(self, key: str, at_least: int) -> Sequence[Any]:
        value = self._value(key)
        if not isinstance(value, list):
            if key in self.given:
                self.fault(key, NOT_A_LIST)
            return []
        if not at_least <= len(value) <= ITEMS_MAX:
            self.fault(key, EMPTY if len(value) < at_least else OUT_OF_RANGE)
            return []
        return value

    def word(self, key: str, form: re.Pattern[str]) -> str:
        """A word of that form, at most 60 characters."""
        value = self._value(key)
        if isinstance(value, str) and len(value) <= 60 and form.fullmatch(value):
            return value
        if key in self.given:
            self.fault(key, NOT_A_WORD)
        return ""

    def words(self, key: str, form: re.Pattern[str]) -> tuple[str, ...]:
        """A list of different words of that form, at least one."""
        found: list[str] = []
        for n, value in enumerate(self._list(key, 1)):
            if not isinstance(value, str) or len(value) > 60 or not form.fullmatch(value):
                self.fault(f"{key}/{n}", NOT_A_WORD)
            elif value in found:
                self.fault(f"{key}/{n}", TWICE)
            else:
                found.append(value)
        return tuple(found)

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """One of these words."""
        value = self._value(key)
        if isinstance(value, str) and value in allowed:
            return value
        if key in self.given:
            self.fault(key, NOT_ONE_OF)
        return allowed[0]

    def some_of(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list, perhaps empty, of different words out of these."""
        found: list[str] = []
        for n, value in enumerate(self._list(key, 0)):
            if not isinstance(value, str) or value not in allowed:
                self.fault(f"{key}/{n}", NOT_ONE_OF)
            elif value in found:
                self.fault(f"{key}/{n}", TWICE)
            else:
                found.append(value)
        return tuple(found)

    def number(self, key: str, least: int, most: int) -> int:
        """A whole number within bounds, both included. A truth is no number."""
        value = self._value(key)
        if isinstance(value, int) and not isinstance(value, bool):
            if least <= value <= most:
                return value
            self.fault(key, OUT_OF_RANGE)
        elif key in self.given:
            self.fault(key, NOT_A_NUMBER)
        return least

    def truth(self, key: str) -> bool:
        """True or false."""
        value = self._value(key)
        if isinstance(value, bool):
            return value
        if key in self.given:
            self.fault(key, NOT_A_TRUTH)
        return False

    def day(self, key: str) -> date:
        """A day, without a time."""
        value = self._value(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if key in self.given:
            self.fault(key, NOT_A_DAY)
        return date.min


def duplicates(where: str, names: Sequence[str]) -> list[Fault]:
    """A fault for each name that stood before."""
    return [Fault(f"{where}/{n}/name", TWICE) for n, name in enumerate(names) if name in names[:n]]
