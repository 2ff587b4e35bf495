"""What is claimed of each debt, and whether going to law is worth it."""

from services.legal.domain.facts import matter as m
from services.legal.domain.known import Known
from services.legal.domain.led import Led
from services.legal.domain.refusals import DebtNotOfCase
from shared.kernel.money import CurrencyMismatch, Money
from shared.kernel.refusal import Refused

ADVICE = ("LETTER", "MEDIATE", "ARBITRATE", "PAYMENT_ORDER", "SUE", "ENFORCE", "DO_NOT_SUE")
_PERCENT = 100


class ClaimTooLarge(Refused):
    """No more is claimed, part by part, than the balance that was known at the date; and no part is negative."""

    code = "claim-too-large"
    title_en = "More is claimed than was owed"
    title_zh = "主张金额超过当日欠款"


class AssessmentTermsRefused(Refused):
    """The likelihood is a percentage from 0 to 100; neither cost nor recovery is negative."""

    code = "assessment-terms-refused"
    title_en = "The assessment does not add up"
    title_zh = "评估数据不合要求"


def stated(known: Known, fact: m.ClaimStated) -> Led:
    """What is claimed on a debt. Raises DebtNotOfCase, ClaimTooLarge, CurrencyMismatch."""
    if fact.debt not in known.claims.debts:
        raise DebtNotOfCase
    if fact.owed.currency != fact.claimed.currency:
        raise CurrencyMismatch
    pairs = zip(fact.claimed.minors, fact.owed.minors, strict=True)
    if any(not 0 <= claimed <= max(owed, 0) for claimed, owed in pairs):
        raise ClaimTooLarge
    known.happened(fact.as_of)
    return Led(matter=(fact,))


def assessed(known: Known, fact: m.FeasibilityAssessed) -> Led:
    """What going to law may bring. Raises AssessmentTermsRefused, CurrencyMismatch."""
    if not 0 <= fact.likelihood_percent <= _PERCENT or fact.cost.minor < 0 or fact.recovery.minor < 0:
        raise AssessmentTermsRefused
    benefit(fact)
    return Led(matter=(fact,))


def benefit(fact: m.FeasibilityAssessed) -> Money:
    """What is likely to come of it, less what it costs: may be negative. Rounded down to a minor unit."""
    likely = fact.recovery.minor * fact.likelihood_percent // _PERCENT
    return Money(likely, fact.recovery.currency) - fact.cost
