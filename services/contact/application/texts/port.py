"""What others ask of the texts: which version is in force, and the exact text of it with these values."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from services.contact.domain.texts.rendering import Rendered
from services.contact.domain.texts.template import Version


class Texts(Protocol):
    """The texts of one tenant, by the code of the template (`m1-remind`) and the number of the version."""

    async def in_force(self, template: str, *, on: date) -> Version:
        """The version used on a day. Raises TemplateUnknown, TemplateNotInForce."""

    async def render(self, template: str, version: int, language: str, values: Mapping[str, str]) -> Rendered:
        """The exact text, again and again the same, of any version there ever was.

        Its `markers` are what `Proposed.content` takes; `MessageQueued.text_hash` is the print of its `hash`.
        Raises TemplateUnknown, TemplateLanguageMissing, TemplateValueUnfit.
        """

    async def for_use(
        self, template: str, language: str, values: Mapping[str, str], *, on: date
    ) -> tuple[Version, Rendered]:
        """The version in force with its text. Raises as `in_force` and `render` do."""
