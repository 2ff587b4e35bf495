"""Payments that sources report: taken in once, put on a case where one is surely meant, moved where it was not.

An entry's stream lies in a lane of its own key, so that a reference of a source is taken in once whatever it says of
the debtor (ADR 0019); a match is one command of two streams, and where these lie in two lanes one transaction.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.case.application.deciding import CaseDecisions, Verdict
from services.case.application.handle import CaseDesk
from services.case.application.matching import CasesOf, Matching
from services.case.domain import entry as rules
from services.case.domain import events as e
from services.case.domain.entry import EnterPayment, EntryState, Found, InPool, Matched, NoEntry
from services.case.domain.money_commands import RecordPayment, RecordPaymentReturn
from services.case.domain.payment import DebtNotInCase, ReturnTooLarge
from services.case.domain.policy import CasePolicy
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import NewEvent, StreamWrite
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel.clock import start_of_day
from shared.kernel.money import Money
from shared.kernel.policy import PolicyBook

PREFIX = "payment-"
_ENTRY_ID = re.compile(PREFIX + r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class EntryUnknown(LookupError):
    """No payment was entered under this id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A raw payment as its stream has it now."""

    id: str
    state: EntryState
    version: int
    position: int
    history: Sequence[Recorded[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What a command about a payment leads to: nothing to write where it is on record already.

    `taken` is to be called once the ledger has taken the writes.
    """

    writes: Sequence[StreamWrite]
    policy: str
    refs: Mapping[str, Any] = field(default_factory=dict)
    taken: Callable[[], None] = lambda: None


