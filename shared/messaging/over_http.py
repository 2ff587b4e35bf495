"""A feed over HTTP: the long poll of `/v1/feeds/{service}/events`, with a token, a deadline and a bound on its size."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx

from shared.messaging import feed
from shared.messaging.source import Batch, CursorLost, FeedFault, FeedGarbled, FeedRefused, FeedUnavailable
from shared.messaging.told import Cursor, Garbled, cursor_of, told

DEADLINE_S = 8.0
"""How long an answer may take beyond the time we asked to wait for an event; the reader's lease outlasts it."""
CONNECT_S = 5.0
BYTES_MAX = 16 << 20
WAIT_MAX_S = 300.0
CURSOR_LOST = "bad-cursor"
BUSY = frozenset({408, 425, 429, 502, 503, 504})
Token = Callable[[], str]
"""Gives the access token to send; asked before every request, so that a new one is used as soon as it is there."""


class FeedOverHttp:
    """The feed of the service at an address. `transport` stands in for the network in tests of faults."""

    def __init__(
        self,
        address: str,
        service: str,
        *,
        token: Token,
        transport: httpx.AsyncBaseTransport | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._path, self._token, self._deadline_s = f"/v1/feeds/{service}/events", token, deadline_s
        self._http = httpx.AsyncClient(
            base_url=address,
            timeout=httpx.Timeout(None, connect=CONNECT_S),
            transport=transport,
            trust_env=False,
            follow_redirects=False,
        )

    async def read(
        self,
        after: Cursor | None,
        *,
        types: tuple[str, ...],
        limit: int,
        wait_s: float,
        shard: int | None = None,
    ) -> Batch:
        """See FeedSource."""
        asked: dict[str, str | int] = {"limit": limit, "wait": int(wait_s), "types": ",".join(types)}
        if after is not None:
            asked["after"] = feed.text_of(after)
        if shard is not None:
            asked["shard"] = shard
        try:
            async with asyncio.timeout(wait_s + self._deadline_s):
                status, headers, body = await self._get(asked)
        except TimeoutError:
            raise FeedUnavailable("no answer in time") from None
        except httpx.HTTPError as problem:
            raise FeedUnavailable(type(problem).__name__) from problem
        if status != httpx.codes.OK:
            raise _refusal(status, headers, body)
        return _batch(headers, body, after)

    async def _get(self, asked: dict[str, str | int]) -> tuple[int, httpx.Headers, bytes]:
        headers = {"Authorization": f"Bearer {self._token()}"}
        async with self._http.stream("GET", self._path, params=asked, headers=headers) as answer:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > BYTES_MAX:
                    raise FeedGarbled("more than a page may hold")
            return answer.status_code, answer.headers, bytes(body)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


def _refusal(status: int, headers: httpx.Headers, body: bytes) -> FeedFault:
    """What an answer other than a page means for who reads."""
    if _code(body) == CURSOR_LOST:
        return CursorLost("the cursor is not one of this feed")
    if status in BUSY or status >= 500:
        return FeedUnavailable(f"answered {status}", wait_s=_seconds(headers.get("Retry-After")))
    return FeedRefused(f"answered {status}")


def _code(body: bytes) -> str | None:
    try:
        said: Any = json.loads(body)
    except ValueError:
        return None
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, str) else None


def _seconds(text: str | None) -> float | None:
    """A `Retry-After` in seconds; a date, or anything else, is not followed."""
    return min(float(text), WAIT_MAX_S) if text and text.isascii() and text.isdigit() else None


def _batch(headers: httpx.Headers, body: bytes, after: Cursor | None) -> Batch:
    """The page; no event of it may lie before where we asked, nor out of order within a lane. Raises FeedGarbled."""
    try:
        said: Any = json.loads(body)
        if not isinstance(said, list):
            raise Garbled("a page is a list")
        reached, head = cursor_of(headers.get("Feed-Final")), cursor_of(headers.get("Feed-Head"))
        batch = Batch(tuple(map(told, said)), reached, head)
    except ValueError as problem:  # Garbled is one
        raise FeedGarbled(str(problem) if isinstance(problem, Garbled) else "not JSON") from None
    at = (0,) * len(reached) if after is None else after
    for cursor in (*(event.cursor for event in batch.events), reached):
        if len(cursor) != len(at) or any(now < before for now, before in zip(cursor, at, strict=True)):
            raise FeedGarbled("the cursor went back")
        at = cursor
    return batch
