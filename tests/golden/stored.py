"""A golden file: the stored bytes of one event with the key that opens them, and what they said when written.

`leaf` and `body` are hex of the row's columns; `keys` holds the (test) data key of each section by name;
`plaintext` is hex of each section's bytes; `decoded` is the event as JSON. The file is written once, by
`python -m tests.golden.write`, and never again: it stands for rows that are out there.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import pkgutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import services
from shared.eventstore import leaf, sections
from shared.eventstore.registry import Registry

EVENTS = Path(__file__).parent / "events"
TENANT = "default"
KID = 1
RECORDED_AT = datetime(2026, 11, 22, 0, 31, tzinfo=UTC)


class Golden(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds; see the module."""

    stored_name: str
    tenant: str
    leaf: str
    body: str
    keys: dict[str, str]
    plaintext: dict[str, str]
    decoded: dict[str, Any]


class Changed(Exception):
    """Old bytes no longer load, or no longer say what they said."""


def registries() -> dict[str, Registry]:
    """The registry of every service that stores events, by service name, as its events module declares it."""
    found = {}
    for module in pkgutil.iter_modules(services.__path__, "services."):
        try:
            events = importlib.import_module(f"{module.name}.domain.events")
        except ModuleNotFoundError:
            continue
        found[module.name.rpartition(".")[2]] = Registry(events.STORED_AS, getattr(events, "UPCASTS", None))
    return found


def path_of(stored_name: str, *, folder: Path = EVENTS) -> Path:
    """`case.CaseOpened/v1` -> `case.CaseOpened.v1.json`."""
    return folder / f"{stored_name.replace('/', '.')}.json"


def read(path: Path) -> Golden:
    """The file's content; msgspec.ValidationError if it is no golden file."""
    return msgspec.json.decode(path.read_bytes(), type=Golden)


def missing(registry: Registry, *, folder: Path = EVENTS) -> list[str]:
    """Stored names without a golden file."""
    return [
        kind.stored_name for kind in registry.types if not path_of(kind.stored_name, folder=folder).exists()
    ]


def as_json(event: Any) -> dict[str, Any]:
    """The event as a reader of the file sees it."""
    said: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(event))
    return said


def seal(event: Any, *, registry: Registry) -> Golden:
    """The event as the ledger stores it, under keys made for this file."""
    kind = registry.of(event)
    event_id, subject = (
        uuid5(NAMESPACE_URL, f"golden/{part}/{kind.stored_name}").bytes for part in ("eid", "sub")
    )
    frames, committed, keys, plaintexts = [], [], {}, {}
    for section in kind.sections:
        key = os.urandom(32)
        plaintext = section.encode(event)
        commitment, box = sections.seal(
            plaintext,
            drawn=os.urandom(sections.DRAWN_BYTES),
            key=AESGCM(key),
            kid=KID,
            tenant=TENANT,
            event=leaf.uuid_text(event_id),
            event_id=event_id,
            name=section.name,
        )
        frames.append(sections.Frame(section.name, subject, KID, box))
        committed.append((section.name, subject, commitment))
        keys[section.name], plaintexts[section.name] = key.hex(), plaintext.hex()
    return Golden(
        stored_name=kind.stored_name,
        tenant=TENANT,
        leaf=_leaf(kind.type, kind.schema, event_id=event_id, subject=subject, committed=committed).hex(),
        body=sections.frame(frames).hex(),
        keys=keys,
        plaintext=plaintexts,
        decoded=as_json(event),
    )


def _leaf(
    type_: str, schema: int, *, event_id: bytes, subject: bytes, committed: list[tuple[str, bytes, bytes]]
) -> bytes:
    shared = leaf.command_part(
        actor="system:golden", command_id=event_id, log="golden/case", policy="cn-retail/1"
    )
    return leaf.build(
        shared,
        at=leaf.instant(RECORDED_AT),
        cause=None,
        effective=leaf.instant(RECORDED_AT),
        event_id=event_id,
        prev=hashlib.sha256(b"before").digest(),
        schema=schema,
        sections=leaf.section_list(committed),
        stream=f"case-{leaf.uuid_text(subject)}",
        type_=type_,
        version=2,
        zone="Asia/Taipei",
    )


def check(golden: Golden, *, registry: Registry) -> Any:
    """Open the stored bytes with the production code and return the event as of today; Changed if they say less."""
    entry = leaf.parse(bytes.fromhex(golden.leaf))
    opened = _opened(golden, entry)
    if {name: raw.hex() for name, raw in opened.items()} != golden.plaintext:
        raise Changed(f"{golden.stored_name}: the sections do not open to the recorded bytes")
    event = registry.decode(entry["type"], entry["schema"], opened)
    kind = registry.of(event)
    if kind.stored_name != golden.stored_name:
        return event  # an old version, brought up to date; what it became is the upcast's own test
    again = {section.name: section.encode(event) for section in kind.sections}
    if as_json(event) != golden.decoded or again != opened:
        raise Changed(
            f"{golden.stored_name}: its stored shape was edited; add a version and an upcast instead"
        )
    return event


def _opened(golden: Golden, entry: dict[str, Any]) -> dict[str, bytes]:
    """Every section's plaintext, each checked against its commitment in the leaf."""
    event_id, opened = UUID(entry["eid"]).bytes, {}
    commitments = {section["n"]: section["c"] for section in entry["sec"]}
    for box in sections.unframe(bytes.fromhex(golden.body)):
        salted = sections.open_box(
            box.box,
            key=AESGCM(bytes.fromhex(golden.keys[box.name])),
            kid=box.kid,
            tenant=golden.tenant,
            event=entry["eid"],
            name=box.name,
        )
        if leaf.base64(sections.commitment(event_id, box.name, salted)) != commitments[box.name]:
            raise Changed(f"{golden.stored_name}: section {box.name} is not what the leaf commits to")
        opened[box.name] = salted[sections.SALT_BYTES :]
    return opened
