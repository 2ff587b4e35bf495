"""Drafting a letter: whom it is to, what is owed as the case service knows it, the text in force, the PDF's hash."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.legal.application.elsewhere import CaseFile, CaseSheet, Debt, Person
from services.legal.application.handle import LegalDesk
from services.legal.application.letters.setting import Filled, kinds_of, money_text, printed
from services.legal.application.letters.texts import LetterTexts
from services.legal.application.thing_ids import matter_of
from services.legal.domain.facts import letter as f
from services.legal.domain.letters import kinds
from services.legal.domain.letters.firm import require_some_firm
from services.legal.domain.letters.template import LetterText, LetterValueUnfit, written
from services.legal.domain.limitation.reading import expired
from services.legal.domain.matter import Matter
from services.legal.domain.refusals import DebtNotOfCase, LegalDayAhead, MatterUnknown
from services.legal.domain.stepping import claimed as claimed_debts
from services.legal.domain.thing_ids import LETTER
from services.legal.domain.tracks.machine import TrackUnknown
from shared.kernel import parts
from shared.kernel.parts import Parts
from shared.kernel.refusal import Refused
from shared.printing.letter import Press

RUNNING = "RUNNING"
_NOT_OF_A_TAIL = re.compile(r"[^0-9A-Z]")


class LetterNobodyThere(Refused):
    """The case has no such person, or their name is not known any more: a letter needs somebody to be sent to."""

    code = "letter-nobody-there"
    title_en = "There is nobody of that role whom the letter could be sent to"
    title_zh = "案件中没有可寄送函件的相应人员"


class LetterNothingOwed(Refused):
    """On the day the balance is of, nothing is owed on these debts: there is nothing that a letter could be about."""

    code = "letter-nothing-owed"
    title_en = "Nothing is owed that the letter could be about"
    title_zh = "该日没有欠款，无从致函"


class LetterToSomebodyElse(Refused):
    """The template is for another audience: a guarantor gets a guarantor's letter, and nobody else does."""

    code = "letter-to-somebody-else"
    title_en = "The template is for somebody of another role"
    title_zh = "该模板不适用于此角色"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What whoever drafts says: `values` typed in, the end of which day the balance is of, `debts` none: all."""

    as_of: date
    debts: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """A letter of a matter, and what it was asked for as."""

    matter_id: str
    matter: Matter
    requested: f.LetterRequested


class Drafting:
    """Drafts of one tenant."""

    def __init__(self, *, acts: LegalDesk, texts: LetterTexts, press: Press) -> None:
        self._acts, self._texts, self._press = acts, texts, press

    async def begun(self, letter: str) -> Begun:
        """The letter's matter, and how it was asked for. Raises MatterUnknown, TrackUnknown."""
        matter_id = matter_of(LETTER, letter)
        if matter_id is None:
            raise MatterUnknown
        matter = (await self._acts.load(matter_id)).matter
        first = next(iter(matter.steps(letter)), None)
        if not isinstance(first, f.LetterRequested):
            raise TrackUnknown
        return Begun(matter_id, matter, first)

    def requested(self, template: str, language: str, role: str, *, on: date) -> None:
        """May a letter of this template be asked for? Raises LetterTemplateUnknown, LetterToSomebodyElse."""
        text = self._texts.in_force(template, on)
        text.body(language)
        if (text.audience == "guarantor") != (role == "GUARANTOR"):
            raise LetterToSomebodyElse

    async def draft(
        self, letter: str, wanted: Wanted, case_file: CaseFile, *, step: str, by: str
    ) -> f.LetterDrafted:
        """The draft as it would be recorded today.

        Raises: MatterUnknown, TrackUnknown, NotAnswered, CaseUnknownElsewhere, LetterNobodyThere, LetterNothingOwed,
        DebtNotOfCase, LegalDayAhead, LetterNeedsFirm, LetterTemplateUnknown, LetterValueUnfit, LetterNotPrintable,
        CurrencyMismatch.
        """
        begun, today = await self.begun(letter), self._acts.today
        opened = begun.matter.opened
        if opened is None:
            raise MatterUnknown
        if wanted.as_of > today:
            raise LegalDayAhead
        asked = begun.requested
        text = self._texts.in_force(asked.template, today)
        firm = require_some_firm(begun.matter, today)
        own = written(text.typed_in, dict(wanted.values), asked.language)
        assert set(own) == set(text.typed_in), "every value is there, and no other"
        sheet = await case_file.sheet(opened.case, as_of=wanted.as_of)
        person = _person(sheet, asked.person)
        debts = _debts(sheet, wanted.debts or claimed_debts(begun.matter))
        owed = _owed(debts)
        ours = _ours(text, sheet, person, debts, owed, wanted.as_of, today, firm.licence)
        needed = kinds_of(text)
        values = {name: one for name, one in {**wanted.values, **ours}.items() if name in needed}
        recipient = (str(person.name), *_lines(person.postal))
        filled = Filled(
            letter=letter, on=today, language=asked.language, claimed=owed, recipient=recipient, values=values
        )
        made = printed(self._press, text, filled)
        over = expired(
            (await self._acts.load(begun.matter_id)).claims, self._acts.ground.law,
            tuple(one.debt for one in debts), as_of=today, persons=(asked.person,),
        )  # fmt: skip
        return f.LetterDrafted(
            track=letter, step=step, on=today, kind=text.kind, template=text.template,
            template_version=text.version, content=text.content, language=asked.language, as_of=wanted.as_of,
            subject=sheet.subject,
            debts=tuple(one.debt for one in debts), claimed=owed, limitation=kinds.EXPIRED if over else RUNNING,
            answer_days=text.answer_days, sha256=made.sha256, pages=made.pages,
            values=tuple(sorted(values.items())), recipient=recipient, by=by,
        )  # fmt: skip


