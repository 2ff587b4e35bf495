"""What the steps of a suit prove towards limitation."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from services.legal.domain.facts import suit as f
from services.legal.domain.tracks import proving
from services.legal.domain.tracks.machine import Asked, Proves

SUED = "sued"


def _filed(asked: Asked) -> Proves:
    return proving.proved(asked, SUED)


def _appealed(asked: Asked) -> Proves:
    """An appeal against a ruling goes on suing, from that day; one against a judgment never stopped."""
    decision = next(
        one
        for one in reversed(asked.before)
        if isinstance(one, f.SuitNotAccepted | f.SuitDismissed | f.JudgmentIssued)
    )
    return None if isinstance(decision, f.JudgmentIssued) else proving.proved(asked, SUED)


def _not_accepted(asked: Asked) -> Proves:
    return proving.proved(asked, proving.NOT_ACCEPTED)


def _withdrawn(asked: Asked) -> Proves:
    """What was never filed ends nothing."""
    if asked.done(f.SuitFiled) is None:
        return None
    return proving.proved(asked, proving.WITHDRAWN)


def _dismissed(asked: Asked) -> Proves:
    return proving.proved(asked, proving.ENDED)


PROVED: Mapping[type, Callable[[Asked], Proves]] = MappingProxyType({
    f.SuitFiled: _filed,
    f.SuitServed: proving.served,
    f.SuitAppealed: _appealed,
    f.SuitNotAccepted: _not_accepted,
    f.SuitWithdrawn: _withdrawn,
    f.SuitDismissed: _dismissed,
    f.JudgmentEffective: proving.title,
})  # fmt: skip
"""Step -> what it proves."""
