"""The kinds of fact that bear on a claim, as a law pack names them, and which of them a person may record."""

from services.legal.domain.clocks.pack import AnyClock, LawPack, Restarting
from services.legal.domain.limitation.debt import CO_DEBTOR_CONSENT
from services.legal.domain.limitation.guarantee import CALLED, DEBTOR_SUED

_DERIVED = frozenset({CO_DEBTOR_CONSENT, CALLED, DEBTOR_SUED})
"""Never recorded: what another kind is for somebody else."""


def kinds_by_hand(law: LawPack) -> tuple[str, ...]:
    """Every kind that the clocks of a claim look at, by name."""
    found = {kind for clock in _clocks(law) for kind in _kinds(clock)}
    return tuple(sorted(found - _DERIVED))


def may_lie_ahead(law: LawPack, kind: str) -> bool:
    """Is it a day that is known beforehand, such as a due date? Everything else is recorded once it has happened."""
    return any(kind in clock.starts for clock in _clocks(law))


def _clocks(law: LawPack) -> tuple[AnyClock, ...]:
    return tuple(found for name in law.limitation.clocks if (found := law.named(name)) is not None)


def _kinds(clock: AnyClock) -> tuple[str, ...]:
    if not isinstance(clock, Restarting):
        return (*clock.starts, *clock.ends, *clock.undoings)
    return (
        *clock.starts, *clock.restarts, *clock.procedures, *clock.procedure_ends, *clock.undoings, *clock.obstacles,
        *clock.obstacle_ends, *clock.waivers,
    )  # fmt: skip
