"""Returns that banks report: taken in once, put on the payment that went back, waiting where that is not known."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.case.application.bank.traces import Trace, Traces
from services.case.application.deciding import CaseDecisions
from services.case.application.handle import CaseForgotten
from services.case.application.payments import Entry, EntryUnknown, PaymentDesk, Placed
from services.case.domain import entry as entries
from services.case.domain import events as e
from services.case.domain.bank import returns as rules
from services.case.domain.bank.returns import EnterReturn, FoundOriginal, Original, ReturnState
from services.case.domain.entry import InPool, Matched
from services.case.domain.payment import ReturnTooLarge
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import NewEvent, StreamWrite
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel.clock import start_of_day
from shared.kernel.money import CurrencyMismatch

PREFIX = "return-"
_ID = re.compile(PREFIX + r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BY_REFUSAL: dict[type[Exception], str] = {
    entries.PaymentGoneBack: rules.GONE_BACK,
    entries.PaymentForgotten: rules.UNKNOWN_ORIGINAL,
    CaseForgotten: rules.UNKNOWN_ORIGINAL,
    ReturnTooLarge: rules.TOO_LARGE,
    CurrencyMismatch: rules.OTHER_CURRENCY,
}
"""What the payment, or its case, may have against it; the return then waits."""


class ReturnUnknown(LookupError):
    """No return was entered under this id."""


@dataclass(frozen=True, slots=True)
class ReturnedEntry:
    """A raw return as its stream has it now."""

    id: str
    state: ReturnState
    version: int
    position: int
    history: Sequence[Recorded[Any]]


class ReturnDesk:
    """Commands about the raw returns of one tenant."""

    def __init__(
        self, *, ledger: Ledger, tenant: str, payments: PaymentDesk, decisions: CaseDecisions, traces: Traces
    ) -> None:
        self._ledger, self._tenant, self._payments = ledger, tenant, payments
        self._decisions, self._traces = decisions, traces

    def return_id(self, source: str, source_ref: str) -> str:
        """The stream of the return that a source calls so."""
        own = f"return|{source}|{source_ref}"
        return self._ledger.stream_id("return", source, source_ref, debtor_ref=own, tenant=self._tenant)

    async def load(self, return_id: str) -> ReturnedEntry:
        """The return now. Raises ReturnUnknown, also for what is no id of a return."""
        if not _ID.fullmatch(return_id):
            raise ReturnUnknown
        found = await self._read(return_id)
        if not found.version:
            raise ReturnUnknown
        return found

    async def entered(self, return_ids: Sequence[str]) -> dict[str, e.ReturnEntered]:
        """What the sources said of these returns, as far as it was not erased."""
        streams = await self._ledger.read_streams(return_ids, tenant=self._tenant)
        first = {name: history[0].event for name, history in streams.items()}
        return {name: event for name, event in first.items() if isinstance(event, e.ReturnEntered)}

    async def enter(self, ask: EnterReturn, *, actor: str, dry_run: bool = False) -> Placed:
        """Take the return in, and put it on its payment where that is surely known.

        Told again, it is looked for again, by what is now said of it too. Nothing to write: it stands as it stood.
        Raises: DuplicateSourceRef, AmountNotPositive, ReturnForgotten.
        """
        found = await self._read(self.return_id(ask.source, ask.source_ref))
        if rules.known(found.state, ask):
            if isinstance(found.state, rules.Settled):
                return self._placed(found, ())
            return await self._look(found, None, ask, actor=actor, dry_run=dry_run)
        if found.version:
            raise rules.ReturnForgotten
        return await self._look(found, rules.entered(ask), ask, actor=actor, dry_run=dry_run)

    async def again(self, found: ReturnedEntry, *, actor: str) -> Placed | None:
        """Ask the rule again about one that waits; None where it does not wait, or goes on waiting as it did."""
        if not isinstance(found.state, rules.Waiting):
            return None
        placed = await self._look(found, None, _asked_again(found.state.said), actor=actor)
        return placed if placed.refs["status"] == "matched" else None

    async def match(
        self, return_id: str, *, payment: str | None, actor: str, dry_run: bool = False
    ) -> Placed:
        """A person says which payment went back; without one the rule is asked again.

        Raises: ReturnUnknown, ReturnForgotten, ReturnAlreadyMatched, OriginalNotFound; EntryUnknown, PaymentForgotten,
        PaymentGoneBack, ReturnTooLarge, CurrencyMismatch, CaseForgotten.
        """
        found = await self.load(return_id)
        waits = rules.waiting(found.state)
        if payment is None:
            placed = await self._look(found, None, _asked_again(waits.said), actor=actor, dry_run=dry_run)
            if placed.refs["status"] != "matched":
                raise rules.OriginalNotFound(reason=placed.refs["reason"])
            return placed
        by_hand = FoundOriginal(payment, entries.BY_HAND)
        try:
            return await self._put(
                found, None, waits.said, by_hand, by=entries.PERSON, actor=actor, dry_run=dry_run
            )
        except (entries.PaymentGoneBack, ReturnTooLarge):
            known = await self._taken_back_before(found, waits, payment, actor=actor, dry_run=dry_run)
            if known is None:
                raise
            return known

    async def _taken_back_before(
        self, found: "ReturnedEntry", waits: rules.Waiting, payment: str, *, actor: str, dry_run: bool
    ) -> Placed | None:
        """The bank tells what had been recorded by hand: it is matched to that, and no money moves again."""
        entry = await self._payments.load(payment)
        backs = [seen.event for seen in entry.history if isinstance(seen.event, e.PaymentEntryReversed)]
        same = [back for back in backs if back.amount == waits.said.amount]
        if not same:
            return None
        match = e.ReturnMatched(
            entry=payment,
            returned=same[-1].returned,
            amount=waits.said.amount,
            on=self._decisions.today,
            by=entries.PERSON,
            rule=rules.RECORDED_BEFORE,
        )
        subjects = await self._subjects(await self._payments.whose(entry), actor, dry_run=dry_run)
        unchanged = StreamWrite(entry.id, entry.version, ())
        return self._placed(found, (self._write(found, (match,), subjects), unchanged))

    # -- looking for the payment

    async def _look(
        self,
        found: "ReturnedEntry",
        new: e.ReturnEntered | None,
        ask: EnterReturn,
        *,
        actor: str,
        dry_run: bool = False,
    ) -> Placed:
        named = self._named(found, ask)
        traces = await self._traces.read([stream for _, stream, _ in named])
        own = [entry for kind, _, entry in named if kind == rules.ORIGINAL_REF and entry]
        shared = {thing for kind, at, _ in named if kind == rules.END_TO_END for thing in traces[at].payments}
        loaded = {name: await self._entry(name) for name in {*own, *shared}}
        by_ref = _originals(loaded[name] for name in own)
        by_trace = _originals(loaded[name] for name in sorted(shared))
        original = rules.find_original(ask.amount, by_ref, by_trace)
        said = new or _said(found)
        if isinstance(original, FoundOriginal):
            try:
                return await self._put(
                    found, new, said, original, by=entries.RULE, actor=actor, dry_run=dry_run
                )
            except tuple(_BY_REFUSAL) as refusal:
                original = _BY_REFUSAL[type(refusal)]
        absent = [name for name in own if loaded[name] is None]
        return await self._wait(found, new, original, traces, absent, actor=actor, dry_run=dry_run)

    def _named(self, found: "ReturnedEntry", ask: EnterReturn) -> list[tuple[str, str, str]]:
        """(kind, the reference's stream, the payment it names by itself or "") of every reference that is known."""
        said = None if isinstance(found.state, rules.NoReturn) else found.state.said
        named: dict[str, tuple[str, str, str]] = {}
        for one in (ask, said):
            if one is None:
                continue
            if isinstance(one.original_ref, str):
                at = self._traces.stream(rules.ORIGINAL_REF, ask.source, one.original_ref)
                entry = self._payments.entry_id(ask.source, one.original_ref)
                named[at] = (rules.ORIGINAL_REF, at, entry)
            if isinstance(one.end_to_end, str):
                at = self._traces.stream(rules.END_TO_END, ask.source, one.end_to_end)
                named[at] = (rules.END_TO_END, at, "")
        return list(named.values())

    async def _entry(self, name: str) -> Entry | None:
        try:
            return await self._payments.load(name)
        except EntryUnknown:
            return None

    async def _put(
        self,
        found: "ReturnedEntry",
        new: e.ReturnEntered | None,
        said: e.ReturnEntered,
        original: FoundOriginal,
        *,
        by: str,
        actor: str,
        dry_run: bool,
    ) -> Placed:
        """Take it back from its payment. Raises what `PaymentDesk.reverse` raises."""
        back = await self._payments.reverse(
            original.entry,
            on=said.on,
            amount=said.amount,
            reason=said.reason,
            client="bank",
            key=found.id,
            actor=actor,
            dry_run=dry_run,
        )
        match = e.ReturnMatched(
            entry=original.entry,
            returned=back.refs["id"],
            amount=said.amount,
            on=self._decisions.today,
            by=by,
            rule=original.rule,
        )
        whose = await self._payments.whose(await self._payments.load(original.entry))
        subjects = await self._subjects(whose, actor, dry_run=dry_run)
        events = (match,) if new is None else (new, match)
        return self._placed(found, (self._write(found, events, subjects), *back.writes), back)

    async def _wait(
        self,
        found: "ReturnedEntry",
        new: e.ReturnEntered | None,
        reason: str,
        traces: dict[str, Trace],
        absent: Sequence[str],
        *,
        actor: str,
        dry_run: bool,
    ) -> Placed:
        """It waits under its references, where a payment that comes later looks; `absent` must still not be there."""
        today, zone = self._decisions.today, self._decisions.policy.zone
        was = found.state.reason if isinstance(found.state, rules.Waiting) else None
        subjects = await self._subjects(found.id, actor, dry_run=dry_run)
        events: list[e.ReturnEvent] = [] if new is None else [new]
        if was != reason:
            events.append(e.ReturnUnmatched(on=today, reason=reason))
        writes = [self._write(found, events, subjects)] if events else []
        bare = [trace for trace in traces.values() if found.id not in trace.things]
        writes += [trace.borne_by(found.id, on=today, zone=zone, subjects=subjects) for trace in bare]
        if bare:
            writes += [StreamWrite(name, 0, ()) for name in absent]
        return self._placed(found, tuple(writes))

    # -- reading and writing

    async def _read(self, return_id: str) -> ReturnedEntry:
        history = await self._ledger.whole_stream(return_id, tenant=self._tenant)
        told = [seen.event for seen in history if not isinstance(seen.event, Erased)]
        last = history[-1] if history else None
        state = rules.fold_return(told)
        return ReturnedEntry(
            return_id, state, last.version if last else 0, last.position if last else 0, history
        )

    async def _subjects(self, whose: str, actor: str, *, dry_run: bool) -> dict[str, UUID]:
        refs = [whose, f"staff:{actor}"]
        people = {} if dry_run else await self._ledger.subjects(refs, tenant=self._tenant)
        return {"debtor": people[refs[0]], "staff": people[refs[1]]} if people else {}

    def _write(
        self, found: ReturnedEntry, events: Sequence[e.ReturnEvent], subjects: dict[str, UUID]
    ) -> StreamWrite:
        zone = self._decisions.policy.zone
        new = tuple(NewEvent(event, start_of_day(event.on, zone), subjects, zone) for event in events)
        return StreamWrite(found.id, found.version, new)

    def _placed(
        self, found: ReturnedEntry, writes: Sequence[StreamWrite], back: Placed | None = None
    ) -> Placed:
        told = [new.event for write in writes if write.stream == found.id for new in write.events]
        after = ReturnedEntry(
            found.id, rules.fold_return(told, found.state), found.version + len(told), 0, ()
        )
        policy = back.policy if back else self._decisions.policy.version.id
        taken = back.taken if back else lambda: None
        return Placed(writes=writes, policy=policy, refs=standing(after), taken=taken)


def standing(found: ReturnedEntry) -> dict[str, Any]:
    """References of a return: its id, where it stands, and the payment it is of."""
    here, state = {"self": f"/v1/payment-returns/{found.id}"}, found.state
    if isinstance(state, rules.Settled):
        links = here | {"payment": f"/v1/payments/{state.entry}"}
        return {"id": found.id, "status": "matched", "payment": state.entry, "links": links}
    reason = state.reason if isinstance(state, rules.Waiting) else None
    return {"id": found.id, "status": "waiting", "reason": reason, "links": here}


def _originals(found: Iterable[Entry | None]) -> list[Original]:
    """The payments that are there; one whose facts were erased is none."""
    states = [(one.id, one.state) for one in found if one is not None]
    return [Original(name, state.left) for name, state in states if isinstance(state, InPool | Matched)]


def _said(found: ReturnedEntry) -> e.ReturnEntered:
    return rules.waiting(found.state).said


def _asked_again(said: e.ReturnEntered) -> EnterReturn:
    """What the rule is asked about a return that waits; a reference that was erased is none."""

    def told(ref: object) -> str | None:
        return ref if isinstance(ref, str) else None

    return EnterReturn(
        source=said.source,
        source_ref=told(said.source_ref) or "",
        original_ref=told(said.original_ref),
        end_to_end=told(said.end_to_end),
        amount=said.amount,
        on=said.on,
        reason=said.reason,
    )
