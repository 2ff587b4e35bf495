"""A service as the routes meet it: its desk once it is open, and whether the process is about to end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import sqlalchemy as sa

from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.view import View
from shared.messaging.feed import Feed

T = TypeVar("T")
D = TypeVar("D", bound="Served")


class Served(Protocol):
    """What feeds, probes and meters ask of any open service."""

    ledger: Ledger
    tenant: str
    feed: Feed

    @property
    def views(self) -> tuple[View, ...]:
        """The views it keeps."""

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Put a question to the views."""


@dataclass(slots=True)
class OpenOffice(Generic[D]):
    """The desk once it is open; `closing`: the process is about to end, long polls answer at once.

    Services that share a process share its `closing`.
    """

    closing: asyncio.Event = field(default_factory=asyncio.Event)
    desk: D | None = None

    @property
    def open_desk(self) -> D:
        """The desk; routes run only while it is open."""
        assert self.desk is not None, "whoever serves opens the desk first"
        return self.desk
