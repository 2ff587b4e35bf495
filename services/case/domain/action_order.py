"""Which next action weighs how much: values of a policy, not code."""

from collections.abc import Mapping
from dataclasses import dataclass

ACTIONS = (
    "ANSWER_COMPLAINT", "ANSWER_DISPUTE", "ASSESS_HARDSHIP", "REVIEW_RELIEF", "CONFIRM_DEATH", "RECALL_PLACEMENT",
    "CONFIRM_RECALL", "DECIDE_SETTLEMENT", "DECIDE_WAIVER", "DECIDE_WRITE_OFF", "RECORD_PAYMENT_PROOF", "TAKE_STEP",
    "MEET_LEGAL_DEADLINE", "CALL", "TAKE_PROMISE", "OFFER_PLAN", "OFFER_SETTLEMENT", "PLACE_WITH_AGENCY",
    "REFER_TO_LEGAL",
)  # fmt: skip
"""The closed list of what can be done next about a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOrder:
    """Points of next actions; the more, the sooner. All are whole numbers.

    An action that is due by a day gets `per_day_sooner` more for each day less than `due_soon_days`, and goes on
    growing once it is late. A broken promise and a debtor who was never spoken to add to a call. Placing with an
    agency and settling for less are thought of from these stages on; relief is reviewed so many days before it ends.
    """

    points: Mapping[str, int]
    due_soon_days: int
    per_day_sooner: int
    broken_promise: int
    never_reached: int
    agency_stages: frozenset[str]
    settlement_stages: frozenset[str]
    legal_stages: frozenset[str]
    relief_review_days: int

    def __post_init__(self) -> None:
        if set(self.points) != set(ACTIONS):
            raise ValueError("every action of the closed list has its points, and no other")


RETAIL_ACTIONS = ActionOrder(
    # What the debtor has asked comes before what we want; people before money.
    points={
        "RECALL_PLACEMENT": 950,
        "ANSWER_COMPLAINT": 900,
        "ANSWER_DISPUTE": 850,
        "ASSESS_HARDSHIP": 800,
        "CONFIRM_DEATH": 780,
        "MEET_LEGAL_DEADLINE": 760,
        "REVIEW_RELIEF": 700,
        "RECORD_PAYMENT_PROOF": 650,
        "DECIDE_SETTLEMENT": 600,
        "DECIDE_WAIVER": 590,
        "DECIDE_WRITE_OFF": 580,
        "CONFIRM_RECALL": 560,
        "TAKE_STEP": 510,
        "CALL": 500,
        "TAKE_PROMISE": 450,
        "OFFER_PLAN": 400,
        "OFFER_SETTLEMENT": 300,
        "PLACE_WITH_AGENCY": 200,
        "REFER_TO_LEGAL": 150,
    },
    due_soon_days=14,
    per_day_sooner=5,
    broken_promise=60,
    never_reached=40,
    agency_stages=frozenset({"M3", "M4+"}),
    settlement_stages=frozenset({"M3", "M4+"}),
    legal_stages=frozenset({"M4+"}),
    relief_review_days=14,
)
