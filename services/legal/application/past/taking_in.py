"""Demands and filings of before go-live as proofs, source HISTORY: once, however often the delivery is taken in.

The debts of the case are told first where legal has not heard of them: the feed may come later than the import, and
says the same then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.legal.application.handle import LegalDesk, Meta
from services.legal.domain import commands as c
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.limitation.kinds import kinds_by_hand
from services.legal.domain.thing_ids import PROOF
from shared.eventstore.ledger import Ledger
from shared.eventstore.thing_id import thing_of

ACTOR = CLIENT = "system:import-history"
HISTORY = "HISTORY"
ADDED, UNCHANGED, REJECTED = "ADDED", "UNCHANGED", "REJECTED"
CONFLICT, NOT_OF_LAW = "history-conflict", "kind-not-of-the-law"
KIND_OF = {
    "DEMAND": "demand_delivered",
    "SUIT": "sued",
    "ARBITRATION": "arbitration_filed",
    "PAYMENT_ORDER": "payment_order_applied",
    "PRESERVATION": "preservation_applied",
    "ENFORCEMENT": "enforcement_applied",
}
ENDED_BY = {
    "ENDED": "procedure_ended",
    "WITHDRAWN": "procedure_withdrawn",
    "NOT_ACCEPTED": "procedure_not_accepted",
}


class Became(NamedTuple):
    """What became of a row: REJECTED with a stable code of why and the field. `events`: how many it added."""

    outcome: str
    reason: str | None = None
    field: str | None = None
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastProof:
    """A demand (`kind` DEMAND) or a filing. `ref`: the same for the same row, and says nothing of whom it is about.

    `to`: whereto the demand went, or the court; `all_debts`: the row named none. `retracted_on` of a demand that never
    arrived, `ended_on` of a filing, with `outcome` one of ENDED_BY.
    """

    ref: str
    kind: str
    on: date
    debts: tuple[str, ...]
    all_debts: bool
    person: str | None
    medium: str | None
    to: str | None
    evidence: str
    retracted_on: date | None = None
    reason: str | None = None
    ended_on: date | None = None
    outcome: str | None = None


class PastProofs:
    """Takes in for one tenant what bears on limitation."""

    def __init__(self, *, ledger: Ledger, tenant: str, desk: LegalDesk) -> None:
        self._ledger, self._tenant, self._desk = ledger, tenant, desk

    async def take(
        self, case: str, rows: Sequence[PastProof], *, debts: Mapping[str, date], check: bool = False
    ) -> list[Became]:
        """What becomes of each row. `debts`: those of the case, each with its first day in it.

        Raises MatterBusy, what the ledger raises.
        """
        claims = (await self._desk.load(case)).claims
        unheard = [debt for debt in debts if debt not in claims.debts]
        if unheard and rows and not check:
            facts = tuple(
                p.DebtJoined(case=case, debt=debt, on=debts[debt], source_ref=f"history:{debt}")
                for debt in unheard
            )
            key = "|".join((case, *unheard))
            await self._desk.handle(case, c.TellOfDebts(facts=facts), _meta(f"debts|{key}"))
        told: dict[str, p.ProofRecorded] = {}
        return [await self._one(case, row, claims, told, check=check) for row in rows]

    async def _one(
        self, case: str, row: PastProof, claims: Claims, told: dict[str, p.ProofRecorded], *, check: bool
    ) -> Became:
        if KIND_OF[row.kind] not in kinds_by_hand(self._desk.ground.law):
            return Became(REJECTED, NOT_OF_LAW, "kind")
        events = 0
        for proof, field in self._proofs(case, row):
            known = told.get(proof.proof) or _known(claims, proof.proof)
            if known is not None and not _same(known, proof, row):
                return Became(REJECTED, CONFLICT, field)
            if known is not None:
                continue
            told[proof.proof] = proof
            events += 1
            if not check:
                await self._desk.handle(case, c.RecordProof(proof=proof), _meta(proof.proof))
        if row.retracted_on is not None:
            events += await self._retracted(case, row, claims, check=check)
        return Became(ADDED if events else UNCHANGED, events=events)

    async def _retracted(self, case: str, row: PastProof, claims: Claims, *, check: bool) -> int:
        """The demand never arrived: it is on record, and its retraction with it."""
        assert row.retracted_on is not None, "asked only then"
        proof = self._id(case, row.ref)
        if proof in claims.of_case.retracted:
            return 0
        if not check:
            command = c.RetractProof(proof=proof, on=row.retracted_on, reason=row.reason or HISTORY, by=ACTOR)
            await self._desk.handle(case, command, _meta(f"{proof}|retracted"))
        return 1

    def _proofs(self, case: str, row: PastProof) -> list[tuple[p.ProofRecorded, str]]:
        """The row's proofs, each with the field that a conflict is about."""
        filed = row.kind != "DEMAND"
        first = self._id(case, row.ref)
        found = [(self._proof(case, row, first, KIND_OF[row.kind], row.on, first if filed else None), "ref")]
        if filed and row.ended_on is not None:
            ended = ENDED_BY[row.outcome or "ENDED"]
            proof = self._proof(case, row, self._id(case, f"{row.ref}|end"), ended, row.ended_on, first)
            found.append((proof, "ended_on"))
        return found

    def _proof(
        self, case: str, row: PastProof, proof: str, kind: str, on: date, thing: str | None
    ) -> p.ProofRecorded:
        return p.ProofRecorded(
            proof=proof, kind=kind, on=on, case=case, debts=row.debts, person=row.person, medium=row.medium,
            to=row.to, evidence=row.evidence, source=HISTORY, source_ref=row.ref, matter=None, document=None,
            by=ACTOR, thing=thing,
        )  # fmt: skip

    def _id(self, case: str, ref: str) -> str:
        made = self._ledger.command_id(CLIENT, f"proof|{case}", ref, tenant=self._tenant)
        return thing_of("case", PROOF, case, made)


def _known(claims: Claims, proof: str) -> p.ProofRecorded | None:
    return claims.of_case.proofs.get(proof)


def _same(known: p.ProofRecorded, told: p.ProofRecorded, row: PastProof) -> bool:
    """Does the record say the same? Debts that joined the case since are no other content."""
    names = ("kind", "on", "person", "medium", "to", "evidence", "source_ref", "thing")
    same = all(getattr(known, name) == getattr(told, name) for name in names)
    return same and (row.all_debts or known.debts == told.debts)


def _meta(key: str) -> Meta:
    return Meta(actor=ACTOR, client=CLIENT, key=key)
