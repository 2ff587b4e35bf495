"""Templates as documents: how HTTP and the command line show them, and a script line by line."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from services.contact.domain.facts.texts import TemplateText
from services.contact.domain.texts.template import (
    SHIPPED,
    Template,
    TemplateNotInForce,
    Version,
)
from services.contact.domain.texts.words import Required, WordBook
from shared.kernel.refusal import Refused
from shared.texts import placeholders
from shared.texts.writing import CHINESE


class ScriptUnknown(Refused):
    """No script for that situation and stage is in force today. `GET /v1/templates?channel=voice` lists scripts."""

    code = "script-unknown"
    title_en = "There is no script for that"
    title_zh = "没有适用的话术"


def summary(template: Template, today: date) -> dict[str, Any]:
    """A template in a list: what its newest version is for, and which version is in force."""
    last = template.versions[-1]
    return {
        "id": template.code,
        "channel": last.text.channel,
        "situation": last.text.situation,
        "stages": list(last.text.stages),
        "purpose": last.text.purpose,
        "audience": last.text.audience,
        "languages": [body.language for body in last.text.bodies],
        "in_force": in_force(template, today),
        "versions": [version_line(one) for one in template.versions],
    }


def in_force(template: Template, today: date) -> int | None:
    """The number of the version in force, None where there is none."""
    try:
        return template.in_force(today).number
    except TemplateNotInForce:
        return None


def version_line(one: Version) -> dict[str, Any]:
    """A version in a list."""
    return {
        "version": one.number,
        "status": one.status,
        "effective_from": one.effective_from.isoformat(),
        "drafted_on": _day(one.drafted_on),
        "decided_on": _day(one.decided_on),
        "retired_on": _day(one.retired_on),
        "content": one.content,
    }


def whole(template: Template, one: Version) -> dict[str, Any]:
    """A version with all it says."""
    text: dict[str, Any] = msgspec.to_builtins(one.text)
    return {
        "template": template.code,
        **version_line(one),
        "markers": list(one.markers),
        "words": one.words,
        **text,
    }


def chosen(
    templates: Sequence[Template], situation: str, *, channel: str, stage: str | None, today: date
) -> tuple[Template, Version]:
    """The script in force for a situation: one made for the stage before one for any, an own one before a shipped one.

    Raises ScriptUnknown.
    """
    found = []
    for template in templates:
        number = in_force(template, today)
        if number is None:
            continue
        one = template.of(number)
        fits = stage is None or not one.text.stages or stage in one.text.stages
        if one.text.situation == situation and one.text.channel == channel and fits:
            found.append((not one.text.stages, one.status == SHIPPED, template.code, template, one))
    if not found:
        raise ScriptUnknown
    *_, template, one = min(found, key=lambda ranked: ranked[:3])
    return template, one


def script(template: Template, one: Version, language: str, words: WordBook) -> dict[str, Any]:
    """A script for whoever speaks: line by line with what each says, which must be said, and what never is.

    `must`: a requirement of the word list rests on that line. Values stand as `{name}`, to be filled on the screen.
    """
    text = one.text
    body = next((known for known in text.bodies if known.language == language), text.bodies[0])
    required = {
        part
        for rule in words.words.required
        if rule.binds(channel=text.channel, audience=text.audience, situation=text.situation)
        for part in (*rule.parts, *(rule.first or ())[:1])
    }
    kinds = {variable.name: variable.kind for variable in text.variables}
    lines = [_line(said, kinds, required, words) for said in body.text.splitlines() if said.strip()]
    chinese = body.language == CHINESE
    return {
        "template": template.code,
        "version": one.number,
        "content": one.content,
        "channel": text.channel,
        "situation": text.situation,
        "stages": list(text.stages),
        "language": body.language,
        "markers": list(one.markers),
        "lines": lines,
        "variables": msgspec.to_builtins(text.variables),
        "never": [
            _never(rule.id, rule.marker, rule.reason, chinese) for rule in words.words.rule if rule.forbids
        ],
        "must_not": [_asked_for(rule, chinese) for rule in _kept_out(words, text)],
    }


def _line(said: str, kinds: Mapping[str, str], required: set[str], words: WordBook) -> dict[str, Any]:
    bare = placeholders.without_values(said)
    parts = words.parts_in(bare, [kinds[name] for name in placeholders.named_in(said)])
    return {"say": said, "says": sorted(parts), "must": bool(required & set(parts))}


def _kept_out(words: WordBook, text: TemplateText) -> list[Required]:
    return [
        rule
        for rule in words.words.required
        if rule.without and rule.binds(channel=text.channel, audience=text.audience, situation=text.situation)
    ]


def _never(rule: str, marker: str, reason: Any, chinese: bool) -> dict[str, str]:
    return {"rule": rule, "marker": marker, "reason": reason.zh if chinese else reason.en}


def _asked_for(rule: Required, chinese: bool) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "parts": list(rule.without),
        "reason": rule.reason.zh if chinese else rule.reason.en,
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
