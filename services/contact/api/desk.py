"""What the routes need of the contact service; wiring provides it."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

import sqlalchemy as sa

from services.contact.application.deciding import ContactDecisions
from services.contact.application.dialing.room import DialingRoom
from services.contact.application.handle import ContactDesk
from services.contact.application.letters.room import LetterRoom
from services.contact.application.looking.revealing import Reveals
from services.contact.application.outreach.room import OutreachRoom
from services.contact.application.sending.guarded import ChannelHealth
from services.contact.application.sending.inbound import Inbound, Provider
from services.contact.application.sending.messages import MessageDesk
from services.contact.application.texts.templates import TemplateDesk
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.view import View
from shared.http.office import OpenOffice
from shared.kernel.clock import Clock
from shared.messaging.feed import Feed

T = TypeVar("T")


class Desk(Protocol):
    """The open contact service."""

    ledger: Ledger
    tenant: str
    feed: Feed
    views: tuple[View, ...]
    clock: Clock
    zone: str
    acts: ContactDesk
    decisions: ContactDecisions
    reveals: Reveals
    texts: TemplateDesk
    inbound: Inbound
    messages: MessageDesk
    outreach: OutreachRoom
    letters: LetterRoom
    dialing: DialingRoom
    providers: Mapping[str, Provider]

    def channel_health(self) -> tuple[ChannelHealth, ...]:
        """How the guards of this process's channels stand."""

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Put a question to the views."""


class Office(OpenOffice[Desk]):
    """The contact service's desk once it is open, and whether the process is about to end."""
