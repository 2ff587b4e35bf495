"""What a clock is told: facts with a day, in any order; a retraction takes one back as if it had never been."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

RETRACTED = "retracted"


class ClockFact(Struct, frozen=True, kw_only=True):
    """One fact. `id` names it for retractions and the chain; `ref` (of a retraction) the fact that never was.

    `on` is the civil day on which it took effect: a demand the day it arrived, a judgment the day it was served. `to`
    says to whom a demand went, `medium` how; `complexity` of a complaint; `form` of a guarantee. `thing` names the
    procedure or obstacle that a beginning and its end share. `until`: the last day of a period that was agreed.
    """

    kind: str
    on: date
    id: str | None = None
    ref: str | None = None
    to: str | None = None
    medium: str | None = None
    complexity: str | None = None
    form: str | None = None
    evidence: str | None = None
    thing: str | None = None
    until: date | None = None


def standing(facts: Iterable[ClockFact], as_of: date) -> tuple[ClockFact, ...]:
    """The facts that count as of the end of a day, by day; order of arrival does not matter.

    A retraction counts from the day it was made, and then for all the past.
    """
    known = [fact for fact in facts if fact.on <= as_of]
    gone = {fact.ref for fact in known if fact.kind == RETRACTED and fact.ref is not None}
    kept = [fact for fact in known if fact.kind != RETRACTED and (fact.id is None or fact.id not in gone)]
    return tuple(sorted(kept, key=lambda fact: (fact.on, fact.kind, fact.id or "", fact.to or "")))
