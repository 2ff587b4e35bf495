"""The word list from its TOML file: it decides only if its hash is the pinned one and its own cases come out right."""

import json
import tomllib
from functools import cache
from importlib.resources import files

from services.contact.adapters.pack_files import canonical_hash
from services.contact.domain.texts.words import WordBook, WordListFlaw, read_words
from shared.kernel.refusal import Refused

PACKAGE = "services.contact.adapters.texts"
WORDS, PINS = "words.toml", "pins.json"


class WordListUnusable(Refused):
    """The list of forbidden words may not decide: it cannot be read, is not the pinned one, or a case of its own fails.

    No text is judged by a list that is in doubt. Context: `flaw`, in words for whoever wrote it.
    """

    code = "word-list-unusable"
    title_en = "The list of forbidden words may not decide"
    title_zh = "禁用词表不可用"


def load_words(text: str, *, pinned: str | None) -> WordBook:
    """The list that a TOML text holds. `pinned`: the hash it must have, None: any. Raises WordListUnusable."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise WordListUnusable(flaw="it is not TOML") from None
    digest = canonical_hash(raw)
    if pinned is not None and digest != pinned:
        raise WordListUnusable(flaw="its content is not the pinned one")
    try:
        return read_words(raw, digest)
    except WordListFlaw as flaw:
        raise WordListUnusable(flaw=str(flaw)) from None


@cache
def shipped_words() -> WordBook:
    """The list of this release. Raises WordListUnusable."""
    return load_words((files(PACKAGE) / WORDS).read_text(encoding="utf-8"), pinned=pins().get(WORDS, ""))


@cache
def pins() -> dict[str, str]:
    """File -> hash, of this release's word list and templates."""
    pinned: dict[str, str] = json.loads((files(PACKAGE) / PINS).read_text(encoding="utf-8"))
    return pinned
