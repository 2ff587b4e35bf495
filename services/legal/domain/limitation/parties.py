"""A matter's party who guarantees or owes with the debtor, told to limitation where the book said nothing of them."""

from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims

GUARANTOR, JOINT_DEBTOR = "GUARANTOR", "JOINT_DEBTOR"
Told = p.GuaranteeTold | p.JointDebtorTold


def told_of(claims: Claims, party: m.PartyNamed) -> dict[str, tuple[p.ProofEvent, ...]]:
    """debt -> the role of a party that was just named, for debts of which the case service said none.

    What the matter said of the same party before is replaced; what the book said stands.
    """
    found: dict[str, tuple[p.ProofEvent, ...]] = {}
    for debt in party.debts or claims.debts:
        fact = _role(party, debt)
        if fact is None:
            continue
        before = [
            one for one in _roles(claims, debt) if one.person == fact.person and type(one) is type(fact)
        ]
        by_others = any(one.source_ref != party.party for one in before)
        if not by_others and fact not in before[-1:]:
            found[debt] = (fact,)
    return found


def taken_of(claims: Claims, dropped: m.PartyDropped) -> dict[str, tuple[p.ProofEvent, ...]]:
    """debt -> that the role is theirs no longer, where the matter had said it: once."""
    found: dict[str, tuple[p.ProofEvent, ...]] = {}
    for debt in claims.debts:
        mine = [
            one
            for one in _all(claims, debt)
            if dropped.party == (one.role_ref if isinstance(one, p.RoleTaken) else one.source_ref)
        ]
        if mine and not isinstance(mine[-1], p.RoleTaken):
            found[debt] = (
                p.RoleTaken(role_ref=dropped.party, debt=debt, on=dropped.on, source_ref=dropped.party),
            )
    return found


def _role(party: m.PartyNamed, debt: str) -> Told | None:
    if party.person is None:
        return None
    if party.role == GUARANTOR:
        return p.GuaranteeTold(
            person=party.person, debt=debt, form=party.guarantee or "", until=party.until, on=party.on,
            source_ref=party.party,
        )  # fmt: skip
    if party.role == JOINT_DEBTOR:
        return p.JointDebtorTold(person=party.person, debt=debt, on=party.on, source_ref=party.party)
    return None


def _all(claims: Claims, debt: str) -> list[Told | p.RoleTaken]:
    return [one for stream in claims.streams.values() for one in stream.roles if one.debt == debt]


def _roles(claims: Claims, debt: str) -> list[Told]:
    return [one for one in _all(claims, debt) if not isinstance(one, p.RoleTaken)]
