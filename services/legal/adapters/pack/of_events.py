"""Parts that are lists of events and contacts: what happened, the contacts, what was filed, and the events' proofs."""

from collections.abc import Iterator
from typing import Any

import msgspec

from services.legal.adapters.pack import codes
from services.legal.adapters.pack.gathering import Gathered, MatterSeen
from services.legal.adapters.pack.part import Part, local, text
from services.legal.adapters.pack.words import Words
from services.legal.domain.events import STEPS
from services.legal.domain.facts.matter import DocumentFiled, MatterTold
from services.legal.domain.tracks.all_tracks import kind_of
from services.legal.projections import stored_facts
from services.legal.projections.timeline import shown
from services.legal.projections.words import saying
from shared.eventstore import leaf
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

HEARD_FROM_HERE = "case.LegalStepReported"


def timeline(it: Gathered, say: Words) -> Part:
    """What the case service and this one have on record, in the order in which it happened.

    What this service told the case service is in it once: as it stands here, in words.
    """
    rows = [
        (one["effective_at"], "case", one["version"], _of_case(one))
        for one in it.timeline
        if not str(one.get("type", "")).startswith(HEARD_FROM_HERE)
    ] + [
        (leaf.instant(one.effective_at), "legal", one.version, entry(one, it.asked.language))
        for one in _own(it)
    ]  # fmt: skip
    rows.sort(key=lambda row: row[:3])
    data = [row[3] for row in rows]
    return Part(
        name="01-timeline", title=say["timeline"], data=data, wide=True,
        columns=say.all("time", "what", "said", "service", "position"), widths=(4, 5, 14, 3, 4),
        rows=[
            (
                local(one["effective_at"], it.zone), one["title"], one["text"],
                say["legal" if one["service"] == "legal" else "of_case"],
                f"{one['stream']} v{one['version']}" if one["stream"] else f"v{one['version']}",
            )
            for one in data
        ],
    )  # fmt: skip


def _of_case(one: Any) -> dict[str, Any]:
    return {**one, "service": "case", "stream": None}


def _own(it: Gathered) -> Iterator[Recorded[Any]]:
    """This service's events about the case; what it only told the others is no news."""
    for matter in it.matters:
        yield from (one for one in matter.seen if not isinstance(one.event, MatterTold))
    yield from it.proofs


def entry(one: Recorded[Any], language: str) -> dict[str, Any]:
    """An event in words, as the timeline of a matter shows it."""
    said = None if isinstance(one.event, Erased) else msgspec.json.decode(stored_facts.text(one.event))
    return {
        "service": "legal", "stream": one.stream, "version": one.version, "position": one.position,
        "event": str(one.event_id), "type": one.row.type, "effective_at": leaf.instant(one.effective_at),
        "recorded_at": leaf.instant(one.recorded_at), "title": saying.title(one.row.type, language),
        "text": saying.words(one.row.type, said, language),
        "facts": None if said is None else {name: shown(value) for name, value in said.items()},
    }  # fmt: skip


def contacts(it: Gathered, say: Words) -> Part:
    """Every contact about the case, with what it came to and which rules it broke."""
    found = it.contacts
    return Part(
        name="02-contacts", title=say["contacts"], data=found, wide=True,
        paragraphs=(say["no_contacts"],) if found is None else (),
        columns=say.all("time", "channel", "direction", "outcome", "rules", "id"), widths=(4, 3, 3, 5, 5, 8),
        rows=[
            (
                local(one["at"], it.zone), codes.contact(one["channel"], it.asked.language),
                codes.contact(one["direction"], it.asked.language),
                codes.contact(one["outcome"] or one["delivery"], it.asked.language), text(one["breach"]), one["id"],
            )
            for one in found or ()
        ],
    )  # fmt: skip


