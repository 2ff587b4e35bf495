"""What a step of a suit needs beside its place in the table."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from services.legal.domain.facts import suit as f
from services.legal.domain.ground import Ground
from services.legal.domain.matter import Matter
from services.legal.domain.tracks import refusals as no
from services.legal.domain.tracks.against import is_against, persons, since
from services.legal.domain.tracks.machine import Asked, Guard, StepOutOfOrder
from services.legal.domain.tracks.outcomes import fits, names_settlement, same
from services.legal.domain.tracks.periods import Period, longest, period
from services.legal.domain.tracks.whereabouts import all_known
from shared.kernel.four_eyes import second_person

ORDINARY, SUMMARY, SMALL_CLAIMS = "ORDINARY", "SUMMARY", "SMALL_CLAIMS"
PROCEDURES = (ORDINARY, SUMMARY, SMALL_CLAIMS)
NOT_APPEALED, APPEAL_WITHDRAWN, APPEAL_JUDGED, MEDIATED = (
    "NOT_APPEALED", "APPEAL_WITHDRAWN", "APPEAL_JUDGED", "MEDIATED",
)  # fmt: skip
IN_FORCE = (NOT_APPEALED, SMALL_CLAIMS, APPEAL_WITHDRAWN, APPEAL_JUDGED, MEDIATED)
"""Why a judgment is in force."""
BY_TIME = (NOT_APPEALED, SMALL_CLAIMS)
APPEAL, APPEAL_RULING, NOTICE = "appeal_judgment", "appeal_ruling", "service_by_notice"
"""Clocks of the law pack."""
_RULINGS = (f.SuitNotAccepted, f.SuitDismissed)
_DECIDED = (*_RULINGS, f.JudgmentIssued)


# -- what the steps say, for others too


def procedure(steps: tuple[Any, ...]) -> str:
    """The procedure the court follows: as assessed, or as it changed it last."""
    found = [one.procedure for one in steps if isinstance(one, f.SuitAssessed | f.SuitProcedureChanged)]
    return str(found[-1]) if found else ORDINARY


def judgment_served(steps: tuple[Any, ...]) -> Mapping[str | None, date]:
    """person -> the day on which the judgment was first served on them, by a notice of its own too."""
    found: dict[str | None, date] = {}
    published: set[str | None] = set()
    for one in since(steps, f.JudgmentIssued):
        if isinstance(one, f.ServiceNoticePublished):
            published.add(one.person)
        elif isinstance(one, f.JudgmentServed) or (
            isinstance(one, f.ServedByNotice) and one.person in published
        ):
            found[one.person] = min(found.get(one.person, one.on), one.on)
    return found


def appeal_period(steps: tuple[Any, ...], of: tuple[str | None, ...], ground: Ground) -> Period | None:
    """The appeal period that ends last, None while the judgment was not served on all of them (art. 171)."""
    served = judgment_served(steps)
    return longest(period(ground, APPEAL, served[person]) if person in served else None for person in of)


def force_begins_after(matter: Matter, track: str, ground: Ground) -> date | None:
    """The last day on which a judgment of first instance is not in force yet; None while that cannot be told.

    In small claims that is the day before it was served on the last of them (art. 165).
    """
    steps, of = matter.steps(track), persons(matter, track)
    if procedure(steps) == SMALL_CLAIMS:
        served = judgment_served(steps)
        days = [served.get(person) for person in of]
        return None if None in days or not days else _before(max(day for day in days if day is not None))
    found = appeal_period(steps, of, ground)
    return None if found is None else found.last


def in_force_because(steps: tuple[Any, ...]) -> str:
    """Why the newest judgment or mediation of a suit is in force, once it is: a word of words.IN_FORCE."""
    decision = _decision(steps)
    if isinstance(decision, f.SuitMediated):
        return MEDIATED
    if isinstance(decision, f.AppealJudged):
        return APPEAL_JUDGED
    if any(isinstance(one, f.AppealWithdrawn) for one in since(steps, f.JudgmentIssued)):
        return APPEAL_WITHDRAWN
    return SMALL_CLAIMS if procedure(steps) == SMALL_CLAIMS else NOT_APPEALED


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


# -- bringing it


def _assessed(asked: Asked) -> None:
    if asked.step.procedure == SMALL_CLAIMS:
        all_known(asked.matter, asked.step.against)


def _filed(asked: Asked) -> None:
    if procedure(asked.before) == SMALL_CLAIMS:
        all_known(asked.matter, asked.before[0].against)


def _second(asked: Asked) -> None:
    assessed = asked.done(f.SuitAssessed)
    second_person(None if assessed is None else assessed.by, asked.step.by)


def _not_accepted(asked: Asked) -> None:
    """A court of appeal says so only where the ruling appealed had said it."""
    if asked.done(f.SuitAppealed) is not None and asked.done(f.SuitAccepted) is not None:
        raise StepOutOfOrder(status="APPEALED", next=("SUIT_DISMISSED",))


def _changed(asked: Asked) -> None:
    if asked.step.procedure == SMALL_CLAIMS:
        all_known(asked.matter, asked.before[0].against)


# -- service


def _notice(asked: Asked) -> None:
    is_against(asked)
    if procedure(asked.before) != ORDINARY:
        raise no.NoServiceByNotice


def _served_by_notice(asked: Asked) -> None:
    is_against(asked)
    step = asked.step
    published = [
        one for one in asked.before
        if isinstance(one, f.ServiceNoticePublished) and one.person == step.person
    ]  # fmt: skip
    newest = published[-1] if published else None
    if newest is None or newest.on != step.published_on or _since_served(asked, newest):
        raise no.NoticeUnknown
    last = period(asked.ground, NOTICE, newest.on).last
    if step.on < last:
        raise no.NoticeStillRuns(last_day=last)


def _since_served(asked: Asked, notice: f.ServiceNoticePublished) -> bool:
    after = asked.before[asked.before.index(notice) + 1 :]
    return any(
        isinstance(one, f.SuitServed | f.JudgmentServed | f.ServedByNotice) and one.person == notice.person
        for one in after
    )


# -- deciding and appealing


def _withdrawn(asked: Asked) -> None:
    names_settlement(asked.step)


def _fits(asked: Asked) -> None:
    fits(asked.step)


def _appealed(asked: Asked) -> None:
    """Within fifteen days of a judgment's service, ten of a ruling's; small claims not at all."""
    decision = next(one for one in reversed(asked.before) if isinstance(one, _DECIDED))
    if isinstance(decision, _RULINGS):
        if any(isinstance(one, f.SuitAppealed) for one in _since_last_hearing(asked, decision)):
            raise no.NoAppeal  # the court of appeal made it
        last: date | None = period(asked.ground, APPEAL_RULING, decision.on).last
    elif procedure(asked.before) == SMALL_CLAIMS:
        raise no.NoAppeal
    else:
        found = appeal_period(asked.before, persons(asked.matter, asked.track), asked.ground)
        last = None if found is None else found.last
    if last is not None and asked.step.on > last:
        raise no.AppealTooLate(last_day=last)


def _since_last_hearing(asked: Asked, decision: Any) -> tuple[Any, ...]:
    """What came before a ruling since the case was last before a court of first instance."""
    before = asked.before[: asked.before.index(decision)]
    return since(before, f.AppealRemanded)


def _effective(asked: Asked) -> None:
    """Nobody can appeal any more, and it says what was decided."""
    step, decision, because = asked.step, _decision(asked.before), in_force_because(asked.before)
    same(step, decision, "amount")
    if step.because != because:
        raise no.NotWhatWasDecided(field="because")
    if isinstance(decision, f.SuitMediated):
        same(step, decision, "perform_until", of="perform_by")
    elif step.perform_until < step.on:
        raise no.NotWhatWasDecided(field="perform_until")
    if because in BY_TIME:
        _no_appeal_left(asked)


def _decision(steps: tuple[Any, ...]) -> Any:
    """What is in force, or will be: the newest judgment, or mediation."""
    made = f.JudgmentIssued | f.AppealJudged | f.SuitMediated
    return next(one for one in reversed(steps) if isinstance(one, made))


def _no_appeal_left(asked: Asked) -> None:
    last = force_begins_after(asked.matter, asked.track, asked.ground)
    if last is None:
        of = set(persons(asked.matter, asked.track))
        raise no.NotEveryoneServed(left=len(of - set(judgment_served(asked.before))))
    if asked.step.on <= last:
        raise no.AppealStillOpen(last_day=last)


def _appeal_judged(asked: Asked) -> None:
    """A court of appeal judges a judgment; a ruling it leaves by a ruling, or sends the case back."""
    decision = next(one for one in reversed(asked.before) if isinstance(one, _DECIDED))
    if isinstance(decision, _RULINGS):
        raise no.NothingJudged
    fits(asked.step)


def _appeal_withdrawn(asked: Asked) -> None:
    decision = next(one for one in reversed(asked.before) if isinstance(one, _DECIDED))
    if isinstance(decision, _RULINGS):
        raise no.NothingJudged


def _performed(asked: Asked) -> None:
    same(asked.step, asked.done(f.JudgmentEffective), "amount")


GUARDS: Mapping[type, Guard] = MappingProxyType({
    f.SuitAssessed: _assessed,
    f.SuitApproved: _second,
    f.SuitRejected: _second,
    f.SuitFiled: _filed,
    f.SuitNotAccepted: _not_accepted,
    f.SuitProcedureChanged: _changed,
    f.SuitServed: is_against,
    f.ServiceNoticePublished: _notice,
    f.ServedByNotice: _served_by_notice,
    f.DefenceReceived: is_against,
    f.SuitWithdrawn: _withdrawn,
    f.JudgmentIssued: _fits,
    f.JudgmentServed: is_against,
    f.SuitAppealed: _appealed,
    f.AppealWithdrawn: _appeal_withdrawn,
    f.AppealJudged: _appeal_judged,
    f.JudgmentEffective: _effective,
    f.JudgmentPerformed: _performed,
})  # fmt: skip
"""Step -> what it needs beside; each raises a refusal."""
