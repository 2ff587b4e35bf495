"""Giving a signed letter to the contact service, once for each try, whatever dies in between.

The intent is stored first (LetterDispatchBegun). Whoever finds a letter so asks contact again under the same key, which
posts once, and stores what came of it. Where contact cannot take the letter at all, since nobody knows an address, the
intent is taken back: the letter stands as it did, and goes by another channel, or is closed.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from services.legal.application.elsewhere import ContactFile, LetterNotPosted, Post, Posted
from services.legal.application.handle import LegalDesk, Meta
from services.legal.application.letters.drafting import Begun, Drafting
from services.legal.application.letters.setting import LetterNotTheSame, filled_of, printed
from services.legal.application.letters.texts import LetterTexts
from services.legal.domain.commands import RetractStep, TakeStep
from services.legal.domain.facts import letter as f
from services.legal.domain.facts.matter import StepRetracted
from services.legal.domain.letters import machine
from services.legal.domain.refusals import MatterUnknown, StepNotLast
from services.legal.domain.thing_ids import STEP
from services.legal.domain.tracks.machine import StepOutOfOrder, wire_name
from shared.printing.letter import Press, Printed

COVER = {"letter": "legal-letter", "email": "legal-letter-mail"}
"""Contact's words that go with a letter, by channel."""
OWN = "letters"
"""In the ids of steps that follow from the letter alone, whoever asks."""
NOT_POSTED = "NOT_POSTED"
"""Why an intent is taken back."""
POSTED_OTHERWISE = "idempotency-key-reused"
"""Contact has taken another letter under this key before: it may be out, so the intent stands."""
Channel = Literal["letter", "email"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sendable:
    """A letter that is about to be posted: `begun` is the intent that stands, `meta` says who asked."""

    letter: Begun
    begun: f.LetterDispatchBegun
    draft: f.LetterDrafted
    meta: Meta


class Dispatching:
    """The letters of one tenant on their way out."""

    def __init__(self, *, acts: LegalDesk, drafting: Drafting, texts: LetterTexts, press: Press) -> None:
        self._acts, self._drafting, self._texts, self._press = acts, drafting, texts, press

    async def pdf(self, letter: str) -> Printed:
        """The letter as it was drafted last, made again.

        Raises MatterUnknown, TrackUnknown, StepOutOfOrder (nothing is drafted yet), LetterForgotten, LetterNotTheSame.
        """
        begun = await self._drafting.begun(letter)
        return self.printed(letter, _draft(begun, letter))

    def printed(self, letter: str, draft: f.LetterDrafted) -> Printed:
        """A draft made again. Raises LetterForgotten, LetterNotTheSame."""
        text = self._texts.version(draft.template, draft.template_version)
        made = printed(self._press, text, filled_of(letter, draft))
        if text.content != draft.content or made.sha256 != draft.sha256:
            raise LetterNotTheSame
        return made

    async def intent(self, letter: str, channel: str) -> f.LetterDispatchBegun | None:
        """The intent for the next try, None where one stands already; the rules decide whether it may be taken."""
        begun = await self._drafting.begun(letter)
        steps = begun.matter.steps(letter)
        if machine.MACHINE.status(steps) == machine.DISPATCHING:
            return None
        done = sum(isinstance(one, f.LetterDispatched | f.LetterDispatchRefused) for one in steps)
        gone = sum(one.track == letter for one in begun.matter.all(StepRetracted))
        return f.LetterDispatchBegun(
            track=letter, step=_step(self._acts, begun.matter_id, f"{letter}|{channel}|{done + gone + 1}"),
            on=self._acts.today, channel=channel, try_no=done + 1,
        )  # fmt: skip

    async def begin(self, letter: str, channel: str, meta: Meta) -> Sendable:
        """The intent, on record. Raises what the rules raise, StepOutOfOrder where it is on its way already."""
        wanted = await self.intent(letter, channel)
        begun = await self._drafting.begun(letter)
        if wanted is not None:
            key = Meta(actor=meta.actor, client=meta.client, key=f"{meta.key}|{wanted.step}")
            await self._acts.handle(begun.matter_id, TakeStep(step=wanted, by=meta.actor), key)
            begun = await self._drafting.begun(letter)
        steps = begun.matter.steps(letter)
        stands = next((one for one in reversed(steps) if isinstance(one, f.LetterDispatchBegun)), None)
        if stands is None or machine.MACHINE.status(steps) != machine.DISPATCHING:
            raise StepOutOfOrder(status=machine.MACHINE.status(steps), next=())
        return Sendable(letter=begun, begun=stands, draft=_draft(begun, letter), meta=meta)

    async def post(self, sendable: Sendable, contact_file: ContactFile) -> f.LetterStep:
        """Ask contact, and the step that its answer is.

        Raises NotAnswered, LetterForgotten, LetterNotTheSame: the intent stands, and is asked again. Raises
        LetterNotPosted: nothing was sent, and the intent is taken back.
        """
        letter, draft = sendable.begun.track, sendable.draft
        made = self.printed(letter, draft)
        opened = sendable.letter.matter.opened
        if opened is None:
            raise MatterUnknown
        requested = sendable.letter.requested
        text = self._texts.version(draft.template, draft.template_version)
        values = dict(draft.values)
        wanted = Post(
            subject=draft.subject, case=opened.case, person=requested.person,
            role=requested.role.lower(), channel=_channel(sendable.begun.channel), language=draft.language,
            template=COVER[sendable.begun.channel],
            values={
                "institution": values["institution"], "name": values["name"], "hotline": values["firm_phone"],
            },
            content=text.markers, debts=draft.debts, pdf=made.pdf, sha256=made.sha256, key=sendable.begun.step,
        )  # fmt: skip
        try:
            posted = await contact_file.post(wanted)
        except LetterNotPosted as refused:
            if refused.context.get("code") != POSTED_OTHERWISE:
                await self._take_back(sendable)
            raise
        return self._outcome(sendable, posted)

    async def _take_back(self, sendable: Sendable) -> None:
        """The intent never was: nothing was sent, and contact has nothing on record."""
        begun, meta = sendable.begun, sendable.meta
        back = RetractStep(
            step=begun.step, track=begun.track, on=self._acts.today, reason=NOT_POSTED, by=meta.actor
        )
        key = Meta(actor=meta.actor, client=meta.client, key=f"{meta.key}|{begun.step}|back")
        with suppress(StepNotLast):  # somebody else asked as well, and contact has taken it from them
            await self._acts.handle(sendable.letter.matter_id, back, key)

    def _outcome(self, sendable: Sendable, posted: Posted) -> f.LetterStep:
        begun = sendable.begun
        step, today = posted_step(self._acts, sendable.letter.matter_id, begun), self._acts.today
        if posted.message is None:
            return f.LetterDispatchRefused(
                track=begun.track, step=step, on=today, channel=begun.channel, try_no=begun.try_no,
                permit=posted.permit, rules=posted.rules, until=posted.until,
            )  # fmt: skip
        return f.LetterDispatched(
            track=begun.track, step=step, on=today, channel=begun.channel, try_no=begun.try_no,
            message=posted.message, permit=posted.permit, carrier_no=None,
        )  # fmt: skip


def posted_step(acts: LegalDesk, matter_id: str, begun: f.LetterDispatchBegun) -> str:
    """The id of what comes of an intent: the same whoever finds out."""
    return _step(acts, matter_id, f"{begun.step}|posted")


def _step(acts: LegalDesk, matter_id: str, key: str) -> str:
    return acts.thing_id(STEP, matter_id, client=OWN, operation="step", key=key)


def _draft(begun: Begun, letter: str) -> f.LetterDrafted:
    steps = begun.matter.steps(letter)
    found = next((one for one in reversed(steps) if isinstance(one, f.LetterDrafted)), None)
    if found is None:
        next_ = tuple(map(wire_name, machine.MACHINE.next(machine.MACHINE.status(steps))))
        raise StepOutOfOrder(status=machine.MACHINE.status(steps), next=next_)
    return found


def _channel(name: str) -> Channel:
    return "email" if name == "email" else "letter"
