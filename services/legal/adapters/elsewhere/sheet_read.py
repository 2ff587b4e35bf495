"""A legal sheet of the case service, as `GET /v1/legal-sheets` tells it, made into what the application reads."""

from datetime import date
from typing import Any

from services.legal.application.elsewhere import CaseSheet, Debt, Person
from shared.kernel import money, parts
from shared.kernel.parts import Parts


def sheet_of(told: Any, *, position: str) -> CaseSheet:
    """The sheet. Raises KeyError, TypeError and ValueError for what is none."""
    return CaseSheet(
        case=str(told["case"]),
        subject=str(told["subject"]),
        as_of=date.fromisoformat(told["as_of"]),
        position=position,
        debts=tuple(
            Debt(debt=str(one["debt"]), tail=str(one["tail"]), owed=_parts(one["owed"]))
            for one in told["debts"]
        ),
        people=tuple(_person(one) for one in told["people"]),
    )


def _parts(told: Any) -> Parts:
    amounts = [money.parse(told[name]["amount"], told[name]["currency"]) for name in parts.NAMES]
    return parts.of([one.minor for one in amounts], amounts[0].currency)


def _person(told: Any) -> Person:
    return Person(
        person=told["person"],
        roles=tuple(told["roles"]),
        reference=str(told["reference"]),
        name=told["name"],
        identity_no=told["identity_no"],
        language=told["language"],
        postal=tuple(told["postal"]),
        email=tuple(told["email"]),
    )
