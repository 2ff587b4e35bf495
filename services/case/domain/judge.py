"""The standing of a case as of a day: a pure function of the facts effective by then, whatever order they came in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.case.domain import balance as money
from services.case.domain import complaint, dispute, hold, mode, plan, promise, relief, settlement, waiver
from services.case.domain import events as e
from services.case.domain.balance import Balance
from services.case.domain.case_facts import DERIVED, PICTURES_MAX, CaseFacts, day_of
from services.case.domain.complaint import ComplaintView
from services.case.domain.dispute import DisputeView
from services.case.domain.hold import HoldView
from services.case.domain.mode import PlacementView, ReferralView
from services.case.domain.payment import receipts
from services.case.domain.plan import PlanView
from services.case.domain.policy import CasePolicy
from services.case.domain.promise import PromiseView
from services.case.domain.relief import ReliefView
from services.case.domain.settlement import SettlementView
from services.case.domain.staffing import keeping
from services.case.domain.staffing.keeping import AssistanceView, RetentionView
from services.case.domain.waiver import WaiverView
from shared.kernel.money import Money
from shared.kernel.parts import Parts, nothing

CURED, SETTLED, WRITTEN_OFF = "CURED", "SETTLED", "WRITTEN_OFF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A case as of the end of a day.

    `owed` is what is still claimed, nothing once settled or written off; `arrears` its interest and principal.
    `overpaid` is on no debt, of payments that came to us (what a statement reports is on the lender's books).
    `oldest_due` is the day from which days past due count, where one is known. `holds` are those in force, by id.
    `guards` names what keeps a cured case from closing; `ended` is why the case is over, None while it is not.
    """

    as_of: date
    debts: tuple[str, ...]
    balance: Balance
    owed: Parts
    overpaid: Money
    arrears: Money
    days_past_due: int
    oldest_due: date | None
    stage: str
    promises: Mapping[str, PromiseView]
    plans: Mapping[str, PlanView]
    holds: Mapping[str, HoldView]
    reliefs: Mapping[str, ReliefView]
    disputes: Mapping[str, DisputeView]
    complaints: Mapping[str, ComplaintView]
    settlements: Mapping[str, SettlementView]
    waivers: Mapping[str, WaiverView]
    retentions: Mapping[str, RetentionView]
    assistances: Mapping[str, AssistanceView]
    placements: Mapping[str, PlacementView]
    referrals: Mapping[str, ReferralView]
    mode: str
    mode_because: tuple[str, ...]
    cured: bool
    guards: frozenset[str]
    ended: str | None

    @property
    def hold_kinds(self) -> frozenset[str]:
        """The kinds of hold in force."""
        return frozenset(one.kind for one in self.holds.values())


def judge(all_facts: CaseFacts, as_of: date, policy: CasePolicy) -> Picture:
    """The picture as of the end of `as_of`; the same one where it was just drawn from these facts."""
    known = all_facts.pictures.get(as_of)
    if known is not None and known[0] is policy:
        picture: Picture = known[1]
        return picture
    drawn = _drawn(all_facts, as_of, policy)
    if len(all_facts.pictures) >= PICTURES_MAX:
        all_facts.pictures.clear()
    all_facts.pictures[as_of] = (policy, drawn)
    return drawn


