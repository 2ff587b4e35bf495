"""The closed registry of event types: stored name <-> type, field <-> section, old version -> present type.

Stored names are ours (`case.PromiseToPay/v1`), so code may move; only a registered name is ever decoded. A field
that names no section is a TypeError here, at start-up, not in production.
"""

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from shared.eventstore.port import Malformed, UnknownType
from shared.kernel.section import InSection

StructType: TypeAlias = type[msgspec.Struct]


class ErasedValue:
    """What a field of an erased section reads as."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ERASED"

    def __bool__(self) -> bool:
        return False


ERASED = ErasedValue()


@dataclass(frozen=True, slots=True)
class Erased:
    """An event whose facts are gone: it happened, its leaf proves it, and what it said is forgotten."""

    stored_name: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a type: its stored name, its key class, whose role it is about, its fields and its codec."""

    name: str
    key_class: str
    role: str
    fields: tuple[str, ...]
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class EventType:
    """A stored name and how its events are written and read."""

    type: str
    schema: int
    struct: StructType
    sections: tuple[Section, ...]
    decode: Callable[[bytes], Any]
    """The event from the JSON object of all its fields."""

    @property
    def stored_name(self) -> str:
        """`case.PromiseToPay/v1`."""
        return f"{self.type}/v{self.schema}"


def _placed(struct: type[msgspec.Struct]) -> dict[InSection, list[tuple[str, Any]]]:
    """The fields of a type by section, in declaration order."""
    placed: dict[InSection, list[tuple[str, Any]]] = {}
    for field, hint in typing.get_type_hints(struct, include_extras=True).items():
        marks = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, InSection)]
        if len(marks) != 1:
            raise TypeError(f"{struct.__name__}.{field} must name exactly one section")
        placed.setdefault(marks[0], []).append((field, hint))
    if not placed:
        raise TypeError(f"{struct.__name__} has no field")
    return placed


def _codec(
    struct: type[msgspec.Struct], mark: InSection, fields: list[tuple[str, Any]], whole: bool
) -> Section:
    names = tuple(name for name, _ in fields)
    encoder = msgspec.json.Encoder()
    if whole:
        return Section(
            mark.stored_name,
            mark.name,
            mark.subject,
            names,
            encoder.encode,
            msgspec.json.Decoder(struct).decode,
        )
    part: Any = msgspec.defstruct(f"{struct.__name__}_{mark.name}", fields, frozen=True, gc=False)

    def encode(event: Any) -> bytes:
        return encoder.encode(part(*[getattr(event, name) for name in names]))

    return Section(
        mark.stored_name, mark.name, mark.subject, names, encode, msgspec.json.Decoder(part).decode
    )


class Registry:
    """`stored_as` maps stored names to frozen Structs; `upcasts` an old name to a function old event -> newer event.

    A type that stands under an upcast is read only; every other type is written under its own name.
    """

    def __init__(
        self, stored_as: Mapping[str, type[Any]], upcasts: Mapping[str, Callable[[Any], Any]] | None = None
    ) -> None:
        self._upcasts: dict[type[Any], Callable[[Any], Any]] = {}
        self._by_name: dict[tuple[str, int], EventType] = {}
        self._by_struct: dict[type[Any], EventType] = {}
        for stored_name, struct in stored_as.items():
            type_, _, schema = stored_name.rpartition("/v")
            placed = _placed(struct)
            ordered = sorted(placed.items(), key=lambda item: item[0].stored_name)
            sections = tuple(_codec(struct, mark, fields, len(placed) == 1) for mark, fields in ordered)
            event_type = EventType(type_, int(schema), struct, sections, msgspec.json.Decoder(struct).decode)
            self._by_name[type_, int(schema)] = event_type
            upcast = (upcasts or {}).get(stored_name)
            if upcast:
                self._upcasts[struct] = upcast
            elif struct in self._by_struct:
                raise TypeError(f"{struct.__name__} is stored under two names")
            else:
                self._by_struct[struct] = event_type
        for stored_name in upcasts or {}:
            if stored_name not in stored_as:
                raise TypeError(f"an upcast names {stored_name}, which is not registered")

    @property
    def types(self) -> tuple[EventType, ...]:
        """Every registered type, old versions included, by stored name."""
        return tuple(self._by_name[key] for key in sorted(self._by_name))

    def of(self, event: Any) -> EventType:
        """How this event is stored; UnknownType unless its class is registered for writing."""
        found = self._by_struct.get(type(event))
        if found is None:
            raise UnknownType(f"{type(event).__name__} is not a registered event type")
        return found

    def named(self, type_: str, schema: int) -> EventType:
        """The type under a stored name; UnknownType if nothing is registered there."""
        found = self._by_name.get((type_, schema))
        if found is None:
            raise UnknownType(f"{type_}/v{schema} is not a registered event type")
        return found

    def decode(self, type_: str, schema: int, sections: Mapping[str, bytes]) -> Any:
        """The event from its opened sections (stored name -> plaintext), brought up to date.

        A missing section reads as ERASED values; an event without its facts is `Erased`. Malformed if a section
        does not decode: the bytes are authentic but no registered shape fits them.
        """
        event_type = self.named(type_, schema)
        raws = [raw for part in event_type.sections if (raw := sections.get(part.name)) is not None]
        try:
            if len(raws) < len(event_type.sections):
                event = self._partial(event_type, sections)
            elif len(raws) == 1:
                event = event_type.decode(raws[0])
            else:  # every section is a JSON object of its own fields; put together they are the event's
                event = event_type.decode(b"{" + b",".join([raw[1:-1] for raw in raws]) + b"}")
        except msgspec.DecodeError as problem:
            raise Malformed(f"a section of {event_type.stored_name} does not decode") from problem
        while self._upcasts and (upcast := self._upcasts.get(type(event))) is not None:
            event = upcast(event)
        return event

    def _partial(self, event_type: EventType, sections: Mapping[str, bytes]) -> Any:
        """An event that has lost a section."""
        parts = event_type.sections
        values: dict[str, Any] = {}
        present = 0
        for part in parts:
            raw = sections.get(part.name)
            if raw is None and part.name == "facts":
                return Erased(event_type.stored_name)
            if raw is None:
                values.update(dict.fromkeys(part.fields, ERASED))
            else:
                present += 1
                decoded = part.decode(raw)
                for name in part.fields:
                    values[name] = getattr(decoded, name)
        return event_type.struct(**values) if present else Erased(event_type.stored_name)
