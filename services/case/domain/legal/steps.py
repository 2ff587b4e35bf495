"""What follows for a case from a word of the legal service: who handles it, and what it adds to the balance.

| legal says | and here |
|---|---|
| a matter was opened by hand, or goes on | the case is referred; LegalReferralRefused where that is forbidden |
| the matter is closed | its referral ends, with the outcome |
| a cost that the debtor bears, or none any more | a charge for the difference to what was charged for it before |

Whatever it says stands on the case's timeline.
"""

from collections.abc import Collection, Iterator, Sequence

from services.case.domain import events as e
from services.case.domain import mode
from services.case.domain.case_commands import ReferToLegal
from services.case.domain.case_facts import CaseFacts
from services.case.domain.facts.legal import LegalReferralRefused, LegalStepReported
from services.case.domain.legal.commands import HearLegal
from shared.kernel.parts import Parts

OPENED, CLOSED, REOPENED, COST, COST_REVERSED = "OPENED", "CLOSED", "REOPENED", "COST", "COST_REVERSED"
LIMITATION, DEADLINE = "LIMITATION", "DEADLINE"
DEBTOR = "DEBTOR"
TAKEN_UP = "TAKEN_UP_BY_LEGAL"
"""Why a case was referred that the legal service had taken up already: it need not do so again."""
CLOSED_CASE = "case-not-open"
BY = "system:hears-legal"


def hear(
    facts: CaseFacts,
    now_mode: str,
    holds: Collection[str],
    owed: Parts,
    debts: Sequence[str],
    ask: HearLegal,
    *,
    is_open: bool,
) -> tuple[e.CaseEvent, ...]:
    """What is told, and what follows; nothing where it was heard before."""
    if facts.one(LegalStepReported, ask.told):
        return ()
    referral, charge, follows = ask.referral, None, list[e.CaseEvent]()
    if ask.what == REOPENED or (ask.what == OPENED and ask.referral is None):
        taken = _taken_up(facts, now_mode, holds, owed, ask, is_open=is_open)
        referral = next((one.referral for one in taken if isinstance(one, e.LegalReferred)), referral)
        follows += taken
    elif ask.what == CLOSED:
        follows += _ended(facts, ask)
    elif ask.what in (COST, COST_REVERSED) and is_open:
        booked = _charged(facts, owed.currency, debts, ask)
        charge = ask.charge_ref if booked else None
        follows += booked
    said = LegalStepReported(
        told=ask.told, what=ask.what, matter=ask.matter, referral=referral, on=ask.on, thing=ask.thing,
        code=ask.code, track_kind=ask.track_kind, amount=ask.amount, borne_by=ask.borne_by, due_on=ask.due_on,
        within=ask.within, charge=charge, retracted=ask.retracted,
    )  # fmt: skip
    return (said, *follows)


def _taken_up(
    facts: CaseFacts, now_mode: str, holds: Collection[str], owed: Parts, ask: HearLegal, *, is_open: bool
) -> tuple[e.CaseEvent, ...]:
    """The case is the legal service's, unless it is already, or may not be."""
    if now_mode == mode.LEGAL:
        return ()
    refused, because = CLOSED_CASE, list[str]()
    if is_open:
        wanted = ReferToLegal(ref=ask.ref, on=ask.on, reason=TAKEN_UP, by=BY)
        try:
            return mode.refer(facts, now_mode, holds, owed, wanted)
        except (mode.ModeNotFree, mode.HoldForbidsHandover) as problem:
            refused = problem.code
            if isinstance(problem, mode.HoldForbidsHandover):
                because = sorted(mode.BLOCK_REFERRAL.intersection(holds))
    matter = ask.matter or ""
    return (
        LegalReferralRefused(told=ask.told, matter=matter, on=ask.on, reason=refused, because=tuple(because)),
    )


def _ended(facts: CaseFacts, ask: HearLegal) -> Iterator[e.CaseEvent]:
    """Every referral of the matter that runs ends: its own, and those that followed when it was opened or reopened."""
    ours = {ask.referral} | {one.referral for one in facts.all(LegalStepReported) if one.matter == ask.matter}
    for ref, view in mode.referrals(facts).items():
        if ref in ours and view.status == mode.LIVE:
            yield e.LegalReferralEnded(referral=ref, on=max(ask.on, view.from_), outcome=ask.code or CLOSED)


def _charged(
    facts: CaseFacts, currency: str, debts: Sequence[str], ask: HearLegal
) -> tuple[e.CaseEvent, ...]:
    """What the debtor bears of the cost by now, less what was charged for it: on the first debt of the case.

    A cost in another currency than the case's is on the timeline alone.
    """
    if ask.amount is None or ask.amount.currency != currency:
        return ()
    before = [
        charged
        for one in facts.all(LegalStepReported)
        if one.thing == ask.thing and one.charge is not None
        if (charged := facts.one(e.ChargeBooked, one.charge)) is not None
    ]
    account = before[0].account if before else next(iter(debts), None)
    bears = ask.what == COST and ask.borne_by == DEBTOR and not ask.retracted
    change = (ask.amount.minor if bears else 0) - sum(one.amounts.costs for one in before)
    if account is None or not change:
        return ()
    return (
        e.ChargeBooked(
            charge=ask.charge_ref, account=account, on=ask.on, amounts=Parts(change, 0, 0, 0, currency),
            reason=f"LEGAL_{ask.code or COST}",
        ),
    )  # fmt: skip
