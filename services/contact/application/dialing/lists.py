"""Lists for the dialer: who may be called at a second, decided one by one, each line under a permit of its own.

A list made for now reserves a permit a line, which holds its place in every cap for minutes. A list made for a stated
second only says who could be called then, by what was known then: asked for again it comes out the same.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.contact.application.dialing.list_file import content_hash
from services.contact.application.handle import ContactDesk, Meta, folded
from services.contact.domain.commands import AskPermit
from services.contact.domain.facts.asking import Proposed
from services.contact.domain.facts.dialing import DialingEvent, DialLine, DialListExported, DialListMade
from services.contact.domain.facts.subject import CaseLinked, CaseUnlinked, PointRecorded
from services.contact.domain.history import Lookback
from services.contact.domain.outcomes import CONVERSATION
from services.contact.domain.outreach.reaching import point_for
from services.contact.domain.permits import reservations, weighed_at
from services.contact.domain.subject import Permit, Subject
from services.contact.domain.verdict import ALLOW
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.kernel.clock import Clock
from shared.kernel.ids import new_token
from shared.kernel.refusal import Refused

STREAM, LIST = "dialing", "dls"
TASKS, CASES = "TASKS", "CASES"
SOURCES = (TASKS, CASES)
LINES_MAX = 1_000
ATTEMPTS_MAX = 20
VOICE = "voice"
SAYS = ("identifies_institution",)
"""What every call begins with, by its script."""


class DialListUnknown(Refused):
    """No dial list has that id. `quittance contact dial-lists` lists those that were made."""

    code = "dial-list-unknown"
    title_en = "There is no such dial list"
    title_zh = "没有该拨号名单"


class DialListsContended(Refused):
    """Others are taking the same list out at the same moment. Ask again."""

    code = "dial-lists-contended"
    title_en = "The dial list is being taken out by others just now"
    title_zh = "其他人正在导出该拨号名单，请稍后重试"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who might be called about a case, or about the account of a reminder.

    `since`: when the call was asked for; whoever was spoken with since then need not be called for it any more.
    """

    subject: str
    about: str
    stage: str | None = None
    task: str | None = None
    situation: str | None = None
    since: datetime | None = None


class Candidates(Protocol):
    """Who might be called."""

    def of(
        self, source: str, *, at: datetime, known_at: datetime, stages: tuple[str, ...]
    ) -> AsyncIterator[Candidate]:
        """Everybody of a source, in an order that stays the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What list is asked for. `at` None: now, with permits reserved. `known_at`: by what was known then, None: `at`."""

    source: str = TASKS
    stages: tuple[str, ...] = ()
    limit: int = LINES_MAX
    at: datetime | None = None
    known_at: datetime | None = None
    collector_role: str = "first_party"
    agency: str | None = None


