"""Every view of the legal service, in the order they are rebuilt."""

from collections.abc import Callable

from services.legal.domain.ground import Ground
from services.legal.projections import audit_trail, timeline
from services.legal.projections.limitation import view as limitation
from services.legal.projections.matters import view as matters
from services.legal.projections.sweeping import case_days
from shared.eventstore.projection.view import View

Blind = Callable[[str, str], bytes]
"""(kind, value) -> what a value is looked up by without keeping it (shared/eventstore/ledger.py, `Ledger.blind`)."""


def views_under(blind: Blind, ground: Ground | None = None) -> tuple[View, ...]:
    """The views of a tenant whose look-ups are blinded by `blind`; deadlines are derived by the law of `ground`.

    `ground` None: for their names and tables only.
    """
    return (timeline.VIEW, matters.view(ground), limitation.VIEW, case_days.VIEW, audit_trail.VIEW)


def _unkeyed(kind: str, value: str) -> bytes:
    raise RuntimeError("the views' shapes are shown without a store; nothing can be looked up")


SHAPES: tuple[View, ...] = views_under(_unkeyed)
"""The views as the command line names them; nothing is applied with these."""
