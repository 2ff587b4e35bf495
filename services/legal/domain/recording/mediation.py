"""Mediation before suit: offered, then agreed or failed. To agree is to consent to perform (Civil Code art. 195(2))."""

from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.known import Known
from services.legal.domain.led import Led
from services.legal.domain.thing_ids import proof_of_step
from shared.kernel import evidence
from shared.kernel.refusal import Refused

FAILURES = ("REFUSED", "NO_SHOW", "NO_AGREEMENT")
PROMISE = "promise"
LEGAL = "LEGAL"


class MediationUnknown(Refused):
    """Mediation of that id was not offered, or has ended already by an agreement or a failure."""

    code = "mediation-unknown"
    title_en = "There is no such mediation under way"
    title_zh = "没有该进行中的调解"


class MediationTermsRefused(Refused):
    """What is agreed is a positive amount, to be paid on the day of the agreement or later."""

    code = "mediation-terms-refused"
    title_en = "The agreement's terms do not fit"
    title_zh = "调解协议条款不合要求"


def offered(known: Known, fact: m.MediationOffered) -> Led:
    """Mediation was offered."""
    return Led(matter=(fact,))


def _under_way(known: Known, mediation: str) -> m.MediationOffered:
    matter = known.matter
    ended = {one.mediation for one in matter.all(m.MediationAgreed)}
    ended |= {one.mediation for one in matter.all(m.MediationFailed)}
    found = next((one for one in matter.all(m.MediationOffered) if one.mediation == mediation), None)
    if found is None or mediation in ended:
        raise MediationUnknown
    return found


def agreed(known: Known, fact: m.MediationAgreed, *, by: str) -> Led:
    """The debtor agreed, and so consented: a proof goes with it. Raises MediationUnknown, MediationTermsRefused."""
    offer = _under_way(known, fact.mediation)
    if fact.amount.minor <= 0 or not offer.on <= fact.on <= fact.pay_by:
        raise MediationTermsRefused
    begun = known.opened
    proof = p.ProofRecorded(
        proof=proof_of_step(begun.case, fact.mediation), kind=PROMISE, on=fact.on, case=begun.case, debts=(),
        person=None, medium=None, to=None, evidence=_evidence(fact), source=LEGAL, source_ref=fact.mediation,
        matter=begun.matter, document=fact.document, by=by,
    )  # fmt: skip
    return Led(matter=(fact,), proofs={begun.case: (proof,)})


def _evidence(fact: m.MediationAgreed) -> str:
    """A court's confirmation, a signed agreement that is on file, or somebody's word."""
    if fact.confirmed:
        return evidence.COURT_PAPER
    return evidence.STATED if fact.document is None else evidence.SIGNED


def failed(known: Known, fact: m.MediationFailed) -> Led:
    """It led to nothing. Raises MediationUnknown."""
    _under_way(known, fact.mediation)
    return Led(matter=(fact,))
