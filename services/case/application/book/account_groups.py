"""A wave of accounts: read, compared, and what is new of them stored with what follows for their debtors' cases."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.case.application.book.committing import Decided, commit_all
from services.case.application.book.names import FIRST_BOOKED, BookNames
from services.case.application.book.on_record import KnownAccount, KnownCase, OnRecord
from services.case.application.book.party_groups import SAME
from services.case.application.book.result import BookRejects, BookResult, put_refused
from services.case.application.book_source import BookReject, Group
from services.case.application.handle import instant_of
from services.case.domain.book import reasons
from services.case.domain.book.account_change import AccountChange, Names, account_change, leaves
from services.case.domain.book.account_record import AccountRecord
from services.case.domain.book.on_case import NOTHING, Delivered, Following, follows, may_concern
from services.case.domain.book.reasons import RowRefused
from services.case.domain.book.rows import AccountRow, BookRow, BookTerms, RoleRow
from services.case.domain.events import BalanceReported, BookEvent
from services.case.domain.policy import CasePolicy
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StreamWrite
from shared.kernel import ids
from shared.kernel.clock import start_of_day
from shared.kernel.money import CurrencyMismatch
from shared.kernel.refusal import Refused

EVENTS_MAX = 900
"""Of one command: the ledger takes a few more. What an account has beyond goes into a command after it."""


class AccountGroup(Decided):
    """The rows of one account, or the account that a full book does not name; and what was decided."""

    def __init__(self, result: BookResult, group: Group | None = None, *, missing: str | None = None) -> None:
        self.ref, self.placed = group or ("", [])
        self.missing = missing
        self.rows: list[BookRow] = [one.row for one in self.placed if not isinstance(one.row, BookReject)]
        self.broken = {one.entity for one in self.placed if isinstance(one.row, BookReject)}
        self.command: Command | None = None
        self.known: KnownAccount | None = None
        self.change = AccountChange(AccountRecord())
        self.following = NOTHING
        self.cut = False
        self._result, self._changed = result, 0

    @property
    def said(self) -> AccountRow | None:
        """The row of the account itself."""
        return next((row for row in self.rows if isinstance(row, AccountRow)), None)

    @property
    def debtor_ref(self) -> str:
        """Whose account it is."""
        return self.change.record.debtor_ref

    def refuse(self, reason: str, field: str) -> None:
        """Nothing of it is taken in: the account's row says why, the others go with it."""
        said = self.said
        self.change = AccountChange(AccountRecord())
        self.change.refused = [
            RowRefused(row, reason, field if row is said else reasons.ROW) for row in self.rows
        ]
        self.following = NOTHING

    def written(self) -> bool:
        """Counted; whether there is more of it than one command takes."""
        events = self.change.events
        self._result.add(
            min(len(events), EVENTS_MAX) if self.cut else len(events),
            () if self.cut else self.following.events,
        )
        self._changed += self.change.changed
        self._result.accounts_left += self.change.left is not None and not self.cut
        return self.cut

    def count(self, rejects: BookRejects) -> None:
        """What became of the rows."""
        result, refused = self._result, self.change.refused
        for one in self.placed:
            if not isinstance(one.row, BookReject):
                result.rows[one.entity] += 1
        put_refused(rejects, self.placed, refused)
        changed = min(self._changed, len(self.rows) - len(refused))
        result.rejected += len(refused)
        result.imported += changed
        result.unchanged += len(self.rows) - len(refused) - changed


