"""Templates from TOML files: those of this release, pinned like the packs, and those that a tenant brings."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from services.contact.adapters.pack_files import canonical_hash
from services.contact.adapters.texts.word_file import PACKAGE, WORDS, pins, shipped_words
from services.contact.domain.facts.texts import TemplateText
from services.contact.domain.texts import document
from services.contact.domain.texts.document import TemplateMalformed
from services.contact.domain.texts.lint import TemplateUnfit, lint
from services.contact.domain.texts.template import SHIPPED, Version
from shared.kernel.refusal import Refused

FILES = ("reminders.toml", "confirmations.toml", "letters.toml", "legal.toml", "talks.toml")
BYTES_MAX = 1_000_000
TEMPLATES_MAX = 500


class ShippedTemplatesUnusable(Refused):
    """The templates of this release are not those it was made with, or do not pass its word list.

    Context: `file`, and `flaw` in words.
    """

    code = "shipped-templates-unusable"
    title_en = "The templates of this release may not be used"
    title_zh = "随版本提供的模板不可用"


@dataclass(frozen=True, slots=True)
class Written:
    """A template of a file. `effective_from` None: from its approval on."""

    code: str
    text: TemplateText
    effective_from: date | None
    version: int | None


def read_file(path: Path) -> tuple[Written, ...]:
    """The templates of a file. Raises TemplateMalformed with the faults of the first that has any, OSError."""
    with path.open("rb") as file:
        data = file.read(BYTES_MAX + 1)
    if len(data) > BYTES_MAX:
        raise document.refused(["file: TOO_LARGE"])
    return parsed(data)


def parsed(data: bytes) -> tuple[Written, ...]:
    """The templates in the bytes of a TOML file: tables `[[template]]`. Raises TemplateMalformed."""
    try:
        raw = tomllib.loads(data.decode())
    except UnicodeDecodeError:
        raise document.refused(["file: NOT_UTF8"]) from None
    except (tomllib.TOMLDecodeError, RecursionError):
        raise document.refused(["file: NOT_TOML"]) from None
    tables = raw.get("template")
    if set(raw) != {"template"} or not isinstance(tables, list) or not 1 <= len(tables) <= TEMPLATES_MAX:
        raise document.refused(["file: NO_TEMPLATES"])
    return tuple(_written(number, table) for number, table in enumerate(tables, start=1))


def _written(number: int, table: Any) -> Written:
    where = f"template[{number}]"
    if not isinstance(table, dict):
        raise document.refused([f"{where}: SHAPE"])
    rest = dict(table)
    code, version, begins = (rest.pop(name, None) for name in ("template", "version", "effective_from"))
    if not isinstance(code, str) or not document.CODE.fullmatch(code):
        raise document.refused([f"{where}: CODE_MALFORMED"])
    if not isinstance(version, int | None) or not isinstance(begins, date | None):
        raise document.refused([f"{where}: SHAPE"])
    try:
        text = document.read(rest)
    except TemplateMalformed as refusal:
        faults = refusal.context["faults"]
        assert isinstance(faults, tuple), "a malformed template names its faults"
        raise TemplateMalformed(
            faults=tuple(f"{where}.{fault}" for fault in faults), more=refusal.context["more"]
        ) from None
    return Written(code, text, begins, version)


@cache
def shipped_templates() -> Mapping[str, tuple[Version, ...]]:
    """The templates that every tenant has, by code. Raises ShippedTemplatesUnusable."""
    found: dict[str, list[Version]] = {}
    for name in FILES:
        data = (files(PACKAGE) / name).read_bytes()
        if canonical_hash(tomllib.loads(data.decode())) != pins().get(name):
            raise ShippedTemplatesUnusable(file=name, flaw="its content is not the pinned one")
        for one in parsed(data):
            found.setdefault(one.code, []).append(_shipped(name, one))
    return MappingProxyType({code: tuple(versions) for code, versions in found.items()})


def _shipped(name: str, one: Written) -> Version:
    words = shipped_words()
    linted = lint(one.text, words)
    try:
        linted.require_fit()
    except TemplateUnfit as refusal:
        raise ShippedTemplatesUnusable(file=name, flaw=f"{one.code}: {refusal.context['faults']}") from None
    if one.version is None or one.effective_from is None:
        raise ShippedTemplatesUnusable(
            file=name, flaw=f"{one.code}: a shipped version has a number and a day"
        )
    return Version(
        number=one.version,
        text=one.text,
        content=document.digest(one.text),
        markers=linted.markers,
        words=words.id,
        status=SHIPPED,
        effective_from=one.effective_from,
    )


def pins_of() -> dict[str, str]:
    """The hashes of word list and templates as they lie in the package: what `pins.json` must hold."""
    folder = files(PACKAGE)
    return {
        name: canonical_hash(tomllib.loads((folder / name).read_text(encoding="utf-8")))
        for name in (WORDS, *FILES)
    }
