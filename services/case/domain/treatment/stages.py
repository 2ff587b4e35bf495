"""Since when a case has been in its stage, and which stages it never was in on the way there."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.facts import treatment as t
from services.case.domain.judge import Picture
from services.case.domain.policy import CasePolicy
from services.case.domain.treatment.strategy import Strategy


def stage_since(facts: CaseFacts, picture: Picture, policy: CasePolicy) -> date | None:
    """The first day of the stage the case is in, as of the picture's day; None where the facts do not tell.

    Where days are counted one by one, the day on which they came into the stage; else the first of the lender's
    reports without a break that had it there. Never before the case was opened.
    """
    opened = min((one.as_of for one in facts.all(e.CaseOpened)), default=picture.as_of)
    enters = next(one.from_dpd for one in policy.scheme.buckets if one.name == picture.stage)
    if picture.oldest_due is not None:
        return max(opened, min(picture.oldest_due + timedelta(days=enters), picture.as_of))
    since: date | None = None
    for day, days in reversed(_reports(facts, picture)):
        if policy.scheme.stage_of(days) != picture.stage:
            break
        since = day
    if since is None and any(facts.all(e.DebtAttached)):
        since = picture.as_of - timedelta(days=picture.days_past_due - enters)
    return None if since is None else max(opened, since)


def jumped(
    before: t.StrategyPinned | None,
    since: date,
    facts: CaseFacts,
    picture: Picture,
    policy: CasePolicy,
    version: Strategy,
) -> Iterator[str]:
    """The stages between the last one and this one that the case was never in, from the lower to the higher.

    Nothing is said of a jump from before the version was in force: there was no step yet to be passed by. Nobody who
    gets better jumps over anything, and where days are counted one by one no stage is left out.
    """
    if picture.oldest_due is not None or since < version.version.effective_from:
        return
    names = policy.scheme.names
    first = names.index(before.stage) if before is not None and before.stage in names else 0
    seen = {policy.scheme.stage_of(days) for _, days in _reports(facts, picture)}
    for name in names[first + 1 : names.index(picture.stage)]:
        if name not in seen:
            yield name


def _reports(facts: CaseFacts, picture: Picture) -> list[tuple[date, int]]:
    """What the lender reported by the day, of all debts: on each day the furthest behind."""
    worst: dict[date, int] = {}
    told: list[e.CaseOpened | e.ArrearsReported | e.ArrearsCorrected] = [
        *facts.all(e.CaseOpened),
        *facts.all(e.ArrearsReported),
        *facts.all(e.ArrearsCorrected),
    ]
    for one in told:
        if one.as_of <= picture.as_of:
            worst[one.as_of] = max(worst.get(one.as_of, 0), one.days_past_due)
    return sorted(worst.items())