def matters(it: Gathered, say: Words) -> Part:
    """Each matter: where its tracks stand, and every step that stands."""
    language = it.asked.language
    data = [_matter(one, language) for one in it.matters]
    rows = [
        (step["on"], track["name"], step["title"], step["text"], text(step["document"]))
        for matter in data
        for track in matter["tracks"]
        for step in track["steps"]
    ]
    lines = tuple(
        f"{matter['id']}: {track['name']} ({track['track']}): {track['status_name']}"
        for matter in data
        for track in matter["tracks"]
    )
    return Part(
        name="07-matters", title=say["matters"], data=data, wide=True, paragraphs=lines,
        columns=say.all("day", "kind", "what", "said", "document"), widths=(3, 4, 5, 12, 6), rows=rows,
    )  # fmt: skip


def _matter(one: MatterSeen, language: str) -> dict[str, Any]:
    matter, tracks = one.matter, []
    gone = matter.retracted
    for track in matter.tracks:
        kind = kind_of(matter, track)
        status = kind.status(matter.steps(track)) or ""
        steps = [_step(seen, language) for seen in one.seen if _stands(seen.event, track, gone)]
        tracks.append(
            {
                "track": track, "kind": kind.kind, "name": saying.track(kind.kind, language), "status": status,
                "status_name": saying.status(kind.kind, status, language), "steps": steps,
            }
        )  # fmt: skip
    others = [
        entry(seen, language)
        for seen in one.seen
        if not isinstance(seen.event, (*STEPS, MatterTold)) and not isinstance(seen.event, Erased)
    ]
    return {"id": one.id, "tracks": tracks, "facts": others}


def _stands(event: Any, track: str, gone: frozenset[str]) -> bool:
    return isinstance(event, STEPS) and event.track == track and event.step not in gone  # type: ignore[attr-defined]


def _step(seen: Recorded[Any], language: str) -> dict[str, Any]:
    event = seen.event
    return {
        **entry(seen, language), "on": event.on.isoformat(), "document": getattr(event, "document", None)
    }  # fmt: skip


def documents(it: Gathered, say: Words) -> Part:
    """Every paper by its hash, and what names it. The papers themselves lie with whoever keeps them."""
    found: dict[str, dict[str, Any]] = {}
    for one in _own(it):
        event = one.event
        filed = isinstance(event, DocumentFiled)
        sha256 = event.sha256 if filed else getattr(event, "document", None)
        if not isinstance(sha256, str):
            continue
        known = found.setdefault(sha256, {"sha256": sha256, "kind": None, "on": None, "used_by": []})
        if filed:
            known |= {"kind": event.kind, "on": event.on.isoformat(), "id": event.document}
        else:
            known["used_by"].append({"type": one.row.type, "event": str(one.event_id)})
    data = list(found.values())
    language = it.asked.language
    return Part(
        name="08-documents", title=say["documents"], data=data,
        columns=say.all("sha256", "kind", "day", "used_by"), widths=(10, 4, 3, 6),
        rows=[
            (
                one["sha256"], text(one["kind"] and saying.code(one["kind"], language)), text(one["on"]),
                text([saying.title(used["type"], language) for used in one["used_by"]]),
            )
            for one in data
        ],
    )  # fmt: skip


def proofs(it: Gathered, say: Words) -> Part:
    """Each event of this service with its place in the log and its leaf, so that an auditor finds it there."""
    events = sorted({(one.lane, one.position): one for one in _own(it)}.items(), key=lambda item: item[0])
    data: list[dict[str, Any]] = [
        {
            "log": it.origins.get(one.lane, ""), "position": one.position, "stream": one.stream,
            "version": one.version, "type": one.stored_name, "event": str(one.event_id),
            "leaf_sha256": leaf.leaf_hash(one.row.leaf).hex(),
        }
        for _, one in events
    ]  # fmt: skip
    return Part(
        name="09-event-proofs", title=say["proofs"], data=data, wide=True, paragraphs=(say["how_to_check"],),
        columns=say.all("log", "position", "what", "event", "leaf"), widths=(5, 2, 6, 7, 11),
        rows=[
            (one["log"], str(one["position"]), one["type"], one["event"], one["leaf_sha256"]) for one in data
        ],
    )  # fmt: skip
