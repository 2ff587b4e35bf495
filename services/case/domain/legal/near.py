"""Which deadlines the legal service spoke of still count: a newer word replaces an older, and what passed is past.

Whether a period began anew only the legal service knows; here it counts as saved once the debtor paid or gave their
word after it was told, until the legal service says otherwise.
"""

from datetime import date

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts, day_of
from services.case.domain.facts.legal import LegalStepReported
from services.case.domain.legal.steps import CLOSED, DEADLINE, LIMITATION

_SAVES = (e.PaymentReceived, e.PromiseToPay, e.PlanAgreed, e.SettlementApproved)


def deadlines(facts: CaseFacts, *, as_of: date) -> tuple[LegalStepReported, ...]:
    """Those that are still ahead or end on the day, each by its newest word, in the order of their days."""
    newest: dict[tuple[str, str | None, str | None], LegalStepReported] = {}
    closed: dict[str | None, date] = {}
    for one in facts.all(LegalStepReported):
        if one.what in (DEADLINE, LIMITATION):
            newest[one.what, one.thing, one.code] = one
        elif one.what == CLOSED:
            closed[one.matter] = one.on
    saved = max((day_of(fact) for kind in _SAVES for fact in facts.all(kind)), default=date.min)
    found = [
        one
        for one in newest.values()
        if one.due_on is not None and one.due_on >= as_of
        if not (one.what == LIMITATION and saved > one.on)
        if not (one.matter in closed and closed[one.matter] >= one.on)
    ]
    return tuple(sorted(found, key=lambda one: (one.due_on or date.max, one.thing or "")))
