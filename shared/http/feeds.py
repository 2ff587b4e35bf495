"""The feeds of the services of a process: every event in order, as CloudEvents, with a long poll at the end of it."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from shared.http import sse
from shared.http.office import OpenOffice
from shared.http.operations import caller_of, reading, routes
from shared.http.problems import Problem
from shared.http.traffic import LONG_POLL
from shared.messaging import feed
from shared.messaging.feed import Cursor, Feed, Page, Wanted
from shared.telemetry.metrics import Metrics

MEDIA_TYPE = "application/cloudevents-batch+json"
LIMIT_DEFAULT, LIMIT_MAX = 100, 1_000
WAIT_MAX_S = 60
TYPES_CHARS_MAX = 4_000
Office = OpenOffice[Any]

After = Annotated[
    str | None, Query(description="`feedposition` of the last event you have, or `Feed-Final`.")
]
Limit = Annotated[int | None, Query(ge=1, description="Events a page; 100 unless given, at most 1000.")]
Wait = Annotated[int, Query(ge=0, description="Seconds to wait at the head for an event, at most 60.")]
Types = Annotated[
    str | None,
    Query(description="Patterns of stored types, by commas: `case.CaseOpened,case.Stage*`."),
]
Shard = Annotated[int | None, Query(ge=0, le=255, description="Only this shard of the tenant.")]
_EXAMPLE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "6f1c0d1e-0000-8000-8000-000000000002",
    "type": "quittance.case.StageEntered.v1",
    "source": "/case",
    "subject": "case-6f1c0d1e-0000-8000-8000-000000000001",
    "time": "2005-09-30T16:00:00.000000Z",
    "recordedtime": "2005-10-01T01:02:03.000000Z",
    "feedposition": "18236",
    "streamversion": 3,
    "correlationid": "6f1c0d1e-0000-8000-8000-000000000003",
    "datacontenttype": "application/json",
    "data": {"stage": "M2"},
}

_PATTERN = re.compile(r"[A-Za-z.*?]+")
"""What is asked for stands in the link to the next page: nothing gets there that could be anybody's number."""


class Batch(JSONResponse):
    """A page of the feed."""

    media_type = MEDIA_TYPE


def _wanted(types: str | None) -> Wanted | None:
    """A test for the stored type names that a comma-separated list of patterns admits; None admits all."""
    if types is None:
        return None
    named = [pattern.strip() for pattern in types.split(",")]
    if len(types) > TYPES_CHARS_MAX or not all(map(_PATTERN.fullmatch, named)):
        raise Problem(
            "invalid", errors=[("types", "NOT_A_LIST_OF_PATTERNS")], context={"allowed": ["case.Stage*"]}
        )
    return feed.of_types(named)


async def _read(
    office: Office,
    *,
    after: str | None,
    shard: int | None,
    limit: int,
    wait: float,
    wanted: Wanted | None,
) -> tuple[Page, Cursor]:
    """A page that holds something, or what there is after `wait` seconds; with the heads."""
    try:
        source: Feed = office.open_desk.feed
        return await source.poll(
            after=after, shard=shard, limit=limit, wait_s=wait, wanted=wanted, closing=office.closing
        )
    except feed.NoSuchShard:
        raise Problem("invalid", errors=[("shard", "NO_SUCH_SHARD")]) from None
    except feed.CursorUnusable:
        raise Problem("bad-cursor") from None


def path_of(service: str) -> str:
    """Where a service's feed is read."""
    return f"/v1/feeds/{service}/events"


def _headers(
    service: str, page: Page, heads: Cursor, kept: Sequence[tuple[str, str | int | None]]
) -> dict[str, str]:
    reached = feed.text_of(page.reached)
    query = urlencode([("after", reached), *((name, value) for name, value in kept if value is not None)])
    return {
        "Feed-Head": feed.text_of(heads),
        "Feed-Final": reached,
        "Link": f'<{path_of(service)}?{query}>; rel="next"',
        "Cache-Control": "no-store",
    }


