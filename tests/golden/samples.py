"""One event of every registered type, as `tests.golden.write` stores it. A new type adds its sample here."""

from datetime import UTC, date, datetime

from msgspec import Struct

from services.case.domain import events as case
from services.case.domain.facts.legal import LegalReferralRefused, LegalStepReported
from services.case.domain.facts.plan import Instalment
from shared.kernel.money import Money
from shared.kernel.parts import Parts
from tests.golden.bank_samples import BANK_SAMPLES
from tests.golden.samples_of_contact import SAMPLES_OF_CONTACT
from tests.golden.samples_of_legal import SAMPLES_OF_LEGAL
from tests.golden.samples_of_letters import SAMPLES_OF_LETTERS
from tests.golden.samples_of_looking import SAMPLES_OF_LOOKING
from tests.golden.samples_of_outreach import SAMPLES_OF_OUTREACH
from tests.golden.samples_of_packs import SAMPLES_OF_PACKS
from tests.golden.samples_of_paper import SAMPLES_OF_PAPER
from tests.golden.samples_of_preservation import SAMPLES_OF_PRESERVATION
from tests.golden.samples_of_proceedings import SAMPLES_OF_PROCEEDINGS
from tests.golden.samples_of_replies import SAMPLES_OF_REPLIES
from tests.golden.samples_of_staffing import STAFFING
from tests.golden.samples_of_texts import SAMPLES_OF_TEXTS
from tests.golden.samples_of_the_book import SAMPLES_OF_THE_BOOK
from tests.golden.samples_of_treatment import SAMPLES_OF_TREATMENT

ACCOUNT = "account-6f1c3a52-9d0e-5b7a-8c44-0a5be1d2f37b"
CASE = "case-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
PARTY = "party-6f1c3a52-9d0e-5b7a-8c44-0a5be1d2f37b"
MONTH_END = date(2005, 8, 31)
DAY = date(2005, 9, 12)
TWD = Money(1_234_500, "TWD")
PARTS = Parts(1_000, 41, 250, 98_959, "TWD")

