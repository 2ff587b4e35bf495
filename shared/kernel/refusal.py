"""Refusals: what a caller can avoid, said with a stable code and in two languages.

    Exception
    └── Refused                 root; every subclass carries a code, titles and a docstring
        └── …                   each beside the rule that raises it (`grep -rn "(Refused)"`)

A refusal that a regulator could ask about is not one of these: it is an event. A fault of our own is an
assertion.
"""

import re
from datetime import date, datetime
from typing import ClassVar, TypeAlias

Safe: TypeAlias = int | str | date | datetime | tuple[str, ...] | None
"""What a refusal may carry: limits, versions, names from our own code, dates. Never a submitted value."""

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_BY_CODE: dict[str, type["Refused"]] = {}


class Refused(Exception):
    """A rule said no; nothing was written.

    Subclasses set `code` (kebab-case, unique in the platform, never reused), `title_en`, `title_zh`, and a
    docstring that says what happened, why the rule exists and what the caller can do. `context` holds typed
    safe values.
    """

    code: ClassVar[str]
    title_en: ClassVar[str]
    title_zh: ClassVar[str]

    def __init__(self, **context: Safe) -> None:
        super().__init__(type(self).code)
        self.context: dict[str, Safe] = context

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("code", "title_en", "title_zh", "__doc__"):
            value = cls.__dict__.get(name)
            if not isinstance(value, str) or not value.strip():
                raise TypeError(f"{cls.__qualname__} needs its own {name}")
        if not _CODE.fullmatch(cls.code):
            raise TypeError(f"{cls.__qualname__}: code {cls.code!r} is not kebab-case")
        taken = _BY_CODE.setdefault(cls.code, cls)
        if (taken.__module__, taken.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"{cls.__qualname__}: code {cls.code!r} belongs to {taken.__qualname__}")

    def title(self, language: str) -> str:
        """The title for a language tag: Chinese for `zh` and its variants, English for all others."""
        return type(self).title_zh if language.lower().split("-")[0] == "zh" else type(self).title_en


def all_refusals() -> dict[str, type[Refused]]:
    """Every refusal defined so far, by code (for the tables that must be total)."""
    return dict(sorted(_BY_CODE.items()))
