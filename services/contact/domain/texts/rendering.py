"""The exact text of a message: the same bytes for the same version, language and values, at any time.

Another way of writing values or places is another renderer, with its name in the hash.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.contact.domain.facts.texts import TemplateText
from services.contact.domain.texts.document import TEXT_CHARS_MAX
from services.contact.domain.texts.lint import lint_body, markers_of
from services.contact.domain.texts.values import TemplateValueUnfit, masked, written
from services.contact.domain.texts.words import WordBook
from shared.kernel.refusal import Refused
from shared.texts import placeholders

RENDERER = "quittance-text/1"


class TemplateLanguageMissing(Refused):
    """The version has no text in that language. Ask for one of those in `context`."""

    code = "template-language-missing"
    title_en = "The template has no text in that language"
    title_zh = "该模板没有此语言的文本"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A text ready to be sent or said. `markers`: what it says, for the rules on content. `hash`: see `hashed`."""

    language: str
    text: str = field(repr=False)
    subject_line: str | None = field(repr=False)
    markers: tuple[str, ...]
    hash: str
    renderer: str = RENDERER


def render(text: TemplateText, language: str, values: Mapping[str, str], words: WordBook) -> Rendered:
    """The text with these values. Its markers are those of template and values together, under today's list.

    Raises TemplateLanguageMissing, TemplateValueUnfit.
    """
    body = next((one for one in text.bodies if one.language == language), None)
    if body is None:
        raise TemplateLanguageMissing(languages=tuple(one.language for one in text.bodies))
    said = written(text.variables, values, language)
    whole = placeholders.filled(body.text, said)
    subject_line = None if body.subject_line is None else placeholders.filled(body.subject_line, said)
    if len(whole) > TEXT_CHARS_MAX[text.channel]:
        raise TemplateValueUnfit(faults=("text: TOO_LONG",))
    linted = lint_body(text, language, words)
    markers = {*linted.markers, *markers_of(f"{subject_line or ''}\n{whole}", words)}
    return Rendered(
        language=language,
        text=whole,
        subject_line=subject_line,
        markers=tuple(sorted(markers)),
        hash=hashed(language, subject_line, whole),
    )


def hidden(text: TemplateText, language: str, values: Mapping[str, str]) -> tuple[str | None, str]:
    """Subject line and text with names hidden: to be looked at, not sent. Raises as `render` does."""
    body = next((one for one in text.bodies if one.language == language), None)
    if body is None:
        raise TemplateLanguageMissing(languages=tuple(one.language for one in text.bodies))
    said = masked(text.variables, written(text.variables, values, language))
    line = None if body.subject_line is None else placeholders.filled(body.subject_line, said)
    return line, placeholders.filled(body.text, said)


def hashed(language: str, subject_line: str | None, text: str) -> str:
    """SHA-256, in hex, of renderer, language, subject line and text as one canonical JSON array."""
    told = json.dumps([RENDERER, language, subject_line, text], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()
