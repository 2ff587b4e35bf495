"""What was decided, and whether what a step says fits it."""

from typing import Any

from services.legal.domain.tracks.refusals import AmountUnfit, NotWhatWasDecided, SettlementMissing

WON, PARTLY_WON, LOST = "WON", "PARTLY_WON", "LOST"
OUTCOMES = (WON, PARTLY_WON, LOST)
SETTLED = "SETTLED"


def fits(step: Any) -> None:
    """Raises AmountUnfit where something was lost and yet brings money, or was won and brings none."""
    if (step.outcome == LOST) != (step.amount.minor == 0):
        raise AmountUnfit


def same(step: Any, decided: Any, field: str, *, of: str | None = None) -> None:
    """Raises NotWhatWasDecided where the step says something else than the decision it is about."""
    if getattr(step, field) != getattr(decided, of or field):
        raise NotWhatWasDecided(field=field)


def names_settlement(step: Any) -> None:
    """Raises SettlementMissing unless a settlement and its reason go together."""
    if (step.reason == SETTLED) != (step.settlement is not None):
        raise SettlementMissing
