"""The course of a dispute beside its decision: acknowledged, and opened again on new material."""

from collections.abc import Mapping
from datetime import timedelta

from services.case.domain import events as e
from services.case.domain.case_commands import AcknowledgeDispute, ReopenDispute
from services.case.domain.case_facts import CaseFacts
from services.case.domain.dispute import OPEN, DisputeAlreadyDecided, DisputeUnknown, DisputeView
from services.case.domain.policy import LifePolicy
from shared.kernel.refusal import Refused


class DisputeStillOpen(Refused):
    """Only a decided dispute is opened again, and once: what is new belongs to the one that is open."""

    code = "dispute-still-open"
    title_en = "The dispute is open, or was opened again already"
    title_zh = "该异议尚未结案或已重新受理"


def acknowledge(
    facts: CaseFacts, disputes: Mapping[str, DisputeView], ask: AcknowledgeDispute
) -> tuple[e.CaseEvent, ...]:
    """The debtor is told that it arrived. Raises DisputeUnknown, DisputeAlreadyDecided."""
    view = disputes.get(ask.dispute)
    if view is None:
        raise DisputeUnknown
    if facts.one(e.DisputeAcknowledged, ask.dispute):
        return ()
    if view.status != OPEN:
        raise DisputeAlreadyDecided
    return (e.DisputeAcknowledged(dispute=ask.dispute, on=max(ask.on, view.from_), by=ask.by),)


def reopen(
    facts: CaseFacts, disputes: Mapping[str, DisputeView], ask: ReopenDispute, policy: LifePolicy
) -> tuple[e.CaseEvent, ...]:
    """A decided dispute goes on under a reference of its own, so that each round keeps its decision.

    Raises DisputeUnknown, DisputeStillOpen.
    """
    if facts.one(e.DisputeReopened, ask.ref):
        return ()
    view = disputes.get(ask.dispute)
    if view is None:
        raise DisputeUnknown
    if view.until is None or any(one.previous == ask.dispute for one in disputes.values()):
        raise DisputeStillOpen
    on = max(ask.on, view.until)
    return (
        e.DisputeReopened(
            dispute=ask.ref,
            previous=ask.dispute,
            scope=view.scope,
            amount=view.amount,
            on=on,
            material=ask.material,
            answer_by=on + timedelta(days=policy.dispute_answer_days),
        ),
    )
