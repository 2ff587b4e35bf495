"""A stored decision taken again: by what was known when it was taken, and by all that is known now.

The first must come out the same, or something was altered; the second is a report, never a rewrite (compliance.md 6.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.contact.application.handle import folded
from services.contact.domain.facts.asking import AskingEvent, ContactPermitted, ContactRefused
from services.contact.domain.history import Lookback
from services.contact.domain.pack import Pack
from services.contact.domain.permits import reservations, same_decision
from services.contact.domain.questions import weigh
from services.contact.domain.subject import Permit, Subject
from services.contact.domain.verdict import Decision
from shared.eventstore.recorded import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Redecided:
    """`stored` as it was recorded; `then`: taken again on the first `stored.inputs` events; `now`: on all of them.

    `same`: does `then` come to what is stored? `packs_at_hand`: are the packs that took part still those of that hash?
    Where they are not, `then` is by other packs and may well differ.
    """

    stored: AskingEvent
    then: Decision
    now: Decision
    same: bool
    packs_at_hand: bool


def redecided(
    history: Sequence[Recorded[Any]], permit: str, packs: Sequence[Pack], *, places: tuple[str, ...]
) -> Redecided | None:
    """The decision `permit` of a subject's stream, taken again on both clocks; None if there is none of that id."""
    found = next((one.event for one in history if _decides(one.event, permit)), None)
    if found is None:
        return None
    then = _weighed(folded(history[: found.inputs], places=places), found, packs)
    now = _weighed(folded(history, places=places), found, packs)
    hashes = {pack.hash for pack in packs}
    return Redecided(
        stored=found,
        then=then,
        now=now,
        same=same_decision(found, then),
        packs_at_hand=all(one.hash in hashes for one in found.packs),
    )


def _decides(event: Any, permit: str) -> bool:
    return isinstance(event, ContactPermitted | ContactRefused) and event.permit == permit


def _weighed(subject: Subject, stored: AskingEvent, packs: Sequence[Pack]) -> Decision:
    """Taken again on a state; what was made under the permit itself does not stand in its own way."""
    at = stored.proposed.at
    known = Lookback(subject).without(stored.permit)
    own = _own(subject, stored)
    return weigh(known, stored.proposed, packs, reserved=reservations(known, at, but=own))


def _own(subject: Subject, stored: AskingEvent) -> Permit | None:
    """The permit whose place does not count against the decision: its own, or the one it was to be spent for."""
    spent = stored.at_dispatch if isinstance(stored, ContactRefused) else None
    return subject.permits.get(spent or stored.permit)
