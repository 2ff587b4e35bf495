"""The days of a tenant: which were swept, which are missing, and sweeping them in order.

A swept day is an event on the tenant's calendar stream. So a worker that was down goes on with the day after the last
swept one, and misses none; where two sweep at once, one of them records the day.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from services.case.application.handle import CaseDesk
from services.case.application.sweep import ACTOR, Looked, Swept, Treatment, sweep
from services.case.domain.events import DaySwept
from services.case.domain.policy import CasePolicy
from services.case.domain.state import CaseState
from services.case.domain.treatment.strategy import NO_STRATEGIES, StrategyBook
from services.case.domain.treatment.treating import Treating
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.kernel.clock import Clock, day_in, start_of_day
from shared.kernel.day_over import DayNotOver
from shared.kernel.policy import PolicyBook

CALENDAR = "calendar"
PAGE = 500
FAILED_MAX = 100
"""More cases than this that cannot be judged are no fault of theirs: the day stays unswept."""
_DAY = timedelta(days=1)


class DayNotSwept(Exception):
    """So many cases could not be judged that the day does not count as swept; the message says how many."""


class Diary(Protocol):
    """Which cases time may change: a view, and what sweeps noted in it."""

    async def catch_up(self) -> None:
        """Bring it up to the head."""

    async def due(self, *, as_of: date, policy: str, after: str, limit: int, treated: bool) -> Sequence[str]:
        """Cases to look at for a day, by id, those after the cursor; `treated`: also those of a strategy."""

    async def note(self, looked: Sequence[Looked], *, policy: str) -> None:
        """Write down when to look at these again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweptDay:
    """One day's sweep. `again`: the day was on record as swept before. `failed`: case id and class of the fault."""

    as_of: date
    cases: int
    changed: int
    events: int
    failed: tuple[tuple[str, str], ...]
    again: bool


class Treatments(Protocol):
    """What cases are treated by."""

    async def book(self) -> StrategyBook:
        """The tenant's strategies."""

    async def of(self, case_id: str, case: CaseState, book: StrategyBook, *, as_of: date) -> Treating:
        """All that one case is treated by as of a day."""


class SweptDays:
    """The days of one tenant."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        desk: CaseDesk,
        diary: Diary,
        tenant: str,
        policies: PolicyBook[CasePolicy],
        clock: Clock,
        treatments: Treatments | None = None,
    ) -> None:
        self._ledger, self._desk, self._diary, self._treatments = ledger, desk, diary, treatments
        self._tenant, self._policies, self._clock = tenant, policies, clock
        self._stream = ledger.stream_id(CALENDAR, CALENDAR, debtor_ref=CALENDAR, tenant=tenant)

    @property
    def yesterday(self) -> date:
        """The newest day that is over, where the policy reads its dates."""
        now = self._clock.now()
        return day_in(now, self._policies.in_force(tenant=self._tenant, on=now.date()).zone) - _DAY

    async def last_swept(self) -> date | None:
        """The newest day on record as swept."""
        seen = await self._newest()
        return None if seen is None else seen.event.as_of

    async def missed(self, *, until: date | None = None) -> list[date]:
        """The days to sweep, in order, up to `until` (default: yesterday); the first ever is that day itself.

        None where nothing has been recorded of this tenant yet. Raises DayNotOver.
        """
        last_day, last = until or self.yesterday, await self.last_swept()
        if last_day > self.yesterday:
            raise DayNotOver
        if last is None:
            return [last_day] if any(lane.head for lane in await self._ledger.lanes(self._tenant)) else []
        return [last + n * _DAY for n in range(1, (last_day - last).days + 1)]

    async def sweep_missed(
        self, *, until: date | None = None, stopping: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[SweptDay]:
        """Sweep every missed day in order. Raises DayNotOver, DayNotSwept, and what the store and the views raise."""
        for day in await self.missed(until=until):
            if stopping():
                return
            found = await self.sweep(day, stopping=stopping)
            if found is not None:
                yield found

    async def sweep(self, as_of: date, *, stopping: Callable[[], bool] = lambda: False) -> SweptDay | None:
        """Sweep one day, and record that; None if `stopping` cut it short. Raises DayNotOver, DayNotSwept."""
        if as_of > self.yesterday:
            raise DayNotOver
        await self._diary.catch_up()
        policy = self._policies.in_force(tenant=self._tenant, on=as_of)
        treatment, strategies = await self._treatment(as_of)
        total, after, by = Swept(), "", f"{policy.version.id}{strategies}"
        while page := await self._diary.due(
            as_of=as_of, policy=by, after=after, limit=PAGE, treated=treatment is not None
        ):
            done = await sweep(
                page, desk=self._desk, tenant=self._tenant, policies=self._policies, as_of=as_of,
                stopping=stopping, treatment=treatment,
            )  # fmt: skip
            await self._diary.note(done.looked, policy=by)
            _add(total, done)
            if stopping() and done.cases < len(page):
                return None
            after = page[-1]
        if len(total.failed) > FAILED_MAX:
            raise DayNotSwept(f"{len(total.failed)} cases could not be judged")
        again = await self._record(as_of, total, policy)
        return SweptDay(
            as_of=as_of,
            cases=total.cases,
            changed=total.changed,
            events=total.events,
            failed=tuple(total.failed),
            again=again,
        )

    async def _treatment(self, as_of: date) -> tuple[Treatment | None, str]:
        """What cases are treated by as of a day, and a mark of its versions; None, "" before the first is in force."""
        source = self._treatments
        book = NO_STRATEGIES if source is None else await source.book()
        if source is None or book.in_force(as_of) is None:
            return None, ""
        return lambda case_id, case: source.of(case_id, case, book, as_of=as_of), f"+{book.fingerprint}"

    async def _newest(self) -> Any:
        lane = await self._ledger.lane_of(self._stream, tenant=self._tenant)
        head = (await self._ledger.store.heads(lane, [self._stream])).get(self._stream)
        if head is None:
            return None
        [seen] = await self._ledger.read_stream(
            self._stream, after=head.version - 1, limit=1, tenant=self._tenant
        )
        return seen

    async def _record(self, as_of: date, done: Swept, policy: CasePolicy) -> bool:
        """Put the day on record, once, and never before a later one; True if it stood there already."""
        people = await self._ledger.subjects([f"system:{CALENDAR}"], tenant=self._tenant)
        subjects = {"debtor": people[f"system:{CALENDAR}"]}
        event = DaySwept(
            as_of=as_of,
            cases=done.cases,
            changed=done.changed,
            events=done.events,
            failed=tuple(case_id for case_id, _ in done.failed),
        )
        while True:
            seen = await self._newest()
            if seen is not None and seen.event.as_of >= as_of:
                return True
            version = 0 if seen is None else seen.version
            new = NewEvent(event, start_of_day(as_of, policy.zone), subjects, policy.zone)
            try:
                answer = await self._ledger.commit(
                    Command(
                        tenant=self._tenant,
                        command_id=self._ledger.command_id(
                            ACTOR, "DaySwept", as_of.isoformat(), tenant=self._tenant
                        ),
                        fingerprint=as_of.isoformat().encode(),
                        actor=ACTOR,
                        writes=(StreamWrite(self._stream, version, (new,)),),
                        policy=policy.version.id,
                    )
                )
            except StaleVersion:
                continue  # the other worker was first: look again
            return answer.replayed


def _add(total: Swept, done: Swept) -> None:
    total.cases += done.cases
    total.changed += done.changed
    total.events += done.events
    total.failed += done.failed
