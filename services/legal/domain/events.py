"""Every event type of the legal service and the name it is stored under (docs/how-to/add-an-event.md).

`STORED_AS`: stored name -> type. To change one, add the next version beside it with an upcast in `UPCASTS`.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct

from services.legal.domain.facts import (
    arbitration,
    enforcement,
    letter,
    matter,
    pack,
    payment_order,
    preservation,
    proofs,
    suit,
)
from services.legal.domain.facts.arbitration import ArbitrationStep
from services.legal.domain.facts.enforcement import EnforcementStep
from services.legal.domain.facts.letter import LetterStep
from services.legal.domain.facts.matter import MatterFact
from services.legal.domain.facts.pack import PackEvent
from services.legal.domain.facts.payment_order import PaymentOrderStep
from services.legal.domain.facts.preservation import PreservationStep
from services.legal.domain.facts.proofs import ProofEvent
from services.legal.domain.facts.suit import SuitStep

Step: TypeAlias = (
    LetterStep | SuitStep | PaymentOrderStep | ArbitrationStep | PreservationStep | EnforcementStep
)
"""A step of a track: what it says is what happened."""
MatterEvent: TypeAlias = MatterFact | Step
"""What a matter's stream holds."""
LegalEvent: TypeAlias = MatterEvent | ProofEvent | PackEvent

STEPS: tuple[type[Struct], ...] = (
    *letter.EVENTS,
    *suit.EVENTS,
    *payment_order.EVENTS,
    *arbitration.EVENTS,
    *preservation.EVENTS,
    *enforcement.EVENTS,
)
STORED_AS: dict[str, type[Struct]] = {
    f"legal.{one.__name__}/v1": one for one in (*matter.EVENTS, *STEPS, *proofs.EVENTS, *pack.EVENTS)
}
UPCASTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
