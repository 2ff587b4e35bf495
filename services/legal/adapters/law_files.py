"""Law packs from TOML files; one decides only while its content is the pinned one."""

import hashlib
import json
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from services.legal.domain.clocks.pack import LawFlaw, LawPack, read_law
from shared.kernel.refusal import Refused

PACKAGE = "services.legal.adapters.law"
PINS = "pins.json"
SHIPPED = ("cn.law", "us.regf")


class LawUnusable(Refused):
    """A law pack may not decide: it cannot be read, or its content is not the pinned one.

    No deadline is told by a pack that is in doubt. Context: `pack`, and `flaw` in words for whoever wrote it.
    """

    code = "law-unusable"
    title_en = "A law pack may not decide"
    title_zh = "某法律规则包不可用"


def canonical_hash(raw: dict[str, Any]) -> str:
    """SHA-256, in hex, over the canonical JSON of a parsed pack: comments and layout do not count."""
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(b"quittance-law/1\n" + text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a law pack holds no {type(value).__name__}")


def load_law(name: str, text: str, *, pinned: str | None) -> LawPack:
    """The pack that a TOML text describes. `pinned`: the hash it must have, None: any. Raises LawUnusable."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise LawUnusable(pack=name, flaw="it is not TOML") from None
    digest = canonical_hash(raw)
    if pinned is not None and digest != pinned:
        raise LawUnusable(pack=name, flaw="its content is not the pinned one")
    try:
        return read_law(raw, digest)
    except LawFlaw as flaw:
        raise LawUnusable(pack=name, flaw=str(flaw)) from None


@cache
def shipped() -> dict[str, LawPack]:
    """The packs of this release, by id. Raises LawUnusable."""
    pins: dict[str, str] = json.loads((files(PACKAGE) / PINS).read_text(encoding="utf-8"))
    return {name: load_law(name, _text(name), pinned=pins.get(name, "none")) for name in SHIPPED}


def law_named(name: str) -> LawPack:
    """The pack of this release with that id. Raises LawUnusable where there is none."""
    found = shipped().get(name)
    if found is None:
        raise LawUnusable(pack=name, flaw=f"it is not shipped; there is: {', '.join(SHIPPED)}")
    return found


def pins_of(names: Iterable[str] = SHIPPED) -> dict[str, str]:
    """The hashes of the packs as they lie in the package: what PINS must hold."""
    return {name: canonical_hash(tomllib.loads(_text(name))) for name in sorted(names)}


def _text(name: str) -> str:
    return (files(PACKAGE) / f"{name}.toml").read_text(encoding="utf-8")
