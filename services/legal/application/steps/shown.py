"""Steps as they are shown: from the ledger, with the facts each one says."""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_type_hints

import msgspec

from services.legal.domain.deadlines.deadline import Deadline
from services.legal.domain.events import STEPS
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.all_tracks import kind_of
from services.legal.domain.tracks.machine import wire_name
from shared.kernel.money import Money, to_json
from shared.kernel.parts import Parts
from shared.kernel.section import STAFF

_BESIDE = frozenset({"track", "step", "on"})


def steps(matter: Matter) -> list[dict[str, Any]]:
    """Every step that stands, in the order in which they were recorded, in the words of the wire."""
    return [_shown(matter, one) for one in matter.standing if isinstance(one, STEPS)]


def _shown(matter: Matter, one: Any) -> dict[str, Any]:
    return {
        "id": one.step, "track": one.track, "kind": kind_of(matter, one.track).kind, "step": wire_name(type(one)),
        "on": one.on.isoformat(), "facts": dict(_facts(one)),
    }  # fmt: skip


def _facts(one: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """What it says beside its day: who recorded it is in the audit trail, and not here."""
    hints = get_type_hints(type(one), include_extras=True)
    for name, hint in hints.items():
        if name not in _BESIDE and STAFF not in hint.__metadata__:
            yield name, _plain(getattr(one, name))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return to_json(value)
    if isinstance(value, Parts):
        return to_json(value.total)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def where(matter: Matter, track: str) -> dict[str, Any]:
    """Where a track stands, and what may follow."""
    machine = kind_of(matter, track)
    status = machine.status(matter.steps(track))
    return {
        "kind": machine.kind,
        "status": status,
        "next": [wire_name(kind) for kind in machine.next(status)],
    }


def due(one: Deadline) -> dict[str, Any]:
    """A deadline of a track."""
    return {
        "name": one.name, "begun_by": one.begun_by, "whose": one.whose, "raw_on": one.raw_on.isoformat(),
        "expires_on": None if one.expires_on is None else one.expires_on.isoformat(), "state": one.state,
        "article": one.article,
    }  # fmt: skip
