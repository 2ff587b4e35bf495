"""One event of the legal service, heard: it is put on its case with what follows there, and its cost into the figures.

Commands are named after the publisher's event, costs after its word, so that hearing again adds nothing. A limitation
that is near is told of a debt, whether or not there is a matter.
"""

from datetime import date
from typing import Any
from uuid import UUID

from services.case.application import thing_ids
from services.case.application.figures.desk import FigureDesk
from services.case.application.handle import CaseDesk, CaseForgotten, Meta
from services.case.application.sheet import CaseUnknown, is_case_id
from services.case.application.statements import Contended
from services.case.domain.case_facts import CaseFacts
from services.case.domain.facts.legal import LegalStepReported
from services.case.domain.figures.cost import BookCost, ReverseCost
from services.case.domain.legal.commands import HearLegal
from services.case.domain.legal.steps import COST, COST_REVERSED, LIMITATION
from services.case.domain.policy import CasePolicy
from services.case.domain.state import ClosedCase, NoCase
from shared.kernel import money
from shared.kernel.clock import Clock, day_in
from shared.kernel.money import Money
from shared.kernel.policy import PolicyBook
from shared.messaging.reader import HearAgain
from shared.messaging.told import Told

NAME = "case.hears_legal"
MATTER, NEAR = "legal.MatterTold", "legal.LimitationNear"
TYPES = (MATTER, NEAR)
ACTOR = CLIENT = "system:hears-legal"
SOURCE, KIND, NOT_ANY_MORE = "LEGAL", "LEGAL", "NOT_BORNE_AFTER_ALL"


class LegalTold:
    """Hears the legal service for one tenant."""

    def __init__(
        self,
        *,
        desk: CaseDesk,
        figures: FigureDesk,
        tenant: str,
        policies: PolicyBook[CasePolicy],
        clock: Clock,
    ) -> None:
        self._desk, self._figures, self._tenant = desk, figures, tenant
        self._policies, self._clock = policies, clock

    async def hear(self, told: Told) -> None:
        """Record it on its case; of one that is not here, or was erased, nothing can be said.

        Raises KeyError and ValueError for facts that cannot be read, the rules' refusals, what the ledger raises;
        HearAgain where others kept writing about the same case.
        """
        if told.data is None or not is_case_id(told.data["case"]):
            return
        case_id = told.data["case"]
        zone = self._policies.in_force(tenant=self._tenant, on=self._clock.now().date()).zone
        meta = Meta(
            actor=ACTOR, client=CLIENT, key=told.id, fingerprint=b"heard",
            today=day_in(self._clock.now(), zone), cause=UUID(told.id),
        )  # fmt: skip
        word = self._near(told, told.data) if told.type == NEAR else self._matter(told, told.data)
        try:
            await self._desk.handle(case_id, word, meta)
        except Contended as problem:
            raise HearAgain from problem
        except (CaseUnknown, CaseForgotten):
            return
        if word.what in (COST, COST_REVERSED):
            await self._count(case_id, word)

    def _matter(self, told: Told, data: Any) -> HearLegal:
        case_id = data["case"]
        return HearLegal(
            told=data["told"], what=data["what"], matter=data["matter"], referral=data["referral"],
            on=date.fromisoformat(data["on"]), thing=data["thing"], code=data["code"],
            track_kind=data["track_kind"], amount=_amount(data["amount"]), borne_by=data["borne_by"],
            due_on=_day(data["due_on"]), retracted=data["retracted"],
            ref=_thing("ref", case_id, told), charge_ref=_thing("chg", case_id, told),
        )  # fmt: skip

    def _near(self, told: Told, data: Any) -> HearLegal:
        case_id = data["case"]
        return HearLegal(
            told=told.id, what=LIMITATION, matter=None, referral=None, on=date.fromisoformat(data["as_of"]),
            thing=data["debt"], code=data["clock"], due_on=_day(data["expires_on"] or data["raw_on"]),
            within=data["within"], ref=_thing("ref", case_id, told), charge_ref=_thing("chg", case_id, told),
        )  # fmt: skip

    async def _count(self, case_id: str, word: HearLegal) -> None:
        """A cost counts as one of collecting the case; what was said of it before counts no more."""
        facts = await self._facts(case_id)
        for one in facts.all(LegalStepReported) if facts is not None else ():
            if one.what == COST and one.thing == word.thing and one.told != word.told:
                await self._figures.take_back(SOURCE, one.told, ReverseCost(reason=NOT_ANY_MORE), actor=ACTOR)
        amount = word.amount
        if word.what == COST and not word.retracted and amount is not None and amount.minor > 0:
            cost = BookCost(
                source=SOURCE, source_ref=word.told, kind=KIND, amount=amount, on=word.on, case=case_id
            )
            await self._figures.take_in(cost, actor=ACTOR)

    async def _facts(self, case_id: str) -> CaseFacts | None:
        state = (await self._desk.load(case_id)).state
        worked = state.was if isinstance(state, ClosedCase) else state
        return None if worked is None or isinstance(worked, NoCase) else worked.facts


def _thing(prefix: str, case_id: str, told: Told) -> str:
    """The id of what follows from an event, the same whenever it is heard."""
    return thing_ids.thing_id(prefix, case_id, UUID(told.id))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _amount(told: Any) -> Money | None:
    return None if told is None else money.from_json(told)
