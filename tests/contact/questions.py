"""Questions as the tests ask them: a Chinese debtor, a bank of their own, an ordinary Monday."""

from typing import Any

from services.contact.adapters.decision_cases import question_of
from services.contact.adapters.pack_files import shipped
from services.contact.domain.asked import Question
from services.contact.domain.decide import decide
from services.contact.domain.verdict import Decision

MONDAY = "2026-03-02T10:00:00+08:00"


def asked(
    *history: dict[str, Any],
    at: str = MONDAY,
    jurisdictions: tuple[str, ...] = ("CN",),
    zones: tuple[str, ...] | None = ("Asia/Shanghai",),
    collector_role: str = "first_party",
    **proposal: Any,
) -> Question:
    """A question; what is not said is what is lawful: a call to the debtor that names the institution."""
    wanted = {
        "at": at,
        "channel": "voice",
        "role": "debtor",
        "debts": ["D"],
        "content": ["identifies_institution"],
    }
    return question_of(
        {
            "debtor": {"id": "C", "jurisdictions": list(jurisdictions), "zones": list(zones or ())},
            "collector_role": collector_role,
            "history": list(history),
            "proposal": wanted | proposal,
        }
    )


def answer(question: Question, *, house: bool = True) -> Decision:
    """The decision by the shipped packs."""
    return decide(question, shipped(house=house))
