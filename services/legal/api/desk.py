"""What the routes need of the legal service; wiring provides it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import sqlalchemy as sa

from services.legal.application.deciding import LegalDecisions
from services.legal.application.elsewhere import CaseFile, ContactFile
from services.legal.application.handle import LegalDesk
from services.legal.application.letters.room import LetterRoom
from services.legal.application.limitation.asked import LimitationClocks
from services.legal.application.pack.desk import PackDesk
from services.legal.application.pack.making import PackWork
from services.legal.domain.ground import Ground
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.view import View
from shared.http.office import OpenOffice
from shared.kernel.clock import Clock
from shared.messaging.feed import Feed

T = TypeVar("T")


class Desk(Protocol):
    """The open legal service."""

    ledger: Ledger
    tenant: str
    feed: Feed
    views: tuple[View, ...]
    clock: Clock
    zone: str
    ground: Ground
    acts: LegalDesk
    decisions: LegalDecisions
    limitation: LimitationClocks
    letters: LetterRoom
    packs: PackDesk
    packing: PackWork
    case_file: CaseFile
    contact_file: ContactFile

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Put a question to the views."""


class Office(OpenOffice[Desk]):
    """The legal service's desk once it is open, and whether the process is about to end."""
