"""What a letter does at law, whatever its words: whether it demands, what its delivery proves, to whom it goes.

`PRESSES` are those that demand payment or threaten to sue: refused on an expired claim (Civil Code art. 192:
the debtor may refuse to perform; what is no longer enforceable is not claimed as if it were).
"""

from types import MappingProxyType

from shared.kernel import evidence

DEMAND, OFFER, EXPIRED_NOTICE, GUARANTOR_DEMAND, ASSIGNMENT_NOTICE = (
    "DEMAND", "OFFER", "EXPIRED_NOTICE", "GUARANTOR_DEMAND", "ASSIGNMENT_NOTICE",
)  # fmt: skip
KINDS = (DEMAND, OFFER, EXPIRED_NOTICE, GUARANTOR_DEMAND, ASSIGNMENT_NOTICE)
"""DEMAND: pay, or be sued. OFFER: a demand with a settlement offered. EXPIRED_NOTICE: says what is owed and that it can
no longer be enforced. GUARANTOR_DEMAND: a demand of who guarantees. ASSIGNMENT_NOTICE: the claim has a new holder.
"""
PRESSES = frozenset({DEMAND, OFFER, GUARANTOR_DEMAND})
PROVES = MappingProxyType({
    DEMAND: "demand_delivered",
    OFFER: "demand_delivered",
    GUARANTOR_DEMAND: "demand_delivered",
    ASSIGNMENT_NOTICE: "assignment_notice_delivered",
})  # fmt: skip
"""The limitation fact that its delivery is (limitation provisions art. 8 and 17); none for a notice of expiry."""

SIGNED, HOUSEHOLD_ADULT, CARRIER = evidence.SIGNED, evidence.HOUSEHOLD_ADULT, evidence.CARRIER
DATA_REACHED, DATA_SHOULD_HAVE_REACHED = evidence.DATA_REACHED, evidence.DATA_SHOULD_HAVE_REACHED
PROOF_KINDS = (SIGNED, HOUSEHOLD_ADULT, CARRIER, DATA_REACHED, DATA_SHOULD_HAVE_REACHED)
"""How well a delivery is proved: signed for by the addressee, by an adult of the household, the carrier's word, a data
message that arrived, one that should have (limitation provisions art. 8(1) and (2)).
"""

PAYS, ASKS_FOR_TIME, DISPUTES, REFUSES, OTHER = "PAYS", "ASKS_FOR_TIME", "DISPUTES", "REFUSES", "OTHER"
ANSWERS = (PAYS, ASKS_FOR_TIME, DISPUTES, REFUSES, OTHER)
CONSENTS = frozenset({PAYS, ASKS_FOR_TIME})
"""Who asks for time, or says that they will pay, agrees to perform: the period restarts (Civil Code art. 195(2))."""
CONSENT = "promise"
ANSWER_ON_PAPER, ANSWER_NOTED = evidence.SIGNED, evidence.STATED
"""How an answer is proved: by the paper it came on, or by a note of whoever took it."""

CHANNELS = ("letter", "email")
MEDIUM_OF = MappingProxyType({"letter": "letter", "email": "email"})
EXPIRED = "EXPIRED"
