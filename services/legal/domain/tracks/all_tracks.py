"""Every kind of track there is, and which one a step belongs to. A new track names its machine here."""

from services.legal.domain.letters import machine as letter
from services.legal.domain.matter import Matter
from services.legal.domain.tracks import arbitration, enforcement, payment_order, preservation, suit
from services.legal.domain.tracks.machine import Machine, TrackUnknown

MACHINES: tuple[Machine, ...] = (
    letter.MACHINE, suit.MACHINE, payment_order.MACHINE, arbitration.MACHINE, preservation.MACHINE, enforcement.MACHINE,
)  # fmt: skip

LETTER = letter.KIND
"""The kind of a lawyer's letter, which is no proceeding."""


def machine_of(step: type) -> Machine | None:
    """The machine whose step this is; None where no track of this release has it."""
    return next((one for one in MACHINES if step in one.steps), None)


def kind_of(matter: Matter, track: str) -> Machine:
    """The machine of a track that the matter has. Raises TrackUnknown."""
    before = matter.steps(track)
    found = machine_of(type(before[0])) if before else None
    if found is None:
        raise TrackUnknown
    return found


def status_of(matter: Matter, track: str) -> str | None:
    """Where a track stands; None: the matter has no such track."""
    before = matter.steps(track)
    return kind_of(matter, track).status(before) if before else None


def under_way(matter: Matter) -> tuple[str, ...]:
    """The tracks with something to come, in the order in which they began."""
    return tuple(
        track for track in matter.tracks if status_of(matter, track) not in kind_of(matter, track).ends
    )
