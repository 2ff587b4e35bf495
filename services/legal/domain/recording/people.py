"""Whom the matter is against, and who acts for them."""

from services.legal.domain.facts import matter as m
from services.legal.domain.known import Known
from services.legal.domain.led import Led
from services.legal.domain.limitation.parties import taken_of, told_of
from services.legal.domain.parties import DEBTOR, GUARANTOR, PartyUnknown, parties
from services.legal.domain.refusals import DebtNotOfCase
from services.legal.domain.tracks.all_tracks import under_way
from services.legal.domain.tracks.machine import against
from shared.kernel.refusal import Refused


class PartyTermsRefused(Refused):
    """A guarantor has a form of guarantee (GENERAL or JOINT), nobody else has; the debtor is no other person.

    Context: `flaw`.
    """

    code = "legal-party-terms-refused"
    title_en = "The party cannot be named in this way"
    title_zh = "当事人信息不合要求"


class PartyInProceedings(Refused):
    """A track that is under way is against them: end it, or retract its steps, before they are dropped."""

    code = "party-in-proceedings"
    title_en = "Proceedings against the party are under way"
    title_zh = "针对该当事人的程序仍在进行"


class RepresentationUnknown(Refused):
    """No such representation, or it has ended already."""

    code = "legal-representation-unknown"
    title_en = "There is no such representation under way"
    title_zh = "没有该进行中的代理"


def named(known: Known, fact: m.PartyNamed) -> Led:
    """Somebody is a party. Raises PartyTermsRefused, DebtNotOfCase."""
    if (fact.role == GUARANTOR) != (fact.guarantee is not None):
        raise PartyTermsRefused(flaw="GUARANTEE")
    if fact.until is not None and fact.guarantee is None:
        raise PartyTermsRefused(flaw="UNTIL")
    if (fact.role == DEBTOR) != (fact.person is None):
        raise PartyTermsRefused(flaw="PERSON")
    if not set(fact.debts) <= set(known.claims.debts):
        raise DebtNotOfCase
    return Led(matter=(fact,), proofs=told_of(known.claims, fact))


def dropped(known: Known, fact: m.PartyDropped) -> Led:
    """They are a party no longer. Raises PartyUnknown, PartyInProceedings."""
    if fact.party not in parties(known.matter):
        raise PartyUnknown
    if any(fact.party in against(known.matter, track) for track in under_way(known.matter)):
        raise PartyInProceedings
    return Led(matter=(fact,), proofs=taken_of(known.claims, fact))


def attorneys(known: Known) -> dict[str, m.DebtorRepresented]:
    """The representations that go on."""
    ended = {one.representation for one in known.matter.all(m.RepresentationEnded)}
    return {
        one.representation: one
        for one in known.matter.all(m.DebtorRepresented)
        if one.representation not in ended
    }


def represented(known: Known, fact: m.DebtorRepresented) -> Led:
    """An attorney acts for them."""
    return Led(matter=(fact,))


def representation_ended(known: Known, fact: m.RepresentationEnded) -> Led:
    """They act no longer. Raises RepresentationUnknown."""
    if fact.representation not in attorneys(known):
        raise RepresentationUnknown
    return Led(matter=(fact,))
