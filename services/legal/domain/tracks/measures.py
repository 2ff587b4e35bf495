"""What a preservation holds: each measure that was carried out, until when, and whether its renewal was asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.legal.domain.facts import preservation as v
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something is held: `executed` is the step that did it, `begun_by` the one that named `until`, its last day.

    `asked`: the step that asked for its renewal since; None: nobody did. `over`: the step that ended it.
    """

    executed: str
    begun_by: str
    asset: str
    amount: Money
    on: date
    until: date
    asked: v.PreservationRenewalAsked | None = None
    over: Any = None


def measures(steps: Iterable[Any]) -> tuple[Measure, ...]:
    """The measures of a preservation's steps, oldest first."""
    found: dict[str, Measure] = {}
    for step in steps:
        match step:
            case v.PreservationExecuted():
                found[step.step] = Measure(
                    executed=step.step, begun_by=step.step, asset=step.asset, amount=step.amount, on=step.on,
                    until=step.until,
                )  # fmt: skip
            case v.PreservationRenewalAsked():
                for name in _meant(found, step.executed):
                    found[name] = replace(found[name], asked=step)
            case v.PreservationRenewed():
                for name in _meant(found, step.executed):
                    if step.until > found[name].until:
                        found[name] = replace(found[name], until=step.until, begun_by=step.step, asked=None)
            case v.PreservationLapsed() | v.PreservationLifted():
                found = {name: replace(one, over=one.over or step) for name, one in found.items()}
    return tuple(found.values())


def _meant(found: dict[str, Measure], executed: str | None) -> tuple[str, ...]:
    if executed is not None:
        return (executed,) if executed in found else ()
    return tuple(found)
