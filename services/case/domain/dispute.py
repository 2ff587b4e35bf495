"""Disputes: from the day one is received collecting of the disputed part stops, until it is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_commands import RaiseDispute, ResolveDispute
from services.case.domain.case_facts import CaseFacts
from services.case.domain.payment import of_case, positive
from services.case.domain.policy import LifePolicy
from shared.kernel.money import CurrencyMismatch, Money
from shared.kernel.refusal import Refused

SCOPES = ("DEBT", "PART", "AMOUNT", "IDENTITY", "FRAUD", "TIME_BAR", "PAYMENT_NOT_CREDITED")
OPEN = "OPEN"
UPHELD, PARTLY_UPHELD, REJECTED = "UPHELD", "PARTLY_UPHELD", "REJECTED"
DUPLICATE, WITHDRAWN = "DUPLICATE", "WITHDRAWN"


class DisputeScopeUnknown(Refused):
    """The scope is none of the closed list of what can be disputed. Send one that is."""

    code = "dispute-scope-unknown"
    title_en = "The scope of the dispute is not known"
    title_zh = "异议范围无法识别"


class DisputeUnknown(Refused):
    """The case has no dispute of that reference."""

    code = "dispute-unknown"
    title_en = "The case has no such dispute"
    title_zh = "该案件没有这项异议"


class DisputeAlreadyDecided(Refused):
    """The dispute is decided. New facts are a new dispute."""

    code = "dispute-already-decided"
    title_en = "The dispute has been decided already"
    title_zh = "该异议已有结论"


class AdjustmentTooLarge(Refused):
    """A dispute takes off no more than was disputed, or was ever claimed where all of it was.

    To give up more, propose a waiver: above the policy's limit a second person approves it.
    """

    code = "adjustment-too-large"
    title_en = "More would be taken off than was disputed"
    title_zh = "调减金额超过异议金额"


class DisputeOutcomeRefused(Refused):
    """The outcome is not one of the list, or what came with it does not fit it.

    Only a dispute that is upheld, wholly or in part, changes what is owed, and never raises it. A duplicate names an
    earlier dispute of the case that was answered.
    """

    code = "dispute-outcome-refused"
    title_en = "The outcome and what came with it do not fit together"
    title_zh = "异议结论与所附内容不一致"


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute as of a day: open from `from_` up to, not including, `until`. `previous`: the one it goes on from."""

    status: str
    scope: str
    amount: Money | None
    from_: date
    until: date | None
    answer_by: date
    acknowledged_on: date | None = None
    previous: str | None = None


_DECISIONS: tuple[tuple[type, str], ...] = (
    (e.DisputeUpheld, UPHELD),
    (e.DisputePartlyUpheld, PARTLY_UPHELD),
    (e.DisputeRejected, REJECTED),
    (e.DisputeFoundDuplicate, DUPLICATE),
    (e.DisputeWithdrawn, WITHDRAWN),
)


def views(facts: CaseFacts) -> dict[str, DisputeView]:
    """Every dispute; of two decisions about one the earlier counts."""
    found = {}
    rounds: list[e.DisputeRaised | e.DisputeReopened] = [
        *facts.all(e.DisputeRaised),
        *facts.all(e.DisputeReopened),
    ]
    for raised in rounds:
        decided = sorted(
            (fact.on, status)
            for kind, status in _DECISIONS
            if (fact := facts.by_key.get((kind.__name__, raised.dispute))) is not None
        )
        until, status = decided[0] if decided else (None, OPEN)
        told = facts.one(e.DisputeAcknowledged, raised.dispute)
        found[raised.dispute] = DisputeView(
            status,
            raised.scope,
            raised.amount,
            raised.on,
            until,
            raised.answer_by,
            told.on if told else None,
            raised.previous if isinstance(raised, e.DisputeReopened) else None,
        )
    return found


def receive(
    facts: CaseFacts, currency: str, ask: RaiseDispute, policy: LifePolicy
) -> tuple[e.CaseEvent, ...]:
    """A dispute arrives. Raises DisputeScopeUnknown, AmountNotPositive, CurrencyMismatch."""
    if facts.one(e.DisputeRaised, ask.ref):
        return ()
    if ask.scope not in SCOPES:
        raise DisputeScopeUnknown
    if ask.amount is not None:
        positive(ask.amount, currency)
    answer_by = ask.on + timedelta(days=policy.dispute_answer_days)
    return (
        e.DisputeRaised(dispute=ask.ref, scope=ask.scope, amount=ask.amount, on=ask.on, answer_by=answer_by),
    )


def resolve(
    disputes: Mapping[str, DisputeView],
    debts: Sequence[str],
    claimed: Money,
    ask: ResolveDispute,
) -> tuple[e.CaseEvent, ...]:
    """Decide a dispute; what is taken off is of `account`, or of the case's only debt.

    `claimed` is all that was ever to be paid, what has been paid included: that, too, may turn out not to be owed.

    Raises DisputeUnknown, DisputeAlreadyDecided, DisputeOutcomeRefused, AdjustmentTooLarge, DebtNotInCase,
    CurrencyMismatch.
    """
    view = disputes.get(ask.dispute)
    if view is None:
        raise DisputeUnknown
    if view.status != OPEN:
        raise DisputeAlreadyDecided
    lowers = ask.adjustment is not None and all(minor >= 0 for minor in ask.adjustment.minors)
    if ask.adjustment is not None and not (lowers and ask.outcome in (UPHELD, PARTLY_UPHELD)):
        raise DisputeOutcomeRefused
    decided: e.CaseEvent
    match ask.outcome:
        case "UPHELD":
            decided = e.DisputeUpheld(dispute=ask.dispute, on=ask.on, by=ask.by)
        case "PARTLY_UPHELD":
            decided = e.DisputePartlyUpheld(dispute=ask.dispute, on=ask.on, by=ask.by)
        case "REJECTED":
            decided = e.DisputeRejected(dispute=ask.dispute, on=ask.on, by=ask.by)
        case "WITHDRAWN":
            decided = e.DisputeWithdrawn(dispute=ask.dispute, on=ask.on)
        case "DUPLICATE":
            first = disputes.get(ask.first or "")
            if first is None or first.status == OPEN:
                raise DisputeOutcomeRefused
            decided = e.DisputeFoundDuplicate(dispute=ask.dispute, on=ask.on, first=str(ask.first), by=ask.by)
        case _:
            raise DisputeOutcomeRefused
    return (decided, *_adjusted(view, debts, claimed, ask))


def _adjusted(
    view: DisputeView,
    debts: Sequence[str],
    claimed: Money,
    ask: ResolveDispute,
) -> tuple[e.CaseEvent, ...]:
    """What the decision takes off, if anything."""
    if ask.adjustment is None:
        return ()
    if ask.adjustment.currency != claimed.currency:
        raise CurrencyMismatch
    account = ask.account or (debts[0] if len(debts) == 1 else "")
    of_case(account, debts)
    if ask.adjustment.total > (claimed if view.amount is None else view.amount):
        raise AdjustmentTooLarge
    adjusted = e.BalanceAdjusted(
        adjustment=f"adj:{ask.dispute}",
        account=account,
        on=ask.on,
        amounts=-ask.adjustment,
        source=ask.dispute,
    )
    return (adjusted,)
