"""Repayment plans: a quote worked out to the minor unit, agreed in writing, judged instalment by instalment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.facts.plan import Instalment
from services.case.domain.money_commands import AgreePlan, OfferPlan, QuotePlan, TerminatePlan
from services.case.domain.payment import Receipt, positive
from services.case.domain.policy import LifePolicy
from shared.kernel.money import Money
from shared.kernel.period import month_of
from shared.kernel.refusal import Refused

ACTIVE, BREACHED, DEFAULTED, COMPLETED, TERMINATED = (
    "ACTIVE",
    "BREACHED",
    "DEFAULTED",
    "COMPLETED",
    "TERMINATED",
)
RUNNING = (ACTIVE, BREACHED)
OFFERED, LAPSED = "OFFERED", "LAPSED"
OPEN, PAID, MISSED = "OPEN", "PAID", "MISSED"


class PlanTermsRefused(Refused):
    """The policy bounds a plan's length and its first day. Ask for fewer instalments or an earlier start."""

    code = "plan-terms-refused"
    title_en = "The plan is longer, or starts later, than the policy allows"
    title_zh = "分期期限或首期日期超出政策允许的范围"


class PlanTooLarge(Refused):
    """A plan covers at most what is owed. Quote again for the present balance."""

    code = "plan-too-large"
    title_en = "The plan is for more than is owed"
    title_zh = "分期总额超过欠款"


class PlanAlreadyRunning(Refused):
    """A case has one running plan, on any day. Terminate it before another is agreed."""

    code = "plan-already-running"
    title_en = "A plan is already running"
    title_zh = "已有执行中的分期计划"


class QuoteUnknown(Refused):
    """The case has no quote of that reference. Quote the plan first."""

    code = "quote-unknown"
    title_en = "The case has no such quote"
    title_zh = "该案件没有这份分期报价"


class QuoteExpired(Refused):
    """The quote can no longer be agreed: what is owed may have changed. Quote again."""

    code = "quote-expired"
    title_en = "The quote has expired"
    title_zh = "分期报价已过期"


class SupplementMissing(Refused):
    """A plan is agreed in writing: name the signed supplement."""

    code = "supplement-missing"
    title_en = "The written supplement is missing"
    title_zh = "缺少书面补充协议"


class AffordabilityMissing(Refused):
    """A plan is offered after a check of what the debtor can pay: name that check."""

    code = "affordability-missing"
    title_en = "The affordability check is missing"
    title_zh = "缺少偿付能力评估"


class PlanUnknown(Refused):
    """The case has no plan of that reference."""

    code = "plan-unknown"
    title_en = "The case has no such plan"
    title_zh = "该案件没有这项分期计划"


class PlanEnded(Refused):
    """The plan has ended, or the debtor has not signed it: an offer lapses by itself, with its quote."""

    code = "plan-ended"
    title_en = "The plan is not running"
    title_zh = "分期计划未在执行"


