"""What a lawyer's letter may say: versions of texts that somebody approved, read strictly, with typed values.

`kind` is what the letter does at law (kinds.py), and the machine judges it by that; so a text that demands is a DEMAND
whatever it is called. A version is never changed: a letter that was drafted by it is made again from it.
"""

import re
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct, convert

from services.legal.domain.letters import kinds
from services.legal.domain.letters.lint import WordList, faults_in
from shared.kernel.refusal import Refused
from shared.texts import placeholders
from shared.texts.writing import LANGUAGES, WRITERS

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,5}")
ANSWER_DAYS_MAX = 90
HEAD = MappingProxyType({
    "firm_name": "institution", "firm_address": "line", "firm_phone": "phone", "lawyer": "name",
    "institution": "institution",
})  # fmt: skip
"""What every letter needs of whoever drafts it: the firm as its letterhead says it, who signs, for whom."""
OURS = MappingProxyType({
    "name": "name", "account": "masked_account", "amount": "money", "as_of": "date", "answer_days": "number",
    "letter_date": "date", "licence": "line", "debtor_name": "name",
})  # fmt: skip
"""What is never typed in: it is read from the case, the matter and the template when the letter is drafted."""
LINE = re.compile(r"[^\x00-\x1f\x7f{}\ufffc]{1,120}")


class LetterTemplateUnknown(Refused):
    """There is no such template, no such version, or none that is in force on the day.

    `GET /v1/legal-letter-templates` lists those there are.
    """

    code = "letter-template-unknown"
    title_en = "There is no such template of a lawyer's letter"
    title_zh = "没有该律师函模板"


class LetterValueUnfit(Refused):
    """A value does not fit the template: missing, of another kind, or one that nobody types in.

    Context: faults, as `variable: CODE`. Nothing of the value itself is repeated.
    """

    code = "letter-value-unfit"
    title_en = "A value does not fit the template of the letter"
    title_zh = "取值与律师函模板不符"


class LetterTemplateFlaw(ValueError):
    """A template that nothing may be drafted by: what is wrong with it, in words for whoever wrote it."""


class Variable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place for a value, of a kind of shared/texts/writing.py."""

    name: str
    kind: str


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template in one language: an empty line parts paragraphs."""

    language: str
    title: str
    text: str


class LetterText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version of a template, in force from `effective_from` until the next. `audience`: to whom it may go.

    `answer_days` from the day on which it arrives; `markers`: what it says, for the rules on content of the contact
    service. `content` is the hash of all of it, put in when it is loaded.
    """

    template: str
    version: int
    effective_from: date
    kind: str
    audience: Literal["debtor", "guarantor"]
    answer_days: int
    markers: tuple[str, ...]
    variables: tuple[Variable, ...]
    bodies: tuple[Body, ...]
    content: str = ""

    def body(self, language: str) -> Body:
        """The text in a language. Raises LetterTemplateUnknown."""
        found = next((one for one in self.bodies if one.language == language), None)
        if found is None:
            raise LetterTemplateUnknown(languages=tuple(one.language for one in self.bodies))
        return found

    @property
    def typed_in(self) -> dict[str, str]:
        """variable -> kind, of those that whoever drafts says."""
        own = {one.name: one.kind for one in self.variables if one.name not in OURS}
        return {**HEAD, **own}


def read_text(raw: dict[str, Any], words: WordList, *, content: str) -> LetterText:
    """The version that parsed TOML describes. Raises LetterTemplateFlaw."""
    try:
        text = convert({**raw, "content": content}, LetterText)
    except Exception as problem:
        raise LetterTemplateFlaw(str(problem)) from None
    faults = [*_faults(text), *(f"{text.template}: {fault}" for fault in _lint(text, words))]
    if faults:
        raise LetterTemplateFlaw("; ".join(faults))
    return text


def _lint(text: LetterText, words: WordList) -> Iterator[str]:
    for body in text.bodies:
        bare = placeholders.without_values(f"{body.title}\n{body.text}")
        yield from (f"{body.language}: {fault}" for fault in faults_in(bare, text.kind, body.language, words))


def _faults(text: LetterText) -> Iterator[str]:
    if not CODE.fullmatch(text.template):
        yield "template: CODE_MALFORMED"
    if text.kind not in kinds.KINDS:
        yield "kind: NOT_OF_THE_LIST"
    if (text.kind == kinds.GUARANTOR_DEMAND) != (text.audience == "guarantor"):
        yield "audience: A_GUARANTOR_GETS_A_GUARANTOR_DEMAND"
    if not 0 <= text.answer_days <= ANSWER_DAYS_MAX:
        yield "answer_days: OUT_OF_BOUNDS"
    if {one.language for one in text.bodies} != set(LANGUAGES) or len(text.bodies) != len(LANGUAGES):
        yield "bodies: EVERY_LANGUAGE_ONCE"
    declared = {one.name: one.kind for one in text.variables}
    if len(declared) != len(text.variables):
        yield "variables: TWICE"
    for name, kind in declared.items():
        known = OURS.get(name) or HEAD.get(name)
        if kind != (known or kind) or kind not in (*WRITERS, "line"):
            yield f"variables.{name}: KIND"
    for body in text.bodies:
        whole = f"{body.title}\n{body.text}"
        if not placeholders.well_formed(whole):
            yield f"{body.language}: PLACEHOLDER_MALFORMED"
        if set(placeholders.named_in(whole)) != set(declared):
            yield f"{body.language}: EVERY_VARIABLE_AND_NO_OTHER"


def written(kinds_of: dict[str, str], values: dict[str, str], language: str) -> dict[str, str]:
    """Each value as the language writes it. Raises LetterValueUnfit with every fault at once."""
    found, faults = {}, []
    for name, kind in kinds_of.items():
        value = values.get(name)
        said = None if value is None else _written(kind, value, language)
        if said is None:
            faults.append(f"{name}: {'MISSING' if value is None else 'MALFORMED'}")
        else:
            found[name] = said
    surplus = len(set(values) - set(kinds_of))
    if surplus:
        faults.append(f"UNDECLARED: {surplus}")
    if faults:
        raise LetterValueUnfit(faults=tuple(faults))
    return found


def _written(kind: str, value: str, language: str) -> str | None:
    if kind == "line":
        return value if LINE.fullmatch(value) and value == value.strip() else None
    return WRITERS[kind](value, language == "zh-CN")
