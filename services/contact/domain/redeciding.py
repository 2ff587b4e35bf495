"""A stored decision taken again: by what was known when it was taken, and by all that is known now.

The first must come out the same, or something was altered; the second is a report, never a rewrite (compliance.md 6.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.contact.domain.facts.asking import AskingEvent, ContactRefused
from services.contact.domain.history import Lookback
from services.contact.domain.pack import Pack
from services.contact.domain.permits import reservations, same_decision
from services.contact.domain.questions import weigh
from services.contact.domain.subject import Subject
from services.contact.domain.verdict import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Redecided:
    """`then`: taken again on the subject before the decision; `now`: on the subject as it is known today.

    `same`: does `then` come to what is stored? `packs_at_hand`: are the packs that took part still those of that hash?
    Where they are not, `then` is by other packs and may well differ.
    """

    then: Decision
    now: Decision
    same: bool
    packs_at_hand: bool


def redecided(stored: AskingEvent, before: Subject, latest: Subject, packs: Sequence[Pack]) -> Redecided:
    """The decision taken again. `before`: the subject after the first `stored.inputs` events of its stream."""
    then = _weighed(before, stored, packs)
    hashes = {pack.hash for pack in packs}
    return Redecided(
        then=then,
        now=_weighed(latest, stored, packs),
        same=same_decision(stored, then),
        packs_at_hand=all(one.hash in hashes for one in stored.packs),
    )


def _weighed(subject: Subject, stored: AskingEvent, packs: Sequence[Pack]) -> Decision:
    """Taken again on a state; what was made under the permit itself does not stand in its own way.

    Nor does the place of the permit that was to be spent, or of one given after it.
    """
    spent = stored.at_dispatch if isinstance(stored, ContactRefused) else None
    own = subject.permits.get(spent or stored.permit)
    known = Lookback(subject).without(stored.permit)
    return weigh(known, stored.proposed, packs, reserved=reservations(known, stored.proposed.at, but=own))
