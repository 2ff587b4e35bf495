"""A decision found again in the stream it stands in, with the subject as it was before it and as it is now."""

from dataclasses import dataclass

from services.contact.application import thing_ids
from services.contact.application.asking.shown import Shown
from services.contact.application.handle import ContactDesk, folded
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused
from services.contact.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class Stored:
    """The decision, with what was known right before it, and what is known now."""

    shown: Shown
    before: Subject
    latest: Subject


async def decision(desk: ContactDesk, permit: str) -> Stored | None:
    """What was first decided under this id, None if nothing was."""
    subject_id = thing_ids.subject_of(thing_ids.PERMIT, permit)
    if subject_id is None:
        return None
    history = await desk.history(subject_id)
    for number, seen in enumerate(history):
        event = seen.event
        if isinstance(event, ContactPermitted | ContactRefused) and event.permit == permit:
            before, after, latest = (
                folded(history[:count], places=desk.places) for count in (number, number + 1, len(history))
            )
            return Stored(Shown(subject_id=subject_id, event=event, after=after), before, latest)
    return None
