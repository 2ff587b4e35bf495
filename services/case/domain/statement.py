"""What one line of a lender's statement means for its account and for the debtor's case (DESIGN.md 6).

One decision, two streams: the account's fact and the case events that follow from it are written together.
"""

import hashlib
from dataclasses import dataclass

from services.case.domain import delinquency
from services.case.domain.commands import ReportStatement, StatementLine
from services.case.domain.events import (
    AccountEvent,
    ArrearsReported,
    CaseClosed,
    CaseCured,
    CaseEvent,
    CaseOpened,
    PaymentReceived,
    StageEntered,
    StatementReported,
)
from services.case.domain.policy import CasePolicy
from services.case.domain.redecide import redecide
from services.case.domain.state import (
    CURED,
    Account,
    AccountState,
    CaseState,
    ClosedCase,
    NoCase,
    OpenCase,
    fold_case,
)
from shared.kernel.period import month_of
from shared.kernel.refusal import Refused


class StatementConflict(Refused):
    """The account's statement of that day is on record with other content.

    A statement is never overwritten: it is what the lender said then. Import the file again with corrections
    allowed, or ask the lender which of the two is right.
    """

    code = "statement-conflict"
    title_en = "The statement of that day is on record with other content"
    title_zh = "该账户同一账单日已有内容不同的记录"


class StatementOutOfOrder(Refused):
    """The account already has a later statement, and this one was never reported.

    Later decisions were taken without it, so it can only be taken in as a correction.
    """

    code = "statement-out-of-order"
    title_en = "The account already has a later statement"
    title_zh = "该账户已有更晚的账单"


class StatementCurrencyChanged(Refused):
    """The account was reported in another currency before; balances of two currencies are never compared.

    Ask the lender whether the account was converted, and import it under a reference of its own.
    """

    code = "statement-currency-changed"
    title_en = "The account was reported in another currency before"
    title_zh = "该账户此前以其他币种报送"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a line adds: to the account's stream, and to the stream of the debtor's `episode`-th case."""

    account: tuple[AccountEvent, ...] = ()
    case: tuple[CaseEvent, ...] = ()
    episode: int = 0


UNCHANGED = Decision()


def content_hash(line: StatementLine) -> str:
    """SHA-256, in hex, of what the line says about its account, in one spelling ("100" and "100.00" are the same).

    The account's reference is left out: the hash stands among the facts, and whoever knew the figures could
    otherwise find the reference by trying, even after it was erased.
    """
    return hashlib.sha256(
        f"quittance-statement/1\n{line.as_of}\n{line.months_past_due}\n{line.balance}\n"
        f"{line.payment}\n{line.credit_limit}\n{line.currency}".encode()
    ).hexdigest()


def report(account: AccountState, case: CaseState, command: ReportStatement, policy: CasePolicy) -> Decision:
    """The events that one line leads to; none if the very same line is on record.

    Order: conflict, then out of order, then currency changed; the first that applies is the answer.
    Raises: StatementConflict, StatementOutOfOrder, StatementCurrencyChanged.
    """
    line = command.line
    if isinstance(account, Account):
        known = account.contents.get(line.as_of)
        if known == command.content:
            return UNCHANGED
        if known is not None:
            raise StatementConflict
        if line.as_of < account.latest:
            raise StatementOutOfOrder
        if line.currency != account.currency:
            raise StatementCurrencyChanged
    said = reported(command)
    match case:
        case OpenCase():
            return Decision((said,), _work(case, command, policy), case.episode)
        case NoCase() if line.months_past_due:
            return Decision((said,), open_case(1, command, policy), 1)
        case ClosedCase() if line.months_past_due:
            return Decision((said,), open_case(case.episode + 1, command, policy), case.episode + 1)
        case _:
            return Decision((said,))


def reported(command: ReportStatement) -> StatementReported:
    """The line as a fact about its account."""
    line = command.line
    return StatementReported(
        account_ref=line.account_ref,
        as_of=line.as_of,
        months_past_due=line.months_past_due,
        balance=line.money(line.balance),
        payment=line.money(line.payment),
        credit_limit=line.money(line.credit_limit),
        content=command.content,
    )


def _arrears(command: ReportStatement, policy: CasePolicy) -> ArrearsReported:
    """What is overdue: the whole balance, floored at zero, as soon as one month is past due."""
    line = command.line
    return ArrearsReported(
        account=command.account,
        as_of=line.as_of,
        days_past_due=delinquency.days_past_due(line.months_past_due, days_per_month=policy.days_per_month),
        arrears=line.money(max(line.balance, 0) if line.months_past_due else 0),
    )


def _stage(before: str, arrears: ArrearsReported, policy: CasePolicy) -> tuple[CaseEvent, ...]:
    stage = policy.scheme.stage_of(arrears.days_past_due)
    if stage == before:
        return ()
    return (
        StageEntered(
            as_of=arrears.as_of,
            stage=stage,
            previous=before,
            days_past_due=arrears.days_past_due,
            scheme=policy.scheme.version,
        ),
    )


def open_case(episode: int, command: ReportStatement, policy: CasePolicy) -> tuple[CaseEvent, ...]:
    """A new case. What was paid before it opened is the account's affair, not the case's."""
    arrears = _arrears(command, policy)
    opened = CaseOpened(
        debtor_ref=command.line.account_ref,
        episode=episode,
        debts=(command.account,),
        as_of=arrears.as_of,
        arrears=arrears.arrears,
        days_past_due=arrears.days_past_due,
    )
    return (opened, arrears, *_stage(policy.scheme.first, arrears, policy))


def _work(case: OpenCase, command: ReportStatement, policy: CasePolicy) -> tuple[CaseEvent, ...]:
    """A statement for an open case: first what was paid, then what is overdue, then whether that ends it."""
    line = command.line
    events: list[CaseEvent] = []
    if line.payment > 0:
        month = month_of(line.as_of)
        amount = line.money(line.payment)
        events.append(
            PaymentReceived(
                account=command.account, amount=amount, period_from=month.from_, period_until=month.until
            )
        )
    arrears = _arrears(command, policy)
    events.append(arrears)
    if not case.facts.plain:
        # A plan, a promise or a dispute is there: what the line means for it, and whether it ends the case, is judged.
        return (*events, *redecide(fold_case(events, case), line.as_of, policy))
    return (*events, *told_by_report(case, arrears, policy))


def told_by_report(case: OpenCase, arrears: ArrearsReported, policy: CasePolicy) -> tuple[CaseEvent, ...]:
    """What a report means for a case of which nothing is known but reports: its stage, and its end."""
    events = list(_stage(case.stage or policy.scheme.first, arrears, policy))
    if arrears.days_past_due == 0:
        if not case.cured:
            events.append(CaseCured(as_of=arrears.as_of))
        if not case.held_open_by:
            events.append(CaseClosed(as_of=arrears.as_of, reason=CURED))
    return tuple(events)
