"""One open case per debtor, although each of the debtor's cases is a stream of its own.

Whether one case may open depends on how another stands, which two requests at once each see as it was. So the command
that opens a case carries, beside its own events, the version at which it saw the other one: no events, but the ledger
refuses the whole where that has moved, and it is decided again.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from services.case.application.sheet import CaseUnknown
from services.case.domain.closure import CaseAlreadyOpen
from services.case.domain.commands import LifeCommand
from services.case.domain.events import CaseEvent, CaseReopened
from services.case.domain.money_commands import OpenCase
from services.case.domain.state import CaseState, ClosedCase
from shared.eventstore.port import StreamWrite


class Seen(Protocol):
    """A case as it was read."""

    @property
    def case_id(self) -> str:
        """Its stream."""

    @property
    def state(self) -> CaseState:
        """How it stands."""

    @property
    def version(self) -> int:
        """The version it was read at, 0 if there is none."""

    @property
    def debtor_ref(self) -> str | None:
        """Whose it is, None where that was erased."""

    @property
    def erased(self) -> bool:
        """Its facts are gone."""


CaseId = Callable[[str, int], str]
"""Debtor's reference and episode -> the stream of that case."""


async def neighbour(
    loaded: Seen,
    command: LifeCommand,
    events: Sequence[CaseEvent],
    *,
    case_id: CaseId,
    load: Callable[[str], Awaitable[Seen]],
) -> tuple[StreamWrite, ...]:
    """What must stand as it was seen for these events to be right: the debtor's case before, or after, this one.

    Raises: CaseAlreadyOpen where the case before is open, CaseUnknown where there is none.
    """
    if isinstance(command, OpenCase) and events and command.episode > 1:
        before = await load(case_id(command.debtor_ref, command.episode - 1))
        if not before.erased and not isinstance(before.state, ClosedCase):
            raise CaseAlreadyOpen
        return (StreamWrite(before.case_id, before.version, ()),)
    closed = loaded.state
    if isinstance(closed, ClosedCase) and any(isinstance(event, CaseReopened) for event in events):
        if loaded.debtor_ref is None:
            raise CaseUnknown
        return (StreamWrite(case_id(loaded.debtor_ref, closed.episode + 1), 0, ()),)
    return ()
