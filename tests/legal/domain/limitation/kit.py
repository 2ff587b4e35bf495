"""Claims of one case as tests make them: two debts, a joint debtor, guarantors, and proofs by a word each."""

from datetime import date
from typing import Any

from services.legal.adapters.law_files import shipped
from services.legal.domain.clocks.pack import LawPack
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims, fold_proofs
from services.legal.domain.limitation.reading import DebtReading, limitation

CASE, EARLIER = "case-1", "case-0"
DEBT, OTHER = "account-1", "account-2"
JOINT, GENERAL_GUARANTOR, JOINT_GUARANTOR = "prs_joint", "prs_general", "prs_guarantor"
BEGAN = date(2019, 1, 7)


def day(text: str) -> date:
    return date.fromisoformat(text)


def proof(name: str, kind: str, on: str | date, **more: Any) -> p.ProofRecorded:
    """A proof of that name."""
    told = {
        "case": CASE, "debts": (), "person": None, "medium": None, "to": None, "evidence": "DATA_REACHED",
        "source": "HAND", "source_ref": name, "matter": None, "document": None, "by": "user:lin", **more,
    }  # fmt: skip
    when = on if isinstance(on, date) else day(on)
    return p.ProofRecorded(proof=name, kind=kind, on=when, **told)


def retracted(name: str, on: str = "2026-11-20") -> p.ProofRetracted:
    return p.ProofRetracted(proof=name, on=day(on), reason="FORGED", by="user:lin")


def restored(name: str, on: str = "2026-11-21") -> p.ProofRestored:
    return p.ProofRestored(proof=name, on=day(on), reason="CHECKED_AGAIN", by="user:lin")


def joint(person: str = JOINT, debt: str = DEBT) -> p.JointDebtorTold:
    return p.JointDebtorTold(person=person, debt=debt, on=BEGAN, source_ref=f"joint:{person}")


def guarantee(person: str, form: str, until: str | None = None, debt: str = DEBT) -> p.GuaranteeTold:
    return p.GuaranteeTold(
        person=person, debt=debt, form=form, until=None if until is None else day(until), on=BEGAN,
        source_ref=f"guarantee:{person}",
    )  # fmt: skip


def joined(debt: str, on: date | str = BEGAN, case: str = CASE) -> p.DebtJoined:
    when = on if isinstance(on, date) else day(on)
    return p.DebtJoined(case=case, debt=debt, on=when, source_ref=f"{case}:{debt}")


def left(debt: str, on: str, case: str = CASE) -> p.DebtLeft:
    return p.DebtLeft(case=case, debt=debt, on=day(on), source_ref=f"left:{case}:{debt}")


def claims(*of_case: Any, debts: tuple[str, ...] = (DEBT,), **streams: list[Any]) -> Claims:
    """`of_case` is recorded of the case, `account_1`, `case_0` … of what is so named."""
    members = [joined(debt) for debt in debts]
    found = {CASE: [*members, *of_case]}
    for one in members:
        found[one.debt] = [one]
    for name, events in streams.items():
        found.setdefault(name.replace("_", "-"), []).extend(events)
    return Claims(CASE, {about: fold_proofs(events) for about, events in found.items()})


def cn() -> LawPack:
    return shipped()["cn.law"]


def read(
    known: Claims,
    *,
    as_of: str = "2026-11-22",
    person: str | None = None,
    debt: str = DEBT,
    period: str | None = None,
) -> DebtReading:
    """The reading that governs (or that of a period) of one debt against one person."""
    [found] = [
        one
        for one in limitation(known, cn(), as_of=day(as_of))
        if one.debt == debt
        and one.person == person
        and (one.governs if period is None else one.what == period)
    ]
    return found
