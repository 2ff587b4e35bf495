"""Returns that wait, asked about again once a payment came that they may be of."""

import hashlib

from services.case.application.bank.returning import ReturnDesk
from services.case.application.bank.traces import Traces
from services.case.application.statements import Contended
from services.case.domain.bank.returns import ORIGINAL_REF, waiting
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, StaleVersion
from shared.kernel.money import Money

ATTEMPTS_MAX = 8


class Settling:
    """Puts returns that waited on their payments, each as a command of its own."""

    def __init__(self, *, ledger: Ledger, tenant: str, returns: ReturnDesk, traces: Traces) -> None:
        self._ledger, self._tenant, self._returns, self._traces = ledger, tenant, returns, traces

    async def payment_came(self, source: str, source_ref: str, *, actor: str) -> None:
        """Ask about all returns that wait for the payment which the source calls so."""
        stream = self._traces.stream(ORIGINAL_REF, source, source_ref)
        for name in (await self._traces.read([stream]))[stream].returns:
            await self.settle(name, actor=actor)

    async def settle(self, name: str, *, actor: str) -> tuple[Money, int] | None:
        """(what went back, how many events tell it) where this put the return on its payment; else None.

        Raises: ReturnUnknown, Contended; what the ledger raises.
        """
        for _ in range(ATTEMPTS_MAX):
            found = await self._returns.load(name)
            placed = await self._returns.again(found, actor=actor)
            if placed is None:
                return None
            key = f"{name}|{found.version}"
            command = Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id("import", "return", key, tenant=self._tenant),
                fingerprint=hashlib.sha256(key.encode()).digest(),
                actor=actor,
                writes=tuple(placed.writes),
                policy=placed.policy,
            )
            try:
                done = await self._ledger.commit(command)
            except StaleVersion:
                continue
            if done.replayed:  # another run found it at the same moment
                return None
            placed.taken()
            return waiting(found.state).said.amount, sum(len(write.events) for write in placed.writes)
        raise Contended
