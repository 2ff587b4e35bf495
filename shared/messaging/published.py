"""A recorded event as the feed shows it: a CloudEvent (1.0, JSON) with its facts, and nothing that names a person.

`data` holds the fields of the `facts` sections alone; identity is fetched from the service under the reader's own
rights. An event whose facts were erased keeps its place and says `"erased": true` instead of `data`.
"""

from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from shared.eventstore.port import Row
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased, ErasedValue, Registry
from shared.kernel import money
from shared.kernel.money import Money

FACTS = "facts"


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def uuid_text(raw: bytes | None) -> str | None:
    """The usual spelling of 16 bytes."""
    if raw is None:
        return None
    digits = raw.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def wire(value: Any) -> Any:
    """A stored value as JSON has it: money as a decimal string, days, times of day and instants in ISO 8601."""
    match value:
        case Money():
            return money.to_json(value)
        case datetime():
            return instant(value)
        case date() | time():
            return value.isoformat()
        case tuple() | list():
            return [wire(item) for item in value]
        case dict():
            return {str(key): wire(item) for key, item in value.items()}
        case msgspec.Struct():
            return {name: wire(getattr(value, name)) for name in value.__struct_fields__}
        case ErasedValue():
            return None
        case _:
            return value


def facts_of(seen: Recorded[Any], registry: Registry) -> dict[str, Any] | None:
    """What the event says in its facts sections; None when they were erased."""
    return None if isinstance(seen.event, Erased) else facts_in(seen.event, registry)


def facts_in(event: Any, registry: Registry) -> dict[str, Any]:
    """The fields of an event's facts sections."""
    kind = registry.of(event)
    names = [name for section in kind.sections if section.key_class == FACTS for name in section.fields]
    return {name: wire(getattr(event, name)) for name in names}


def cloud_event(seen: Recorded[Any], *, registry: Registry, source: str, position: str) -> dict[str, Any]:
    """The event as published; `position` is the cursor that goes on behind it."""
    row: Row = seen.row
    kind = None if isinstance(seen.event, Erased) else registry.of(seen.event)
    type_, schema = (row.type, row.schema) if kind is None else (kind.type, kind.schema)
    said: dict[str, Any] = {
        "specversion": "1.0",
        "id": uuid_text(row.event_id),
        "type": f"quittance.{type_}.v{schema}",
        "source": source,
        "subject": row.stream_id,
        "time": instant(row.effective_at),
        "recordedtime": instant(row.recorded_at),
        "feedposition": position,
        "streamversion": row.version,
        "correlationid": uuid_text(row.correlation_id),
    }
    if row.causation_id is not None:
        said["causationid"] = uuid_text(row.causation_id)
    if row.policy is not None:
        said["policy"] = row.policy
    facts = facts_of(seen, registry)
    if facts is None:
        return said | {"erased": True}
    return said | {"datacontenttype": "application/json", "data": facts}
