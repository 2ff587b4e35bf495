"""The laws, after each day: the ledger is followed event by event, and held against the shadow's plain books."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from services.case.application.sheet import CaseUnknown
from services.case.domain import conduct, mode, plan
from services.case.domain import events as e
from services.case.domain.case_facts import NO_FACTS
from services.case.domain.judge import Picture, judge
from services.case.domain.person import FORBID_CONTACT
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.redecide import redecide
from services.case.domain.state import CaseState, ClosedCase, NoCase, OpenCase, fold_case
from services.case.domain.treatment import said
from services.case.domain.treatment.treat import treat
from services.case.projections.all_views import VIEWS
from shared.eventstore.projection.status import digest
from tests.laws import plain_balance
from tests.simulation.office import LONG_AGO, Broken, SimOffice
from tests.simulation.people import reference
from tests.simulation.shadow import Shadow, ShadowCase

ANSWERS_KEPT = 60
JUDGED = {"PromiseKept": "KEPT", "PromisePartlyKept": "PARTLY_KEPT", "PromiseBroken": "BROKEN"}


@dataclass
class Followed:
    """A case as its events have it, folded one by one as they came."""

    events: list[Any] = field(default_factory=list)
    state: CaseState = field(default_factory=NoCase)
    version: int = 0

    @property
    def worked(self) -> OpenCase:
        """The case with its facts."""
        found = self.state.was if isinstance(self.state, ClosedCase) else self.state
        assert isinstance(found, OpenCase)
        return found


@dataclass(frozen=True)
class Given:
    """An answer that was given, and must be given for ever."""

    debtor: int
    episode: int
    as_of: date
    known_at: datetime
    picture: Picture


class Checks:
    """Follows the ledger of one run."""

    def __init__(self, office: SimOffice, shadow: Shadow, seed: int) -> None:
        self._office, self._shadow, self._seed = office, shadow, seed
        self.cases: dict[str, Followed] = {}
        self.opened: dict[tuple[str, int], date] = {}
        self.seen: dict[str, int] = {}
        """How often each type of event was stored."""
        self._position = 0
        self._recorded_at = LONG_AGO
        self._given: list[Given] = []

    async def follow(self) -> None:
        """Read what is new. Raises Broken where the lane has a gap or its time falls."""
        ledger = self._office.service.ledger
        [lane] = await ledger.lanes()
        while rows := await ledger.read_lane(lane.lane, after=self._position, limit=5000):
            for seen in await ledger.recorded(rows):
                if seen.position != self._position + 1 or seen.recorded_at < self._recorded_at:
                    raise Broken(f"the lane has a gap, or its time falls, at {seen.position}")
                self._position, self._recorded_at = seen.position, seen.recorded_at
                self._take(seen)

    def _take(self, seen: Any) -> None:
        name = type(seen.event).__name__
        self.seen[name] = self.seen.get(name, 0) + 1
        if not seen.stream.startswith("case-"):
            return
        case = self.cases.setdefault(seen.stream, Followed())
        if seen.version != case.version + 1:
            raise Broken(f"{seen.stream} goes from {case.version} to {seen.version}")
        case.version = seen.version
        case.events.append(seen.event)
        case.state = fold_case([seen.event], case.state)
        if isinstance(seen.event, e.CaseOpened):
            self.opened[str(seen.event.debtor_ref), seen.event.episode] = seen.event.as_of

    def of(self, case: ShadowCase) -> Followed:
        """The product's case of a shadow's."""
        return self.cases[self._office.case_id(case.debtor, case.episode)]

    async def day(self, today: date, *, swept: bool, whole: bool) -> None:
        """Every law, as of the end of a day. `swept`: the day was swept; `whole`: the dear checks as well."""
        draw = Random(f"{self._seed}|check|{today}")
        shadows = [case for case in self._shadow.cases.values() if case.opened_on <= today]
        now = self._recorded_at
        for case in shadows:
            followed = self.of(case)
            picture = judge(followed.worked.facts, today, CN_RETAIL_1)
            self._money(case, picture, today, now)
            self._one_of_each(case, picture)
            self._attempts(case, followed, today)
            if swept:
                self._record(case, followed, picture, today)
                await self._treated(case, followed, today)
            if case.countable and not case.by_statement and (whole or draw.random() < 0.25):
                self._counted(case, picture, today, now)
        self._one_open()
        await self._told_over_http(shadows, today, draw)
        for case in draw.sample(shadows, min(2, len(shadows))):
            self._any_order(case, today, draw)
            await self._ask(case, today, draw)
        for given in draw.sample(self._given, min(3, len(self._given))):
            await self._same_answer(given)
        if whole:
            await self._replayed(shadows)
            await self._rebuilt()

    async def _treated(self, case: ShadowCase, followed: Followed, today: date) -> None:
        """Every open case is in one segment, and no step that is due is out of its days; the sweep left nothing out."""
        room = self._office.service.treatment
        case_id = self._office.case_id(case.debtor, case.episode)
        treating = await room.of(case_id, followed.state, await room.book(), as_of=today)
        if missing := treat(followed.state, today, CN_RETAIL_1, treating):
            raise Broken(f"the sweep of {today} left unsaid of {case_id}: {missing[0]}")
        judged = followed.worked.judged
        steps = list(said.open_steps(judged))
        if isinstance(followed.state, OpenCase):
            if said.segment_said(judged) is None:
                raise Broken(f"treatment: {case_id} is in no segment as of {today}")
        elif steps:
            raise Broken(f"treatment: {case_id} is closed and {steps[0].ref} is due")
        if late := [one.ref for one in steps if one.said.until < today]:
            raise Broken(f"treatment: the days of {late[0]} of {case_id} were over before {today}")

    # -- law 1

    def _money(self, case: ShadowCase, picture: Picture, as_of: date, known_at: datetime) -> None:
        sums = picture.balance
        came, back = case.sums(as_of, known_at)
        received, returned = sums.received.minor, sums.returned.minor
        exact = not case.by_statement
        if exact and (received, returned) != (came, back):
            raise Broken(f"law 1: {case} got {received} - {returned} by {as_of}, told were {came} - {back}")
        if not exact and (received < came or returned < back):
            raise Broken(f"law 1: {case} lost money: {received} of {came}, {returned} of {back}")
        if not exact and known_at == self._recorded_at:
            months = [
                one for one in self.of(case).events if isinstance(one, e.PaymentReceived) and not one.channel
            ]
            corrected = any(isinstance(one, e.ArrearsCorrected) for one in self.of(case).events)
            stated = {one.period_from: (one.period_until, one.amount.minor) for one in months}
            counted = came + case.stated(stated, as_of, known_at)
            if not corrected and (received, returned) != (counted, back):
                raise Broken(f"law 1: {case.debtor} got {received} by {as_of}, counted are {counted}")
        standing = sums.allocated.total.minor + sums.unallocated.minor
        if standing != received - returned - sums.refunded.minor:
            raise Broken(f"law 1: {case}: {standing} stands of {received} - {returned} - {sums.refunded}")
        for ref, minor in case.cleared(as_of, known_at).items():
            one = sums.allocations.get(ref)
            if one is None or one.amounts.total.minor + one.unallocated.minor != minor:
                raise Broken(f"law 1: of {ref} of {case.debtor} {minor} is there, told is {one}")
        if min(sums.owed.minors) < 0 or sums.unallocated.minor < 0:
            raise Broken(f"law 1: {case} owes less than nothing")

    def _counted(self, case: ShadowCase, picture: Picture, as_of: date, known_at: datetime) -> None:
        plain = plain_balance.balance(
            case.rows(known_at), as_of, stops=case.stops(), ppm_max=657, share_bps=10_000
        )
        sums = picture.balance
        ours = (plain.owed, plain.penalty, plain.refunded, plain.unallocated)
        theirs = (list(sums.owed.minors), sums.penalty.minor, sums.refunded.minor, sums.unallocated.minor)
        if ours != theirs:
            raise Broken(f"law 1: {case.debtor}/{case.episode} as of {as_of}: counted {ours}, told {theirs}")

    async def _told_over_http(self, shadows: list[ShadowCase], today: date, draw: Random) -> None:
        """What a caller is told of one case agrees with the books."""
        exact = [case for case in shadows if not case.by_statement]
        if not exact:
            return
        case = draw.choice(exact)
        told = await self._office.balance(case.debtor, case.episode, today)
        came, back = case.sums(today, self._recorded_at)
        figures = [round(float(told[name]["amount"]) * 100) for name in ("received", "returned")]
        if figures != [came, back]:
            raise Broken(
                f"law 1: of {case.debtor} {figures} is told over HTTP, told us were {came} and {back}"
            )

    # -- law 3

    def _any_order(self, case: ShadowCase, today: date, draw: Random) -> None:
        followed = self.of(case)
        shuffled = draw.sample(followed.events, len(followed.events)) + draw.sample(followed.events, 1)
        facts = NO_FACTS
        for event in shuffled:
            facts = facts.with_(event)
        for as_of in (today, case.opened_on + (today - case.opened_on) / 2):
            if judge(facts, as_of, CN_RETAIL_1) != judge(followed.worked.facts, as_of, CN_RETAIL_1):
                raise Broken(f"law 3: {case.debtor}/{case.episode} as of {as_of} depends on the order")

    async def _ask(self, case: ShadowCase, today: date, draw: Random) -> None:
        as_of = case.opened_on + (today - case.opened_on) * draw.random()
        known_at = self._recorded_at
        try:
            answer = await self._office.service.clocks.case(
                self._office.case_id(case.debtor, case.episode), as_of=as_of, known_at=known_at
            )
        except CaseUnknown:
            return
        self._given.append(Given(case.debtor, case.episode, as_of, known_at, answer.picture))
        if len(self._given) > ANSWERS_KEPT:
            self._given.pop(draw.randrange(len(self._given)))

    async def _same_answer(self, given: Given) -> None:
        answer = await self._office.service.clocks.case(
            self._office.case_id(given.debtor, given.episode), as_of=given.as_of, known_at=given.known_at
        )
        if answer.picture != given.picture:
            raise Broken(f"law 3: what was known at {given.known_at} of {given.debtor} has changed")
        case = self._shadow.cases[given.debtor, given.episode]
        self._money(case, answer.picture, given.as_of, given.known_at)

    # -- laws 5 and 10, and the record

    def _attempts(self, case: ShadowCase, followed: Followed, today: date) -> None:
        listed = {
            one.attempt_ref: one for one in conduct.held_attempts(followed.worked.facts, today, CN_RETAIL_1)
        }
        told = {one.attempt_ref: one for one in followed.events if isinstance(one, e.ContactAttempted)}
        by_hand = {hold.kind for hold in case.holds.values()} & FORBID_CONTACT
        for ref, (on, at) in case.attempts.items():
            then = {hold.kind for hold in case.holds.values() if hold.covers(on, at)} & by_hand
            now = {hold.kind for hold in case.holds.values() if hold.covers(on, self._shadow.told)} & by_hand
            if set(told[ref].breach) & by_hand != then:
                raise Broken(f"law 5: {ref} is held against {told[ref].breach}, known was {then}")
            found = set(listed[ref].in_force) & by_hand if ref in listed else set()
            if on <= today and found != now:
                raise Broken(f"law 5: {ref} is listed under {found}, in force was {now}")

    def _one_of_each(self, case: ShadowCase, picture: Picture) -> None:
        placed = sum(one.status == mode.LIVE for one in picture.placements.values())
        referred = sum(one.status == mode.LIVE for one in picture.referrals.values())
        running = sum(one.status in plan.RUNNING for one in picture.plans.values())
        wanted = mode.LEGAL if referred else mode.AGENCY if placed else mode.INTERNAL
        if placed + referred > 1 or running > 1 or picture.mode != wanted:
            raise Broken(f"law 10: {case.debtor}: {placed} placed, {referred} referred, {running} running")

    def _one_open(self) -> None:
        found: dict[str, int] = {}
        for case in self.cases.values():
            if isinstance(case.state, OpenCase):
                debtor = next(str(one.debtor_ref) for one in case.events if isinstance(one, e.CaseOpened))
                found[debtor] = found.get(debtor, 0) + 1
        if twice := [debtor for debtor, count in found.items() if count > 1]:
            raise Broken(f"law 10: {twice} have two open cases")

    def _record(self, case: ShadowCase, followed: Followed, picture: Picture, today: date) -> None:
        """After the sweep the record says what the facts say, and promises are judged as counting judges them."""
        later = (reference(case.debtor), case.episode + 1) in self.opened
        if missing := redecide(followed.state, today, CN_RETAIL_1, may_reopen=not later):
            raise Broken(f"the sweep of {today} left unsaid of {case.debtor}: {missing}")
        if case.by_statement or not case.promises_countable or followed.worked.judged.last > today:
            return
        verdicts = {
            one.promise: JUDGED[type(one).__name__] for one in followed.events if type(one).__name__ in JUDGED
        }
        for ref, promise in case.promises.items():
            if promise.cancelled or promise.on > today or any(r.row.what == "refund" for r in case.money):
                continue
            counted = case.verdict(ref, today, self._recorded_at)
            if picture.promises[ref].status != counted:
                raise Broken(f"promise {ref} stands {picture.promises[ref].status}, counted {counted}")
            if counted != "ACTIVE" and verdicts.get(ref) != counted:
                raise Broken(f"promise {ref} is on record as {verdicts.get(ref)}, counted {counted}")

    # -- laws 2 and 8

    async def _replayed(self, shadows: list[ShadowCase]) -> None:
        for case in shadows:
            loaded = await self._office.service.acts.load(self._office.case_id(case.debtor, case.episode))
            followed = self.of(case)
            worked = loaded.state.was if isinstance(loaded.state, ClosedCase) else loaded.state
            if loaded.state != followed.state or getattr(worked, "facts", None) != followed.worked.facts:
                raise Broken(f"law 2: {case.debtor} replayed is not {case.debtor} followed")

    async def _rebuilt(self) -> None:
        views = self._office.service.projections
        await views.catch_up()
        live = {view.name: await digest(views.database, view) for view in VIEWS}
        if parked := await views.parked():
            raise Broken(f"views have parked {parked}")
        await views.rebuild(VIEWS)
        for view in VIEWS:
            if await digest(views.database, view) != live[view.name]:
                raise Broken(f"law 8: {view.name} rebuilt is not {view.name} live")
