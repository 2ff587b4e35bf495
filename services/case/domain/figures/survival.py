"""Medians: of spells that ended, and of spells of which some still run (Kaplan and Meier 1958).

The average of what has ended is too low while the slow ones are still running: they are left out of it. Here a spell
that runs counts among those at risk for as long as it has been seen, and is no end.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

HALF = Fraction(1, 2)


class Spell(NamedTuple):
    """So many days; `ended` False: it still runs (a censored observation)."""

    days: int
    ended: bool


def median(days: Sequence[int]) -> Fraction | None:
    """The middle one, or the mean of the two in the middle; None of nothing."""
    if not days:
        return None
    ordered, middle = sorted(days), len(days) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def survival(spells: Iterable[Spell]) -> list[tuple[int, Fraction]]:
    """(days, share that lasts longer) at every length at which a spell ended, in order.

    Order: of spells of one length those that ended come before those that were only seen so far.
    """
    ends: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    for spell in spells:
        seen[spell.days] += 1
        ends[spell.days] += spell.ended
    at_risk, share, steps = sum(seen.values()), Fraction(1), []
    for days in sorted(seen):
        if ends[days]:
            share *= Fraction(at_risk - ends[days], at_risk)
            steps.append((days, share))
        at_risk -= seen[days]
    return steps


def survival_median(spells: Iterable[Spell]) -> Fraction | None:
    """The shortest length that at most half outlast; None while more than half are known to outlast every one."""
    return next((Fraction(days) for days, share in survival(spells) if share <= HALF), None)