class DialDesk:
    """The dial lists of one tenant."""

    def __init__(
        self, *, ledger: Ledger, tenant: str, desk: ContactDesk, candidates: Candidates, clock: Clock,
        places: tuple[str, ...],
    ) -> None:  # fmt: skip
        self._ledger, self._tenant, self._desk = ledger, tenant, desk
        self._candidates, self._clock, self._places = candidates, clock, places

    async def list(self, name: str) -> DialListMade:
        """The list of that id. Raises DialListUnknown."""
        for seen in await self._ledger.whole_stream(self.stream(name), tenant=self._tenant):
            if isinstance(seen.event, DialListMade):
                return seen.event
        raise DialListUnknown

    async def make(self, wanted: Wanted, *, by: str, key: str) -> DialListMade:
        """Make the list, once under its key; a list for a stated second is the same whoever asks for it and when.

        Raises what the desk and the ledger raise.
        """
        made, known = await self.composed(wanted, by=by, key=key)
        if known:
            return made
        command = Command(
            tenant=self._tenant,
            command_id=self._command_id("made", made.list),
            fingerprint=b"dialing", actor=by, writes=(await self.write(made, by=by),),
        )  # fmt: skip
        with suppress(StaleVersion):
            await self._ledger.commit(command)
        return await self.list(made.list)

    async def composed(self, wanted: Wanted, *, by: str, key: str) -> tuple[DialListMade, bool]:
        """The list, its permits reserved, not on record yet; True with one that is."""
        now = self._clock.now()
        at = wanted.at or now
        known_at = min(wanted.known_at or at, now)
        name = self.name(wanted, by=by, key=key)
        with suppress(DialListUnknown):
            return await self.list(name), True
        lines: list[DialLine] = []
        asked, called = 0, set[str]()
        limit = max(0, min(wanted.limit, LINES_MAX))
        stages = wanted.stages if wanted.at is None else ()  # then, a case may have been in another stage
        async for one in self._candidates.of(wanted.source, at=at, known_at=known_at, stages=stages):
            if len(lines) >= limit:
                break
            if one.subject in called:
                continue
            asked += 1
            line = await self._line(one, wanted, name, len(lines) + 1, at=at, known_at=known_at, by=by)
            if line is not None:
                called.add(one.subject)
                lines.append(line)
        made = DialListMade(
            list=name, at=at, known_at=known_at, source=wanted.source, stages=wanted.stages,
            reserved=wanted.at is None, asked=asked, lines=tuple(lines), content=content_hash(name, lines),
            made_by=by,
        )  # fmt: skip
        return made, False

    def name(self, wanted: Wanted, *, by: str, key: str) -> str:
        """The id of the list: of one made for now by who asks under which key, else by what it is a list of."""
        now = self._clock.now()
        told = f"{by}|{key}"
        if wanted.at is not None:
            known_at = min(wanted.known_at or wanted.at, now)
            told = (
                f"{wanted.at.isoformat()}|{known_at.isoformat()}|{wanted.source}|{wanted.stages}|{wanted.limit}"
                f"|{wanted.collector_role}|{wanted.agency}"
            )
        return f"{LIST}_{self._command_id('list', told).hex[:24]}"

    def stream(self, name: str) -> str:
        """Where a list stands."""
        return self._ledger.stream_id(STREAM, name, debtor_ref=name, tenant=self._tenant)

    async def write(self, made: DialListMade, *, by: str) -> StreamWrite:
        """What puts the list on record."""
        return StreamWrite(self.stream(made.list), 0, (await self._new(made, by),))

    async def _new(self, event: DialingEvent, by: str) -> NewEvent:
        refs = [f"system:{STREAM}", f"staff:{by}"]
        people = await self._ledger.subjects(refs, tenant=self._tenant)
        return NewEvent(event, event.at, {"debtor": people[refs[0]], "staff": people[refs[1]]}, None)

    def _command_id(self, step: str, key: str) -> UUID:
        return self._ledger.command_id("dialing", step, key, tenant=self._tenant)

    async def numbers(self, made: DialListMade, *, by: str) -> Sequence[str | None]:
        """The number of every line, None where it was forgotten since; that they are taken out is on record first.

        They go into the dialer's file, and nowhere else. Raises DialListsContended.
        """
        await self._exported(made, by)
        found: list[str | None] = []
        for line in made.lines:
            state = (await self._desk.load(line.subject)).state
            found.append(number_of(state, line.point))
        return found

    async def _exported(self, made: DialListMade, by: str) -> None:
        stream = self.stream(made.list)
        for _ in range(ATTEMPTS_MAX):
            history = await self._ledger.whole_stream(stream, tenant=self._tenant)
            event = DialListExported(
                list=made.list, at=self._clock.now(), lines=len(made.lines), exported_by=by
            )
            write = StreamWrite(stream, history[-1].version, (await self._new(event, by),))
            command = Command(
                tenant=self._tenant, command_id=self._command_id("exported", new_token()), fingerprint=b"dialing",
                actor=by, writes=(write,),
            )  # fmt: skip
            with suppress(StaleVersion):
                await self._ledger.commit(command)
                return
        raise DialListsContended

    async def _line(
        self, one: Candidate, wanted: Wanted, name: str, number: int, *,
        at: datetime, known_at: datetime, by: str,
    ) -> DialLine | None:  # fmt: skip
        """The candidate as a line; None where nothing reaches them, or a rule stands against it."""
        state = await self._state(one.subject, None if wanted.at is None else known_at)
        point = point_for(state, VOICE)
        case = one.about if one.about.startswith("case-") else None
        if point is None or (case is not None and not case_open(state, case, at)):
            return None
        if one.since is not None and spoken_since(state, one.since, at):
            return None
        if wanted.stages and stage_of(state, one.about, at) not in wanted.stages:
            return None
        proposed = Proposed(
            at=at, channel=VOICE, role="debtor", collector_role=wanted.collector_role, point=point.point,
            case=case, debts=() if case else (one.about,), agency=wanted.agency, content=SAYS,
        )  # fmt: skip
        held = reservations(Lookback(state), at)
        if wanted.at is None and any(permit.proposed.channel == VOICE for permit in held):
            return None
        decision = weighed_at(state, proposed, self._desk.packs)
        if decision.outcome != ALLOW:
            return None
        permit, until = None, decision.valid_until or at
        if wanted.at is None:
            given = await self._permit(one.subject, proposed, name, by)
            if given is None:
                return None
            permit, until = given.id, given.valid_until
        debts = proposed.debts or Lookback(state).debts_of(case, at)
        return DialLine(
            line=number, subject=one.subject, point=point.point, person=None, role="debtor", case=case,
            debts=debts, permit=permit, until=until, task=one.task, situation=one.situation,
        )  # fmt: skip

    async def _permit(self, subject: str, proposed: Proposed, name: str, by: str) -> Permit | None:
        """A permit for the line; None where it is refused, or somebody else's list has the debtor already."""
        key = f"{name}|{proposed.point}"
        permit = self._desk.permit_id(subject, client=by, key=key)
        command = AskPermit(permit=permit, proposed=proposed, asked_by=by)
        done = await self._desk.handle(subject, command, Meta(actor=by, client=by, key=key))
        own = done.subject.permits.get(permit)
        if own is None:
            return None
        held = reservations(Lookback(done.subject), own.proposed.at)
        earlier = (one for one in held if one.proposed.channel == VOICE and one.number < own.number)
        return own if next(earlier, None) is None else None  # another list of the same moment has them

    async def _state(self, subject: str, known_at: datetime | None) -> Subject:
        """The subject as it is now, or as the record had it at an instant."""
        if known_at is None:
            return (await self._desk.load(subject)).state
        history = await self._desk.history(subject)
        return folded([seen for seen in history if seen.recorded_at <= known_at], places=self._places)


