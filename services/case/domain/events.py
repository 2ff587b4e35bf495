"""What happens to an account and in a case. These types are the storage format: a stored version never changes.

To change one, add the next version to `STORED_AS`, an upcast beside it, and keep its golden file
(docs/how-to/change-an-event.md). Amounts are `Money`, days are dates in the tenant's zone, month counts are whole.
Sections (DESIGN.md 3): `FACTS` may be proved for ever, `ID` points to a person and can be forgotten.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct

from services.case.domain.facts import legal
from services.case.domain.facts.access import AccessEvent as AccessEvent
from services.case.domain.facts.access import AccessLogRead as AccessLogRead
from services.case.domain.facts.access import PersonalDataRefused as PersonalDataRefused
from services.case.domain.facts.access import PersonalDataRevealed as PersonalDataRevealed
from services.case.domain.facts.access import PersonalDataSearched as PersonalDataSearched
from services.case.domain.facts.access import PersonalDataShown as PersonalDataShown
from services.case.domain.facts.account import STORED_OF_ROLES, UPCASTS_OF_ROLES
from services.case.domain.facts.account import AccountBooked as AccountBooked
from services.case.domain.facts.account import AccountLeftBook as AccountLeftBook
from services.case.domain.facts.account import BalanceReported as BalanceReported
from services.case.domain.facts.account import BookEvent as BookEvent
from services.case.domain.facts.account import CollateralReferenced as CollateralReferenced
from services.case.domain.facts.account import CollateralReleased as CollateralReleased
from services.case.domain.facts.account import InstalmentScheduled as InstalmentScheduled
from services.case.domain.facts.account import InstalmentWithdrawn as InstalmentWithdrawn
from services.case.domain.facts.account import RoleEnded as RoleEnded
from services.case.domain.facts.account import RoleLinked as RoleLinked
from services.case.domain.facts.allocation import STORED as STORED_OF_ALLOCATION
from services.case.domain.facts.audit import AuditSearched as AuditSearched
from services.case.domain.facts.bank import ReferenceTraced as ReferenceTraced
from services.case.domain.facts.bank import ReturnEntered as ReturnEntered
from services.case.domain.facts.bank import ReturnEvent as ReturnEvent
from services.case.domain.facts.bank import ReturnMatched as ReturnMatched
from services.case.domain.facts.bank import ReturnUnmatched as ReturnUnmatched
from services.case.domain.facts.calendar import DaySwept as DaySwept
from services.case.domain.facts.care import CareEvent as CareEvent
from services.case.domain.facts.care import ComplaintAnswered as ComplaintAnswered
from services.case.domain.facts.care import ComplaintEscalated as ComplaintEscalated
from services.case.domain.facts.care import ComplaintReceived as ComplaintReceived
from services.case.domain.facts.care import DeathConfirmed as DeathConfirmed
from services.case.domain.facts.care import DeathReported as DeathReported
from services.case.domain.facts.care import DisputeAcknowledged as DisputeAcknowledged
from services.case.domain.facts.care import DisputeFoundDuplicate as DisputeFoundDuplicate
from services.case.domain.facts.care import DisputePartlyUpheld as DisputePartlyUpheld
from services.case.domain.facts.care import DisputeRaised as DisputeRaised
from services.case.domain.facts.care import DisputeRejected as DisputeRejected
from services.case.domain.facts.care import DisputeReopened as DisputeReopened
from services.case.domain.facts.care import DisputeUpheld as DisputeUpheld
from services.case.domain.facts.care import DisputeWithdrawn as DisputeWithdrawn
from services.case.domain.facts.care import HardshipClaimed as HardshipClaimed
from services.case.domain.facts.care import HoldExpired as HoldExpired
from services.case.domain.facts.care import HoldLifted as HoldLifted
from services.case.domain.facts.care import HoldPlaced as HoldPlaced
from services.case.domain.facts.care import IncapacityRecorded as IncapacityRecorded
from services.case.domain.facts.care import ReliefDeclined as ReliefDeclined
from services.case.domain.facts.care import ReliefEnded as ReliefEnded
from services.case.domain.facts.care import ReliefExtended as ReliefExtended
from services.case.domain.facts.care import ReliefGranted as ReliefGranted
from services.case.domain.facts.care import ReportRetracted as ReportRetracted
from services.case.domain.facts.course import ArrearsCorrected as ArrearsCorrected
from services.case.domain.facts.course import ArrearsReported as ArrearsReported
from services.case.domain.facts.course import CaseClosed as CaseClosed
from services.case.domain.facts.course import CaseCured as CaseCured
from services.case.domain.facts.course import CaseOpened as CaseOpened
from services.case.domain.facts.course import StageEntered as StageEntered
from services.case.domain.facts.debt import BalanceAdjusted as BalanceAdjusted
from services.case.domain.facts.debt import ChargeBooked as ChargeBooked
from services.case.domain.facts.debt import DebtAttached as DebtAttached
from services.case.domain.facts.debt import DebtDetached as DebtDetached
from services.case.domain.facts.debt import InstalmentFellDue as InstalmentFellDue
from services.case.domain.facts.debt import PenaltyInterestAccrued as PenaltyInterestAccrued
from services.case.domain.facts.debt import PenaltyTermsSet as PenaltyTermsSet
from services.case.domain.facts.due import ComplaintAnswerFellDue as ComplaintAnswerFellDue
from services.case.domain.facts.due import DisputeAnswerFellDue as DisputeAnswerFellDue
from services.case.domain.facts.due import DueEvent as DueEvent
from services.case.domain.facts.due import FellDueRetracted as FellDueRetracted
from services.case.domain.facts.due import FirstContactFellDue as FirstContactFellDue
from services.case.domain.facts.due import ReliefReviewFellDue as ReliefReviewFellDue
from services.case.domain.facts.ending import CaseReopened as CaseReopened
from services.case.domain.facts.ending import ChargeOffReversed as ChargeOffReversed
from services.case.domain.facts.ending import DebtChargedOff as DebtChargedOff
from services.case.domain.facts.ending import DebtWrittenOff as DebtWrittenOff
from services.case.domain.facts.ending import WriteOffProposed as WriteOffProposed
from services.case.domain.facts.ending import WriteOffRejected as WriteOffRejected
from services.case.domain.facts.entry import PaymentEntered as PaymentEntered
from services.case.domain.facts.entry import PaymentEntryReversed as PaymentEntryReversed
from services.case.domain.facts.entry import PaymentMatched as PaymentMatched
from services.case.domain.facts.entry import PaymentMismatchDiscovered as PaymentMismatchDiscovered
from services.case.domain.facts.entry import PaymentUnmatched as PaymentUnmatched
from services.case.domain.facts.figures import CostBooked as CostBooked
from services.case.domain.facts.figures import CostEvent as CostEvent
from services.case.domain.facts.figures import CostReversed as CostReversed
from services.case.domain.facts.figures import FigureEvent as FigureEvent
from services.case.domain.facts.figures import TargetSet as TargetSet
from services.case.domain.facts.history import HistoryTaken as HistoryTaken
from services.case.domain.facts.imports import ImportCancelled as ImportCancelled
from services.case.domain.facts.imports import ImportEvent as ImportEvent
from services.case.domain.facts.imports import ImportFileReceived as ImportFileReceived
from services.case.domain.facts.imports import ImportFinished as ImportFinished
from services.case.domain.facts.imports import ImportQueued as ImportQueued
from services.case.domain.facts.imports import ImportRequested as ImportRequested
from services.case.domain.facts.imports import ImportRowsTold as ImportRowsTold
from services.case.domain.facts.imports import ImportStarted as ImportStarted
from services.case.domain.facts.keeping import STORED as STORED_OF_KEEPING
from services.case.domain.facts.keeping import KeepingEvent as KeepingEvent
from services.case.domain.facts.mode import CaseAllocated as CaseAllocated
from services.case.domain.facts.mode import CaseAllocatedFirst as CaseAllocatedFirst
from services.case.domain.facts.mode import CaseSkipped as CaseSkipped
from services.case.domain.facts.mode import DebtPlacedWithAgency as DebtPlacedWithAgency
from services.case.domain.facts.mode import HandlingModeChanged as HandlingModeChanged
from services.case.domain.facts.mode import LegalReferralEnded as LegalReferralEnded
from services.case.domain.facts.mode import LegalReferred as LegalReferred
from services.case.domain.facts.mode import ModeEvent as ModeEvent
from services.case.domain.facts.mode import PlacementExpired as PlacementExpired
from services.case.domain.facts.mode import RecallConfirmed as RecallConfirmed
from services.case.domain.facts.mode import RecallRequested as RecallRequested
from services.case.domain.facts.mode import since_it_says_who_had_it
from services.case.domain.facts.party import ContactPointAdded as ContactPointAdded
from services.case.domain.facts.party import ContactPointEnded as ContactPointEnded
from services.case.domain.facts.party import IdentityCorrected as IdentityCorrected
from services.case.domain.facts.party import PartyEvent as PartyEvent
from services.case.domain.facts.party import PartyRegistered as PartyRegistered
from services.case.domain.facts.payment import AllocationReversed as AllocationReversed
from services.case.domain.facts.payment import OverpaymentFound as OverpaymentFound
from services.case.domain.facts.payment import PaymentAllocated as PaymentAllocated
from services.case.domain.facts.payment import PaymentReceived as PaymentReceived
from services.case.domain.facts.payment import PaymentReceivedFirst as PaymentReceivedFirst
from services.case.domain.facts.payment import PaymentReturned as PaymentReturned
from services.case.domain.facts.payment import RefundPaid as RefundPaid
from services.case.domain.facts.payment import since_it_has_a_reference
from services.case.domain.facts.person import CircumstanceRecorded as CircumstanceRecorded
from services.case.domain.facts.person import ContactAttempted as ContactAttempted
from services.case.domain.facts.person import ContactRefused as ContactRefused
from services.case.domain.facts.person import ContactRevised as ContactRevised
from services.case.domain.facts.plan import PlanAgreed as PlanAgreed
from services.case.domain.facts.plan import PlanBreachCured as PlanBreachCured
from services.case.domain.facts.plan import PlanBreached as PlanBreached
from services.case.domain.facts.plan import PlanCompleted as PlanCompleted
from services.case.domain.facts.plan import PlanDefaulted as PlanDefaulted
from services.case.domain.facts.plan import PlanEvent as PlanEvent
from services.case.domain.facts.plan import PlanInstalmentMissed as PlanInstalmentMissed
from services.case.domain.facts.plan import PlanInstalmentPaid as PlanInstalmentPaid
from services.case.domain.facts.plan import PlanInstalmentReopened as PlanInstalmentReopened
from services.case.domain.facts.plan import PlanOffered as PlanOffered
from services.case.domain.facts.plan import PlanQuoted as PlanQuoted
from services.case.domain.facts.plan import PlanReopened as PlanReopened
from services.case.domain.facts.plan import PlanReplaced as PlanReplaced
from services.case.domain.facts.plan import PlanTerminated as PlanTerminated
from services.case.domain.facts.promise import PromiseAmended as PromiseAmended
from services.case.domain.facts.promise import PromiseBroken as PromiseBroken
from services.case.domain.facts.promise import PromiseCancelled as PromiseCancelled
from services.case.domain.facts.promise import PromiseKept as PromiseKept
from services.case.domain.facts.promise import PromisePartlyKept as PromisePartlyKept
from services.case.domain.facts.promise import PromiseReopened as PromiseReopened
from services.case.domain.facts.promise import PromiseToPay as PromiseToPay
from services.case.domain.facts.settlement import OriginalDebtRevived as OriginalDebtRevived
from services.case.domain.facts.settlement import Settled as Settled
from services.case.domain.facts.settlement import SettlementApproved as SettlementApproved
from services.case.domain.facts.settlement import SettlementDefaulted as SettlementDefaulted
from services.case.domain.facts.settlement import SettlementEvent as SettlementEvent
from services.case.domain.facts.settlement import SettlementLapsed as SettlementLapsed
from services.case.domain.facts.settlement import SettlementProposed as SettlementProposed
from services.case.domain.facts.settlement import SettlementRejected as SettlementRejected
from services.case.domain.facts.settlement import WaiverApproved as WaiverApproved
from services.case.domain.facts.settlement import WaiverProposed as WaiverProposed
from services.case.domain.facts.settlement import WaiverRejected as WaiverRejected
from services.case.domain.facts.staff import STORED as STORED_OF_STAFF
from services.case.domain.facts.statement import StatementCorrected as StatementCorrected
from services.case.domain.facts.statement import StatementReported as StatementReported
from services.case.domain.facts.treatment import SegmentDecided as SegmentDecided
from services.case.domain.facts.treatment import StrategyEvent as StrategyEvent
from services.case.domain.facts.treatment import StrategyPinned as StrategyPinned
from services.case.domain.facts.treatment import StrategyProposed as StrategyProposed
from services.case.domain.facts.treatment import StrategyPublished as StrategyPublished
from services.case.domain.facts.treatment import StrategyRejected as StrategyRejected
from services.case.domain.facts.treatment import StrategyStepDue as StrategyStepDue
from services.case.domain.facts.treatment import StrategyStepSkipped as StrategyStepSkipped
from services.case.domain.facts.treatment import StrategyStepTaken as StrategyStepTaken
from services.case.domain.facts.treatment import StrategyStepWithdrawn as StrategyStepWithdrawn
from services.case.domain.facts.treatment import TreatmentEvent as TreatmentEvent

AccountEvent: TypeAlias = StatementReported | StatementCorrected | BookEvent
EntryEvent: TypeAlias = (
    PaymentEntered | PaymentMatched | PaymentUnmatched | PaymentMismatchDiscovered | PaymentEntryReversed
)
"""On the stream of a raw payment, not on a case's."""
DebtEvent: TypeAlias = (
    DebtAttached
    | DebtDetached
    | InstalmentFellDue
    | ChargeBooked
    | BalanceAdjusted
    | PenaltyTermsSet
    | PenaltyInterestAccrued
)
PaymentEvent: TypeAlias = (
    PaymentReceived | PaymentAllocated | AllocationReversed | PaymentReturned | OverpaymentFound | RefundPaid
)
PromiseEvent: TypeAlias = (
    PromiseToPay
    | PromiseAmended
    | PromiseCancelled
    | PromiseKept
    | PromisePartlyKept
    | PromiseBroken
    | PromiseReopened
)
EndingEvent: TypeAlias = (
    DebtChargedOff | ChargeOffReversed | WriteOffProposed | WriteOffRejected | DebtWrittenOff | CaseReopened
)
PersonEvent: TypeAlias = (
    ContactAttempted | ContactRevised | ContactRefused | CircumstanceRecorded | HistoryTaken
)
CaseEvent: TypeAlias = (
    CaseOpened
    | ArrearsReported
    | ArrearsCorrected
    | StageEntered
    | CaseCured
    | CaseClosed
    | DebtEvent
    | PaymentEvent
    | PromiseEvent
    | PlanEvent
    | CareEvent
    | DueEvent
    | SettlementEvent
    | ModeEvent
    | EndingEvent
    | PersonEvent
    | KeepingEvent
    | legal.LegalEvent
    | TreatmentEvent
)

STORED_AS: dict[str, type[Struct]] = {
    "case.DaySwept/v1": DaySwept,
    "case.StatementReported/v1": StatementReported,
    "case.StatementCorrected/v1": StatementCorrected,
    "case.CaseOpened/v1": CaseOpened,
    "case.ArrearsReported/v1": ArrearsReported,
    "case.ArrearsCorrected/v1": ArrearsCorrected,
    "case.StageEntered/v1": StageEntered,
    "case.CaseCured/v1": CaseCured,
    "case.CaseClosed/v1": CaseClosed,
    "case.PaymentReceived/v1": PaymentReceivedFirst,
    "case.PaymentReceived/v2": PaymentReceived,
    "case.DebtAttached/v1": DebtAttached,
    "case.DebtDetached/v1": DebtDetached,
    "case.InstalmentFellDue/v1": InstalmentFellDue,
    "case.ChargeBooked/v1": ChargeBooked,
    "case.BalanceAdjusted/v1": BalanceAdjusted,
    "case.PenaltyTermsSet/v1": PenaltyTermsSet,
    "case.PenaltyInterestAccrued/v1": PenaltyInterestAccrued,
    "case.PaymentAllocated/v1": PaymentAllocated,
    "case.AllocationReversed/v1": AllocationReversed,
    "case.PaymentReturned/v1": PaymentReturned,
    "case.OverpaymentFound/v1": OverpaymentFound,
    "case.RefundPaid/v1": RefundPaid,
    "case.PromiseToPay/v1": PromiseToPay,
    "case.PromiseAmended/v1": PromiseAmended,
    "case.PromiseCancelled/v1": PromiseCancelled,
    "case.PromiseKept/v1": PromiseKept,
    "case.PromisePartlyKept/v1": PromisePartlyKept,
    "case.PromiseBroken/v1": PromiseBroken,
    "case.PromiseReopened/v1": PromiseReopened,
    "case.PlanQuoted/v1": PlanQuoted,
    "case.PlanOffered/v1": PlanOffered,
    "case.PlanAgreed/v1": PlanAgreed,
    "case.PlanTerminated/v1": PlanTerminated,
    "case.PlanInstalmentPaid/v1": PlanInstalmentPaid,
    "case.PlanInstalmentMissed/v1": PlanInstalmentMissed,
    "case.PlanInstalmentReopened/v1": PlanInstalmentReopened,
    "case.PlanBreached/v1": PlanBreached,
    "case.PlanBreachCured/v1": PlanBreachCured,
    "case.PlanDefaulted/v1": PlanDefaulted,
    "case.PlanCompleted/v1": PlanCompleted,
    "case.PlanReopened/v1": PlanReopened,
    "case.PlanReplaced/v1": PlanReplaced,
    "case.HoldPlaced/v1": HoldPlaced,
    "case.HoldLifted/v1": HoldLifted,
    "case.HoldExpired/v1": HoldExpired,
    "case.HardshipClaimed/v1": HardshipClaimed,
    "case.ReliefGranted/v1": ReliefGranted,
    "case.ReliefDeclined/v1": ReliefDeclined,
    "case.ReliefEnded/v1": ReliefEnded,
    "case.DisputeRaised/v1": DisputeRaised,
    "case.DisputeAcknowledged/v1": DisputeAcknowledged,
    "case.DisputeReopened/v1": DisputeReopened,
    "case.DisputeUpheld/v1": DisputeUpheld,
    "case.DisputePartlyUpheld/v1": DisputePartlyUpheld,
    "case.DisputeRejected/v1": DisputeRejected,
    "case.DisputeFoundDuplicate/v1": DisputeFoundDuplicate,
    "case.DisputeWithdrawn/v1": DisputeWithdrawn,
    "case.ComplaintReceived/v1": ComplaintReceived,
    "case.ComplaintAnswered/v1": ComplaintAnswered,
    "case.ComplaintEscalated/v1": ComplaintEscalated,
    "case.DeathReported/v1": DeathReported,
    "case.DeathConfirmed/v1": DeathConfirmed,
    "case.IncapacityRecorded/v1": IncapacityRecorded,
    "case.ReportRetracted/v1": ReportRetracted,
    "case.SettlementProposed/v1": SettlementProposed,
    "case.SettlementApproved/v1": SettlementApproved,
    "case.SettlementRejected/v1": SettlementRejected,
    "case.SettlementLapsed/v1": SettlementLapsed,
    "case.Settled/v1": Settled,
    "case.SettlementDefaulted/v1": SettlementDefaulted,
    "case.OriginalDebtRevived/v1": OriginalDebtRevived,
    "case.WaiverProposed/v1": WaiverProposed,
    "case.WaiverApproved/v1": WaiverApproved,
    "case.WaiverRejected/v1": WaiverRejected,
    "case.HandlingModeChanged/v1": HandlingModeChanged,
    "case.DebtPlacedWithAgency/v1": DebtPlacedWithAgency,
    "case.RecallRequested/v1": RecallRequested,
    "case.RecallConfirmed/v1": RecallConfirmed,
    "case.PlacementExpired/v1": PlacementExpired,
    "case.LegalReferred/v1": LegalReferred,
    "case.LegalReferralEnded/v1": LegalReferralEnded,
    "case.CaseAllocated/v1": CaseAllocatedFirst,
    "case.CaseAllocated/v2": CaseAllocated,
    "case.CaseSkipped/v1": CaseSkipped,
    "case.DebtChargedOff/v1": DebtChargedOff,
    "case.ChargeOffReversed/v1": ChargeOffReversed,
    "case.WriteOffProposed/v1": WriteOffProposed,
    "case.WriteOffRejected/v1": WriteOffRejected,
    "case.DebtWrittenOff/v1": DebtWrittenOff,
    "case.CaseReopened/v1": CaseReopened,
    "case.ContactAttempted/v1": ContactAttempted,
    "case.ContactRevised/v1": ContactRevised,
    "case.ContactRefused/v1": ContactRefused,
    "case.CircumstanceRecorded/v1": CircumstanceRecorded,
    "case.PaymentEntered/v1": PaymentEntered,
    "case.PaymentMatched/v1": PaymentMatched,
    "case.PaymentUnmatched/v1": PaymentUnmatched,
    "case.PaymentMismatchDiscovered/v1": PaymentMismatchDiscovered,
    "case.PaymentEntryReversed/v1": PaymentEntryReversed,
    "case.AuditSearched/v1": AuditSearched,
    "case.PersonalDataSearched/v1": PersonalDataSearched,
    "case.PersonalDataShown/v1": PersonalDataShown,
    "case.PersonalDataRevealed/v1": PersonalDataRevealed,
    "case.PersonalDataRefused/v1": PersonalDataRefused,
    "case.AccessLogRead/v1": AccessLogRead,
    "case.FirstContactFellDue/v1": FirstContactFellDue,
    "case.ReliefReviewFellDue/v1": ReliefReviewFellDue,
    "case.ReliefExtended/v1": ReliefExtended,
    "case.DisputeAnswerFellDue/v1": DisputeAnswerFellDue,
    "case.ComplaintAnswerFellDue/v1": ComplaintAnswerFellDue,
    "case.FellDueRetracted/v1": FellDueRetracted,
    "case.HistoryTaken/v1": HistoryTaken,
    "case.ImportCancelled/v1": ImportCancelled,
    "case.ImportFileReceived/v1": ImportFileReceived,
    "case.ImportFinished/v1": ImportFinished,
    "case.ImportQueued/v1": ImportQueued,
    "case.ImportRequested/v1": ImportRequested,
    "case.ImportRowsTold/v1": ImportRowsTold,
    "case.ImportStarted/v1": ImportStarted,
    "case.PartyRegistered/v1": PartyRegistered,
    "case.IdentityCorrected/v1": IdentityCorrected,
    "case.ContactPointAdded/v1": ContactPointAdded,
    "case.ContactPointEnded/v1": ContactPointEnded,
    "case.AccountBooked/v1": AccountBooked,
    "case.AccountLeftBook/v1": AccountLeftBook,
    **STORED_OF_ROLES,
    "case.RoleEnded/v1": RoleEnded,
    "case.InstalmentScheduled/v1": InstalmentScheduled,
    "case.InstalmentWithdrawn/v1": InstalmentWithdrawn,
    "case.BalanceReported/v1": BalanceReported,
    "case.CollateralReferenced/v1": CollateralReferenced,
    "case.CollateralReleased/v1": CollateralReleased,
    "case.ReturnEntered/v1": ReturnEntered,
    "case.ReturnMatched/v1": ReturnMatched,
    "case.ReturnUnmatched/v1": ReturnUnmatched,
    "case.ReferenceTraced/v1": ReferenceTraced,
    "case.CostBooked/v1": CostBooked,
    "case.CostReversed/v1": CostReversed,
    "case.TargetSet/v1": TargetSet,
    "case.SegmentDecided/v1": SegmentDecided,
    "case.StrategyPinned/v1": StrategyPinned,
    "case.StrategyProposed/v1": StrategyProposed,
    "case.StrategyPublished/v1": StrategyPublished,
    "case.StrategyRejected/v1": StrategyRejected,
    "case.StrategyStepDue/v1": StrategyStepDue,
    "case.StrategyStepSkipped/v1": StrategyStepSkipped,
    "case.StrategyStepTaken/v1": StrategyStepTaken,
    "case.StrategyStepWithdrawn/v1": StrategyStepWithdrawn,
    **STORED_OF_STAFF,
    **STORED_OF_ALLOCATION,
    **STORED_OF_KEEPING,
    **legal.STORED,
}


UPCASTS: dict[str, Callable[[Any], Any]] = {
    **UPCASTS_OF_ROLES,
    "case.CaseAllocated/v1": since_it_says_who_had_it,
    "case.PaymentReceived/v1": since_it_has_a_reference,
}
