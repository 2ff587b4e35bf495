"""What the steps of a proceeding prove towards limitation, by the paper of the court or tribunal.

The kinds are the law pack's. A proceeding is named by its track, so that its end finds its beginning; it concerns the
debts it was brought about, towards all whom it is against.
"""

from datetime import date
from typing import Any

from services.legal.domain.tracks.machine import COURT_PAPER, Asked, Proved

ENDED, WITHDRAWN, NOT_ACCEPTED = "procedure_ended", "procedure_withdrawn", "procedure_not_accepted"
DEMAND, SERVICE = "demand_delivered", "SERVICE"
TITLE, TITLE_GONE = "title_performance_due", "title_set_aside"


def proved(asked: Asked, kind: str, *, on: date | None = None) -> Proved:
    """One proof of the track's debts."""
    return Proved(kind=kind, evidence=COURT_PAPER, debts=debts_of(asked), thing=asked.track, on=on)


def served(asked: Asked) -> Proved:
    """Papers served on somebody demand payment of them, even if the procedure is taken back later.

    While it runs they change nothing. Of a procedure that was withdrawn only they are left (ADR 0041).
    """
    return Proved(
        kind=DEMAND,
        evidence=COURT_PAPER,
        debts=debts_of(asked),
        person=asked.step.person,
        alone=True,
        medium=SERVICE,
    )


def debts_of(asked: Asked) -> tuple[str, ...]:
    """What the proceeding is about, none: all that is claimed."""
    first: Any = asked.before[0] if asked.before else asked.step
    found: tuple[str, ...] = first.debts
    return found


def title(asked: Asked) -> tuple[Proved, ...]:
    """A title takes effect: its own period runs from the end of the time to perform, and the procedure is over.

    Nothing to perform, no title: then only the procedure is over.
    """
    ended = proved(asked, ENDED)
    if not asked.step.amount.minor:
        return (ended,)
    return (proved(asked, TITLE, on=asked.step.perform_until), ended)
