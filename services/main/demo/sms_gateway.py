"""An SMS gateway that sends nothing to anybody: it speaks the protocol of docs/how-to/connect-an-sms-gateway.md.

For demos (in their own process) and tests (`python -m services.main.demo.sms_gateway`, a process of its own). It
checks signatures as a real one must, takes each key once, tells what became of a message, and misbehaves on request:
`/_test/…` says how. On the loopback only.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.main.demo.gateway_desk import TAKES, Behaviour, GatewayDesk
from services.main.offset_clock import OffsetClock
from shared.http import signed_callbacks, signed_requests
from shared.http.signing_keys import checking_key, signing_key
from shared.kernel.clock import Clock, SystemClock

HOST = "127.0.0.1"
TELL_TRIES = 6
TELL_FIRST_S = 0.05
TELL_DEADLINE_S = 5.0
HUGE_BYTES = 4_000_000
PATHS = {
    "message.reported": "/v1/delivery-receipts/sms-gateway",
    "message.received": "/v1/inbound-messages/sms-gateway",
}
_REFUSALS: dict[str, tuple[int, str]] = {
    "REFUSE_ADDRESS": (422, "ADDRESS_UNKNOWN"), "REFUSE_REQUEST": (400, "MALFORMED"), "REFUSE_KEY": (401, "SIGNATURE"),
    "UNPAID": (402, "NO_CREDIT"), "NOT_HERE": (404, ""), "IN_PROGRESS": (409, "IN_PROGRESS"),
    "TOO_LARGE": (413, "TOO_LARGE"), "THROTTLE": (429, "THROTTLED"), "FAIL_BEFORE": (503, "UNAVAILABLE"),
    "FAIL_AFTER": (500, "INTERNAL"),
}  # fmt: skip


class _Breakable(H11Protocol):
    """A connection that the application can break in the middle of a request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class SmsGateway:
    """The gateway: signs callbacks with `signs`, checks requests with `checks`, and tells `callback` what it knows.

    `callback`: the address of the contact service; reports go to `/v1/delivery-receipts/sms-gateway` there, and what
    people answer to `/v1/inbound-messages/sms-gateway`. `at_once`: each message is reported delivered by itself.
    """

    def __init__(
        self,
        *,
        signs: str,
        checks: str,
        clock: Clock,
        callback: str | None = None,
        at_once: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.desk = GatewayDesk()
        self.callback, self.at_once, self.transport = callback, at_once, transport
        self.address = ""
        self._signs, self._checks, self._clock = signing_key(signs), checking_key(checks), clock
        self._telling: set[asyncio.Task[Any]] = set()
        self._ends = asyncio.Event()
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    # What a test or a demo does with it

    def report(
        self, key: str, kind: str = "DELIVERED", *, cause: str | None = None, lost: bool = False
    ) -> str:
        """Say what became of a message; told by `tell`. Raises KeyError."""
        return self.desk.report(key, kind, at=self._clock.now(), cause=cause, lost=lost)

    def answer(self, sender: str, text: str) -> str:
        """Somebody writes back; told by `tell`."""
        return self.desk.answer(sender, text, at=self._clock.now())

    async def tell(self, *, times: int = 1, reverse: bool = False, lose: int = 0) -> list[int]:
        """Tell `callback` everything that waits: the statuses it answered, 0 where it could not be reached."""
        told = self.desk.to_tell(times=times, reverse=reverse, lose=lose)
        if self.callback is None:
            return []
        async with httpx.AsyncClient(
            timeout=TELL_DEADLINE_S, trust_env=False, transport=self.transport
        ) as http:
            return [await self._tell(http, one) for one in told]

    async def _tell(self, http: httpx.AsyncClient, one: dict[str, Any]) -> int:
        """Once more, and later, until it is heard (Standard Webhooks 1.0 repeats under the same id)."""
        body = json.dumps(one | {"timestamp": self._clock.now().isoformat()}).encode()
        status, pause = 0, TELL_FIRST_S
        address = f"{self.callback}{PATHS[one['type']]}"
        callback_id = one["data"].get("report") or one["data"]["message"]
        for _ in range(TELL_TRIES):
            signed = signed_callbacks.signed(callback_id, body, self._signs, now=self._clock.now())
            headers = {"Content-Type": "application/json", **signed}
            try:
                status = (await http.post(address, content=body, headers=headers)).status_code
            except httpx.HTTPError:
                status = 0
            if 200 <= status < 300 or self._ends.is_set():
                break
            await asyncio.sleep(pause)
            pause *= 2
        return status

    # What it is asked over HTTP

    async def _send(self, request: Request) -> Response:
        body = await request.body()
        if not self._signed(request, body, "content-digest", "idempotency-key"):
            return JSONResponse({"code": "SIGNATURE"}, status_code=401)
        try:
            said = json.loads(body)
            self.desk.posts.append(said["key"])
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"code": "MALFORMED"}, status_code=400)
        does = self.desk.next_on("send")
        answer: dict[str, Any] = {}
        if does.do in TAKES:
            held, new = self.desk.take(said, at=self._clock.now())
            answer = held.told()
            if new and self.at_once:
                self.report(held.key)
                task = asyncio.create_task(self.tell())
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)
        return await self._answered(request, does, JSONResponse(answer, status_code=202))

    async def _find(self, request: Request) -> Response:
        if not self._signed(request, b""):
            return JSONResponse({"code": "SIGNATURE"}, status_code=401)
        self.desk.finds.append(request.path_params["key"])
        held = self.desk.of(request.path_params["key"])
        found = JSONResponse(held.told()) if held else JSONResponse({"code": "NEVER_SEEN"}, status_code=404)
        return await self._answered(request, self.desk.next_on("find"), found)

    async def _answered(self, request: Request, does: Behaviour, answer: Response) -> Response:
        if does.do in _REFUSALS:
            status, code = _REFUSALS[does.do]
            wait = {"Retry-After": str(does.retry_after)} if does.do == "THROTTLE" else {}
            return JSONResponse({"code": code} if code else {}, status_code=status, headers=wait)
        match does.do:
            case "HANG_BEFORE" | "HANG_AFTER":
                await self._ends.wait()
            case "BREAK_BEFORE" | "BREAK_AFTER":
                request.state.transport.abort()
            case "GARBAGE":
                return Response(b"<html>accepted", status_code=202, media_type="text/html")
            case "HUGE":
                return Response(b'"' + b"x" * HUGE_BYTES + b'"', status_code=202)
            case "REDIRECT":
                return Response(status_code=307, headers={"Location": f"{self.address}/_elsewhere"})
            case "DRIP":
                return StreamingResponse(self._dripping(bytes(answer.body)), status_code=202)
        return answer

    async def _dripping(self, body: bytes) -> AsyncIterator[bytes]:
        """A byte now and then, for as long as somebody waits."""
        yield body[:1]
        while not self._ends.is_set():
            await asyncio.sleep(0.05)
            yield b" "

    def _signed(self, request: Request, body: bytes, *headers: str) -> bool:
        said = {name.lower(): value for name, value in request.headers.items()}
        asked = signed_requests.Outgoing(request.method, str(request.url), said)
        return signed_requests.verified(
            asked, self._checks, now=self._clock.now(), headers=headers, body=body
        )

    # What a test asks from another process

    async def _test(self, request: Request) -> Response:
        try:
            return await self._told(request.path_params["what"], json.loads(await request.body() or b"{}"))
        except (TypeError, ValueError, KeyError):
            return JSONResponse({"code": "MALFORMED"}, status_code=400)

    async def _told(self, what: str, said: dict[str, Any]) -> Response:
        match what:
            case "messages":
                return JSONResponse([one.shown() for one in self.desk.messages])
            case "posts":
                return JSONResponse(self.desk.posts)
            case "behave":
                self.desk.behave(Behaviour(**said))
            case "report":
                return JSONResponse(self.report(**said))
            case "answer":
                return JSONResponse(self.answer(**said))
            case "tell":
                return JSONResponse(await self.tell(**said))
            case "settings":
                self.callback = said.get("callback", self.callback)
                self.at_once = said.get("at_once", self.at_once)
                self.desk.keeps_keys = said.get("keeps_keys", self.desk.keeps_keys)
            case _:
                return Response(status_code=404)
        return JSONResponse({})

    @property
    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Route("/messages", self._send, methods=["POST"]),
                Route("/messages/{key}", self._find, methods=["GET"]),
                Route("/_test/{what}", self._test, methods=["GET", "POST"]),
            ]
        )

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["SmsGateway"]:
        """The gateway, taking requests on the loopback at `address`."""
        config = uvicorn.Config(
            self.app, host=HOST, port=port, http=_Breakable, access_log=False, log_config=None, lifespan="off",
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = self._server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve())
        self._serving = task
        try:
            while not server.started and not task.done():  # noqa: ASYNC110 (uvicorn tells it by a flag alone)
                await asyncio.sleep(0.01)
            self.address = f"http://{HOST}:{server.servers[0].sockets[0].getsockname()[1]}"
            yield self
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Listen no more, and end what is open."""
        self._ends.set()
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await asyncio.gather(self._serving, *self._telling, return_exceptions=True)


async def _run(arguments: argparse.Namespace) -> None:
    clock = OffsetClock(arguments.clock) if arguments.clock else SystemClock()
    try:
        keys = json.loads(sys.stdin.readline())
        gateway = SmsGateway(signs=keys["signs"], checks=keys["checks"], clock=clock)
    except (ValueError, KeyError, TypeError):
        sys.exit('one line on standard input: {"signs": "whsec_…", "checks": "whsec_…"}')
    ends = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, ends.set)
    async with gateway.running(arguments.port):
        print(json.dumps({"address": gateway.address}), flush=True)
        await ends.wait()


def main() -> None:
    """Serve until SIGTERM; the keys come as one line of JSON on standard input, so that no process list shows them."""
    reads = argparse.ArgumentParser(description=main.__doc__)
    reads.add_argument("--port", type=int, default=0)
    reads.add_argument("--clock", type=Path, help="the file of a test clock")
    asyncio.run(_run(reads.parse_args()))


if __name__ == "__main__":
    main()
