"""Every view of the legal service, in the order they are rebuilt."""

from collections.abc import Callable

from services.legal.projections import audit_trail
from shared.eventstore.projection.view import View

Blind = Callable[[str, str], bytes]
"""(kind, value) -> what a value is looked up by without keeping it (shared/eventstore/ledger.py, `Ledger.blind`)."""

VIEWS: tuple[View, ...] = (audit_trail.VIEW,)


def views_under(blind: Blind) -> tuple[View, ...]:
    """The views of a tenant whose look-ups are blinded by `blind`."""
    return VIEWS


def _unkeyed(kind: str, value: str) -> bytes:
    raise RuntimeError("the views' shapes are shown without a store; nothing can be looked up")


SHAPES: tuple[View, ...] = views_under(_unkeyed)
"""The views as the command line names them; nothing is applied with these."""
