"""What contact tells of a letter that it posted becomes the letter's own step, and completes a dispatch cut short.

A process that dies between posting and recording leaves an intent; the first word of contact about the message proves
that it was posted, so it is recorded as dispatched then, under the id that asking again would have given it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.legal.application.handle import LegalDesk, Meta
from services.legal.application.letters.dispatching import posted_step
from services.legal.domain.commands import MatterCommand, TakeStep
from services.legal.domain.facts import letter as f
from services.legal.domain.letters import machine
from services.legal.domain.letters.receipts import Heard, letter_of, of_attempt
from services.legal.domain.matter import Matter
from services.legal.domain.thing_ids import STEP
from services.legal.domain.told.said import Said
from shared.kernel.clock import day_in

LEGAL_NOTICE = "legal_notice"
"""The purpose under which contact posts letters of ours."""
ACTOR = CLIENT = "system:hears-contact"


@dataclass(frozen=True, slots=True)
class _Told:
    event: str
    on: date
    said: Said


class LettersTold:
    """Letters of one tenant, as contact tells of them. `zone`: where its days are days."""

    def __init__(self, *, desk: LegalDesk, zone: str) -> None:
        self._desk, self._zone = desk, zone

    async def hear(self, said: Said, case: str) -> None:
        """Record what an AttemptTold means for a letter of the case's matters; nothing where it is about none.

        Raises KeyError and ValueError for facts that cannot be read, MatterBusy, what the ledger raises.
        """
        if said.data["purpose"] != LEGAL_NOTICE:
            return
        told = _Told(said.event, self._day(said), said)
        for matter_id in (await self._desk.load(case)).claims.of_case.matters:
            matter = (await self._desk.load(matter_id)).matter
            if matter.closed is None:
                await self._follow(matter_id, matter, told)

    def _day(self, said: Said) -> date:
        at = said.data.get("delivered_at") or said.data["at"]
        return day_in(datetime.fromisoformat(at), self._zone)

    async def _follow(self, matter_id: str, matter: Matter, told: _Told) -> None:
        data = told.said.data
        if letter_of(matter, data["attempt"]) is None:
            missed = self._missed(matter_id, matter, data)
            if missed is None:
                return
            await self._do(matter_id, TakeStep(step=missed, by=ACTOR), told, "posted")
            matter = (await self._desk.load(matter_id)).matter
        heard = Heard(
            message=data["attempt"], channel=data["channel"], outcome=data["outcome"], on=told.on,
            retracted=data["retracted"],
        )  # fmt: skip
        step = self._desk.thing_id(STEP, matter_id, client=CLIENT, operation="letter", key=told.event)
        for number, command in enumerate(of_attempt(matter, heard, step=step, by=ACTOR)):
            await self._do(matter_id, command, told, str(number))

    def _missed(self, matter_id: str, matter: Matter, data: Any) -> f.LetterDispatched | None:
        """The dispatch that nobody lived to record; None where none, or more than one, is open that it could be."""
        open_now = [
            begun
            for track in matter.tracks
            if (begun := _under_way(matter.steps(track))) is not None
            and begun.channel == data["channel"]
            and _person(matter, track) == data["person"]
        ]
        if len(open_now) != 1 or data["retracted"]:
            return None
        [begun] = open_now
        return f.LetterDispatched(
            track=begun.track, step=posted_step(self._desk, matter_id, begun), on=begun.on,
            channel=begun.channel, try_no=begun.try_no, message=data["attempt"], permit=data["permit"],
            carrier_no=None,
        )  # fmt: skip

    async def _do(self, matter_id: str, command: MatterCommand, told: _Told, what: str) -> None:
        meta = Meta(
            actor=ACTOR, client=CLIENT, key=f"{told.event}|{matter_id}|{what}", cause=UUID(told.event)
        )
        await self._desk.handle(matter_id, command, meta)


def _under_way(steps: tuple[Any, ...]) -> f.LetterDispatchBegun | None:
    """The intent of a letter whose dispatch was begun and not ended."""
    if not steps or not isinstance(steps[0], f.LetterRequested):
        return None
    if machine.MACHINE.status(steps) != machine.DISPATCHING:
        return None
    return next(one for one in reversed(steps) if isinstance(one, f.LetterDispatchBegun))


def _person(matter: Matter, track: str) -> str | None:
    return next((one.person for one in matter.steps(track) if isinstance(one, f.LetterRequested)), None)
