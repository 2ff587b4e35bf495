"""The sender's own words on a letter, in each language, from a TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import msgspec

SHIPPED = "letterhead.toml"
LANGUAGE_DEFAULT = "zh-CN"


class LetterheadFlaw(ValueError):
    """A letterhead that cannot be used: what is wrong with it, for whoever wrote it."""


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language's words. `title` stands where a message has no subject line of its own."""

    sender: tuple[str, ...]
    return_line: str
    title: str
    signature: tuple[str, ...]
    footer: str
    number: str
    date: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """A sender's words by language."""

    heads: Mapping[str, Head]

    def of(self, language: str) -> Head:
        """The words in this language; Chinese where it has none, else the first there is."""
        found = self.heads.get(language) or self.heads.get(LANGUAGE_DEFAULT)
        return found or next(iter(self.heads.values()))


def letterhead(file: Path | None = None) -> Letterhead:
    """The lender's own letterhead, or the shipped sample's. Raises LetterheadFlaw, OSError."""
    text = (
        files(__package__).joinpath(SHIPPED).read_text(encoding="utf-8")
        if file is None
        else file.read_text(encoding="utf-8")
    )
    try:
        heads = msgspec.convert(tomllib.loads(text), dict[str, Head])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise LetterheadFlaw(str(problem)) from None
    if not heads or any(not head.sender for head in heads.values()):
        raise LetterheadFlaw("a letterhead has at least one language, and a sender in each")
    return Letterhead(heads)
