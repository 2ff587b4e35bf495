"""Which deadline begins with which step, by which clock, and what meets it: one row each.

A row without a clock takes the day that the step itself names (`day`). Where several steps begin the same deadline the
newest counts (`first`: the oldest), of each that `per` tells apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.legal.domain.deadlines.deadline import ANYBODY, COURT, OURS, THEIRS
from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import letter as ltr
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import suit as s
from services.legal.domain.tracks.against import since
from services.legal.domain.tracks.suit_guards import ORDINARY, SMALL_CLAIMS, SUMMARY, procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`starts` begin the deadline `name`, `ends` meet it; `clock` of the law pack counts from the start's `day`.

    `passes`: ends by which its passing is on record, so that it counts as run out and not as met late. `gone`: ends
    after which nobody asks for it any more, so that it is no deadline (a suit taken back). `anywhere`: an
    end counts on any track of the matter and on any day, not only after the start. `only`: the start counts if that
    holds of it and of its track's steps; `ended`: a step among `ends` counts if that holds of it.
    """

    name: str
    whose: str
    starts: tuple[type, ...]
    ends: tuple[type, ...]
    passes: tuple[type, ...] = ()
    gone: tuple[type, ...] = ()
    clock: str | None = None
    day: str = "on"
    per: str | None = None
    first: bool = False
    anywhere: bool = False
    only: Callable[[Any, tuple[Any, ...]], bool] = lambda _start, _steps: True
    ended: Callable[[Any], bool] = lambda _end: True


def _in(name: str) -> Callable[[Any, tuple[Any, ...]], bool]:
    return lambda _start, steps: procedure(steps) == name


def _of_a_judgment(start: Any, steps: tuple[Any, ...]) -> bool:
    """Did it bring the newest judgment to somebody, who can appeal it? In small claims nobody can (art. 165)."""
    return start in since(steps, s.JudgmentIssued) and _judged(steps) and procedure(steps) != SMALL_CLAIMS


def _judged(steps: tuple[Any, ...]) -> bool:
    return any(isinstance(one, s.JudgmentIssued) for one in steps)


def _of_the_complaint(start: Any, steps: tuple[Any, ...]) -> bool:
    return not _judged(steps[: steps.index(start)])


def _of_first_instance(start: Any, steps: tuple[Any, ...]) -> bool:
    """A ruling of the court of appeal is final (art. 182)."""
    before = since(steps[: steps.index(start)], s.AppealRemanded)
    return not any(isinstance(one, s.SuitAppealed) for one in before)


def _before_suit(_start: Any, steps: tuple[Any, ...]) -> bool:
    return any(isinstance(one, v.PreservationApplied) and one.phase == "PRE_SUIT" for one in steps)


def _something(start: Any, _steps: tuple[Any, ...]) -> bool:
    return bool(start.amount.minor > 0)


def _not_unsold(end: Any) -> bool:
    return getattr(end, "outcome", None) != "UNSOLD"


_DECIDED = (s.JudgmentIssued, s.SuitMediated, s.SuitDismissed)
_OVER = (*_DECIDED, s.SuitWithdrawn)
_NO_AWARD = (a.AwardSetAside, a.EnforcementOfAwardRefused)
_APPEAL_OVER = (s.AppealJudged, s.AppealWithdrawn, s.AppealRemanded)
PERFORMED = (s.JudgmentPerformed, o.PaymentOrderPerformed, a.AwardPerformed)