@dataclass(frozen=True, slots=True)
class InstalmentView:
    """An instalment as of a day; `paid` is the part of it that cleared money covers."""

    number: int
    due: date
    amount: Money
    paid: Money
    status: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as of a day. `since`: the day its status began; `cure_by`: the last day to cure a breach."""

    status: str
    total: Money
    since: date
    cure_by: date | None
    instalments: tuple[InstalmentView, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferView:
    """A plan that was offered and is not signed, as of a day; it can be signed up to and including `expires`."""

    status: str
    total: Money
    since: date
    offered_on: date
    expires: date
    affordability: str
    instalments: tuple[Instalment, ...]


def schedule(total: Money, *, count: int, first_due: date) -> tuple[Instalment, ...]:
    """`count` (>= 1) monthly instalments that sum to `total`; the day is the first one's, or the month's last."""
    found, at = [], first_due
    for number, amount in enumerate(total.split(count), 1):
        found.append(Instalment(number, at, amount))
        month = month_of(month_of(at).until)
        at = month.from_.replace(day=min(first_due.day, month.last.day))
    return tuple(found)


def views(
    facts: CaseFacts, receipts: Sequence[Receipt], *, as_of: date, policy: LifePolicy
) -> dict[str, PlanView]:
    """Every plan as of a day: money that came since it was agreed covers its instalments in order.

    One plan runs at a time: an older one that runs, or runs again because money bounced, ends where the next begins.
    """
    agreed = list(facts.all(e.PlanAgreed))
    starts: list[date | None] = [one.on for one in agreed[1:]]
    return {
        plan.plan: _view(facts, plan, receipts, as_of, policy, replaced_on)
        for plan, replaced_on in zip(agreed, [*starts, None], strict=False)
    }


def offered(facts: CaseFacts, ref: str, *, as_of: date) -> OfferView | None:
    """The offer of that reference as of a day; None where there was none by then, or it had been signed."""
    facts = facts.until(as_of)
    made = facts.one(e.PlanOffered, ref)
    quoted = facts.one(e.PlanQuoted, made.quote) if made else None
    if made is None or quoted is None or facts.one(e.PlanAgreed, ref) is not None:
        return None
    stands = as_of <= quoted.expires
    return OfferView(
        OFFERED if stands else LAPSED,
        quoted.total,
        made.on if stands else quoted.expires + timedelta(days=1),
        made.on,
        quoted.expires,
        made.affordability,
        quoted.instalments,
    )


@dataclass(slots=True)
class _Run:
    """A plan on its way through the days."""

    status: str
    since: date
    cure_by: date | None = None

    def to(self, status: str, day: date, cure_by: date | None = None) -> None:
        self.status, self.since, self.cure_by = status, day, cure_by


def _view(
    facts: CaseFacts,
    plan: e.PlanAgreed,
    receipts: Sequence[Receipt],
    as_of: date,
    policy: LifePolicy,
    replaced_on: date | None,
) -> PlanView:
    ended = facts.one(e.PlanTerminated, plan.plan)
    ends_on = min([day for day in (ended.on if ended else None, replaced_on) if day], default=None)
    last = min(as_of, ends_on or as_of)
    money = [one for one in receipts if plan.on <= one.last <= last and one.amount]
    run = _run(plan, money, last, policy)
    if ends_on and run.status in RUNNING:
        run.to(TERMINATED, ends_on)
    left, shown = sum(one.amount for one in money), []
    for one in plan.instalments:
        covered = min(left, one.amount.minor)
        left -= covered
        late = last >= one.due + timedelta(days=policy.plan_grace_days)
        status = PAID if covered == one.amount.minor else MISSED if late else OPEN
        shown.append(
            InstalmentView(one.number, one.due, one.amount, Money(covered, one.amount.currency), status)
        )
    because = tuple(one.payment for one in money)
    return PlanView(run.status, plan.total, run.since, run.cure_by, tuple(shown), because)


def _run(plan: e.PlanAgreed, money: Sequence[Receipt], last: date, policy: LifePolicy) -> _Run:
    """The plan's status at the end of `last`, from day to day that mattered. A default stands."""
    grace, cure = timedelta(days=policy.plan_grace_days), timedelta(days=policy.plan_cure_days)
    days = {one.due + grace for one in plan.instalments} | {one.last for one in money}
    days |= {one.due + grace + cure for one in plan.instalments}
    run = _Run(ACTIVE, plan.on)
    for day in sorted(day for day in days if day <= last):
        paid = sum(one.amount for one in money if one.last <= day)
        needed = sum(one.amount.minor for one in plan.instalments if one.due + grace <= day)
        if paid >= plan.total.minor:
            run.to(COMPLETED, day)
            break
        if run.status == ACTIVE and paid < needed:
            run.to(BREACHED, day, day + cure)
        elif run.status == BREACHED and paid >= needed:
            run.to(ACTIVE, day)
        elif run.status == BREACHED and run.cure_by is not None and day >= run.cure_by:
            run.to(DEFAULTED, day, run.cure_by)
            break
    return run


