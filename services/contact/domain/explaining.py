"""Why a rule stands against a contact, in words: its text, its figures, what it counted, what it rests on."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.contact.domain.pack import Pack
from services.contact.domain.verdict import Finding

_TECHNICAL: Mapping[str, tuple[str, str]] = {
    "PACK-MISSING": (
        "There is no policy pack for a place the debtor may be in; nobody may be contacted there",
        "债务人可能所在的某一地区没有规则包；不得在该地区联系",
    ),
    "ZONE-UNKNOWN": (
        "A time zone of the debtor is not in the zone database",
        "债务人的某一时区不在时区数据库中",
    ),
    "POINT-MISDIRECTED": (
        "The number or address is known to be somebody else's",
        "已知该号码或地址属于他人",
    ),
    "NO-PERMIT": (
        "No valid permit covered this contact",
        "该次联系没有有效的许可",
    ),
    "ZONE-EMPTY": (
        "There is no hour in the next 60 days that is open wherever the debtor may be: establish where that is",
        "未来 60 天内没有在债务人所有可能所在地都开放的时段：请先查明其所在地",
    ),
}


def explained(found: Finding, packs: Sequence[Pack], *, language: str) -> dict[str, Any]:
    """One finding for people and programs: rule, words, figures, events counted, source and how sure it is."""
    chinese = language.lower().startswith("zh")
    if found.rule in _TECHNICAL:
        return {"rule": found.rule, "message": _TECHNICAL[found.rule][chinese], "cure": _cure(found)}
    pack = next(pack for pack in packs if any(rule.id == found.rule for rule in pack.rule))
    rule = next(rule for rule in pack.rule if rule.id == found.rule)
    source = pack.rests_on(rule.id)
    text = rule.explain.zh if chinese else rule.explain.en
    said = {"n": found.observed, "limit": found.limit}
    return {
        "rule": found.rule,
        "message": text.format_map({key: "–" if value is None else value for key, value in said.items()}),
        "counted": list(found.counted),
        "observed": found.observed,
        "limit": found.limit,
        "cure": _cure(found),
        "presumption": rule.presumption,
        "overrides": list(rule.overrides),
        "source": {
            "title": source.title,
            "issuer": source.issuer,
            "pinpoint": rule.pinpoint or None,
            "quote": rule.quote or None,
            "force": source.force,
            "confidence": source.confidence,
        },
        "pack": {"id": pack.pack.id, "version": pack.pack.version, "hash": pack.hash},
    }


def _cure(found: Finding) -> str:
    """WAIT: time alone may cure it; EVENT: something new must happen, or the contact be another."""
    return "WAIT" if found.waits else "EVENT"
