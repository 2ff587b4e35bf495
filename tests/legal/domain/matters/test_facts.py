"""Facts of a matter beside its tracks: what each needs, what is proved by it, what the others are told."""

from __future__ import annotations

from typing import Any

import pytest

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import suit as s
from services.legal.domain.parties import GuarantorBeforeDebtor, PartyUnknown, parties
from services.legal.domain.recording import claims, costs, firms, mediation, people
from services.legal.domain.refusals import DebtNotOfCase, LegalDayAhead, MatterIsClosed
from shared.kernel.money import CurrencyMismatch, Money
from shared.kernel.parts import Parts
from shared.kernel.refusal import Refused
from tests.legal.deadlines.story import DEBT, OF, SHA, Story, day

NOW = "2026-03-02"
ON = day(NOW)
PERSON = "prs_" + "7" * 32
EURO = Money(100, "EUR")


def thing(prefix: str, name: int = 1) -> str:
    return f"{prefix}_{OF}{name:016x}"


def record(story: Story, fact: Any, now: str = NOW) -> Any:
    """Record it; the facts it led to, the words told left out."""
    led = story.do(c.Record(fact=fact, by="user:lin"), now)
    return [one for one in led.matter if not isinstance(one, m.MatterTold)]


def party(role: str = "DEBTOR", **how: Any) -> m.PartyNamed:
    said: dict[str, Any] = {
        "party": thing("pty"), "person": None, "debts": (), "guarantee": None, "until": None, "on": ON,
        "reference": None,
    }  # fmt: skip
    return m.PartyNamed(role=role, **(said | how))


def guarantor(form: str = "GENERAL", name: int = 2) -> m.PartyNamed:
    return party("GUARANTOR", person=PERSON, guarantee=form, party=thing("pty", name))


def test_a_later_word_about_a_party_counts() -> None:
    story = Story.opened()
    record(story, guarantor())
    record(story, guarantor("JOINT"))
    assert [one.guarantee for one in parties(story.matter).values()] == ["JOINT"]


