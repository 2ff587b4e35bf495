"""One event of the case service, heard: facts about limitation, and a matter that begins or is recalled.

Every command is named after the publisher's event, so that hearing it again adds nothing, whatever died in between.
"""

from uuid import UUID

from msgspec import convert

from services.legal.application.handle import LegalDesk, MatterBusy, Meta
from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.refusals import MatterAlreadyOpen
from services.legal.domain.told import case as rules
from services.legal.domain.told.said import Said
from shared.kernel.parts import Parts
from shared.messaging.reader import HearAgain
from shared.messaging.told import Told

NAME = "legal.hears_case"
REFERRED, ENDED = "LegalReferred", "LegalReferralEnded"
TURNS = {"CaseClosed": "ENDED", "CaseReopened": "GOES_ON"}
"""What becomes of a case, in the words of CaseTurned."""
TYPES = tuple(f"case.{name}" for name in (*rules.HEARD, REFERRED, ENDED, *TURNS))
ACTOR = CLIENT = "system:hears-case"
TAKEN_UP = "TAKEN_UP_BY_LEGAL"
"""Why a case was referred of which a matter was open already: by hand, here."""
RECALLED = "RECALLED"


class CaseTold:
    """Hears the case service for one tenant."""

    def __init__(self, *, desk: LegalDesk) -> None:
        self._desk = desk

    async def hear(self, told: Told) -> None:
        """Record what follows from it. What was erased at the publisher's says nothing.

        Raises KeyError and ValueError for facts that cannot be read, the rules' refusals, what the ledger raises;
        HearAgain where others kept writing about the same case.
        """
        if told.data is None:
            return
        said = Said(name=told.name, about=told.stream, at=told.at, event=told.id, data=told.data)
        try:
            if said.name == REFERRED:
                await self._open(said)
            elif said.name == ENDED:
                await self._recall(said)
            elif said.name in TURNS:
                await self._turn(said)
            else:
                await self._follow(said)
        except MatterBusy as problem:
            raise HearAgain from problem

    async def _follow(self, said: Said) -> None:
        claims = (await self._desk.load(said.about)).claims
        for number, command in enumerate(rules.follow(said, claims)):
            await self._desk.handle(said.about, command, _meta(said, number))

    async def _open(self, said: Said) -> None:
        """A matter for the referral; none where the case's matter goes on already, which then is the referral's too."""
        data = said.data
        if data["reason"] == TAKEN_UP:
            return
        matter = self._desk.matter_of_referral(said.about, data["referral"])
        opened = m.MatterOpened(
            matter=matter, case=said.about, referral=data["referral"], reason=data["reason"], on=said.day("on"),
            owed=convert(data["owed"], Parts), by=ACTOR,
        )  # fmt: skip
        try:
            await self._desk.handle(matter, c.OpenMatter(opened=opened), _meta(said))
        except MatterAlreadyOpen:
            return

    async def _recall(self, said: Said) -> None:
        """The case was taken back: its matter ends, unless it did, which is why the case was given back."""
        claims = (await self._desk.load(said.about)).claims
        matters = await self._desk.shelf.matters_of(claims)
        own = [one for one in matters if one.opened is not None and one.closed is None]
        named = [one for one in own if one.opened and one.opened.referral == said.data["referral"]]
        for one in named or [one for one in own if one.opened and one.opened.referral is None]:
            assert one.opened is not None, "only matters that began are among them"
            closing = c.CloseMatter(outcome=RECALLED, on=said.day("on"), by=ACTOR)
            await self._desk.handle(one.opened.matter, closing, _meta(said))

    async def _turn(self, said: Said) -> None:
        """Every matter of the case is told, also one that is closed: it may have to go on."""
        claims = (await self._desk.load(said.about)).claims
        for one in await self._desk.shelf.matters_of(claims):
            if one.opened is None:
                continue
            turned = m.CaseTurned(
                matter=one.opened.matter, case=said.about, what=TURNS[said.name], reason=said.data["reason"],
                on=said.day("as_of"), source_ref=said.event,
            )  # fmt: skip
            await self._desk.handle(one.opened.matter, c.HearOfCase(turned=turned), _meta(said))


def _meta(said: Said, number: int = 0) -> Meta:
    return Meta(actor=ACTOR, client=CLIENT, key=f"{said.event}|{number}", cause=UUID(said.event))
