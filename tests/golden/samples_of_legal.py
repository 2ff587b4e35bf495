"""Samples of what is said of a legal matter and of what bears on limitation; `samples.py` has them with all others."""

from datetime import date

from msgspec import Struct

from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from shared.kernel.money import Money
from shared.kernel.parts import Parts

MATTER = "matter-6f1c0d1e-0000-8000-8000-000000000001"
CASE, DEBT = "case-6f1c0d1e-0000-8000-8000-000000000001", "account-6f1c0d1e-0000-8000-8000-0000000000a1"
OF_IT = "6f1c0d1e0000800080000000000000014a1b6c2d3e4f5061"
PERSON, ATTORNEY = "prs_6f1c0d1e4a1b6c2d3e4f506172839405", "prs_7a1c0d1e4a1b6c2d3e4f506172839405"
DAY, LATER = date(2026, 3, 2), date(2026, 9, 30)
DIGEST = "9f" * 32
OWED, CLAIMED = Parts(21_300, 8_800, 1_200, 960_000, "CNY"), Parts(21_300, 8_800, 0, 960_000, "CNY")
FEE = Money(21_300, "CNY")
BY = "user:lin"
TRACK, STEP, PROOF = f"trk_{OF_IT}", f"stp_{OF_IT}", f"prf_{OF_IT}"


def _told(what: str, **said: object) -> m.MatterTold:
    nothing = dict.fromkeys(
        ("thing", "code", "track_kind", "amount", "borne_by", "person", "attorney", "due_on"), None
    )
    return m.MatterTold(
        told=f"{what}:{MATTER}:1", what=what, case=CASE, matter=MATTER, referral="ref_01", on=DAY, retracted=False,
        **{**nothing, **said},  # type: ignore[arg-type]
    )  # fmt: skip