async def _streamed(
    office: Office,
    metrics: Metrics,
    *,
    after: str,
    shard: int | None,
    wanted: Wanted | None,
    lasts_s: float,
) -> AsyncIterator[bytes]:
    """The events behind `after` as they come, a sign of life now and then, and a goodbye at the end.

    It ends when the process does, and after `lasts_s` seconds, when the caller's token has run out.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + lasts_s
    metrics.long_polls.inc()
    try:
        yield sse.retry()
        while not office.closing.is_set() and (left := ends - loop.time()) > 0:
            wait = min(sse.HEARTBEAT_S, left)
            page, _ = await _read(
                office, after=after, shard=shard, limit=LIMIT_DEFAULT, wait=wait, wanted=wanted
            )
            for event in office.open_desk.feed.published(page):
                yield sse.event(event, name=event["type"], id_=event["feedposition"])
            reached = feed.text_of(page.reached)
            if not page.events:
                # The id moves with the position although a filter let nothing through.
                yield sse.heartbeat(id_=reached if reached != after else None)
            after = reached
        yield sse.bye()
    finally:
        metrics.long_polls.dec()


def router(offices: Mapping[str, Office], metrics: Metrics) -> APIRouter:
    """The routes under /v1/feeds, for the services served here, by name."""
    found = routes("/v1/feeds", tag="feed")
    listed = {
        "items": [
            {"feed": service, "href": path_of(service), "head": "18236", "shards": 1} for service in offices
        ]
    }

    @found.get("", **reading("listFeeds", "The feeds that are served", scope="feed:read", example=listed))
    async def list_feeds() -> dict[str, Any]:
        return {"items": [await _described(service, office) for service, office in offices.items()]}

    for service, office in offices.items():
        _add(found, service, office, metrics)
    return found


async def _described(service: str, office: Office) -> dict[str, Any]:
    lanes = await office.open_desk.feed.lanes()
    heads = feed.text_of(feed.heads(lanes))
    return {"feed": service, "href": path_of(service), "head": heads, "shards": len(lanes)}


def _add(found: APIRouter, service: str, office: Office, metrics: Metrics) -> None:
    """The feed of one service."""

    @found.get(f"/{service}/events", **_read_operation(service), response_class=Batch)
    async def read_feed(
        request: Request,
        after: After = None,
        limit: Limit = None,
        wait: Wait = 0,
        types: Types = None,
        shard: Shard = None,
        accept: Annotated[str | None, Header(include_in_schema=False)] = None,
        last_event_id: Annotated[
            str | None, Header(description="As `after`, from a client that takes up a stream again.")
        ] = None,
    ) -> Response:
        wanted, begins = _wanted(types), last_event_id if last_event_id is not None else after
        if sse.asked_for(accept):
            # What is wrong with the cursor or the shard is said before the stream begins.
            page, _ = await _read(office, after=begins, shard=shard, limit=1, wait=0, wanted=wanted)
            setattr(request.state, LONG_POLL, True)
            lasts_s = caller_of(request).expires_at - office.open_desk.ledger.clock.now().timestamp()
            begins = begins or feed.text_of((0,) * len(page.reached))
            stream = _streamed(office, metrics, after=begins, shard=shard, wanted=wanted, lasts_s=lasts_s)
            return StreamingResponse(stream, media_type=sse.MEDIA_TYPE, headers={"Cache-Control": "no-store"})
        size, seconds = min(limit or LIMIT_DEFAULT, LIMIT_MAX), min(wait, WAIT_MAX_S)
        setattr(request.state, LONG_POLL, seconds > 0)
        metrics.long_polls.inc(seconds > 0)
        try:
            page, heads = await _read(
                office, after=begins, shard=shard, limit=size, wait=seconds, wanted=wanted
            )
        finally:
            metrics.long_polls.dec(seconds > 0)
        kept = (("limit", limit and size), ("wait", seconds or None), ("types", types), ("shard", shard))
        return Batch(office.open_desk.feed.published(page), headers=_headers(service, page, heads, kept))


def _read_operation(service: str) -> dict[str, Any]:
    told = reading(
        f"read{service.capitalize()}Events",
        f"Events of the {service} service in order; a stream of them with `Accept: text/event-stream`",
        scope="feed:read",
        problems=("bad-cursor",),
    )
    told["responses"][200] = {
        "description": "Events behind `after`; empty at the head. `Feed-Final` goes on behind what was looked at.",
        "content": {
            MEDIA_TYPE: {"schema": {"type": "array", "items": {"type": "object"}}, "example": [_EXAMPLE]},
            sse.MEDIA_TYPE: {"schema": {"type": "string"}},
        },
    }
    return told
