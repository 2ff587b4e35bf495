"""What a contact of ours means for limitation: a demand that arrived restarts the period (Civil Code 195(1)).

A message arrived where its provider, or the post, says so; a talk where the debtor was spoken with. What is known later
of a contact replaces what was known before: a proof that no longer holds is retracted, and comes back if it does again.
"""

from datetime import datetime

from services.legal.domain import commands as c
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.told.said import BY, CONTACT, Said, proof
from shared.kernel.clock import day_in
from shared.kernel.evidence import CARRIER, DATA_REACHED, RECORDING, STATED

DELIVERED, TALK = "DELIVERED", "conversation"
BY_POST = ("letter",)
BY_DATA = ("sms", "email", "im")


def follow(said: Said, claims: Claims, *, zone: str) -> tuple[c.ProofCommand, ...]:
    """The commands about one case that follow; `zone`: where its days are days. Raises KeyError, ValueError."""
    target = _target(said, claims, zone)
    prefix = f"{said.data['attempt']}|"
    stream = claims.of_case
    ours = [
        one for one in stream.proofs.values() if one.source == CONTACT and one.source_ref.startswith(prefix)
    ]
    on = day_in(datetime.fromisoformat(said.data["at"]), zone)
    reason = "CONTACT_RETRACTED" if said.data["retracted"] else "CONTACT_REVISED"
    found: list[c.ProofCommand] = [
        c.RetractProof(proof=one.proof, on=on, reason=reason, by=BY)
        for one in ours
        if one.proof not in stream.retracted and (target is None or one.proof != target.proof.proof)
    ]
    if target is None:
        return tuple(found)
    known = target.proof.proof
    if known not in stream.proofs:
        return (*found, target)
    if known in stream.retracted:
        found.append(c.RestoreProof(proof=known, on=on, reason="CONTACT_REVISED", by=BY))
    return tuple(found)


def _target(said: Said, claims: Claims, zone: str) -> c.RecordProof | None:
    """The proof that stands by what is known now; None where the contact proves no demand for debts of the case."""
    data = said.data
    grade = evidence(said)
    if grade is None:
        return None
    debts = tuple(debt for debt in data["debts"] if debt in claims.debts)
    if data["debts"] and not debts:
        return None
    on = day_in(datetime.fromisoformat(data.get("delivered_at") or data["began_at"]), zone)
    made = proof(
        claims.case, kind="demand_delivered", on=on, evidence=grade, source=CONTACT, debts=debts,
        person=data["person"], medium=data["channel"], to=data["role"],
        source_ref="|".join((data["attempt"], on.isoformat(), grade, *debts)),
    )  # fmt: skip
    return c.RecordProof(proof=made)


def evidence(said: Said) -> str | None:
    """What proves that the demand arrived; None where it was none, or did not arrive."""
    data = said.data
    if not data.get("demand") or data["retracted"] or data["misdirected"]:
        return None
    channel, outcome = data["channel"], data["outcome"]
    if channel in BY_POST:
        return CARRIER if outcome == DELIVERED else None
    if channel in BY_DATA:
        return DATA_REACHED if outcome == DELIVERED else None
    if outcome != TALK:
        return None
    return RECORDING if data["recorded"] else STATED
