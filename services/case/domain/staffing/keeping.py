"""Who keeps a case and who helps with it: asked for by one person, agreed to by another, for a time.

A retention belongs to the collector who has the case: it ends when its day comes, when somebody ends it, or when the
case goes to another collector. Help changes nothing about whose case it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from services.case.domain.case_facts import CaseFacts
from services.case.domain.facts import keeping as k
from services.case.domain.facts.keeping import KeepingEvent
from services.case.domain.facts.mode import CaseAllocated
from services.case.domain.judged import Judged
from services.case.domain.mode import holder
from services.case.domain.staffing.keeping_commands import (
    DecideAssistance,
    DecideRetention,
    EndAssistance,
    EndRetention,
    RequestAssistance,
    RequestRetention,
)
from services.case.domain.staffing.keeping_policy import KeepingPolicy
from shared.kernel.four_eyes import MakerIsChecker, NotAwaitingApproval, second_person
from shared.kernel.period import Period
from shared.kernel.refusal import Refused

REQUESTED, RUNNING, DECLINED, ENDED, EXPIRED = "REQUESTED", "RUNNING", "DECLINED", "ENDED", "EXPIRED"
HELP_KINDS = ("COLLECTOR", "FIELD", "LEGAL")


class NotTheHolder(Refused):
    """A case is retained for the collector who has it; this case is another's, or nobody's. Allocate it first."""

    code = "not-the-holder"
    title_en = "The collector does not have the case"
    title_zh = "该案件不在此催收员名下"


class RetentionRuns(Refused):
    """The case is retained already, or a retention of it waits for a second person."""

    code = "retention-runs"
    title_en = "The case is retained already"
    title_zh = "该案件已留案"


class RetentionTooLong(Refused):
    """A case is retained for the policy's days at most. Context: days_max."""

    code = "retention-too-long"
    title_en = "The case would be retained for too long"
    title_zh = "留案期限过长"


class RetentionLimitReached(Refused):
    """The collector retains as many cases as the policy allows at once. End another retention first.

    Context: retained_max.
    """

    code = "retention-limit-reached"
    title_en = "The collector retains too many cases"
    title_zh = "该催收员留案数量已达上限"


class RetentionUnknown(Refused):
    """The case has no running retention of that reference."""

    code = "retention-unknown"
    title_en = "The case has no such retention"
    title_zh = "该案件没有这项留案"


class AssistanceTooLong(Refused):
    """Help is given for the policy's days at most. Context: days_max."""

    code = "assistance-too-long"
    title_en = "The help would last too long"
    title_zh = "协催期限过长"


class HelperIsHolder(Refused):
    """The helper has the case already, or helps with it on these days. Name somebody else."""

    code = "helper-is-holder"
    title_en = "The helper works on the case already"
    title_zh = "协催人已在办理该案件"


class AssistanceUnknown(Refused):
    """The case has no running help of that reference."""

    code = "assistance-unknown"
    title_en = "The case has no such help"
    title_zh = "该案件没有这项协催"


@dataclass(frozen=True, slots=True)
class RetentionView:
    """A retention as of a day: it runs, where agreed to, from `from_` up to, not including, `until`."""

    status: str
    collector: str
    from_: date
    until: date


@dataclass(frozen=True, slots=True)
class AssistanceView:
    """Help as of a day: `helper` may work on the case from `from_` up to, not including, `until`, where agreed to."""

    status: str
    kind: str
    helper: str
    from_: date
    until: date


def retentions(facts: CaseFacts, *, as_of: date) -> dict[str, RetentionView]:
    """Every retention that was asked for."""
    found = {}
    for asked in facts.all(k.RetentionRequested):
        ends = [asked.until]
        ended = facts.one(k.RetentionEnded, asked.retention)
        if ended is not None:
            ends.append(ended.on)
        ends += [
            one.on
            for one in facts.all(CaseAllocated)
            if one.on >= asked.on and one.collector != asked.collector
        ]
        agreed = facts.one(k.CaseRetained, asked.retention)
        status = _status(
            agreed=agreed is not None,
            declined=facts.one(k.RetentionDeclined, asked.retention) is not None,
            ended=ended is not None,
            over=as_of >= min(ends),
        )
        found[asked.retention] = RetentionView(
            status, asked.collector, agreed.on if agreed else asked.on, min(ends)
        )
    return found


def assistances(facts: CaseFacts, *, as_of: date) -> dict[str, AssistanceView]:
    """All help that was asked for."""
    found = {}
    for asked in facts.all(k.AssistanceRequested):
        ended = facts.one(k.AssistanceEnded, asked.assistance)
        until = min(asked.until, ended.on) if ended else asked.until
        agreed = facts.one(k.AssistanceGranted, asked.assistance)
        status = _status(
            agreed=agreed is not None,
            declined=facts.one(k.AssistanceDeclined, asked.assistance) is not None,
            ended=ended is not None,
            over=as_of >= until,
        )
        found[asked.assistance] = AssistanceView(
            status, asked.kind, asked.helper, agreed.on if agreed else asked.on, until
        )
    return found


def _status(*, agreed: bool, declined: bool, ended: bool, over: bool) -> str:
    if declined:
        return DECLINED
    if ended and over:
        return ENDED
    if over:
        return EXPIRED
    return RUNNING if agreed else REQUESTED


