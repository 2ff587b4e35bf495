"""Who is reached about a case, and how: asked of the case service when it says that something of it has changed.

Feeds name nobody and hold no number, so the event is only the sign; the answer is read under the service's own right,
and stays on record at the case service. What is taken over is sealed under the keys of those it is about.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from services.contact.application.handle import ContactDesk, Meta, SubjectBusy
from services.contact.application.told.case import ACTOR, CLIENT
from services.contact.domain.point_form import normal
from services.contact.domain.told.flags import cases_of
from services.contact.domain.told.people import Sheet, Somebody, Way, follow
from shared.messaging.reader import HearAgain
from shared.messaging.told import Cursor, Told

OF_CASES = ("case.CaseOpened", "case.CaseReopened", "case.DebtAttached")
OF_PARTIES = ("case.ContactPointAdded", "case.ContactPointEnded")
OF_ACCOUNTS = ("case.RoleLinked", "case.RoleEnded")
TYPES = (*OF_PARTIES, *OF_ACCOUNTS)
"""What is asked for beside what is heard of cases anyway."""
MEDIA = {"PHONE": "phone", "EMAIL": "email", "ADDRESS": "post", "WECHAT": "im"}
WORKPLACES = ("WORK", "OFFICE", "EMPLOYER", "COMPANY")
DEBTOR = "DEBTOR"


class SheetSource(Protocol):
    """The case service as it is asked. Raises HearAgain where it cannot answer now."""

    async def about(
        self, *, behind: Cursor, case: str | None = None, party: str | None = None, account: str | None = None
    ) -> Sequence[Any]:
        """The sheets of open cases: of this one, or of those that a party or an account is in.

        They hold what the case service had published up to the cursor `behind`.
        """

    async def close(self) -> None:
        """Let go of connections."""


class PeopleTold:
    """Takes over who is reached, for one tenant. `places`: of a debtor whom nobody described."""

    def __init__(
        self, *, desk: ContactDesk, sheets: SheetSource, places: tuple[str, ...], region: str
    ) -> None:
        self._desk, self._sheets, self._places, self._region = desk, sheets, places, region

    async def hear(self, told: Told) -> None:
        """Ask what the event is the sign of, and record it.

        Raises HearAgain; KeyError and TypeError for an answer that cannot be read; the rules' refusals.
        """
        if told.data is None:
            return
        named: dict[str, str] = {}
        if told.type in OF_CASES:
            named = {"case": told.stream}
        elif told.type in OF_PARTIES:
            named = {"party": told.stream}
        elif told.type in OF_ACCOUNTS:
            named = {"account": told.stream}
        if not named:
            return
        found = await self._sheets.about(behind=told.cursor, **named)
        for debtor_ref in dict.fromkeys(one["debtor_ref"] for one in found):
            await self._take_over(debtor_ref, told, {one["case"]: one for one in found})

    async def _take_over(self, debtor_ref: str, told: Told, found: Mapping[str, Any]) -> None:
        """Everything of all open cases that contact has heard of; of others it hears when they are opened."""
        subject = self._desk.subject_id(debtor_ref)
        known = (await self._desk.load(subject)).state
        sheets: list[Any] = []
        for case, linked in cases_of(known).items():
            if linked.open:
                known_of = [found[case]] if case in found else None
                sheets += known_of or await self._sheets.about(behind=told.cursor, case=case)
        if not sheets:
            return
        sheet = self._together(debtor_ref, sheets)
        for command in follow(sheet, known, places=self._places):
            meta = Meta(
                actor=ACTOR, client=CLIENT, key=f"people|{told.id}|{_named(command)}", cause=UUID(told.id)
            )
            try:
                await self._desk.handle(subject, command, meta)
            except SubjectBusy as problem:
                raise HearAgain from problem

    def _together(self, debtor_ref: str, sheets: Sequence[Any]) -> Sheet:
        """The sheets of a debtor's cases as one; the debtor's own language."""
        people: dict[str, Any] = {one["reference"]: one for sheet in sheets for one in sheet["people"]}
        language = next((one["language"] for one in people.values() if DEBTOR in one["roles"]), None)
        named = {one["account"]: one["tail"] for sheet in sheets for one in sheet["accounts"]}
        return Sheet(debtor_ref, language, tuple(map(self._somebody, people.values())), tuple(named.items()))

    def _somebody(self, told: Any) -> Somebody:
        roles, reference = told["roles"], told["reference"]
        is_debtor = DEBTOR in roles
        ways = {way.point: way for point in told["points"] if (way := self._way(point)) is not None}
        return Somebody(
            person=None if is_debtor else self._desk.person_id(reference),
            role="debtor" if is_debtor else roles[0].lower(),
            reference=reference,
            ways=tuple(ways.values()),
        )

    def _way(self, told: Any) -> Way | None:
        """A point in the form it is looked up by; None for what can be no number or address of its medium."""
        medium = MEDIA[told["medium"]]
        value = normal(medium, told["value"], region=self._region)
        if value is None:
            return None
        label = (told["label"] or "").upper()
        return Way(
            point=self._desk.point_id(medium, value), medium=medium, value=value, zone=told["zone"],
            workplace=label.startswith(WORKPLACES),
        )  # fmt: skip


def _named(command: Any) -> str:
    """What a command is about: a second hearing that finds less to do must not take one for another."""
    return "|".join(str(getattr(command, name, "")) for name in ("person", "point", "account"))