class AccountWaves:
    """Accounts of one delivery, for one tenant."""

    def __init__(
        self,
        ledger: Ledger,
        tenant: str,
        actor: str,
        terms: BookTerms,
        names: BookNames,
        known: OnRecord,
        result: BookResult,
        policy: CasePolicy,
    ) -> None:
        self._ledger, self._tenant, self._actor, self._terms = ledger, tenant, actor, terms
        self._names, self._known, self._result, self._policy = names, known, result, policy

    async def take(self, groups: Sequence[Group]) -> list[AccountGroup]:
        """Store what is new of these accounts."""
        return await self._take([AccountGroup(self._result, group) for group in groups])

    async def drop(self, streams: Sequence[str]) -> list[AccountGroup]:
        """These accounts are missing from a full book: they leave it."""
        return await self._take([AccountGroup(self._result, missing=stream) for stream in streams])

    async def _take(self, accounts: list[AccountGroup]) -> list[AccountGroup]:
        await self._compare(accounts)
        for turn in _turns(accounts):
            await self._follow(turn)
            await commit_all(self._ledger, turn, self._again)
        return accounts

    async def _again(self, one: Decided) -> Decided:
        assert isinstance(one, AccountGroup)
        await self._compare([one])
        await self._follow([one])
        return one

    async def _compare(self, accounts: Sequence[AccountGroup]) -> None:
        """What each delivery changes about its account."""
        debtors = {
            one.ref: one.said.debtor_ref if one.said and one.said.debtor_ref else None
            for one in accounts
            if one.missing is None
        }
        known = await self._known.accounts(debtors)
        missing = await self._known.streams([one.missing for one in accounts if one.missing is not None])
        parties = await self._known.registered(_parties(accounts))
        names = Names(
            self._names.party, self._names.person, self._names.role, self._names.collateral, parties
        )
        for one in accounts:
            one.known = missing[one.missing] if one.missing is not None else known[one.ref]
            one.following, one.command, one.cut = NOTHING, None, False
            if one.known is None:
                one.refuse(reasons.UNKNOWN_ACCOUNT, "account_ref")
            elif one.known.stated and one.known.record.terms is None:
                one.refuse(reasons.KNOWN_BY_STATEMENTS, "account_ref")
            elif one.missing is not None:
                one.change = leaves(one.known.record, self._terms.missing, self._terms.as_of)
            else:
                one.change = account_change(
                    one.known.record, one.rows, self._terms, broken=one.broken, names=names
                )

    async def _follow(self, accounts: Sequence[AccountGroup]) -> None:
        """What that means for the debtors' cases, and the commands."""
        concerned = [one for one in accounts if _concerned(one, self._terms.as_of, self._policy)]
        cases = await self._known.cases([one.debtor_ref for one in concerned])
        for one in concerned:
            self._on_case(one, cases[one.debtor_ref])
        writing = [one for one in accounts if one.change.events or one.following.events]
        people = await self._ledger.subjects([one.debtor_ref for one in writing], tenant=self._tenant)
        for one in writing:
            one.command = self._command(one, cases.get(one.debtor_ref), people)

    def _on_case(self, one: AccountGroup, case: KnownCase) -> None:
        assert one.known is not None
        asked = Delivered(
            account=one.known.stream,
            record=one.change.record,
            as_of=self._terms.as_of,
            paid_in=self._terms.paid_in,
            left=one.change.left,
            cleared=case.cleared,
        )
        try:
            one.following = follows(asked, case.state, self._policy)
        except CurrencyMismatch:
            one.refuse(reasons.CURRENCY_OF_CASE, "currency")
        except Refused:  # one account is not taken in; the run goes on
            one.refuse(reasons.NOT_ON_CASE, reasons.ROW)

    def _command(self, one: AccountGroup, case: KnownCase | None, people: Mapping[str, UUID]) -> Command:
        """One command: what is said of the account causes what follows for the case."""
        account = one.known
        assert account is not None
        events, following = one.change.events, one.following.events
        one.cut = bool(events) and len(events) + len(following) > EVENTS_MAX
        if one.cut:
            events, following = events[:EVENTS_MAX], ()
        digest = hashlib.sha256(msgspec.json.encode([*events, *following])).hexdigest()
        moved = f"{account.stream}|{account.version}|{case.version if case else 0}|{digest}"
        home = not account.booked and bool(events)
        operation, key = (FIRST_BOOKED, one.ref) if home else ("book-account", moved)
        command_id = self._names.command(operation, key)
        subjects, zone = {"debtor": people[one.debtor_ref]}, self._terms.zone
        facts = tuple(NewEvent(event, start_of_day(_day(event), zone), subjects, zone) for event in events)
        writes = [StreamWrite(account.stream, account.version, facts)]
        if following and case is not None:
            cause = ids.event_id(command_id, 0) if events else None
            zone = self._policy.zone
            new = tuple(
                NewEvent(event, instant_of(event, zone), subjects, zone, cause) for event in following
            )
            writes += _on_stream(
                one.following, case, self._names.case(one.debtor_ref, one.following.episode), new
            )
        return Command(
            tenant=self._tenant,
            command_id=command_id,
            fingerprint=SAME,
            actor=self._actor,
            writes=tuple(writes),
            policy=self._policy.version.id,
            refs=account.stream.encode() if home else b"",
        )


def _on_stream(
    following: Following, case: KnownCase, stream: str, new: tuple[NewEvent, ...]
) -> Iterable[StreamWrite]:
    """The case's events; a new case only where the one before stands as it was seen (one_open.py)."""
    if stream == case.stream:
        yield StreamWrite(stream, case.version, new)
        return
    yield StreamWrite(stream, 0, new)
    yield StreamWrite(case.stream, case.version, ())


def _concerned(one: AccountGroup, as_of: date, policy: CasePolicy) -> bool:
    record = one.change.record
    if record.terms is None or record.forgotten:
        return False
    if as_of < record.latest:
        return False
    return may_concern(record, as_of, policy, changed=bool(one.change.events), left=one.change.left)


def _day(event: BookEvent) -> date:
    return event.as_of if isinstance(event, BalanceReported) else event.on


def _parties(accounts: Iterable[AccountGroup]) -> set[str]:
    """The parties that a wave names."""
    found = set()
    for one in accounts:
        for row in one.rows:
            if isinstance(row, AccountRow) and row.debtor_ref:
                found.add(row.debtor_ref)
            elif isinstance(row, RoleRow):
                found.add(row.party_ref)
    return found


def _turns(accounts: Sequence[AccountGroup]) -> list[list[AccountGroup]]:
    """Dealt out so that a debtor occurs once in each turn: the second account finds the case of the first."""
    turns: list[list[AccountGroup]] = []
    dealt: dict[str, int] = {}
    for one in accounts:
        turn = dealt.get(one.debtor_ref, 0) if one.debtor_ref else 0
        dealt[one.debtor_ref] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(one)
    return turns
