"""The templates of one tenant: written by one person, approved or rejected by another, retired, rendered."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.contact.application.sending.ports import ReadyText
from services.contact.domain.facts.texts import TemplateEvent, TemplateText
from services.contact.domain.texts import document
from services.contact.domain.texts.lint import lint
from services.contact.domain.texts.rendering import Rendered, render
from services.contact.domain.texts.template import (
    Template,
    TemplateNotInForce,
    TemplateUnknown,
    Version,
    folded,
)
from services.contact.domain.texts.words import WordBook
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel.clock import Clock, day_in, start_of_day
from shared.kernel.refusal import Refused

STREAM = "template"
ATTEMPTS_MAX = 8


class TemplateBusy(Refused):
    """Others are writing versions of this template just now. Send it again."""

    code = "template-busy"
    title_en = "The template is being changed by others"
    title_zh = "该模板正被他人修改"


class TemplateExists(Refused):
    """There is a template of that name already. Write a new version of it, or choose another name."""

    code = "template-exists"
    title_en = "There is a template of that name"
    title_zh = "已有同名模板"


class TemplateOfAnotherChannel(Refused):
    """The template is made for another channel than the message goes by. Context: `channel`, the template's own."""

    code = "template-of-another-channel"
    title_en = "The template is for another channel"
    title_zh = "该模板用于其他渠道"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a decision about a template leads to; `version` is the one it is about."""

    template: Template
    version: int
    writes: tuple[StreamWrite, ...]
    policy: str


class TemplateDesk:
    """The templates of one tenant. `zone`: where its days are read.

    `shipped`: code -> versions of this release; it and `words` are read when first needed, since reading them takes a
    moment and few commands do.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        shipped: Callable[[], Mapping[str, Sequence[Version]]],
        words: Callable[[], WordBook],
        clock: Clock,
        zone: str,
    ) -> None:
        self._ledger, self._tenant, self._clock, self._zone = ledger, tenant, clock, zone
        self._shipped, self._words = shipped, words
        self._said: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def words(self) -> WordBook:
        """The list that decides."""
        return self._words()

    @property
    def shipped(self) -> Mapping[str, Sequence[Version]]:
        """The templates of this release."""
        return self._shipped()

    @property
    def today(self) -> date:
        """The day it is."""
        return day_in(self._clock.now(), self._zone)

    def stream(self, code: str) -> str:
        """The stream of a template."""
        return self._ledger.stream_id(STREAM, code, debtor_ref=f"{STREAM}:{code}", tenant=self._tenant)

    async def known(self, code: str) -> Template:
        """The template as the record has it now; without versions where there is none of that code."""
        if len(code) > document.CODE_CHARS_MAX or not document.CODE.fullmatch(code):
            return Template(code=code)
        history = await self._ledger.whole_stream(self.stream(code), tenant=self._tenant)
        return self._folded(code, history)

    def _folded(self, code: str, history: Sequence[Recorded[Any]]) -> Template:
        events = [seen.event for seen in history if not isinstance(seen.event, Erased)]
        last = history[-1].version if history else 0
        return folded(code, self.shipped.get(code, ()), events, stream_version=last)

    async def all_known(self, written: Sequence[str]) -> list[Template]:
        """Every template, by its code: the shipped ones and those that were `written`."""
        codes = sorted({*self.shipped, *written})
        streams = await self._ledger.read_streams([self.stream(code) for code in codes], tenant=self._tenant)
        found = [self._folded(code, streams.get(self.stream(code), ())) for code in codes]
        return [one for one in found if one.versions]

    # -- what others use

    async def in_force(self, template: str, *, on: date) -> Version:
        """The version used on a day. Raises TemplateUnknown, TemplateNotInForce."""
        return (await self.known(template)).in_force(on)

    async def render(self, template: str, version: int, language: str, values: Mapping[str, str]) -> Rendered:
        """The exact text of a version. Raises TemplateUnknown, TemplateLanguageMissing, TemplateValueUnfit."""
        one = (await self.known(template)).of(version)
        return render(one.text, language, values, self.words)

    async def for_use(
        self, template: str, language: str, values: Mapping[str, str], *, on: date
    ) -> tuple[Version, Rendered]:
        """The version in force with its text. Raises as `in_force` and `render` do."""
        one = await self.in_force(template, on=on)
        return one, render(one.text, language, values, self.words)

    async def ready(
        self, template: str, version: int | None, *, channel: str, language: str, values: Mapping[str, str]
    ) -> ReadyText:
        """The text of a message of a channel, as sending asks for it; `version` None: the one in force today.

        Raises TemplateOfAnotherChannel, and as `in_force` and `render` do.
        """
        known = await self.known(template)
        one = known.in_force(self.today) if version is None else known.of(version)
        if one.text.channel != channel:
            raise TemplateOfAnotherChannel(channel=one.text.channel)
        said = render(one.text, language, values, self.words)
        return ReadyText(
            template=template,
            version=one.number,
            language=language,
            text=said.text,
            subject_line=said.subject_line,
            markers=said.markers,
            hash=said.hash,
            purpose=one.text.purpose,
        )

    async def spoken(
        self, template: str, version: int, *, on: date | None = None
    ) -> tuple[str, tuple[str, ...]]:
        """What a script is for, and what it says under today's list with which it is (`script:<template>@<version>`).

        `on`: the version must be one that may be used on that day; None: it was said, whether or not it might be.
        Raises TemplateUnknown, TemplateNotInForce.
        """
        one = (await self.known(template)).of(version)
        if on is not None and not one.usable(on):
            raise TemplateNotInForce
        named = (one.content, self.words.id)
        if named not in self._said:
            self._said[named] = lint(one.text, self.words).markers
        return one.text.purpose, (*self._said[named], f"script:{template}@{version}")

    # -- what people do

    async def draft(
        self,
        code: str,
        text: TemplateText,
        *,
        actor: str,
        effective_from: date | None = None,
        new: bool | None = None,
        dry_run: bool = False,
    ) -> Verdict:
        """Write a version. `new`: the template must not exist yet (True) or must (False).

        Raises TemplateMalformed for a code that is none, TemplateExists, TemplateUnknown, and as `Template.draft`.
        """
        if len(code) > document.CODE_CHARS_MAX or not document.CODE.fullmatch(code):
            raise document.refused(["template: CODE_MALFORMED"])
        known = await self.known(code)
        if new is False and not known.versions:
            raise TemplateUnknown
        events = known.draft(text, self.words, effective_from=effective_from, today=self.today, by=actor)
        if new is True and known.versions and events:
            raise TemplateExists
        number = events[0].version if events else known.versions[-1].number
        return await self._verdict(known, number, events, actor=actor, dry_run=dry_run)

    async def approve(self, code: str, version: int, *, actor: str, dry_run: bool = False) -> Verdict:
        """Approve what another person wrote. Raises as `Template.approve`."""
        known = await self.known(code)
        events = known.approve(version, self.words, today=self.today, by=actor)
        return await self._verdict(known, version, events, actor=actor, dry_run=dry_run)

    async def reject(
        self, code: str, version: int, *, reason: str, actor: str, dry_run: bool = False
    ) -> Verdict:
        """Reject what another person wrote. Raises as `Template.reject`."""
        known = await self.known(code)
        events = known.reject(version, reason=reason, today=self.today, by=actor)
        return await self._verdict(known, version, events, actor=actor, dry_run=dry_run)

    async def retire(
        self, code: str, version: int, *, reason: str, actor: str, dry_run: bool = False
    ) -> Verdict:
        """Use a version no more. Raises as `Template.retire`."""
        known = await self.known(code)
        events = known.retire(version, reason=reason, today=self.today, by=actor)
        return await self._verdict(known, version, events, actor=actor, dry_run=dry_run)

    async def do(
        self, decide: Callable[[], Awaitable[Verdict]], *, actor: str
    ) -> tuple[Verdict, Sequence[Any]]:
        """Carry out one of these decisions for a caller without a key of its own: it is on record already, or is now.

        Raises what the decision raises, TemplateBusy, what the ledger raises.
        """
        for _ in range(ATTEMPTS_MAX):
            verdict = await decide()
            if not verdict.writes:
                return verdict, ()
            [write] = verdict.writes
            key = f"{write.stream}|{write.expected}|{write.events[0].event!r}"
            command = Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id(actor, STREAM, key, tenant=self._tenant),
                fingerprint=b"template",
                actor=actor,
                writes=verdict.writes,
                policy=verdict.policy,
            )
            try:
                await self._ledger.commit(command)
            except StaleVersion:
                continue
            return verdict, tuple(new.event for new in write.events)
        raise TemplateBusy

    async def _verdict(
        self, known: Template, number: int, events: Sequence[TemplateEvent], *, actor: str, dry_run: bool
    ) -> Verdict:
        refs = [f"system:{STREAM}", f"staff:{actor}"]
        people = {} if dry_run or not events else await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]} if people else {}
        new = tuple(NewEvent(one, start_of_day(one.on, self._zone), subjects, self._zone) for one in events)
        writes = (StreamWrite(self.stream(known.code), known.stream_version, new),) if new else ()
        return Verdict(template=known, version=number, writes=writes, policy=self.words.id)