def _person(sheet: CaseSheet, person: str | None) -> Person:
    found = next((one for one in sheet.people if one.person == person), None)
    if found is None or not found.name:
        raise LetterNobodyThere
    return found


def _debts(sheet: CaseSheet, wanted: tuple[str, ...]) -> tuple[Debt, ...]:
    if set(wanted) - {one.debt for one in sheet.debts}:
        raise DebtNotOfCase
    return tuple(one for one in sheet.debts if one.debt in wanted or not wanted)


def _owed(debts: tuple[Debt, ...]) -> Parts:
    """What is owed on them together; a part that was overpaid is nothing. Raises LetterNothingOwed."""
    if not debts:
        raise LetterNothingOwed
    found = parts.nothing(debts[0].owed.currency)
    for one in debts:
        found += parts.of([max(minor, 0) for minor in one.owed.minors], one.owed.currency)
    if found.total.minor <= 0:
        raise LetterNothingOwed
    return found


def _ours(
    text: LetterText,
    sheet: CaseSheet,
    person: Person,
    debts: tuple[Debt, ...],
    owed: Parts,
    as_of: date,
    today: date,
    licence: str,
) -> dict[str, str]:
    debtor = sheet.debtor
    found = {
        "name": str(person.name),
        "account": _tail(debts[0].tail),
        "amount": money_text(owed.total),
        "as_of": as_of.isoformat(),
        "answer_days": str(text.answer_days),
        "letter_date": today.isoformat(),
        "licence": licence,
    }
    if debtor is not None and debtor.name:
        found["debtor_name"] = debtor.name
    if "debtor_name" in kinds_of(text) and "debtor_name" not in found:
        raise LetterValueUnfit(faults=("debtor_name: MISSING",))
    return found


def _tail(tail: str) -> str:
    return _NOT_OF_A_TAIL.sub("", tail.upper())[-4:].rjust(4, "0")


def _lines(postal: tuple[str, ...]) -> tuple[str, ...]:
    """The newest address, line by line; none: the letter goes by e-mail, or the address is found later."""
    return tuple(line.strip() for line in postal[0].splitlines() if line.strip()) if postal else ()
