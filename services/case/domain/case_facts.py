"""What people and systems told us of a case: a set, in which neither the order of arrival nor a repetition counts.

What follows from it (a promise kept, a plan breached, who may collect) is not in it: that is judged anew, for a day,
from the facts effective on or before that day.
"""

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeAlias, TypeVar

from services.case.domain import events as e
from services.case.domain.events import CaseEvent
from services.case.domain.facts import keeping, legal

Key: TypeAlias = tuple[str, ...]
T = TypeVar("T")

ONE_DAY = timedelta(days=1)
BY_HAND = ("PAID", "SOLD", "RECALLED", "DECEASED_NO_ESTATE", "TIME_BARRED_NO_PAYMENT", "ENTERED_IN_ERROR")
"""Reasons for which a person closes a case; all others follow from the facts."""
TERM = "TERM"
"""Why a relief ended whose day had come: it follows from the grant."""
STATEMENT_FACTS: tuple[type, ...] = (e.CaseOpened, e.ArrearsReported)

_NAMED_BY: dict[type, tuple[str, ...]] = {
    e.CaseOpened: ("episode",),
    e.ArrearsReported: ("account", "as_of"),
    e.DebtAttached: ("account", "on"),
    e.DebtDetached: ("account", "on"),
    e.InstalmentFellDue: ("item",),
    e.ChargeBooked: ("charge",),
    e.BalanceAdjusted: ("adjustment",),
    e.PenaltyTermsSet: ("terms",),
    e.PaymentReturned: ("returned",),
    e.RefundPaid: ("refund",),
    e.PromiseToPay: ("promise",),
    e.PromiseAmended: ("promise", "revision"),
    e.PromiseCancelled: ("promise",),
    e.PlanQuoted: ("quote",),
    e.PlanOffered: ("plan",),
    e.PlanAgreed: ("plan",),
    e.PlanTerminated: ("plan",),
    e.HoldPlaced: ("hold",),
    e.HoldLifted: ("hold",),
    e.HardshipClaimed: ("relief",),
    e.ReliefGranted: ("relief",),
    e.ReliefExtended: ("extension",),
    e.ReliefDeclined: ("relief",),
    e.ReliefEnded: ("relief",),
    e.DisputeRaised: ("dispute",),
    e.DisputeAcknowledged: ("dispute",),
    e.DisputeReopened: ("dispute",),
    e.DisputeUpheld: ("dispute",),
    e.DisputePartlyUpheld: ("dispute",),
    e.DisputeRejected: ("dispute",),
    e.DisputeFoundDuplicate: ("dispute",),
    e.DisputeWithdrawn: ("dispute",),
    e.ComplaintReceived: ("complaint",),
    e.ComplaintAnswered: ("complaint",),
    e.ComplaintEscalated: ("complaint",),
    e.DeathReported: ("report",),
    e.DeathConfirmed: ("report",),
    e.IncapacityRecorded: ("report",),
    e.ReportRetracted: ("report",),
    e.SettlementProposed: ("settlement",),
    e.SettlementApproved: ("settlement",),
    e.SettlementRejected: ("settlement",),
    e.WaiverProposed: ("waiver",),
    e.WaiverApproved: ("waiver",),
    e.WaiverRejected: ("waiver",),
    e.DebtPlacedWithAgency: ("placement",),
    e.RecallRequested: ("placement",),
    e.RecallConfirmed: ("placement",),
    e.LegalReferred: ("referral",),
    e.LegalReferralEnded: ("referral",),
    e.CaseAllocated: ("allocation",),
    e.CaseSkipped: ("skip",),
    e.DebtChargedOff: ("charge_off",),
    e.ChargeOffReversed: ("charge_off",),
    e.WriteOffProposed: ("write_off",),
    e.WriteOffRejected: ("write_off",),
    e.DebtWrittenOff: ("write_off",),
    e.ContactAttempted: ("attempt_ref",),
    e.ContactRevised: ("attempt_ref", "revision"),
    e.ContactRefused: ("refusal",),
    e.CircumstanceRecorded: ("circumstance",),
    e.HistoryTaken: ("what", "thing", "fact"),
    e.CaseClosed: ("as_of",),
    e.CaseReopened: ("as_of",),
    **keeping.NAMED_BY,
    **legal.NAMED_BY,
}


def key_of(event: CaseEvent) -> Key | None:
    """The natural key of a fact; None for what only follows from facts."""
    match event:
        case e.PaymentReceived():
            named = event.payment or f"{event.account}|{event.period_from}|{event.period_until}"
            return "PaymentReceived", named
        case e.ArrearsCorrected():
            return "ArrearsReported", event.account, str(event.as_of)
        case e.HoldPlaced() if event.source:
            return None
        case e.HoldLifted() if event.hold.startswith(DERIVED):
            return None
        case e.ReliefEnded() if event.reason == TERM:
            return None
        case e.CaseClosed() if event.reason not in BY_HAND:
            return None
        case e.CaseReopened() if event.because:
            return None
    fields = _NAMED_BY.get(type(event))
    return None if fields is None else (type(event).__name__, *(str(getattr(event, name)) for name in fields))


