"""legal.limitation: how many debts a second one process reads the limitation of, without a store around it."""

import time
from datetime import date
from statistics import median

from services.legal.adapters.law_files import shipped
from services.legal.domain.clocks.pack import LawPack
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims, fold_proofs
from services.legal.domain.limitation.reading import limitation
from services.main.bench.figures import Figure

CASE, DEBT = "case-00000000-0000-8000-8000-000000000001", "account-00000000-0000-8000-8000-000000000001"
DUE, AS_OF = date(2023, 3, 15), date(2026, 11, 22)
FEW, MANY = 20, 500
"""Proofs: an ordinary case, and one that was written to every second day for years."""
READ, QUICK = 400, 5
ROUNDS = 3


def readings(*, quick: bool) -> list[Figure]:
    """legal.limitation: readings a second of a debt with a guarantor, by how many proofs it has."""
    law = shipped()["cn.law"]
    count = QUICK if quick else READ
    return [
        Figure(
            "legal.limitation",
            f"{proofs} proofs",
            round(median(_rates(law, _claims(proofs), count))),
            "readings/s",
        )
        for proofs in (FEW, MANY)
    ]


def _rates(law: LawPack, claims: Claims, count: int) -> list[float]:
    """Readings a second, a figure a round. Raises AssertionError where a proof is missing from the chain."""
    read = limitation(claims, law, as_of=AS_OF)
    if len(read[0].chain) != len(claims.of_case.proofs):
        raise AssertionError("the chain leaves a proof out")
    return [_one_round(law, claims, count) for _ in range(ROUNDS)]


def _one_round(law: LawPack, claims: Claims, count: int) -> float:
    started = time.perf_counter()
    for _ in range(count):
        limitation(claims, law, as_of=AS_OF)
    return count / (time.perf_counter() - started)


def _claims(count: int) -> Claims:
    """A case with one debt, and that many proofs: a due date, then demands and part payments in turn."""
    events: list[p.ProofEvent] = [
        p.DebtJoined(case=CASE, debt=DEBT, on=DUE, source_ref="1"),
        p.GuaranteeTold(person="prs_1", debt=DEBT, form="JOINT", until=None, on=DUE, source_ref="1"),
        _proof("performance_due", 0, DUE),
    ]
    step = (AS_OF - DUE) / count
    events += [
        _proof(("demand_delivered", "part_payment")[number % 2], number, DUE + number * step)
        for number in range(1, count)
    ]
    return Claims(CASE, {CASE: fold_proofs(events)})


def _proof(kind: str, number: int, on: date) -> p.ProofRecorded:
    return p.ProofRecorded(
        proof=f"prf_{number}", kind=kind, on=on, case=CASE, debts=(), person=None, medium="sms", to=None,
        evidence="DATA_REACHED", source="HAND", source_ref=str(number), matter=None, document=None, by="bench",
    )  # fmt: skip
