"""Which of the platform's two languages a person reads, from `Accept-Language` (RFC 9110, 12.5.4)."""

from typing import Literal

Language = Literal["en", "zh-CN"]
DEFAULT: Language = "en"
HEADER_CHARS_MAX = 200


def chosen(accept_language: str | None) -> Language:
    """The language with the highest weight that we write; English when none is asked for or none is ours."""
    best: Language = DEFAULT
    weight_best = 0.0
    for item in (accept_language or "")[:HEADER_CHARS_MAX].split(","):
        tag, _, parameter = item.strip().partition(";")
        language = _ours(tag)
        weight = _weight(parameter)
        if language is not None and weight > weight_best:
            best, weight_best = language, weight
    return best


def _ours(tag: str) -> Language | None:
    match tag.strip().lower().split("-")[0]:
        case "zh":
            return "zh-CN"
        case "en" | "*":
            return "en"
        case _:
            return None


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
