"""A case's limitation on two clocks: what was recorded by `known_at` of what held at the end of a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from services.legal.application.handle import LegalDesk
from services.legal.application.thing_ids import is_about
from services.legal.domain.facts.proofs import ProofRecorded, ProofRetracted
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.limitation.reading import DebtReading, limitation
from services.legal.domain.refusals import CaseUnheard
from services.legal.domain.thing_ids import PROOF, PROOFS
from shared.eventstore.thing_id import stream_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLimitation:
    """The answer. `proofs`: every proof on record about the case and its debts, with its retraction if it has one.

    `position`: the newest event that was read.
    """

    case: str
    as_of: date
    known_at: datetime | None
    ground: Ground
    readings: tuple[DebtReading, ...]
    proofs: tuple[tuple[ProofRecorded, ProofRetracted | None], ...]
    position: int


class LimitationClocks:
    """Questions about the limitation of a tenant's cases."""

    def __init__(self, *, desk: LegalDesk) -> None:
        self._desk = desk

    async def case(
        self, case: str, *, as_of: date | None = None, known_at: datetime | None = None
    ) -> CaseLimitation:
        """Every debt of the case against everybody who owes or guarantees it, as of the end of a day (None: today).

        `known_at`: by what was recorded up to then (inclusive; None: all). Raises CaseUnheard where nothing of it was
        known by then, and for what is no case's id.
        """
        if not is_about(case) or not case.startswith("case-"):
            raise CaseUnheard
        day, ground = as_of or self._desk.today, self._desk.ground
        claims, position = await self._desk.shelf.claims(case, known_at=known_at)
        if not claims.of_case.version:
            raise CaseUnheard
        return CaseLimitation(
            case=case, as_of=day, known_at=known_at, ground=ground,
            readings=limitation(claims, ground.law, as_of=day), proofs=tuple(_proofs(claims)), position=position,
        )  # fmt: skip

    async def home_of(self, proof: str) -> str | None:
        """The case or account on whose stream a proof lies, None for what is no proof's id.

        A proof's id carries the digits of its home, which do not say which of both it is.
        """
        stream = stream_of(PROOFS, PROOF, proof)
        if stream is None:
            return None
        digits = stream.partition("-")[2]
        case, account = f"case-{digits}", f"account-{digits}"
        claims, _ = await self._desk.shelf.claims(case)
        cases = {one.case for one in claims.of_case.debts}
        return account if cases and case not in cases else case


def _proofs(claims: Claims) -> Iterator[tuple[ProofRecorded, ProofRetracted | None]]:
    """Each proof once, oldest day first."""
    found = {
        proof.proof: (proof, stream.retracted.get(proof.proof))
        for stream in claims.streams.values()
        for proof in stream.proofs.values()
    }
    yield from sorted(found.values(), key=lambda one: (one[0].on, one[0].proof))
