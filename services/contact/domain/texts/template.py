"""A template and its versions: written by one person, approved by another, used from a day on, retired on one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.contact.domain.facts.texts import (
    TemplateApproved,
    TemplateDrafted,
    TemplateEvent,
    TemplateRejected,
    TemplateRetired,
    TemplateText,
)
from services.contact.domain.texts import document
from services.contact.domain.texts.lint import lint
from services.contact.domain.texts.words import WordBook
from shared.kernel.four_eyes import NotAwaitingApproval, second_person
from shared.kernel.refusal import Refused

SHIPPED, DRAFTED, APPROVED, REJECTED = "SHIPPED", "DRAFTED", "APPROVED", "REJECTED"
STATUSES = (SHIPPED, DRAFTED, APPROVED, REJECTED)


class TemplateUnknown(Refused):
    """There is no template of that name, or none of that version. `GET /v1/templates` lists those there are."""

    code = "template-unknown"
    title_en = "There is no such template"
    title_zh = "没有这个模板"


class TemplateNotInForce(Refused):
    """No version of the template may be used on the day: none was approved, or none has begun, or all are retired.

    A text that no second person approved is not sent to anyone. Approve a version, or write one.
    """

    code = "template-not-in-force"
    title_en = "No version of the template is in force on that day"
    title_zh = "该模板在该日没有生效的版本"


class TemplateKindChanged(Refused):
    """A new version is of another channel, situation, audience or purpose than the versions before.

    What uses the template counts on these. Write a template of another name. Context: `field`.
    """

    code = "template-kind-changed"
    title_en = "A version is of the same channel, situation, audience and purpose as the others"
    title_zh = "同一模板的各版本须用于相同的渠道、情形、对象和目的"


class TemplateBeginsInThePast(Refused):
    """A version cannot have been in force before it was written. Send a day from today on."""

    code = "template-begins-in-the-past"
    title_en = "A version cannot begin in the past"
    title_zh = "模板版本不能在过去的日期生效"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version and how it stands. `maker` is None for what is shipped; erased names compare with nobody."""

    number: int
    text: TemplateText
    content: str
    markers: tuple[str, ...]
    words: str
    status: str
    effective_from: date
    maker: object = None
    drafted_on: date | None = None
    decided_on: date | None = None
    retired_on: date | None = None

    def usable(self, on: date) -> bool:
        """May it be used on that day?"""
        return (
            self.status in (SHIPPED, APPROVED)
            and self.effective_from <= on
            and (self.retired_on is None or on < self.retired_on)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template by its code, versions by number. `stream_version` 0: nothing of it is on record."""

    code: str
    versions: tuple[Version, ...] = ()
    stream_version: int = 0

    def of(self, number: int) -> Version:
        """The version of that number. Raises TemplateUnknown."""
        found = next((one for one in self.versions if one.number == number), None)
        if found is None:
            raise TemplateUnknown
        return found

    def in_force(self, on: date) -> Version:
        """The newest version that may be used on the day. Raises TemplateUnknown, TemplateNotInForce."""
        if not self.versions:
            raise TemplateUnknown
        found = [one for one in self.versions if one.usable(on)]
        if not found:
            raise TemplateNotInForce
        return found[-1]

    def draft(
        self, text: TemplateText, words: WordBook, *, effective_from: date | None, today: date, by: str
    ) -> tuple[TemplateEvent, ...]:
        """A new version; the same text as the newest that waits or is in force adds nothing.

        Raises TemplateBeginsInThePast, TemplateKindChanged, TemplateUnfit.
        """
        content = document.digest(text)
        if self.versions and self.versions[-1].content == content and self.versions[-1].status != REJECTED:
            return ()
        if effective_from is not None and effective_from < today:
            raise TemplateBeginsInThePast(earliest=today)
        for field in ("channel", "situation", "audience", "purpose"):
            if self.versions and getattr(self.versions[-1].text, field) != getattr(text, field):
                raise TemplateKindChanged(field=field)
        linted = lint(text, words)
        linted.require_fit()
        event = TemplateDrafted(
            template=self.code,
            version=self.versions[-1].number + 1 if self.versions else 1,
            on=today,
            effective_from=effective_from or today,
            text=text,
            content=content,
            markers=linted.markers,
            words=words.id,
            by=by,
        )
        return (event,)

    def approve(self, number: int, words: WordBook, *, today: date, by: str) -> tuple[TemplateEvent, ...]:
        """A second person approves; the list of today decides again, and nothing begins in the past.

        Raises TemplateUnknown, NotAwaitingApproval, MakerIsChecker, TemplateUnfit.
        """
        one = self._awaiting(number, by)
        lint(one.text, words).require_fit()
        event = TemplateApproved(
            template=self.code,
            version=number,
            content=one.content,
            on=today,
            effective_from=max(one.effective_from, today),
            words=words.id,
            by=by,
        )
        return (event,)

    def reject(self, number: int, *, reason: str, today: date, by: str) -> tuple[TemplateEvent, ...]:
        """A second person rejects. Raises TemplateUnknown, NotAwaitingApproval, MakerIsChecker."""
        one = self._awaiting(number, by)
        event = TemplateRejected(
            template=self.code, version=number, content=one.content, on=today, reason=reason, by=by
        )
        return (event,)

    def retire(self, number: int, *, reason: str, today: date, by: str) -> tuple[TemplateEvent, ...]:
        """From today on the version is not used; one that is retired already adds nothing.

        Raises TemplateUnknown, TemplateNotInForce for one that was never approved.
        """
        one = self.of(number)
        if one.status not in (SHIPPED, APPROVED):
            raise TemplateNotInForce
        if one.retired_on is not None:
            return ()
        return (TemplateRetired(template=self.code, version=number, on=today, reason=reason, by=by),)

    def _awaiting(self, number: int, by: str) -> Version:
        one = self.of(number)
        if one.status != DRAFTED:
            raise NotAwaitingApproval
        second_person(one.maker, by)
        return one


def folded(
    code: str, shipped: Iterable[Version], events: Sequence[Any], *, stream_version: int = 0
) -> Template:
    """The template by what the release ships of it and what its stream says; an own version hides a shipped one.

    What was erased, or is of another kind, is passed over.
    """
    found = {one.number: one for one in shipped}
    for event in events:
        match event:
            case TemplateDrafted():
                found[event.version] = _drafted(event)
            case TemplateApproved() if event.version in found:
                found[event.version] = replace(
                    found[event.version],
                    status=APPROVED,
                    effective_from=event.effective_from,
                    decided_on=event.on,
                )
            case TemplateRejected() if event.version in found:
                found[event.version] = replace(found[event.version], status=REJECTED, decided_on=event.on)
            case TemplateRetired() if event.version in found:
                found[event.version] = replace(found[event.version], retired_on=event.on)
    return Template(
        code=code, versions=tuple(found[number] for number in sorted(found)), stream_version=stream_version
    )


def _drafted(event: TemplateDrafted) -> Version:
    return Version(
        number=event.version,
        text=event.text,
        content=event.content,
        markers=event.markers,
        words=event.words,
        status=DRAFTED,
        effective_from=event.effective_from,
        maker=event.by,
        drafted_on=event.on,
    )
