"""How preservation goes: before a suit or in one, against security, for a time (民事诉讼法 103 to 108 of 2023).

    APPLIED ► SECURED ► RULED ► EXECUTED ⇄ RENEWED ► CONVERTED ► …
       └► REFUSED                  └► LAPSED | LIFTED

What was carried out before a suit falls thirty days later unless a suit or an arbitration is filed (art. 104); every
measure falls at its end unless it is renewed before. Converted, it holds on without a gap in the suit or the
enforcement (preservation provisions 17), and can still be renewed, lifted or lapse.
"""

from datetime import date
from types import MappingProxyType
from typing import Any

from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import suit as s
from services.legal.domain.facts.enforcement import EnforcementApplied
from services.legal.domain.forbidden import LawForbids
from services.legal.domain.ground import Ground
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.machine import (
    COURT_PAPER,
    STAYS,
    Asked,
    Machine,
    Proved,
)
from services.legal.domain.tracks.measures import Measure, measures
from services.legal.domain.tracks.periods import Period, period
from shared.kernel.money import Money
from shared.kernel.refusal import Refused

KIND = "PRESERVATION"
APPLIED, SECURED, RULED, REFUSED = "APPLIED", "SECURED", "RULED", "REFUSED"
EXECUTED, RENEWED, LAPSED, LIFTED, CONVERTED = "EXECUTED", "RENEWED", "LAPSED", "LIFTED", "CONVERTED"
PRE_SUIT, IN_SUIT = "PRE_SUIT", "IN_SUIT"
PHASES = (PRE_SUIT, IN_SUIT)
SECURITIES = ("CASH", "GUARANTEE", "INSURANCE")
ASSETS = ("BANK_DEPOSIT", "MOVABLE", "REAL_ESTATE", "EQUITY", "OTHER")
NO_SUIT, TERM = "NO_SUIT", "TERM"
WITHDRAWN = "WITHDRAWN"
LIFTINGS = ("SETTLED", "PAID", "COUNTER_SECURITY", "COURT", WITHDRAWN)
FILINGS = (s.SuitFiled, a.ArbitrationFiled)
"""What keeps a preservation before suit from falling (art. 104)."""
_HOLDS = frozenset({EXECUTED, RENEWED, CONVERTED})


class PreservationWordUnknown(Refused):
    """A word of the step is none of its list. Context: `field`, and `known`: those there are."""

    code = "preservation-word-unknown"
    title_en = "That is none of the words a step of preservation may use"
    title_zh = "该字段取值不在保全步骤允许的列表中"


class PreservationOverClaim(LawForbids):
    """What is held is at most what is claimed, and at most what the court has ruled. Ask for less, or state the claim.

    Claims are stated at `POST /v1/legal-matters/{id}/claims`.
    """

    code = "preservation-over-claim"
    title_en = "Preservation goes beyond the claim"
    title_zh = "保全数额超出请求范围"
    source = "民事诉讼法 105"


class PreservationNeedsSuit(Refused):
    """Preservation in a suit names the suit or arbitration that was filed (`follows`); before a suit it names none."""

    code = "preservation-needs-suit"
    title_en = "Preservation in a suit names the suit it is asked for in"
    title_zh = "诉讼保全须指明所属诉讼或仲裁，诉前保全不得指明"


class PreservationThroughCourt(LawForbids):
    """An arbitration institution orders no preservation: it hands the request to a court. Name the court."""

    code = "preservation-through-court"
    title_en = "Preservation for an arbitration goes through the court"
    title_zh = "仲裁保全须由人民法院作出"
    source = "仲裁法 28 (2017)"


class PreservationWithoutSecurity(LawForbids):
    """Before a suit there is no preservation without security. Report the security that was given, then the ruling."""

    code = "preservation-without-security"
    title_en = "Preservation before a suit needs security"
    title_zh = "诉前保全须提供担保"
    source = "民事诉讼法 104"


class PreservationMeasureUnknown(Refused):
    """No measure that still holds was carried out by that step. None at all: name no step, and all are meant."""

    code = "preservation-measure-unknown"
    title_en = "There is no such measure that still holds"
    title_zh = "没有该项仍在生效的保全措施"


