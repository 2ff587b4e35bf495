"""What happens to every request: an id of ours, an access log line without values, a count, and no 500 without both.

A plain ASGI wrapper: it sees what the framework cannot (unmatched paths, broken handlers) and costs microseconds.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel import ids
from shared.telemetry.logs import logger
from shared.telemetry.metrics import Metrics

REQUEST_ID = "request_id"
LONG_POLL = "long_poll"
UNMATCHED = "unmatched"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked every few seconds by machines: logged only when they fail."""


def request_id_of(scope: Scope) -> str:
    """The id this request was given; it is in the answer's `Request-Id` header and in the log."""
    state: dict[str, Any] = scope.get("state", {})
    return str(state.get(REQUEST_ID, ""))


def route_of(scope: Scope) -> str:
    """The template of the matched route: never the path, which holds ids."""
    return getattr(scope.get("route"), "path", None) or UNMATCHED


def host_of(scope: Scope) -> str:
    """The name the caller knows us by, without the port."""
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1")).rpartition(":")[0] or str(value.decode("latin-1"))
    return ""


Answer = Callable[[Scope, Receive, Send], Awaitable[None]]


class Traffic:
    """Wraps an application.

    `answer_failure` sends the problem for an exception that nothing else answered. `hosts`: the names we answer
    under (None: any); under another name a page of a stranger, whose own name was made to point here, could read us.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        answer_failure: Answer,
        answer_misdirected: Answer,
        hosts: frozenset[str] | None = None,
    ) -> None:
        self._app, self._metrics, self._answer_failure = app, metrics, answer_failure
        self._answer_misdirected, self._hosts = answer_misdirected, hosts
        self._log = logger("http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (anything but HTTP passes untouched)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = f"req_{ids.new_token()}"
        scope["state"] = {**scope.get("state", {}), REQUEST_ID: request_id}
        method = scope["method"] if scope["method"] in METHODS else "other"
        if method == "HEAD":  # answered as GET; the server, which keeps its own scope, leaves the body out
            scope = {**scope, "method": "GET"}
        began, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"request-id", request_id.encode())]
            await send(message)

        try:
            if self._hosts is not None and host_of(scope) not in self._hosts:
                await self._answer_misdirected(scope, receive, noted)
            else:
                await self._app(scope, receive, noted)
        except Exception as fault:
            self._log.error(
                "failed", request_id=request_id, route=route_of(scope), error=type(fault).__name__
            )
            if status:
                raise
            await self._answer_failure(scope, receive, noted)
        finally:
            self._note(scope, method, request_id, status, time.perf_counter() - began)

    def _note(self, scope: Scope, method: str, request_id: str, status: int, seconds: float) -> None:
        route = route_of(scope)
        waited = scope["state"].get(LONG_POLL, False)
        self._metrics.answered(method=method, route=route, status=status, seconds=None if waited else seconds)
        if route not in QUIET or status >= 400:
            self._log.info(
                "answered",
                request_id=request_id,
                method=method,
                route=route,
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )
