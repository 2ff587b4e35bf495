"""The words a step may use where a field takes one of a closed list: for the wire, and for clients made of it."""

from collections.abc import Mapping
from types import MappingProxyType

from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import suit as s
from services.legal.domain.tracks import enforcement, preservation
from services.legal.domain.tracks.outcomes import OUTCOMES, SETTLED
from services.legal.domain.tracks.suit_guards import IN_FORCE, PROCEDURES

SERVICE = ("DIRECT", "HOUSEHOLD_ADULT", "LEFT", "ELECTRONIC", "POST")
"""How papers reach somebody (民事诉讼法 88 to 92); public notice is a step of its own."""
SIDES = ("OURS", "THEIRS")

ONE_OF: Mapping[tuple[type, str], tuple[str, ...]] = MappingProxyType({
    (s.SuitAssessed, "procedure"): PROCEDURES,
    (s.SuitProcedureChanged, "procedure"): PROCEDURES,
    (s.SuitServed, "kind"): SERVICE,
    (s.JudgmentServed, "kind"): SERVICE,
    (s.SuitWithdrawn, "reason"): (SETTLED, "PAID", "AGREED", "FAULTY"),
    (s.JudgmentIssued, "outcome"): OUTCOMES,
    (s.AppealJudged, "outcome"): OUTCOMES,
    (s.SuitAppealed, "by_side"): SIDES,
    (s.JudgmentEffective, "because"): IN_FORCE,
    (o.PaymentOrderServed, "kind"): SERVICE,
    (a.ArbitrationServed, "kind"): SERVICE,
    (a.ArbitrationWithdrawn, "reason"): (SETTLED, "PAID", "AGREED", "FAULTY"),
    (a.AwardIssued, "outcome"): OUTCOMES,
    (a.SetAsideApplied, "by_side"): SIDES,
    (v.PreservationApplied, "phase"): preservation.PHASES,
    (v.SecurityGiven, "kind"): preservation.SECURITIES,
    (v.PreservationExecuted, "asset"): preservation.ASSETS,
    (v.PreservationLifted, "reason"): preservation.LIFTINGS,
    (e.AssetsSearched, "found"): enforcement.ASSETS,
    (e.EnforcementResumed, "found"): enforcement.ASSETS,
    (e.AssetSeized, "kind"): enforcement.ASSETS,
    (e.AuctionHeld, "outcome"): (enforcement.SOLD, enforcement.UNSOLD),
    (e.EnforcementClosed, "reason"): enforcement.CLOSINGS,
    (e.EnforcementNoticeServed, "kind"): SERVICE,
})  # fmt: skip
"""(step, field) -> the words it may use; of a field of several each is one of them."""
