"""What a wave of rows is decided on, read in one go: a row alone would read its streams one by one, some of them twice.

What is read here may be old when it is used. That does no harm: every append names the version that it was decided on,
and whoever lost decides again on what the ledger then has.
"""

from collections.abc import Collection, Sequence
from typing import Any

from services.case.application.bank.traces import Trace, Traces, trace_of
from services.case.application.handle import CaseDesk, Loaded
from services.case.application.payments import Entry, PaymentDesk, entry_of
from services.case.application.sheet import CaseUnknown
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorded import Recorded


class WaveReads:
    """The streams of one wave, those that do not exist included."""

    def __init__(self, *, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant
        self.histories: dict[str, Sequence[Recorded[Any]]] = {}
        self.loaded: dict[str, Loaded | None] = {}
        self.deciding = False

    async def fetch(self, streams: Collection[str]) -> None:
        """Forget the wave before and read these."""
        self.forget()
        found = await self._ledger.read_streams(list(streams), tenant=self._tenant) if streams else {}
        self.histories = {name: found.get(name, ()) for name in streams}
        self.deciding = True

    def forget(self) -> None:
        """From now on everything is read afresh."""
        self.histories, self.loaded, self.deciding = {}, {}, False


class WaveCases(CaseDesk):
    """Cases as the wave has them, folded once."""

    reads: WaveReads

    async def load(self, case_id: str) -> Loaded:
        """The case. Raises CaseUnknown."""
        if not self.reads.deciding:
            return await super().load(case_id)
        if case_id not in self.reads.loaded:
            try:
                self.reads.loaded[case_id] = await super().load(case_id)
            except CaseUnknown:
                self.reads.loaded[case_id] = None
        found = self.reads.loaded[case_id]
        if found is None:
            raise CaseUnknown
        return found

    async def _read(self, case_id: str) -> Sequence[Recorded[Any]]:
        known = self.reads.histories.get(case_id)
        return await super()._read(case_id) if known is None else known


class WavePayments(PaymentDesk):
    """Entries as the wave has them."""

    reads: WaveReads

    async def _read(self, entry_id: str) -> Entry:
        known = self.reads.histories.get(entry_id)
        return await super()._read(entry_id) if known is None else entry_of(entry_id, known)


class WaveTraces(Traces):
    """References as the wave has them."""

    reads: WaveReads

    async def read(self, streams: Collection[str]) -> dict[str, Trace]:
        """These references, each once, those that nothing bears too."""
        known = self.reads.histories
        if any(name not in known for name in streams):
            return await super().read(streams)
        return {name: trace_of(name, known[name]) for name in streams}
