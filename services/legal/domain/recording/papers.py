"""Papers of a matter, by their hashes."""

from services.legal.domain.facts import matter as m
from services.legal.domain.known import Known
from services.legal.domain.led import NOTHING, Led

KINDS = (
    "CONTRACT", "STATEMENT", "MANDATE", "LETTER", "DELIVERY_PROOF", "COURT_PAPER", "ARBITRATION_CLAUSE", "RECORDING",
    "OTHER",
)  # fmt: skip


def filed(known: Known, fact: m.DocumentFiled) -> Led:
    """A paper is on file; the same bytes of the same kind are filed once."""
    same = (fact.kind, fact.sha256)
    if any((one.kind, one.sha256) == same for one in known.matter.all(m.DocumentFiled)):
        return NOTHING
    return Led(matter=(fact,))
