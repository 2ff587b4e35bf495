"""A look as a command: it is recorded once under its key, and what it shows is read anew each time it is asked for.

What is stored with the command are references: neither the value that was looked for nor the data that was shown.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from services.case.api.desk import Desk
from services.case.application.privacy.access import Look, Reader
from shared.eventstore.ledger import Ledger
from shared.http.commands import Decided, Envelope
from shared.http.operations import caller_of
from shared.kernel import ids
from shared.kernel.privacy.limits import LookOver
from shared.messaging.published import instant

_KEPT = ("Cache-Control", "Event-Position", "Idempotent-Replayed")


def reader_of(request: Request) -> Reader:
    """Who looks."""
    return Reader(caller_of(request).actor)


def own(asked: Envelope, ledger: Ledger) -> Envelope:
    """The command under a key that is the person's own, whatever client they use for it.

    Another person with the same key looks for themselves. And the fingerprint is made under the index key: the plain
    hash of a body with a phone number in it gives the number away to whoever tries all of them.
    """
    keyed = ledger.blind("fingerprint", asked.fingerprint.hex(), tenant=asked.caller.tenant)
    return replace(asked, key=f"{asked.caller.subject}/{asked.key}", fingerprint=keyed)


async def look(
    desk: Desk,
    asked: Envelope,
    *,
    stream: str,
    decide: Callable[[], Awaitable[Look]],
    show: Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]],
) -> Response:
    """Put the look on record, then answer with what `show` makes of its references.

    Raises what these raise, and LookOver where a look of the past is asked for again.
    """

    async def decided() -> Decided:
        taken = await decide()
        refs = {
            "id": str(ids.event_id(asked.command_id(desk.ledger), 0)),
            "until": instant(taken.until),
            "parties": list(taken.parties),
            "former": list(taken.former),
            "more": taken.more,
        }
        return Decided(writes=taken.writes, policy=taken.policy, refs=refs)

    async with desk.privacy.turn(stream):
        recorded = await asked.carry_out(desk.ledger, stream=stream, decide=decided)
    if recorded.status_code != 201:
        return recorded
    refs: dict[str, Any] = json.loads(bytes(recorded.body))
    if desk.clock.now() >= datetime.fromisoformat(refs["until"]):
        raise LookOver
    said = await show(refs)
    headers = {name: recorded.headers[name] for name in _KEPT if name in recorded.headers}
    answer = {"id": refs["id"], **said, "until": refs["until"], "events": refs["events"]}
    return JSONResponse(answer, status_code=201, headers=headers)
