"""The switchboard: which rule answers which command. No rule bodies here."""

from dataclasses import dataclass
from typing import assert_never

from services.case.domain import statement
from services.case.domain.commands import CaseCommand, ReportStatement
from services.case.domain.policy import CasePolicy
from services.case.domain.state import NO_ACCOUNT, NO_CASE, AccountState, CaseState


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision looks at: the account, and the debtor's newest case."""

    account: AccountState = NO_ACCOUNT
    case: CaseState = NO_CASE


def decide(standing: Standing, command: CaseCommand, policy: CasePolicy) -> statement.Decision:
    """The events a command leads to, none if it changes nothing. Raises the refusals of the rule it reaches."""
    match command:
        case ReportStatement():
            return statement.report(standing.account, standing.case, command, policy)
        case _:
            assert_never(command)
