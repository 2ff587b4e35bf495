"""What the routes that act on a case share: the day, the id of what is made, and the command carried out once."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.case.api.desk import Desk, Office
from services.case.application.handle import CaseForgotten
from services.case.application.sheet import CaseUnknown
from services.case.application.thing_ids import case_of
from services.case.domain.commands import LifeCommand
from shared.http.bodies import Day, Sent
from shared.http.commands import Decided, Envelope
from shared.http.problems import Problem
from shared.kernel import money, parts
from shared.kernel.money import CurrencyMismatch
from shared.kernel.parts import Parts

CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
"""The case of the examples."""
OF_A_THING = "6f1c0d1e0000800080000000000000014a1b6c2d3e4f5061"
"""How the ids of the examples go on after their prefix: 32 digits of the case, 16 of their own."""
CaseId = Annotated[str, Path(description="`case-…`, as lists show it.")]
ThingId = Annotated[
    str, Path(description="`prm_…`, `hld_…` and the like, as the answer that made it gave it.")
]
OF_A_CASE = ("not-found", "case-not-open", "case-forgotten")
"""What any command about a case may be refused with."""
OF_MONEY = ("malformed-amount", "unknown-currency")
"""What any amount that is sent may be refused with, beside `invalid`."""
Word = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,39}$"), Field(examples=["DUPLICATE"])]
"""A code of the caller's list, in capitals: facts hold no free text, so no name can slip into them."""
Decimal = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,4})?$")]


def one_of(codes: Iterable[str]) -> Any:
    """A field that holds one code of a closed list: the document lists them, the rule refuses others."""
    known = list(codes)
    return Field(json_schema_extra={"enum": list(known)}, examples=known[:1])


class DatedSent(Sent):
    """A request that may say on which day it happened."""

    on: Day | None = Field(
        default=None, description="The day it happened: today unless given; not a day to come."
    )


class PartsSent(Sent):
    """An amount by what it is for; a part that is not named is nothing."""

    costs: Decimal = "0"
    interest: Decimal = "0"
    penalty: Decimal = "0"
    principal: Decimal = "0"
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["CNY"])

    def parts(self) -> Parts:
        """The amount. Raises MalformedAmount, UnknownCurrency."""
        named = (self.costs, self.interest, self.penalty, self.principal)
        return parts.of([money.parse(text, self.currency).minor for text in named], self.currency)


def example(prefix: str | None = None, *, shown_at: str | None = None) -> dict[str, Any]:
    """References of an answer, for the OpenAPI document; `shown_at`: the path under which the thing can be read."""
    ref = f"{prefix}_{OF_A_THING}"
    links = {"case": f"/v1/cases/{CASE}"} | ({"self": f"{shown_at}/{ref}"} if shown_at else {})
    return ({"id": ref} if prefix else {}) | {"links": links}


class Act:
    """One request to do something about one case."""

    def __init__(self, office: Office, case_id: str, asked: Envelope) -> None:
        self._desk: Desk = office.open_desk
        self.case_id, self.asked = case_id, asked

    @classmethod
    def on(cls, office: Office, prefix: str, thing: str, asked: Envelope) -> "Act":
        """A request to do something to a thing of a case. Raises Problem `not-found` for what is no id of its kind."""
        case_id = case_of(prefix, thing)
        if case_id is None:
            raise Problem("not-found")
        return cls(office, case_id, asked)

    @property
    def by(self) -> str:
        """Who asks."""
        return self.asked.caller.actor

    def id(self, prefix: str) -> str:
        """The id of what the request makes; the same when the request is repeated. Raises Problem `not-found`."""
        asked = self.asked
        try:
            return self._desk.acts.thing_id(
                prefix,
                case_id=self.case_id,
                client=asked.caller.client,
                operation=asked.operation,
                key=asked.key,
            )
        except CaseUnknown:
            raise Problem("not-found") from None

    def day(self, on: date | None, *, at: str = "/on") -> date:
        """The day it happened. Raises Problem for a day to come: nothing is judged ahead of its time."""
        today = self._desk.decisions.today
        if on is not None and on > today:
            raise Problem("invalid", errors=[(at, "IN_THE_FUTURE")])
        return on or today

    async def account(self, account_ref: str) -> str:
        """The stream of an account of the case's debtor. Raises Problem `not-found`, CaseForgotten."""
        try:
            loaded = await self._desk.acts.load(self.case_id)
        except CaseUnknown:
            raise Problem("not-found") from None
        if loaded.debtor_ref is None:
            raise CaseForgotten
        return self._desk.decisions.account_id(loaded.debtor_ref, account_ref)

    async def do(
        self,
        command: LifeCommand,
        *,
        money_at: str = "/amount",
        shown_at: str | None = None,
        opens: bool = False,
        unless: Callable[[], Awaitable[None]] | None = None,
        **refs: Any,
    ) -> Response:
        """Carry the command out once; `refs` go into the answer beside the link to the case.

        `money_at` points to the amount that may be in another currency than the case's; `shown_at` is the address
        under which what is made can be read; `opens`: the case itself is new. `unless` raises what stands in the way
        that the case itself does not know.
        """
        desk, asked, case_id = self._desk, self.asked, self.case_id

        async def decide() -> Decided:
            if unless is not None:
                await unless()
            try:
                verdict = await desk.decisions.decide(
                    case_id, command, actor=asked.caller.actor, dry_run=asked.dry_run
                )
            except CaseUnknown:
                raise Problem("not-found") from None
            except CurrencyMismatch:
                raise Problem("invalid", errors=[(f"{money_at}/currency", "NOT_OF_THE_CASE")]) from None
            links = {"case": f"/v1/cases/{case_id}"} | ({"self": shown_at} if shown_at else {})
            return Decided(
                writes=verdict.writes,
                policy=verdict.policy,
                refs={**refs, "links": links},
                taken=verdict.taken,
            )

        return await asked.carry_out(desk.ledger, stream=case_id, decide=decide, named_by_body=opens)
