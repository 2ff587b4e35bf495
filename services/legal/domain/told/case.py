"""What an event of the case service means for limitation: who is in the case, what fell due, what restarts the period.

| the case service says | and here |
|---|---|
| a case is opened, a debt joins or leaves it | DebtJoined, DebtLeft; `performance_due`, by the days past due |
| an instalment is in the book, or no longer | InstalmentTold: the last one's day starts the period (Civil Code 189) |
| a promise, a plan, a settlement that was paid | `promise`, `plan_agreed`, `settlement_accepted` (Civil Code 195(2)) |
| money came in, or went back | `part_payment` (limitation provisions 14), retracted by any return |
| a guarantor or joint debtor has a role, or not | GuaranteeTold, JointDebtorTold, RoleTaken |
| a fact is from before go-live | EvidenceTold: what the next fact about the same thing rests on |

A return that took back a part of a payment takes the proof as well: what is left of it may be recorded by hand.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from services.legal.domain import commands as c
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims, Proofs
from services.legal.domain.told.said import BY, CASE, Said, proof, proof_id
from shared.kernel.evidence import BANK_RECORD, BOOK, SIGNED, STATED, SYSTEM_LOG

A_DAY = timedelta(days=1)
OF_THE_DEBTOR = frozenset({"DEBTOR", "JOINT_DEBTOR", "REPRESENTATIVE", "ATTORNEY"})
"""Whose promise binds the debtor: somebody else's is no acknowledgment of the debt."""
BANKS = frozenset({"BANK_TRANSFER", "BANK", "DIRECT_DEBIT", "CARD"})
"""Channels of payments that a bank has a record of."""
GENERAL = "GENERAL"
"""A guarantee whose form was not agreed (Civil Code 686)."""
NEVER_WAS = frozenset({"ENTERED_IN_ERROR", "DATA_ERROR"})
"""Reasons for which a promise that is cancelled never was one."""
Commands = tuple[c.ProofCommand, ...]


def follow(said: Said, claims: Claims) -> Commands:
    """The commands that follow, in order; `claims`: of the case or account it stands on.

    Raises KeyError, ValueError for what cannot be read.
    """
    rule = _RULES.get(said.name)
    return () if rule is None else rule(said, claims)


def _told(*facts: Any) -> Commands:
    return (c.TellOfDebts(facts=facts),) if facts else ()


# -- what is in the case


def _opened(said: Said, claims: Claims) -> Commands:
    on = said.day("as_of")
    debts = [debt for debt in said.data["debts"] if not _inside(claims, debt)]
    joined = (p.DebtJoined(case=said.about, debt=debt, on=on, source_ref=said.event) for debt in debts)
    due = (_due(said, debt, on) for debt in said.data["debts"])
    return (*_told(*joined), *(one for many in due for one in many))


def _attached(said: Said, claims: Claims) -> Commands:
    debt, on = said.data["account"], said.day("on")
    joined = p.DebtJoined(case=said.about, debt=debt, on=on, source_ref=said.event)
    return (*_told(*(() if _inside(claims, debt) else (joined,))), *_due(said, debt, on))


def _detached(said: Said, claims: Claims) -> Commands:
    debt = said.data["account"]
    return _told(p.DebtLeft(case=said.about, debt=debt, on=said.day("on"), source_ref=said.event))


def _inside(claims: Claims, debt: str) -> bool:
    moves = [one for one in claims.of_case.debts if one.debt == debt]
    return bool(moves) and isinstance(moves[-1], p.DebtJoined)


def _due(said: Said, debt: str, as_of: date) -> Commands:
    """By the days past due; a debt that has instalments in the book counts from the last of these instead."""
    days = int(said.data["days_past_due"])
    if days < 1:
        return ()
    on = as_of - timedelta(days=days)
    return (
        c.RecordProof(
            proof=proof(
                said.about, kind="performance_due", on=on, evidence=BOOK, debts=(debt,),
                source_ref=f"{said.about}|due|{debt}|{on}",
            )
        ),
    )  # fmt: skip


def _scheduled(said: Said, claims: Claims) -> Commands:
    return _instalment(said, said.day("due"))


def _withdrawn(said: Said, claims: Claims) -> Commands:
    known = claims.streams.get(said.about, Proofs())
    return _instalment(said, None) if str(said.data["instalment"]) in known.instalments else ()


def _instalment(said: Said, due: date | None) -> Commands:
    return _told(
        p.InstalmentTold(
            debt=said.about, instalment=str(said.data["instalment"]), due=due, on=said.day("on"),
            source_ref=said.event,
        )
    )  # fmt: skip


# -- who owes


def _linked(said: Said, claims: Claims) -> Commands:
    data, on = said.data, said.day("on")
    person = data.get("person") or person_of(data["party"])
    if data["kind"] == "GUARANTOR":
        last = None if data["until"] is None else said.day("until") - A_DAY
        return _told(
            p.GuaranteeTold(
                person=person, debt=said.about, form=data["guarantee"] or GENERAL, until=last, on=on,
                source_ref=data["role"],
            )
        )  # fmt: skip
    if data["kind"] == "JOINT_DEBTOR":
        return _told(p.JointDebtorTold(person=person, debt=said.about, on=on, source_ref=data["role"]))
    return ()


