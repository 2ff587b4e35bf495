"""The list of forbidden words and of required parts: data with a source and a reason each, that proves itself.

A rule says which marker its words mean (threat, insult, …); a template that has one is not accepted, and a text that
has one is refused by the packs' rules on content. A part says how a text is recognised to hold what it must hold (who
writes, how to opt out). A list decides only when its own cases come out right.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from msgspec import Meta, Struct, convert

from services.contact.domain.kinds.rule import Source, Words
from shared.texts import spelling
from shared.texts.placeholders import STANDS_FOR_A_VALUE

ANY = "*"


class WordRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that mean `marker`. `forbids` false: they only mark a text (a lawful statement that other rules ask for).

    `han` and `latin`: phrases (spelling.py); `raw`: patterns over the text as written. `except_*`: lawful phrases in
    which the words stand.
    """

    id: Annotated[str, Meta(pattern=r"^W-[A-Z0-9]+(-[A-Z0-9]+)*$")]
    marker: str
    source: str
    reason: Words
    forbids: bool = True
    han: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    except_han: tuple[str, ...] = ()
    except_latin: tuple[str, ...] = ()


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something a text says: by one of these phrases, or by a variable of one of these kinds."""

    id: str
    han: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class Required(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which parts a text must hold (`parts`), must not hold (`without`), and which must come before which (`first`).

    It binds texts of these channels, audiences and situations, less `except_situations`. `subject_line`: `without` is
    asked of that line alone, and `means` is the marker of a text that breaks it.
    """

    id: str
    source: str
    reason: Words
    parts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    first: tuple[str, str] | None = None
    channels: tuple[str, ...] = (ANY,)
    audiences: tuple[str, ...] = (ANY,)
    situations: tuple[str, ...] = (ANY,)
    except_situations: tuple[str, ...] = ()
    subject_line: bool = False
    means: str | None = None

    def binds(self, *, channel: str, audience: str, situation: str) -> bool:
        """Is a text of this kind one of those it is about?"""
        asked = ((self.channels, channel), (self.audiences, audience), (self.situations, situation))
        return situation not in self.except_situations and all(
            ANY in ours or one in ours for ours, one in asked
        )


class WordCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text and the rules that it breaks; none: it is lawful, whatever it looks like."""

    text: str
    rules: tuple[str, ...] = ()


class Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The list's own name and version."""

    id: str
    version: str


class WordList(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The list as it is written. `variants`: pairs of traditional and simplified characters, one after the other."""

    list: Head
    variants: str
    source: tuple[Source, ...]
    rule: tuple[WordRule, ...]
    part: tuple[Part, ...]
    required: tuple[Required, ...]
    case: tuple[WordCase, ...]


class WordListFlaw(ValueError):
    """A list that may not decide: what is wrong with it, in words for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a rule that were found. `at`: how far into the folded text."""

    rule: WordRule
    at: int


@dataclass(frozen=True, eq=False)
class WordBook:
    """A list, ready to read texts with. `hash`: SHA-256 of its canonical JSON."""

    words: WordList
    hash: str

    @property
    def id(self) -> str:
        """How events name it: list, version and content."""
        return f"{self.words.list.id}/{self.words.list.version}#{self.hash[:16]}"

    @cached_property
    def _variants(self) -> dict[int, str]:
        pairs = self.words.variants
        return {ord(pairs[n]): pairs[n + 1] for n in range(0, len(pairs) - 1, 2)}

    @cached_property
    def _rules(self) -> tuple[tuple[WordRule, re.Pattern[str], re.Pattern[str] | None], ...]:
        return tuple(
            (
                one,
                _any_of(one.han, one.latin),
                _any_of(one.except_han, one.except_latin) if one.except_han or one.except_latin else None,
            )
            for one in self.words.rule
        )

    @cached_property
    def _parts(self) -> tuple[tuple[Part, re.Pattern[str]], ...]:
        return tuple((one, _any_of(one.han, one.latin)) for one in self.words.part)

    def hits(self, text: str) -> Iterator[Hit]:
        """Every rule whose words a text holds, once each."""
        plain = spelling.folded(text, self._variants)
        for rule, pattern, lawful in self._rules:
            spared = [found.span() for found in lawful.finditer(plain)] if lawful else []
            at = next(
                (
                    found.start()
                    for found in pattern.finditer(plain)
                    if not any(start <= found.start() and found.end() <= end for start, end in spared)
                ),
                None,
            )
            if at is None and any(re.search(raw, text) for raw in rule.raw):
                at = 0
            if at is not None:
                yield Hit(rule, at)

    def parts_in(self, text: str, kinds: Sequence[str]) -> dict[str, int]:
        """part -> where it first stands, for the parts a text holds. `kinds`: of its variables, in their order."""
        plain = spelling.folded(text, self._variants)
        marks = [at for at, one in enumerate(plain) if one == STANDS_FOR_A_VALUE]
        found: dict[str, int] = {}
        for part, pattern in self._parts:
            places = [at for at, kind in zip(marks, kinds, strict=True) if kind in part.kinds]
            if (part.han or part.latin) and (hit := pattern.search(plain)):
                places.append(hit.start())
            if places:
                found[part.id] = min(places)
        return found


def _any_of(han: tuple[str, ...], latin: tuple[str, ...]) -> re.Pattern[str]:
    patterns = [*(spelling.han(one) for one in han), *(spelling.latin(one) for one in latin)]
    return re.compile("|".join(patterns) or r"(?!)")


def read_words(raw: dict[str, Any], digest: str) -> WordBook:
    """The list that parsed TOML describes. Raises WordListFlaw for anything that is not as it must be."""
    try:
        words = convert(raw, WordList)
    except Exception as problem:
        raise WordListFlaw(str(problem)) from None
    parts = {one.id for one in words.part}
    sources = {one.id for one in words.source}
    for what, names in (
        ("rule", [one.id for one in words.rule]), ("part", [one.id for one in words.part]),
        ("source", [one.id for one in words.source]), ("required", [one.id for one in words.required]),
    ):  # fmt: skip
        if len(names) != len(set(names)):
            raise WordListFlaw(f"a {what} is named twice")
    named = [(one.id, one.source) for one in words.rule] + [(one.id, one.source) for one in words.required]
    for name, source in named:
        if source not in sources:
            raise WordListFlaw(f"{name}: no source is called {source}")
    for required in words.required:
        if unknown := {*required.parts, *required.without, *(required.first or ())} - parts:
            raise WordListFlaw(f"{required.id}: no part is called {', '.join(sorted(unknown))}")
    book = WordBook(words, digest)
    for number, case in enumerate(words.case, start=1):
        found = {hit.rule.id for hit in book.hits(case.text)}
        if found != set(case.rules):
            raise WordListFlaw(f"case {number} comes out wrong: {', '.join(sorted(found)) or 'no rule'}")
    if not words.case:
        raise WordListFlaw("a list without cases does not load")
    return book
