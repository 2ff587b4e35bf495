"""What can be asked about dialing, in one place."""

from dataclasses import dataclass

from services.contact.application.dialing.lists import Candidates, DialDesk
from services.contact.application.dialing.results import DialResults
from services.contact.application.handle import ContactDesk
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class DialingRoom:
    """Lists for dialers, and what they hand back."""

    lists: DialDesk
    results: DialResults


def dialing_room(
    *,
    ledger: Ledger,
    tenant: str,
    desk: ContactDesk,
    candidates: Candidates,
    clock: Clock,
    places: tuple[str, ...],
) -> DialingRoom:
    """The room; `places` are those of a debtor whom nobody described."""
    lists = DialDesk(
        ledger=ledger, tenant=tenant, desk=desk, candidates=candidates, clock=clock, places=places
    )
    return DialingRoom(lists, DialResults(desk=desk, lists=lists))
