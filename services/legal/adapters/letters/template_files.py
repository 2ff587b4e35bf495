"""The letter templates of this release, from TOML: used only while file and word list are the pinned ones."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from msgspec import convert

from services.legal.adapters.law_files import canonical_hash
from services.legal.domain.letters.lint import WordList, mean_kinds
from services.legal.domain.letters.template import LetterTemplateFlaw, LetterText, read_text
from shared.kernel.refusal import Refused

PACKAGE = "services.legal.adapters.letters"
WORDS, PINS = "words.toml", "pins.json"
FILES = ("letters.toml",)


class LetterTemplatesUnusable(Refused):
    """The letter templates of this release are not those it was made with, or say what no letter says.

    No letter is drafted by a text that is in doubt. Context: `file`, and `flaw` in words for whoever wrote it.
    """

    code = "letter-templates-unusable"
    title_en = "The templates of lawyers' letters may not be used"
    title_zh = "律师函模板不可用"


def load_templates(
    texts: Mapping[str, str], words: str, *, pins: Mapping[str, str] | None
) -> Mapping[str, tuple[LetterText, ...]]:
    """Every version of every template, oldest first. `pins`: file -> hash, None: any.

    Raises LetterTemplatesUnusable.
    """
    raw_words = _parsed(WORDS, words, pins)
    try:
        list_ = convert(raw_words, WordList)
    except Exception as problem:
        raise LetterTemplatesUnusable(file=WORDS, flaw=str(problem)) from None
    if slips := mean_kinds(list_):
        raise LetterTemplatesUnusable(file=WORDS, flaw=f"no letter is of the kind {sorted(slips)[0]}")
    found: dict[str, list[LetterText]] = {}
    for name, text in texts.items():
        for raw in _parsed(name, text, pins).get("template", []):
            try:
                one = read_text(raw, list_, content=canonical_hash(raw))
            except LetterTemplateFlaw as flaw:
                raise LetterTemplatesUnusable(file=name, flaw=str(flaw)) from None
            found.setdefault(one.template, []).append(one)
    for code, versions in found.items():
        order = [(one.version, one.effective_from) for one in versions]
        if [number for number, _ in order] != list(range(1, len(order) + 1)) or order != sorted(order):
            raise LetterTemplatesUnusable(file=FILES[0], flaw=f"{code}: versions follow one another")
    return MappingProxyType({code: tuple(versions) for code, versions in found.items()})


def _parsed(name: str, text: str, pins: Mapping[str, str] | None) -> dict[str, Any]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise LetterTemplatesUnusable(file=name, flaw="it is not TOML") from None
    if pins is not None and canonical_hash(raw) != pins.get(name):
        raise LetterTemplatesUnusable(file=name, flaw="its content is not the pinned one")
    return raw


@cache
def shipped_letters() -> Mapping[str, tuple[LetterText, ...]]:
    """The templates that every tenant has, by code. Raises LetterTemplatesUnusable."""
    pins: dict[str, str] = json.loads(_text(PINS))
    return load_templates({name: _text(name) for name in FILES}, _text(WORDS), pins=pins)


def pins_of() -> dict[str, str]:
    """The hashes of word list and templates as they lie in the package: what PINS must hold."""
    return {name: canonical_hash(tomllib.loads(_text(name))) for name in (WORDS, *FILES)}


def _text(name: str) -> str:
    return (files(PACKAGE) / name).read_text(encoding="utf-8")
