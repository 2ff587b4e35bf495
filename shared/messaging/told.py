"""A published event as the other side's reader takes it: strictly, for nothing garbled may be acted on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_TYPE = re.compile(r"quittance\.([A-Za-z]+\.[A-Za-z]+)\.v([1-9][0-9]{0,3})")
_CURSOR = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18}){0,255}")
_STREAM = re.compile(r"[a-z]+(?:-[a-z]+)*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OURS = frozenset(
    {
        "specversion",
        "id",
        "type",
        "source",
        "subject",
        "time",
        "recordedtime",
        "feedposition",
        "streamversion",
    }
)
Cursor = tuple[int, ...]


class Garbled(ValueError):
    """It is not an event of a feed. The message names what was wrong, never a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event of another service. `type` is its stored name (`case.CaseOpened`), `data` its facts; None: erased.

    `stream` and `version` say where it stands at the publisher's, `cursor` where its reader goes on. `beside`: what
    else the publisher said of it, by attribute.
    """

    id: str
    type: str
    schema: int
    stream: str
    version: int
    at: datetime
    recorded_at: datetime
    cursor: Cursor
    data: Mapping[str, Any] | None
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The type without its service."""
        return self.type.partition(".")[2]

    @property
    def lane(self) -> int:
        """Which of the publisher's lanes it lies in: the last byte of the stream's uuid says so (ADR 0005)."""
        return int(self.stream[-2:], 16) % len(self.cursor)

    @property
    def position(self) -> int:
        """Its place in that lane, from 1."""
        return self.cursor[self.lane]


def cursor_of(text: object) -> Cursor:
    """The numbers of a cursor. Raises Garbled."""
    if not isinstance(text, str) or not _CURSOR.fullmatch(text):
        raise Garbled("a cursor is numbers joined by dots")
    return tuple(map(int, text.split(".")))


def told(event: object) -> Told:
    """The event of a CloudEvent. Raises Garbled."""
    if not isinstance(event, dict):
        raise Garbled("an event is an object")
    type_ = _TYPE.fullmatch(_text(event, "type"))
    if type_ is None:
        raise Garbled("type")
    if not _UUID.fullmatch(_text(event, "id")) or not _STREAM.fullmatch(_text(event, "subject")):
        raise Garbled("id or subject")
    version, data = event.get("streamversion"), event.get("data")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Garbled("streamversion")
    if not isinstance(data, dict | None) or (data is None and event.get("erased") is not True):
        raise Garbled("data")
    return Told(
        id=event["id"],
        type=type_[1],
        schema=int(type_[2]),
        stream=event["subject"],
        version=version,
        at=_instant(event, "time"),
        recorded_at=_instant(event, "recordedtime"),
        cursor=cursor_of(event.get("feedposition")),
        data=data,
        beside={name: value for name, value in event.items() if name not in _OURS and isinstance(value, str)},
    )


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str):
        raise Garbled(name)
    return value


def _instant(event: Mapping[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(event, name))
    except ValueError:
        raise Garbled(name) from None
    if at.tzinfo is None:
        raise Garbled(name)
    return at
