"""The staff directory of one tenant: one stream a member of staff, changed by commands that are carried out once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.case.application.deciding import CaseDecisions, Verdict
from services.case.application.statements import Contended
from services.case.domain.facts.staff import StaffEvent, StaffRegistered
from services.case.domain.staffing.directory import RegisterStaff, StaffCommand, StaffUnknown, decide
from services.case.domain.staffing.member import Member, member
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StaleVersion, StreamWrite
from shared.eventstore.registry import Erased
from shared.kernel.clock import start_of_day

PREFIX = "staff-"
_ID = re.compile(PREFIX + r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ATTEMPTS_MAX = 8


@dataclass(frozen=True, slots=True)
class Known:
    """A member of staff's record. `staff_ref` is None where nobody is registered there, or it was erased."""

    staff: str
    staff_ref: str | None
    history: Sequence[StaffEvent]
    version: int


class StaffDesk:
    """Commands about the staff of one tenant."""

    def __init__(self, *, ledger: Ledger, tenant: str, decisions: CaseDecisions) -> None:
        self._ledger, self._tenant, self._decisions = ledger, tenant, decisions

    def staff_id(self, staff_ref: str) -> str:
        """The stream of the member of staff of that reference."""
        return self._ledger.stream_id("staff", staff_ref, debtor_ref=_person(staff_ref), tenant=self._tenant)

    def leave_id(self, staff: str, client: str, key: str) -> str:
        """The id of the leave that a request makes; the same when it is repeated."""
        made = self._ledger.command_id(client, f"leave|{staff}", key, tenant=self._tenant)
        return f"lve_{made.hex[-16:]}"

    async def load(self, staff: str) -> Known:
        """The record, empty where there is none. Raises StaffUnknown for what is no id of a member of staff."""
        if not _ID.fullmatch(staff):
            raise StaffUnknown
        history = await self._ledger.whole_stream(staff, tenant=self._tenant)
        told: list[Any] = [seen.event for seen in history if not isinstance(seen.event, Erased)]
        first: Any = next((event for event in told if isinstance(event, StaffRegistered)), None)
        ref: object = first.staff_ref if first else None
        return Known(
            staff,
            ref if isinstance(ref, str) else None,
            tuple(told),
            history[-1].version if history else 0,
        )

    async def member(self, staff: str) -> Member:
        """The member of staff today, by the record itself. Raises StaffUnknown."""
        known = await self.load(staff)
        found = member(staff, known.history, as_of=self._decisions.today)
        if found is None:
            raise StaffUnknown
        return found

    async def decide(self, staff: str, ask: StaffCommand, *, dry_run: bool = False) -> Verdict:
        """What the command adds to the record. Raises the refusals of `domain.staffing.directory`."""
        known = await self.load(staff)
        return await self._verdict(known, ask, dry_run=dry_run)

    async def _verdict(self, known: Known, ask: StaffCommand, *, dry_run: bool) -> Verdict:
        policy = self._decisions.policy
        ref = ask.staff_ref if isinstance(ask, RegisterStaff) else known.staff_ref
        if ref is None:
            raise StaffUnknown
        events = decide(known.staff, known.history, ask)
        if not events:
            return Verdict(writes=(), policy=policy.version.id)
        person = _person(ref)
        people = {} if dry_run else await self._ledger.subjects([person], tenant=self._tenant)
        subjects = {"staff": people[person]} if people else {}
        new = tuple(
            NewEvent(event, start_of_day(event.on, policy.zone), subjects, policy.zone) for event in events
        )
        return Verdict(
            writes=(StreamWrite(known.staff, known.version, new),),
            policy=policy.version.id,
        )

    async def do(self, staff: str, ask: StaffCommand, *, actor: str) -> Sequence[StaffEvent]:
        """Carry a command out, for callers whose command is its own key: what it says is on record or is not.

        Raises the refusals of the rule, Contended, what the ledger raises.
        """
        for _ in range(ATTEMPTS_MAX):
            known = await self.load(staff)
            verdict = await self._verdict(known, ask, dry_run=False)
            if not verdict.writes:
                return ()
            key = f"{staff}|{known.version}|{ask!r}"
            try:
                await self._ledger.commit(
                    Command(
                        tenant=self._tenant,
                        command_id=self._ledger.command_id(
                            actor, type(ask).__name__, key, tenant=self._tenant
                        ),
                        fingerprint=staff.encode(),
                        actor=actor,
                        writes=tuple(verdict.writes),
                        policy=verdict.policy,
                    )
                )
            except StaleVersion:
                continue
            return tuple(new.event for write in verdict.writes for new in write.events)
        raise Contended


def _person(staff_ref: str) -> str:
    """How the map of people calls a member of staff."""
    return f"staff:{staff_ref}"
