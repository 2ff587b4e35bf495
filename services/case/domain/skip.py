"""Passing a case by: never in silence, always for a reason of the closed list (domain.md 4.3; Kill Bill #2297)."""

from datetime import timedelta

from services.case.domain import events as e
from services.case.domain.case_commands import SkipCase
from services.case.domain.case_facts import CaseFacts
from services.case.domain.queue import QueueOrder
from shared.kernel.refusal import Refused


class SkipReasonUnknown(Refused):
    """A case is passed by for a reason of the closed list only. Send one of those in `context`."""

    code = "skip-reason-unknown"
    title_en = "A case is skipped for a known reason only"
    title_zh = "跳过案件须注明规定的原因"


def skip(facts: CaseFacts, ask: SkipCase, order: QueueOrder) -> tuple[e.CaseEvent, ...]:
    """The collector passes the case by, as long as the policy says for the reason. Raises SkipReasonUnknown."""
    if facts.one(e.CaseSkipped, ask.ref):
        return ()
    rule = order.skips.get(ask.reason)
    if rule is None:
        raise SkipReasonUnknown(allowed=tuple(sorted(order.skips)))
    return (
        e.CaseSkipped(
            skip=ask.ref,
            on=ask.on,
            at=ask.at,
            queue=ask.queue,
            reason=ask.reason,
            until=ask.at + timedelta(minutes=rule.minutes),
            everybody=rule.everybody,
            collector=ask.collector,
        ),
    )
