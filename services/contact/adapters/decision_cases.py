"""Decision cases as JSON, in the shape of `data/README.md`: lenient in what they add, strict in what we use."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from services.contact.domain.asked import Past, Question
from services.contact.domain.verdict import Decision
from shared.kernel.refusal import Refused

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class DecisionCasesUnusable(Refused):
    """The file is not a list of decision cases: an `id` and a `ctx` with debtor, history and proposal each.

    Context: `number` of the first case that cannot be read, from 1, or none where the file is no JSON list.
    """

    code = "decision-cases-unusable"
    title_en = "The file does not hold decision cases"
    title_zh = "该文件中不是联系决策案例"


def read_cases(path: Path) -> Iterator[tuple[str, Question]]:
    """(id, question) for every case of a file. Raises DecisionCasesUnusable; OSError as `open` does."""
    try:
        raw = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError:
        raise DecisionCasesUnusable(number=None) from None
    if not isinstance(raw, list):
        raise DecisionCasesUnusable(number=None)
    for number, case in enumerate(raw, start=1):
        try:
            yield str(case["id"]), question_of(case["ctx"])
        except (KeyError, TypeError, AttributeError, msgspec.ValidationError):
            raise DecisionCasesUnusable(number=number) from None


def question_of(ctx: Mapping[str, Any]) -> Question:
    """The question that a case's `ctx` asks. Raises msgspec.ValidationError, KeyError, TypeError."""
    history = tuple(_past(number, one) for number, one in enumerate(ctx.get("history") or (), start=1))
    wire = {
        "debtor": {key: value for key, value in ctx["debtor"].items() if value is not None},
        "proposal": {key: value for key, value in ctx["proposal"].items() if value is not None},
        "collector_role": ctx.get("collector_role") or "third_party",
    }
    asked = msgspec.convert(wire, Question, strict=False)
    _aware(asked.proposal.at)
    return msgspec.structs.replace(asked, history=history)


def _past(number: int, one: Mapping[str, Any]) -> Past:
    wire = {key: value for key, value in one.items() if value is not None}
    for key in ("from", "to"):
        clock = wire.get(key)
        if isinstance(clock, str) and _CLOCK.fullmatch(clock):
            wire[key] = clock + ":00"
        elif clock == "24:00":
            del wire[key]
    past = msgspec.convert({"ref": str(number), **wire}, Past, strict=False)
    _aware(past.t)
    if past.until is not None:
        _aware(past.until)
    return past


def _aware(at: Any) -> None:
    if at.tzinfo is None:
        raise msgspec.ValidationError("an instant needs its offset")


def answer_of(case_id: str, question: Question, decision: Decision) -> dict[str, Any]:
    """The answer to a case. `until` is told by the clock of the debtor's first zone, else by the proposal's offset."""
    until = decision.until
    if until is not None:
        first = ZoneInfo(question.debtor.zones[0]) if question.debtor.zones else question.proposal.at.tzinfo
        until = until.astimezone(first)
    return {
        "id": case_id,
        "outcome": decision.outcome,
        "rules": sorted(set(decision.rules)),
        "warnings": list(decision.warnings),
        "until": until.isoformat() if until is not None else None,
    }
