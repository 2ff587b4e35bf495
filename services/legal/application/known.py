"""What a command of the legal service stands on, read from the ledger: a matter, and all that bears on its debts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.legal.application.thing_ids import is_about
from services.legal.domain import matter as matters
from services.legal.domain.limitation import claims as proofs
from services.legal.domain.limitation.claims import Claims, Proofs
from services.legal.domain.matter import Matter
from services.legal.domain.refusals import MatterUnknown
from services.legal.domain.thing_ids import is_matter, proofs_of
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """`matter_id` None: a command about proofs alone. `others`: the case's other matters, where they were asked for.

    `position`: of the newest event that was read.
    """

    about: str
    matter_id: str | None
    matter: Matter
    claims: Claims
    others: tuple[Matter, ...]
    position: int


class Shelf:
    """Reads matters and proofs of one tenant."""

    def __init__(self, *, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant

    async def matter(self, matter_id: str) -> tuple[Matter, Sequence[Recorded[Any]]]:
        """A matter and its events; version 0: there is none. Raises MatterUnknown for what is no matter's id."""
        if not is_matter(matter_id):
            raise MatterUnknown
        seen = await self._ledger.whole_stream(matter_id, tenant=self._tenant)
        return matter_of(seen), seen

    async def claims(
        self, about: str, *, also: Sequence[str] = (), known_at: datetime | None = None
    ) -> tuple[Claims, int]:
        """All that bears on the debts of a case, or on one account, with the newest position read.

        Beside its own proofs: those of each debt that was ever in it, and of every other case those debts were in;
        and of `also`: cases and accounts that a command names. `known_at`: only what was recorded by then.
        """
        if not is_about(about):
            raise MatterUnknown
        read: dict[str, Proofs] = {}
        newest, wanted = 0, list(dict.fromkeys((about, *also)))
        for _ in range(3):
            newest = max(newest, await self._read(wanted, read, known_at))
            named = (one for known in read.values() for one in known.debts)
            wanted = [one for one in dict.fromkeys(_named(named)) if one not in read]
            if not wanted:
                break
        return Claims(case=_case(about, read), streams=read), newest

    async def _read(self, wanted: Sequence[str], read: dict[str, Proofs], known_at: datetime | None) -> int:
        streams = {proofs_of(one): one for one in wanted}
        found = await self._ledger.read_streams(list(streams), tenant=self._tenant)
        newest = 0
        for stream, one in streams.items():
            seen = [one for one in found.get(stream, []) if known_at is None or one.recorded_at <= known_at]
            read[one] = proofs_in(seen)
            newest = max(newest, seen[-1].position if seen else 0)
        return newest

    async def on_record(
        self, about: str, *, case: str | None = None, others: bool = False, also: Sequence[str] = ()
    ) -> OnRecord:
        """A matter, or a case or account with its proofs. `case`: of a matter that is about to begin.

        Raises MatterUnknown for what is no such id, and for a matter that never began where no case is said.
        """
        if not is_matter(about):
            claims, newest = await self.claims(about, also=also)
            return OnRecord(
                about=about, matter_id=None, matter=Matter(), claims=claims, others=(), position=newest
            )
        matter, seen = await self.matter(about)
        begun = matter.opened
        of = case if begun is None else begun.case
        if of is None:
            raise MatterUnknown
        claims, newest = await self.claims(of)
        beside = await self.matters_of(claims, but=about) if others else ()
        last = seen[-1].position if seen else 0
        return OnRecord(
            about=of, matter_id=about, matter=matter, claims=claims, others=beside, position=max(newest, last)
        )

    async def matters_of(self, claims: Claims, *, but: str | None = None) -> tuple[Matter, ...]:
        """The matters of a case, in the order in which they began."""
        wanted = [one for one in claims.of_case.matters if one != but]
        found = await self._ledger.read_streams(wanted, tenant=self._tenant)
        return tuple(matter_of(found[one]) for one in wanted if one in found)


def matter_of(seen: Iterable[Recorded[Any]]) -> Matter:
    """The matter that these events make; those whose facts were erased only count as events."""
    found = Matter()
    for one in seen:
        found = matters.skipped(found) if isinstance(one.event, Erased) else matters.evolve(found, one.event)
    return found


def proofs_in(seen: Iterable[Recorded[Any]]) -> Proofs:
    """The proofs that these events make, in the same way."""
    found = Proofs()
    for one in seen:
        found = proofs.skipped(found) if isinstance(one.event, Erased) else proofs.evolve(found, one.event)
    return found


def _named(debts: Iterable[Any]) -> Iterable[str]:
    for one in debts:
        yield one.debt
        yield one.case


def _case(about: str, read: dict[str, Proofs]) -> str:
    """The case itself; of an account the newest case it joined, itself while it was in none."""
    if about.startswith("case-"):
        return about
    return read[about].debts[-1].case if read[about].debts else about
