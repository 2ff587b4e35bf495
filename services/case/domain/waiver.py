"""Waivers: a part of what is owed is given up, above a limit only with a second person's approval."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.money_commands import ApproveWaiver, ProposeWaiver, RejectWaiver
from services.case.domain.payment import AmountNotPositive
from services.case.domain.policy import LifePolicy
from shared.kernel.four_eyes import NotAwaitingApproval, second_person
from shared.kernel.money import scale
from shared.kernel.parts import Parts
from shared.kernel.refusal import Refused

PROPOSED, APPROVED, REJECTED = "PROPOSED", "APPROVED", "REJECTED"


class WaiverTooLarge(Refused):
    """At most what the account owes of each part can be waived. Ask for the present balance first."""

    code = "waiver-too-large"
    title_en = "More would be waived than is owed"
    title_zh = "减免金额超过欠款"


@dataclass(frozen=True, slots=True)
class WaiverView:
    """A waiver as of a day."""

    status: str
    account: str
    amounts: Parts
    reason: str


def views(facts: CaseFacts) -> dict[str, WaiverView]:
    """Every waiver that was asked for."""
    return {
        one.waiver: WaiverView(_status(facts, one), one.account, one.amounts, one.reason)
        for one in facts.all(e.WaiverProposed)
    }


def _status(facts: CaseFacts, asked: e.WaiverProposed) -> str:
    if not asked.needs_approval or facts.one(e.WaiverApproved, asked.waiver) is not None:
        return APPROVED
    return REJECTED if facts.one(e.WaiverRejected, asked.waiver) else PROPOSED


def propose(
    facts: CaseFacts, by_account: Mapping[str, Parts], ask: ProposeWaiver, policy: LifePolicy
) -> tuple[e.CaseEvent, ...]:
    """Ask to waive; below the limit it stands at once. Raises AmountNotPositive, WaiverTooLarge, CurrencyMismatch."""
    if facts.one(e.WaiverProposed, ask.ref):
        return ()
    minors = ask.amounts.minors
    if min(minors) < 0 or not any(minors):
        raise AmountNotPositive
    _no_more_than_owed(by_account, ask.account, ask.amounts)
    needs = sum(minors) > policy.waiver_free * scale(ask.amounts.currency)
    proposed = e.WaiverProposed(
        waiver=ask.ref,
        account=ask.account,
        on=ask.on,
        amounts=ask.amounts,
        reason=ask.reason,
        needs_approval=needs,
        by=ask.by,
    )
    if needs:
        return (proposed,)
    adjusted = e.BalanceAdjusted(
        adjustment=f"adj:{ask.ref}", account=ask.account, on=ask.on, amounts=-ask.amounts, source=ask.ref
    )
    return proposed, adjusted


def approve(
    facts: CaseFacts, waivers: Mapping[str, WaiverView], by_account: Mapping[str, Parts], ask: ApproveWaiver
) -> tuple[e.CaseEvent, ...]:
    """A second person agrees; what was paid or waived meanwhile may leave too little to waive.

    Raises NotAwaitingApproval, MakerIsChecker, WaiverTooLarge.
    """
    asked = _second(facts, waivers, ask.waiver, ask.by)
    _no_more_than_owed(by_account, asked.account, asked.amounts)
    adjusted = e.BalanceAdjusted(
        adjustment=f"adj:{ask.waiver}",
        account=asked.account,
        on=ask.on,
        amounts=-asked.amounts,
        source=ask.waiver,
    )
    return e.WaiverApproved(waiver=ask.waiver, on=ask.on, by=ask.by), adjusted


def reject(facts: CaseFacts, waivers: Mapping[str, WaiverView], ask: RejectWaiver) -> tuple[e.CaseEvent, ...]:
    """A second person does not agree. Raises NotAwaitingApproval, MakerIsChecker."""
    _second(facts, waivers, ask.waiver, ask.by)
    return (e.WaiverRejected(waiver=ask.waiver, on=ask.on, reason=ask.reason, by=ask.by),)


def _no_more_than_owed(by_account: Mapping[str, Parts], account: str, amounts: Parts) -> None:
    owed = by_account.get(account)
    if owed is None or min((owed - amounts).minors) < 0:
        raise WaiverTooLarge


def _second(facts: CaseFacts, waivers: Mapping[str, WaiverView], ref: str, by: str) -> e.WaiverProposed:
    asked, view = facts.one(e.WaiverProposed, ref), waivers.get(ref)
    if asked is None or view is None or view.status != PROPOSED:
        raise NotAwaitingApproval
    second_person(asked.by, by)
    return asked
