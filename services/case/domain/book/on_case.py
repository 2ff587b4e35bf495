"""What a delivery means for the debtor's case: it opens, an account joins or leaves, more is owed, or less.

What the book says of an instalment is put on the case once, when it counts as overdue, less what was paid on it before
the account joined. From then on the case is kept in step with it: other amounts by a charge, more paid by a payment
where the book's figures are payments (`BOOK`). Everything has its name from account and instalment, so that nothing is
ever put there twice. What follows from it (stage, cure, end) is judged like all else.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from services.case.domain import closure, payment
from services.case.domain import events as e
from services.case.domain import money_commands as m
from services.case.domain.book.account_record import AccountRecord, Due
from services.case.domain.book.overdue import Overdue, by_book, covered, fallen_due, late_part, slack, unpaid
from services.case.domain.book.rows import PAID_IN_BOOK
from services.case.domain.case_commands import CloseCase
from services.case.domain.case_facts import CaseFacts
from services.case.domain.events import CaseEvent
from services.case.domain.judge import judge
from services.case.domain.policy import CasePolicy
from services.case.domain.redecide import redecide
from services.case.domain.state import CURED, CaseState, ClosedCase, NoCase, OpenCase, fold_case
from services.case.domain.statement import told_by_report
from shared.kernel.money import Money
from shared.kernel.parts import Parts, nothing

CHANNEL = "BOOK"
CORRECTED = "BOOK_CORRECTED"
CHANGED = "BOOK_CHANGED"
CARRIED = "BOOK_CARRIED"
CARRIED_TRIES = 8
PAID = "PAID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What is asked: an account as the book now has it, and how the delivery is read.

    `account` is its stream; `left` is why it left by this delivery; `cleared` names the instalments that an earlier
    case of the debtor has dealt with (`clearing`).
    """

    account: str
    record: AccountRecord
    as_of: date
    paid_in: str
    left: str | None = None
    cleared: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Following:
    """What follows, on the debtor's `episode`-th case."""

    events: tuple[CaseEvent, ...] = ()
    episode: int = 0


NOTHING = Following()


def item_of(account: str, number: str) -> str:
    """How an instalment of an account is called on a case."""
    return f"bk:{account.removeprefix('account-')}:{number}"


def clearing(case: ClosedCase, paid_in: str) -> frozenset[str]:
    """The instalments that a closed case has dealt with: that they stand unpaid in the book opens no other.

    A case that was cured by the book's own figures has dealt with none for good: the book may take them back.
    """
    if case.was is None or (paid_in == PAID_IN_BOOK and case.reason in (CURED, PAID)):
        return frozenset()
    there = {fact.item for fact in case.was.facts.all(e.InstalmentFellDue) if fact.account in case.was.debts}
    return frozenset(there)


def may_concern(
    record: AccountRecord, as_of: date, policy: CasePolicy, *, changed: bool, left: str | None
) -> bool:
    """Whether a case has to be looked at: something changed, the account left, or something is overdue."""
    if changed or left is not None:
        return True
    stands = by_book(record, as_of, policy) if record.left is None else None
    return stands is not None and stands.days_past_due > 0


def follows(asked: Delivered, case: CaseState, policy: CasePolicy) -> Following:
    """The events of the debtor's case; none where the case is in step with the book already.

    Raises: CurrencyMismatch where the account is overdue in another currency than the open case.
    """
    inside = isinstance(case, OpenCase) and asked.account in case.debts
    if asked.left is not None:
        return _leaving(asked, case, policy) if inside and isinstance(case, OpenCase) else NOTHING
    if asked.record.left is not None:
        return NOTHING
    if inside and isinstance(case, OpenCase):
        joined = joined_on(case.facts, asked.account)
        facts = list(_in_step(asked, case.facts, joined, policy))
        if not facts:
            return NOTHING
        return Following(_judged(facts, case, asked.as_of, policy), case.episode)
    if isinstance(case, ClosedCase) and case.as_of >= asked.as_of:
        # The book's word is older than the end of the case: the same delivery again opens no other one.
        return NOTHING
    now = _joining(asked, policy)
    if now is None:
        return NOTHING
    if isinstance(case, OpenCase):
        ask = m.AttachDebt(
            account=asked.account, on=_from(case.facts, asked), arrears=_money(asked, now.arrears),
            days_past_due=now.days_past_due,
        )  # fmt: skip
        debts = judge(case.facts, asked.as_of, policy).debts
        facts = list(closure.attach(case.facts, debts, case.arrears.currency, ask))
        episode = case.episode
    else:
        episode = 1 if isinstance(case, NoCase) else case.episode + 1
        opening = m.OpenCase(
            debtor_ref=asked.record.debtor_ref, episode=episode, debts=(asked.account,), on=asked.as_of,
            arrears=_money(asked, now.arrears), days_past_due=now.days_past_due,
        )  # fmt: skip
        facts = list(closure.open_(opening))
    told = fold_case(facts, case)
    assert isinstance(told, OpenCase)
    facts += _in_step(asked, told.facts, joined_on(told.facts, asked.account), policy, joining=True)
    return Following(_judged(facts, case, asked.as_of, policy), episode)