DERIVED = "hld:"
"""How the ids of holds begin that a plan, relief, dispute, complaint or report brought."""


def _prior(event: Any) -> tuple[int, str]:
    return -getattr(event, "revision", 0), repr(event)


def day_of(event: Any) -> date:
    """The day a fact is effective: a payment known by its period on the period's last day."""
    kind = type(event)
    if kind is e.PaymentReceived:
        last: date = event.period_until - ONE_DAY
        return last
    on: date = event.as_of if _tells_as_of(kind) else event.on
    return on


_AS_OF: dict[type, bool] = {}


def _tells_as_of(kind: type) -> bool:
    """Whether events of a type name their day `as_of`; asked for every fact of every judgement."""
    if kind not in _AS_OF:
        _AS_OF[kind] = hasattr(kind, "as_of")
    return _AS_OF[kind]


def _place(fact: Any) -> tuple[date, Key]:
    """Where a fact stands among those of its kind."""
    return day_of(fact), key_of(fact) or ()


UNJUDGED: tuple[type, ...] = (
    e.ContactAttempted, e.ContactRevised, e.ContactRefused, legal.LegalStepReported, legal.LegalReferralRefused,
)  # fmt: skip
"""Facts that no judgement of a case looks at: a picture made without them is the picture with them."""
PICTURES_MAX = 4


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Facts by their natural key. `plain`: nothing but what statements say.

    `pictures` keeps what was judged of these facts lately, by day, with the policy it was judged by (see `judge`).
    No fact is effective after `newest`; facts may all be older than that.
    """

    by_key: Mapping[Key, Any] = field(default_factory=dict)
    plain: bool = True
    pictures: dict[date, tuple[Any, Any]] = field(default_factory=dict, compare=False, repr=False)
    newest: date = field(default=date.max, compare=False, repr=False)
    _by_kind: dict[type, list[Any]] = field(default_factory=dict, compare=False, repr=False)

    def with_(self, event: CaseEvent) -> "CaseFacts":
        """The set with one more fact; the same set where the fact is in it, or is none.

        Order: of two facts with one key that differ, the same one stays whichever came first: the newer revision.
        """
        key = key_of(event)
        if key is None:
            return self
        known = self.by_key.get(key)
        if known == event or (known is not None and _prior(known) <= _prior(event)):
            return self
        plain = self.plain and (
            isinstance(event, STATEMENT_FACTS) or (isinstance(event, e.PaymentReceived) and not event.payment)
        )
        pictures = dict(self.pictures) if isinstance(event, UNJUDGED) else {}
        newest = max(self.newest, day_of(event))
        by_kind = self._sorted_with(event) if known is None and self._by_kind else {}
        return CaseFacts({**self.by_key, key: event}, plain, pictures, newest, by_kind)

    def until(self, as_of: date) -> "CaseFacts":
        """The facts effective on or before a day."""
        if self.newest <= as_of:
            return self
        known = {key: fact for key, fact in self.by_key.items() if day_of(fact) <= as_of}
        return self if len(known) == len(self.by_key) else CaseFacts(known, self.plain, newest=as_of)

    def all(self, kind: type[T]) -> Iterator[T]:
        """The facts of one kind, by day and then by key."""
        if not self._by_kind:
            self._sort()
        return iter(self._by_kind.get(kind, ()))

    def _sort(self) -> None:
        found: dict[type, list[tuple[date, Key, Any]]] = {}
        for key, fact in self.by_key.items():
            found.setdefault(type(fact), []).append((day_of(fact), key, fact))
        for kind, facts in found.items():
            facts.sort(key=lambda one: one[:2])
            self._by_kind[kind] = [fact for _, _, fact in facts]

    def _sorted_with(self, event: CaseEvent) -> dict[type, list[Any]]:
        """The facts by kind with one more; those of the other kinds are the same lists."""
        facts = list(self._by_kind.get(type(event), ()))
        insort(facts, event, key=_place)
        return {**self._by_kind, type(event): facts}

    def one(self, kind: type[T], *named: str) -> T | None:
        """The fact of that kind and name."""
        return self.by_key.get((kind.__name__, *named))

    @property
    def last_day(self) -> date:
        """The newest day any fact is effective on; date.min while there is none."""
        return max((day_of(fact) for fact in self.by_key.values()), default=date.min)


NO_FACTS = CaseFacts(newest=date.min)