def person_of(party: str) -> str:
    """Who somebody is of whom the book's reference was never told: by the party's own stream, always the same."""
    return f"prs_{party.partition('-')[2].replace('-', '')}"


def _ended(said: Said, claims: Claims) -> Commands:
    known = claims.streams.get(said.about, Proofs())
    if not any(getattr(one, "source_ref", None) == said.data["role"] for one in known.roles):
        return ()
    return _told(
        p.RoleTaken(role_ref=said.data["role"], debt=said.about, on=said.day("on"), source_ref=said.event)
    )


# -- what restarts the period


def _promised(said: Said, claims: Claims) -> Commands:
    if said.data["given_by"] not in OF_THE_DEBTOR:
        return ()
    return _proved(said, claims, "promise", said.day("on"), said.data["promise"], STATED)


def _amended(said: Said, claims: Claims) -> Commands:
    """Who changed a promise gave their word again; of one that was not the debtor's nothing is on record."""
    promise = said.data["promise"]
    if not _on_record(claims, proof_id(said.about, CASE, promise)):
        return ()
    ref = f"{promise}|{said.data['revision']}"
    return _proved(said, claims, "promise", said.day("on"), ref, STATED, thing=promise)


def _cancelled(said: Said, claims: Claims) -> Commands:
    if said.data["reason"] not in NEVER_WAS:
        return ()
    return _gone(said, claims, said.data["promise"], said.day("on"), "ENTERED_IN_ERROR")


def _agreed(said: Said, claims: Claims) -> Commands:
    """A plan is agreed in writing: the supplement is signed."""
    return _proved(said, claims, "plan_agreed", said.day("on"), said.data["plan"], SIGNED)


def _settled(said: Said, claims: Claims) -> Commands:
    """Who pays a settlement has accepted it, and owed what it ends."""
    ref = said.data["settlement"]
    if _on_record(claims, found := proof_id(said.about, CASE, ref)):
        return (c.RestoreProof(proof=found, on=said.day("as_of"), reason="PAID_AGAIN", by=BY),)
    return _proved(said, claims, "settlement_accepted", said.day("as_of"), ref, SYSTEM_LOG)


def _defaulted(said: Said, claims: Claims) -> Commands:
    return _gone(said, claims, said.data["settlement"], said.day("as_of"), "SETTLEMENT_DEFAULTED")


def _paid(said: Said, claims: Claims) -> Commands:
    """Of money known by a period only, its first day: the period cannot have restarted earlier than is proved."""
    data, on = said.data, said.day("period_from")
    ref = data.get("payment") or f"{data['account']}|{data['period_from']}|{data['period_until']}"
    debts = () if data["account"] is None else (data["account"],)
    grade = (
        BOOK if data.get("payment") is None else BANK_RECORD if data.get("channel") in BANKS else SYSTEM_LOG
    )
    return _proved(said, claims, "part_payment", on, ref, grade, debts=debts)


def _returned(said: Said, claims: Claims) -> Commands:
    return _gone(said, claims, said.data["payment"], said.day("on"), "PAYMENT_RETURNED")


def _history(said: Said, claims: Claims) -> Commands:
    data = said.data
    return _told(
        p.EvidenceTold(
            case=said.about, thing=data["thing"], fact=data["fact"], on=said.day("on"),
            evidence=data["evidence"], source_ref=said.event,
        )
    )  # fmt: skip


def _proved(
    said: Said,
    claims: Claims,
    kind: str,
    on: date,
    ref: str,
    grade: str,
    *,
    thing: str | None = None,
    debts: tuple[str, ...] = (),
) -> Commands:
    """The proof; what was said of the evidence of a fact from before go-live counts before our own grade."""
    told = claims.of_case.evidence.get((thing or ref, said.name))
    made = proof(said.about, kind=kind, on=on, evidence=told or grade, source_ref=ref, debts=debts)
    return (c.RecordProof(proof=made),)


def _on_record(claims: Claims, proof: str) -> bool:
    return proof in claims.of_case.proofs


def _gone(said: Said, claims: Claims, ref: str, on: date, reason: str) -> Commands:
    """The proof under that reference does not stand; nothing where there is none."""
    found = proof_id(said.about, CASE, ref)
    if not _on_record(claims, found) or found in claims.of_case.retracted:
        return ()
    return (c.RetractProof(proof=found, on=on, reason=reason, by=BY),)


_RULES: Mapping[str, Callable[[Said, Claims], Commands]] = {
    "HistoryTaken": _history,
    "CaseOpened": _opened,
    "DebtAttached": _attached,
    "DebtDetached": _detached,
    "InstalmentScheduled": _scheduled,
    "InstalmentWithdrawn": _withdrawn,
    "RoleLinked": _linked,
    "RoleEnded": _ended,
    "PromiseToPay": _promised,
    "PromiseAmended": _amended,
    "PromiseCancelled": _cancelled,
    "PlanAgreed": _agreed,
    "Settled": _settled,
    "SettlementDefaulted": _defaulted,
    "PaymentReceived": _paid,
    "PaymentReturned": _returned,
}
HEARD = tuple(_RULES)
"""What is heard of limitation; referrals are heard beside it (application/told/case.py)."""