def joined_on(facts: CaseFacts, account: str) -> date:
    """The day on which an account of the case joined it, for the last time."""
    days = [one.as_of for one in facts.all(e.CaseOpened) if account in one.debts]
    days += [one.on for one in facts.all(e.DebtAttached) if one.account == account]
    return max(days, default=date.min)


def _from(facts: CaseFacts, asked: Delivered) -> date:
    """An account that left may join again from the day after."""
    left = [one.on for one in facts.all(e.DebtDetached) if one.account == asked.account]
    return max([asked.as_of, *(date.fromordinal(day.toordinal() + 1) for day in left)])


def _money(asked: Delivered, minor: int) -> Money:
    return Money(minor, asked.record.currency)


def _joining(asked: Delivered, policy: CasePolicy) -> Overdue | None:
    """What is overdue that no earlier case has dealt with; None where nothing is."""
    record = asked.record
    if not record.scheduled:
        found = by_book(record, asked.as_of, policy)
        return found if found is not None and found.days_past_due > 0 else None
    days, arrears = 0, 0
    for number, one in record.scheduled.items():
        if item_of(asked.account, number) in asked.cleared or not fallen_due(one, asked.as_of, policy):
            continue
        late = late_part(unpaid(one, policy))
        if late > slack(policy, record.currency):
            days, arrears = max(days, (asked.as_of - one.due).days), arrears + late
    return Overdue(days, arrears) if days else None


def _in_step(
    asked: Delivered, facts: CaseFacts, joined: date, policy: CasePolicy, *, joining: bool = False
) -> Iterator[CaseEvent]:
    """The facts by which the case says of the account what the book says."""
    before = facts
    for event in _of_instalments(asked, facts, joined, policy):
        before = before.with_(event)
        yield event
    if before is not facts and not joining and not _itemised(asked, facts):
        for event in _carried(asked, before, policy):
            before = before.with_(event)
            yield event
    if not asked.record.scheduled:
        for event in _of_balance(asked, facts, joined):
            before = before.with_(event)
            yield event
    terms = _penalty_terms(asked, facts)
    if terms is not None:
        before = before.with_(terms)
        yield terms
    if asked.record.scheduled and (joining or before is facts):
        return  # what it joined with, or what it had before, stands
    stands = by_book(asked.record, asked.as_of, policy)
    if stands is not None:
        yield from _reported(asked, facts, stands)


def _itemised(asked: Delivered, facts: CaseFacts) -> bool:
    return any(one.account == asked.account for one in facts.all(e.InstalmentFellDue))


def _carried(asked: Delivered, told: CaseFacts, policy: CasePolicy) -> Iterator[CaseEvent]:
    """An account known by reports comes to be known by instalments, less what was paid on them by now.

    Payments that the case had before are in that already; what they would cover again is added.
    """
    none = nothing(asked.record.currency)
    ours = [one for one in told.all(e.InstalmentFellDue) if one.account == asked.account]
    wanted, more = sum((one.amounts for one in ours), none), none
    found: tuple[CaseEvent, ...] = ()
    for _ in range(CARRIED_TRIES):  # money of the same day is put on the charge as well: until all of it is
        with_charge = told.with_(found[0]) if found else told
        owed = judge(with_charge, asked.as_of, policy).balance.by_account.get(asked.account, none)
        short = wanted - owed
        if not any(minor > 0 for minor in short.minors):
            break
        more = more + short
        ask = m.BookCharge(
            ref=item_of(asked.account, "carried"), account=asked.account, on=asked.as_of, amounts=more,
            reason=CARRIED,
        )  # fmt: skip
        found = closure.charge(told, (asked.account,), asked.record.currency, ask)
    yield from found


