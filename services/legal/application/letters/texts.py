"""Which text is in force on a day, and which one a letter was drafted by."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from services.legal.domain.letters.template import LetterTemplateUnknown, LetterText

Shipped = Callable[[], Mapping[str, tuple[LetterText, ...]]]


class LetterTexts:
    """The templates of a release."""

    def __init__(self, shipped: Shipped) -> None:
        self._shipped = shipped

    def all(self) -> tuple[LetterText, ...]:
        """Every version of every template, by code and version."""
        found = self._shipped()
        return tuple(one for code in sorted(found) for one in found[code])

    def in_force(self, code: str, on: date) -> LetterText:
        """The newest version that has begun. Raises LetterTemplateUnknown."""
        begun = [one for one in self._shipped().get(code, ()) if one.effective_from <= on]
        if not begun:
            raise LetterTemplateUnknown
        return begun[-1]

    def version(self, code: str, number: int) -> LetterText:
        """A version that a letter names. Raises LetterTemplateUnknown."""
        found = next((one for one in self._shipped().get(code, ()) if one.version == number), None)
        if found is None:
            raise LetterTemplateUnknown
        return found


def shown(text: LetterText) -> dict[str, Any]:
    """A version as HTTP and the command line show it."""
    return {
        "template": text.template,
        "version": text.version,
        "effective_from": text.effective_from.isoformat(),
        "kind": text.kind,
        "audience": text.audience,
        "answer_days": text.answer_days,
        "languages": [body.language for body in text.bodies],
        "values": [{"name": name, "kind": kind} for name, kind in sorted(text.typed_in.items())],
        "content": text.content,
    }