def test_the_same_word_is_on_record() -> None:
    story = Story.opened()
    assert record(story, party())
    assert not record(story, party())


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        (party("GUARANTOR", person=PERSON), people.PartyTermsRefused),
        (party("SPOUSE", person=PERSON, guarantee="JOINT"), people.PartyTermsRefused),
        (party("DEBTOR", until=ON), people.PartyTermsRefused),
        (party("DEBTOR", person=PERSON), people.PartyTermsRefused),
        (party("JOINT_DEBTOR"), people.PartyTermsRefused),
        (party(debts=(DEBT.replace("account", "case"),)), DebtNotOfCase),
        (party(on=day("2026-03-03")), LegalDayAhead),
    ],
)
def test_a_party_is_named_in_a_way_that_makes_sense(fact: Any, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        record(Story.opened(), fact)


def test_a_general_guarantor_is_sued_with_the_debtor_or_after_them() -> None:
    story = Story.opened()
    record(story, party())
    record(story, guarantor())
    alone: dict[str, Any] = {"against": (thing("pty", 2),)}
    with pytest.raises(GuarantorBeforeDebtor):
        story.take(s.SuitAssessed, NOW, "alone", **alone)
    [refused] = story.matter.all(m.StepRefused)
    assert (refused.wanted, refused.rule, refused.source) == (
        "SUIT_ASSESSED", "guarantor-before-debtor", "民法典 687, 693",
    )  # fmt: skip
    assert "trk" not in "".join(story.matter.tracks)
    story.filed(NOW, "debtor", against=(thing("pty"),))
    story.take(s.SuitAssessed, NOW, "alone", **alone)


def test_a_general_guarantor_is_sued_beside_the_debtor_and_a_joint_one_alone() -> None:
    story = Story.opened()
    record(story, party())
    record(story, guarantor())
    story.take(s.SuitAssessed, NOW, "both", against=(thing("pty"), thing("pty", 2)))
    other = Story.opened()
    record(other, guarantor("JOINT"))
    other.take(s.SuitAssessed, NOW, "joint", against=(thing("pty", 2),))
    for one in (story, other):
        [begun] = one.matter.all(s.SuitAssessed)
        assert thing("pty", 2) in begun.against
        assert not list(one.matter.all(m.StepRefused))


def test_nobody_is_proceeded_against_who_is_no_party() -> None:
    with pytest.raises(PartyUnknown):
        Story.opened().take(s.SuitAssessed, NOW, against=(thing("pty"),))


def test_whoever_is_sued_is_not_dropped() -> None:
    story = Story.opened()
    record(story, party())
    dropped = m.PartyDropped(party=thing("pty"), on=ON, reason="RELEASED")
    story.filed(NOW, against=(thing("pty"),))
    with pytest.raises(people.PartyInProceedings):
        record(story, dropped)
    story.take(s.SuitWithdrawn, NOW, "suit", reason="FAULTY", settlement=None)
    record(story, dropped)
    assert not parties(story.matter)
    with pytest.raises(PartyUnknown):
        record(story, m.PartyDropped(party=thing("pty"), on=ON, reason="ENTERED_IN_ERROR"))


def claim(claimed: Parts, owed: Parts | None = None, debt: str = DEBT) -> m.ClaimStated:
    return m.ClaimStated(
        claim=thing("clm"), debt=debt, as_of=ON, owed=owed or Parts(10, -5, 0, 100, "CNY"), claimed=claimed,
        reason="STATED", on=ON, by="user:lin",
    )  # fmt: skip


def test_no_more_is_claimed_than_is_owed_part_by_part() -> None:
    story = Story.opened(claimed=None)
    record(story, claim(Parts(10, 0, 0, 100, "CNY")))
    for claimed in (Parts(11, 0, 0, 0, "CNY"), Parts(0, 1, 0, 0, "CNY"), Parts(0, 0, 0, -1, "CNY")):
        with pytest.raises(claims.ClaimTooLarge):
            record(story, claim(claimed))
    with pytest.raises(CurrencyMismatch):
        record(story, claim(Parts(10, 0, 0, 0, "EUR")))
    with pytest.raises(DebtNotOfCase):
        record(story, claim(Parts(0, 0, 0, 0, "CNY"), debt="account-unheard"))
    record(story, claim(Parts(0, 0, 0, 50, "CNY")))
    assert [one.claimed.principal for one in story.matter.all(m.ClaimStated)] == [50]


@pytest.mark.parametrize(("percent", "benefit"), [(0, -80_000), (33, 217_000), (100, 820_000)])
def test_the_benefit_is_what_is_likely_less_what_it_costs(percent: int, benefit: int) -> None:
    fact = _assessed(percent)
    record(Story.opened(), fact)
    assert claims.benefit(fact) == Money(benefit, "CNY")


def _assessed(percent: int, cost: Money | None = None) -> m.FeasibilityAssessed:
    return m.FeasibilityAssessed(
        assessment=thing("fea"), on=ON, asset_signs=(), cost=cost or Money(80_000, "CNY"),
        recovery=Money(900_000, "CNY"), likelihood_percent=percent, advice="SUE", words=None, by="user:lin",
    )  # fmt: skip


def test_an_assessment_adds_up() -> None:
    for fact in (_assessed(101), _assessed(-1), _assessed(50, Money(-1, "CNY"))):
        with pytest.raises(claims.AssessmentTermsRefused):
            record(Story.opened(), fact)
    with pytest.raises(CurrencyMismatch):
        record(Story.opened(), _assessed(50, EURO))


def mandate() -> m.DocumentFiled:
    return m.DocumentFiled(
        document=thing("doc"), kind="MANDATE", sha256=SHA, on=ON, pages=2, location=None, by="user:lin"
    )


def placed(name: int = 1, **how: Any) -> m.PlacedWithFirm:
    said: dict[str, Any] = {"until": None, "on": ON, "mandate": SHA} | how
    return m.PlacedWithFirm(
        placement=thing("plf", name), firm="FIRM-9", licence="31110000E00017891X", counsel=None, **said
    )


def test_a_firm_has_it_under_a_mandate_on_file_one_at_a_time() -> None:
    story = Story.opened()
    with pytest.raises(firms.MandateMissing):
        record(story, placed())
    record(story, mandate())
    assert not record(story, m.DocumentFiled(**{**_fields(mandate()), "document": thing("doc", 9)}))
    with pytest.raises(firms.PlacementTermsRefused):
        record(story, placed(until=ON))
    record(story, placed())
    with pytest.raises(firms.PlacedAlready):
        record(story, placed(2))
    ended = m.PlacementEnded(placement=thing("plf"), on=ON, reason="MANDATE_ENDED")
    record(story, ended)
    with pytest.raises(firms.PlacementUnknown):
        record(story, m.PlacementEnded(placement=thing("plf"), on=ON, reason="OTHER"))
    record(story, placed(2))
    found = firms.placement(story.matter)
    assert found is not None
    assert found.placement == thing("plf", 2)


def _fields(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}


def test_a_mandate_that_ran_out_stands_in_the_way_of_no_other() -> None:
    story = Story.opened()
    record(story, mandate())
    record(story, placed(until=day("2026-03-10")))
    with pytest.raises(firms.PlacedAlready):
        record(story, placed(2, on=day("2026-03-09")), "2026-03-10")
    record(story, placed(2, on=day("2026-03-10")), "2026-03-10")
    found = firms.placement(story.matter)
    assert found is not None
    assert found.placement == thing("plf", 2)


def test_to_agree_in_mediation_is_a_proof() -> None:
    story = Story.opened()
    agreed = m.MediationAgreed(
        mediation=thing("med"), on=ON, amount=Money(100, "CNY"), pay_by=ON, confirmed=False, document=SHA
    )
    with pytest.raises(mediation.MediationUnknown):
        record(story, agreed)
    record(story, m.MediationOffered(mediation=thing("med"), on=ON, body="PEOPLES_MEDIATION"))
    for wrong in ({"amount": Money(0, "CNY")}, {"pay_by": day("2026-03-01")}, {"on": day("2026-03-01")}):
        with pytest.raises(mediation.MediationTermsRefused):
            record(story, m.MediationAgreed(**{**_fields(agreed), **wrong}))
    record(story, agreed)
    [proof] = [one for one in story.claims.of_case.proofs.values() if one.source_ref == thing("med")]
    assert (proof.kind, proof.on, proof.evidence, proof.by) == ("promise", ON, "SIGNED", "user:lin")
    assert [one.code for one in story.matter.told] == ["MEDIATION_OFFERED", "MEDIATION_AGREED"]
    with pytest.raises(mediation.MediationUnknown):
        record(story, m.MediationFailed(mediation=thing("med"), on=ON, reason="NO_SHOW"))


def cost(**how: Any) -> m.MatterCostBooked:
    said: dict[str, Any] = {"amount": Money(213, "CNY"), "borne_by": "DEBTOR", "track": None} | how
    return m.MatterCostBooked(cost=thing("cst"), kind="COURT_FEE", on=ON, firm=None, **said)


def test_a_cost_is_told_and_so_is_its_reversal_once() -> None:
    story = Story.opened()
    with pytest.raises(costs.CostNotPositive):
        record(story, cost(amount=Money(0, "CNY")))
    with pytest.raises(Refused, match="track-unknown"):
        record(story, cost(track=thing("trk")))
    record(story, cost())
    gone = m.MatterCostReversed(cost=thing("cst"), on=ON, reason="REFUNDED")
    record(story, gone)
    with pytest.raises(costs.MatterCostUnknown):
        record(story, m.MatterCostReversed(cost=thing("cst"), on=ON, reason="AGAIN"))
    assert [(one.what, one.amount, one.borne_by) for one in story.matter.told] == [
        ("COST", Money(213, "CNY"), "DEBTOR"), ("COST_REVERSED", Money(213, "CNY"), "DEBTOR"),
    ]  # fmt: skip
    assert not costs.standing(story.matter)


def test_an_attorney_is_told_of_when_they_come_and_go() -> None:
    story = Story.opened()
    attorney = "prs_" + "8" * 32
    record(
        story,
        m.DebtorRepresented(
            representation=thing("rep"), person=None, attorney=attorney, on=ON, reference="L-1"
        ),
    )
    record(story, m.RepresentationEnded(representation=thing("rep"), on=ON))
    with pytest.raises(people.RepresentationUnknown):
        record(story, m.RepresentationEnded(representation=thing("rep", 2), on=ON))
    assert [(one.what, one.attorney) for one in story.matter.told] == [
        ("REPRESENTED", attorney), ("REPRESENTATION_ENDED", attorney),
    ]  # fmt: skip


def test_nothing_is_recorded_of_a_matter_that_is_closed() -> None:
    story = Story.opened()
    story.do(c.CloseMatter(outcome="PAID", on=ON, by="user:lin"), NOW)
    with pytest.raises(MatterIsClosed):
        record(story, mandate())
