"""The attempts a dossier counts, each by its newest revision so far, as the row keeps them: JSON by reference."""

from datetime import datetime

import msgspec
from msgspec import Struct

from services.case.domain import events as e


class Tried(Struct, frozen=True, array_like=True):
    """An attempt by its newest revision so far. `counts` False: there was no such attempt after all."""

    revision: int
    at: datetime
    channel: str
    outcome: str
    counts: bool = True


_DECODER = msgspec.json.Decoder(dict[str, Tried])
_ENCODER = msgspec.json.Encoder(order="sorted")


def read(text: str) -> dict[str, Tried]:
    """The attempts as a row keeps them."""
    return _DECODER.decode(text) if text else {}


def after(text: str, event: e.ContactAttempted | e.ContactRevised) -> str:
    """The attempts after one more was told of, or more of one that is known; an older revision says nothing new."""
    known = read(text)
    if isinstance(event, e.ContactAttempted):
        known[event.attempt_ref] = Tried(1, event.at, event.channel, event.outcome)
    else:
        before = known.get(event.attempt_ref)
        if before is None or before.revision > event.revision:
            return text
        known[event.attempt_ref] = Tried(
            event.revision, event.at, before.channel, event.outcome, not event.retracted
        )
    return _ENCODER.encode(known).decode()


def counted(text: str) -> tuple[int, Tried | None]:
    """How many attempts there were, and the last of them."""
    found = [(one.at, ref, one) for ref, one in read(text).items() if one.counts]
    return len(found), max(found, key=lambda one: one[:2])[2] if found else None
