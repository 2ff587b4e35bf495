"""Statements that come late, or say something else than before: taken in where the import allows corrections.

What the lender says last counts. The case as it stands now is judged anew, for the newest day it knows; a case that
had ended before the day of the statement is left as it was.
"""

from datetime import date

from services.case.domain import delinquency, statement
from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.commands import ReportStatement
from services.case.domain.policy import CasePolicy
from services.case.domain.redecide import redecide
from services.case.domain.state import (
    Account,
    AccountState,
    CaseState,
    ClosedCase,
    NoCase,
    OpenCase,
    fold_case,
)
from services.case.domain.statement import UNCHANGED, Decision, StatementCurrencyChanged
from shared.kernel.period import Period, month_of

CORRECTED = "STATEMENT_CORRECTED"


def take_in(account: AccountState, case: CaseState, command: ReportStatement, policy: CasePolicy) -> Decision:
    """The events of one line, late and corrected ones included; none if it says what the last one for its day said.

    Raises: StatementCurrencyChanged.
    """
    line = command.line
    if not isinstance(account, Account) or (
        line.as_of > account.latest and line.as_of not in account.contents
    ):
        return statement.report(account, case, command, policy)
    known = account.contents.get(line.as_of)
    if known == command.content:
        return UNCHANGED
    if line.currency != account.currency:
        raise StatementCurrencyChanged
    revision = account.revisions.get(line.as_of, 0) + 1
    said: e.AccountEvent = statement.reported(command)
    if known is not None:
        said = e.StatementCorrected(
            account_ref=line.account_ref,
            as_of=line.as_of,
            months_past_due=line.months_past_due,
            balance=line.money(line.balance),
            payment=line.money(line.payment),
            credit_limit=line.money(line.credit_limit),
            content=command.content,
            replaces=known,
            revision=revision,
        )
    worked = case if isinstance(case, OpenCase) else case.was if isinstance(case, ClosedCase) else None
    over = isinstance(case, NoCase) or (isinstance(case, ClosedCase) and case.as_of < line.as_of)
    if worked is None or over:
        if line.months_past_due and line.as_of == account.latest:
            episode = 1 if isinstance(case, NoCase) else case.episode + 1
            return Decision((said,), statement.open_case(episode, command, policy), episode)
        return Decision((said,))
    assert not isinstance(case, NoCase)
    facts = _facts(worked.facts, command, policy, revision=revision)
    if not facts:
        return Decision((said,))
    after = redecide(fold_case(facts, case), max(account.latest, line.as_of), policy)
    return Decision((said,), (*facts, *after), case.episode)


def _facts(
    known: CaseFacts, command: ReportStatement, policy: CasePolicy, *, revision: int
) -> tuple[e.CaseEvent, ...]:
    """What the line means for a case that is or was open on its day."""
    line = command.line
    opened_on = next((opened.as_of for opened in known.all(e.CaseOpened)), date.max)
    if line.as_of < opened_on:
        return ()
    found: list[e.CaseEvent] = []
    if line.as_of > opened_on:
        found.extend(_payment(known, command, revision))
    arrears = line.money(max(line.balance, 0) if line.months_past_due else 0)
    days = delinquency.days_past_due(line.months_past_due, days_per_month=policy.days_per_month)
    before = known.by_key.get(("ArrearsReported", command.account, str(line.as_of)))
    if before is None or (before.days_past_due, before.arrears) != (days, arrears):
        found.append(
            e.ArrearsCorrected(
                account=command.account,
                as_of=line.as_of,
                days_past_due=days,
                arrears=arrears,
                # The lender's book may have corrected the same day: what is said last counts.
                revision=max(revision, getattr(before, "revision", 0) + 1),
            )
        )
    return tuple(found)


def _payment(known: CaseFacts, command: ReportStatement, revision: int) -> list[e.CaseEvent]:
    """The difference between what was said to have come in that month and what is said now."""
    line, month = command.line, month_of(command.line.as_of)
    first = f"{command.account}|{month.from_}|{month.until}"
    said = [one for one in known.all(e.PaymentReceived) if _of_month(one, first, month, command.account)]
    gone: dict[str, int] = {}
    for back in known.all(e.PaymentReturned):
        gone[back.payment] = gone.get(back.payment, 0) + back.amount.minor
    standing = {one.payment or first: one.amount.minor - gone.get(one.payment or first, 0) for one in said}
    more = max(line.payment, 0) - sum(standing.values())
    if more > 0:
        ref = None if not said else f"cor:{first}|{revision}"
        return [
            e.PaymentReceived(
                account=command.account,
                amount=line.money(more),
                period_from=month.from_,
                period_until=month.until,
                payment=ref,
                channel="STATEMENT" if ref else None,
            )
        ]
    found: list[e.CaseEvent] = []
    for name, minor in standing.items():
        take = min(minor, -more)
        if take > 0:
            more += take
            found.append(
                e.PaymentReturned(
                    returned=f"cor:{name}|{revision}",
                    payment=name,
                    on=line.as_of,
                    amount=line.money(take),
                    reason=CORRECTED,
                )
            )
    return found


def _of_month(payment: e.PaymentReceived, first: str, month: Period, account: str) -> bool:
    """Is it the statement's payment of that month, or a correction of it?"""
    same = (payment.account, payment.period_from, payment.period_until) == (account, month.from_, month.until)
    return same and (payment.payment is None or payment.payment.startswith(f"cor:{first}|"))
