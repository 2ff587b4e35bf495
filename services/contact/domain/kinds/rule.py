"""What every rule has: where it comes from, whom and what it binds, and figures that hold from a date.

Each kind adds `check(value, moment) -> Finding | None`: what stands against the proposal at that moment with the
figures in force, or nothing.
"""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct, field

from services.contact.domain.moment import Moment
from services.contact.domain.verdict import Finding

ANY = "*"
FORCES = ("statute", "regulation", "supervisory", "standard", "self_regulation", "contract", "house")
"""The force of a source, strongest first; `house` alone may be a tenant's own."""
CONFIDENCES = ("verified", "quoted", "secondary", "weak", "memory")
"""How sure the text of a source is, surest first."""


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages; `{n}`, `{limit}` stand for figures."""

    zh: str
    en: str


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was read. `retrieved`: when; `url` where it is public."""

    id: str
    title: str
    issuer: str
    force: Literal["statute", "regulation", "supervisory", "standard", "self_regulation", "contract", "house"]
    confidence: Literal["verified", "quoted", "secondary", "weak", "memory"]
    retrieved: date
    published: date | None = None


class From(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which day the figures hold; `until` is exclusive, None: until the next ones, or for good."""

    from_: date = field(name="from")
    until: date | None = None


class Rule(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """One rule of a pack. Its kind says what it asks; `value` holds the figures by the day they hold from.

    `channels`, `roles` and `collectors` name what it binds (`*`: all) less `except_roles`; `overrides` are codes with
    which a named approver may let it through; `presumption` marks a rebuttable one; `pinpoint` is empty where nobody
    verified it.
    """

    id: str
    source: str
    explain: Words
    pinpoint: str = ""
    quote: str = ""
    comments: tuple[str, ...] = ()
    enabled: bool = True
    modality: Literal["must_not", "should_not", "must", "should"] = "must_not"
    presumption: bool = False
    channels: tuple[str, ...] = (ANY,)
    roles: tuple[str, ...] = (ANY,)
    except_roles: tuple[str, ...] = ()
    collectors: tuple[str, ...] = (ANY,)
    overrides: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    value: tuple[From, ...]

    warns_only: ClassVar[bool] = False

    def binds(self, moment: Moment) -> bool:
        """Is the proposal one of those the rule is about?"""
        asked = moment.proposal
        return (
            self.enabled
            and (ANY in self.channels or asked.channel in self.channels)
            and (ANY in self.roles or asked.role in self.roles)
            and asked.role not in self.except_roles
            and (ANY in self.collectors or moment.question.collector_role in self.collectors)
        )

    def fails(
        self,
        *,
        waits: bool,
        counted: tuple[str, ...] = (),
        observed: int | None = None,
        limit: int | None = None,
    ) -> Finding:
        """A finding of this rule."""
        return Finding(self.id, waits, counted, observed, limit)


def in_force(rule: Rule, day: date) -> From | None:
    """The figures that hold on a day, None where the rule was not in force."""
    found: From | None = None
    for value in rule.value:
        if value.from_ <= day and (value.until is None or day < value.until):
            found = value
    return found