def _drawn(all_facts: CaseFacts, as_of: date, policy: CasePolicy) -> Picture:
    facts, life = all_facts.until(as_of), policy.life
    by_hand = hold.placed(facts)
    reliefs = relief.views(facts, as_of=as_of, policy=life)
    stops = hold.stops([*by_hand.values(), *_of_reliefs(reliefs).values()])
    sums = money.walk(facts, as_of=as_of, policy=life, stops=stops)
    cleared = receipts(facts, sums.allocations)
    debts = _debts(facts)
    itemised = {item.account for item in facts.all(e.InstalmentFellDue)}
    by_month = any(
        not sums.reports[name].ages for name in debts if name in sums.reports and name not in itemised
    )
    plans = plan.views(facts, cleared, as_of=as_of, policy=life)
    settlements = settlement.views(facts, cleared, as_of=as_of)
    disputes, complaints = dispute.views(facts), complaint.views(facts)
    placements, referrals = mode.placements(facts, as_of=as_of), mode.referrals(facts)
    holder, because = mode.mode_of(placements, referrals)
    derived = _of_reliefs(reliefs) | _of_others(facts, plans, disputes, complaints)
    in_force = {ref: one for ref, one in (by_hand | derived).items() if one.covers(as_of)}
    counted = min(ageing_day(reliefs, as_of), _over_since(facts, settlements))
    days, oldest = _past_due(facts, debts, sums, counted, policy)
    guards = _guards(plans, disputes, referrals, settlements)
    # What fell due today is no day late yet, and unpaid all the same.
    cured = bool(debts) and days == 0 and oldest is None
    ended = _ended(facts, settlements, cured=cured and not guards)
    owed = nothing(sums.owed.currency) if ended in (SETTLED, WRITTEN_OFF) else sums.owed
    return Picture(
        as_of=as_of,
        debts=debts,
        balance=sums,
        owed=owed,
        overpaid=_overpaid(facts, sums),
        arrears=Money(owed.interest + owed.principal, owed.currency),
        days_past_due=days,
        oldest_due=oldest,
        stage=policy.scheme.stage_of(days),
        promises=promise.views(facts, cleared, as_of=as_of, policy=life, by_month=by_month),
        plans=plans,
        holds=in_force,
        reliefs=reliefs,
        disputes=disputes,
        complaints=complaints,
        settlements=settlements,
        waivers=waiver.views(facts),
        retentions=keeping.retentions(facts, as_of=as_of),
        assistances=keeping.assistances(facts, as_of=as_of),
        placements=placements,
        referrals=referrals,
        mode=holder,
        mode_because=because,
        # A debt that was given up is not one that was paid.
        cured=cured and ended not in (SETTLED, WRITTEN_OFF),
        guards=guards,
        ended=ended,
    )


def _overpaid(facts: CaseFacts, sums: Balance) -> Money:
    ours = {one.payment for one in facts.all(e.PaymentReceived) if not money.of_statement(one)}
    ours -= money.of_history(facts)
    left = sum(one.unallocated.minor for name, one in sums.allocations.items() if name in ours)
    return Money(left, sums.owed.currency)


def _debts(facts: CaseFacts) -> tuple[str, ...]:
    """The accounts in the case, in the order in which they joined."""
    found: list[str] = []
    for opened in facts.all(e.CaseOpened):
        found.extend(opened.debts)
    changes = [(one.on, 0, one.account) for one in facts.all(e.DebtAttached)]
    changes += [(one.on, 1, one.account) for one in facts.all(e.DebtDetached)]
    for _, leaves, account in sorted(changes):
        if leaves and account in found:
            found.remove(account)
        elif not leaves and account not in found:
            found.append(account)
    return tuple(found)


def ageing_day(reliefs: Mapping[str, ReliefView], as_of: date) -> date:
    """The day as of which days past due are counted: they stand still while a relief says so."""
    frozen = [
        one.from_ for one in reliefs.values() if one.ageing == relief.FREEZE and one.status == relief.GRANTED
    ]
    return min([as_of, *frozen])


def _past_due(
    facts: CaseFacts, debts: tuple[str, ...], sums: Balance, day: date, policy: CasePolicy
) -> tuple[int, date | None]:
    """Days past due of the debt that is furthest behind, and the day they count from where one is known."""
    found = past_due_by_debt(facts, debts, sums, day, policy)
    return max(found, key=lambda one: (one[0], one[1] is not None), default=(0, None))


def past_due_by_debt(
    facts: CaseFacts, debts: tuple[str, ...], sums: Balance, day: date, policy: CasePolicy
) -> list[tuple[int, date | None]]:
    """Days past due of each debt, and the day they count from where one is known; in the order of the debts."""
    slack = money.tolerance(policy.life, sums.owed.currency)
    items: dict[str, list[e.InstalmentFellDue]] = {}
    for item in facts.all(e.InstalmentFellDue):
        items.setdefault(item.account, []).append(item)
    all_found: list[tuple[int, date | None]] = []
    for account in debts:
        owed = sums.by_account.get(account, nothing(sums.owed.currency))
        late = owed.interest + owed.principal
        found: tuple[int, date | None] = (0, None)
        if account in items:
            found = _oldest(items[account], late, slack, day)
        elif (report := sums.reports.get(account)) is not None:
            found = _reported(report, late, slack, day, sums.bounced.get(account))
        all_found.append(found)
    return all_found


def _oldest(items: list[e.InstalmentFellDue], late: int, slack: int, day: date) -> tuple[int, date | None]:
    """Money covers the oldest item first, so what is unpaid is the newest: count back from there."""
    if late <= slack:
        return 0, None
    oldest = items[0].on
    for item in reversed(items):
        oldest, late = item.on, late - item.amounts.interest - item.amounts.principal
        if late <= 0:
            break
    return max((day - oldest).days, 0), oldest


