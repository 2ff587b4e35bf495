"""What a command leads to: events of the matter, events of proofs, and perhaps a refusal that is itself on record."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.legal.domain.events import MatterEvent
from services.legal.domain.facts.proofs import ProofEvent
from shared.kernel.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """`matter`: what goes on the matter's stream; `proofs`: case or account -> what goes on its stream of proofs.

    `refusal`: the law forbids what was wanted; it is raised once the events, which say so, are stored. `weighed`: it
    was decided on all that bears on limitation, so none of those streams may have moved on when it is stored.
    """

    matter: tuple[MatterEvent, ...] = ()
    proofs: Mapping[str, tuple[ProofEvent, ...]] = field(default_factory=dict)
    refusal: Refused | None = None
    weighed: bool = False

    def __bool__(self) -> bool:
        return bool(self.matter) or any(self.proofs.values())


NOTHING = Led()
"""It is on record already."""