_OF_MATTERS: tuple[Struct, ...] = (
    m.MatterOpened(
        matter=MATTER, case=CASE, referral="ref_01", reason="BROKEN_PROMISES", on=DAY, owed=OWED, by=BY
    ),
    m.PartyNamed(
        party=f"pty_{OF_IT}", person=PERSON, role="GUARANTOR", debts=(DEBT,), guarantee="GENERAL", until=LATER,
        on=DAY, reference="P-0815",
    ),
    m.PartyDropped(party=f"pty_{OF_IT}", on=LATER, reason="RELEASED"),
    m.ClaimStated(
        claim=f"clm_{OF_IT}", debt=DEBT, as_of=DAY, owed=OWED, claimed=CLAIMED, reason="STATED", on=DAY, by=BY
    ),
    m.FeasibilityAssessed(
        assessment=f"fea_{OF_IT}", on=DAY, asset_signs=("VEHICLE", "SALARY"), cost=Money(80_000, "CNY"),
        recovery=Money(900_000, "CNY"), likelihood_percent=60, advice="SUE", words="有车，工资卡在我行", by=BY,
    ),
    m.PlacedWithFirm(
        placement=f"plf_{OF_IT}", firm="FIRM-9", licence="31110000E00017891X", mandate=DIGEST, on=DAY, until=LATER,
        counsel="L-12",
    ),
    m.PlacementEnded(placement=f"plf_{OF_IT}", on=LATER, reason="MANDATE_ENDED"),
    m.DocumentFiled(
        document=f"doc_{OF_IT}", kind="MANDATE", sha256=DIGEST, on=DAY, pages=2, location="DMS 4711", by=BY
    ),
    m.MediationOffered(mediation=f"med_{OF_IT}", on=DAY, body="PEOPLES_MEDIATION"),
    m.MediationAgreed(
        mediation=f"med_{OF_IT}", on=DAY, amount=Money(900_000, "CNY"), pay_by=LATER, confirmed=False,
        document=DIGEST,
    ),
    m.MediationFailed(mediation=f"med_{OF_IT}", on=DAY, reason="NO_SHOW"),
    m.DebtorRepresented(
        representation=f"rep_{OF_IT}", person=None, attorney=ATTORNEY, on=DAY, reference="LAWYER-77"
    ),
    m.RepresentationEnded(representation=f"rep_{OF_IT}", on=LATER),
    m.MatterCostBooked(
        cost=f"cst_{OF_IT}", kind="COURT_FEE", amount=FEE, on=DAY, borne_by="DEBTOR", firm="FIRM-9", track=TRACK
    ),
    m.MatterCostReversed(cost=f"cst_{OF_IT}", on=LATER, reason="REFUNDED"),
    m.StepRetracted(step=STEP, track=TRACK, on=LATER, reason="ENTERED_IN_ERROR", by=BY),
    m.StepRefused(
        track=TRACK, wanted="SUIT_FILED", rule="claim-expired", source="民法典 188, 192", debts=(DEBT,), on=DAY, by=BY
    ),
    m.OverrideGiven(
        override=f"ovr_{OF_IT}", track=TRACK, wanted="SUIT_FILED", reason="DEFENCE_NOT_RAISED", on=DAY, asked_by=BY,
        by="user:wu",
    ),
    m.DeadlineNear(
        deadline="PRESERVATION_SUIT", thing=TRACK, begun_by=STEP, within=7, as_of=DAY, raw_on=LATER, expires_on=None
    ),
    m.MatterClosed(matter=MATTER, outcome="PERFORMED", on=LATER, by=BY),
    m.MatterReopened(matter=MATTER, reason="PAYMENT_RETURNED", on=LATER, by=BY),
    m.CaseTurned(
        matter=MATTER, case=CASE, what="ENDED", reason="SETTLED", on=LATER,
        source_ref="6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b",
    ),
    _told(
        "STEP", thing=STEP, code="SUIT_FILED", track_kind="SUIT", amount=FEE, borne_by="DEBTOR", person=PERSON,
        attorney=ATTORNEY, due_on=LATER,
    ),
)  # fmt: skip
_OF_PROOFS: tuple[Struct, ...] = (
    p.DebtJoined(case=CASE, debt=DEBT, on=DAY, source_ref="evt_01"),
    p.DebtLeft(case=CASE, debt=DEBT, on=LATER, source_ref="evt_02"),
    p.ProofRecorded(
        proof=PROOF, kind="sued", on=DAY, case=CASE, debts=(DEBT,), person=None, medium=None, to=None,
        evidence="COURT_PAPER", source="LEGAL", source_ref=STEP, matter=MATTER, document=DIGEST, by=BY, thing=TRACK,
        others=(PERSON,),
    ),
    p.ProofRetracted(proof=PROOF, on=LATER, reason="ENTERED_IN_ERROR", by=BY),
    p.ProofRestored(proof=PROOF, on=LATER, reason="FOUND_AGAIN", by=BY),
    p.GuaranteeTold(person=PERSON, debt=DEBT, form="JOINT", until=None, on=DAY, source_ref="evt_03"),
    p.JointDebtorTold(person=PERSON, debt=DEBT, on=DAY, source_ref="evt_04"),
    p.RoleTaken(role_ref="evt_04", debt=DEBT, on=LATER, source_ref="evt_05"),
    p.InstalmentTold(debt=DEBT, instalment="2026-03", due=DAY, on=DAY, source_ref="evt_06"),
    p.EvidenceTold(
        case=CASE, thing="prm_01", fact="case.PromiseToPay/v1", on=DAY, evidence="DOCUMENT", source_ref="evt_07"
    ),
    p.MatterLinked(matter=MATTER, on=DAY),
    p.LimitationNear(
        case=CASE, debt=DEBT, clock="limitation", person=None, within=90, as_of=DAY, raw_on=LATER, expires_on=LATER,
        weakest=PROOF,
    ),
)  # fmt: skip
SAMPLES_OF_LEGAL: dict[str, Struct] = {
    f"legal.{type(one).__name__}/v1": one for one in (*_OF_MATTERS, *_OF_PROOFS)
}
