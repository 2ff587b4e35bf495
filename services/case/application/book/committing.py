"""Storing what was decided about a group of rows, through what may pass: lost answers, full queues, faster others."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence

from services.case.application.statements import ATTEMPTS_MAX, WAIT_FIRST_S, WAIT_MOST_S, Contended
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import (
    Appended,
    Busy,
    Command,
    KeyReused,
    LedgerError,
    OutcomeUnknown,
    StaleVersion,
    StoreUnavailable,
)

PASSING = (Busy, StoreUnavailable, OutcomeUnknown)


class Decided(ABC):
    """A group of rows on its way into the ledger. `command` None: nothing is left to write."""

    command: Command | None

    @abstractmethod
    def written(self) -> bool:
        """Its command is in the ledger, put there by this run; whether there is more to write."""


Again = Callable[[Decided], Awaitable[Decided]]
"""The same rows decided anew, on what the ledger has now."""


async def commit_all(ledger: Ledger, decided: Sequence[Decided], again: Again) -> None:
    """All of them, in one go where nothing stands in the way, one by one where something does.

    Raises: Contended; StoreUnavailable, OutcomeUnknown and Busy after ATTEMPTS_MAX; what else the ledger raises.
    """
    ready = [(one, one.command) for one in decided if one.command is not None]
    answers = await ledger.commit_all([command for _, command in ready])
    left: list[Awaitable[None]] = []
    for (one, _), answer in zip(ready, answers, strict=True):
        if isinstance(answer, Appended) and not answer.replayed:
            if one.written():
                left.append(_commit(ledger, one, again, sent=False, fresh=True))
        elif isinstance(answer, LedgerError) and not isinstance(answer, (*PASSING, StaleVersion, KeyReused)):
            raise answer
        else:
            lost = isinstance(answer, OutcomeUnknown)
            moved = isinstance(answer, StaleVersion | KeyReused | Appended)
            left.append(_commit(ledger, one, again, sent=lost, fresh=moved))
    for problem in await asyncio.gather(*left, return_exceptions=True):
        if problem is not None:
            raise problem


async def _commit(ledger: Ledger, one: Decided, again: Again, *, sent: bool, fresh: bool) -> None:
    """Until nothing is left to write. `fresh`: decide anew first; `sent`: a lost answer may be found as ours."""
    for _ in range(ATTEMPTS_MAX):
        if fresh:
            one = await again(one)
        if one.command is None:
            return
        try:
            done = await _sent(ledger, one.command)
        except (StaleVersion, KeyReused):
            fresh, sent = True, False
            continue
        ours = sent or not done.replayed or done.sent_twice
        fresh, sent = True, False
        if ours and not one.written():
            return
    raise Contended


class _Done:
    """How it was stored."""

    def __init__(self, replayed: bool, sent_twice: bool) -> None:
        self.replayed, self.sent_twice = replayed, sent_twice


async def _sent(ledger: Ledger, command: Command) -> _Done:
    wait, unsure = WAIT_FIRST_S, False
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            appended = await ledger.commit(command)
        except PASSING as problem:
            if attempt == ATTEMPTS_MAX:
                raise
            unsure = unsure or isinstance(problem, OutcomeUnknown)
            await asyncio.sleep(wait)
            wait = min(2 * wait, WAIT_MOST_S)
        else:
            return _Done(appended.replayed, unsure)
    raise AssertionError("the last attempt returns or raises")
