"""A letter as it is set: the firm's head, the text with its values, the table of what is owed, the signature.

A pure function of the text and of what LetterDrafted holds, so that the same bytes can be made again at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from services.legal.domain.facts.letter import LetterDrafted
from services.legal.domain.letters.template import HEAD, OURS, LetterText, written
from shared.eventstore.registry import ERASED
from shared.kernel.money import Money
from shared.kernel.parts import Parts
from shared.kernel.refusal import Refused
from shared.printing.letter import Letter, NotPrintable, Press, Printed
from shared.texts import placeholders
from shared.texts.writing import WRITERS

NUMBER_DIGITS = 12
_LABELS: Mapping[str, Mapping[str, str]] = {
    "zh-CN": {
        "number": "函号", "date": "日期", "licence": "执业许可证号", "costs": "费用", "interest": "利息",
        "penalty": "违约金", "principal": "本金", "total": "合计", "lawyer": "经办律师：", "phone": "电话：",
    },
    "en": {
        "number": "Number", "date": "Date", "licence": "Licence", "costs": "Costs", "interest": "Interest",
        "penalty": "Late charges", "principal": "Principal", "total": "Total", "lawyer": "Lawyer: ",
        "phone": "Telephone: ",
    },
}  # fmt: skip


class LetterNotPrintable(Refused):
    """The letter cannot be set. Context: `cause`.

    CHARACTER_UNKNOWN: a character that the font does not have. ADDRESS_TOO_LONG: the address, or the firm's, does not
    fit the window. TOO_LONG: more than a letter holds. ADDRESS_MISSING: nobody to send it to.
    """

    code = "letter-not-printable"
    title_en = "The letter cannot be set in print"
    title_zh = "该函件无法排版"


class LetterForgotten(Refused):
    """What the letter said was erased with the rest of what was known of the person: its hash is all that is left."""

    code = "letter-forgotten"
    title_en = "The words of the letter were erased"
    title_zh = "该函件内容已被清除"


class LetterNotTheSame(Refused):
    """The letter, made again, has another hash than the one on record: it is not shown as if it were the same.

    Some part of this installation (fonts, typesetter, the text) is not the one the letter was made with.
    """

    code = "letter-not-the-same"
    title_en = "The letter cannot be made again as it was"
    title_zh = "该函件无法原样重现"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a letter is made of beside its text. `values` as they are stored, not as they are written."""

    letter: str
    on: date
    language: str
    claimed: Parts
    recipient: tuple[str, ...] = field(repr=False)
    values: Mapping[str, str] = field(repr=False)


def letter_number(letter: str) -> str:
    """The number on the sheet: it says nothing of anybody, and is the same for the same letter."""
    return sha256(letter.encode()).hexdigest()[:NUMBER_DIGITS].upper()


def letter_of(text: LetterText, filled: Filled) -> Letter:
    """The letter as it is set. Raises LetterTemplateUnknown, LetterValueUnfit."""
    body, labels = text.body(filled.language), _LABELS[filled.language]
    said = written(kinds_of(text), dict(filled.values), filled.language)
    words = placeholders.filled(body.text, said)
    paragraphs = tuple(part.strip() for part in words.strip().split("\n\n") if part.strip())
    return Letter(
        language=filled.language,
        on=filled.on,
        sender=(said["firm_name"], said["firm_address"], labels["phone"] + said["firm_phone"]),
        return_line=f"{said['firm_name']} · {said['firm_address']}",
        recipient=filled.recipient,
        title=placeholders.filled(body.title, said),
        body=paragraphs,
        references=(
            (labels["number"], letter_number(filled.letter)),
            (labels["date"], filled.on.isoformat()),
            (labels["licence"], said["licence"]),
        ),
        rows=_rows(filled.claimed, labels, filled.language),
        signature=(said["firm_name"], labels["lawyer"] + said["lawyer"], said["letter_date"]),
    )


def kinds_of(text: LetterText) -> dict[str, str]:
    """variable -> kind, of all that a letter by this text needs."""
    used = {one.name: one.kind for one in text.variables}
    return {**HEAD, **{name: OURS[name] for name in ("licence", "letter_date")}, **used}


def _rows(claimed: Parts, labels: Mapping[str, str], language: str) -> tuple[tuple[str, str], ...]:
    amounts = [
        (labels[name], Money(getattr(claimed, name), claimed.currency))
        for name in ("principal", "interest", "penalty", "costs")
        if getattr(claimed, name)
    ]
    return tuple(
        (label, _money(one, language)) for label, one in (*amounts, (labels["total"], claimed.total))
    )


def _money(amount: Money, language: str) -> str:
    said = WRITERS["money"](money_text(amount), language == "zh-CN")
    assert said is not None, "an amount of ours can be written"
    return said


def money_text(amount: Money) -> str:
    """An amount as values hold it."""
    return f"{amount.decimal()} {amount.currency}"


def printed(press: Press, text: LetterText, filled: Filled) -> Printed:
    """The PDF. Raises LetterNotPrintable, LetterTemplateUnknown, LetterValueUnfit."""
    try:
        return press.set(letter_of(text, filled))
    except NotPrintable as problem:
        raise LetterNotPrintable(cause=problem.cause) from None


def filled_of(letter: str, draft: LetterDrafted) -> Filled:
    """What a letter was drafted with. Raises LetterForgotten."""
    personal: tuple[object, object] = (draft.values, draft.recipient)
    if ERASED in personal:
        raise LetterForgotten
    return Filled(
        letter=letter, on=draft.on, language=draft.language, claimed=draft.claimed, recipient=draft.recipient,
        values=dict(draft.values),
    )  # fmt: skip
