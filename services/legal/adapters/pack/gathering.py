"""All that a pack says, read once: of this service from its ledger, of the other two as they are asked.

What happened after the day the pack is about is left out; what was learnt since then about that time counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.legal.application.elsewhere import CaseFile, CaseSheet, ContactFile, NotAnswered
from services.legal.application.handle import LegalDesk
from services.legal.application.known import matter_of
from services.legal.application.limitation.asked import LimitationClocks
from services.legal.application.limitation.shown import shown
from services.legal.domain.facts.pack import EvidencePackAsked
from services.legal.domain.matter import Matter
from services.legal.domain.refusals import CaseUnheard
from services.legal.domain.thing_ids import proofs_of
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorded import Recorded
from shared.kernel.clock import start_of_day

CONTACTS, LIMITATION, LETTERS = "contacts", "limitation", "letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSeen:
    """A matter as of the day, and its events up to then."""

    id: str
    matter: Matter
    seen: Sequence[Recorded[Any]]


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What goes into a pack. `contacts` None: nobody could say. `gaps`: (part, code) of what is missing."""

    asked: EvidencePackAsked
    zone: str
    law: str
    sheet: CaseSheet
    timeline: Sequence[Mapping[str, Any]]
    contacts: Sequence[Mapping[str, Any]] | None
    matters: Sequence[MatterSeen]
    proofs: Sequence[Recorded[Any]]
    limitation: Mapping[str, Any] | None
    origins: Mapping[int, str]
    gaps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def chinese(self) -> bool:
        """Is it written in Chinese?"""
        return self.asked.language.startswith("zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Reads for one tenant. `case_file` and `contact_file` are asked for when they are needed."""

    ledger: Ledger
    tenant: str
    acts: LegalDesk
    limitation: LimitationClocks
    case_file: Callable[[], CaseFile]
    contact_file: Callable[[], ContactFile]

    async def about(self, asked: EvidencePackAsked) -> Gathered:
        """All of it. Raises NotAnswered and CaseUnknownElsewhere of the case service; what the ledger raises.

        A contact service that does not answer is a gap, and so is a case that this service never heard of.
        """
        case, gaps = asked.case, list[tuple[str, str]]()
        sheet = await self.case_file().sheet(case, as_of=asked.as_of)
        before = start_of_day(asked.as_of + timedelta(days=1), self.acts.ground.zone)
        timeline = await self.case_file().timeline(case, language=asked.language)
        contacts: Sequence[Any] | None = None
        try:
            contacts = await self.contact_file().contacts(case, language=asked.language)
        except NotAnswered as problem:
            gaps.append((CONTACTS, problem.code))
        matters, proofs = await self._own(case, before)
        limitation: Mapping[str, Any] | None = None
        try:
            found = await self.limitation.case(case, as_of=asked.as_of)
            limitation = shown(found, chinese=asked.language.startswith("zh"))
        except CaseUnheard as problem:
            gaps.append((LIMITATION, problem.code))
        lanes = await self.ledger.lanes(self.tenant)
        return Gathered(
            asked=asked, zone=self.acts.ground.zone, law=self.acts.ground.named, sheet=sheet,
            timeline=_until(timeline, "effective_at", before),
            contacts=None if contacts is None else _until(contacts, "at", before),
            matters=matters, proofs=proofs, limitation=limitation, gaps=gaps,
            origins={lane.lane: self.ledger.origin(lane) for lane in lanes},
        )  # fmt: skip

    async def _own(self, case: str, before: datetime) -> tuple[list[MatterSeen], Sequence[Recorded[Any]]]:
        """The matters of the case, and what its stream of proofs and those of its debts hold."""
        claims, _ = await self.acts.shelf.claims(case)
        streams = [proofs_of(about) for about in (case, *claims.debts)]
        found = await self.ledger.read_streams([*streams, *claims.of_case.matters], tenant=self.tenant)
        past = {stream: [one for one in seen if one.effective_at < before] for stream, seen in found.items()}
        matters = [
            MatterSeen(id=one, matter=matter_of(past[one]), seen=past[one])
            for one in claims.of_case.matters
            if past.get(one)
        ]
        return matters, [one for stream in streams for one in past.get(stream, ())]


def _until(rows: Sequence[Any], name: str, before: datetime) -> list[Any]:
    return [one for one in rows if datetime.fromisoformat(one[name]) < before]
