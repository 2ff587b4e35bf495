"""What happens on a day: who does what to which case. Drawn from the seed and the shadow's books alone."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Literal

from services.case.domain import money_commands as m
from shared.kernel.parts import Parts
from tests.laws.plain_balance import Row
from tests.simulation.acts import ACCOUNT, Act, cny, day
from tests.simulation.moves import MOVES, Move, booking
from tests.simulation.shadow import Shadow


def reference(debtor: int) -> str:
    """The lender's name for a debtor."""
    return f"SIM-{debtor:04d}"


def by_statement(debtor: int) -> bool:
    """One in three is known by monthly statements alone."""
    return debtor % 3 == 0


class People:
    """The debtors of a run. `moves`: how likely a debtor makes one more move on a day (0..1, not 1)."""

    def __init__(self, seed: int, debtors: int, moves: float) -> None:
        self.seed, self.debtors, self._moves = seed, debtors, moves

    def draw(self, *of: object) -> Random:
        """A draw of its own for each thing, so that nothing depends on what was drawn before."""
        return Random("|".join(map(str, (self.seed, *of))))

    def acts(self, number: int, shadow: Shadow) -> Iterator[Act]:
        """The acts of the n-th day, in order. Each is drawn when it is asked for, by the books as they are then."""
        draw = self.draw("day", number)
        for debtor in draw.sample(range(self.debtors), self.debtors):
            starts = self.draw("start", debtor).randrange(40)
            if not by_statement(debtor) and number >= starts and (number == starts or draw.random() < 0.02):
                yield from self._opening(debtor, number, shadow)
            while draw.random() < self._moves:
                kind = draw.choices(list(MOVES), list(MOVES.values()))[0]
                mine = Random(draw.random())
                case = shadow.newest(debtor)
                if case is not None:
                    yield from self._dressed(Move(case, number, mine, kind).acts(), mine)

    def _dressed(self, acts: Iterator[Act], draw: Random) -> Iterator[Act]:
        """The world's ways with a request: sent twice, cut off, by a client or under a server whose clock is wrong."""
        for act in acts:
            fault: Literal["before", "after"] | None = None
            if act.command is not None and draw.random() < 0.012:
                fault = draw.choice(["before", "after"])
            skew = draw.choice([0] * 8 + [-170, -25, 90])
            yield replace(act, fault=fault, again=draw.random() < 0.08, skew_min=skew)

    def _opening(self, debtor: int, number: int, shadow: Shadow) -> Iterator[Act]:
        case = shadow.newest(debtor)
        if case is not None and not case.closed:
            return
        episode = 1 if case is None else case.episode + 1
        draw = self.draw("open", debtor, episode)
        account = ACCOUNT.format(debtor)
        minor = 0 if debtor % 3 == 2 else draw.randrange(20_000, 900_000)
        opening = m.OpenCase(
            debtor_ref=reference(debtor), episode=episode, debts=(account,), on=day(number), arrears=cny(minor),
            days_past_due=draw.randrange(1, 60),
        )  # fmt: skip
        # Where instalments are known, they say what is owed; else the sum it was opened with does.
        rows = [] if debtor % 3 == 2 else [Row("opened", day(number), "opened", minor)]
        key = f"{number}|open|{debtor}|{episode}"
        yield Act(
            key, debtor, episode, "open", day(number), opening,
            note=lambda ref: {"opens": "direct", "on": day(number), "rows": rows},
        )  # fmt: skip
        if debtor % 3 == 2:
            for item in range(3):
                due = day(number - 30 * (2 - item))
                parts = (draw.randrange(300), draw.randrange(2_000), 0, draw.randrange(10_000, 200_000))
                booked = m.BookInstalment(
                    ref=f"ins_{number}_{item}", account=account, on=due, amounts=Parts(*parts, "CNY")
                )
                yield Act(
                    f"{key}|{item}", debtor, episode, "due", due, booked,
                    note=booking(Row("due", due, booked.ref, parts=parts)),
                )  # fmt: skip