def _reported(
    report: money.Report, late: int, slack: int, day: date, bounced: date | None
) -> tuple[int, date | None]:
    """An account known by reports: as reported, unless payments have covered it since, or one bounced."""
    if report.days_past_due == 0:
        return (max((day - bounced).days, 1), bounced) if bounced and late > slack else (0, None)
    if report.arrears > slack >= late:
        return 0, None
    return report.days_past_due + (max((day - report.day).days, 0) if report.ages else 0), None


def _of_reliefs(reliefs: Mapping[str, ReliefView]) -> dict[str, HoldView]:
    return {
        DERIVED + ref: HoldView("HARDSHIP", one.from_, one.until, one.ageing == relief.FREEZE, ref)
        for ref, one in reliefs.items()
    }


def _of_others(
    facts: CaseFacts,
    plans: Mapping[str, PlanView],
    disputes: Mapping[str, DisputeView],
    complaints: Mapping[str, ComplaintView],
) -> dict[str, HoldView]:
    """The holds that something else brings, and ends."""
    found = {
        DERIVED + ref: HoldView("DISPUTE", one.from_, one.until, False, ref) for ref, one in disputes.items()
    }
    for agreed in facts.all(e.PlanAgreed):
        view = plans[agreed.plan]
        until = None if view.status in plan.RUNNING else view.since
        found[DERIVED + agreed.plan] = HoldView("PLAN", agreed.on, until, False, agreed.plan)
    for ref, about in complaints.items():
        found[DERIVED + ref] = HoldView("COMPLAINT", about.from_, about.until, False, ref)
    wrong = {one.report: one.on for one in facts.all(e.ReportRetracted)}
    deaths: list[e.DeathReported | e.DeathConfirmed] = [
        *facts.all(e.DeathReported),
        *facts.all(e.DeathConfirmed),
    ]
    for dead in deaths:
        found[DERIVED + dead.report] = HoldView(
            "DECEASED", dead.on, wrong.get(dead.report), False, dead.report
        )
    for one in facts.all(e.IncapacityRecorded):
        found[DERIVED + one.report] = HoldView("INCAPABLE", one.on, wrong.get(one.report), False, one.report)
    return found


def _guards(
    plans: Mapping[str, PlanView],
    disputes: Mapping[str, DisputeView],
    referrals: Mapping[str, ReferralView],
    settlements: Mapping[str, SettlementView],
) -> frozenset[str]:
    """What keeps a case open although nothing is overdue."""
    found = set()
    if any(one.status in plan.RUNNING for one in plans.values()):
        found.add("PLAN")
    if any(one.status == dispute.OPEN for one in disputes.values()):
        found.add("DISPUTE")
    if any(one.status == mode.LIVE for one in referrals.values()):
        found.add("SUIT")
    if any(one.status == settlement.APPROVED for one in settlements.values()):
        found.add("SETTLEMENT")
    return frozenset(found)


def _by_hand(facts: CaseFacts) -> tuple[e.CaseClosed | e.CaseReopened | None, date]:
    """What a person last decided on the case as a whole, and the day it was opened again if that was it."""
    by_hand: list[e.CaseClosed | e.CaseReopened] = [*facts.all(e.CaseClosed), *facts.all(e.CaseReopened)]
    last = max(by_hand, key=lambda one: (one.as_of, isinstance(one, e.CaseReopened)), default=None)
    return last, last.as_of if isinstance(last, e.CaseReopened) else date.min


def _settled_on(settlements: Mapping[str, SettlementView]) -> list[date]:
    return [one.paid_on or date.min for one in settlements.values() if one.status == settlement.PAID]


def _over_since(facts: CaseFacts, settlements: Mapping[str, SettlementView]) -> date:
    """The day on which a case ended by hand or settled; its debt ages no further. date.max while it runs."""
    last, opened_on = _by_hand(facts)
    if isinstance(last, e.CaseClosed):
        return last.as_of
    return min((day for day in _settled_on(settlements) if day > opened_on), default=date.max)


def _ended(facts: CaseFacts, settlements: Mapping[str, SettlementView], *, cured: bool) -> str | None:
    """Why the case is over. What a person opened again stays open until something newer ends it."""
    last, opened_on = _by_hand(facts)
    if any(one.on > opened_on for one in facts.all(e.DebtWrittenOff)):
        return WRITTEN_OFF
    if any(day > opened_on for day in _settled_on(settlements)):
        return SETTLED
    if isinstance(last, e.CaseClosed):
        return last.reason
    if last is not None and cured:
        told = [*facts.all(e.ArrearsReported), *facts.all(e.ArrearsCorrected), *facts.all(e.PaymentReceived)]
        cured = any(day_of(fact) > opened_on for fact in told)
    return CURED if cured else None