def _of_instalments(
    asked: Delivered, facts: CaseFacts, joined: date, policy: CasePolicy
) -> Iterator[CaseEvent]:
    gone = max(
        (one.on for one in facts.all(e.DebtDetached) if one.account == asked.account), default=date.min
    )
    for number, one in asked.record.instalments.items():
        item = item_of(asked.account, number)
        booked = facts.one(e.InstalmentFellDue, item)
        if booked is None and (
            one.withdrawn or item in asked.cleared or not fallen_due(one, asked.as_of, policy)
        ):
            continue
        base = one.paid_by(joined)
        due = nothing(asked.record.currency) if one.withdrawn else one.amounts
        target = due - covered(due, base, policy.life.order)
        if booked is None:
            if any(target.minors):
                ask = m.BookInstalment(ref=item, account=asked.account, on=one.due, amounts=target)
                yield from closure.instalment(facts, (asked.account,), asked.record.currency, ask)
        elif target != (there := on_case(facts, booked, since=gone)):
            count = sum(fact.charge.startswith(f"{item}+") for fact in facts.all(e.ChargeBooked)) + 1
            yield from closure.charge(
                facts, (asked.account,), asked.record.currency,
                m.BookCharge(
                    ref=f"{item}+{count}", account=asked.account, on=asked.as_of, amounts=target - there,
                    reason=CHANGED,
                ),
            )  # fmt: skip
        if asked.paid_in == PAID_IN_BOOK and not one.withdrawn and (booked is not None or any(target.minors)):
            yield from _paid(asked, facts, f"{item}@{joined}", one, base)


def on_case(facts: CaseFacts, booked: e.InstalmentFellDue, *, since: date) -> Parts:
    """What the case has of an instalment, of what came after `since` (an account that left took all with it)."""
    sums = booked.amounts if since == date.min else nothing(booked.amounts.currency)
    for charge in facts.all(e.ChargeBooked):
        if charge.charge.startswith(f"{booked.item}+") and charge.on > since:
            sums = sums + charge.amounts
    return sums


def _paid(asked: Delivered, facts: CaseFacts, item: str, one: Due, base: int) -> Iterator[CaseEvent]:
    """The book's figure of what was paid, against the payments it was on the case so far, since the account joined."""
    ours = [fact for fact in facts.all(e.PaymentReceived) if (fact.payment or "").startswith(f"{item}$")]
    gone: dict[str, int] = {}
    for back in facts.all(e.PaymentReturned):
        gone[back.payment] = gone.get(back.payment, 0) + back.amount.minor
    standing = {fact.payment or "": fact.amount.minor - gone.get(fact.payment or "", 0) for fact in ours}
    more = one.paid - base - sum(standing.values())
    currency, debts = asked.record.currency, (asked.account,)
    on = min(one.paid_on or asked.as_of, asked.as_of)
    if more > 0:
        ask = m.RecordPayment(
            ref=f"{item}${len(ours) + 1}",
            account=asked.account,
            on=on,
            amount=_money(asked, more),
            channel=CHANNEL,
        )
        yield from payment.receive(facts, debts, currency, ask)
    for name in reversed(standing):
        take = min(standing[name], -more)
        if take > 0:
            more += take
            back_again = m.RecordPaymentReturn(
                ref=f"{name}-{one.revision}",
                payment=name,
                on=asked.as_of,
                amount=_money(asked, take),
                reason=CORRECTED,
            )
            yield from payment.take_back(facts, currency, back_again)


def _of_balance(asked: Delivered, facts: CaseFacts, joined: date) -> Iterator[CaseEvent]:
    """What came in by the balances since the account joined."""
    if asked.paid_in != PAID_IN_BOOK:
        return
    for day, (said, _) in sorted(asked.record.balances.items()):
        if day > joined and said.paid > 0:
            ask = m.RecordPayment(
                ref=f"{item_of(asked.account, 'balance')}${day}", account=asked.account, on=day,
                amount=_money(asked, said.paid), channel=CHANNEL,
            )  # fmt: skip
            yield from payment.receive(facts, (asked.account,), asked.record.currency, ask)