class PreservationEnded(LawForbids):
    """What has ended cannot be renewed: its day is over. Preservation is applied for anew."""

    code = "preservation-ended"
    title_en = "The preservation had ended before"
    title_zh = "保全期限已届满，不能续行"
    source = "财产保全规定 18"


class PreservationNotLonger(Refused):
    """A measure ends no earlier than it begins, and renewal moves its end later. Context: `until`, the end now."""

    code = "preservation-not-longer"
    title_en = "The new end is not later than the old one"
    title_zh = "新的期限届满日不晚于原届满日"


class PreservationGap(LawForbids):
    """It goes over into a suit or an enforcement only while it holds, and that was filed in time; else it has fallen.

    `into` names the track, which has been filed.
    """

    code = "preservation-gap"
    title_en = "The preservation does not go over into that track without a gap"
    title_zh = "保全措施未能与该程序连续衔接"
    source = "财产保全规定 17; 民事诉讼法 104"


class PreservationStillHolds(Refused):
    """It lapses when thirty days are over without a suit, or when the last measure has ended; neither is so yet."""

    code = "preservation-still-holds"
    title_en = "The preservation has not lapsed"
    title_zh = "保全措施尚未失效"


def claimed_total(asked: Asked) -> Money | None:
    """What the matter claims in all, None where no claim is stated."""
    found: Money | None = None
    for one in asked.matter.all(m.ClaimStated):
        found = one.claimed.total if found is None else found + one.claimed.total
    return found


def suit_by(steps: tuple[Any, ...], ground: Ground) -> Period | None:
    """The time to sue after a preservation before suit, None while nothing was carried out or it was in a suit."""
    executed = next((one for one in steps if isinstance(one, v.PreservationExecuted)), None)
    if executed is None or steps[0].phase != PRE_SUIT:
        return None
    return period(ground, "preservation_suit", executed.on)


def filed_in_time(matter: Matter, by: Period | None) -> bool:
    """Was a suit or an arbitration filed on any track by the last day?"""
    return by is None or any(one.on <= by.last for one in matter.standing if isinstance(one, FILINGS))


def holding(asked: Asked, on: date) -> tuple[Measure, ...]:
    """The measures that hold on a day."""
    return tuple(one for one in measures(asked.before) if one.over is None and one.until >= on)


# -- guards


def _applied(asked: Asked) -> None:
    step = asked.step
    _known("phase", step.phase, PHASES)
    filed = {one.track: one for one in asked.matter.standing if isinstance(one, FILINGS)}
    if (step.phase == IN_SUIT) != (step.follows is not None) or (step.follows or "") not in {*filed, ""}:
        raise PreservationNeedsSuit
    institutions = {one.institution for one in asked.matter.all(a.ArbitrationAssessed)}
    if step.court in institutions:
        raise PreservationThroughCourt
    most = claimed_total(asked)
    if most is None or step.amount > most:
        raise PreservationOverClaim


def _secured(asked: Asked) -> None:
    _known("kind", asked.step.kind, SECURITIES)


def _ruled(asked: Asked) -> None:
    if asked.before[0].phase == PRE_SUIT and asked.done(v.SecurityGiven) is None:
        raise PreservationWithoutSecurity
    if asked.step.amount > asked.before[0].amount:
        raise PreservationOverClaim


def _executed(asked: Asked) -> None:
    step, ruled = asked.step, asked.done(v.PreservationRuled)
    _known("asset", step.asset, ASSETS)
    if step.until < step.on:
        raise PreservationNotLonger(until=step.on)
    total = step.amount
    for one in holding(asked, step.on):
        total = total + one.amount
    if ruled is None or total > ruled.amount:
        raise PreservationOverClaim


def _meant(asked: Asked) -> tuple[Measure, ...]:
    """The measures that a renewal is about. Raises PreservationMeasureUnknown, PreservationEnded."""
    known = [one for one in measures(asked.before) if asked.step.executed in (None, one.executed)]
    if not known:
        raise PreservationMeasureUnknown
    held = tuple(one for one in known if one.over is None and asked.step.on <= one.until)
    if not held:
        raise PreservationEnded
    return held


def _renewal_asked(asked: Asked) -> None:
    _meant(asked)


def _renewed(asked: Asked) -> None:
    latest = max(one.until for one in _meant(asked))
    if asked.step.until <= latest:
        raise PreservationNotLonger(until=latest)