def case_open(state: Subject, case: str, at: datetime) -> bool:
    """Is the case open at an instant, by what this state knows?"""
    opened = [one.at for _, one in state.of(CaseLinked) if one.case == case and one.at <= at]
    closed = [one.at for _, one in state.of(CaseUnlinked) if one.case == case and one.at <= at]
    return bool(opened) and max(opened) > max(closed, default=datetime.min.replace(tzinfo=at.tzinfo))


def spoken_since(state: Subject, since: datetime, at: datetime) -> bool:
    """Was the debtor spoken with between the two instants, by a call of ours or of theirs?"""
    return any(
        one.outcome is not None and one.outcome.outcome in CONVERSATION and since <= one.at <= at
        for one in state.contacts.values()
        if not one.retracted and one.started.person is None
    )


def stage_of(state: Subject, case: str, at: datetime) -> str | None:
    """The stage of a case at an instant, by what this state knows; of facts of one instant the last that was told.

    A case is opened, gets its debts and enters its stage at one instant.
    """
    told = [one for _, one in state.of(CaseLinked) if one.case == case and one.at <= at]
    return max(reversed(told), key=lambda one: one.at).stage if told else None


def number_of(state: Subject, point: str) -> str | None:
    """The number in clear, None where it was forgotten."""
    values: list[object] = [one.value for _, one in state.of(PointRecorded) if one.point == point]
    return next((value for value in reversed(values) if isinstance(value, str)), None)