def _reported(asked: Delivered, facts: CaseFacts, now: Overdue) -> Iterator[CaseEvent]:
    """How the account stands, once a day; another word for the same day corrects it."""
    last = asked.record.newest_balance
    day = asked.as_of if asked.record.scheduled or last is None else last.as_of
    known = facts.by_key.get(("ArrearsReported", asked.account, str(day)))
    arrears = _money(asked, now.arrears)
    if known is None:
        yield e.ArrearsReported(
            account=asked.account, as_of=day, days_past_due=now.days_past_due, arrears=arrears
        )
    elif (known.days_past_due, known.arrears) != (now.days_past_due, arrears):
        yield e.ArrearsCorrected(
            account=asked.account, as_of=day, days_past_due=now.days_past_due, arrears=arrears,
            revision=getattr(known, "revision", 0) + 1,
        )  # fmt: skip


def _penalty_terms(asked: Delivered, facts: CaseFacts) -> CaseEvent | None:
    """The contract's penalty rate, unless the lender works penalties out itself: in instalments, or in balances."""
    terms, record = asked.record.terms, asked.record
    ours = [one for one in facts.all(e.PenaltyTermsSet) if one.account == asked.account]
    theirs = not record.scheduled or any(one.amounts.penalty for one in record.scheduled.values())
    ppm = 0 if theirs or terms is None else terms.penalty_ppm_per_day or 0
    if ppm == (ours[-1].ppm_per_day if ours else 0):
        return None
    ask = m.SetPenaltyTerms(
        ref=f"{item_of(asked.account, 'penalty')}#{len(ours) + 1}", account=asked.account, on=asked.as_of,
        ppm_per_day=ppm,
    )  # fmt: skip
    return next(iter(closure.penalty_terms(facts, (asked.account,), ask)), None)


def _leaving(asked: Delivered, case: OpenCase, policy: CasePolicy) -> Following:
    """The account left the book: it leaves the case, which ends with it where it was the only one.

    What keeps a case open (a plan, a dispute, a suit) keeps it open without debts, until that has ended.
    """
    assert asked.left is not None
    facts: list[CaseEvent] = []
    picture = judge(case.facts, asked.as_of, policy)
    if asked.left == PAID and asked.paid_in == PAID_IN_BOOK:
        owed = picture.balance.by_account.get(asked.account)
        if owed is not None and owed.total.minor > 0:
            ask = m.RecordPayment(
                ref=f"{item_of(asked.account, 'rest')}${asked.as_of}", account=asked.account, on=asked.as_of,
                amount=owed.total, channel=CHANNEL,
            )  # fmt: skip
            facts += payment.receive(case.facts, picture.debts, case.arrears.currency, ask)
    if tuple(picture.debts) == (asked.account,) and facts:
        return Following(_judged(facts, case, asked.as_of, policy), case.episode)
    detach = m.DetachDebt(account=asked.account, on=asked.as_of, reason=asked.left)
    facts += closure.detach(case.facts, picture.debts, detach)
    told = fold_case(facts, case)
    assert isinstance(told, OpenCase)
    if not told.debts:
        without = judge(told.facts, max(asked.as_of, told.facts.last_day), policy)
        kept = without.guards and asked.left != "ENTERED_IN_ERROR"
        again = any(one.as_of >= without.as_of for one in told.facts.all(e.CaseReopened))
        if not kept and not again:
            facts += closure.close(told.facts, without, CloseCase(on=asked.as_of, reason=asked.left))
    return Following(_judged(facts, case, asked.as_of, policy), case.episode)


def _judged(
    facts: list[CaseEvent], case: CaseState, as_of: date, policy: CasePolicy
) -> tuple[CaseEvent, ...]:
    """The facts, and what follows from them."""
    told = fold_case(facts, case)
    if isinstance(case, OpenCase) and isinstance(told, OpenCase) and told.facts.plain:
        said = next((one for one in facts if isinstance(one, e.ArrearsReported)), None)
        return (*facts, *(told_by_report(case, said, policy) if said else ()))
    return (*facts, *redecide(told, as_of, policy))
