"""On which proof a period stands worst: without it the claim would be over earlier, and it is the poorest of those."""

from dataclasses import dataclass
from datetime import date

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.pack import AnyClock
from services.legal.domain.clocks.reading import (
    HELD,
    IN_PROCEDURE,
    RESTART,
    START,
    SUSPENDED,
    SUSPENDS,
    WAIVES,
    Link,
    Reading,
)
from services.legal.domain.clocks.running import read_clock
from shared.kernel.evidence import BANK_RECORD, COURT_PAPER, SIGNED, Grade, rank_of

REGISTERED_LETTER, SIGNED_PAPER, BANK_STATEMENT, COURT_RECEIPT = (
    "REGISTERED_LETTER", "SIGNED_PAPER", "BANK_STATEMENT", "COURT_RECEIPT",
)  # fmt: skip
BETTER: dict[str, Grade] = {
    REGISTERED_LETTER: Grade(
        "a demand by registered letter that the person signs for",
        "以挂号信或特快专递送达催款通知，由本人签收",
    ),
    SIGNED_PAPER: Grade(
        "a paper on which the person acknowledges it and signs", "由本人签署的确认书或还款承诺"
    ),
    BANK_STATEMENT: Grade("the bank's record of the payment", "该笔款项的银行流水"),
    COURT_RECEIPT: Grade("the court's or tribunal's receipt", "法院或仲裁机构的收件回执或受理通知"),
}
"""What would prove it better, by a code."""
_ADVICE = {
    **dict.fromkeys(
        ("demand_delivered", "public_demand", "assignment_notice_delivered", "guarantor_called"),
        (REGISTERED_LETTER, SIGNED),
    ),
    **dict.fromkeys(
        ("promise", "plan_agreed", "settlement_accepted", "written_consent", "co_debtor_consent"),
        (SIGNED_PAPER, SIGNED),
    ),
    **dict.fromkeys(("part_payment", "account_debited"), (BANK_STATEMENT, BANK_RECORD)),
}
_BEARING = frozenset({RESTART, HELD, WAIVES, SUSPENDS})


@dataclass(frozen=True, slots=True)
class Weakest:
    """The proof `fact.id`; `better`: what would prove it better (BETTER), None where nothing would.

    `without` is what the clock would say without it.
    """

    fact: ClockFact
    better: str | None
    without: Reading


def weakest(clock: AnyClock, facts: tuple[ClockFact, ...], reading: Reading, as_of: date) -> Weakest | None:
    """The weakest proof on which the reading stands, None where no single one bears it.

    What started it is none: of a guarantor's limitation that is the call, which the guarantee period rests on.
    """
    began = {link.fact.id for link in reading.chain if link.effect == START}
    bears: list[tuple[ClockFact, Reading]] = []
    for at, link in enumerate(reading.chain):
        if link.effect not in _BEARING or link.fact.id in {None, *began} or _replaced(reading.chain, at):
            continue
        without = read_clock(clock, tuple(one for one in facts if one.id != link.fact.id), as_of)
        if _worth(without) < _worth(reading):
            bears.append((link.fact, without))
    if not bears:
        return None
    fact, without = max(bears, key=lambda one: (rank_of(one[0].evidence), -_worth(one[1]).toordinal()))
    return Weakest(fact, better_than(fact), without)


def better_than(fact: ClockFact) -> str | None:
    """What would prove it better, a code of BETTER."""
    advice, grade = _ADVICE.get(fact.kind, (COURT_RECEIPT, COURT_PAPER))
    if fact.kind == "obstacle_began":
        return None
    return advice if rank_of(fact.evidence) > rank_of(grade) else None


def _worth(reading: Reading) -> date:
    """How long the claim lives by a reading; one that stands still lives on."""
    if reading.state in (IN_PROCEDURE, SUSPENDED):
        return date.max
    return reading.raw_on or date.min


def _replaced(chain: tuple[Link, ...], at: int) -> bool:
    """Would the next restart have been in time without this one? Then nothing rests on it, and no reading is needed."""
    if at == 0 or at + 1 == len(chain):
        return False
    before, here, after = chain[at - 1 : at + 2]
    if here.effect != RESTART or after.effect != RESTART or before.raw_on is None:
        return False
    return after.fact.on <= before.raw_on
