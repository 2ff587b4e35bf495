"""Cases that figures are counted from, and asking for a figure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.figures.asked import Asked, begins
from services.case.domain.figures.measure import Figure, Item
from services.case.projections.figures import bridge, questions
from services.case.projections.figures.questions import Answer
from tests.case.projections.lives import CHECKER, MAKER, Lived, cny, march, principal
from tests.case.projections.portfolio import Desk

Place = tuple[str, ...]
MARCH_END = march(31)


@dataclass
class Case(Lived):
    """A case with an account of its own."""

    @property
    def account(self) -> str:
        """Its one debt."""
        number = sum(self.debtor.encode()) * 1_000 + len(self.debtor)
        return f"account-6f1c0d1e-0000-8000-8000-{number:012}"

    async def open(self, minor: int = 100_000, *, on: date | None = None, days: int = 120) -> "Case":
        """A case that owes this."""
        self.today = on or self.today
        command = m.OpenCase(
            debtor_ref=self.debtor, episode=1, debts=(self.account,), on=self.today, arrears=cny(minor),
            days_past_due=days,
        )  # fmt: skip
        await self.do(command)
        return self

    async def attempt(
        self, ref: str, on: date, outcome: str = "NO_ANSWER", channel: str = "VOICE"
    ) -> list[str]:
        """Somebody tried to reach the debtor at noon."""
        at = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)
        return await self.do(
            c.RecordAttempt(
                attempt_ref=ref, at=at, on=on, channel=channel, outcome=outcome, actor_kind="COLLECTOR", permit=None
            )
        )  # fmt: skip

    async def give_to(self, collector: str, on: date) -> list[str]:
        """A collector has the case from a day on."""
        ref = f"all-{self.acts}"
        return await self.do(c.AssignCase(ref=ref, on=on, collector=collector, reason="RULE"))

    async def waive(self, minor: int, on: date) -> list[str]:
        """A waiver that a second person approves."""
        ref = f"wvr-{self.acts}"
        asked = m.ProposeWaiver(
            ref=ref, account=self.account, on=on, amounts=principal(minor), reason="GOODWILL", by=MAKER
        )
        told = await self.do(asked)
        if "BalanceAdjusted" in told:
            return told
        return await self.do(m.ApproveWaiver(waiver=ref, on=on, by=CHECKER), by=CHECKER)


async def answer(
    it: Desk, name: str, as_of: date = MARCH_END, *, things: bool = True, **asked: Any
) -> Answer:
    """The figure, with all that has been recorded in the views."""
    await it.projections.catch_up()
    to = asked.pop("to", as_of)
    within, stay = asked.get("within_days", 30), asked.get("stay_days", 30)
    from_ = asked.pop("from_", None) or begins(name, to, within_days=within, stay_days=stay)
    question = Asked(as_of=as_of, from_=from_, to=to, **asked)
    return await it.projections.database.read(
        lambda connection: questions.answer(connection, name, question, things=things)
    )


async def sides(it: Desk, name: str, as_of: date = MARCH_END, **asked: Any) -> dict[Place, tuple[int, int]]:
    """(measure, row, cell, group, currency), as far as they are said -> what stands above and below."""
    found = await answer(it, name, as_of, **asked)
    return {place(one): (one.above, one.below) for one in found.figures}


async def values(it: Desk, name: str, as_of: date = MARCH_END, **asked: Any) -> dict[Place, Fraction | None]:
    """The same with the values."""
    found = await answer(it, name, as_of, **asked)
    return {place(one): one.value for one in found.figures}


def place(one: Figure) -> Place:
    """Where a figure stands, as far as it says."""
    return tuple(part for part in (one.measure.code, one.row, one.cell, one.group, one.currency) if part)


async def bridged(it: Desk, name: str, first: datetime, second: datetime, **asked: Any) -> bridge.Bridge:
    """What changed of a figure between two times of knowing."""
    before = await answer(it, name, known_at=first, **asked)
    after = await answer(it, name, known_at=second, **asked)
    return await it.projections.database.read(lambda connection: bridge.bridge(connection, before, after))


def cases_of(items: list[Item], measure: str) -> dict[str, tuple[int, int]]:
    """Case -> what it adds to a measure."""
    found: dict[str, tuple[int, int]] = {}
    for one in items:
        if one.measure == measure:
            above, below = found.get(one.case_id, (0, 0))
            found[one.case_id] = (above + one.above, below + one.below)
    return found


def later(day: date, days: int) -> date:
    """So many days on."""
    return day + timedelta(days=days)
