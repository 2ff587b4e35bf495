"""A load generator in a process of its own: many kept-alive connections, every request made before the clock starts.

`load PORT`, with a JSON object on standard input: `connections`, and `requests`, each `[path, key, body]`, or
`[path]` for a GET; `token` goes with each. Prints one JSON object: how many a second, and how long they took.
"""

import asyncio
import json
import sys
import time
from collections import deque
from statistics import median, quantiles
from typing import Any

import uvloop

HOST = "127.0.0.1"
DEADLINE_S = 300
_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length: "


class Unexpected(Exception):
    """An answer that was not a success."""


class _Client(asyncio.Protocol):
    """One connection: sends the next request as soon as the last is answered."""

    def __init__(self, waiting: deque[bytes], took: list[float], done: "asyncio.Future[None]") -> None:
        self._waiting, self._took, self.done = waiting, took, done
        self._came, self._sent_at = b"", 0.0

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        request = self._waiting.popleft()
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of one."""
        self._came += data
        end = self._came.find(_END)
        if end < 0 or len(self._came) < end + len(_END) + length_of(self._came[:end]):
            return
        answer, self._came = self._came, b""
        if not answer.startswith(b"HTTP/1.1 20"):
            self._fail(Unexpected(answer[-1000:].decode(errors="replace")))
            return
        self._took.append(time.perf_counter() - self._sent_at)
        self._next()

    def connection_lost(self, problem: Exception | None) -> None:
        """The server went away."""
        self._fail(problem or Unexpected("the server closed the connection"))

    def _fail(self, problem: Exception) -> None:
        self._waiting.clear()
        if not self.done.done():
            self.done.set_exception(problem)


def length_of(head: bytes) -> int:
    """How long the body of an answer with this head is. Raises Unexpected where the head does not say."""
    at = head.lower().find(_LENGTH)
    if at < 0:
        raise Unexpected("an answer without a length")
    return int(head[at + len(_LENGTH) :].split(b"\r", 1)[0])


def request(token: str, path: str, key: str = "", body: str = "") -> bytes:
    """The bytes of a request: a GET where there is no body."""
    head = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: {HOST}", f"Authorization: Bearer {token}"]
    if body:
        head += [f"Idempotency-Key: {key}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", body]).encode()


async def _driven(port: int, asked: dict[str, Any]) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    waiting = deque(request(asked["token"], *one) for one in asked["requests"])
    took: list[float] = []
    clients = []
    started = time.perf_counter()
    for _ in range(asked["connections"]):
        done: asyncio.Future[None] = loop.create_future()
        client = _Client(waiting, took, done)
        await loop.create_connection(lambda one=client: one, HOST, port)  # type: ignore[misc]
        clients.append(client)
    await asyncio.wait_for(asyncio.gather(*(client.done for client in clients)), DEADLINE_S)
    seconds = time.perf_counter() - started
    if len(took) != len(asked["requests"]):
        raise Unexpected("a request was not answered")
    return {
        "rate": len(took) / seconds,
        "p50_ms": median(took) * 1000,
        "p99_ms": quantiles(took, n=100)[98] * 1000,
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_driven(int(sys.argv[1]), json.load(sys.stdin)))))
