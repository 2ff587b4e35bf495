"""Who the matter is against, as it stands now; and what the law says of those who only guarantee."""

from services.legal.domain.facts import matter as m
from services.legal.domain.facts.arbitration import ArbitrationFiled
from services.legal.domain.facts.payment_order import PaymentOrderApplied
from services.legal.domain.facts.suit import SuitFiled
from services.legal.domain.forbidden import LawForbids
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.machine import Asked, Machine, against
from shared.kernel.refusal import Refused

DEBTOR, JOINT_DEBTOR, GUARANTOR, ESTATE, SPOUSE = "DEBTOR", "JOINT_DEBTOR", "GUARANTOR", "ESTATE", "SPOUSE"
ROLES = (DEBTOR, JOINT_DEBTOR, GUARANTOR, ESTATE, SPOUSE)
GENERAL, JOINT = "GENERAL", "JOINT"
FORMS = (GENERAL, JOINT)
MAIN = frozenset({DEBTOR, ESTATE})
"""The debtor themselves, or what they left."""
BEFORE_COURT = (SuitFiled, ArbitrationFiled)
"""By these the creditor proceeds against the debtor (Civil Code art. 693)."""


class PartyUnknown(Refused):
    """The matter is not against a party of that id. `GET /v1/legal-matters/{id}` lists those it is against."""

    code = "legal-party-unknown"
    title_en = "The matter has no such party"
    title_zh = "该法务事项没有此当事人"


class GuarantorBeforeDebtor(LawForbids):
    """A general guarantor can refuse until the debtor was proceeded against, so they are not sued first or alone.

    Name the main debtor in the same track, or proceed against them by suit or arbitration first (Civil Code 687, 693).
    """

    code = "guarantor-before-debtor"
    title_en = "A general guarantor is proceeded against only with the debtor or after them"
    title_zh = "一般保证人只能与债务人一并或在其后被起诉"
    source = "民法典 687, 693"


def parties(matter: Matter) -> dict[str, m.PartyNamed]:
    """party -> the latest word about them, those dropped left out, in the order of those words."""
    found: dict[str, m.PartyNamed] = {}
    for one in matter.standing:
        if isinstance(one, m.PartyNamed):
            found[one.party] = one
        elif isinstance(one, m.PartyDropped):
            found.pop(one.party, None)
    return found


def known_against(asked: Asked) -> tuple[m.PartyNamed, ...]:
    """The parties that a track's first step is against. Raises PartyUnknown."""
    known, wanted = parties(asked.matter), getattr(asked.step, "against", ())
    if any(party not in known for party in wanted):
        raise PartyUnknown
    return tuple(known[party] for party in wanted)


def guarantor_first(asked: Asked, machine: Machine) -> None:
    """Raises GuarantorBeforeDebtor where a general guarantor is proceeded against without the debtor, or before.

    Asked when the track begins, and once more when it is brought before a court or tribunal.
    """
    wanted = known_against(asked)
    if isinstance(asked.step, (*BEFORE_COURT, PaymentOrderApplied)):
        known = parties(asked.matter)
        wanted = tuple(known[one] for one in against(asked.matter, asked.track) if one in known)
    general = [one for one in wanted if one.role == GUARANTOR and one.guarantee == GENERAL]
    if general and not any(one.role in MAIN for one in wanted) and not _debtor_before(asked.matter):
        raise GuarantorBeforeDebtor


def _debtor_before(matter: Matter) -> bool:
    main = {party for party, one in parties(matter).items() if one.role in MAIN}
    return any(
        main & set(against(matter, track))
        and any(isinstance(one, BEFORE_COURT) for one in matter.steps(track))
        for track in matter.tracks
    )