RULES: tuple[Rule, ...] = (
    Rule(name="LETTER_ANSWER", whose=THEIRS, day="answer_until", starts=(ltr.LetterDelivered,),
         ends=(ltr.LetterAnswered,), passes=(ltr.LetterDeadlinePassed,), gone=(ltr.LetterClosed,)),
    # -- suit
    Rule(name="CASE_FILING", whose=COURT, clock="case_filing", starts=(s.SuitFiled,),
         ends=(s.SuitAccepted, s.SuitNotAccepted), gone=_OVER),
    Rule(name="COURT_FEE", whose=OURS, day="fee_due", starts=(s.SuitAccepted,),
         ends=(s.CourtFeePaid,), gone=_OVER, only=lambda start, _: start.fee_due is not None),
    Rule(name="COPY_SENT", whose=COURT, clock="complaint_copy", starts=(s.SuitAccepted,),
         ends=(s.SuitServed, s.ServiceNoticePublished, s.ServedByNotice), gone=_OVER),
    Rule(name="SERVICE_BY_NOTICE", whose=COURT, clock="service_by_notice", per="person",
         starts=(s.ServiceNoticePublished,), ends=(s.ServedByNotice,),
         gone=(s.SuitServed, s.JudgmentServed, s.SuitWithdrawn, s.SuitMediated)),
    Rule(name="DEFENCE", whose=THEIRS, clock="defence", per="person", starts=(s.SuitServed, s.ServedByNotice),
         ends=(s.DefenceReceived,), gone=(s.SuitHeard, *_OVER), only=_of_the_complaint),
    Rule(name="FIRST_INSTANCE", whose=COURT, clock="first_instance_ordinary", starts=(s.SuitAccepted,),
         ends=_DECIDED, gone=(s.SuitWithdrawn,), only=_in(ORDINARY)),
    Rule(name="FIRST_INSTANCE", whose=COURT, clock="first_instance_summary", starts=(s.SuitAccepted,),
         ends=_DECIDED, gone=(s.SuitWithdrawn,), only=_in(SUMMARY)),
    Rule(name="FIRST_INSTANCE", whose=COURT, clock="first_instance_small_claims", starts=(s.SuitAccepted,),
         ends=_DECIDED, gone=(s.SuitWithdrawn,), only=_in(SMALL_CLAIMS)),
    Rule(name="HEARING", whose=OURS, day="hearing_on", starts=(s.HearingSet,), ends=(s.SuitHeard,),
         gone=(*_OVER, *_APPEAL_OVER)),
    Rule(name="APPEAL", whose=ANYBODY, clock="appeal_judgment", per="person", first=True,
         starts=(s.JudgmentServed, s.ServedByNotice), ends=(s.SuitAppealed,), gone=(*_APPEAL_OVER, s.SuitMediated),
         passes=(s.JudgmentEffective,), only=_of_a_judgment),
    Rule(name="APPEAL_RULING", whose=OURS, clock="appeal_ruling", starts=(s.SuitDismissed, s.SuitNotAccepted),
         ends=(s.SuitAppealed,), only=_of_first_instance),
    Rule(name="PERFORMANCE", whose=THEIRS, day="perform_until", starts=(s.JudgmentEffective,),
         ends=(s.JudgmentPerformed,), only=_something),
    # -- payment order
    Rule(name="PAYMENT_ORDER_ACCEPTANCE", whose=COURT, clock="payment_order_acceptance",
         starts=(o.PaymentOrderApplied,),
         ends=(o.PaymentOrderAccepted, o.PaymentOrderRefused), gone=(o.PaymentOrderWithdrawn,)),
    Rule(name="PAYMENT_ORDER_ISSUE", whose=COURT, clock="payment_order_issue", starts=(o.PaymentOrderAccepted,),
         ends=(o.PaymentOrderIssued, o.PaymentOrderRefused), gone=(o.PaymentOrderWithdrawn,)),
    Rule(name="OBJECTION", whose=THEIRS, clock="payment_order_objection", per="person", first=True,
         starts=(o.PaymentOrderServed,),
         ends=(o.PaymentOrderObjected, o.PaymentOrderPerformed), passes=(o.PaymentOrderUnopposed,),
         gone=(o.PaymentOrderNotServed, o.PaymentOrderWithdrawn)),
    Rule(name="PERFORMANCE", whose=THEIRS, day="perform_until", starts=(o.PaymentOrderUnopposed,),
         ends=(o.PaymentOrderPerformed,)),
    # -- arbitration
    Rule(name="ARBITRATION_ACCEPTANCE", whose=COURT, clock="arbitration_acceptance", starts=(a.ArbitrationFiled,),
         ends=(a.ArbitrationAccepted, a.ArbitrationNotAccepted), gone=(a.ArbitrationWithdrawn,)),
    Rule(name="HEARING", whose=OURS, day="hearing_on", starts=(a.ArbitrationHearingSet,),
         ends=(a.ArbitrationHeard,), gone=(a.AwardIssued, a.ArbitrationConciliated, a.ArbitrationWithdrawn)),
    Rule(name="SET_ASIDE", whose=ANYBODY, clock="award_set_aside", per="person", starts=(a.AwardReceived,),
         ends=(a.SetAsideApplied,), gone=_NO_AWARD),
    Rule(name="PERFORMANCE", whose=THEIRS, day="perform_until",
         starts=(a.AwardIssued, a.ArbitrationConciliated, a.AwardEffective),
         ends=(a.AwardPerformed,), gone=_NO_AWARD, only=_something),
    # -- preservation: its suit is looked for on every track, whatever came first
    Rule(name="PRESERVATION_SUIT", whose=OURS, clock="preservation_suit", first=True, anywhere=True,
         starts=(v.PreservationExecuted,), ends=(s.SuitFiled, a.ArbitrationFiled),
         passes=(v.PreservationLapsed,), gone=(v.PreservationLifted,), only=_before_suit),
    # -- enforcement
    Rule(name="SEIZURE_END", whose=OURS, day="until", per="asset", starts=(e.AssetSeized,), ends=(),
         gone=(e.AssetReleased, e.AuctionHeld, e.EnforcementSatisfied, e.EnforcementClosed), ended=_not_unsold),
)  # fmt: skip
