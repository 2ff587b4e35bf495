"""Cases that are acted on, one command after another, on a real ledger: what fills the books."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from services.case.application.handle import CaseDesk, Meta
from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.commands import LifeCommand
from services.case.domain.policy import POLICIES
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import SystemClock
from shared.kernel.money import Money
from shared.kernel.parts import Parts, of
from tests.case.projections.portfolio import Desk

R = TypeVar("R")
MAKER, CHECKER = "bank/maker", "bank/checker"
ACCOUNT = "account-6f1c0d1e-0000-8000-8000-000000000001"


def cny(minor: int) -> Money:
    """Fen."""
    return Money(minor, "CNY")


def march(day: int) -> date:
    """A day of March 2026; the first is a Sunday."""
    return date(2026, 3, day)


def principal(minor: int) -> Parts:
    """An amount of principal alone."""
    return of([0, 0, 0, minor], "CNY")


@dataclass
class Lived:
    """A debtor's case on a ledger. `today` only goes on."""

    ledger: Ledger
    debtor: str
    today: date = date(2026, 3, 2)
    acts: int = 0
    known: list[datetime] = field(default_factory=list)

    @property
    def _desk(self) -> CaseDesk:
        return CaseDesk(ledger=self.ledger, tenant="default", policies=POLICIES)

    @property
    def case_id(self) -> str:
        """The case's stream."""
        return self._desk.case_id(self.debtor, 1)

    async def open(self, minor: int = 100_000) -> "Lived":
        """A case that owes this, 120 days past due."""
        command = m.OpenCase(
            debtor_ref=self.debtor, episode=1, debts=(ACCOUNT,), on=self.today, arrears=cny(minor),
            days_past_due=120,
        )  # fmt: skip
        await self.do(command)
        return self

    async def do(self, command: LifeCommand, *, by: str = MAKER) -> list[str]:
        """Carry it out; the events it led to. When it was recorded is kept in `known`."""
        self.today, self.acts = max(self.today, command.on), self.acts + 1
        meta = Meta(
            actor=by, client="test", key=f"{self.debtor}-{self.acts}", fingerprint=b"x" * 32, today=self.today
        )
        done = await self._desk.handle(self.case_id, command, meta)
        self.known.append(SystemClock().now())
        return [type(event).__name__ for event in done.events]

    async def sweep(self, day: date) -> list[str]:
        """Judge as of a day."""
        return await self.do(c.Sweep(on=day))

    async def pay(self, ref: str, minor: int, on: date) -> list[str]:
        """Money came in on a day."""
        return await self.do(m.RecordPayment(ref=ref, account=None, on=on, amount=cny(minor), channel="CARD"))

    async def bounce(self, ref: str, on: date) -> list[str]:
        """A payment came back whole."""
        returned = m.RecordPaymentReturn(ref=f"r-{ref}", payment=ref, on=on, amount=None, reason="NO_FUNDS")
        return await self.do(returned)

    async def promise(self, ref: str, minor: int, due: date) -> list[str]:
        """The debtor promises today."""
        taken = m.TakePromise(ref=ref, on=self.today, amount=cny(minor), due=due, given_by="DEBTOR")
        return await self.do(taken)

    async def plan(self, ref: str, minor: int, count: int, first_due: date) -> list[str]:
        """Quoted and agreed today."""
        quoted = m.QuotePlan(
            ref=f"q-{ref}", on=self.today, total=cny(minor), count=count, first_due=first_due
        )
        await self.do(quoted)
        offered = m.OfferPlan(ref=ref, quote=f"q-{ref}", on=self.today, affordability="AFF-1")
        await self.do(offered)
        return await self.do(m.AgreePlan(plan=ref, on=self.today, supplement="DOC-1"))

    async def settle(self, ref: str, minor: int, pay_by: date) -> list[str]:
        """The maker offers a settlement today."""
        offer = m.ProposeSettlement(ref=ref, on=self.today, amount=cny(minor), pay_by=pay_by, by=MAKER)
        return await self.do(offer)


async def read(it: Desk, question: Callable[..., R], **asked: Any) -> R:
    """A book's answer, with all that has been recorded."""
    await it.projections.catch_up()
    return await it.projections.database.read(partial(question, **asked))


async def portfolio(ledger: Ledger) -> dict[str, Any]:
    """Some cases in which everything happens that a book shows."""
    one = await Lived(ledger, "L-1").open()
    await one.promise("prm-a", 5_000, march(6))
    await one.sweep(march(20))
    await one.pay("pay-a", 5_000, march(5))
    await one.bounce("pay-a", march(21))
    await one.promise("prm-b", 6_000, march(25))
    await one.do(m.CancelPromise(promise="prm-b", on=march(22), reason="DEBTOR_ASKED"))
    two = await Lived(ledger, "L-2").open()
    await two.plan("pln-a", 30_000, 3, march(10))
    await two.pay("pay-a", 10_000, march(9))
    await two.sweep(date(2026, 4, 20))
    await two.do(c.LogComplaint(ref="cmp-a", on=two.today, kind="CONDUCT", attempts=()))
    three = await Lived(ledger, "L-3").open()
    await three.settle("stl-a", 50_000, march(12))
    await three.do(m.ApproveSettlement(settlement="stl-a", on=march(3), by=CHECKER), by=CHECKER)
    await three.pay("pay-a", 50_000, march(5))
    await three.bounce("pay-a", march(6))
    await three.do(m.ProposeWriteOff(ref="wof-a", on=march(7), reason="UNCOLLECTABLE", by=MAKER))
    four = await Lived(ledger, "L-4").open()
    placed = c.PlaceWithAgency(
        ref="plc-a", agency="AGENCY-1", on=four.today, until=march(30), evaluated_on=march(1)
    )
    await four.do(placed)
    await four.do(c.RecallPlacement(placement="plc-a", on=march(9), reason="COMPLAINT"))
    await four.do(c.RaiseDispute(ref="dsp-a", on=march(10), scope="AMOUNT", amount=cny(1_000)))
    resolved = c.ResolveDispute(
        dispute="dsp-a", on=march(12), outcome="REJECTED", adjustment=None, account=None, first=None, by=MAKER
    )
    await four.do(resolved)
    await four.do(c.ReferToLegal(ref="ref-a", on=march(13), reason="NO_OTHER_WAY", by=MAKER))
    return {"one": one, "two": two, "three": three, "four": four}
