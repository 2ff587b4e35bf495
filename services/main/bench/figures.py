"""One measured figure, and how rounds become one: values and ratios are medians, a ratio never spans two rounds."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of bench.jsonl. `base` is in `unit` too; both it and `ratio` are None where a row has no base."""

    bench: str
    case: str
    value: float
    unit: str
    base: float | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What DESIGN.md 7 asks of a row: of its ratio or, where `of_value`, of its value; then less is better."""

    floor: float
    aim: float
    of_value: bool = False

    def met_by(self, figure: Figure) -> bool:
        """Whether the floor is reached."""
        if self.of_value:
            return figure.value <= self.floor
        return figure.ratio is not None and figure.ratio >= self.floor


@dataclass(frozen=True, slots=True)
class Ask:
    """One ratio to take: `value` and `base` name cases of the same round."""

    bench: str
    case: str
    value: str
    base: str


Round: TypeAlias = Callable[[int], Mapping[str, float]]
"""Runs every case once, in turn; the argument is the round's number from 0; answers case -> units a second."""


def over_rounds(one: Round, asks: Sequence[Ask], *, rounds: int, unit: str) -> list[Figure]:
    """Runs `rounds` rounds and takes each asked-for ratio inside its round."""
    measured = [one(number) for number in range(rounds)]
    return [
        Figure(
            ask.bench,
            ask.case,
            round(median(m[ask.value] for m in measured), 1),
            unit,
            round(median(m[ask.base] for m in measured), 1),
            round(median(m[ask.value] / m[ask.base] for m in measured), 3),
        )
        for ask in asks
    ]


def append_jsonl(path: Path, figures: Sequence[Figure]) -> None:
    """One JSON object a line, added to what the file holds."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(figure)) + "\n" for figure in figures)


def as_line(figure: Figure, goal: Goal | None) -> str:
    """A row of the printed table; the mark says which of floor and aim was reached."""
    base = f"{figure.base:>12,.1f}" if figure.base is not None else f"{'':>12}"
    ratio = f"{figure.ratio:>8.3g}" if figure.ratio is not None else f"{'':>8}"
    wanted = f"{goal.floor:g} / {goal.aim:g}" if goal else ""
    mark = "" if goal is None else ("ok" if goal.met_by(figure) else "BELOW")
    return (
        f"{figure.bench:<24} {figure.case:<44} {figure.value:>12,.1f} {figure.unit:<10} {base} {ratio}"
        f"  {wanted:<12} {mark}"
    )


HEADING = (
    f"{'bench':<24} {'case':<44} {'value':>12} {'unit':<10} {'base':>12} {'ratio':>8}  {'floor / aim':<12}"
)
