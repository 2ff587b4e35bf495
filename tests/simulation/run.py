"""One run, day by day."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from services.case.wiring import CaseService
from tests.kit.importing import row, write
from tests.simulation.acts import Act, day
from tests.simulation.checks import Checks
from tests.simulation.journal import Journal
from tests.simulation.office import LONG_AGO, Broken, Outcome, SimOffice
from tests.simulation.people import People, by_statement, reference
from tests.simulation.shadow import Shadow

WHOLE_EVERY = 45
"""Days between the dear checks: everything replayed, every view rebuilt."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which run. `stop_at`: after that many days, though the run has more."""

    seed: int
    days: int
    debtors: int
    folder: Path
    moves: float = 0.1
    stop_at: int | None = None


@dataclass
class Ran:
    """What a run came to."""

    events: int
    crashes: int
    done: Counter[str]
    refused: Counter[str]
    seen: Counter[str]


class Simulation:
    """A seed's portfolio on the store of a folder. `spoil` gets the service as it is opened, to plant a fault in it."""

    def __init__(
        self, asked: Asked, *, journal: Path | None = None, spoil: Callable[[CaseService], None] | None = None
    ) -> None:
        self.asked = asked
        self.people, self.shadow = People(asked.seed, asked.debtors, asked.moves), Shadow()
        self.office = SimOffice(asked.folder, spoil or (lambda service: None))
        self.checks = Checks(self.office, self.shadow, asked.seed)
        self.journal = Journal(journal)
        self.today = day(0)
        self._swept = True
        self._held_back: list[dict[str, str]] = []
        self._behind = dict.fromkeys(range(asked.debtors), 0)

    async def run(self, told: Callable[[date], None] = lambda today: None) -> Ran:
        """All its days. Raises Broken as soon as a law does not hold; `today` says when."""
        await self.office.start()
        try:
            for number in range(self.asked.stop_at or self.asked.days):
                self.today = day(number)
                await self._day(number)
                told(self.today)
            await self.checks.follow()
            return Ran(
                await self.office.head(), self.office.crashes, Counter(self.shadow.done),
                Counter(self.shadow.refused), Counter(self.checks.seen),
            )  # fmt: skip
        finally:
            await self.office.stop()
            self.journal.close()

    async def _day(self, number: int) -> None:
        draw = self.people.draw("how", number)
        self._clock_hour = 9.0
        await self._month(number)
        for act in self.people.acts(number, self.shadow):
            await self._act(act)
        sweeps = draw.choice([0, 1, 1, 1, 1, 1, 2])
        cut_at = draw.choice([None] * 9 + [1, 2, 3])
        ends = f"end|{number}"
        if ends not in self.journal:
            self.office.at(self.today + timedelta(days=1), 0.2)
            for _ in range(sweeps):
                await self.office.sweep(cut_at=cut_at)
            await self.checks.follow()
            last = number == self.asked.days - 1
            await self.checks.day(
                self.today, swept=bool(sweeps), whole=last or number % WHOLE_EVERY == WHOLE_EVERY - 1
            )
            self.journal[ends] = [
                [case.debtor, case.episode]
                for case in self.shadow.cases.values()
                if type(self.checks.of(case).state).__name__ == "ClosedCase"
            ]
        closed = {(debtor, episode) for debtor, episode in self.journal[ends]}
        for key, case in self.shadow.cases.items():
            case.closed = key in closed

    async def _act(self, act: Act) -> None:
        self._clock_hour += 0.02
        if act.key not in self.journal:
            self.office.at(self.today, self._clock_hour, act.skew_min)
            outcome = await self.office.send(act)
            self.journal[act.key] = [outcome.how, outcome.ref, outcome.code, outcome.at.isoformat()]
        how, ref, code, at = self.journal[act.key]
        outcome = Outcome(how, ref, code, datetime.fromisoformat(at))
        self._expected(act, outcome)
        if outcome.how == "done":
            self.shadow.book(act.kind, (act.debtor, act.episode), act.note(outcome.ref), outcome.at)
        elif outcome.how == "refused":
            self.shadow.refused[outcome.code] = self.shadow.refused.get(outcome.code, 0) + 1

    def _expected(self, act: Act, outcome: Outcome) -> None:
        if act.must and outcome.how != "done":
            raise Broken(f"{act.key} was {outcome.how}: {outcome.code}")
        if act.must_not is not None and (outcome.how != "refused" or act.must_not not in ("", outcome.code)):
            raise Broken(f"{act.key} should have been refused, and was {outcome.how} {outcome.code}")

    # -- the lender's statements

    async def _month(self, number: int) -> None:
        """On the second day of a month the file of the last month end comes, a part of it weeks later or changed."""
        if self.today.day == 2:
            rows = self._statement(self.today - timedelta(days=2))
            draw = self.people.draw("file", number)
            late = {line["account_ref"] for line in rows if draw.random() < 0.1}
            self._held_back = [
                self._changed(line, draw.random()) for line in rows if line["account_ref"] in late
            ]
            sent = [line for line in rows if line["account_ref"] not in late or draw.random() < 0.5]
            await self._import(f"file|{number}", sent, corrections=False, number=number)
        elif self.today.day == 17 and self._held_back:
            await self._import(f"late|{number}", self._held_back, corrections=True, number=number)
            self._held_back = []

    def _changed(self, line: dict[str, str], chance: float) -> dict[str, str]:
        return line | {"statement_balance": str(int(10_000 * chance))} if chance < 0.5 else line

    def _statement(self, end: date) -> list[dict[str, str]]:
        """One line for each debtor known by statements: all that was paid in the month, ours and at the counter."""
        found = []
        for debtor in filter(by_statement, range(self.asked.debtors)):
            draw = self.people.draw("statement", debtor, end)
            behind = max(0, self._behind[debtor] + draw.choice([1, 1, 1, 0, 2, -9]))
            self._behind[debtor] = behind
            case = self.shadow.newest(debtor)
            first = end.replace(day=1)
            ours = 0
            if case:
                rows = [told.row for told in case.money]
                gone = {one.of for one in rows if one.what == "back"}
                ours = sum(
                    one.amount
                    for one in rows
                    if one.what == "paid" and first <= one.day <= end and one.ref not in gone
                )
            paid = -(-ours // 100) + draw.choice([0, 0, 0, 300])
            found.append(
                row(
                    reference(debtor),
                    end.isoformat(),
                    behind,
                    str(draw.randrange(100, 9_000)),
                    str(paid),
                    "CNY",
                )
            )
        return found

    async def _import(self, key: str, lines: list[dict[str, str]], *, corrections: bool, number: int) -> None:
        draw = self.people.draw("import", number)
        if key not in self.journal:
            self.office.at(self.today, 8)
            file = write(self.asked.folder / f"statements-{number}.csv", lines)
            cut_at = draw.choice([None, None, 1, 2])
            for _ in range(draw.choice([1, 1, 2])):
                await self.office.take_in(file, corrections=corrections, cut_at=cut_at)
                cut_at = None
            await self.checks.follow()
            known = {(reference(debtor), episode) for debtor, episode in self.shadow.cases}
            self.journal[key] = [
                [ref, episode, as_of.isoformat()]
                for (ref, episode), as_of in sorted(self.checks.opened.items())
                if (ref, episode) not in known and by_statement(int(ref[-4:]))
            ]
        for ref, episode, as_of in self.journal[key]:
            note = {"opens": "statement", "on": date.fromisoformat(as_of)}
            self.shadow.book("opened by statement", (int(ref[-4:]), episode), note, LONG_AGO)
