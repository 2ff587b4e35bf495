"""docs/reference/events.md: every registered event, its fields and the section each one is sealed in."""

import inspect
import typing
from typing import Any

from services.case import wiring as case
from services.contact import wiring as contact
from services.legal import wiring as legal
from shared.eventstore.registry import EventType, Registry
from shared.kernel.money import Money
from shared.kernel.section import InSection

REGISTRIES: dict[str, Registry] = {
    "case": case.registry(),
    "contact": contact.registry(),
    "legal": legal.registry(),
}
"""Of the services that store events."""

_HEAD = """\
# Events

<!-- Made from code by `make docs`; do not edit. -->

Stored names, with the version. A stored version never changes; see
[add an event](../how-to/add-an-event.md) and [change an event](../how-to/change-an-event.md).

Beside its own fields every event carries the envelope: lane, position, stream and version, event id, effective and
recorded time, actor, cause, correlation, command, policy version, and its leaf
([The ledger](../explanation/the-ledger.md)). Every field lies in a sealed section
([Privacy](../explanation/privacy.md)).
"""
_TYPES: dict[Any, str] = {str: "text", int: "whole number", bool: "yes or no", Money: "money"}


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for service, registry in REGISTRIES.items():
        parts.append(f"\n## Service `{service}`\n")
        parts += [_event(event_type, registry) for event_type in registry.types]
    return "".join(parts)


def _event(event_type: EventType, registry: Registry) -> str:
    read_only = (
        "" if _is_written(event_type, registry) else "\n_Read and brought up to date, never written._\n"
    )
    rows = "".join(_row(name, hint) for name, hint in _hints(event_type).items())
    return (
        f"\n### {event_type.stored_name}\n\n{_said(event_type.struct)}\n{read_only}\n"
        f"| field | type | section | about |\n|---|---|---|---|\n{rows}"
    )


def _hints(event_type: EventType) -> dict[str, Any]:
    return typing.get_type_hints(event_type.struct, include_extras=True)


def _is_written(event_type: EventType, registry: Registry) -> bool:
    newest = max(one.schema for one in registry.types if one.type == event_type.type)
    return event_type.schema == newest


def _row(name: str, hint: Any) -> str:
    mark = next(mark for mark in hint.__metadata__ if isinstance(mark, InSection))
    return f"| `{name}` | {_type(hint.__origin__)} | `{mark.name}` | {mark.subject} |\n"


def _type(kind: Any) -> str:
    """A field's type in words."""
    if typing.get_origin(kind) is tuple:
        return f"list of {_type(typing.get_args(kind)[0])}"
    others = [one for one in typing.get_args(kind) if one is not type(None)]
    if others:
        return f"{' or '.join(_type(one) for one in others)}, or none"
    return _TYPES.get(kind) or str(getattr(kind, "__name__", kind))


def _said(struct: type[Any]) -> str:
    return inspect.getdoc(struct) or ""
