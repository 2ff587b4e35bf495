"""What the routes that act on a matter share: the day, ids of what is made, and the command carried out once.

A refusal that is itself on record (the law forbids the step) is answered as a problem, the first time and ever after.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from services.legal.api.desk import Desk, Office
from services.legal.application.deciding import Verdict
from services.legal.application.handle import as_refs, raise_refused
from services.legal.application.thing_ids import is_about, matter_of
from services.legal.domain.act import AnyCommand
from services.legal.domain.refusals import MatterUnknown
from services.legal.domain.thing_ids import is_matter
from shared.http.bodies import Day, Sent
from shared.http.commands import Decided, Envelope
from shared.http.problems import Problem
from shared.kernel import money, parts
from shared.kernel.parts import Parts

MATTERS = "/v1/legal-matters"
MATTER = "matter-6f1c0d1e-0000-8000-8000-000000000001"
"""The matter of the examples."""
CASE, DEBT = (
    "case-6f1c0d1e-0000-8000-8000-000000000001",
    "account-6f1c0d1e-0000-8000-8000-0000000000a1",
)
OF_A_THING = "6f1c0d1e0000800080000000000000014a1b6c2d3e4f5061"
"""How the ids of the examples go on after their prefix: 32 digits of the matter, 16 of their own."""
PERSON = "prs_6f1c0d1e4a1b6c2d3e4f506172839405"
DIGEST = "9f" * 32
OF_A_MATTER = ("not-found", "matter-unknown", "matter-closed", "matter-busy", "legal-day-ahead")
"""What any command about a matter may be refused with."""
OF_MONEY = ("malformed-amount", "unknown-currency", "currency-mismatch")
MatterId = Annotated[str, Path(description="`matter-…`, as the answer that opened it, and lists, show it.")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,39}$"), Field(examples=["AGREED"])]
"""A code of the caller's list, in capitals: facts hold no free text, so no name can slip into them."""
CaseRef = Annotated[
    str,
    StringConstraints(pattern=r"^case-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    Field(examples=[CASE]),
]
DebtRef = Annotated[
    str,
    StringConstraints(pattern=r"^account-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    Field(examples=[DEBT]),
]
PersonRef = Annotated[str, StringConstraints(pattern=r"^prs_[0-9a-f]{32}$"), Field(examples=[PERSON])]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Field(examples=[DIGEST])]
"""The SHA-256 of a paper, in hex."""
Decimal = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,4})?$")]


def one_of(codes: Iterable[str], **more: Any) -> Any:
    """A field that holds one code of a closed list: the document lists them; `closed` refuses others."""
    known: Any = list(codes)
    return Field(json_schema_extra={"enum": known}, examples=known[:1], **more)


def closed(pointer: str, value: str | None, codes: Iterable[str]) -> None:
    """Raises Problem `invalid` for a code that is not of the list."""
    if value is not None and value not in (known := list(codes)):
        raise Problem("invalid", errors=[(pointer, "NOT_ONE_OF")], context={"allowed": known})


def ref(prefix: str) -> str:
    """An id of the examples."""
    return f"{prefix}_{OF_A_THING}"


def example(prefix: str | None = None, **more: Any) -> dict[str, Any]:
    """References of an answer, for the OpenAPI document."""
    own = {"id": ref(prefix)} if prefix else {}
    return {**own, **more, "matter": MATTER, "links": {"matter": f"{MATTERS}/{MATTER}"}}


class DatedSent(Sent):
    """A request that may say on which day it happened."""

    on: Day | None = Field(
        default=None, description="The day it happened: today unless given; not a day to come."
    )


class ClaimPartsSent(Sent):
    """An amount claimed, by what it is for; a part that is not named is nothing."""

    costs: Decimal = "0"
    interest: Decimal = "0"
    penalty: Decimal = "0"
    principal: Decimal = "0"
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["CNY"])

    def parts(self) -> Parts:
        """The amount. Raises MalformedAmount, UnknownCurrency."""
        named = (self.costs, self.interest, self.penalty, self.principal)
        return parts.of([money.parse(text, self.currency).minor for text in named], self.currency)


class Act:
    """One request to do something about one matter, or to the proofs of a case or an account."""

    def __init__(self, office: Office, about: str, asked: Envelope, *, stream: str | None = None) -> None:
        """`about`: the matter, or with `stream` (its stream of proofs) the case or account."""
        desk: Desk = office.open_desk
        if not (is_matter(about) if stream is None else is_about(about)):
            raise Problem("not-found")
        self.desk, self.about, self.asked, self.stream = desk, about, asked, stream or about

    @classmethod
    def on(cls, office: Office, prefix: str, thing: str, asked: Envelope) -> "Act":
        """A request about a thing of a matter. Raises Problem `not-found` for what is no id of its kind."""
        matter = matter_of(prefix, thing)
        if matter is None:
            raise Problem("not-found")
        return cls(office, matter, asked)

    @property
    def by(self) -> str:
        """Who asks."""
        return self.asked.caller.actor

    def id(self, prefix: str) -> str:
        """The id of what the request makes; the same when the request is repeated."""
        asked = self.asked
        return self.desk.acts.thing_id(
            prefix, self.about, client=asked.caller.client, operation=asked.operation, key=asked.key
        )

    def day(self, on: date | None) -> date:
        """The day it happened; the rule refuses one that is to come."""
        return on or self.desk.acts.today

    async def do(
        self,
        command: AnyCommand | Callable[[], Awaitable[AnyCommand]],
        *,
        links: Mapping[str, str] | None = None,
        by_body: bool = False,
        shows: Callable[[Verdict], Awaitable[Mapping[str, Any]]] | None = None,
        **refs: Any,
    ) -> Response:
        """Carry the command out once; `refs` go into the answer beside the links.

        `command` may be made when it is decided: what refuses to make it stands in the way of no repetition.
        `by_body`: what it is about follows from the body and not from the path. `shows`: references that follow from
        what was decided. Raises the refusal that is on record.
        """
        desk, asked = self.desk, self.asked
        shown = {**self._known_as(), **refs, "links": {**self._links(), **(links or {})}}

        async def decide() -> Decided:
            try:
                wanted = await command() if callable(command) else command
                verdict = await desk.decisions.decide(
                    self.about, wanted, actor=asked.caller.actor, dry_run=asked.dry_run
                )
            except MatterUnknown:
                raise Problem("not-found") from None
            refusal = verdict.led.refusal
            if refusal is not None and asked.dry_run:
                raise refusal
            more = {} if shows is None or refusal is not None else await shows(verdict)
            said = {**shown, **more} if refusal is None else as_refs(refusal)
            return Decided(writes=verdict.writes, policy=verdict.policy, refs=said, known={**shown, **more})

        async with desk.acts.turn(self.about):
            answer = await asked.carry_out(
                desk.ledger, stream=self.stream, decide=decide, named_by_body=by_body
            )
        raise_refused(json.loads(bytes(answer.body)))
        return answer

    def _known_as(self) -> dict[str, str]:
        return {"matter": self.about} if is_matter(self.about) else {}

    def _links(self) -> dict[str, str]:
        return {"matter": f"{MATTERS}/{self.about}"} if is_matter(self.about) else {}
