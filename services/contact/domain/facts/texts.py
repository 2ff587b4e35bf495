"""What the lender says: templates of messages and scripts of talks, their versions, and who approved each.

On `template-<uuid of its code>`. A text is the lender's own wording: what differs from debtor to debtor is a variable,
so no person is in it, and the exact text that was sent can be made again from version and values.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class Choice(Struct, frozen=True, kw_only=True):
    """One text of a closed list, under the code by which a value names it."""

    code: str
    zh: str
    en: str


class Variable(Struct, frozen=True, kw_only=True):
    """What differs from debtor to debtor. `kind`: money, date, time, number, name, institution, masked_account, phone,
    or choice, which says one of `choices`.
    """

    name: str
    kind: str
    choices: tuple[Choice, ...] = ()


class Body(Struct, frozen=True, kw_only=True):
    """The text in one language (zh-CN, en); `{name}` stands for a variable. `subject_line`: of e-mails and letters."""

    language: str
    text: str
    subject_line: str | None = None


class TemplateText(Struct, frozen=True, kw_only=True):
    """One version's wording and what it is for.

    `channel`: sms, email, letter, or a script for voice or visit. `stages`: those it is for, none: any. `audience`:
    debtor or third_party. `purpose` as the policy packs name it.
    """

    channel: str
    situation: str
    stages: tuple[str, ...]
    purpose: str
    audience: str
    variables: tuple[Variable, ...]
    bodies: tuple[Body, ...]


class TemplateDrafted(Struct, frozen=True, kw_only=True):
    """Somebody wrote a version; it is used only once a second person approved it, from `effective_from` on.

    `content`: SHA-256, in hex, of the text's canonical JSON. `markers`: what it says, in the packs' words. `words`: the
    list of forbidden words that it passed, by version.
    """

    template: Annotated[str, FACTS]
    version: Annotated[int, FACTS]
    on: Annotated[date, FACTS]
    effective_from: Annotated[date, FACTS]
    text: Annotated[TemplateText, FACTS]
    content: Annotated[str, FACTS]
    markers: Annotated[tuple[str, ...], FACTS]
    words: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class TemplateApproved(Struct, frozen=True, kw_only=True):
    """A second person approved the version of that content; `words`: the list that it passed on that day."""

    template: Annotated[str, FACTS]
    version: Annotated[int, FACTS]
    content: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    effective_from: Annotated[date, FACTS]
    words: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class TemplateRejected(Struct, frozen=True, kw_only=True):
    """A second person rejected the version; `reason` a code."""

    template: Annotated[str, FACTS]
    version: Annotated[int, FACTS]
    content: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class TemplateRetired(Struct, frozen=True, kw_only=True):
    """From `on` on the version is not used any more; texts sent before can still be made again."""

    template: Annotated[str, FACTS]
    version: Annotated[int, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


TemplateEvent: TypeAlias = TemplateDrafted | TemplateApproved | TemplateRejected | TemplateRetired
EVENTS: tuple[type[Struct], ...] = (TemplateDrafted, TemplateApproved, TemplateRejected, TemplateRetired)