def _converted(asked: Asked) -> None:
    into = (*FILINGS, EnforcementApplied)
    filed = [one for one in asked.matter.steps(asked.step.into) if isinstance(one, into)]
    by = suit_by(asked.before, asked.ground)
    if not filed or not holding(asked, asked.step.on) or not filed_in_time(asked.matter, by):
        raise PreservationGap


def _lapsed(asked: Asked) -> None:
    step = asked.step
    _known("reason", step.reason, (NO_SUIT, TERM))
    if step.reason == TERM and not holding(asked, step.on):
        return
    by = suit_by(asked.before, asked.ground)
    late = by is not None and step.on > by.last and not filed_in_time(asked.matter, by)
    if step.reason == NO_SUIT and late:
        return
    raise PreservationStillHolds


def _lifted(asked: Asked) -> None:
    _known("reason", asked.step.reason, LIFTINGS)


def _known(field: str, said: str, known: tuple[str, ...]) -> None:
    if said not in known:
        raise PreservationWordUnknown(field=field, known=known)


# -- what it is for limitation: before a suit the application is as suing (limitation provisions art. 11)


def _before_suit(asked: Asked) -> bool:
    first = asked.before[0] if asked.before else asked.step
    return bool(first.phase == PRE_SUIT)


def _begins(asked: Asked) -> Proved | None:
    return _proved(asked, "preservation_applied")


def _ends(asked: Asked) -> Proved | None:
    """Its procedure is over: refused, fallen, lifted, or gone over into one that stands for itself."""
    if any(isinstance(one, v.PreservationConverted) for one in asked.before):
        return None
    if isinstance(asked.step, v.PreservationRefused):
        return _proved(asked, "procedure_not_accepted")
    back = getattr(asked.step, "reason", None) == WITHDRAWN and asked.done(v.PreservationExecuted) is None
    return _proved(asked, "procedure_withdrawn" if back else "procedure_ended")


def _proved(asked: Asked, kind: str) -> Proved | None:
    return Proved(kind=kind, evidence=COURT_PAPER, thing=asked.track) if _before_suit(asked) else None


MACHINE = Machine(
    kind=KIND,
    begins=v.PreservationApplied,
    first=APPLIED,
    moves=MappingProxyType(
        {
            v.SecurityGiven: (frozenset({APPLIED, SECURED}), SECURED),
            v.PreservationRuled: (frozenset({APPLIED, SECURED}), RULED),
            v.PreservationRefused: (frozenset({APPLIED, SECURED}), REFUSED),
            v.PreservationExecuted: (
                (frozenset({RULED, EXECUTED, RENEWED}), EXECUTED),
                (frozenset({CONVERTED}), STAYS),
            ),
            v.PreservationRenewalAsked: (_HOLDS, STAYS),
            v.PreservationRenewed: (
                (frozenset({EXECUTED, RENEWED}), RENEWED),
                (frozenset({CONVERTED}), STAYS),
            ),
            v.PreservationLapsed: (_HOLDS, LAPSED),
            v.PreservationLifted: (frozenset({APPLIED, SECURED, RULED}) | _HOLDS, LIFTED),
            v.PreservationConverted: (_HOLDS, CONVERTED),
        }
    ),
    ends=frozenset({REFUSED, LAPSED, LIFTED, CONVERTED}),
    by_time=frozenset({v.PreservationLapsed}),
    guards=MappingProxyType(
        {
            v.PreservationApplied: _applied,
            v.SecurityGiven: _secured,
            v.PreservationRuled: _ruled,
            v.PreservationExecuted: _executed,
            v.PreservationRenewalAsked: _renewal_asked,
            v.PreservationRenewed: _renewed,
            v.PreservationConverted: _converted,
            v.PreservationLapsed: _lapsed,
            v.PreservationLifted: _lifted,
        }
    ),
    proved=MappingProxyType(
        {
            v.PreservationApplied: _begins,
            v.PreservationRefused: _ends,
            v.PreservationLapsed: _ends,
            v.PreservationLifted: _ends,
            v.PreservationConverted: _ends,
        }
    ),
    presses=MappingProxyType({v.PreservationApplied: _before_suit}),
)
