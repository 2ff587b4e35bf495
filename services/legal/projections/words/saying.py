"""The legal service's sentences, in English and Chinese, made from the stored values of an event.

Nobody is named: a person is "the debtor", or an id. What is not known is a dash; what stands in square brackets is left
out where one of its fields is not known, or is no.
"""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any, NamedTuple, TypeAlias

from services.legal.domain.events import STEPS
from services.legal.domain.tracks.machine import wire_name
from services.legal.projections.words.codes import CODES, OF_FIELD, SAID
from services.legal.projections.words.deadline_names import DEADLINE_NAMES
from services.legal.projections.words.of_arbitrations import OF_ARBITRATIONS
from services.legal.projections.words.of_assets import OF_ENFORCEMENTS, OF_PRESERVATIONS
from services.legal.projections.words.of_letters import OF_LETTERS
from services.legal.projections.words.of_matters import OF_MATTERS
from services.legal.projections.words.of_packs import OF_PACKS
from services.legal.projections.words.of_proofs import OF_PROOFS
from services.legal.projections.words.of_suits import OF_PAYMENT_ORDERS, OF_SUITS
from services.legal.projections.words.statuses import STATUSES, TRACKS
from shared.kernel import money
from shared.kernel.evidence import GRADES
from shared.kernel.parts import NAMES

Said: TypeAlias = Mapping[str, Any]
NOTHING = "–"
_MAY_FAIL = re.compile(r"\[([^\]]*)\]")
_FORGOTTEN = ("What this said has been erased.", "内容已依法删除。")
_DEBTOR = ("the debtor", "债务人")
_NONE = ("nothing", "无")
_COUNTED = {"against": ("{n} of the parties", "{n} 名相对人"), "debts": ("{n} debts", "{n} 笔债务")}
_OVER = ("over", "已届满")
_LEFT = ("no more than {n} days left", "距届满不超过 {n} 日")
_UNROLLED = (
    "{raw}, or the next working day (those of {year} are not announced)",
    "{raw}（如遇休息日顺延；{year} 年工作日历未公布）",
)
_ALL = {"against": ("the debtor", "债务人"), "debts": ("all debts of the case", "本案全部债务")}


class Words(NamedTuple):
    """The words for one type of event; sentences hold fields in braces."""

    title_en: str
    title_zh: str
    said_en: str
    said_zh: str


WORDS: dict[str, Words] = {
    f"legal.{name}": Words(*spoken)
    for name, spoken in {
        **OF_MATTERS, **OF_LETTERS, **OF_SUITS, **OF_PAYMENT_ORDERS, **OF_ARBITRATIONS, **OF_PRESERVATIONS,
        **OF_ENFORCEMENTS, **OF_PROOFS, **OF_PACKS,
    }.items()
}  # fmt: skip
_STEPS = {wire_name(kind): WORDS[f"legal.{kind.__name__}"] for kind in STEPS}


def chinese(language: str) -> bool:
    """`zh…` is Chinese; anything else reads English."""
    return language.lower().split("-")[0] == "zh"


def title(type_: str, language: str) -> str:
    """What kind of thing happened (`legal.SuitFiled`); the stored name where there are no words for it."""
    found = WORDS.get(type_)
    if found is None:
        return type_
    return found.title_zh if chinese(language) else found.title_en


def words(type_: str, said: Said | None, language: str) -> str:
    """The sentence; empty where there are no words for the type. `said` None: it was erased."""
    if said is None:
        return _pick(_FORGOTTEN, language)
    found = WORDS.get(type_)
    if found is None:
        return ""
    pattern = found.said_zh if chinese(language) else found.said_en
    kept = _MAY_FAIL.sub(lambda part: part[1] if _known(part[1], said) else "", pattern)
    return kept.format_map(_Fields(said, language))


def _known(part: str, said: Said) -> bool:
    """Does the event say all that this part of a sentence says?"""
    return all(
        said.get(field) not in (None, "", False) for _, field, _, _ in Formatter().parse(part) if field
    )


def step(name: str, language: str) -> str:
    """A step as it is named on the wire (`SUIT_FILED`), in words."""
    found = _STEPS.get(name)
    if found is None:
        return name
    return found.title_zh if chinese(language) else found.title_en


def track(kind: str, language: str) -> str:
    """A kind of track (`suit`), in words."""
    return _of(TRACKS, kind.lower(), language)


def status(kind: str, status_: str, language: str) -> str:
    """Where a track of a kind stands, in words."""
    found = STATUSES.get((kind.lower(), status_)) or STATUSES.get(("", status_))
    return status_ if found is None else _pick(found, language)


def deadline(name: str, language: str) -> str:
    """A deadline (`APPEAL`), in words."""
    return _of(DEADLINE_NAMES, name, language)


def code(value: str, language: str, *, field: str = "") -> str:
    """A code in words; one that has none stays as it is."""
    return _pick(OF_FIELD.get((field, value)) or CODES.get(value) or (value, value), language)


def unrolled(raw_on: str, language: str) -> str:
    """A last day that cannot be rolled to a working day yet, because those of its year are not announced."""
    return _pick(_UNROLLED, language).format(raw=raw_on, year=raw_on[:4])


def _of(known: Mapping[str, tuple[str, str]], name: str, language: str) -> str:
    return _pick(known.get(name, (name, name)), language)


def _pick(pair: tuple[str, str], language: str) -> str:
    return pair[1 if chinese(language) else 0]


class _Fields(dict[str, str]):
    """What an event says, field by field, as text."""

    def __init__(self, said: Said, language: str) -> None:
        super().__init__()
        self.said, self.language = said, language

    def __missing__(self, name: str) -> str:
        value, language = self.said.get(name), self.language
        if name in _COUNTED:
            return self._counted(name, value or ())
        if name in ("person", "attorney") and value is None:
            return _pick(_DEBTOR, language)
        if isinstance(value, bool):
            return _pick(SAID.get((name, value), (str(value), str(value))), language)
        if name in ("wanted", "code") and isinstance(value, str):
            return step(value, language) if value in _STEPS else code(value, language, field=name)
        if name == "deadline" and isinstance(value, str):
            return deadline(value, language)
        if name == "within" and value is not None:
            return _pick(_LEFT, language).format(n=value) if value else _pick(_OVER, language)
        if name == "expires_on" and value is None and "raw_on" in self.said:
            return unrolled(self.said["raw_on"], language)
        return _text(value, name, language)

    def _counted(self, name: str, value: Any) -> str:
        if not value:
            return _pick(_ALL[name], self.language)
        if len(value) == 1 and not chinese(self.language):
            return {"against": "one of the parties", "debts": "one debt"}[name]
        return _pick(_COUNTED[name], self.language).format(n=len(value))


def _text(value: Any, name: str, language: str) -> str:
    match value:
        case None | "":
            return NOTHING
        case {"minor": minor, "currency": currency}:
            return f"{money.decimal(minor, currency)} {currency}"
        case {"principal": _, "currency": currency}:
            return f"{money.decimal(sum(value[part] for part in NAMES), currency)} {currency}"
        case list() | tuple():
            between = "、" if chinese(language) else ", "
            return between.join(_text(one, name, language) for one in value) or _pick(_NONE, language)
        case str() if name == "evidence" and value in GRADES:
            return _pick(GRADES[value], language)
        case str():
            return code(value, language, field=name)
        case _:
            return str(value)
