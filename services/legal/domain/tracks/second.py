"""The steps by which a second person decides: whoever took the step before them cannot take these."""

from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import letter as ltr
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s

SECOND: frozenset[type] = frozenset({
    s.SuitApproved, s.SuitRejected, o.PaymentOrderApproved, o.PaymentOrderRejected, a.ArbitrationApproved,
    a.ArbitrationRejected, ltr.LetterApproved,
})  # fmt: skip
"""They need the scope `legal:approve`."""
