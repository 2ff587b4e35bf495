"""Repayment plans: quoted, agreed, and what became of their instalments."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS


class Instalment(Struct, frozen=True, gc=False):
    """One instalment of a plan, numbered from 1."""

    number: int
    due: date
    amount: Money


class PlanQuoted(Struct, frozen=True, kw_only=True):
    """A plan was worked out; it can be agreed up to and including `expires`."""

    quote: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    total: Annotated[Money, FACTS]
    instalments: Annotated[tuple[Instalment, ...], FACTS]
    expires: Annotated[date, FACTS]


class PlanOffered(Struct, frozen=True, kw_only=True):
    """A quote was put to the debtor as a plan, after the check of what the debtor can pay (`affordability`).

    It can be agreed as long as the quote stands.
    """

    plan: Annotated[str, FACTS]
    quote: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    affordability: Annotated[str, FACTS]


class PlanAgreed(Struct, frozen=True, kw_only=True):
    """The debtor agreed to a plan in writing: `supplement` refers to the signed text, `affordability` to the check.

    The instalments sum to `total`, to the minor unit.
    """

    plan: Annotated[str, FACTS]
    quote: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    total: Annotated[Money, FACTS]
    instalments: Annotated[tuple[Instalment, ...], FACTS]
    supplement: Annotated[str, FACTS]
    affordability: Annotated[str, FACTS]


class PlanTerminated(Struct, frozen=True, kw_only=True):
    """The plan ended early."""

    plan: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class PlanInstalmentPaid(Struct, frozen=True, kw_only=True):
    """The plan's instalment is covered by cleared money."""

    plan: Annotated[str, FACTS]
    number: Annotated[int, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PlanInstalmentMissed(Struct, frozen=True, kw_only=True):
    """The instalment's day and its grace passed without the money."""

    plan: Annotated[str, FACTS]
    number: Annotated[int, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PlanInstalmentReopened(Struct, frozen=True, kw_only=True):
    """What was said of an instalment (`previous`) no longer stands, and its day is yet to come, or comes no more."""

    plan: Annotated[str, FACTS]
    number: Annotated[int, FACTS]
    as_of: Annotated[date, FACTS]
    previous: Annotated[str, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PlanBreached(Struct, frozen=True, kw_only=True):
    """An instalment is missed: the plan can be cured up to and including `cure_by`."""

    plan: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    cure_by: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PlanBreachCured(Struct, frozen=True, kw_only=True):
    """What was missed has come."""

    plan: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PlanDefaulted(Struct, frozen=True, kw_only=True):
    """The breach was not cured in time: the original terms stand again."""

    plan: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PlanCompleted(Struct, frozen=True, kw_only=True):
    """Every instalment is paid."""

    plan: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PlanReopened(Struct, frozen=True, kw_only=True):
    """A plan that had ended runs again, because of what `because` names."""

    plan: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    previous: Annotated[str, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


class PlanReplaced(Struct, frozen=True, kw_only=True):
    """A plan that ran again after a later one was agreed ended where that one began, on `as_of`."""

    plan: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


PlanEvent: TypeAlias = (
    PlanQuoted
    | PlanOffered
    | PlanAgreed
    | PlanTerminated
    | PlanInstalmentPaid
    | PlanInstalmentMissed
    | PlanInstalmentReopened
    | PlanBreached
    | PlanBreachCured
    | PlanDefaulted
    | PlanCompleted
    | PlanReopened
    | PlanReplaced
)
