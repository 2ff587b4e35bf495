"""What the other services are told of our contacts, so that they need not put it together themselves."""

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from shared.kernel.section import FACTS


class AttemptToldFirst(Struct, frozen=True, kw_only=True):
    """The first shape of `AttemptTold`: what came of a contact, and not whether it demanded anything."""

    attempt: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]
    began_at: Annotated[datetime, FACTS]
    cases: Annotated[tuple[str, ...], FACTS]
    channel: Annotated[str, FACTS]
    role: Annotated[str, FACTS]
    collector_role: Annotated[str, FACTS]
    outcome: Annotated[str, FACTS]
    permit: Annotated[str | None, FACTS]
    rules: Annotated[tuple[str, ...], FACTS]
    retracted: Annotated[bool, FACTS]


class AttemptTold(Struct, frozen=True, kw_only=True):
    """All that is known of a contact of ours as of `at`; a later `revision` (from 1) replaces what an earlier said.

    Told once something came of it: a call's outcome (outcomes.OUTCOMES), or of a message SENT, DELIVERED or
    UNDELIVERED, on `delivered_at`. `cases`: the one it was about, or, where it named none, all that were open. `rules`:
    what it broke by what is known. `retracted`: there was no such contact after all. `demand`: performance was asked
    for, of `debts` (none: of all that the cases are about); `person` None: of the debtor. `misdirected`: the number or
    address `point` is known to be somebody else's. `recorded`: a recording of it is kept.
    """

    attempt: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]
    began_at: Annotated[datetime, FACTS]
    cases: Annotated[tuple[str, ...], FACTS]
    channel: Annotated[str, FACTS]
    role: Annotated[str, FACTS]
    collector_role: Annotated[str, FACTS]
    outcome: Annotated[str, FACTS]
    permit: Annotated[str | None, FACTS]
    rules: Annotated[tuple[str, ...], FACTS]
    retracted: Annotated[bool, FACTS]
    person: Annotated[str | None, FACTS]
    point: Annotated[str | None, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    purpose: Annotated[str | None, FACTS]
    demand: Annotated[bool, FACTS]
    delivered_at: Annotated[datetime | None, FACTS]
    misdirected: Annotated[bool, FACTS]
    recorded: Annotated[bool, FACTS]


def since_it_says_what_it_was(old: AttemptToldFirst) -> AttemptTold:
    """The first form as it is read now: nobody had been told what was said, so it demanded nothing."""
    return AttemptTold(
        attempt=old.attempt, revision=old.revision, at=old.at, began_at=old.began_at, cases=old.cases,
        channel=old.channel, role=old.role, collector_role=old.collector_role, outcome=old.outcome,
        permit=old.permit, rules=old.rules, retracted=old.retracted, person=None, point=None, debts=(), purpose=None,
        demand=False, delivered_at=None, misdirected=False, recorded=False,
    )  # fmt: skip