def quote(owed: Money, facts: CaseFacts, ask: QuotePlan, policy: LifePolicy) -> tuple[e.CaseEvent, ...]:
    """Work out a plan. Raises AmountNotPositive, PlanTermsRefused, PlanTooLarge, CurrencyMismatch."""
    if facts.one(e.PlanQuoted, ask.ref):
        return ()
    positive(ask.total, owed.currency)
    latest = ask.on + timedelta(days=policy.plan_first_days_max)
    if not (1 <= ask.count <= policy.plan_months_max and ask.on <= ask.first_due <= latest):
        raise PlanTermsRefused(months_max=policy.plan_months_max, first_days_max=policy.plan_first_days_max)
    if ask.total > owed or ask.count > ask.total.minor:
        raise PlanTooLarge
    return (
        e.PlanQuoted(
            quote=ask.ref,
            on=ask.on,
            total=ask.total,
            instalments=schedule(ask.total, count=ask.count, first_due=ask.first_due),
            expires=ask.on + timedelta(days=policy.quote_days),
        ),
    )


def offer(facts: CaseFacts, plans: Mapping[str, PlanView], ask: OfferPlan) -> tuple[e.CaseEvent, ...]:
    """A quote is put to the debtor. Raises QuoteUnknown, QuoteExpired, AffordabilityMissing, PlanAlreadyRunning."""
    if facts.one(e.PlanOffered, ask.ref):
        return ()
    _standing(facts, ask.quote, ask.on)
    if not ask.affordability:
        raise AffordabilityMissing
    _free(plans, ask.on)
    return (e.PlanOffered(plan=ask.ref, quote=ask.quote, on=ask.on, affordability=ask.affordability),)


def agree(facts: CaseFacts, plans: Mapping[str, PlanView], ask: AgreePlan) -> tuple[e.CaseEvent, ...]:
    """An offer is signed. Raises PlanUnknown, QuoteUnknown, QuoteExpired, SupplementMissing, PlanAlreadyRunning."""
    if facts.one(e.PlanAgreed, ask.plan):
        return ()
    offered = facts.one(e.PlanOffered, ask.plan)
    if offered is None:
        raise PlanUnknown
    on = max(ask.on, offered.on)
    quoted = _standing(facts, offered.quote, on)
    if not ask.supplement:
        raise SupplementMissing
    _free(plans, on)
    return (
        e.PlanAgreed(
            plan=ask.plan,
            quote=offered.quote,
            on=on,
            total=quoted.total,
            instalments=quoted.instalments,
            supplement=ask.supplement,
            affordability=offered.affordability,
        ),
    )


def _standing(facts: CaseFacts, quote: str, on: date) -> e.PlanQuoted:
    """The quote, as long as it stands. Raises QuoteUnknown, QuoteExpired."""
    quoted = facts.one(e.PlanQuoted, quote)
    if quoted is None:
        raise QuoteUnknown
    if not quoted.on <= on <= quoted.expires:
        raise QuoteExpired
    return quoted


def _free(plans: Mapping[str, PlanView], on: date) -> None:
    """Raises PlanAlreadyRunning; also for one that ran on the day named and has ended since."""
    if any(view.status in RUNNING or view.since > on for view in plans.values()):
        raise PlanAlreadyRunning


def terminate(facts: CaseFacts, plans: Mapping[str, PlanView], ask: TerminatePlan) -> tuple[e.CaseEvent, ...]:
    """A running plan ends early. Raises PlanUnknown, PlanEnded."""
    view = plans.get(ask.plan)
    if view is None:
        raise PlanEnded if facts.one(e.PlanOffered, ask.plan) else PlanUnknown
    if view.status == TERMINATED:
        return ()
    if view.status not in RUNNING:
        raise PlanEnded
    return (e.PlanTerminated(plan=ask.plan, on=ask.on, reason=ask.reason),)