def request_retention(
    facts: CaseFacts, ask: RequestRetention, policy: KeepingPolicy
) -> tuple[KeepingEvent, ...]:
    """Ask to keep the case. Raises EmptyPeriod, RetentionTooLong, NotTheHolder, RetentionRuns."""
    if facts.one(k.RetentionRequested, ask.ref):
        return ()
    wanted = Period(ask.on, ask.until)
    if wanted.days > policy.retention_days_max:
        raise RetentionTooLong(days_max=policy.retention_days_max)
    if holder(facts) != ask.collector:
        raise NotTheHolder
    if any(one.status in (REQUESTED, RUNNING) for one in retentions(facts, as_of=ask.on).values()):
        raise RetentionRuns
    return (
        k.RetentionRequested(
            retention=ask.ref,
            on=ask.on,
            until=ask.until,
            reason=ask.reason,
            collector=ask.collector,
            by=ask.by,
        ),
    )


def decide_retention(
    facts: CaseFacts, ask: DecideRetention, policy: KeepingPolicy
) -> tuple[KeepingEvent, ...]:
    """Agree or not. Raises NotAwaitingApproval, MakerIsChecker, NotTheHolder, RetentionLimitReached."""
    asked = facts.one(k.RetentionRequested, ask.retention)
    view = retentions(facts, as_of=ask.on).get(ask.retention)
    if asked is None or view is None or view.status != REQUESTED:
        raise NotAwaitingApproval
    _somebody_else(asked.by, asked.collector, by=ask.by, person=ask.person)
    if ask.declined is not None:
        return (k.RetentionDeclined(retention=ask.retention, on=ask.on, reason=ask.declined, by=ask.by),)
    if holder(facts) != asked.collector:
        raise NotTheHolder
    if ask.retained >= policy.retained_max:
        raise RetentionLimitReached(retained_max=policy.retained_max)
    return (
        k.CaseRetained(
            retention=ask.retention, on=ask.on, until=asked.until, collector=asked.collector, by=ask.by
        ),
    )


def end_retention(facts: CaseFacts, ask: EndRetention) -> tuple[KeepingEvent, ...]:
    """End it before its day. Raises RetentionUnknown."""
    view = retentions(facts, as_of=ask.on).get(ask.retention)
    if view is None or view.status not in (RUNNING, ENDED):
        raise RetentionUnknown
    if view.status == ENDED:
        return ()
    return (k.RetentionEnded(retention=ask.retention, on=ask.on, reason=ask.reason, by=ask.by),)


def request_assistance(
    facts: CaseFacts, ask: RequestAssistance, policy: KeepingPolicy
) -> tuple[KeepingEvent, ...]:
    """Ask for help. Raises EmptyPeriod, AssistanceTooLong, HelperIsHolder."""
    if facts.one(k.AssistanceRequested, ask.ref):
        return ()
    wanted = Period(ask.on, ask.until)
    if wanted.days > policy.assistance_days_max:
        raise AssistanceTooLong(days_max=policy.assistance_days_max)
    helps = any(
        one.helper == ask.helper and one.status in (REQUESTED, RUNNING)
        for one in assistances(facts, as_of=ask.on).values()
    )
    if helps or holder(facts) == ask.helper:
        raise HelperIsHolder
    return (
        k.AssistanceRequested(
            assistance=ask.ref,
            on=ask.on,
            until=ask.until,
            kind=ask.kind,
            reason=ask.reason,
            helper=ask.helper,
            by=ask.by,
        ),
    )


def decide_assistance(facts: CaseFacts, ask: DecideAssistance) -> tuple[KeepingEvent, ...]:
    """Agree or not. Raises NotAwaitingApproval, MakerIsChecker."""
    asked = facts.one(k.AssistanceRequested, ask.assistance)
    view = assistances(facts, as_of=ask.on).get(ask.assistance)
    if asked is None or view is None or view.status != REQUESTED:
        raise NotAwaitingApproval
    _somebody_else(asked.by, asked.helper, by=ask.by, person=ask.person)
    if ask.declined is not None:
        return (k.AssistanceDeclined(assistance=ask.assistance, on=ask.on, reason=ask.declined, by=ask.by),)
    return (
        k.AssistanceGranted(
            assistance=ask.assistance, on=ask.on, until=asked.until, helper=asked.helper, by=ask.by
        ),
    )


def end_assistance(facts: CaseFacts, ask: EndAssistance) -> tuple[KeepingEvent, ...]:
    """End it before its day. Raises AssistanceUnknown."""
    view = assistances(facts, as_of=ask.on).get(ask.assistance)
    if view is None or view.status not in (RUNNING, ENDED):
        raise AssistanceUnknown
    if view.status == ENDED:
        return ()
    return (k.AssistanceEnded(assistance=ask.assistance, on=ask.on, reason=ask.reason, by=ask.by),)


def _somebody_else(maker: object, gainer: object, *, by: str, person: str) -> None:
    """Neither who asked decides, nor who gains. Raises MakerIsChecker."""
    second_person(maker, by)
    if gainer == person:
        raise MakerIsChecker


def said_of(
    kept: Mapping[str, RetentionView], helped: Mapping[str, AssistanceView], as_of: date, judged: Judged
) -> Iterator[KeepingEvent]:
    """What expired by a day and is not on record as that."""
    for ref, one in kept.items():
        if one.status == EXPIRED and judged.of("retention", ref) is None:
            yield k.RetentionExpired(retention=ref, as_of=as_of)
    for ref, help_ in helped.items():
        if help_.status == EXPIRED and judged.of("assistance", ref) is None:
            yield k.AssistanceExpired(assistance=ref, as_of=as_of)