class PaymentDesk:
    """Commands about the raw payments of one tenant."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        desk: CaseDesk,
        decisions: CaseDecisions,
        policies: PolicyBook[CasePolicy],
        cases_of: CasesOf,
    ) -> None:
        self._ledger, self._tenant, self._desk, self._decisions = ledger, tenant, desk, decisions
        self._policies, self._matching = policies, Matching(desk=desk, decisions=decisions, cases_of=cases_of)

    def entry_id(self, source: str, source_ref: str) -> str:
        """The stream of the payment that a source calls so."""
        own = f"payment|{source}|{source_ref}"
        return self._ledger.stream_id("payment", source, source_ref, debtor_ref=own, tenant=self._tenant)

    async def load(self, entry_id: str) -> Entry:
        """The entry now. Raises EntryUnknown, also for what is no id of a payment."""
        if not _ENTRY_ID.fullmatch(entry_id):
            raise EntryUnknown
        entry = await self._read(entry_id)
        if not entry.version:
            raise EntryUnknown
        return entry

    async def entered(self, entry_ids: Sequence[str]) -> dict[str, e.PaymentEntered]:
        """What the sources said of these payments, as far as it was not erased."""
        streams = await self._ledger.read_streams(entry_ids, tenant=self._tenant)
        first = {name: history[0].event for name, history in streams.items()}
        return {name: event for name, event in first.items() if isinstance(event, e.PaymentEntered)}

    async def enter(
        self, ask: EnterPayment, *, actor: str, dry_run: bool = False, partly: bool = False
    ) -> Placed:
        """Take the payment in, and put it on the case that it is surely for.

        `partly`: the source may tell the same payment again, more or less fully (`rules.known`); what it now says of
        one that waits is used to place it.
        Raises: DuplicateSourceRef, AmountNotPositive, PaymentForgotten.
        """
        entry = await self._read(self.entry_id(ask.source, ask.source_ref))
        if rules.known(entry.state, ask, partly=partly):
            more = await self._told_more(entry, ask, actor=actor, dry_run=dry_run) if partly else None
            return more or Placed(writes=(), policy=self._policy.version.id, refs=standing(entry))
        if entry.version:
            raise rules.PaymentForgotten
        said = rules.entered(ask)
        found = rules.find(ask, await self._matching.candidates(ask))
        if isinstance(found, Found):
            try:
                return await self._put(
                    entry, said, ask.amount, found, by=rules.RULE, actor=actor, dry_run=dry_run
                )
            except DebtNotInCase:
                found = rules.NotFound(rules.ACCOUNT_NOT_IN_CASE)
        whose = ask.debtor_ref or ask.account_ref or entry.id
        waits = e.PaymentUnmatched(on=self._decisions.today, reason=found.reason)
        write = await self._write(entry, (said, waits), whose=whose, actor=actor, dry_run=dry_run)
        return self._placed(entry, write)

    async def _told_more(
        self, entry: Entry, ask: EnterPayment, *, actor: str, dry_run: bool
    ) -> Placed | None:
        """Place what waits, now that the source says more of it; None where that is still not enough."""
        pool = entry.state
        if not isinstance(pool, InPool) or not rules.tells_more(pool, ask):
            return None
        found = rules.find(ask, await self._matching.candidates(ask))
        if not isinstance(found, Found):
            return None
        with suppress(DebtNotInCase):
            return await self._put(
                entry, None, pool.left, found, by=rules.RULE, actor=actor, dry_run=dry_run, said=pool.said
            )
        return None

    async def match(
        self, entry_id: str, *, case_id: str | None, account: str | None, actor: str, dry_run: bool = False
    ) -> Placed:
        """A person says which case the payment is for, open or closed; without one the rule is asked again.

        Raises: EntryUnknown, PaymentForgotten, PaymentAlreadyMatched, PaymentGoneBack; NoMatchFound; CaseUnknown,
        CaseForgotten, DebtNotInCase, CurrencyMismatch.
        """
        entry = await self.load(entry_id)
        pool = rules.pooled(entry.state)
        found, by = await self._chosen(pool, case_id, account)
        return await self._put(
            entry, None, pool.left, found, by=by, actor=actor, dry_run=dry_run, said=pool.said
        )

    async def _chosen(self, pool: InPool, case_id: str | None, account: str | None) -> tuple[Found, str]:
        """The case a person names, or the one the rule finds by now. Raises NoMatchFound."""
        if case_id is not None:
            return Found(case_id, account, rules.BY_HAND), rules.PERSON
        again = rules.asked_again(pool.said)
        found = rules.find(again, await self._matching.candidates(again))
        if not isinstance(found, Found):
            raise rules.NoMatchFound(reason=found.reason)
        return found, rules.RULE

    async def unmatch(self, entry_id: str, *, reason: str, actor: str, dry_run: bool = False) -> Placed:
        """The match was wrong: the case never had the money, from its value date on.

        Raises: EntryUnknown, PaymentForgotten, PaymentNotMatched, PaymentGoneBack, CaseForgotten.
        """
        entry = await self.load(entry_id)
        match = rules.matched(entry.state)
        ref = self._id("ret", match.case, entry.id, match.matches)
        back = RecordPaymentReturn(
            ref=ref, payment=match.payment, on=match.said.on, amount=None, reason=rules.MISMATCH
        )
        verdict, amount = await self._take_back(match.case, back, actor=actor, dry_run=dry_run)
        wrong = e.PaymentMismatchDiscovered(
            case=match.case,
            payment=match.payment,
            returned=ref,
            amount=amount,
            on=self._decisions.today,
            reason=reason,
        )
        whose = await self._whose(match.case)
        write = await self._write(entry, (wrong,), whose=whose, actor=actor, dry_run=dry_run)
        return self._placed(entry, write, verdict)

    async def reverse(
        self,
        entry_id: str,
        *,
        on: date,
        amount: Money | None,
        reason: str,
        client: str,
        key: str,
        actor: str,
        dry_run: bool = False,
    ) -> Placed:
        """The source took the money back, all that is left of it or `amount`, from the pool or from the case.

        Raises: EntryUnknown, PaymentForgotten, PaymentGoneBack, AmountNotPositive, ReturnTooLarge, CurrencyMismatch.
        """
        entry = await self.load(entry_id)
        state = entry.state
        if isinstance(state, NoEntry):
            raise rules.PaymentForgotten
        if isinstance(state, InPool):
            made = self._ledger.command_id(client, f"reversal|{entry_id}", key, tenant=self._tenant)
            ref = f"ret_{made.hex}"
            gone = rules.taken_back(state, ref=ref, on=on, amount=amount, reason=reason)
            whose = await self.whose(entry)
            write = await self._write(entry, (gone,), whose=whose, actor=actor, dry_run=dry_run)
            return self._placed(entry, write, refs={"id": ref})
        ref = self._desk.thing_id("ret", case_id=state.case, client=client, operation="reversal", key=key)
        back = RecordPaymentReturn(ref=ref, payment=state.payment, on=on, amount=amount, reason=reason)
        verdict, taken = await self._take_back(state.case, back, actor=actor, dry_run=dry_run)
        gone = e.PaymentEntryReversed(returned=ref, on=max(on, state.said.on), amount=taken, reason=reason)
        whose = await self._whose(state.case)
        write = await self._write(entry, (gone,), whose=whose, actor=actor, dry_run=dry_run)
        return self._placed(entry, write, verdict, refs={"id": ref})

    # -- placing

    async def _put(
        self,
        entry: Entry,
        new: e.PaymentEntered | None,
        amount: Money,
        found: Found,
        *,
        by: str,
        actor: str,
        dry_run: bool,
        said: e.PaymentEntered | None = None,
    ) -> Placed:
        """Put the payment on a case; `new` is the entry where it comes with its match."""
        entered = new or said
        assert entered is not None, "an entry is new, or has been read"
        matches = entry.state.matches if isinstance(entry.state, InPool | Matched) else 0
        ref = self._id("pay", found.case, entry.id, matches)
        payment = RecordPayment(
            ref=ref, account=found.account, on=entered.on, amount=amount, channel=entered.channel
        )
        verdict = await self._decisions.decide(found.case, payment, actor=actor, dry_run=dry_run)
        match = e.PaymentMatched(
            case=found.case,
            payment=ref,
            account=found.account,
            amount=amount,
            on=self._decisions.today,
            by=by,
            rule=found.rule,
        )
        events = (match,) if new is None else (new, match)
        whose = await self._whose(found.case)
        write = await self._write(entry, events, whose=whose, actor=actor, dry_run=dry_run)
        return self._placed(entry, write, verdict)

    async def _take_back(
        self, case_id: str, back: RecordPaymentReturn, *, actor: str, dry_run: bool
    ) -> tuple[Verdict, Money]:
        """The return on the case, and how much it is. Raises PaymentGoneBack where the case has nothing of it."""
        try:
            verdict = await self._decisions.decide(case_id, back, actor=actor, dry_run=dry_run)
        except ReturnTooLarge:
            if back.amount is not None:
                raise
            raise rules.PaymentGoneBack from None
        told = (new.event for write in verdict.writes for new in write.events)
        amount = next((one.amount for one in told if isinstance(one, e.PaymentReturned)), None)
        return verdict, amount or await self._on_record(case_id, back.ref)

    async def _on_record(self, case_id: str, returned: str) -> Money:
        """How much a return is that another put on the case since its entry was read.

        The entry has moved as well, so the commit refuses, and it is decided anew.
        """
        history = (await self._desk.load(case_id)).history
        there = (seen.event for seen in history if isinstance(seen.event, e.PaymentReturned))
        return next(one.amount for one in there if one.returned == returned)

    async def whose(self, entry: Entry) -> str:
        """The reference of the debtor whose payment it is, as far as anybody knows."""
        state = entry.state
        if isinstance(state, Matched):
            return await self._whose(state.case)
        if isinstance(state, InPool):
            return self._told(state.said.debtor_ref) or self._told(state.said.account_ref) or entry.id
        return entry.id

    async def _whose(self, case_id: str) -> str:
        """The reference of the debtor whom a case is about."""
        loaded = await self._desk.load(case_id)
        return loaded.debtor_ref or case_id

    # -- reading and writing

    @property
    def _policy(self) -> CasePolicy:
        return self._policies.in_force(tenant=self._tenant, on=self._decisions.today)

    @staticmethod
    def _told(ref: object) -> str | None:
        """A reference, None where there is none or it was erased."""
        return ref if isinstance(ref, str) else None

    def _id(self, prefix: str, case_id: str, entry_id: str, matches: int) -> str:
        """The id of what a match makes on a case: the same for the same match. Raises CaseUnknown."""
        key = f"{entry_id}|{matches}"
        return self._desk.thing_id(prefix, case_id=case_id, client="matching", operation="match", key=key)

    async def _read(self, entry_id: str) -> Entry:
        return entry_of(entry_id, await self._ledger.whole_stream(entry_id, tenant=self._tenant))

    async def _write(
        self, entry: Entry, events: Sequence[e.EntryEvent], *, whose: str, actor: str, dry_run: bool
    ) -> StreamWrite:
        refs = [whose, f"staff:{actor}"]
        people = {} if dry_run else await self._ledger.subjects(refs, tenant=self._tenant)
        subjects = {"debtor": people[refs[0]], "staff": people[refs[1]]} if people else {}
        zone = self._policy.zone
        new = tuple(NewEvent(event, start_of_day(event.on, zone), subjects, zone) for event in events)
        return StreamWrite(entry.id, entry.version, new)

    def _placed(
        self,
        entry: Entry,
        write: StreamWrite,
        verdict: Verdict | None = None,
        refs: Mapping[str, Any] | None = None,
    ) -> Placed:
        """The command's writes, and the references of its answer: how the entry stands after it."""
        told = (*(seen.event for seen in entry.history), *(new.event for new in write.events))
        state = rules.fold_entry(event for event in told if not isinstance(event, Erased))
        after = Entry(entry.id, state, entry.version + len(write.events), 0, ())
        return Placed(
            writes=(write, *(verdict.writes if verdict else ())),
            policy=verdict.policy if verdict else self._policy.version.id,
            refs=standing(after) | dict(refs or {}),
            taken=verdict.taken if verdict else lambda: None,
        )


def entry_of(entry_id: str, history: Sequence[Recorded[Any]]) -> Entry:
    """The entry that these events make."""
    told = [seen.event for seen in history if not isinstance(seen.event, Erased)]
    last = history[-1] if history else None
    version, position = (last.version, last.position) if last else (0, 0)
    return Entry(entry_id, rules.fold_entry(told), version, position, history)


def standing(entry: Entry) -> dict[str, Any]:
    """References of an entry: its id, where it stands, and the payment on the case it belongs to."""
    here, state = {"self": f"/v1/payments/{entry.id}"}, entry.state
    if isinstance(state, Matched):
        links = here | {"case": f"/v1/cases/{state.case}"}
        return {"id": entry.id, "status": "matched", "payment": state.payment, "links": links}
    if isinstance(state, InPool) and state.left.minor > 0:
        return {"id": entry.id, "status": "unmatched", "reason": state.reason, "links": here}
    return {"id": entry.id, "status": "returned", "links": here}
