"""One event of the contact service, heard: a demand that arrived is a proof on each case it was about.

What became of a letter that contact posted for us is a step of the letter.

Every command is named after the publisher's event, so that hearing it again adds nothing, whatever died in between.
"""

from uuid import UUID

from services.legal.application.handle import LegalDesk, MatterBusy, Meta
from services.legal.application.letters.told import LettersTold
from services.legal.application.thing_ids import is_about
from services.legal.domain.told import contact as rules
from services.legal.domain.told.said import Said
from shared.messaging.reader import HearAgain
from shared.messaging.told import Told

NAME = "legal.hears_contact"
ATTEMPT = "contact.AttemptTold"
TYPES = (ATTEMPT,)
ACTOR = CLIENT = "system:hears-contact"


class ContactTold:
    """Hears the contact service for one tenant. `zone`: where days are days."""

    def __init__(self, *, desk: LegalDesk, zone: str) -> None:
        self._desk, self._zone = desk, zone
        self._letters = LettersTold(desk=desk, zone=zone)

    async def hear(self, told: Told) -> None:
        """Record what follows from it. What was erased at the publisher's says nothing.

        Raises KeyError and ValueError for facts that cannot be read, the rules' refusals, what the ledger raises;
        HearAgain where others kept writing about the same case.
        """
        if told.data is None:
            return
        said = Said(name=told.name, about=told.stream, at=told.at, event=told.id, data=told.data)
        try:
            for case in dict.fromkeys(said.data["cases"]):
                if is_about(case):
                    await self._follow(said, case)
        except MatterBusy as problem:
            raise HearAgain from problem

    async def _follow(self, said: Said, case: str) -> None:
        claims = (await self._desk.load(case)).claims
        for number, command in enumerate(rules.follow(said, claims, zone=self._zone)):
            meta = Meta(
                actor=ACTOR, client=CLIENT, key=f"{said.event}|{case}|{number}", cause=UUID(said.event)
            )
            await self._desk.handle(case, command, meta)
        await self._letters.hear(said, case)
