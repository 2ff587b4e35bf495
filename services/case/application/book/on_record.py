"""What the ledger has of the parties, accounts and cases that a wave of a book is about, read in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.case.application.book.names import BookNames
from services.case.application.standings import EPISODES_MAX, ERASED
from services.case.domain.book.account_record import AccountRecord, fold_record
from services.case.domain.book.on_case import clearing
from services.case.domain.book.party_record import PartyRecord, fold_party
from services.case.domain.events import StatementReported
from services.case.domain.state import NO_CASE, CaseState, ClosedCase, NoCase, fold_case
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased


@dataclass(slots=True)
class KnownParty:
    """A party's stream, the version it stands at, and what it says."""

    stream: str
    version: int
    record: PartyRecord


@dataclass(slots=True)
class KnownAccount:
    """An account's stream, the version it stands at, and what the book has said of it.

    `booked`: a book named it before. `stated`: statements were taken in of it, as of a debtor of its own.
    """

    stream: str
    version: int
    record: AccountRecord
    booked: bool
    stated: bool = False


@dataclass(slots=True)
class KnownCase:
    """A debtor's newest case: stream, version, state; `cleared` is what closed ones have dealt with (`clearing`)."""

    stream: str
    version: int = 0
    state: CaseState = NO_CASE
    episode: int = 1
    cleared: set[str] = field(default_factory=set)


class OnRecord:
    """Reads for one tenant; `paid_in` is that of the delivery."""

    def __init__(self, ledger: Ledger, tenant: str, names: BookNames, *, paid_in: str) -> None:
        self._ledger, self._tenant, self._names, self._paid_in = ledger, tenant, names, paid_in

    async def parties(self, refs: Sequence[str]) -> dict[str, KnownParty]:
        """By reference; one that nobody has named has no identity."""
        streams = {ref: self._names.party(ref) for ref in refs}
        read = await self._read(streams.values())
        return {
            ref: KnownParty(stream, _version(read.get(stream, ())), _party(read.get(stream, ())))
            for ref, stream in streams.items()
        }

    async def registered(self, refs: Iterable[str]) -> set[str]:
        """Which of these parties are on record."""
        by_stream = {self._names.party(ref): ref for ref in refs}
        by_lane: dict[int, list[str]] = {}
        for stream in by_stream:
            by_lane.setdefault(await self._ledger.lane_of(stream, tenant=self._tenant), []).append(stream)
        found: set[str] = set()
        for lane, streams in by_lane.items():
            heads = await self._ledger.store.heads(lane, streams)
            found |= {by_stream[stream] for stream in heads}
        return found

    async def accounts(self, debtors: Mapping[str, str | None]) -> dict[str, KnownAccount | None]:
        """By reference; `debtors` names whose each is, by the delivery. None: no book has named it, nor whose it is."""
        homes = await self._names.homes(list(debtors))
        streams = dict(homes)
        alone: dict[str, str] = {}
        for ref, debtor in debtors.items():
            if ref not in homes and debtor is not None:
                streams[ref] = self._names.account(ref, debtor)
                alone[ref] = self._names.account(ref, ref)
        read = await self._read({*streams.values(), *alone.values()})
        found: dict[str, KnownAccount | None] = dict.fromkeys(debtors)
        for ref, stream in streams.items():
            known = self.account(stream, read.get(stream, ()))
            known.stated = alone.get(ref, stream) != stream and _stated(read.get(alone[ref], ()))
            found[ref] = known
        return found

    async def streams(self, streams: Sequence[str]) -> dict[str, KnownAccount]:
        """Accounts by stream."""
        read = await self._read(streams)
        return {stream: self.account(stream, read.get(stream, ())) for stream in streams}

    def account(self, stream: str, history: Sequence[Recorded[Any]]) -> KnownAccount:
        """What a stream says of its account; one whose facts were erased is forgotten."""
        facts = _facts(history)
        record = fold_record(facts)
        if len(facts) < len(history) and record.terms is None:
            record.forgotten = True
        return KnownAccount(stream, _version(history), record, record.terms is not None)

    async def cases(self, debtor_refs: Sequence[str]) -> dict[str, KnownCase]:
        """Each debtor's newest case, all debtors at once: first episodes, then those after closed ones."""
        found: dict[str, KnownCase] = {}
        waiting, episode = list(dict.fromkeys(debtor_refs)), 1
        while waiting and episode < EPISODES_MAX:
            streams = {ref: self._names.case(ref, episode) for ref in waiting}
            read = await self._read(streams.values())
            waiting = [ref for ref in waiting if episode == 1 or streams[ref] in read]
            for ref in waiting:
                history = read.get(streams[ref], ())
                cleared = found[ref].cleared if ref in found else set()
                state = _case(history, episode)
                found[ref] = KnownCase(streams[ref], _version(history), state, episode, cleared)
                if isinstance(state, ClosedCase):
                    cleared |= clearing(state, self._paid_in)
            waiting = [ref for ref in waiting if isinstance(found[ref].state, ClosedCase)]
            episode += 1
        return found

    async def _read(self, streams: Iterable[str]) -> dict[str, list[Recorded[Any]]]:
        wanted = list(streams)
        return await self._ledger.read_streams(wanted, tenant=self._tenant) if wanted else {}


def _facts(history: Sequence[Recorded[Any]]) -> list[Any]:
    return [seen.event for seen in history if not isinstance(seen.event, Erased)]


def _version(history: Sequence[Recorded[Any]]) -> int:
    return history[-1].version if history else 0


def _stated(history: Sequence[Recorded[Any]]) -> bool:
    return any(isinstance(seen.event, StatementReported) for seen in history)


def _party(history: Sequence[Recorded[Any]]) -> PartyRecord:
    facts = _facts(history)
    record = fold_party(facts)
    record.forgotten = record.forgotten or len(facts) < len(history)
    return record


def _case(history: Sequence[Recorded[Any]], episode: int) -> CaseState:
    """A case whose opening was erased counts as closed, so that the next episode can open."""
    state = fold_case(_facts(history))
    return ClosedCase(episode, date.min, ERASED) if history and isinstance(state, NoCase) else state