SAMPLES: dict[str, Struct] = {
    "case.DaySwept/v1": case.DaySwept(as_of=DAY, cases=12, changed=2, events=5, failed=()),
    "case.StatementReported/v1": case.StatementReported(
        account_ref="TW-0004711",
        as_of=MONTH_END,
        months_past_due=2,
        balance=Money(-1_250, "TWD"),
        payment=Money(300_000, "TWD"),
        credit_limit=Money(20_000_000, "TWD"),
        content="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    "case.CaseOpened/v1": case.CaseOpened(
        debtor_ref="TW-0004711",
        episode=2,
        debts=(ACCOUNT,),
        as_of=MONTH_END,
        arrears=Money(1_234_500, "TWD"),
        days_past_due=60,
    ),
    "case.ArrearsReported/v1": case.ArrearsReported(
        account=ACCOUNT, as_of=MONTH_END, days_past_due=30, arrears=Money(0, "TWD")
    ),
    "case.StageEntered/v1": case.StageEntered(
        as_of=MONTH_END, stage="M2", previous="M1", days_past_due=60, scheme="retail/1"
    ),
    "case.PaymentReceived/v1": case.PaymentReceivedFirst(
        account=ACCOUNT,
        amount=Money(300_000, "TWD"),
        period_from=date(2005, 8, 1),
        period_until=date(2005, 9, 1),
    ),
    "case.CaseCured/v1": case.CaseCured(as_of=MONTH_END),
    "case.CaseClosed/v1": case.CaseClosed(as_of=MONTH_END, reason="CURED"),
    "case.DebtAttached/v1": case.DebtAttached(account=ACCOUNT, on=DAY, arrears=TWD, days_past_due=1),
    "case.DebtDetached/v1": case.DebtDetached(account=ACCOUNT, on=DAY, reason="ASKED_BY_DEBTOR"),
    "case.InstalmentFellDue/v1": case.InstalmentFellDue(
        item="ite_01", account=ACCOUNT, on=DAY, amounts=PARTS
    ),
    "case.ChargeBooked/v1": case.ChargeBooked(
        charge="cha_01", account=ACCOUNT, on=DAY, amounts=PARTS, reason="ASKED_BY_DEBTOR"
    ),
    "case.BalanceAdjusted/v1": case.BalanceAdjusted(
        adjustment="adj_01", account=ACCOUNT, on=DAY, amounts=PARTS, source="dsp_01"
    ),
    "case.PenaltyTermsSet/v1": case.PenaltyTermsSet(terms="ter_01", account=ACCOUNT, on=DAY, ppm_per_day=1),
    "case.PenaltyInterestAccrued/v1": case.PenaltyInterestAccrued(
        as_of=DAY, total=TWD, change=TWD, because=("pay_01",)
    ),
    "case.PaymentReceived/v2": case.PaymentReceived(
        account=ACCOUNT,
        amount=TWD,
        period_from=date(2005, 9, 30),
        period_until=date(2005, 10, 1),
        payment="pay_01",
        channel="gateway",
    ),
    "case.AuditSearched/v1": case.AuditSearched(
        heads=(4711, 0),
        debtor="ONE",
        subject="6f1c3a52-9d0e-4b7a-8c44-0a5be1d2f37b",
        stream=None,
        actor="system:import",
        type="CaseOpened",
        recorded_from=datetime(2005, 8, 31, 16, 0, tzinfo=UTC),
        recorded_until=None,
        effective_from=None,
        effective_until=datetime(2005, 9, 30, 16, 0, tzinfo=UTC),
    ),
    "case.PaymentEntered/v1": case.PaymentEntered(
        source="UNIONPAY",
        source_ref="20050912-000471",
        account_ref="TW-0004711",
        debtor_ref=None,
        amount=TWD,
        on=DAY,
        channel="CARD",
    ),
    "case.PaymentMatched/v1": case.PaymentMatched(
        case=CASE, payment="pay_01", account=ACCOUNT, amount=TWD, on=DAY, by="RULE", rule="ACCOUNT"
    ),
    "case.PaymentUnmatched/v1": case.PaymentUnmatched(on=DAY, reason="NO_CASE"),
    "case.PaymentMismatchDiscovered/v1": case.PaymentMismatchDiscovered(
        case=CASE, payment="pay_01", returned="ret_01", amount=TWD, on=DAY, reason="WRONG_DEBTOR"
    ),
    "case.PaymentEntryReversed/v1": case.PaymentEntryReversed(
        returned="ret_01", on=DAY, amount=TWD, reason="NO_FUNDS"
    ),
    "case.PaymentAllocated/v1": case.PaymentAllocated(
        payment="pay_01", as_of=DAY, amounts=PARTS, unallocated=TWD, order="costs-first/1"
    ),
    "case.AllocationReversed/v1": case.AllocationReversed(
        payment="pay_01", as_of=DAY, amounts=PARTS, unallocated=TWD, because=("pay_01",)
    ),
    "case.PaymentReturned/v1": case.PaymentReturned(
        returned="ret_01", payment="pay_01", on=DAY, amount=TWD, reason="ASKED_BY_DEBTOR"
    ),
    "case.OverpaymentFound/v1": case.OverpaymentFound(as_of=DAY, amount=TWD, because=("pay_01",)),
    "case.RefundPaid/v1": case.RefundPaid(refund="ref_01", on=DAY, amount=TWD),
    "case.PromiseToPay/v1": case.PromiseToPay(
        promise="pro_01", on=DAY, amount=TWD, due=date(2005, 10, 1), given_by="DEBTOR"
    ),
    "case.PromiseAmended/v1": case.PromiseAmended(
        promise="pro_01", revision=1, on=DAY, amount=TWD, due=date(2005, 10, 1)
    ),
    "case.PromiseCancelled/v1": case.PromiseCancelled(promise="pro_01", on=DAY, reason="ASKED_BY_DEBTOR"),
    "case.PromiseKept/v1": case.PromiseKept(
        promise="pro_01", as_of=DAY, appropriated=TWD, because=("pay_01",)
    ),
    "case.PromisePartlyKept/v1": case.PromisePartlyKept(
        promise="pro_01", as_of=DAY, appropriated=TWD, because=("pay_01",)
    ),
    "case.PromiseBroken/v1": case.PromiseBroken(promise="pro_01", as_of=DAY, because=("pay_01",)),
    "case.PromiseReopened/v1": case.PromiseReopened(
        promise="pro_01", as_of=DAY, previous="BROKEN", because=("pay_01",)
    ),
    "case.PlanQuoted/v1": case.PlanQuoted(
        quote="quo_01",
        on=DAY,
        total=TWD,
        instalments=(Instalment(1, date(2005, 10, 1), TWD),),
        expires=date(2005, 10, 1),
    ),
    "case.PlanOffered/v1": case.PlanOffered(plan="pla_01", quote="quo_01", on=DAY, affordability="aff-12"),
    "case.PlanAgreed/v1": case.PlanAgreed(
        plan="pla_01",
        quote="quo_01",
        on=DAY,
        total=TWD,
        instalments=(Instalment(1, date(2005, 10, 1), TWD),),
        supplement="doc-77",
        affordability="aff-12",
    ),
    "case.PlanTerminated/v1": case.PlanTerminated(plan="pla_01", on=DAY, reason="ASKED_BY_DEBTOR"),
    "case.PlanInstalmentPaid/v1": case.PlanInstalmentPaid(
        plan="pla_01", number=1, as_of=DAY, because=("pay_01",)
    ),
    "case.PlanInstalmentMissed/v1": case.PlanInstalmentMissed(
        plan="pla_01", number=1, as_of=DAY, because=("pay_01",)
    ),
    "case.PlanInstalmentReopened/v1": case.PlanInstalmentReopened(
        plan="pla_01", number=1, as_of=DAY, previous="PAID", because=("pay_01",)
    ),
    "case.PlanBreached/v1": case.PlanBreached(
        plan="pla_01", as_of=DAY, cure_by=date(2005, 10, 1), because=("pay_01",)
    ),
    "case.PlanBreachCured/v1": case.PlanBreachCured(plan="pla_01", as_of=DAY, because=("pay_01",)),
    "case.PlanDefaulted/v1": case.PlanDefaulted(plan="pla_01", as_of=DAY, because=("pay_01",)),
    "case.PlanCompleted/v1": case.PlanCompleted(plan="pla_01", as_of=DAY, because=("pay_01",)),
    "case.PlanReopened/v1": case.PlanReopened(
        plan="pla_01", as_of=DAY, previous="BROKEN", because=("pay_01",)
    ),
    "case.PlanReplaced/v1": case.PlanReplaced(plan="pla_01", as_of=DAY, because=("pay_01",)),
    "case.HoldPlaced/v1": case.HoldPlaced(
        hold="hol_01",
        kind="DISPUTE",
        on=DAY,
        until=date(2005, 10, 1),
        reason="ASKED_BY_DEBTOR",
        stops_interest=True,
        source="dsp_01",
    ),
    "case.HoldLifted/v1": case.HoldLifted(hold="hol_01", on=DAY, reason="ASKED_BY_DEBTOR"),
    "case.HoldExpired/v1": case.HoldExpired(hold="hol_01", as_of=DAY),
    "case.CaseSkipped/v1": case.CaseSkipped(
        skip="skp_01",
        on=DAY,
        at=datetime(2005, 9, 12, 2, 30, tzinfo=UTC),
        queue="M4+",
        reason="DEBTOR_ASKED_LATER",
        until=datetime(2005, 9, 12, 6, 30, tzinfo=UTC),
        everybody=True,
        collector="user:chen",
    ),
    "case.HardshipClaimed/v1": case.HardshipClaimed(relief="rel_01", cause="UNEMPLOYMENT", on=DAY),
    "case.ReliefGranted/v1": case.ReliefGranted(
        relief="rel_01", on=DAY, until=date(2005, 10, 1), measures=("GRACE",), ageing="FREEZE", by="user:chen"
    ),
    "case.ReliefDeclined/v1": case.ReliefDeclined(
        relief="rel_01", on=DAY, reason="ASKED_BY_DEBTOR", by="user:chen"
    ),
    "case.ReliefEnded/v1": case.ReliefEnded(relief="rel_01", on=DAY, reason="ASKED_BY_DEBTOR"),
    "case.DisputeRaised/v1": case.DisputeRaised(
        dispute="dis_01", scope="AMOUNT", amount=TWD, on=DAY, answer_by=date(2005, 10, 1)
    ),
    "case.DisputeAcknowledged/v1": case.DisputeAcknowledged(dispute="dis_01", on=DAY, by="user:chen"),
    "case.DisputeReopened/v1": case.DisputeReopened(
        dispute="dis_02",
        previous="dis_01",
        scope="AMOUNT",
        amount=TWD,
        on=DAY,
        material="doc-78",
        answer_by=date(2005, 10, 1),
    ),
    "case.DisputeUpheld/v1": case.DisputeUpheld(dispute="dis_01", on=DAY, by="user:chen"),
    "case.DisputePartlyUpheld/v1": case.DisputePartlyUpheld(dispute="dis_01", on=DAY, by="user:chen"),
    "case.DisputeRejected/v1": case.DisputeRejected(dispute="dis_01", on=DAY, by="user:chen"),
    "case.DisputeFoundDuplicate/v1": case.DisputeFoundDuplicate(
        dispute="dis_01", on=DAY, first="dsp_00", by="user:chen"
    ),
    "case.DisputeWithdrawn/v1": case.DisputeWithdrawn(dispute="dis_01", on=DAY),
    "case.ComplaintReceived/v1": case.ComplaintReceived(
        complaint="com_01", kind="CONDUCT", on=DAY, answer_by=date(2005, 10, 1), attempts=("att-1",)
    ),
    "case.ComplaintAnswered/v1": case.ComplaintAnswered(
        complaint="com_01", on=DAY, finding="NO_BREACH", redress=TWD, by="user:chen"
    ),
    "case.ComplaintEscalated/v1": case.ComplaintEscalated(complaint="com_01", on=DAY, to="OMBUDSMAN"),
    "case.DeathReported/v1": case.DeathReported(report="rep_01", on=DAY),
    "case.DeathConfirmed/v1": case.DeathConfirmed(report="rep_01", on=DAY),
    "case.IncapacityRecorded/v1": case.IncapacityRecorded(report="rep_01", on=DAY),
    "case.ReportRetracted/v1": case.ReportRetracted(report="rep_01", on=DAY, reason="WRONG_PERSON"),
    "case.SettlementProposed/v1": case.SettlementProposed(
        settlement="set_01",
        on=DAY,
        amount=TWD,
        owed=TWD,
        kind="LESS",
        pay_by=date(2005, 10, 1),
        needs_approval=True,
        by="user:chen",
    ),
    "case.SettlementApproved/v1": case.SettlementApproved(settlement="set_01", on=DAY, by="user:chen"),
    "case.SettlementRejected/v1": case.SettlementRejected(
        settlement="set_01", on=DAY, reason="ASKED_BY_DEBTOR", by="user:chen"
    ),
    "case.SettlementLapsed/v1": case.SettlementLapsed(settlement="set_01", as_of=DAY, because=("pay_01",)),
    "case.Settled/v1": case.Settled(
        settlement="set_01", as_of=DAY, kind="LESS", paid=TWD, waived=PARTS, because=("pay_01",)
    ),
    "case.SettlementDefaulted/v1": case.SettlementDefaulted(
        settlement="set_01", as_of=DAY, paid=TWD, because=("pay_01",)
    ),
    "case.OriginalDebtRevived/v1": case.OriginalDebtRevived(settlement="set_01", as_of=DAY, owed=PARTS),
    "case.WaiverProposed/v1": case.WaiverProposed(
        waiver="wai_01",
        account=ACCOUNT,
        on=DAY,
        amounts=PARTS,
        reason="ASKED_BY_DEBTOR",
        needs_approval=True,
        by="user:chen",
    ),
    "case.WaiverApproved/v1": case.WaiverApproved(waiver="wai_01", on=DAY, by="user:chen"),
    "case.WaiverRejected/v1": case.WaiverRejected(waiver="wai_01", on=DAY, reason="TOO_MUCH", by="user:chen"),
    "case.HandlingModeChanged/v1": case.HandlingModeChanged(
        as_of=DAY, mode="AGENCY", previous="INTERNAL", because=("pay_01",)
    ),
    "case.DebtPlacedWithAgency/v1": case.DebtPlacedWithAgency(
        placement="pla_01", agency="agency-9", on=DAY, until=date(2005, 10, 1), evaluated_on=DAY
    ),
    "case.RecallRequested/v1": case.RecallRequested(placement="pla_01", on=DAY, reason="ASKED_BY_DEBTOR"),
    "case.RecallConfirmed/v1": case.RecallConfirmed(placement="pla_01", on=DAY),
    "case.PlacementExpired/v1": case.PlacementExpired(placement="pla_01", as_of=DAY),
    "case.LegalReferred/v1": case.LegalReferred(
        referral="ref_01", on=DAY, reason="ASKED_BY_DEBTOR", owed=PARTS, by="user:chen"
    ),
    "case.LegalReferralEnded/v1": case.LegalReferralEnded(referral="ref_01", on=DAY, outcome="RETURNED"),
    "case.DebtChargedOff/v1": case.DebtChargedOff(charge_off="cha_01", on=DAY, amount=TWD),
    "case.ChargeOffReversed/v1": case.ChargeOffReversed(
        charge_off="cha_01", on=DAY, reason="ASKED_BY_DEBTOR"
    ),
    "case.WriteOffProposed/v1": case.WriteOffProposed(
        write_off="wri_01", on=DAY, owed=TWD, reason="ASKED_BY_DEBTOR", by="user:chen"
    ),
    "case.WriteOffRejected/v1": case.WriteOffRejected(
        write_off="wri_01", on=DAY, reason="STILL_COLLECTABLE", by="user:chen"
    ),
    "case.DebtWrittenOff/v1": case.DebtWrittenOff(write_off="wri_01", on=DAY, owed=PARTS, by="user:chen"),
    "case.CaseReopened/v1": case.CaseReopened(as_of=DAY, reason="ASKED_BY_DEBTOR", because=("pay_01",)),
    "case.ContactAttempted/v1": case.ContactAttempted(
        attempt_ref="att-1",
        at=datetime(2005, 9, 12, 6, 30, tzinfo=UTC),
        on=DAY,
        channel="VOICE",
        outcome="NO_ANSWER",
        actor_kind="AGENCY",
        permit=None,
        breach=("DISPUTE",),
    ),
    "case.ContactRevised/v1": case.ContactRevised(
        attempt_ref="att-1",
        revision=2,
        at=datetime(2005, 9, 12, 6, 30, tzinfo=UTC),
        on=DAY,
        outcome="RIGHT_PARTY",
        permit="cpm_01",
        breach=("CN-GBT45251-CALLS",),
        retracted=False,
    ),
    "case.ContactRefused/v1": case.ContactRefused(
        refusal="cpm_02",
        at=datetime(2005, 9, 12, 6, 30, tzinfo=UTC),
        on=DAY,
        channel="SMS",
        rules=("CN-HOURS",),
        until=datetime(2005, 9, 13, 0, 0, tzinfo=UTC),
    ),
    "case.CircumstanceRecorded/v1": case.CircumstanceRecorded(
        circumstance="cir_01", topic="REASON", on=DAY, value="LOST_JOB", source="CALL"
    ),
    "case.StatementCorrected/v1": case.StatementCorrected(
        account_ref="TW-0004711",
        as_of=MONTH_END,
        months_past_due=1,
        balance=Money(-1_250, "TWD"),
        payment=Money(300_000, "TWD"),
        credit_limit=Money(20_000_000, "TWD"),
        content="5f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        replaces="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        revision=1,
    ),
    "case.ArrearsCorrected/v1": case.ArrearsCorrected(
        account=ACCOUNT, as_of=MONTH_END, days_past_due=30, arrears=Money(0, "TWD"), revision=1
    ),
    "case.FirstContactFellDue/v1": case.FirstContactFellDue(as_of=DAY, opened_on=MONTH_END),
    "case.ReliefReviewFellDue/v1": case.ReliefReviewFellDue(relief="rel_01", number=1, as_of=DAY),
    "case.ReliefExtended/v1": case.ReliefExtended(
        extension="rex_01", relief="rel_01", on=DAY, until=date(2005, 12, 1), by="user:chen"
    ),
    "case.DisputeAnswerFellDue/v1": case.DisputeAnswerFellDue(dispute="dsp_01", as_of=DAY),
    "case.ComplaintAnswerFellDue/v1": case.ComplaintAnswerFellDue(complaint="com_01", as_of=DAY),
    "case.FellDueRetracted/v1": case.FellDueRetracted(
        what="FIRST_CONTACT", subject="", number=0, due_on=MONTH_END, as_of=DAY
    ),
    "case.LegalStepReported/v1": LegalStepReported(
        told="COST:cst_01:1",
        what="COST",
        matter="matter-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b",
        referral="ref_01",
        on=DAY,
        thing="cst_01",
        code="COURT_FEE",
        track_kind="SUIT",
        amount=TWD,
        borne_by="DEBTOR",
        due_on=MONTH_END,
        within=30,
        charge="chg_01",
        retracted=True,
    ),
    "case.LegalReferralRefused/v1": LegalReferralRefused(
        told="OPENED:matter-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b:1",
        matter="matter-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b",
        on=DAY,
        reason="hold-forbids-handover",
        because=("HARDSHIP",),
    ),
    **SAMPLES_OF_THE_BOOK,
    **SAMPLES_OF_CONTACT,
    **SAMPLES_OF_OUTREACH,
    **SAMPLES_OF_PACKS,
    **SAMPLES_OF_PAPER,
    **SAMPLES_OF_PRESERVATION,
    **SAMPLES_OF_PROCEEDINGS,
    **SAMPLES_OF_LEGAL,
    **SAMPLES_OF_LETTERS,
    **SAMPLES_OF_REPLIES,
    **SAMPLES_OF_LOOKING,
    **SAMPLES_OF_TEXTS,
    **SAMPLES_OF_TREATMENT,
    **STAFFING,
    **BANK_SAMPLES,
}
