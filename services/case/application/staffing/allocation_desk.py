"""Sharing cases out among the staff: planned in one command, carried out case by case, gone on with if cut off.

All runs of a tenant stand one after another on one stream: a run begins only when the one before is finished, and
where two begin at once the later one looks again. So two runs never give the same room away twice. What was decided is
on record before a run begins; carrying it out gives each case by a command of its own, which is stored once. Killed at
any point, the next run, or `finish`, goes on where it stopped.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from services.case.application.deciding import CaseDecisions
from services.case.application.handle import CaseDesk, Loaded, Meta
from services.case.application.staffing.staff_desk import StaffDesk
from services.case.application.statements import Contended
from services.case.domain import mode
from services.case.domain.case_commands import AssignCase
from services.case.domain.events import CaseAllocated
from services.case.domain.facts.allocation import (
    AllocationEvent,
    AllocationFinished,
    AllocationRun,
    AllocationShared,
    AllocationTerms,
    Candidate,
    CaseSeen,
    Shared,
)
from services.case.domain.staffing.directory import StaffUnknown
from services.case.domain.staffing.member import Member
from services.case.domain.staffing.sharing import GIVEN, KEPT, LEFT, REFUSED, WITH_HOLDER, share_out
from services.case.domain.state import ClosedCase, OpenCase
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.kernel.clock import start_of_day
from shared.kernel.money import Money
from shared.kernel.refusal import Refused

CASES_MAX = 20_000
"""Cases of one run; those behind them, worst rank last, are for the next run."""
PART_ITEMS, AT_ONCE, ATTEMPTS_MAX = 500, 64, 8
PARTS_AT_ONCE, NAMED_MAX = 3, 2_000
"""Parts of one command: an event and a command are bounded (eventstore/port.py)."""
PERSON = "system:allocation"
CLIENT = "allocation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to share out: the cases of a queue (None: of all that are worked), or these; among a team, or all staff.

    With a team: cases that nobody has, that somebody of the team has, or whose collector is not there any more.
    """

    queue: str | None = None
    team: str | None = None
    cases: tuple[str, ...] | None = None
    limit: int = CASES_MAX


class CaseRow(NamedTuple):
    """A case on the floor. `holder` and `last` are named as cases are given; `refused`: why it cannot be shared."""

    case_id: str
    stage: str
    arrears: Money
    product: str | None
    language: str | None
    holder: str | None
    since: date | None
    last: str | None
    retained_until: date | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """The floor as it is: the staff as of the day, how many open cases each holds, and the cases wanted."""

    members: Sequence[Member]
    held: Mapping[str, int]
    cases: Sequence[CaseRow]


class Floor(Protocol):
    """Who is there and what there is to do, by the views brought up to the head."""

    async def look(self, wanted: Wanted, *, on: date) -> Look:
        """The floor on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run would do: everything that would be recorded. `version`: of the stream it was planned on."""

    run: str
    version: int
    shares: Sequence[Shared]
    events: tuple[AllocationEvent, ...]

    def count(self, outcome: str) -> int:
        """How many cases came out so."""
        return sum(one.outcome == outcome for one in self.shares)

    @property
    def counts(self) -> dict[str, int]:
        """How many by outcome."""
        return {name.lower(): self.count(name) for name in (GIVEN, KEPT, LEFT, REFUSED)}


@dataclass(slots=True)
class Done:
    """A run that was carried out: cases with their collectors by it, and (case, code) of those that moved on before."""

    run: str
    given: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


