"""A template's text read strictly: of closed lists, within bounds, with every fault named at once; and its hash."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from services.contact.domain.facts.texts import Body, TemplateText, Variable
from services.contact.domain.texts.values import KINDS
from shared.kernel.refusal import Refused
from shared.texts import placeholders
from shared.texts.writing import LANGUAGES

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,9}")
CODE_CHARS_MAX = 60
CHANNELS = ("sms", "email", "letter", "voice", "visit")
SCRIPTS = ("voice", "visit")
"""Channels whose text a person says."""
SITUATIONS = (
    "before_due", "soft_reminder", "negotiation", "formal_letter", "promise_confirmation", "promise_broken",
    "plan_offer", "plan_confirmation", "plan_reminder", "optout_confirmation", "locate", "call_opening",
    "hardship", "dispute", "stop_request", "wrong_number", "visit", "closing", "legal_letter",
)  # fmt: skip
STAGES = ("M0", "M1", "M2", "M3", "M4+")
PURPOSES = (
    "reminder", "collect", "service", "plan_service", "plan_reminder", "optout_confirmation", "location",
    "statutory_notice", "closure_notice", "settlement_confirmation", "validation", "verification", "legal_notice",
)  # fmt: skip
"""What a contact is for, as the policy packs name it. There is none for pressing others, publishing or sharing."""
AUDIENCES = ("debtor", "third_party")
VARIABLES_MAX = 40
CHOICES_MAX = 40
CHOICE_CHARS_MAX = 200
SUBJECT_CHARS_MAX = 120
TEXT_CHARS_MAX = {"sms": 500, "email": 10_000, "letter": 20_000, "voice": 10_000, "visit": 10_000}
"""Most characters of a text, with its values in their places."""
FAULTS_SHOWN = 50


class TemplateMalformed(Refused):
    """The template cannot be read: each fault is named with where it stands. Nothing was recorded.

    Context: faults, as `where: CODE`, and how many more there are than are named.
    """

    code = "template-malformed"
    title_en = "The template cannot be read"
    title_zh = "模板无法读取"


def read(raw: Mapping[str, Any]) -> TemplateText:
    """The text that parsed TOML or JSON holds. Raises TemplateMalformed."""
    try:
        text = msgspec.convert(_known_fields(raw), TemplateText)
    except (msgspec.ValidationError, TypeError):
        raise TemplateMalformed(faults=("template: SHAPE",), more=0) from None
    faults = list(_faults(text))
    if faults:
        raise refused(faults)
    return text


def refused(faults: list[str]) -> TemplateMalformed:
    """The refusal that names these faults, as many as are shown."""
    return TemplateMalformed(faults=tuple(faults[:FAULTS_SHOWN]), more=max(len(faults) - FAULTS_SHOWN, 0))


def canonical(text: TemplateText) -> str:
    """The text as canonical JSON."""
    return json.dumps(msgspec.to_builtins(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: TemplateText) -> str:
    """SHA-256, in hex, of the text's canonical JSON."""
    return hashlib.sha256(b"quittance-template/1\n" + canonical(text).encode()).hexdigest()


_FIELDS = frozenset(TemplateText.__struct_fields__)


def _known_fields(raw: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(raw) - _FIELDS
    if unknown:
        raise TemplateMalformed(faults=(f"template: UNKNOWN_FIELDS {len(unknown)}",), more=0)
    return {"stages": (), "variables": (), **raw}


def _faults(text: TemplateText) -> Iterator[str]:
    for where, said, known in (
        ("channel", text.channel, CHANNELS), ("situation", text.situation, SITUATIONS),
        ("purpose", text.purpose, PURPOSES), ("audience", text.audience, AUDIENCES),
    ):  # fmt: skip
        if said not in known:
            yield f"{where}: NOT_OF_THE_LIST"
    if (text.audience == "third_party", text.situation == "locate", text.purpose == "location") not in (
        (True,) * 3,
        (False,) * 3,
    ):
        yield "audience: OTHERS_ARE_ONLY_ASKED_WHERE"
    if set(text.stages) - set(STAGES):
        yield "stages: NOT_OF_THE_LIST"
    if len(set(text.stages)) != len(text.stages):
        yield "stages: TWICE"
    yield from _variables(text.variables)
    languages = [body.language for body in text.bodies]
    if not languages:
        yield "bodies: NONE"
    if len(set(languages)) != len(languages):
        yield "bodies: TWICE"
    for body in text.bodies:
        if body.language not in LANGUAGES:
            yield "bodies: LANGUAGE_NOT_OF_THE_LIST"
        else:
            yield from _body(text, body)


def _variables(variables: tuple[Variable, ...]) -> Iterator[str]:
    if len(variables) > VARIABLES_MAX:
        yield "variables: TOO_MANY"
    if len({one.name for one in variables}) != len(variables):
        yield "variables: TWICE"
    for number, one in enumerate(variables, start=1):
        where = f"variables[{number}]"
        if not placeholders.NAME.fullmatch(one.name):
            yield f"{where}: NAME_MALFORMED"
        if one.kind not in KINDS:
            yield f"{where}: KIND_NOT_OF_THE_LIST"
        if (one.kind == "choice") != bool(one.choices):
            yield f"{where}: CHOICES_OF_A_CHOICE_ONLY"
        if len(one.choices) > CHOICES_MAX or len({choice.code for choice in one.choices}) != len(one.choices):
            yield f"{where}: CHOICES_MALFORMED"
        for choice in one.choices:
            said = (choice.zh, choice.en)
            if not placeholders.NAME.fullmatch(choice.code) or any(
                not 1 <= len(text.strip()) <= CHOICE_CHARS_MAX or "{" in text or "}" in text for text in said
            ):
                yield f"{where}: CHOICES_MALFORMED"


def _body(text: TemplateText, body: Body) -> Iterator[str]:
    where = f"bodies.{body.language}"
    if not body.text.strip():
        yield f"{where}: EMPTY"
    if len(body.text) > TEXT_CHARS_MAX.get(text.channel, 0):
        yield f"{where}: TOO_LONG"
    if (body.subject_line is not None) != (text.channel in ("email", "letter")):
        yield f"{where}.subject_line: {'UNWANTED' if body.subject_line is not None else 'MISSING'}"
    if body.subject_line is not None and not _one_line(body.subject_line):
        yield f"{where}.subject_line: MALFORMED"
    whole = said_in(body)
    if not placeholders.well_formed(whole):
        yield f"{where}: PLACEHOLDER_MALFORMED"
    declared = {one.name for one in text.variables}
    used = set(placeholders.named_in(whole))
    if used - declared:
        yield f"{where}: VARIABLE_UNDECLARED"
    for unused in sorted(declared - used):
        yield (
            f"{where}: VARIABLE_UNUSED {unused}"
            if placeholders.NAME.fullmatch(unused)
            else f"{where}: VARIABLE_UNUSED"
        )


def _one_line(line: str) -> bool:
    return 1 <= len(line.strip()) <= SUBJECT_CHARS_MAX and "\n" not in line


def said_in(body: Body) -> str:
    """All that a body says, subject line first."""
    return body.text if body.subject_line is None else f"{body.subject_line}\n{body.text}"
