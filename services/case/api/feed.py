"""The case service's feed: every event in order, as CloudEvents, with a long poll at the end of it."""

import asyncio
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from services.case.api.desk import Office
from shared.eventstore.port import Row
from shared.http.answers import documented
from shared.http.problems import Problem
from shared.http.traffic import LONG_POLL
from shared.messaging import feed
from shared.messaging.feed import Cursor, Feed, Page
from shared.telemetry.metrics import Metrics

MEDIA_TYPE = "application/cloudevents-batch+json"
PATH = "/v1/feeds/case/events"
LIMIT_DEFAULT, LIMIT_MAX = 100, 1_000
WAIT_MAX_S = 60
TYPES_CHARS_MAX = 500


def _wanted(types: str | None) -> Any:
    """A test for the stored type names that a comma-separated list of patterns admits; None admits all."""
    if types is None:
        return None
    named = [pattern.strip() for pattern in types.split(",")]
    if len(types) > TYPES_CHARS_MAX or not all(named):
        raise Problem(
            "invalid", errors=[("types", "NOT_A_LIST_OF_PATTERNS")], context={"allowed": ["case.Stage*"]}
        )
    patterns = [name if "." in name else f"*.{name}" for name in named]

    def admits(row: Row) -> bool:
        return any(fnmatchcase(row.type, pattern) for pattern in patterns)

    return admits


async def _read(
    office: Office, source: Feed, *, after: str | None, shard: int | None, limit: int, wait: int, wanted: Any
) -> tuple[Page, Cursor]:
    """A page that holds something, or what there is after `wait` seconds; with the heads."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + wait
    lanes = await source.lanes(shard=shard)
    if not lanes:
        raise Problem("invalid", errors=[("shard", "NO_SUCH_SHARD")])
    try:
        at = feed.parse(after, lanes)
    except feed.CursorUnusable:
        raise Problem("bad-cursor") from None
    while True:
        page = await source.page(lanes, after=at, limit=limit, wanted=wanted)
        left = ends - loop.time()
        behind = any(done < lane.head for done, lane in zip(page.reached, lanes, strict=True))
        if page.events or left <= 0 or office.closing.is_set():
            return page, feed.heads(lanes)
        at = page.reached
        if not behind:
            await source.moved(lanes, after=at, timeout=left, closing=office.closing)
        lanes = await source.lanes(shard=shard)


def _headers(page: Page, heads: Cursor, kept: Sequence[tuple[str, str | int | None]]) -> dict[str, str]:
    reached = feed.text_of(page.reached)
    query = urlencode([("after", reached), *((name, value) for name, value in kept if value is not None)])
    return {
        "Feed-Head": feed.text_of(heads),
        "Feed-Final": reached,
        "Link": f'<{PATH}?{query}>; rel="next"',
        "Cache-Control": "no-store",
    }


def router(office: Office, metrics: Metrics) -> APIRouter:
    """The routes under /v1/feeds."""
    routes = APIRouter(prefix="/v1/feeds", tags=["feed"])

    @routes.get("", summary="The feeds that are served")
    async def list_feeds() -> dict[str, Any]:
        lanes = await Feed(office.open_desk.ledger, office.open_desk.tenant).lanes()
        heads = feed.text_of(feed.heads(lanes))
        return {"items": [{"feed": "case", "href": PATH, "head": heads, "shards": len(lanes)}]}

    @routes.get(
        "/case/events",
        summary="Events of the case service in order",
        response_class=JSONResponse,
        responses=documented("bad-cursor", "invalid"),
    )
    async def read_feed(
        request: Request,
        after: Annotated[
            str | None, Query(description="`feedposition` of the last event you have, or `Feed-Final`.")
        ] = None,
        limit: Annotated[
            int | None, Query(ge=1, description="Events a page; 100 unless given, at most 1000.")
        ] = None,
        wait: Annotated[
            int, Query(ge=0, description="Seconds to wait at the head for an event, at most 60.")
        ] = 0,
        types: Annotated[
            str | None,
            Query(description="Patterns of stored types, by commas: `case.CaseOpened,Stage*`."),
        ] = None,
        shard: Annotated[
            int | None, Query(ge=0, le=255, description="Only this shard of the tenant.")
        ] = None,
    ) -> JSONResponse:
        source = Feed(office.open_desk.ledger, office.open_desk.tenant)
        size, seconds = min(limit or LIMIT_DEFAULT, LIMIT_MAX), min(wait, WAIT_MAX_S)
        setattr(request.state, LONG_POLL, seconds > 0)
        metrics.long_polls.inc(seconds > 0)
        try:
            page, heads = await _read(
                office, source, after=after, shard=shard, limit=size, wait=seconds, wanted=_wanted(types)
            )
        finally:
            metrics.long_polls.dec(seconds > 0)
        kept = (("limit", limit), ("wait", wait or None), ("types", types), ("shard", shard))
        return JSONResponse(
            source.published(page), media_type=MEDIA_TYPE, headers=_headers(page, heads, kept)
        )

    return routes
