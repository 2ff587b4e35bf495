"""What a text says, in the packs' words, and what of it may not be said, or is not said and must be.

Asked of a draft, again when it is approved, because lists change, and of every text with its values in their places.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from services.contact.domain.facts.texts import Body, TemplateText
from services.contact.domain.texts.document import FAULTS_SHOWN, said_in
from services.contact.domain.texts.words import Required, WordBook
from shared.kernel.refusal import Refused
from shared.texts import placeholders

_MARKUP = re.compile(r"<[A-Za-z/!]|&#|&[a-z]+;|\[[^\]]*\]\(|javascript:", re.IGNORECASE)
_LITERAL_NUMBER = re.compile(r"(?:[0-9０-９][ \-]?){7,}")
_LITERAL_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LINE_ENDS = "\n"


class TemplateUnfit(Refused):
    """The text says what is never said to a debtor, or leaves out what must be said. Nothing was recorded.

    Context: faults, as `where: CODE`. `FORBIDDEN W-17` names a rule of the word list (`quittance contact templates
    --words` prints it with its source and reason), `MISSING`, `KEPT_OUT` and `NOT_FIRST` a requirement.
    """

    code = "template-unfit"
    title_en = "The text may not be used"
    title_zh = "该文本不得使用"


@dataclass(frozen=True, slots=True)
class Linted:
    """What a text says (`markers`, sorted) and what stands against it."""

    markers: tuple[str, ...]
    faults: tuple[str, ...]

    def require_fit(self) -> None:
        """Raises TemplateUnfit."""
        if self.faults:
            raise TemplateUnfit(
                faults=self.faults[:FAULTS_SHOWN], more=max(len(self.faults) - FAULTS_SHOWN, 0)
            )


def lint(text: TemplateText, words: WordBook) -> Linted:
    """A template's text under a list. The text is well-formed (document.read)."""
    found = [_linted(text, body, words) for body in text.bodies]
    faults = [fault for one in found for fault in one.faults]
    for variable in text.variables:
        for choice in variable.choices:
            faults += [
                f"variables.{variable.name}: FORBIDDEN {hit.rule.id}"
                for said in (choice.zh, choice.en)
                for hit in words.hits(said)
                if hit.rule.forbids
            ]
    markers = {marker for one in found for marker in one.markers}
    return Linted(tuple(sorted(markers)), tuple(dict.fromkeys(faults)))


def lint_body(text: TemplateText, language: str, words: WordBook) -> Linted:
    """One language's text under a list."""
    body = next(one for one in text.bodies if one.language == language)
    return _linted(text, body, words)


def markers_of(said: str, words: WordBook) -> tuple[str, ...]:
    """What any text says by its words alone: what rules on content ask about, sorted."""
    found = {hit.rule.marker for hit in words.hits(said)} | set(words.parts_in(said, _no_kinds(said)))
    return tuple(sorted(found))


def _no_kinds(said: str) -> list[str]:
    return [""] * said.count(placeholders.STANDS_FOR_A_VALUE)


def _linted(text: TemplateText, body: Body, words: WordBook) -> Linted:
    where = f"bodies.{body.language}"
    whole = said_in(body)
    bare = placeholders.without_values(whole)
    kinds = {one.name: one.kind for one in text.variables}
    parts = words.parts_in(bare, [kinds[name] for name in placeholders.named_in(whole)])
    hits = list(words.hits(bare))
    faults = [f"{where}: FORBIDDEN {hit.rule.id}" for hit in hits if hit.rule.forbids]
    markers = {hit.rule.marker for hit in hits} | set(parts)
    faults += [f"{where}: {code}" for code in _unsound(bare)]
    for required in words.words.required:
        if not required.binds(channel=text.channel, audience=text.audience, situation=text.situation):
            continue
        if required.subject_line:
            if _in_subject_line(required, body, words, kinds):
                faults.append(f"{where}.subject_line: KEPT_OUT {required.id}")
                markers |= {required.means} if required.means else set()
            continue
        broken = [f"{where}: {code}" for code in _broken(required, parts)]
        faults += broken
        if broken and required.means:
            markers.add(required.means)
    return Linted(tuple(sorted(markers)), tuple(faults))


def _broken(required: Required, parts: dict[str, int]) -> Iterator[str]:
    for part in required.parts:
        if part not in parts:
            yield f"MISSING {required.id} {part}"
    for part in required.without:
        if part in parts:
            yield f"KEPT_OUT {required.id} {part}"
    if required.first is not None:
        before, after = required.first
        if after in parts and parts.get(before, parts[after] + 1) > parts[after]:
            yield f"NOT_FIRST {required.id} {before}"


def _in_subject_line(required: Required, body: Body, words: WordBook, kinds: dict[str, str]) -> bool:
    if body.subject_line is None:
        return False
    named = [kinds[name] for name in placeholders.named_in(body.subject_line)]
    parts = words.parts_in(placeholders.without_values(body.subject_line), named)
    return bool(set(required.without) & set(parts))


def _unsound(bare: str) -> Iterator[str]:
    """What no honest text holds: marks nobody sees, markup, and numbers or addresses of somebody in particular."""
    if any(unicodedata.category(one) in ("Cc", "Cf", "Co", "Cs") and one not in _LINE_ENDS for one in bare):
        yield "INVISIBLE"
    if _MARKUP.search(bare):
        yield "MARKUP"
    if _LITERAL_NUMBER.search(bare):
        yield "LITERAL_NUMBER"
    if _LITERAL_ADDRESS.search(bare):
        yield "LITERAL_ADDRESS"
