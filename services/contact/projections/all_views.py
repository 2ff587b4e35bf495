"""Every view of the contact service, in the order they are rebuilt."""

from collections.abc import Callable

from services.contact.projections import audit_trail, case_subjects
from services.contact.projections.asking import attempts, refusals
from services.contact.projections.dialing import lists as dial_lists
from services.contact.projections.letters import batches as letter_batches
from services.contact.projections.outreach import dial_tasks, outreaches
from services.contact.projections.sending import outbox, points, replies
from services.contact.projections.texts import templates
from services.contact.projections.visits import appointments
from shared.eventstore.projection.view import View

Blind = Callable[[str, str], bytes]
"""(kind, value) -> what a value is looked up by without keeping it (shared/eventstore/ledger.py, `Ledger.blind`)."""

VIEWS: tuple[View, ...] = (
    attempts.VIEW,
    refusals.VIEW,
    outbox.VIEW,
    points.VIEW,
    replies.VIEW,
    case_subjects.VIEW,
    templates.VIEW,
    appointments.VIEW,
    letter_batches.VIEW,
    dial_lists.VIEW,
    dial_tasks.VIEW,
    outreaches.VIEW,
    audit_trail.VIEW,
)


def views_under(blind: Blind) -> tuple[View, ...]:
    """The views of a tenant whose look-ups are blinded by `blind`."""
    return VIEWS


def _unkeyed(kind: str, value: str) -> bytes:
    raise RuntimeError("the views' shapes are shown without a store; nothing can be looked up")


SHAPES: tuple[View, ...] = views_under(_unkeyed)
"""The views as the command line names them; nothing is applied with these."""
