"""What a text of a step says: the values of its variables, from facts of the case and from what the lender always says.

A value that nobody knows is not invented: the step then says nothing at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.contact.domain.facts.texts import Variable
from services.contact.domain.outreach.standing import Heard
from shared.kernel.money import Money

ANSWER_DAYS = 15
"""A letter that asks for an answer gives so many days."""
AN_UNNAMED_CUSTOMER = {"zh-CN": "客户", "en": "customer"}
"""How a debtor is addressed whose name the contact service was not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayable:
    """What can be said about the case on a day. `due`: the day that a text of the step speaks of; None: not known."""

    amount: Money | None
    due: date | None
    account: str | None
    today: date
    language: str
    always: Mapping[str, str]
    """What the lender always says, by the variable's name: institution, hotline, and a name where one is known."""

    def values(self, variables: tuple[Variable, ...]) -> dict[str, str] | None:
        """The value of every variable; None where one of them is not known."""
        found = {}
        for variable in variables:
            value = self._value(variable.name)
            if value is None:
                return None
            found[variable.name] = value
        return found

    def _value(self, name: str) -> str | None:
        if name in self.always:
            return self.always[name]
        match name:
            case "amount":
                return None if self.amount is None else f"{self.amount.decimal()} {self.amount.currency}"
            case "due_date" | "promised_for":
                return None if self.due is None else self.due.isoformat()
            case "account":
                return self.account
            case "as_of" | "letter_date":
                return self.today.isoformat()
            case "answer_by":
                return (self.today + timedelta(days=ANSWER_DAYS)).isoformat()
            case "name":
                return AN_UNNAMED_CUSTOMER.get(self.language)
        return None


def sayable(
    heard: Heard,
    scope: str,
    *,
    debts: int,
    account: str | None,
    today: date,
    language: str,
    always: Mapping[str, str],
) -> Sayable:
    """What can be said of a step of this scope (a stage, or the thing that falls due)."""
    thing = heard.things.get(scope)
    if thing is not None:
        amount, due = thing.amount, thing.due
    else:
        amount, due = heard.owed(today, debts) or (None, None)
    return Sayable(amount=amount, due=due, account=account, today=today, language=language, always=always)
