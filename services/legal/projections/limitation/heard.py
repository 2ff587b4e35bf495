"""All that bears on the debts of cases, as the timeline has it: what commands read from the ledger, for lists."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from services.legal.domain.limitation import claims as proofs
from services.legal.domain.limitation.claims import Claims, Proofs
from services.legal.domain.thing_ids import proofs_of
from services.legal.projections.timeline import facts_of

_ROUNDS = 3
"""A case, its debts, and the other cases that those were in."""


def claims_of(connection: sa.Connection, cases: Sequence[str]) -> dict[str, Claims]:
    """Each case with its own proofs, those of every debt that was ever in it, and of other cases that those were in."""
    read: dict[str, Proofs] = {}
    wanted: list[str] = list(dict.fromkeys(cases))
    for _ in range(_ROUNDS):
        found = facts_of(connection, [proofs_of(one) for one in wanted])
        read |= {one: _proofs(found[proofs_of(one)]) for one in wanted}
        wanted = [one for one in dict.fromkeys(_named(read[about] for about in wanted)) if one not in read]
        if not wanted:
            break
    return {case: Claims(case=case, streams=_around(case, read)) for case in cases}


def _proofs(events: Iterable[Any | None]) -> Proofs:
    found = Proofs()
    for event in events:
        found = proofs.skipped(found) if event is None else proofs.evolve(found, event)
    return found


def _named(streams: Iterable[Proofs]) -> Iterable[str]:
    for known in streams:
        for one in known.debts:
            yield one.debt
            yield one.case


def _around(case: str, read: Mapping[str, Proofs]) -> dict[str, Proofs]:
    """What was read for this case, and not for another."""
    found: dict[str, Proofs] = {}
    wanted = [case]
    for _ in range(_ROUNDS):
        found |= {one: read[one] for one in wanted if one in read}
        wanted = [
            one
            for one in dict.fromkeys(_named(read[about] for about in wanted if about in read))
            if one not in found
        ]
    return found