class AllocationDesk:
    """The runs of one tenant."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        desk: CaseDesk,
        decisions: CaseDecisions,
        staff: StaffDesk,
        floor: Floor,
    ) -> None:
        self._ledger, self._tenant, self._desk, self._decisions = ledger, tenant, desk, decisions
        self._staff, self._floor = staff, floor
        self.stream = ledger.stream_id("allocation", "allocations", debtor_ref="allocations", tenant=tenant)

    def run_id(self, client: str, key: str) -> str:
        """The id of the run that a request begins; the same when it is repeated."""
        return f"alr_{self._ledger.command_id(client, 'allocation', key, tenant=self._tenant).hex[-16:]}"

    async def plan(self, wanted: Wanted, terms: AllocationTerms, *, run: str, seed: str | None) -> Plan:
        """What a run would do now; the same for the same floor, rule, seed and day. `seed` None: the run's own id."""
        version, on = await self._version(), self._decisions.today
        look = await self._floor.look(wanted, on=on)
        drawn = seed or run
        staff = self._candidates(look, terms, wanted.team, on=on)
        cases = [self._seen(one) for one in look.cases]
        shares = share_out(cases, staff, terms, seed=drawn, day=on)
        told = [one for one in shares if (one.outcome, one.reason) != (KEPT, WITH_HOLDER)]
        parts = [told[start : start + PART_ITEMS] for start in range(0, len(told), PART_ITEMS)]
        plan, name = Plan(run=run, version=version, shares=shares, events=()), f"{run}.{version}"
        begun = AllocationRun(
            run=run, plan=name, on=on, seed=drawn, terms=terms, queue=wanted.queue, team=wanted.team,
            staff=tuple(staff), given=plan.count(GIVEN), kept=plan.count(KEPT), left=plan.count(LEFT),
            refused=plan.count(REFUSED), parts=len(parts),
        )  # fmt: skip
        items = [
            AllocationShared(plan=name, on=on, part=number, items=tuple(some))
            for number, some in enumerate(parts, 1)
        ]
        return Plan(run=run, version=version, shares=shares, events=(*items, begun))

    async def write(self, plan: Plan, *, dry_run: bool = False) -> tuple[StreamWrite, ...]:
        """What records the plan: nothing where no case would be given. Of a large one the first parts are recorded now.

        Raises StaleVersion where another run came between.
        """
        if not plan.count(GIVEN):
            return ()
        version, events = plan.version, plan.events
        while not dry_run and len(events) > PARTS_AT_ONCE + 1:
            some, events = events[:PARTS_AT_ONCE], events[PARTS_AT_ONCE:]
            write = StreamWrite(self.stream, version, await self._new(some))
            await self._commit("tell", f"{plan.run}|{version}", (write,), actor=PERSON)
            version += len(some)
        return (StreamWrite(self.stream, version, await self._new(events, dry_run=dry_run)),)

    async def allocate(
        self,
        wanted: Wanted,
        terms: AllocationTerms,
        *,
        run: str,
        seed: str | None,
        actor: str,
        progress: Callable[[int], None] = lambda _: None,
    ) -> tuple[Plan, Done | None]:
        """Share out, record it, and carry it out. The second is None where there was nothing to give.

        Raises Contended, what the ledger and the views raise; what was recorded is gone on with by the next run.
        """
        for _ in range(ATTEMPTS_MAX):
            await self.finish()
            plan = await self.plan(wanted, terms, run=run, seed=seed)
            try:
                writes = await self.write(plan)
                if not writes:
                    return plan, None
                await self._commit("begin", run, writes, actor=actor)
            except StaleVersion:
                continue
            return plan, await self.finish(progress)
        raise Contended

    async def finish(self, progress: Callable[[int], None] = lambda _: None) -> Done | None:
        """Go on with the run that is not finished, if there is one; what it came to. `progress`: cases done so far."""
        found = await self._unfinished()
        if found is None:
            return None
        begun, actor, items, version = found
        done, given = Done(begun.run), [one for one in items if one.outcome == GIVEN]
        refs = await self._refs({str(one.to) for one in given})
        for start in range(0, len(given), AT_ONCE):
            wave = given[start : start + AT_ONCE]
            codes = await asyncio.gather(*(self._give(one, begun, refs, actor) for one in wave))
            for one, code in zip(wave, codes, strict=True):
                if code is None:
                    done.given += 1
                else:
                    done.refused.append((one.seen.case, code))
            progress(start + len(wave))
        over = AllocationFinished(
            run=begun.run, on=begun.on, given=done.given, refused=tuple(done.refused[:NAMED_MAX])
        )
        write = StreamWrite(self.stream, version, await self._new((over,)))
        try:
            await self._commit("finish", begun.run, (write,), actor=actor)
        except StaleVersion:
            pass  # somebody else carried it out as well, and said so first
        return done

    async def _give(
        self, share: Shared, begun: AllocationRun, refs: Mapping[str, str], actor: str
    ) -> str | None:
        """Give one case, once; the code of what stood in the way, None where it is with its collector by this run."""
        case_id, collector = share.seen.case, refs.get(str(share.to))
        if collector is None:
            return StaffUnknown.code
        try:
            ref = self._desk.thing_id("alc", case_id=case_id, client=CLIENT, operation="run", key=begun.run)
            loaded = await self._desk.load(case_id)
            had = _holder(loaded, ref)
            if had is _GIVEN_ALREADY:
                return None
            seen = None if had is None else self._staff.staff_id(had)
            if seen != share.seen.holder:
                return mode.AllocationOvertaken.code
            ask = AssignCase(
                ref=ref, on=begun.on, collector=collector, reason=share.reason, run=begun.run, seen=had
            )
            meta = Meta(
                actor=actor,
                client=CLIENT,
                key=f"{begun.run}|{case_id}",
                fingerprint=begun.run.encode(),
                today=self._decisions.today,
            )
            await self._desk.handle(case_id, ask, meta)
        except Refused as refusal:
            return refusal.code
        return None

    async def _refs(self, streams: set[str]) -> dict[str, str]:
        """Stream of a member of staff -> the reference that cases are given by; without those who were erased."""
        found = {}
        for stream in sorted(streams):
            known = await self._staff.load(stream)
            if known.staff_ref is not None:
                found[stream] = known.staff_ref
        return found

    async def _unfinished(self) -> tuple[AllocationRun, str, list[Shared], int] | None:
        """The run that was not finished: what it said, who began it, its items, and the stream's version."""
        version = await self._version()
        if not version:
            return None
        [last] = await self._ledger.read_stream(self.stream, after=version - 1, limit=1, tenant=self._tenant)
        begun: Any = last.event
        if not isinstance(begun, AllocationRun):
            return None
        seen = await self._ledger.read_stream(
            self.stream, after=version - begun.parts - 1, limit=begun.parts, tenant=self._tenant
        )
        items = [item for one in seen for item in one.event.items]
        return begun, last.row.actor, items, version

    async def _version(self) -> int:
        lane = await self._ledger.lane_of(self.stream, tenant=self._tenant)
        head = (await self._ledger.store.heads(lane, [self.stream])).get(self.stream)
        return 0 if head is None else head.version

    async def _new(self, events: Sequence[AllocationEvent], *, dry_run: bool = False) -> tuple[NewEvent, ...]:
        people = {} if dry_run else await self._ledger.subjects([PERSON], tenant=self._tenant)
        subjects = {"debtor": people[PERSON]} if people else {}
        zone = self._decisions.policy.zone
        return tuple(NewEvent(event, start_of_day(event.on, zone), subjects, zone) for event in events)

    async def _commit(self, operation: str, run: str, writes: tuple[StreamWrite, ...], *, actor: str) -> None:
        await self._ledger.commit(
            Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id(CLIENT, operation, run, tenant=self._tenant),
                fingerprint=run.encode(),
                actor=actor,
                writes=writes,
                policy=self._decisions.policy.version.id,
            )
        )

    def _seen(self, row: CaseRow) -> CaseSeen:
        return CaseSeen(
            case=row.case_id,
            stage=row.stage,
            arrears=row.arrears,
            product=row.product,
            language=row.language,
            holder=None if row.holder is None else self._staff.staff_id(row.holder),
            since=row.since,
            last=None if row.last is None else self._staff.staff_id(row.last),
            retained_until=row.retained_until,
            refused=row.refused,
        )

    @staticmethod
    def _candidates(look: Look, terms: AllocationTerms, team: str | None, *, on: date) -> list[Candidate]:
        """Everybody of the team whose role the rule names, there or not, with the room they have."""
        found = []
        for one in look.members:
            if one.role not in terms.roles or (team is not None and one.team != team):
                continue
            held = look.held.get(one.staff_ref, 0)
            found.append(
                Candidate(
                    staff=one.staff,
                    held=held,
                    room=None if one.cap is None else max(one.cap - held, 0),
                    works=one.works(on),
                    back_on=_back_on(one, on),
                    stages=one.skills.stages,
                    products=one.skills.products,
                    languages=one.skills.languages,
                )
            )
        return found


_GIVEN_ALREADY = "\x00"
"""In the place of a holder: the case is with its collector by this very run."""


def _holder(loaded: Loaded, ref: str) -> str | None:
    """Who has the case, None for nobody; _GIVEN_ALREADY where the allocation `ref` is on record."""
    state = loaded.state
    worked = state if isinstance(state, OpenCase) else state.was if isinstance(state, ClosedCase) else None
    if worked is None:
        return None
    if worked.facts.one(CaseAllocated, ref) is not None:
        return _GIVEN_ALREADY
    return mode.holder(worked.facts)


def _back_on(one: Member, on: date) -> date | None:
    """The first day they are back where they are on leave; None where they work, or have left."""
    if not one.active or not one.away(on):
        return None
    day = on
    while one.away(day):
        day = max(period.until for _, period, _ in one.leaves if period.contains(day))
    return day
