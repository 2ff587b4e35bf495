"""What bears on one debt, and on whom: proofs that stand, who owes with the debtor, who guarantees, what fell due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.pack import LawPack, Restarting
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims
from shared.kernel.evidence import BOOK

CO_DEBTOR_CONSENT = "co_debtor_consent"
"""A joint debtor's written consent, for the others: an agreement while the period runs, and no waiver of theirs."""


@dataclass(frozen=True)
class OneDebt:
    """A debt within its claims, as of the end of a day.

    A retraction that is known counts for all the past: what was retracted never was. What was not known yet on a day
    is asked by leaving out what was recorded later.
    """

    claims: Claims
    law: LawPack
    debt: str
    as_of: date

    @cached_property
    def proofs(self) -> tuple[p.ProofRecorded, ...]:
        """The proofs that stand and concern the debt, each once; also those whose day is still to come."""
        gone = {proof for stream in self.claims.streams.values() for proof in stream.retracted}
        found = {
            proof.proof: proof
            for about, stream in self.claims.streams.items()
            for proof in stream.proofs.values()
            if proof.proof not in gone and self._concerns(about, proof)
        }
        return tuple(found.values())

    def _concerns(self, about: str, proof: p.ProofRecorded) -> bool:
        if proof.debts or about == self.debt:
            return self.debt in proof.debts or not proof.debts
        return self.in_case(about, max(min(proof.on, self.as_of), self._begun.get(about, date.min)))

    @cached_property
    def _begun(self) -> dict[str, date]:
        """case -> when the first debt joined it: what is proved of an earlier day concerns those it began with."""
        found: dict[str, date] = {}
        for stream in self.claims.streams.values():
            for one in stream.debts:
                if isinstance(one, p.DebtJoined):
                    found[one.case] = min(one.on, found.get(one.case, one.on))
        return found

    def in_case(self, case: str, on: date) -> bool:
        """Was the debt in that case on that day? One that left and came back on a day was in it."""
        moved = [one for one in self._moves if one.case == case and one.on <= on]
        last = max(moved, key=lambda one: (one.on, isinstance(one, p.DebtJoined)), default=None)
        return isinstance(last, p.DebtJoined)

    def left(self, case: str) -> bool:
        """Has it left that case by now? One that is to join it has not."""
        moved = any(
            one.case == case and isinstance(one, p.DebtLeft) and one.on <= self.as_of for one in self._moves
        )
        return moved and not self.in_case(case, self.as_of)

    @cached_property
    def _moves(self) -> tuple[p.DebtJoined | p.DebtLeft, ...]:
        return tuple(
            one for stream in self.claims.streams.values() for one in stream.debts if one.debt == self.debt
        )

    # -- who

    @cached_property
    def _roles(self) -> tuple[p.GuaranteeTold | p.JointDebtorTold | p.RoleTaken, ...]:
        found = (one for stream in self.claims.streams.values() for one in stream.roles)
        return tuple(one for one in found if one.debt == self.debt)

    def _until(self, told: p.GuaranteeTold | p.JointDebtorTold) -> date:
        """The day from which the role is theirs no longer."""
        return min(
            (
                one.on
                for one in self._roles
                if isinstance(one, p.RoleTaken) and one.role_ref == told.source_ref and one.on >= told.on
            ),
            default=date.max,
        )

    @cached_property
    def joint(self) -> dict[str, date]:
        """Who owes it with the debtor -> the day from which they do so no longer."""
        told = (one for one in self._roles if isinstance(one, p.JointDebtorTold))
        return {one.person: self._until(one) for one in told}

    @cached_property
    def guarantors(self) -> tuple[p.GuaranteeTold, ...]:
        """Who guarantees it now, by the latest word about each."""
        told = {one.person: one for one in self._roles if isinstance(one, p.GuaranteeTold)}
        return tuple(one for one in told.values() if self._until(one) > self.as_of)

    def owes(self, person: str | None, on: date) -> bool:
        """Are they the debtor, or did they owe it with the debtor that day?"""
        return person is None or on < self.joint.get(person, date.min)

    # -- facts

    def of_debtors(self, person: str | None) -> Iterator[ClockFact]:
        """What bears on the debtor or a joint debtor: what restarts for one restarts for all (规定 15).

        A waiver, an obstacle and a title are only theirs whom they concern. `person` may be somebody of no role: what
        concerns them and the debtors counts.
        """
        pack = self._named(self.law.limitation.clock)
        waivers, own = self._own_kinds(pack)
        for proof in self.proofs:
            towards = (proof.person, *proof.others)
            if self._ends_something(pack, proof):
                yield fact_of(proof)
            elif not any(one == person or self.owes(one, proof.on) for one in towards):
                continue
            elif person in towards or proof.kind not in own:
                yield fact_of(proof)
            elif proof.kind in waivers:
                yield fact_of(proof, kind=CO_DEBTOR_CONSENT)

    def of_guarantor(self, person: str) -> Iterator[ClockFact]:
        """What bears on what a guarantor owes: only what concerns themselves."""
        pack = self._named(self.law.limitation.guarantee_clock)
        for proof in self.proofs:
            if self._ends_something(pack, proof) or person in (proof.person, *proof.others):
                yield fact_of(proof)

    def _named(self, clock: str | None) -> Restarting | None:
        found = None if clock is None else self.law.named(clock)
        return found if isinstance(found, Restarting) else None

    def _own_kinds(self, pack: Restarting | None) -> tuple[frozenset[str], frozenset[str]]:
        """(waivers, all kinds that concern only the person they name)."""
        titles = self.law.limitation.title_starts
        if pack is None:
            return frozenset(), frozenset(titles)
        return frozenset(pack.waivers), frozenset((*pack.waivers, *pack.obstacles, *titles))

    @staticmethod
    def _ends_something(pack: Restarting | None, proof: p.ProofRecorded) -> bool:
        """An end that names what it ends finds that by name, whomever it is towards."""
        if pack is None or proof.thing is None:
            return False
        return proof.kind in (*pack.procedure_ends, *pack.obstacle_ends, *pack.undoings)

    def instalments(self) -> tuple[ClockFact, ...]:
        """The days on which the book says that parts of it fall due, oldest first, those to come among them."""
        book = {
            name: due
            for about, stream in self.claims.streams.items()
            if about == self.debt
            for name, due in stream.instalments.items()
        }
        found = (
            ClockFact(kind="last_instalment_due", on=due, id=name, evidence=BOOK)
            for name, due in book.items()
        )
        return tuple(sorted(found, key=lambda one: (one.on, one.id or "")))


def fact_of(proof: p.ProofRecorded, *, kind: str | None = None) -> ClockFact:
    """A proof as a clock is told of it."""
    return ClockFact(
        kind=kind or proof.kind, on=proof.on, id=proof.proof, to=proof.to, medium=proof.medium,
        evidence=proof.evidence, thing=proof.thing,
    )  # fmt: skip
