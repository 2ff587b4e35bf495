"""What a person decides about payments and returns that no rule placed, stored as it is decided."""

import hashlib
from collections.abc import Awaitable, Callable

from services.case.application.bank.returning import ReturnDesk
from services.case.application.payments import PaymentDesk, Placed
from services.case.application.statements import Contended
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, StaleVersion

ATTEMPTS_MAX = 8


class ByHand:
    """Decisions of people, for one tenant. What a decision leads to twice is there once.

    Raises what the desks raise, Contended, and what the ledger raises.
    """

    def __init__(self, *, ledger: Ledger, tenant: str, payments: PaymentDesk, returns: ReturnDesk) -> None:
        self._ledger, self._tenant, self._payments, self._returns = ledger, tenant, payments, returns

    async def match(self, entry_id: str, *, case_id: str | None, account: str | None, actor: str) -> Placed:
        """The payment is for this case; without one the rule is asked again."""
        return await self._store(
            "match",
            entry_id,
            actor,
            lambda: self._payments.match(entry_id, case_id=case_id, account=account, actor=actor),
        )

    async def unmatch(self, entry_id: str, *, reason: str, actor: str) -> Placed:
        """The payment was put on the wrong case."""
        return await self._store(
            "unmatch", entry_id, actor, lambda: self._payments.unmatch(entry_id, reason=reason, actor=actor)
        )

    async def match_return(self, return_id: str, *, payment: str | None, actor: str) -> Placed:
        """The return is of this payment; without one the rule is asked again."""
        return await self._store(
            "match-return",
            return_id,
            actor,
            lambda: self._returns.match(return_id, payment=payment, actor=actor),
        )

    async def _store(
        self, operation: str, stream: str, actor: str, decide: Callable[[], Awaitable[Placed]]
    ) -> Placed:
        for _ in range(ATTEMPTS_MAX):
            placed = await decide()
            key = "|".join((stream, *(f"{write.stream}@{write.expected}" for write in placed.writes)))
            command = Command(
                tenant=self._tenant,
                command_id=self._ledger.command_id("by-hand", operation, key, tenant=self._tenant),
                fingerprint=hashlib.sha256(key.encode()).digest(),
                actor=actor,
                writes=tuple(placed.writes),
                policy=placed.policy,
            )
            try:
                await self._ledger.commit(command)
            except StaleVersion:
                continue
            placed.taken()
            return placed
        raise Contended
