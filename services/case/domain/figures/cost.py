"""What collecting costs: booked once under its source's reference, taken back whole where it was wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from msgspec import Struct

from services.case.domain import events as e
from services.case.domain.payment import positive
from shared.kernel.money import Money
from shared.kernel.refusal import Refused

KINDS = ("STAFF_TIME", "CHANNEL_FEE", "AGENCY_COMMISSION", "LEGAL", "OVERHEAD")


class CostTermsRefused(Refused):
    """The kind is none of the closed list, or the cost names both a case and a team. Name one of them, or neither."""

    code = "cost-terms-refused"
    title_en = "The cost's kind is not known, or it names both a case and a team"
    title_zh = "成本类别无法识别，或同时指定了案件和团队"


class DuplicateCostRef(Refused):
    """The source has booked another cost under this reference; one reference is one cost, whatever the key.

    Nothing was recorded. To correct a cost, reverse it and book the right one under a reference of its own.
    """

    code = "duplicate-cost-ref"
    title_en = "The source's reference is on record with another cost"
    title_zh = "该来源编号已登记为另一笔成本"


class CostUnknown(Refused):
    """No cost was booked under this id, or its facts were erased."""

    code = "cost-unknown"
    title_en = "There is no such cost"
    title_zh = "没有这笔成本"


class BookCost(Struct, frozen=True, kw_only=True):
    """Book what collecting has cost, for a case, for a team, or for all."""

    source: str
    source_ref: str
    kind: str
    amount: Money
    on: date
    case: str | None = None
    team: str | None = None


class ReverseCost(Struct, frozen=True, kw_only=True):
    """Take a booked cost back, as if it had never been."""

    reason: str


@dataclass(frozen=True, slots=True)
class CostState:
    """A cost as its stream has it; `said` None: nothing was booked. `reversed_`: it was taken back."""

    said: e.CostBooked | None = None
    reversed_: bool = False


def fold_cost(events: Iterable[e.CostEvent]) -> CostState:
    """The cost that these events make."""
    state = CostState()
    for event in events:
        state = CostState(event) if isinstance(event, e.CostBooked) else replace(state, reversed_=True)
    return state


def book(state: CostState, ask: BookCost) -> tuple[e.CostEvent, ...]:
    """Book it, once. Raises CostTermsRefused, AmountNotPositive, DuplicateCostRef."""
    if ask.kind not in KINDS or (ask.case is not None and ask.team is not None):
        raise CostTermsRefused(kinds=KINDS)
    positive(ask.amount, ask.amount.currency)
    said = e.CostBooked(
        source=ask.source, source_ref=ask.source_ref, kind=ask.kind, amount=ask.amount, on=ask.on, case=ask.case,
        team=ask.team,
    )  # fmt: skip
    if state.said is None:
        return (said,)
    known = state.said
    if (known.kind, known.amount, known.on, known.case, known.team) != (
        said.kind, said.amount, said.on, said.case, said.team,
    ):  # fmt: skip
        raise DuplicateCostRef
    return ()


def reverse(state: CostState, ask: ReverseCost) -> tuple[e.CostEvent, ...]:
    """Take it back from its own day on; twice is once. Raises CostUnknown."""
    if state.said is None:
        raise CostUnknown
    if state.reversed_:
        return ()
    return (e.CostReversed(on=state.said.on, amount=state.said.amount, reason=ask.reason),)
