"""The words of a message that somebody sent us: on record that they were read before they are shown (ADR 0025)."""

from datetime import datetime, timedelta

from services.contact.application import thing_ids
from services.contact.application.handle import ContactDesk
from services.contact.domain.facts.reply import ReplyRead, ReplyReceived
from shared.eventstore.registry import ERASED, Erased
from shared.kernel.refusal import Refused

SHOWN_FOR = timedelta(seconds=60)
"""How long a request that is repeated is shown the words again under the same record."""


class ReplyUnknown(LookupError):
    """There is no message of that id from anybody."""


class ReplyForgotten(Refused):
    """The words were erased with the rest of what was known of the person: there is nothing left to show."""

    code = "reply-forgotten"
    title_en = "The words of the message were erased"
    title_zh = "该来信内容已被清除"


class ReadingOver(Refused):
    """This request was answered more than a minute ago. To read the words again, ask again under a new key."""

    code = "reading-over"
    title_en = "The message was shown under this request before"
    title_zh = "该请求此前已展示过来信内容"


async def words_of(desk: ContactDesk, attempt: str) -> str:
    """What somebody wrote. Raises ReplyUnknown, ReplyForgotten."""
    subject_id = thing_ids.subject_of(thing_ids.ATTEMPT, attempt)
    if subject_id is None:
        raise ReplyUnknown
    for seen in await desk.history(subject_id):
        if isinstance(seen.event, Erased):
            continue
        if isinstance(seen.event, ReplyReceived) and seen.event.attempt == attempt:
            said: object = seen.event.text
            if said is ERASED or not isinstance(said, str):
                raise ReplyForgotten
            return said
    raise ReplyUnknown


async def still_shown(desk: ContactDesk, attempt: str, *, now: datetime) -> bool:
    """Was it read so lately that a repeated request is answered again?"""
    subject_id = thing_ids.subject_of(thing_ids.ATTEMPT, attempt)
    if subject_id is None:
        return False
    readings = [
        seen.event.at
        for seen in await desk.history(subject_id)
        if isinstance(seen.event, ReplyRead) and seen.event.attempt == attempt
    ]
    return bool(readings) and now - max(readings) <= SHOWN_FOR
