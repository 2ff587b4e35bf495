"""Which payments, and which returns that wait, bear a reference of a bank: so that either finds the other.

A reference has a stream of its own, named by HMAC. Whoever enters a payment or a return reads it, and writes it or
names the version that was read; of two at once the second therefore sees the first, whichever way round they come.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.case.application.payments import PREFIX as PAYMENT
from services.case.domain.bank.returns import END_TO_END, ORIGINAL_REF
from services.case.domain.events import ReferenceTraced
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import NewEvent, StreamWrite
from shared.eventstore.recorded import Recorded
from shared.kernel.clock import start_of_day

CATEGORY = "trace"
BATCH = "BATCH"
KINDS = (ORIGINAL_REF, END_TO_END, BATCH)


@dataclass(frozen=True, slots=True)
class Trace:
    """A reference as its stream has it now; `version` 0: nothing bears it."""

    stream: str
    version: int = 0
    things: tuple[str, ...] = ()

    @property
    def payments(self) -> tuple[str, ...]:
        """The payments that bear it."""
        return tuple(thing for thing in self.things if thing.startswith(PAYMENT))

    @property
    def returns(self) -> tuple[str, ...]:
        """The returns that waited under it, some of which may have been matched since."""
        return tuple(thing for thing in self.things if not thing.startswith(PAYMENT))

    def unchanged(self) -> StreamWrite:
        """The reference must stand as it was seen."""
        return StreamWrite(self.stream, self.version, ())

    def borne_by(self, thing: str, *, on: date, zone: str, subjects: Mapping[str, object]) -> StreamWrite:
        """One more thing bears it."""
        told = NewEvent(ReferenceTraced(thing=thing, on=on), start_of_day(on, zone), subjects, zone)  # type: ignore[arg-type]
        return StreamWrite(self.stream, self.version, (told,))


class Traces:
    """The references of one tenant's banks."""

    def __init__(self, *, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant

    def stream(self, kind: str, source: str, ref: str) -> str:
        """The stream of a reference; one by which a source names a payment lies in that payment's lane."""
        own = f"payment|{source}|{ref}" if kind == ORIGINAL_REF else f"trace|{source}|{ref}"
        return self._ledger.stream_id(CATEGORY, kind, source, ref, debtor_ref=own, tenant=self._tenant)

    async def read(self, streams: Collection[str]) -> dict[str, Trace]:
        """These references, each once, those that nothing bears too."""
        found = await self._ledger.read_streams(list(streams), tenant=self._tenant) if streams else {}
        return {name: trace_of(name, found.get(name, ())) for name in streams}


def trace_of(stream: str, history: Sequence[Recorded[Any]]) -> Trace:
    """The reference that these events make."""
    told = [seen.event for seen in history if isinstance(seen.event, ReferenceTraced)]
    return Trace(stream, len(history), tuple(dict.fromkeys(event.thing for event in told)))
