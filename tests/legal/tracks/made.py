"""Steps of any type with made-up fields, and the statuses of a machine with a way to each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from services.legal.domain.tracks.machine import Machine
from shared.kernel.money import Money
from shared.kernel.parts import Parts

DAY = date(2026, 3, 2)
_IDS = count(1)
_PLAIN: Mapping[Any, Any] = {
    str: "X", int: 1, bool: False, date: DAY, Money: Money(100, "CNY"),
    Parts: Parts(costs=0, interest=0, penalty=0, principal=100, currency="CNY"),
}  # fmt: skip


def made(kind: type[msgspec.Struct], /, **how: Any) -> Any:
    """A step of this type; what is not said is made up, and left open where it may be."""
    hints = get_type_hints(kind)
    given = {name: _value(hint) for name, hint in hints.items()} | {"step": f"stp_{next(_IDS)}", "track": "t"}
    return kind(**{**given, **how})


def _value(hint: Any) -> Any:
    if NoneType in get_args(hint):
        return None
    if get_origin(hint) is tuple:
        return ()
    return _PLAIN[hint]


def ways(machine: Machine) -> dict[str, tuple[type, ...]]:
    """status -> the shortest row of steps that leads to it."""
    found: dict[str, tuple[type, ...]] = {machine.first: (machine.begins,)}
    left = deque([machine.first])
    while left:
        status = left.popleft()
        for kind in machine.steps:
            goal = machine.goal(kind, status)
            if goal is not None and goal not in found:
                found[goal] = (*found[status], kind)
                left.append(goal)
    return found


def table(machine: Machine) -> Iterator[tuple[str, type, str]]:
    """(status, step, status after it) of every move."""
    for status in ways(machine):
        for kind in machine.steps:
            goal = machine.goal(kind, status)
            if goal is not None:
                yield status, kind, goal
