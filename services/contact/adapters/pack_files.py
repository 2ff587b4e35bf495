"""Packs from TOML files. One decides only when its hash is the pinned one and its own worked cases come out right."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from services.contact.adapters.decision_cases import question_of
from services.contact.domain.decide import decide
from services.contact.domain.pack import HOUSE, Pack, PackFlaw, WorkedCase, read_pack
from shared.kernel.refusal import Refused

PACKAGE = "services.contact.adapters.packs"
PINS = "pins.json"
SHIPPED = ("us.regf", "us-ma.940cmr7", "cn.retail", "uk.consumer", "in.rbi", HOUSE)


class PackUnusable(Refused):
    """A policy pack may not decide: it cannot be read, its content is not the pinned one, or a case of its own fails.

    Nothing is decided by a pack that is in doubt. Context: `pack`, and `flaw` in words for whoever wrote it.
    """

    code = "pack-unusable"
    title_en = "A policy pack may not decide"
    title_zh = "某规则包不可用于决策"


def canonical_hash(raw: dict[str, Any]) -> str:
    """SHA-256, in hex, over the canonical JSON of a parsed pack: comments and layout do not count, figures do."""
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(b"quittance-pack/1\n" + text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"a pack holds no {type(value).__name__}")


def load_pack(name: str, text: str, *, pinned: str | None) -> Pack:
    """The pack that a TOML text describes, proved by its own cases. `pinned`: the hash it must have, None: any.

    Raises: PackUnusable.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise PackUnusable(pack=name, flaw="it is not TOML") from None
    digest = canonical_hash(raw)
    if pinned is not None and digest != pinned:
        raise PackUnusable(pack=name, flaw="its content is not the pinned one")
    try:
        pack = read_pack(raw, digest)
    except PackFlaw as flaw:
        raise PackUnusable(pack=name, flaw=str(flaw)) from None
    for case in pack.case:
        wrong = _wrong(pack, case)
        if wrong:
            raise PackUnusable(pack=name, flaw=f"its case {case.id} comes out wrong: {wrong}")
    return pack


def _wrong(pack: Pack, case: WorkedCase) -> str | None:
    """What a worked case of a pack comes to that it should not; None where it is right."""
    try:
        found = decide(question_of(case.ctx), (pack,))
    except (KeyError, TypeError, msgspec.ValidationError):
        return "it cannot be read"
    if found.outcome != case.outcome:
        return f"outcome {found.outcome}"
    if set(found.rules) != set(case.rules):
        return f"rules {', '.join(sorted(found.rules)) or 'none'}"
    if not set(case.warnings) <= set(found.warnings):
        return f"warnings {', '.join(found.warnings) or 'none'}"
    wanted = None if case.until is None else datetime.fromisoformat(case.until)
    return None if found.until == wanted else f"until {found.until}"


@cache
def shipped(*, house: bool) -> tuple[Pack, ...]:
    """The packs of this release, law first; with the house pack or without. Raises PackUnusable."""
    folder = files(PACKAGE)
    pins: dict[str, str] = json.loads((folder / PINS).read_text(encoding="utf-8"))
    names = [name for name in SHIPPED if house or name != HOUSE]
    return tuple(_shipped(name, pins) for name in names)


def _shipped(name: str, pins: dict[str, str]) -> Pack:
    if name not in pins:
        raise PackUnusable(pack=name, flaw="it is not pinned")
    text = (files(PACKAGE) / f"{name}.toml").read_text(encoding="utf-8")
    return load_pack(name, text, pinned=pins[name])


def pins_of(names: Iterable[str] = SHIPPED) -> dict[str, str]:
    """The hashes of the packs as they lie in the package: what PINS must hold."""
    folder = files(PACKAGE)
    return {
        name: canonical_hash(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))
        for name in sorted(names)
    }


def own_packs(folder: Path) -> tuple[Pack, ...]:
    """The packs that lie in a tenant's folder, by name. Raises PackUnusable, also for a folder without any."""
    try:
        texts = {one.stem: one.read_text(encoding="utf-8") for one in sorted(folder.glob("*.toml"))}
    except (OSError, UnicodeDecodeError):
        raise PackUnusable(pack=folder.name, flaw="it cannot be read") from None
    if not texts:
        raise PackUnusable(pack=folder.name, flaw="no pack lies in that folder")
    return tuple(load_pack(name, text, pinned=None) for name, text in texts.items())


def added(law: Sequence[Pack], own: Sequence[Pack]) -> tuple[Pack, ...]:
    """The law with a tenant's own packs beside it. Raises PackUnusable for one that claims to be law.

    A tenant adds and never weakens: since every rule of every pack is asked, another pack can only refuse more.
    """
    for pack in own:
        if not pack.pack.id.startswith(f"{HOUSE}."):
            raise PackUnusable(pack=pack.pack.id, flaw="a tenant's own pack is called house.…")
    return (*law, *own)
