"""What requests about templates say, and what answers show."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field, StringConstraints

from services.contact.api.asking.acting import Word, one_of
from services.contact.domain.texts.document import (
    AUDIENCES,
    CHANNELS,
    PURPOSES,
    SITUATIONS,
    STAGES,
)
from services.contact.domain.texts.template import STATUSES
from services.contact.domain.texts.values import KINDS
from shared.http.bodies import Day, Sent
from shared.http.wire import Wire
from shared.texts.writing import LANGUAGES

HERE = "/v1/templates"
Code = Annotated[str, StringConstraints(min_length=1, max_length=60), Field(examples=["m1-remind"])]
TemplateId = Annotated[str, Path(description="The template's code, as a list gave it, such as `m1-remind`.")]
VersionNo = Annotated[int, Path(ge=1, le=1_000_000, description="The number of the version.")]
Said = Annotated[str, StringConstraints(max_length=20_000)]
Short = Annotated[str, StringConstraints(max_length=200)]
_VARIABLES = [{"name": "institution", "kind": "institution"}, {"name": "hotline", "kind": "phone"}]
_BODIES = [
    {"language": "zh-CN", "text": "【{institution}】我们将停止联系此号码。如需恢复，请致电{hotline}。"},
    {
        "language": "en",
        "text": "{institution}: We have stopped messages to this number. To undo it, call {hotline}.",
    },
]
OF_A_TEXT: dict[str, Any] = {
    "channel": "sms", "situation": "optout_confirmation", "stages": [], "purpose": "optout_confirmation",
    "audience": "debtor", "variables": _VARIABLES, "bodies": _BODIES,
}  # fmt: skip
"""A text of the examples."""
OF_A_VERSION: dict[str, Any] = {
    "version": 1, "status": "APPROVED", "effective_from": "2026-12-01", "drafted_on": "2026-11-20",
    "decided_on": "2026-11-21", "retired_on": None, "content": "9f" * 32,
}  # fmt: skip


class ChoiceSent(Sent):
    """One text of a closed list."""

    code: Short = Field(examples=["app"])
    zh: Short = Field(examples=["手机银行"])
    en: Short = Field(examples=["mobile banking"])


class VariableSent(Sent):
    """What differs from debtor to debtor."""

    name: Short = Field(examples=["hotline"])
    kind: str = one_of(KINDS)
    choices: tuple[ChoiceSent, ...] = Field(default=(), max_length=40, description="Of the kind choice only.")


class BodySent(Sent):
    """The text in one language."""

    language: str = one_of(LANGUAGES)
    text: Said = Field(description="`{name}` stands for a variable.", examples=[_BODIES[0]["text"]])
    subject_line: Short | None = Field(default=None, description="Of e-mails and letters.")


class TextSent(Sent):
    """A version of a template."""

    channel: str = one_of(CHANNELS)
    situation: str = one_of(SITUATIONS)
    stages: tuple[Short, ...] = Field(
        default=(), max_length=10, description=f"Of {', '.join(STAGES)}; none: any."
    )
    purpose: str = one_of(PURPOSES)
    audience: str = one_of(AUDIENCES)
    variables: tuple[VariableSent, ...] = Field(default=(), max_length=100)
    bodies: tuple[BodySent, ...] = Field(max_length=10)
    effective_from: Day | None = Field(
        default=None, description="From which day on it may be used, once approved; none: at once."
    )

    def raw(self) -> dict[str, Any]:
        """The text as the domain reads it."""
        return self.model_dump(exclude={"effective_from", "template"})


class TemplateSent(TextSent):
    """A new template with its first version."""

    template: Code


class ApprovalSent(Sent):
    """The second person agrees."""


class ReasonSent(Sent):
    """Why."""

    reason: Word = Field(examples=["TOO_STERN"])


class PreviewSent(Sent):
    """What to look at a text with."""

    language: str = one_of(LANGUAGES)
    version: int | None = Field(default=None, ge=1, description="The one in force today unless given.")
    values: dict[str, Said] | None = Field(
        default=None,
        max_length=100,
        description="Of each variable, as its kind writes it; none: samples that are nobody's.",
        examples=[{"hotline": "021-95588", "institution": "示例银行"}],
    )


class VersionShown(Wire):
    """A version; `content` is the SHA-256, in hex, of its canonical JSON."""

    version: int
    status: str = Field(description="How it stands.", json_schema_extra={"enum": list(STATUSES)})
    effective_from: str
    drafted_on: str | None
    decided_on: str | None
    retired_on: str | None
    content: str


class TemplateShown(Wire):
    """A template, by what its newest version is for; `in_force` is the number of the version used today."""

    id: str
    channel: str
    situation: str
    stages: list[str]
    purpose: str
    audience: str
    languages: list[str]
    in_force: int | None
    versions: list[VersionShown]


class TemplateList(Wire):
    """Templates by their codes."""

    items: list[TemplateShown]


class VersionWhole(VersionShown):
    """A version with all it says. `markers`: what it says, in the words of the policy packs."""

    template: str
    channel: str
    situation: str
    stages: list[str]
    purpose: str
    audience: str
    variables: list[dict[str, Any]]
    bodies: list[dict[str, Any]]
    markers: list[str]
    words: str = Field(description="The list of forbidden words that it passed.")


class PreviewShown(Wire):
    """A text with values, names hidden. `hash` is that of the exact text, `markers` what it says."""

    template: str
    version: int
    language: str
    subject_line: str | None
    text: str
    markers: list[str]
    hash: str


class LineShown(Wire):
    """A line of a script: `must` be said; what it `says` in the words of the policy packs."""

    say: str
    says: list[str]
    must: bool


class NeverShown(Wire):
    """What is never said, and why."""

    rule: str
    marker: str
    reason: str


class MustNotShown(Wire):
    """What this script must not say, and why."""

    rule: str
    parts: list[str]
    reason: str


class ScriptShown(Wire):
    """A script for whoever speaks. Keep `template` and `version` with the attempt."""

    template: str
    version: int
    content: str
    channel: str
    situation: str
    stages: list[str]
    language: str
    markers: list[str]
    lines: list[LineShown]
    variables: list[dict[str, Any]]
    never: list[NeverShown]
    must_not: list[MustNotShown]
