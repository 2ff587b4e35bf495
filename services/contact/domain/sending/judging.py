"""How a message asks whether it may be sent: the decision on contacts, as the message machine needs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.contact.domain.facts.asking import AskingEvent, Proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The answer. `permit`: the one to be spent where `outcome` is allow; `until`: when a deferred one may be.

    `events` put the decision on record; none where an earlier permit still covers it.
    """

    outcome: str
    permit: str
    until: datetime | None = None
    events: tuple[AskingEvent, ...] = ()


class Judge(Protocol):
    """Decides a proposed contact on all that is known of the subject."""

    def __call__(
        self, proposed: Proposed, *, permit: str, stands_under: str | None, now: datetime, by: str
    ) -> Judged:
        """Decide as of `now`, under the new id `permit` where a new decision is needed.

        `stands_under`: an earlier decision for the same message. If that is a live permit it is judged again: its
        own slot does not count against it; refused, the ContactRefused names it as `at_dispatch`.
        """
