"""Whose key seals what. `party` is the one named.

The debtor, or somebody else who has to do with the debt.
"""

from shared.kernel.section import InSection

PARTY_ID = InSection("id", subject="party")
PARTY_CONTACT = InSection("contact", subject="party")
