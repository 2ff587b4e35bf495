"""The facts of an event as a view keeps them, and the event again: who did it, and whom it names, stay in the ledger.

A field that is no fact reads as ERASED where an event is made again.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct

from services.legal.domain.events import STORED_AS
from shared.eventstore.registry import ERASED
from shared.kernel.section import FACTS

_TYPES: dict[str, type[Struct]] = {kind.__name__: kind for kind in STORED_AS.values()}
_encode = msgspec.json.Encoder().encode


def said(event: Struct) -> dict[str, Any]:
    """What the event says; what it leaves open is left out."""
    named = ((name, getattr(event, name)) for name in _facts(type(event)))
    return {name: value for name, value in named if value is not None}


def text(event: Struct) -> str:
    """What the event says, as JSON."""
    return _encode(said(event)).decode()


def line(event: Struct) -> str:
    """The event as one line that `events` reads again: its type, a blank, what it says."""
    return f"{type(event).__name__} {text(event)}"


def events(lines: str) -> Iterator[Any]:
    """The events that stand in these lines, each ended by a line feed; a type that is not known is passed over."""
    for one in lines.split("\n")[:-1]:
        name, _, said_ = one.partition(" ")
        found = event(name, said_)
        if found is not None:
            yield found


def event(name: str, said_: str) -> Any | None:
    """The event of that type (`SuitFiled`) that says this; None for a type that is not known."""
    kind = _TYPES.get(name)
    if kind is None:
        return None
    part, left = _part(kind)
    values = msgspec.json.decode(said_, type=part)
    return kind(**{name: getattr(values, name) for name in _facts(kind)}, **dict.fromkeys(left, ERASED))


@cache
def _facts(kind: type[Struct]) -> tuple[str, ...]:
    return tuple(name for name, hint in _hints(kind).items() if FACTS in getattr(hint, "__metadata__", ()))


@cache
def _part(kind: type[Struct]) -> tuple[type[Struct], tuple[str, ...]]:
    """The facts of a type as a type of their own, and the fields that are none."""
    hints, facts = _hints(kind), _facts(kind)
    fields = [(name, hints[name] | None, None) for name in facts]
    return (
        msgspec.defstruct(f"{kind.__name__}_said", fields, frozen=True, gc=False),
        tuple(name for name in hints if name not in facts),
    )


@cache
def _hints(kind: type[Struct]) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)
