"""Sharing cases out among the staff: a pure function of cases, staff, rule, seed and day.

Anybody with these five can work the shares out again. For each case, in the order of SHA-256(seed|case):

1. what cannot be shared (closed, on hold, with an agency or legal) is refused;
2. a retained case stays; so does any other where the rule keeps, its holder can work on it and it is not to rotate;
3. a case that nobody has goes to who had it last, where the rule says so and they can take it;
4. the rest is shared evenly, band by band from the largest arrears down, ties in the order of SHA-256(seed|staff).

Who is away, has left, lacks the skill or has no room is given nothing. A holder who works keeps their room while a case
is moved away from them, so no cap is exceeded at any moment of carrying it out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from services.case.domain.facts.allocation import AllocationTerms, Candidate, CaseSeen, Shared
from services.case.domain.staffing.evenly import Able, by_amount, by_count
from services.case.domain.staffing.member import Skills
from shared.kernel import money

GIVEN, KEPT, LEFT, REFUSED = "GIVEN", "KEPT", "LEFT", "REFUSED"
OUTCOMES = (GIVEN, KEPT, LEFT, REFUSED)
CLOSED, ON_HOLD, AGENCY, LEGAL, UNKNOWN = "CLOSED", "ON_HOLD", "AGENCY", "LEGAL", "UNKNOWN"
"""Why a case cannot be shared."""
NOBODY, NO_SKILL, ON_LEAVE, CAP_REACHED = "NOBODY", "NO_SKILL", "ON_LEAVE", "CAP_REACHED"
"""Why a case is left over: nobody to give it to, nobody with the skill, all of these away, all of these full."""
WITH_HOLDER, RETAINED, NOBODY_ELSE = "WITH_HOLDER", "RETAINED", "NOBODY_ELSE"
"""Why a case is kept."""
LAST_COLLECTOR, EVEN_COUNT, EVEN_AMOUNT = "LAST_COLLECTOR", "EVEN_COUNT", "EVEN_AMOUNT"
ROTATION, HOLDER_GONE, HOLDER_AWAY, HOLDER_UNSKILLED, HOLDER_ELSEWHERE, RESHUFFLED = (
    "ROTATION", "HOLDER_GONE", "HOLDER_AWAY", "HOLDER_UNSKILLED", "HOLDER_ELSEWHERE", "RESHUFFLED",
)  # fmt: skip
"""Why a case was given: the last three lines where somebody else had it."""
COUNT, AMOUNT, RUN, HELD = "COUNT", "AMOUNT", "RUN", "HELD"


def share_out(
    cases: Sequence[CaseSeen],
    staff: Sequence[Candidate],
    terms: AllocationTerms,
    *,
    seed: str,
    day: date,
) -> tuple[Shared, ...]:
    """What becomes of each case, in the order of their ids, whatever order they and the staff came in."""
    ordered = sorted(staff, key=lambda one: one.staff)
    return _Sharing(ordered, terms, seed, day).share(sorted(cases, key=lambda one: one.case))


def lot(seed: str, name: str) -> bytes:
    """The place of a case or a member of staff in the order of a seed."""
    return hashlib.sha256(f"{seed}|{name}".encode()).digest()


class _Sharing:
    def __init__(self, staff: Sequence[Candidate], terms: AllocationTerms, seed: str, day: date) -> None:
        self._staff, self._terms, self._seed, self._day = staff, terms, seed, day
        self._place = {one.staff: place for place, one in enumerate(staff)}
        self._room = [one.room for one in staff]
        drawn = sorted(range(len(staff)), key=lambda place: lot(seed, staff[place].staff))
        self._order = [0] * len(staff)
        for turn, place in enumerate(drawn):
            self._order[place] = turn
        self._skilled: dict[tuple[str, str | None, str | None], Able] = {}
        self._given = [0] * len(staff)

    def share(self, cases: Sequence[CaseSeen]) -> tuple[Shared, ...]:
        found: dict[str, Shared] = {}
        open_: list[tuple[CaseSeen, str]] = []
        for seen in sorted(cases, key=lambda one: lot(self._seed, one.case)):
            settled = self._settled(seen)
            if isinstance(settled, Shared):
                found[seen.case] = settled
            else:
                open_.append((seen, settled))
        rest = []
        for seen, why in open_:
            last = self._place.get(seen.last or "")
            if seen.holder is None and self._terms.last_first and last is not None and self._can(seen, last):
                self._take(last)
                found[seen.case] = Shared(
                    seen=seen, outcome=GIVEN, reason=LAST_COLLECTOR, to=self._staff[last].staff
                )
            else:
                rest.append((seen, why))
        found |= self._evenly(rest)
        return tuple(found[one.case] for one in cases)

    def _settled(self, seen: CaseSeen) -> Shared | str:
        """What is clear without sharing; else why the case goes to somebody (else)."""
        if seen.refused is not None:
            return Shared(seen=seen, outcome=REFUSED, reason=seen.refused)
        if seen.holder is None:
            return ""
        place = self._place.get(seen.holder)
        if place is None:
            return HOLDER_ELSEWHERE
        holder, terms = self._staff[place], self._terms
        if holder.back_on is None and not holder.works:
            return HOLDER_GONE
        if seen.retained_until is not None and seen.retained_until > self._day:
            return Shared(seen=seen, outcome=KEPT, reason=RETAINED, to=seen.holder)
        if not self._suits(seen, holder):
            return HOLDER_UNSKILLED
        soon = self._day + timedelta(days=terms.keep_leave_days)
        if not holder.works and (holder.back_on is None or holder.back_on > soon):
            return HOLDER_AWAY
        since, rotates = seen.since, terms.rotation_days
        if rotates is not None and since is not None and since + timedelta(days=rotates) <= self._day:
            return ROTATION
        if terms.keep:
            return Shared(seen=seen, outcome=KEPT, reason=WITH_HOLDER, to=seen.holder)
        return RESHUFFLED

    def _evenly(self, cases: Sequence[tuple[CaseSeen, str]]) -> Mapping[str, Shared]:
        """The cases that go to whoever has least, band by band, those nobody can take with their reason."""
        terms, found = self._terms, dict[str, Shared]()
        ready: dict[tuple[str, int], list[tuple[int, Able]]] = {}
        for number, (seen, why) in enumerate(cases):
            able, reason = self._able(seen)
            if able:
                band = (seen.arrears.currency, -self._band(seen))
                ready.setdefault(band, []).append((number, able))
            else:
                found[seen.case] = self._over(seen, why, reason)
        total = self._starts()
        given: dict[int, int] = {}
        for band in sorted(ready):
            items = ready[band]
            if terms.share == AMOUNT:
                largest = sorted(
                    ((number, able, cases[number][0].arrears.minor) for number, able in items),
                    key=lambda one: (-one[2], lot(self._seed, cases[one[0]][0].case)),
                )
                given |= by_amount(largest, room=self._room, order=self._order)
                continue
            load = total if terms.over == HELD and not terms.bands else [0] * len(self._staff)
            given |= by_count(items, room=self._room, load=list(load), total=total, order=self._order)
        for items in ready.values():
            for number, _ in items:
                seen, why = cases[number]
                to = given.get(number)
                found[seen.case] = (
                    self._over(seen, why, CAP_REACHED)
                    if to is None
                    else Shared(
                        seen=seen,
                        outcome=GIVEN,
                        reason=why or (EVEN_AMOUNT if terms.share == AMOUNT else EVEN_COUNT),
                        to=self._staff[to].staff,
                    )
                )
        return found

    def _over(self, seen: CaseSeen, why: str, reason: str) -> Shared:
        """A case nobody (else) can take: a holder who can work on it keeps it."""
        if why in (ROTATION, RESHUFFLED):
            return Shared(seen=seen, outcome=KEPT, reason=NOBODY_ELSE, to=seen.holder)
        return Shared(seen=seen, outcome=LEFT, reason=reason)

    def _starts(self) -> list[int]:
        if self._terms.over == HELD:
            return [one.held + given for one, given in zip(self._staff, self._given, strict=True)]
        return list(self._given)

    def _able(self, seen: CaseSeen) -> tuple[Able, str]:
        """Who can take the case beside its holder; else why nobody can."""
        if not self._staff:
            return (), NOBODY
        key = (seen.stage, seen.product, seen.language)
        if key not in self._skilled:
            self._skilled[key] = tuple(
                place for place, one in enumerate(self._staff) if self._suits(seen, one)
            )
        skilled = tuple(place for place in self._skilled[key] if self._staff[place].staff != seen.holder)
        if not skilled:
            return (), NO_SKILL
        there = tuple(place for place in skilled if self._staff[place].works)
        return (there, "") if there else ((), ON_LEAVE)

    def _can(self, seen: CaseSeen, place: int) -> bool:
        one, room = self._staff[place], self._room[place]
        return one.works and (room is None or room > 0) and self._suits(seen, one)

    def _take(self, place: int) -> None:
        room = self._room[place]
        self._room[place] = None if room is None else room - 1
        self._given[place] += 1

    @staticmethod
    def _suits(seen: CaseSeen, one: Candidate) -> bool:
        skills = Skills(one.stages, one.products, one.languages)
        return skills.suit(stage=seen.stage, product=seen.product, language=seen.language)

    def _band(self, seen: CaseSeen) -> int:
        """Which band of arrears the case is in: how many lower ends it reaches."""
        whole = seen.arrears.minor // money.scale(seen.arrears.currency)
        return sum(whole >= end for end in self._terms.bands)
