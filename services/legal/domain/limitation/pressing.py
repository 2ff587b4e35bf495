"""What limitation says of a step of a track, and of an override: named in domain/stepping.py."""

from services.legal.domain.facts.matter import ClaimStated, OverrideGiven
from services.legal.domain.known import Known
from services.legal.domain.limitation.rule import check_override, may_sue
from services.legal.domain.parties import parties
from services.legal.domain.tracks.machine import Asked, Machine


def claim_lives(asked: Asked, machine: Machine) -> None:
    """Raises ClaimExpired where the step sues, or threatens to, and a claim it presses has run out by its day.

    An override that the step names was given for it, and lets it through for a reason of the pack.
    """
    if not machine.needs_live(asked):
        return
    may_sue(
        asked.claims,
        asked.ground.law,
        debts=_debts(asked),
        persons=_persons(asked),
        as_of=asked.step.on,
        override=_override(asked),
    )


def override_fits(known: Known, given: OverrideGiven) -> None:
    """Raises OverrideForbidden, OverrideReasonUnknown where the law pack lets nobody decide so."""
    check_override(known.ground.law, given.reason)


def _debts(asked: Asked) -> tuple[str, ...]:
    """What the step is about: its own debts, its track's, else those on which the matter claims; none: all."""
    for one in (asked.step, *asked.before[:1]):
        named: tuple[str, ...] = getattr(one, "debts", ())
        if named:
            return named
    return tuple(one.debt for one in asked.matter.all(ClaimStated))


def _persons(asked: Asked) -> tuple[str | None, ...]:
    """Whom it is against: its track's parties, whom a letter is to, else the debtor."""
    first = asked.before[0] if asked.before else asked.step
    known = parties(asked.matter)
    sued = tuple(known[one].person for one in getattr(first, "against", ()) if one in known)
    return sued or (getattr(first, "person", None),)


def _override(asked: Asked) -> OverrideGiven | None:
    named = getattr(asked.step, "override", None)
    given = (one for one in asked.matter.all(OverrideGiven) if one.override == named)
    return None if named is None else next(given, None)
