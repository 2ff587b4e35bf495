"""A run that shares cases out among the staff: what it was decided by, item by item, and what became of it.

The items come first, in parts; the run that follows makes them count. Parts that no run follows mean nothing: somebody
else was faster, or was cut off before anything was decided. Everything anybody needs to work the same shares out again
is in the events: the rule, the seed, the staff with their room, each case with what counted of it
(domain/staffing/sharing.py says how). People are named by their stream.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS


class AllocationTerms(Struct, frozen=True, kw_only=True):
    """A rule for sharing cases out, as it was when it was used.

    `roles`: who is given cases. `keep`: whoever has a case keeps it while they can work on it, through leave that ends
    within `keep_leave_days`; after `rotation_days` (None: never) it goes to another. `last_first`: a case that nobody
    has goes to who had it last. What is left is shared by `share` (COUNT or AMOUNT), evenly in each band of arrears
    (`bands`: lower ends in whole units of the currency), counting what is given in the RUN, or all open cases HELD.
    """

    rule: str
    roles: tuple[str, ...] = ("COLLECTOR",)
    keep: bool = True
    keep_leave_days: int = 7
    rotation_days: int | None = None
    last_first: bool = True
    share: str = "COUNT"
    over: str = "RUN"
    bands: tuple[int, ...] = ()


class Candidate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody cases could be given to, as they stood. `room`: open cases they could take, None without a bound.

    `works` False: gone or on leave; then `back_on` is the day they are back, None for who has left.
    """

    staff: str
    held: int = 0
    room: int | None = None
    works: bool = True
    back_on: date | None = None
    stages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class CaseSeen(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What counted of a case. `holder` and `last` are streams of staff; `refused`: why it cannot be shared at all."""

    case: str
    stage: str
    arrears: Money
    product: str | None = None
    language: str | None = None
    holder: str | None = None
    since: date | None = None
    last: str | None = None
    retained_until: date | None = None
    refused: str | None = None


class Shared(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was decided of a case: GIVEN to `to`, KEPT with `to`, LEFT over, or REFUSED; with a reason each."""

    seen: CaseSeen
    outcome: str
    reason: str
    to: str | None = None


class AllocationRun(Struct, frozen=True, kw_only=True):
    """Cases were shared out: by which rule and seed, among whom. Its items: the `parts` AllocationShared before it."""

    run: Annotated[str, FACTS]
    plan: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    seed: Annotated[str, FACTS]
    terms: Annotated[AllocationTerms, FACTS]
    queue: Annotated[str | None, FACTS]
    team: Annotated[str | None, FACTS]
    staff: Annotated[tuple[Candidate, ...], FACTS]
    given: Annotated[int, FACTS]
    kept: Annotated[int, FACTS]
    left: Annotated[int, FACTS]
    refused: Annotated[int, FACTS]
    parts: Annotated[int, FACTS]


class AllocationShared(Struct, frozen=True, kw_only=True):
    """Some cases of a plan: what was seen of each and decided. Cases that simply stay where they are, are left out."""

    plan: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    part: Annotated[int, FACTS]
    items: Annotated[tuple[Shared, ...], FACTS]


class AllocationFinished(Struct, frozen=True, kw_only=True):
    """Every case of the run that was given is with its collector, but those that moved on before (case, code).

    Of these the first thousands are named; `given` counts all that are with their collectors.
    """

    run: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    given: Annotated[int, FACTS]
    refused: Annotated[tuple[tuple[str, str], ...], FACTS]


AllocationEvent: TypeAlias = AllocationRun | AllocationShared | AllocationFinished

STORED: dict[str, type[Struct]] = {
    "case.AllocationRun/v1": AllocationRun,
    "case.AllocationShared/v1": AllocationShared,
    "case.AllocationFinished/v1": AllocationFinished,
}
"""How they are stored; `events.STORED_AS` has them with all others."""
